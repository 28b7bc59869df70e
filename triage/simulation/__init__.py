"""What would outcomes look like if the evidence were true? Simulated people, and called so."""

from __future__ import annotations

from triage.simulation.cohort import Cohort, simulate
from triage.simulation.settings import Settings
from triage.simulation.support import EnginePolicy, Policy, Support
from triage.simulation.world import World

__all__ = ["Cohort", "EnginePolicy", "Policy", "Settings", "Support", "World", "simulate"]
