"""By which groups can it be told whom the score misses, and of which was nothing collected beside the outcomes?"""

from __future__ import annotations

from typing import Any

from triage.features import Features
from triage.monitoring.rules import Rules
from triage.outcomes import Outcomes

#: Said where a wanted group was not collected.
NOT_COLLECTED = (
    "Not collected beside the outcomes, so whether the people missed are more often of one of these groups cannot be"
    " told. What clients answer on the equality page is kept apart and only counted: it is never linked to a score. To"
    " tell, an outcomes file needs a column of its own, for instance '{column}'."
)


def collected(features: Features, outcomes: Outcomes | None, rules: Rules) -> list[dict[str, Any]]:
    """For each wanted group where it comes from: "checklist", "file", or "" for not collected."""
    columns = {name for name, cells in (outcomes.groups if outcomes else {}).items() if any(str(c) for c in cells)}
    asked = [question for question in features.checklist.questions if features.inputs_of[question.id]]
    found = []
    for group in rules.groups:
        questions = [question for question in asked if question.protected == group.id or question.id in group.columns]
        theirs = sorted(columns & set(group.columns))
        where = "file" if theirs else "checklist" if questions else ""
        named = [*(f"group_{name}" for name in theirs), *(question.id for question in questions)]
        found.append({"id": group.id, "name": group.name, "from": where, "dimensions": named})
    return found
