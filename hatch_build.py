"""How does the content get into the wheel? A build hook adds the content folders under triage/_content/.

Only a standard wheel carries copies. An editable install reads the folders in the checkout, and nothing is
ever written into the tree.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CONTENT = ("checklist", "features", "models")


class ContentHook(BuildHookInterface):
    """Adds checklist/, features/ and models/ to a standard wheel as triage/_content/."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Register each content folder; raise FileNotFoundError that names a folder which is not there."""
        if version != "standard":
            return
        for name in CONTENT:
            folder = Path(self.root) / name
            if not folder.is_dir():
                raise FileNotFoundError(f"The wheel needs the folder {name}/ beside pyproject.toml.")
            build_data["force_include"][str(folder)] = f"triage/_content/{name}"
