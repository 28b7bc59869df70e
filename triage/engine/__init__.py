"""The engine: answers in, an explained score and a proposed band out."""

from triage.engine.columns import STATUSES, Columns
from triage.engine.engine import Engine, load
from triage.engine.parts import Versions
from triage.engine.reasons import Reason
from triage.engine.score import Score

__all__ = ["STATUSES", "Columns", "Engine", "Reason", "Score", "Versions", "load"]
