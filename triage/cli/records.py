"""How are the records looked after? The command `records`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from triage.cli.progress import Progress
from triage.cli.records_clients import add_client_parsers
from triage.cli.records_open import acting, add_periods_option, installation_of, opened, periods_of, plainly
from triage.cli.records_options import add_records_options
from triage.cli.records_outcomes import add_outcomes_parser
from triage.errors import UsageError
from triage.policies import policies_folder
from triage.records.backup import backup
from triage.records.migrate import migrate
from triage.records.restore import Done, restore, restore_in_place


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands `records ...`."""
    group = subparsers.add_parser("records", help="migrate, back up, restore and erase the records")
    verbs = group.add_subparsers(dest="records_verb", metavar="COMMAND", required=True)
    up = verbs.add_parser("migrate", help="make the tables, or bring them up to this version")
    add_records_options(up)
    up.set_defaults(func=run_migrate)
    save = verbs.add_parser("backup", help="save the records into one file; the keys are not in it")
    save.add_argument("file", type=Path, metavar="FILE", help="a new file, for instance records-2026-10-31.zip")
    add_records_options(save)
    save.set_defaults(func=run_backup)
    back = verbs.add_parser("restore", help="bring the records back from a backup into an empty database")
    back.add_argument("file", type=Path, metavar="FILE", nargs="?", help="a backup")
    back.add_argument(
        "--in-place", action="store_true", help="the database was put back by other means: erase again what was erased"
    )
    add_periods_option(back)
    add_records_options(back)
    back.set_defaults(func=run_restore)
    add_client_parsers(verbs)
    add_outcomes_parser(verbs)


def run_migrate(args: argparse.Namespace) -> int:
    """Make or change the tables; returns the exit code 0.

    Raises:
        UserError: the database cannot be used, or a newer version made its tables.
    """
    installation = installation_of(args)
    with plainly():
        database = installation.connect_or_make()
        try:
            installation.check_not_restoring(database)
            done = migrate(database, acting())
        finally:
            database.close()
    if done.before == done.after:
        sys.stdout.write(f"The tables are up to date (revision {done.after}).\n")
    else:
        how = "made as" if done.before is None else f"brought up from revision {done.before} to"
        sys.stdout.write(f"The tables were {how} revision {done.after}.\n")
    if done.copy is not None:
        sys.stdout.write(f"A copy of what was there before is {done.copy}. It goes after some weeks.\n")
    return 0


def run_backup(args: argparse.Namespace) -> int:
    """Save the records; returns the exit code 0.

    Raises:
        UserError: the file is there already or cannot be written, or PostgreSQL's programs are missing.
    """
    progress = Progress("pages")
    with opened(args) as (installation, database):
        made = backup(installation, database, args.file, progress)
    progress.clear()
    sys.stdout.write(
        f"Saved everything up to event {made.seq} in {args.file}.\n"
        f"The keys are not in it. Keep a copy of {installation.folder / 'keys'} elsewhere: without them it is worth"
        " nothing.\n"
    )
    policies = policies_folder(installation.folder)
    if policies.is_dir():
        sys.stdout.write(f"The promoted policies are not in it either. Keep a copy of {policies} with it.\n")
    return 0


def run_restore(args: argparse.Namespace) -> int:
    """Bring the records back; returns the exit code 0.

    Raises:
        UserError: the backup or the database cannot be used.
    """
    if (args.file is None) == (not args.in_place):
        raise UsageError("Give a backup, or --in-place for a database that was put back by other means.")
    installation, periods = installation_of(args), periods_of(args.checklist)
    with plainly():
        if args.in_place:
            done = restore_in_place(installation, acting(), periods, _say)
        else:
            done = restore(installation, args.file, acting(), periods, _say)
    sys.stdout.write("\n".join([*_told(done), ""]))
    return 0


def _say(text: str) -> None:
    sys.stderr.write(f"{text} ...\n")


def _told(done: Done) -> list[str]:
    facts = done.facts
    lines = [f"The records are as they were after event {facts.kept}."]
    if facts.lost:
        lines.append(f"Lost: events {facts.kept + 1} to {facts.known}. The audit trail says so from now on.")
    else:
        lines.append("No event is known to be lost.")
    lines.append(f"Erased again: {done.erased_again}. Kept long enough, and erased: {done.retained}.")
    lines.append("Now check them: ltu-triage audit verify")
    return lines
