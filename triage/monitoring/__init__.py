"""How does the service do by now, and does anything call for somebody to look?"""

from __future__ import annotations

from triage.monitoring.monitor import Wanted, monitor

__all__ = ["Wanted", "monitor"]
