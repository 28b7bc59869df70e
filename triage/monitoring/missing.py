"""Which questions stay unanswered, why, and in which offices? Small counts are hidden, and what would tell of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.casework.figures_tables import LEAST
from triage.casework.suppression import TOTAL, hidden, hidden_parts
from triage.engine import Engine
from triage.engine.encode_columns import ANSWERED, DECLINED, EARLY, NOT_ASKED
from triage.monitoring.reading import Records

Flags = NDArray[np.bool_]
#: How a question can stand for somebody whom it can be asked; "too early" is told beside it.
KINDS = {ANSWERED: "answered", DECLINED: "declined", NOT_ASKED: "not_asked"}
_OTHERS = "Other offices together"


def missing(engine: Engine, records: Records) -> dict[str, Any]:
    """How often each question is answered, declined, not asked, or asked too early, in all and by office.

    Each client counts once, by the last score. A count is None where it is hidden. Where so few people of an office
    could be asked, or could not, that the numbers would tell of them, offices are put together; and where that does
    not help, "too early" counts as not asked.
    """
    last = records.people.last
    states = records.people.states[last]
    offices = records.people.office[last]
    names = np.array([records.offices.get(str(office), str(office)) for office in offices], dtype=object)
    early = states == EARLY
    patterns = np.unique(early, axis=0, return_inverse=True)[1].ravel()
    groups = pooled(names, patterns)
    merged_early = groups is None
    if groups is None:
        states = np.where(early, NOT_ASKED, states)
        groups = pooled(names, np.zeros_like(patterns))
    if groups is None:
        return {"people": None, "offices": [], "early_counts_as_not_asked": merged_early, "questions": []}
    order = sorted(set(groups), key=lambda name: (name == _OTHERS, name))
    return {
        "people": len(states),
        "offices": [{"name": name, "people": int(np.count_nonzero(groups == name))} for name in order],
        "early_counts_as_not_asked": merged_early,
        "questions": [
            {"id": question.id, "name": question.label, **_question(states[:, place], groups, order)}
            for place, question in enumerate(engine.checklist.questions)
        ],
    }


def pooled(names: NDArray[np.object_], patterns: NDArray[np.intp]) -> NDArray[np.object_] | None:
    """[n] the office of each person, or the name of several put together; None where even all of them are too few.

    Args:
        names: [n] the office of each person.
        patterns: [n] into which of several parts each person falls. Afterwards no part of an office that is named holds
            fewer than `LEAST` people, but for nobody.
    """
    parts = np.unique(patterns, return_inverse=True)[1]
    size = int(parts.max()) + 1 if len(parts) else 1
    counts = {str(name): np.bincount(parts[names == name], minlength=size) for name in set(names.tolist())}
    alone = sorted((name for name, cells in counts.items() if _told(cells)), key=lambda name: int(counts[name].sum()))
    rest = [name for name in counts if name not in alone]
    while rest and not _told(sum((counts[name] for name in rest), np.zeros(size, dtype=np.intp))):
        if not alone:
            return None
        rest.append(alone.pop(0))
    if not counts:
        return None
    return np.array([_OTHERS if str(name) in rest else str(name) for name in names], dtype=object)


def _told(cells: NDArray[np.intp]) -> bool:
    return bool(cells.sum() >= LEAST and not np.any((cells > 0) & (cells < LEAST)))


def _question(states: NDArray[np.int8], groups: NDArray[np.object_], order: Sequence[str]) -> dict[str, Any]:
    """The counts of one question: of everybody, and of each office."""
    whole = {name: _counts(states[groups == name]) for name in order}
    table = {kind: {name: whole[name][kind] for name in order} for kind in KINDS.values()}
    asked = {name: sum(table[kind][name] for kind in table) for name in order}
    there = [name for name in order if asked[name]]
    all_of_it = {kind: sum(row.values()) for kind, row in table.items()}
    gaps = _gaps({kind: {name: row[name] for name in there} for kind, row in table.items()}, all_of_it)

    def told(kind: str, name: str, count: int) -> int | None:
        return None if (kind, name) in gaps else count

    early = {name: whole[name]["too_early"] for name in order}
    everybody = {kind: told(kind, TOTAL, count) for kind, count in all_of_it.items()}
    by_office = [
        {"office": name, **{kind: told(kind, name, table[kind][name]) for kind in table}, "too_early": early[name]}
        for name in order
    ]
    everybody["too_early"] = sum(early.values())
    return {"all": everybody, "by_office": by_office if len(order) > 1 else []}


def _counts(states: NDArray[np.int8]) -> dict[str, int]:
    found = {kind: int(np.count_nonzero(states == code)) for code, kind in KINDS.items()}
    return {**found, "too_early": int(np.count_nonzero(states == EARLY))}


def _gaps(table: Mapping[str, Mapping[str, int]], whole: Mapping[str, int]) -> frozenset[tuple[str, str]]:
    """The cells to hide, as (kind, office), or (kind, TOTAL) for everybody."""
    offices = list(next(iter(table.values())))
    if not offices:
        return frozenset()
    if len(offices) == 1:
        alone = hidden_parts(whole, LEAST, noughts=False)
        return frozenset((kind, name) for kind in alone for name in (TOTAL, offices[0]))
    return hidden(table, LEAST, columns_known=True, noughts=False)
