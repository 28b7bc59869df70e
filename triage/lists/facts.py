"""What must be known of the whole list before any row can be written?

The first pass: the order of the parts of dates, rows that may be the same person, overrides that were filled down.
No more than 40 bytes a row are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.lists.cells import Cell, Codes, Reader, Space
from triage.lists.dates import Century, read_date
from triage.lists.duplicates import Duplicates
from triage.lists.headers import Headings
from triage.lists.identity import REASONS, identity_keys
from triage.lists.kinds import RowRules
from triage.lists.names import OVERRIDES
from triage.lists.overrides import FillDown
from triage.lists.plan import Plan
from triage.lists.tidy import Rows, Table, plain_rows
from triage.lists.vocabulary import Vocabulary

_DATED = ("date_of_birth", "finish_date")
_MONTH_FIRST = "month first"
SAME_PERSON = "May be the same person as row"


@dataclass
class Facts:
    """Facts of the whole list.

    Attributes:
        duplicates: which rows may be the same person.
        numbers: the row numbers that a person sees, by place in the list.
        starts: the place of each table's first row.
        month_first: by table, the columns whose slash dates are not used.
        fill_down: overrides that look filled down.
        lost_zeros: by heading, how many numbers look as if a spreadsheet took their leading zeros.
    """

    duplicates: Duplicates
    numbers: NDArray[np.int32]
    starts: list[int] = field(default_factory=list)
    month_first: list[frozenset[int]] = field(default_factory=list)
    fill_down: FillDown = field(default_factory=FillDown)
    lost_zeros: dict[str, int] = field(default_factory=dict)


class DateOrder:
    """Reads the date columns of one table to see which part stands first, and who was born on the same day."""

    def __init__(self, table: Table, vocabulary: Vocabulary, on: date, births: Space) -> None:
        self._births, self._other = births, Space()
        dated = {f.id for f in vocabulary.checklist.context if f.kind == "date"}
        self._columns: list[tuple[int, bool, Reader]] = []
        self.month_first: set[int] = set()
        for place, role in enumerate(table.roles):
            born = role.kind == "column" and role.name == "date_of_birth"
            other = role.name in _DATED or (role.kind == "context" and role.name in dated)
            if (born or other) and table.visible(place):
                century = Century.of_births(on) if born else Century.near(on)
                space = births if born else self._other
                self._columns.append((place, born, Reader(_day_reader(century), space)))

    @property
    def columns(self) -> list[str]:
        """The frame's columns that hold dates."""
        return [f"c{place}" for place, _, _ in self._columns]

    def look(self, rows: Rows) -> Codes | None:
        """Notices the columns; the place of each row's birth date, None without such a column."""
        births: Codes | None = None
        for place, born, reader in self._columns:
            codes, problems = reader.column(rows.cells[f"c{place}"])
            if problems is not None and (problems == _MONTH_FIRST).any():
                self.month_first.add(place)
            if born:
                births = codes if births is None else np.where(births > 0, births, codes)
        return births


def gather(plan: Plan, vocabulary: Vocabulary, on: date, size: int) -> Facts:
    """The facts of the whole list."""
    facts = Facts(Duplicates(plan.rows), np.zeros(plan.rows, dtype=np.int32))
    births = Space()
    dittos = vocabulary.row_words("ditto")
    place = 0
    for table in plan.tables:
        facts.starts.append(place)
        order = DateOrder(table, vocabulary, on, births)
        rules = RowRules(table.roles, table.headings.parts if table.headings else (), vocabulary)
        zeros = _LostZeros(table, rules)
        needed = _needed(table, rules, order)
        if not needed:
            place += table.out_rows
        for rows in plain_rows(table, needed, size) if needed else ():
            stop = place + len(rows)
            facts.numbers[place:stop] = rows.numbers
            if table.own:
                _look_at_overrides(facts.fill_down, rows, place)
            elif table.headings is not None:
                facts.duplicates.put(place, identity_keys(rows.cells, rules, order.look(rows), dittos))
                zeros.look(rows)
            place = stop
        facts.month_first.append(frozenset(order.month_first))
        facts.lost_zeros |= zeros.found
    facts.fill_down.finish()
    facts.duplicates.settle()
    return facts


def override_cells(rows: Rows) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """The rows in which an override column is filled, with the three cells ("" where empty)."""
    headings = rows.table.headings
    assert headings is not None
    columns = override_columns(headings)
    if not columns:
        return
    filled = rows.cells.select(pl.any_horizontal(pl.col(columns).is_not_null()).alias("filled"))["filled"]
    places = [f"c{headings.names.index(name)}" if name in headings.names else "" for name in OVERRIDES]
    for at in np.flatnonzero(filled.to_numpy()).tolist():
        band, reason, by = ((rows.cells[name][at] or "") if name else "" for name in places)
        yield at, (band, reason, by)


def _needed(table: Table, rules: RowRules, order: DateOrder) -> list[str]:
    """The columns that the first pass looks at; none where it can learn nothing."""
    if table.headings is None:
        return []
    if table.own:
        return override_columns(table.headings)
    columns = [*rules.columns("full_name", "surname", "forename", "reference", "email", "mobile"), *order.columns]
    return sorted(set(columns), key=lambda name: int(name[1:]))


def override_columns(headings: Headings) -> list[str]:
    """The columns for overrides of an output of this program, those that nobody deleted."""
    return [f"c{headings.names.index(name)}" for name in OVERRIDES if name in headings.names]


def partner_words(facts: Facts, plan: Plan, start: int, clients: NDArray[np.bool_]) -> pl.Series | None:
    """For rows from `start`, which other row may be the same person as a client and why; null for none."""
    partner, reason = facts.duplicates.partners(start, len(clients))
    partner = np.where(clients, partner, -1)
    if not (partner >= 0).any():
        return None
    table = np.searchsorted(np.asarray(facts.starts), partner, side="right") - 1
    frame = pl.DataFrame(
        {
            "row": facts.numbers[np.maximum(partner, 0)],
            "reason": pl.Series(REASONS).gather(pl.Series(reason)),
            "sheet": pl.Series([table.source.name for table in plan.tables]).gather(pl.Series(np.maximum(table, 0))),
            "found": partner >= 0,
        }
    )
    where = pl.format(" of sheet {}", pl.col("sheet").str.replace_all(";", ",")) if plan.several else pl.lit("")
    words = pl.format(SAME_PERSON + " {}{} ({})", "row", where, "reason")
    return frame.select(pl.when("found").then(words).alias("words"))["words"]


def partners_of(facts: Facts, plan: Plan, start: int, height: int) -> dict[int, tuple[int, str, int, str]]:
    """For rows from `start` that may be the same person as another: its place, sheet and number, and why."""
    partners, reasons = facts.duplicates.partners(start, height)
    found = {}
    for at in np.flatnonzero(partners >= 0).tolist():
        place = int(partners[at])
        table = int(np.searchsorted(np.asarray(facts.starts), place, side="right")) - 1
        sheet = plan.tables[table].source.name if plan.several else ""
        found[at] = place, sheet, int(facts.numbers[place]), REASONS[int(reasons[at])]
    return found


def _look_at_overrides(fill_down: FillDown, rows: Rows, start: int) -> None:
    for at, (_, reason, by) in override_cells(rows):
        fill_down.look(start + at, reason, by)


def _day_reader(century: Century) -> Callable[[str], Cell]:
    def read(text: str) -> Cell:
        found = read_date(text, century)
        return Cell(found.value, _MONTH_FIRST if found.kind == "month_first" else "")

    return read


class _LostZeros:
    """Counts phone and clock numbers that look as if a spreadsheet took their leading zeros."""

    def __init__(self, table: Table, rules: RowRules) -> None:
        self._phones, self._references = rules.columns("mobile"), rules.columns("reference")
        self._names = table.headings.names if table.headings else ()
        self.found: dict[str, int] = {}

    def look(self, rows: Rows) -> None:
        for name in self._phones:
            self._add(name, int(rows.cells[name].str.contains(r"^[1-9]\d{9}$").sum()))
        for name in self._references:
            column = rows.cells[name]
            lengths = column.filter(column.str.contains(r"^0\d+$").fill_null(False)).str.len_bytes()
            if len(lengths):
                short = column.str.contains(r"^[1-9]\d*$") & (column.str.len_bytes() < lengths.max())
                self._add(name, int(short.fill_null(False).sum()))

    def _add(self, column: str, count: int) -> None:
        if count:
            heading = self._names[int(column[1:])]
            self.found[heading] = self.found.get(heading, 0) + count
