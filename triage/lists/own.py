"""What is carried over when a list is an output of this program that comes back?

What only the first list could say: the row number, which rows are no clients, and what was found about a row. Which
figures stay as they are is decided in `triage.lists.back`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.errors import ListError
from triage.lists.dates import Century, read_date
from triage.lists.fields import NOT_GIVEN
from triage.lists.kinds import CLIENT, EMPTY, NO_HEADINGS, STAFF, Kinds
from triage.lists.names import ANSWER
from triage.lists.overrides import PREFIX
from triage.lists.results import MAY_HAVE_JOB, STRUCK
from triage.lists.safety import restore
from triage.lists.tidy import Rows

SEPARATOR = "; "
#: A workbook keeps sixteen digits, so a figure may come back with another last one.
_TINY = 1e-9
NOT_A_CLIENT, EMPTY_ROW, NOT_READ = "not a client", "empty", "not read"


class OwnRows:
    """Rows of an output of this program."""

    def __init__(self, rows: Rows, everything: frozenset[str]) -> None:
        headings = rows.table.headings
        assert headings is not None
        self._names = headings.names
        self._rows = rows
        text = pl.all()
        self.cells = rows.cells.select(restore(text)) if rows.cells.width else rows.cells

        written = {name.removeprefix(ANSWER) for name in self._names if name.startswith(ANSWER)}
        self.answers = bool(written)
        #: True where every answer that counted is in the file.
        self.whole = written >= everything

    def column(self, name: str) -> pl.Series:
        """A column by its name; nulls where the output lost it."""
        if name in self._names:
            return self.cells[f"c{self._names.index(name)}"]
        return pl.Series(name, [None], dtype=pl.String).new_from_index(0, len(self._rows))

    @property
    def kinds(self) -> Kinds:
        """What each row is, by its status."""
        status = self.column("status").fill_null("")
        kinds = np.where(self._rows.kinds == EMPTY, np.int8(EMPTY), np.int8(CLIENT))
        for words, kind in ((NOT_A_CLIENT, STAFF), (EMPTY_ROW, EMPTY), (NOT_READ, NO_HEADINGS)):
            kinds[(status == words).to_numpy()] = kind
        return kinds.astype(np.int8)

    @property
    def numbers(self) -> pl.Series:
        """The row numbers of the first list; those of this one where they are not numbers."""
        own = self.column("row").cast(pl.Int64, strict=False)
        return own.fill_null(pl.Series(self._rows.numbers))

    def flag(self, words: str) -> NDArray[np.bool_]:
        """True where the status carries a flag."""
        found: NDArray[np.bool_] = self.column("status").str.contains(words, literal=True).fill_null(False).to_numpy()
        return found

    @property
    def flags(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """The flags that are carried over: may have a job, struck through."""
        return self.flag(MAY_HAVE_JOB), self.flag(STRUCK)

    def moved(self, logits: pl.Series) -> int:
        """How many rows have another figure than they had."""
        before = self.column("logit").cast(pl.Float64, strict=False)
        return int(((before - logits).abs() > _TINY).sum()) + int((before.is_null() != logits.is_null()).sum())

    def problems(self, answered: Mapping[str, NDArray[np.bool_]], apart: Sequence[str]) -> list[list[str]]:
        """What was found about each row and still holds.

        Args:
            answered: by label, in which rows the question now has an answer, so that what was said about it goes.
            apart: labels of questions about which nothing may be said in this output.
        """
        found: list[list[str]] = []
        for at, text in enumerate(self.column("problem").to_list()):
            items = text.split(SEPARATOR) if text else []
            found.append([item for item in items if _holds(item, at, answered, apart)])
        return found


def own_date(days: Iterable[str], name: str) -> date | None:
    """The scoring date that the texts of a `date` column give; None where they give none.

    Raises:
        ListError: they give several, or no day.
    """
    found = {day_of(text) for text in days}
    if len(found) > 1 or None in found:
        why = "several days" if len(found) > 1 else "a text that is no day"
        raise ListError(
            f"The column date of {name} holds {why}. Say as on which day it is to be scored (command line: --on)."
        )
    return found.pop() if found else None


def day_of(text: str) -> date | None:
    """The day of a cell of the column `date`, also as a spreadsheet program may have written it anew."""
    return read_date(text, Century.near(date.today())).value


def _holds(item: str, at: int, answered: Mapping[str, NDArray[np.bool_]], apart: Sequence[str]) -> bool:
    if item.startswith(PREFIX):
        return False
    label = next((label for label in (*answered, *apart) if item.startswith(f"{label}: ")), None)
    if label is None:
        return True
    if label in apart:
        return False
    return not (item.endswith(NOT_GIVEN) and bool(answered[label][at]))
