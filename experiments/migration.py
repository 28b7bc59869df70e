"""Write a migration of the records from the tables as they are.

`python -m experiments.migration` writes the first one anew, for as long as no database was ever released.
`python -m experiments.migration 0002 "what changes"` writes the next one, from what differs. Read it before it is
committed, and add its revision to `triage/records/revision.py`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Column, ForeignKeyConstraint, Table

from triage.records import migrate, triggers
from triage.records.tables import METADATA

FIRST = migrate.FOLDER / "versions" / "0001_first.py"
_WIDTH = 116
_TYPES = {sa.String: "short", sa.Text: "text", sa.Boolean: "flag", sa.Integer: "number", sa.LargeBinary: "data"}
_HEAD = '''"""The first tables of the records, and the triggers of the audit trail.

`python -m experiments.migration` wrote this from `triage/records/tables`. Once a version is released it never changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def short(name: str, *, nullable: bool = False) -> Column[str]:
    """An id."""
    return Column(name, sa.String(64), nullable=nullable)


def text(name: str, *, nullable: bool = False) -> Column[str]:
    """Text, a time, a date, or JSON."""
    return Column(name, sa.Text, nullable=nullable)


def number(name: str, *, nullable: bool = False) -> Column[int]:
    """A whole number."""
    return Column(name, sa.Integer, nullable=nullable)


def flag(name: str, *, nullable: bool = False) -> Column[bool]:
    """True or false."""
    return Column(name, sa.Boolean, nullable=nullable)


def data(name: str, *, nullable: bool = False) -> Column[bytes]:
    """A file, or part of one."""
    return Column(name, sa.LargeBinary, nullable=nullable)


def upgrade() -> None:
    """Make everything in an empty database."""
    for name, items in TABLES.items():
        op.create_table(name, *items)
    for table, columns in INDEXES:
        op.create_index("_".join(["ix", table, *columns]), table, columns)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRES:
        op.execute(statement)
'''


def first() -> str:
    """The text of the first migration."""
    tables = METADATA.sorted_tables
    parts = [_HEAD, "\n\nTABLES: dict[str, tuple[sa.schema.SchemaItem, ...]] = {\n"]
    parts += [_table(table) for table in tables]
    parts.append("}  # fmt: skip\nINDEXES = (\n")
    indexes = [index for table in tables for index in sorted(table.indexes, key=lambda index: str(index.name))]
    parts.append(_lines([f'("{index.table}", [{_names(index.columns)}])' for index in indexes]))
    parts.append(")  # fmt: skip\n" + _statements("SQLITE", list(triggers.SQLITE.values())))
    parts.append(_statements("POSTGRES", [*triggers.POSTGRES_FUNCTIONS.values(), *triggers.POSTGRES.values()]))
    return "".join(parts)


def _table(table: Table) -> str:
    items = [_column(column) for column in table.c]
    keys = f'sa.PrimaryKeyConstraint({_names(table.primary_key)}, name="{table.primary_key.name}")'
    return f'    "{table.name}": (\n' + _lines([*items, keys, *_constraints(table)], 8) + "    ),\n"


def _column(column: Column[object]) -> str:
    kind = _TYPES[type(column.type)]
    return f'{kind}("{column.name}"{", nullable=True" if column.nullable else ""})'


def _constraints(table: Table) -> Iterator[str]:
    for constraint in sorted(table.constraints, key=lambda found: str(found.name)):
        if isinstance(constraint, ForeignKeyConstraint):
            [element] = constraint.elements
            columns = _names(constraint.columns)
            yield f'sa.ForeignKeyConstraint([{columns}], ["{element.target_fullname}"], name="{constraint.name}")'
        elif isinstance(constraint, sa.UniqueConstraint):
            yield f'sa.UniqueConstraint({_names(constraint.columns)}, name="{constraint.name}")'


def _names(columns: Iterable[Column[object]]) -> str:
    return ", ".join(f'"{column.name}"' for column in columns)


def _lines(items: list[str], indent: int = 4) -> str:
    return "".join(f"{' ' * indent}{line},\n" for line in _packed(items, indent))


def _packed(items: list[str], indent: int) -> Iterator[str]:
    """The items, as many on a line as fit."""
    line = ""
    for item in items:
        if line and indent + len(line) + len(item) + 3 > _WIDTH:
            yield line
            line = ""
        line = f"{line}, {item}" if line else item
    yield line


def _statements(name: str, statements: list[str]) -> str:
    """SQL as it stands, in pieces that fit on a line."""
    lines = [f"{name} = ("]
    for statement in statements:
        pieces = list(_pieces(statement))
        lines += [f"    {piece!r}" for piece in pieces[:-1]]
        lines.append(f"    {pieces[-1]!r},")
    return "\n".join([*lines, ")"]) + "\n"


def _pieces(statement: str) -> Iterator[str]:
    line = ""
    for word in statement.split(" "):
        if len(line) + len(word) > 100:
            yield line
            line = ""
        line += f"{word} "
    yield line[:-1]


def following(revision: str, message: str) -> None:
    """Write the migration that comes next, from what differs from the tables as they are."""
    with tempfile.TemporaryDirectory() as folder:
        engine = sa.create_engine(f"sqlite:///{folder}/records.sqlite")
        with engine.begin() as connection:
            migrate.upgrade(connection)
            config = Config()
            config.set_main_option("script_location", str(migrate.FOLDER))
            config.attributes["connection"] = connection
            command.revision(config, message, autogenerate=True, rev_id=revision)


def main() -> None:
    """Write the migration that was asked for."""
    if len(sys.argv) == 3:
        following(sys.argv[1], sys.argv[2])
    else:
        FIRST.write_text(first(), encoding="utf-8")
        print(f"Wrote {FIRST}. Now run: ruff format {FIRST}")


if __name__ == "__main__":
    main()
