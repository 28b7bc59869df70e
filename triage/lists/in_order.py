"""In which order are the places of a list offered? For the sheet of a workbook that a person fills in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from triage.cutoffs import Proposal
from triage.engine import Engine
from triage.lists.lines import Lines
from triage.lists.scoring import PROPOSED


@dataclass
class InOrder:
    """Collects everybody with enough answers, chunk by chunk.

    Attributes:
        engine: has the bands.
        proposal: the cut-off points and tied groups of the list.
        carried: names of the carried columns.
    """

    engine: Engine
    proposal: Proposal
    carried: Sequence[str]
    _found: list[tuple[float, int, tuple[Any, ...]]] = field(default_factory=list)

    def add(self, lines: Lines) -> None:
        """The people of one chunk."""
        chosen = np.flatnonzero(lines.columns.status_code == PROPOSED)
        rows = lines.frame[lines.clients[chosen]].select(*self.carried, "row").rows()
        for place, cells in zip(chosen.tolist(), rows, strict=True):
            self._found.append((float(lines.columns.band_logit[place]), int(lines.proposed.place[place]), cells))

    @property
    def headings(self) -> tuple[str, ...]:
        """Of the sheet: nobody is decided about by standing on it."""
        return ("order", *self.carried, "row", "proposed support", "at the edge")

    @property
    def lines(self) -> list[tuple[Any, ...]]:
        """Everybody by score. People with the same score have the same number, and stand in the order of the list."""
        words = self.engine.words.wording.band.at_the_edge
        tied = {
            edge.logit: words.format(tied=edge.tied, places=edge.places_left).replace(" 1 places are ", " 1 place is ")
            for edge in self.proposal.edges
        }
        ordered = sorted(self._found, key=lambda item: -item[0])
        made, rank, before = [], 0, None
        for number, (logit, place, cells) in enumerate(ordered, start=1):
            rank, before = (rank if logit == before else number), logit
            made.append((rank, *cells, self.engine.cutoffs.bands[place].name, tied.get(logit, "")))
        return made
