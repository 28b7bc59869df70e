"""How good is a model, for whom, and beside what? Every figure with its interval."""

from __future__ import annotations

from triage.errors import EvaluationError
from triage.evaluation.evaluate import Evaluation, evaluate
from triage.evaluation.judge import judge
from triage.evaluation.settings import Settings

__all__ = ["Evaluation", "EvaluationError", "Settings", "evaluate", "judge"]
