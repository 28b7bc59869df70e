"""How does a command open the records, and what becomes of a database that refuses?"""

from __future__ import annotations

import argparse
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from triage.cli.records_options import person, records_of
from triage.content import ContentFolder
from triage.errors import RecordsError
from triage.records.actor import Actor, operator
from triage.records.database import Database, Row
from triage.records.installation import Installation
from triage.records.periods import Periods, load_periods
from triage.records.tables import assessments


def installation_of(args: argparse.Namespace) -> Installation:
    """Where the options say that the records are."""
    return Installation(*records_of(args))


@contextmanager
def opened(args: argparse.Namespace) -> Generator[tuple[Installation, Database]]:
    """The records that the options name.

    Raises:
        RecordsError: they cannot be used.
    """
    installation = installation_of(args)
    with plainly():
        database = installation.connect()
        try:
            yield installation, database
        finally:
            database.close()


@contextmanager
def plainly() -> Generator[None]:
    """What a database refuses, in one line; the rest of its message may hold what the records hold.

    Raises:
        RecordsError: it refused something.
    """
    try:
        yield
    except DatabaseError as problem:
        raise RecordsError(f"The database cannot be used: {str(problem.orig).strip().splitlines()[0]}") from None


def acting() -> Actor:
    """Whoever runs the command."""
    return operator(person())


def add_periods_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that says whose periods count."""
    parser.add_argument(
        "--checklist", type=Path, metavar="FOLDER", help="an organisation's checklist, with a retention.yaml of its own"
    )


def periods_of(folder: Path | None) -> Periods:
    """How long records are kept: an organisation's own periods, or those that ship."""
    return load_periods(ContentFolder(folder))


def client(database: Database, words: str) -> Row:
    """The assessment with this reference or id.

    Raises:
        RecordsError: there is none.
    """
    with database.read() as view:
        named = sa.or_(assessments.c.reference == words.strip().upper(), assessments.c.id == words.strip())
        row = view.one(sa.select(assessments).where(named))
    if row is None:
        raise RecordsError(f"There is no assessment '{words}'. Give its reference, such as K7QM-2XRD, or its id.")
    return row
