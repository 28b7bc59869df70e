"""Do these tables fit this version of the software?"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from triage.errors import RecordsError

#: Every revision of the tables, the oldest first. A migration of the same name leads to each.
REVISIONS = ("0001",)
REVISION = REVISIONS[-1]
#: Where a database says which revision it has. Alembic reads and writes it.
_TABLE = sa.Table(
    "alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)  # fmt: skip


def revision_of(connection: Connection) -> str | None:
    """The revision of a database; None for one that has no records yet."""
    if not sa.inspect(connection).has_table(_TABLE.name):
        return None
    found: str | None = connection.execute(sa.select(_TABLE.c.version_num)).scalar()
    return found


def stamp(connection: Connection) -> None:
    """Note that the tables, which were just made, have the present revision."""
    _TABLE.create(connection)
    connection.execute(sa.insert(_TABLE).values(version_num=REVISION))


def check_revision(connection: Connection) -> None:
    """Refuse a database whose tables do not fit this software.

    Raises:
        RecordsError: there are no tables, or they are older or newer.
    """
    found = revision_of(connection)
    if found == REVISION:
        return
    if found is None:
        raise RecordsError("There are no records in this database yet. Run 'ltu-triage records migrate' first.")
    check_not_newer(found)
    raise RecordsError(
        f"The tables of this database are of revision {found}, and this software needs {REVISION}."
        " Make a backup, and run 'ltu-triage records migrate'."
    )


def check_not_newer(found: str | None) -> None:
    """Refuse a revision that this software does not know.

    Raises:
        RecordsError: a newer version made these tables.
    """
    if found is not None and found not in REVISIONS:
        raise RecordsError(
            f"A newer version of LTU Triage made these tables (revision {found}; this one knows {REVISION})."
            " Install that version: an older one cannot go on with them."
        )
