"""What are the columns of an output called, and in which order do they stand?"""

from __future__ import annotations

from collections.abc import Sequence

from triage.checklist import Checklist
from triage.features import fold
from triage.lists.safety import cleaned

SHEET = "sheet"
#: Reasons and strengths shown for each client.
SHOWN = 3
FIXED = (
    "row",
    "logit",
    "probability",
    "lower",
    "upper",
    "proposed_band",
    "decided_band",
    *(f"reason_{place + 1}" for place in range(SHOWN)),
    *(f"strength_{place + 1}" for place in range(SHOWN)),
    "unanswered",
    "status",
    "problem",
    "model",
    "checklist",
    "cutoffs",
    "date",
)
ANSWER = "answer_"
#: Tells whether an answer in the file was changed after it was written.
CHECK = "answers_check"
OVERRIDES = ("override_band", "override_reason", "override_by")
#: Kept apart with the answers that the checklist keeps apart: it says something about a person's life.
_CONTEXT_KEPT_APART = ("complex_needs",)


def answer_fields(checklist: Checklist, sensitive: bool) -> tuple[str, ...]:
    """Ids of the questions and fields whose answers are written, in the order of the checklist."""
    questions = [question.id for question in checklist.questions if sensitive or not question.kept_apart]
    context = [field.id for field in checklist.context if sensitive or field.id not in _CONTEXT_KEPT_APART]
    return (*questions, *context)


def carried_names(headings: Sequence[str]) -> tuple[str, ...]:
    """Names for the carried columns: each once, and none that an output has of its own."""
    taken: set[str] = {*FIXED, *OVERRIDES, SHEET, CHECK}
    found: list[str] = []
    for heading in map(cleaned, headings):
        name, place = heading, 2
        if name in taken or name.startswith(ANSWER):
            name = f"{heading} (list)"
        while name in taken:
            name, place = f"{heading} ({place})", place + 1
        taken.add(name)
        found.append(name)
    return tuple(found)


def same_heading(one: str, other: str) -> bool:
    """True where two sheets mean the same column."""
    return fold(one) == fold(other)
