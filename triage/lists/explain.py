"""Which client of a list is to be explained, and what is their score?"""

from __future__ import annotations

from typing import Any

import numpy as np

from triage.engine import STATUSES, Score
from triage.lists.lines import LineMaker, Lines
from triage.lists.people import People
from triage.lists.scoring import PROPOSED
from triage.lists.tidy import Rows

#: In place of a row: the first client with a proposed band.
FIRST = "first"
#: A figure that came back may have another last digit.
_TINY = 1e-6


class Explainer:
    """Keeps the answers of the row that is to be explained."""

    def __init__(self, maker: LineMaker, wanted: str) -> None:
        self._maker = maker
        self._wanted = wanted
        self._logit: float | None = None
        self._found: tuple[str, dict[str, Any]] | None = None
        self._objected = False

    def look(self, people: People, lines: Lines) -> None:
        """Takes the row if it is among these."""
        rows = people.rows
        if not self._wanted or self._found is not None:
            return
        shown = lines.frame["row"].to_numpy()[lines.clients]
        chosen = lines.columns.status_code == PROPOSED if self._wanted == FIRST else shown == int(self._wanted)
        places = np.flatnonzero(chosen)
        if len(places):
            at = int(places[0])
            self._objected = int(lines.columns.status_code[at]) == STATUSES.index("objected")
            if people.kept[at]:
                self._logit = float(lines.columns.logit[at])
            sheet = f" of sheet {rows.table.source.name}" if self._maker.plan.several else ""
            self._found = f"row {shown[at]}{sheet}", self._answers(people.number, rows, int(lines.clients[at]))

    def _answers(self, number: int, rows: Rows, at: int) -> dict[str, Any]:
        one = Rows(
            rows.table,
            rows.numbers[at : at + 1],
            rows.cells[at : at + 1],
            rows.kinds[at : at + 1],
            rows.struck[at : at + 1],
        )
        places = self._maker.sheets[number].read(one).places
        return {name: self._maker.spaces[name].values[int(codes[0])] for name, codes in places.items()}

    def found(self) -> tuple[str, Score] | None:
        """The row's place in words, and its score; None where nothing is to be explained or can be."""
        if self._found is None or self.problem:
            return None
        where, answers = self._found
        return where, self._maker.engine.score(answers, on=self._maker.options.on)

    @property
    def problem(self) -> str:
        """Why nothing can be explained; empty where it can, or where nothing was asked for."""
        if not self._wanted:
            return ""
        what = ""
        if self._found is None:
            what = "there is no scored client" if self._wanted == FIRST else f"row {self._wanted} is no client"
        elif self._objected:
            what = f"the client of row {self._wanted} objects to being scored, or may object"
        elif self._differs:
            what = "the file does not hold all answers that counted. Explain from the first list"
        return f"Nothing can be explained: {what}. The output was written all the same." if what else ""

    @property
    def _differs(self) -> bool:
        """True for a row whose figure stands as it came back, and is not the one of its answers."""
        if self._found is None or self._logit is None:
            return False
        score = self._maker.engine.score(self._found[1], on=self._maker.options.on)
        return not abs(score.logit - self._logit) < _TINY
