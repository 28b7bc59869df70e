"""How is scoring turned off, and on again? The commands `suspend` and `resume`."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from triage import suspension
from triage.cli.records_options import add_records_options, person, records_of
from triage.errors import RecordsError, UsageError, UserError
from triage.suspension import Suspension

_SQLITE = "sqlite:///"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands `suspend` and `resume`."""
    off = subparsers.add_parser(
        "suspend",
        help="turn scoring off at every door",
        description="Turn scoring off on this machine, and for every machine that serves the same records. The"
        " checklist and the records go on working.",
    )
    off.add_argument("--reason", required=True, metavar="TEXT", help="why, in one sentence that everybody may read")
    add_records_options(off)
    off.set_defaults(func=run_suspend)
    on = subparsers.add_parser("resume", help="turn scoring on again")
    add_records_options(on)
    on.set_defaults(func=run_resume)


def run_suspend(args: argparse.Namespace) -> int:
    """Turn scoring off: first on this machine, which needs nothing that could be broken.

    Raises:
        UserError: there is no reason, or the records cannot be told; this machine is told in any case.
    """
    folder, address = records_of(args)
    reason = suspension.plain_reason(args.reason)
    if not reason:
        raise UsageError("Say with --reason, in one sentence that everybody may read, why scoring is turned off.")
    found = Suspension(reason, person(), datetime.now(UTC).isoformat())
    suspension.suspend(found, folder)
    sys.stdout.write(f"Scoring is turned off on this machine, for everything that uses the data folder\n{folder}\n")
    try:
        told = _tell(folder, address, found)
    except UserError as problem:
        raise RecordsError(
            f"The records could not be told, so that other machines may go on scoring. {problem.message}"
        ) from None
    if told is None:
        sys.stdout.write("There are no records there yet, so there was nothing else to tell.\n")
    else:
        sys.stdout.write("It is turned off for every machine that serves these records, and stands in their trail.\n")
    return 0


def run_resume(args: argparse.Namespace) -> int:
    """Turn scoring on again, in the records and then on this machine.

    Raises:
        UserError: the records cannot be told; nothing is changed then.
    """
    folder, address = records_of(args)
    told = _tell(folder, address, None)
    was_off = suspension.resume(folder)
    sys.stdout.write("Scoring is turned on again.\n" if was_off or told else "Scoring was on already.\n")
    return 0


def _tell(folder: Path, address: str, found: Suspension | None) -> bool | None:
    """Note it in the records; False where they said so already, None where there are no records."""
    if address.startswith(_SQLITE) and not Path(address.removeprefix(_SQLITE)).is_file():
        return None
    # Only here: a machine that scores and keeps no records has none of these libraries.
    from triage.casework.suspension import keep
    from triage.records.actor import operator
    from triage.records.database import Database
    from triage.records.keys import Keys
    from triage.records.revision import revision_of

    database = Database.open(address, Keys.load(folder / "keys"))
    try:
        with database.read() as view:
            if revision_of(view.connection) is None:
                return None
        return keep(database, operator(person()), found)
    finally:
        database.close()
