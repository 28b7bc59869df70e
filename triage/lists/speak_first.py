"""Whom should an adviser speak to first, and what should be asked?

First people with too few answers to say anything, then those whose range reaches across a cut-off, then tied groups
at the edge of the places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.engine import STATUSES, Engine
from triage.lists.lines import Lines
from triage.lists.own import SEPARATOR
from triage.lists.results import CROSSES, EDGE

_NOT_ENOUGH = STATUSES.index("not_enough_answers")
WHY = ("not enough answers", "the range reaches across a cut-off", "tied at the edge of the places")
ASKED = 3


@dataclass(frozen=True)
class Line:
    """One person: the carried cells, the row, why, up to three questions, and what there is to know."""

    carried: tuple[Any, ...]
    row: int
    why: str
    ask: tuple[str, ...]
    know: str


@dataclass
class SpeakFirst:
    """Collects the people to speak to first, chunk by chunk."""

    engine: Engine
    carried: Sequence[str]
    sensitive: bool
    groups: tuple[list[Line], list[Line], list[Line]] = field(default_factory=lambda: ([], [], []))
    _known: dict[tuple[int, float, float], tuple[str, ...]] = field(default_factory=dict)

    @property
    def lines(self) -> list[Line]:
        """Everybody, in the order of the groups and then of the list."""
        return [line for group in self.groups for line in group]

    def add(self, lines: Lines) -> None:
        """The people of one chunk."""
        group = groups(lines)
        chosen = np.flatnonzero(group >= 0)
        rows = lines.frame[lines.clients[chosen]].select(*self.carried, "row", "status", "problem").rows()
        for place, cells in zip(chosen.tolist(), rows, strict=True):
            *carried, row, status, problem = cells
            flags = [flag for flag in status.split(SEPARATOR)[1:] if flag not in (CROSSES, EDGE)]
            know = SEPARATOR.join([*flags, problem] if problem else flags)
            number = int(group[place])
            asks = [self.engine.checklist.question(name).ask for name in self.ask(lines, place)]
            asked = tuple(asks + [""] * (ASKED - len(asks)))
            self.groups[number].append(Line(tuple(carried), row, WHY[number], asked, know))

    def ask(self, lines: Lines, place: int) -> tuple[str, ...]:
        """Ids of the next questions for one client, the one that helps most first; at most `ASKED`."""
        columns = lines.columns
        questions = self.engine.checklist.questions
        missing = [
            k
            for k, question in enumerate(questions)
            if columns.states[place, k] == 0 and question.interview and (self.sensitive or not question.kept_apart)
        ]
        health = [k for k, question in enumerate(questions) if question.special_category]
        special = float(columns.contributions[place, health].sum())
        plain = float(columns.logit[place]) - special
        key = (sum(1 << k for k in missing), plain, special)
        if key not in self._known:
            names = [questions[k].id for k in missing]
            self._known[key] = self._best(names, plain, special)
        return self._known[key]

    def _best(self, names: list[str], plain: float, special: float) -> tuple[str, ...]:
        found: list[str] = []
        while names and len(found) < ASKED:
            best = self.engine.unknowns.next_question(names, plain, special, self.engine.points)
            if best is None:
                break
            names.remove(best)
            found.append(best)
        return tuple(found)


def groups(lines: Lines) -> NDArray[np.int64]:
    """For each client the place of the reason in `WHY` to speak to them first, -1 for none or where it is decided."""
    group = np.full(len(lines.clients), -1)
    group[lines.proposed.crosses] = 1
    group[lines.proposed.edge] = 2
    group[lines.columns.status_code == _NOT_ENOUGH] = 0
    group[np.isin(lines.clients, list(lines.settled))] = -1
    return group
