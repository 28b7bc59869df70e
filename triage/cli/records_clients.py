"""How does what is held about people go, or get given to them? `records erase`, `retain` and `subject-access`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from triage.checklist import Checklist
from triage.cli.progress import Progress
from triage.cli.records_open import acting, add_periods_option, client, opened, periods_of
from triage.cli.records_options import add_records_options
from triage.cli.subject_page import subject_page
from triage.errors import UsageError
from triage.records import retention
from triage.records.audit import Event
from triage.records.database import Database
from triage.records.erase import erase_assessment, rows_about, scrub
from triage.records.heads import export_head
from triage.records.subject import subject_access

_NOT_ASKED = 2


def add_client_parsers(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `records erase`, `records retain` and `records subject-access`."""
    erase = verbs.add_parser("erase", help="erase everything about one client, for good")
    erase.add_argument("client", metavar="REFERENCE", help="the reference of the assessment, or its id")
    erase.add_argument("--yes", action="store_true", help="do it; without this, only say what would go")
    add_records_options(erase)
    erase.set_defaults(func=run_erase)
    retain = verbs.add_parser("retain", help="erase whatever has been kept long enough")
    retain.add_argument("--dry-run", action="store_true", help="only say what would go")
    add_periods_option(retain)
    add_records_options(retain)
    retain.set_defaults(func=run_retain)
    access = verbs.add_parser("subject-access", help="write everything that is held about one client")
    access.add_argument("client", metavar="REFERENCE", help="the reference of the assessment, or its id")
    access.add_argument(
        "-o", "--output", type=Path, metavar="NAME", required=True, help="write NAME.json and NAME.html"
    )
    access.add_argument(
        "--checklist", type=Path, metavar="FOLDER", help="an organisation's checklist, for its questions"
    )
    add_records_options(access)
    access.set_defaults(func=run_access)


def run_erase(args: argparse.Namespace) -> int:
    """Erase one client, or say what would go; returns 0, or 2 where nothing was erased.

    Raises:
        UserError: there is no such client, or the erasure cannot be written down.
    """
    with opened(args) as (installation, database):
        row = client(database, args.client)
        if not args.yes:
            with database.read() as view:
                found = rows_about(view, database.keys, row["id"])
            sys.stdout.write("\n".join(_counts({name: len(ids) for name, ids in found.items()})))
            sys.stdout.write("\nNothing was erased. To erase all of this for good, add --yes.\n")
            return _NOT_ASKED
        event = Event(acting(), "records_erased", row["id"], row["office"])
        done = erase_assessment(database, event, row["id"], installation.erasures)
        export_head(database, installation.heads)
        lines = [*_counts(done.rows), f"Erased {sum(done.rows.values())} rows about {row['reference']}."]
        if done.files:
            lines.append(f"With them {done.files} uploaded file of a list, which named the client beside others.")
        lines += [_left(database, done.scrubbed), "Backups still hold it until you delete them; a restore erases it."]
    sys.stdout.write("\n".join([*lines, ""]))
    return 0


def run_retain(args: argparse.Namespace) -> int:
    """Erase what has been kept long enough, or say what would go; returns the exit code 0.

    Raises:
        UserError: the periods cannot be read, or an erasure cannot be written down.
    """
    periods = periods_of(args.checklist)
    progress = Progress("records")
    with opened(args) as (installation, database):
        done = retention.run(
            database, periods, datetime.now(UTC), installation.erasures, actor=acting(), dry=args.dry_run,
            progress=progress,
        )  # fmt: skip
        progress.clear()
        if not args.dry_run:
            export_head(database, installation.heads)
            if done.scrubbed is None:
                # An earlier erasure may have found the file held by another program.
                scrub(database)
        lines = _counts(done.erased) or ["Nothing has been kept for too long."]
        lines += [f"{count:>8,}  {kind}: due, and held" for kind, count in done.held.items()]
        if args.dry_run:
            lines.append("Nothing was erased: this was a dry run.")
        elif done.scrubbed is not None:
            lines.append(_left(database, done.scrubbed))
    sys.stdout.write("\n".join([*lines, ""]))
    return 0


def run_access(args: argparse.Namespace) -> int:
    """Write what is held about one client; returns the exit code 0.

    Raises:
        UserError: there is no such client, or a file cannot be written.
    """
    checklist = Checklist.load(args.checklist)
    targets = [args.output.with_name(f"{args.output.name}.{ending}") for ending in ("json", "html")]
    for path in targets:
        if path.exists():
            raise UsageError(f"{path} is there already. Choose a new name: nothing is replaced.")
    with opened(args) as (installation, database):
        row = client(database, args.client)
        data = subject_access(
            database, Event(acting(), "subject_access", row["id"], row["office"], note=True), row["id"]
        )
        export_head(database, installation.heads)
    _write(targets[0], json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    _write(targets[1], subject_page(data, checklist))
    sys.stdout.write(f"Wrote {targets[0]} and {targets[1]}. They hold personal data: keep them safe.\n")
    return 0


def _counts(rows: dict[str, int]) -> list[str]:
    return [f"{count:>8,}  {name.replace('_', ' ')}" for name, count in rows.items()]


def _left(database: Database, scrubbed: bool) -> str:
    """What may still be found on the disk."""
    if scrubbed:
        return "Nothing of it is left in the file of the database."
    if database.engine.dialect.name == "sqlite":
        return "Its bytes may still be in the file: another program held it. Run 'ltu-triage records retain' later."
    return "PostgreSQL overwrites its bytes when it tidies up; 'VACUUM FULL' does so at once."


def _write(path: Path, text: str) -> None:
    """A file that its owner alone can read."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as problem:
        raise UsageError(f"{path} cannot be written: {problem.strerror}.") from None
