"""Which rows cannot be used, why, and are they so many that the rest must not be used either?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from triage.engine.answers import OBJECTS
from triage.errors import OutcomesError
from triage.faults import Fault
from triage.features import Features
from triage.outcomes.answers import objecting
from triage.outcomes.cells import Field
from triage.outcomes.kinds import OutcomeKinds
from triage.outcomes.layout import REQUIRED
from triage.outcomes.problems import Remark, Unusable, counted, reasons
from triage.outcomes.raw import Raw

#: Where more than this share of the rows cannot be used, those left may not stand for the people of the file.
MOST_UNUSABLE = 0.2
#: The columns without which a row cannot be used.
_NEEDED = (*REQUIRED, "weight", "date")
_OBJECTS = "the client objects to being scored, so the row is not used."


def find_unusable(raw: Raw, fields: Mapping[str, Field], kinds: OutcomeKinds, features: Features) -> list[Unusable]:
    """The rows that cannot be used, with all that is wrong with each, in the order of the file."""
    faults: dict[int, list[Fault]] = {}
    for name in _NEEDED:
        if name in fields:
            for place, fault in fields[name].faults(raw.numbers):
                faults.setdefault(place, []).append(fault)
    for place, column, what, hint in (*_empty(fields, kinds), *_objections(raw, features)):
        faults.setdefault(place, []).append(Fault(f"row {raw.numbers[place]}, column '{column}'", what, hint))
    clients = raw.texts["client"]
    return [Unusable(int(raw.numbers[place]), clients[place] or "", tuple(faults[place])) for place in sorted(faults)]


def _empty(fields: Mapping[str, Field], kinds: OutcomeKinds) -> Iterator[tuple[int, str, str, str]]:
    """Cells that must not be empty and are."""
    outcome = fields["outcome"]
    never = [name for name, kind in kinds.by_id.items() if kind.without_weeks]
    excused = np.isin(outcome.taken("", object).astype(str), never)
    allowed = f"Only {', '.join(never)} may have none." if never else ""
    hints = {
        "client": "Give each person an id.",
        "outcome": "Write lost_contact where nothing is known." if "lost_contact" in never else "Write what is known.",
        "weeks": allowed,
        "weight": "Give every row a weight, or leave the column out.",
    }
    for name, hint in hints.items():
        if name in fields:
            empty = fields[name].empty & ~(excused if name == "weeks" else np.False_)
            yield from ((place, name, "this is empty.", hint) for place in np.flatnonzero(empty).tolist())


def _objections(raw: Raw, features: Features) -> Iterator[tuple[int, str, str, str]]:
    if raw.objects is None:
        return
    objects, unread = objecting(raw.objects, features)
    yield from ((place, OBJECTS, _OBJECTS, "") for place in np.flatnonzero(objects).tolist())
    hint = "Write yes or no."
    yield from ((place, OBJECTS, "this is neither yes nor no.", hint) for place in np.flatnonzero(unread).tolist())


def refuse_most(unusable: Sequence[Unusable], rows: int, file: str) -> None:
    """Raise an `OutcomesError` where too many rows cannot be used; people who object are not counted against a file."""
    if not rows:
        raise OutcomesError(f"{file} has headings and no rows below them. Check that the right file was chosen.")
    wrong = [item for item in unusable if any(fault.what != _OBJECTS for fault in item.faults)]
    if len(wrong) > MOST_UNUSABLE * rows:
        raise OutcomesError(
            f"{file}: {len(wrong):,} of {counted(rows, 'row')} cannot be used, more than a fifth. The rest may not "
            "stand for the people of the file. Correct it and try again.",
            reasons(unusable),
            unusable,
        )
    if len(unusable) == rows:
        raise OutcomesError(f"{file}: no row can be used.", reasons(unusable), unusable)


def left_out(unusable: Sequence[Unusable]) -> list[Remark]:
    """One remark for the rows that are left out, by reason."""
    if not unusable:
        return []
    # This stands in the card of a model, so it names no rows: one of them may be of somebody who objects.
    found = " ".join(str(fault) for fault in reasons(unusable, named=False))
    text = f"{counted(len(unusable), 'row')} cannot be used. {found}"
    return [Remark("unusable_rows", "warn", text, {"rows": len(unusable)})]
