"""What does the result page show? Pure functions from a score to texts that templates print."""

from triage.web.result.changes import Changes, what_changed
from triage.web.result.shapes import ResultView
from triage.web.result.sheet import SheetView, sheet_of
from triage.web.result.stored import read_stored, score_again, view_of_stored
from triage.web.result.view import view_of

__all__ = [
    "Changes",
    "ResultView",
    "SheetView",
    "read_stored",
    "score_again",
    "sheet_of",
    "view_of",
    "view_of_stored",
    "what_changed",
]
