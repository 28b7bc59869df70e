"""What happened to people whose answers are known? The data that a model learns from and is judged by."""

from __future__ import annotations

from triage.outcomes.kinds import OutcomeKinds, load_kinds
from triage.outcomes.label import BACK, COMPETING, OUT, Competing, Label, label_of, staying_known
from triage.outcomes.outcomes import Outcomes

__all__ = [
    "BACK",
    "COMPETING",
    "OUT",
    "Competing",
    "Label",
    "OutcomeKinds",
    "Outcomes",
    "label_of",
    "load_kinds",
    "staying_known",
]
