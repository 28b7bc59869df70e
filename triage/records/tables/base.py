"""Which columns do many tables share, and which tables does the audit trail watch?

Times, dates and JSON are text (`triage.records.plain`), so that a row has one digest on every database.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, MetaData, String, Table, Text

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
#: Tables whose every row is committed to by the audit trail.
AUDITED: dict[str, Table] = {}


def audited(table: Table) -> Table:
    """Have the audit trail watch `table`, whose key is `id`."""
    AUDITED[table.name] = table
    return table


def key() -> Column[str]:
    """The random id of a row."""
    return Column("id", String(64), primary_key=True)


def to(table: str, name: str, *, needed: bool = True) -> Column[str]:
    """A reference to a row of `table`."""
    return Column(name, String(64), ForeignKey(f"{table}.id"), nullable=not needed, index=True)


def text(name: str, *, needed: bool = True, **more: Any) -> Column[str]:
    """Text, a time, a date, or JSON."""
    return Column(name, Text, nullable=not needed, **more)


def flag(name: str) -> Column[bool]:
    """True or false."""
    return Column(name, Boolean, nullable=False)
