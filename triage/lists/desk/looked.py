"""What is in an uploaded file, before anything is scored? For a page on which a person confirms each column.

Nothing of any person is in here: headings, counts, and what each column would be used for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from triage.engine import Engine
from triage.features import fold
from triage.lists.answers import label_of, target_of
from triage.lists.came_back import made_with
from triage.lists.desk.choices import Group, choice_of
from triage.lists.desk.opened import open_list, wanted
from triage.lists.desk.warnings import warnings_of
from triage.lists.headers import SEARCH_ROWS
from triage.lists.kinds import CLIENT, EMPTY, NO_HEADINGS
from triage.lists.lines import LineMaker
from triage.lists.mapping import EMPTY as NO_CHOICES
from triage.lists.mapping import ColumnMapping
from triage.lists.names import answer_fields
from triage.lists.own import OwnRows
from triage.lists.plan import Plan
from triage.lists.rows_of_headings import is_data
from triage.lists.run import ROWS, first_pass
from triage.lists.safety import cleaned
from triage.lists.summary import NOT_CLIENTS
from triage.lists.tidy import Rows, Table, first_rows, tidy_rows
from triage.lists.vocabulary import Role, Vocabulary


@dataclass(frozen=True)
class LookedColumn:
    """A column with a heading; the same heading on several sheets is one column.

    Attributes:
        heading: as the list has it, for `mapping_from`; "" where the column cannot be chosen.
        name: what to show; not the heading where that looks like somebody's data.
        role, label, group: what it is taken for: a `RoleChoice`.
        answers: the question or field that it answers or helps to answer, in words; "" for none.
        why: why it is taken for that, in words.
        known: False where nobody knows the heading.
        places: where it stands, in words.
        filled: how many clients have something in it, of `clients` that could.
        understood, unclear: how many cells gave an answer, and how many hold something that cannot be used; None
            where the column answers nothing.
    """

    heading: str
    name: str
    role: str
    label: str
    group: Group
    answers: str
    why: str
    known: bool
    places: tuple[str, ...]
    clients: int
    filled: int
    understood: int | None = None
    unclear: int | None = None


@dataclass(frozen=True)
class LookedTable:
    """A sheet, or the only table of a CSV: its rows, the row of its headings (None: not found), and its people."""

    name: str
    rows: int
    headings: int | None
    clients: int


@dataclass(frozen=True)
class LeftOut:
    """A sheet or column that is not read: where it is, what it is called, and why."""

    sheet: str
    what: str
    why: str


@dataclass(frozen=True)
class Looked:
    """What a file is made of.

    Attributes:
        file, kind: its name, and whether it is a CSV or a workbook.
        own: True where it is an output of this program that comes back; its columns are not asked about.
        made_with: for such an output, the model, the checklist, the cut-offs and the day that it names.
        rows, clients: how many rows come out, and how many of them are clients.
        others: what the other rows are, and how many.
        tables, columns, left: what it is made of, and what is not read.
        notes: how the file was read, in sentences.
        warnings: what a person should know before confirming, in sentences.
    """

    file: str
    kind: str
    own: bool
    rows: int
    clients: int
    others: Mapping[str, int]
    tables: tuple[LookedTable, ...]
    columns: tuple[LookedColumn, ...]
    left: tuple[LeftOut, ...]
    made_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def unknown(self) -> tuple[LookedColumn, ...]:
        """The columns that nobody knows."""
        return tuple(column for column in self.columns if not column.known)

    @property
    def identifying(self) -> tuple[LookedColumn, ...]:
        """The columns that say who somebody is."""
        return tuple(column for column in self.columns if column.group == "identifies")

    @property
    def choices(self) -> dict[str, str]:
        """What `mapping_from` makes the same columns of."""
        return {column.heading: column.role for column in self.columns if column.heading}

    def to_dict(self) -> dict[str, Any]:
        """Plain data for a page or for JSON."""
        return asdict(self)


def look(engine: Engine, path: Path, mapping: ColumnMapping = NO_CHOICES, on: date | None = None) -> Looked:
    """What the file at `path` is, with the roles that are proposed for its columns, or chosen in `mapping`.

    Raises:
        ListError: it cannot be read as a list, or the choices do not fit it.
    """
    plan, vocabulary = open_list(engine, path, mapping)
    maker = first_pass(engine, plan, vocabulary, wanted(plan, engine, on))
    seen = [_Seen(maker, number) for number in range(len(plan.tables))]
    for number, table in enumerate(plan.tables):
        for rows in tidy_rows(table, vocabulary, ROWS):
            seen[number].add(rows)
    kinds: Counter[int] = sum((each.kinds for each in seen), Counter())
    names = {**NOT_CLIENTS, EMPTY: "empty rows", NO_HEADINGS: "on a sheet without headings"}
    columns = () if plan.own else _columns(seen, mapping, vocabulary)
    return Looked(
        cleaned(path.name),
        plan.source.kind,
        plan.own,
        plan.rows,
        kinds[CLIENT],
        {name: kinds[kind] for kind, name in names.items() if kinds[kind]},
        tuple(each.table_seen for each in seen),
        columns,
        tuple(LeftOut(item.table, cleaned(item.heading), item.why) for item in plan.left),
        _made_with(plan),
        tuple(map(cleaned, plan.source.notes)),
        tuple(map(cleaned, warnings_of(maker))),
    )


def _made_with(plan: Plan) -> dict[str, tuple[str, ...]]:
    if not plan.own:
        return {}
    return {name: tuple(sorted(found)) for name, found in made_with(plan.tables[0], ROWS).items()}


class _Seen:
    """Counts what stands in the columns of one table."""

    def __init__(self, maker: LineMaker, number: int) -> None:
        self.table: Table = maker.plan.tables[number]
        self.kinds: Counter[int] = Counter()
        self.filled: Counter[int] = Counter()
        self.understood: Counter[int] = Counter()
        self.unclear: Counter[int] = Counter()
        self._everything = frozenset(answer_fields(maker.engine.checklist, True))
        self._readers = (
            []
            if self.table.own
            else [
                (int(name[1:]), reader)
                for readers in maker.sheets[number].readers.values()
                for _, name, reader in readers
            ]
        )

    def add(self, rows: Rows) -> None:
        """The rows of one chunk."""
        kinds = OwnRows(rows, self._everything).kinds if self.table.own else rows.kinds
        self.kinds.update(np.asarray(kinds).tolist())
        cells = rows.cells.filter(kinds == CLIENT)
        for place, name in enumerate(cells.columns):
            self.filled[place] += cells.height - cells[name].null_count()
        for place, reader in self._readers:
            codes, problems = reader.column(cells[f"c{place}"])
            self.understood[place] += int(np.count_nonzero(codes))
            if problems is not None:
                self.unclear[place] += int((problems.is_not_null().to_numpy() & (codes == 0)).sum())

    @property
    def table_seen(self) -> LookedTable:
        """The table in figures."""
        headings, number = self.table.headings, None
        _, chunk = first_rows(self.table.source, SEARCH_ROWS)
        if headings is not None and chunk is not None:
            number = int(chunk.row_numbers[headings.first + headings.rows - 1])
        return LookedTable(self.table.source.name, self.table.out_rows, number, self.kinds[CLIENT])


def _columns(seen: list[_Seen], mapping: ColumnMapping, vocabulary: Vocabulary) -> tuple[LookedColumn, ...]:
    """The columns that can be chosen, each heading once, in the order of the list."""
    found: dict[str, list[tuple[_Seen, int]]] = {}
    for each in seen:
        names = each.table.headings.names if each.table.headings is not None else ()
        for place, name in enumerate(names):
            if name and each.table.visible(place):
                found.setdefault(fold(name), []).append((each, place))
    return tuple(_column(stands, folded in mapping.roles, vocabulary) for folded, stands in found.items())


def _column(stands: list[tuple[_Seen, int]], chosen: bool, vocabulary: Vocabulary) -> LookedColumn:
    first, at = stands[0]
    headings = first.table.headings
    assert headings is not None
    heading, role = headings.names[at], first.table.roles[at]
    choice = choice_of(role, vocabulary)
    hidden = is_data(heading) or cleaned(heading) != heading
    target = target_of(role, vocabulary)
    return LookedColumn(
        "" if hidden else heading,
        _where(first.table, at) if hidden else heading,
        choice.id,
        choice.label,
        choice.group,
        label_of(vocabulary, target) if target else "",
        _why(role, chosen, vocabulary),
        chosen or role.kind != "ignored",
        tuple(_place(each.table, place, len(stands) > 1) for each, place in stands),
        sum(each.kinds[CLIENT] for each, _ in stands),
        sum(each.filled[place] for each, place in stands),
        sum(each.understood[place] for each, place in stands) if target else None,
        sum(each.unclear[place] for each, place in stands) if target else None,
    )


def _where(table: Table, place: int) -> str:
    return f"column {table.source.columns[place].letter or place + 1}"


def _place(table: Table, place: int, several: bool) -> str:
    return f"{table.source.name}, {_where(table, place)}" if several else _where(table, place)


def _why(role: Role, chosen: bool, vocabulary: Vocabulary) -> str:
    if chosen:
        return "chosen by a person"
    if role.kind == "ignored":
        return "nobody knows this heading"
    if role.kind == "option":
        return f"the heading is an answer to '{vocabulary.checklist.question(role.name).label}'"
    return "the heading says so"
