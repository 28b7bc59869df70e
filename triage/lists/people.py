"""Who are the clients among the rows of one chunk, and what did they answer?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.lists.answers import Given
from triage.lists.back import Back
from triage.lists.kinds import Kinds
from triage.lists.own import OwnRows
from triage.lists.results import Flag
from triage.lists.tidy import Rows


@dataclass(frozen=True)
class People:
    """The rows of one chunk with the clients among them.

    Attributes:
        number: which table.
        rows: the rows, which begin at the place `start` of the list.
        own: the same as an output of this program, where they are one.
        kinds: what each row is.
        clients: places of the clients among the rows.
        given: their answers.
        back: the clients as the file that came back has them, where it is one.
        kept: for each client, True where they stay as they are there.
    """

    number: int
    rows: Rows
    start: int
    own: OwnRows | None
    kinds: Kinds
    clients: NDArray[np.int64]
    given: Given
    back: Back | None
    kept: Flag

    def spread(self, columns: Mapping[str, pl.Series]) -> dict[str, pl.Series]:
        """Columns of the clients as columns of all rows, null for the others."""
        if len(self.clients) == len(self.rows):
            return dict(columns)
        places = np.full(len(self.rows), -1, dtype=np.int64)
        places[self.clients] = np.arange(len(self.clients))
        where = pl.Series(places)
        where = where.set(where < 0, None)
        return {name: column.gather(where) for name, column in columns.items()}
