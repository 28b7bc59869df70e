"""Which model does the registry say is in force, and is it the one that was registered?"""

from triage.registry.opening import is_address, open_bundle, pinned

__all__ = ["is_address", "open_bundle", "pinned"]
