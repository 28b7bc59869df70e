"""What is this list made of: which tables, which columns for which question, and what is left out?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from triage.checklist import Checklist
from triage.errors import ListError
from triage.features import fold
from triage.lists.came_back import check_columns
from triage.lists.headers import SEARCH_ROWS, find_headings
from triage.lists.mapping import EMPTY, ColumnMapping, apply_mapping, check_mapping
from triage.lists.names import ANSWER, CHECK, FIXED, OVERRIDES, carried_names, same_heading
from triage.lists.read.source import Source, SourceTable
from triage.lists.rows_of_headings import is_data
from triage.lists.safety import restored
from triage.lists.tidy import Table, first_rows
from triage.lists.vocabulary import IGNORED, Role, Vocabulary

#: Rows that one sheet of a workbook can hold below its headings.
SHEET_ROWS = 1_048_575

#: Rows in which a column without a heading is looked for.
_LOOKED_AT = 1_000

#: Asks a person what a column holds that nobody knows, by its table and heading.
Ask = Callable[[str, str], Role]


@dataclass(frozen=True)
class Left:
    """A column or sheet that is left out: where it stands, its heading, and why."""

    table: str
    heading: str
    why: str


@dataclass(frozen=True)
class Plan:
    """How a list is read.

    Attributes:
        source: the open list.
        tables: the tables whose rows come out, in order.
        carried: for each table, the place of the column that fills each carried column; None where it has none.
        names: what the carried columns are called.
        left: what is left out.
        own: True where the list is an output of this program.
    """

    source: Source
    tables: tuple[Table, ...]
    carried: tuple[tuple[int | None, ...], ...]
    names: tuple[str, ...]
    left: tuple[Left, ...] = field(default=())
    own: bool = False

    @property
    def rows(self) -> int:
        """How many rows the output has."""
        return sum(table.out_rows for table in self.tables)

    @property
    def several(self) -> bool:
        """True where the rows need the name of their sheet."""
        return len(self.tables) > 1 and not self.own


def make_plan(
    source: Source, vocabulary: Vocabulary, mapping: ColumnMapping = EMPTY, name: str = "", ask: Ask | None = None
) -> Plan:
    """The plan for a list.

    Args:
        source: the open list.
        vocabulary: what headings mean.
        mapping: what a mapping file says.
        name: the mapping file's name, for messages.
        ask: asks a person, in a terminal only.

    Raises:
        ListError: there is nothing to score, or the mapping does not fit.
    """
    found = [_table(table, vocabulary, mapping) for table in source.tables if not table.hidden and table.rows]
    left = [Left(table.name, "", "a hidden sheet") for table in source.tables if table.hidden]
    headed = [table for table in found if table.headings is not None]
    if not headed:
        raise ListError(_no_headings(source))
    own = [table for table in headed if table.own]
    if mapping.roles:
        check_mapping(mapping, [table.headings for table in headed if table.headings is not None], name)
    if own:
        left += [Left(table.source.name, "", "a page about the scores") for table in found if not table.own]
        return _own_plan(source, own, left, vocabulary.checklist)
    tables = tuple(_asked(table, mapping, ask) for table in found)
    left += [item for table in tables for item in _left_columns(table, vocabulary)]
    headings = _carried_headings(tables, vocabulary)
    carried = tuple(_places(table, headings, vocabulary) for table in tables)
    return Plan(source, tables, carried, carried_names(headings), tuple(left))


def check_fits(plan: Plan, out: Path) -> None:
    """Raises ListError where the output would not fit one sheet of a workbook."""
    if out.suffix.lower() == ".xlsx" and plan.rows > SHEET_ROWS:
        raise ListError(
            f"The list has {plan.rows:,} rows and a sheet holds {SHEET_ROWS:,}. Nothing was scored."
            f" Write a CSV instead: -o {out.with_suffix('.csv').name}"
        )


def _table(table: SourceTable, vocabulary: Vocabulary, mapping: ColumnMapping) -> Table:
    rows, chunk = first_rows(table, SEARCH_ROWS)
    hidden = {column.index for column in table.columns if column.hidden}
    seen = [tuple(None if at in hidden else cell for at, cell in enumerate(row)) for row in rows]
    merged = chunk.merged if chunk is not None else ()
    headings = find_headings(rows, vocabulary)
    if headings is None or not headings.own:
        headings = find_headings(seen, vocabulary, mapping.known, merged)
    if headings is None:
        return Table(table, None, tuple(IGNORED for _ in table.columns))
    return Table(table, headings, apply_mapping(headings, mapping))


def _asked(table: Table, mapping: ColumnMapping, ask: Ask | None) -> Table:
    if ask is None or table.headings is None:
        return table
    roles = list(table.roles)
    for place, (name, role) in enumerate(zip(table.headings.names, table.roles, strict=True)):
        if name and role is IGNORED and table.visible(place) and fold(name) not in mapping.roles:
            roles[place] = ask(table.source.name, name)
    return replace(table, roles=tuple(roles))


def _own_plan(source: Source, tables: Sequence[Table], left: Sequence[Left], checklist: Checklist) -> Plan:
    headings = tables[0].headings
    assert headings is not None
    if len(tables) > 1:
        raise ListError(f"{source.path.name} holds {len(tables)} scored lists. Score them one by one.")
    check_columns(headings.names, source.path.name, checklist)
    before = headings.names.index("row")
    known = {*FIXED, *OVERRIDES, CHECK}
    added = [name for name in headings.names[before:] if name and name not in known and not name.startswith(ANSWER)]
    left = [*left, *(Left(tables[0].source.name, name, "not used") for name in added)]
    names = tuple(restored(name) for name in headings.names[:before])
    return Plan(source, (tables[0],), (tuple(range(before)),), names, tuple(left), True)


def _carried_headings(tables: Sequence[Table], vocabulary: Vocabulary) -> list[str]:
    headings: list[str] = []
    for table in tables:
        for place, role in enumerate(table.roles):
            heading = table.headings.names[place] if table.headings else ""
            if vocabulary.identifies(role) and not any(same_heading(heading, known) for known in headings):
                headings.append(heading)
    return headings


def _places(table: Table, headings: Sequence[str], vocabulary: Vocabulary) -> tuple[int | None, ...]:
    if table.headings is None:
        return tuple(None for _ in headings)
    own = [
        (place, name)
        for place, (name, role) in enumerate(zip(table.headings.names, table.roles, strict=True))
        if vocabulary.identifies(role)
    ]
    return tuple(next((at for at, name in own if same_heading(name, heading)), None) for heading in headings)


def _left_columns(table: Table, vocabulary: Vocabulary) -> list[Left]:
    found = []
    filled = _filled(table)
    for place, role in enumerate(table.roles):
        heading = table.headings.names[place] if table.headings else ""
        column = table.source.columns[place]
        called = f"column {column.letter or place + 1}"
        if column.hidden:
            found.append(Left(table.source.name, called, "a hidden column"))
        elif vocabulary.never_kept(role):
            found.append(Left(table.source.name, heading, f"{vocabulary.label(role).lower()}, never kept"))
        elif heading and role is IGNORED:
            found.append(Left(table.source.name, called if is_data(heading) else heading, "not used"))
        elif not heading and place in filled:
            found.append(Left(table.source.name, f"{called}, no heading", "not used"))
    return found


def _filled(table: Table) -> set[int]:
    """The columns in which something stands below the headings, as far as the first rows show."""
    if table.headings is None:
        return set()
    rows, _ = first_rows(table.source, _LOOKED_AT)
    below = rows[table.headings.first + table.headings.rows :]
    return {place for row in below for place, cell in enumerate(row) if cell and cell.strip()}


def _no_headings(source: Source) -> str:
    sheets = [table.name for table in source.tables if not table.hidden]
    if not any(table.rows for table in source.tables):
        return f"{source.path.name} has no rows to score."
    where = f" on the sheets {', '.join(sheets)}" if len(sheets) > 1 else ""
    return (
        f"{source.path.name} has no row of headings in its first {SEARCH_ROWS} rows{where}. A list needs a row such as"
        " 'Surname, Forename, Date of birth' above the people. Add one, or say what"
        " the headings mean (command line: --mapping)."
    )
