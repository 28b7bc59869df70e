"""Which cut-offs should be used? The consequences of each, how sure they are, and whom they miss."""

from __future__ import annotations

from triage.errors import TuningError
from triage.tuning.tune import Asked, Tuning, tune
from triage.tuning.unseen import Asserted, Scores, scores_of

__all__ = ["Asked", "Asserted", "Scores", "Tuning", "TuningError", "scores_of", "tune"]
