"""Are the records as they were left? The command `audit`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from triage.cli.progress import Progress
from triage.cli.records_open import opened
from triage.cli.records_options import add_records_options
from triage.records.heads import export_head
from triage.records.verify import verify

#: The records were checked, and something is not as it was left.
FINDINGS = 3


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands `audit verify` and `audit export`."""
    group = subparsers.add_parser("audit", help="check the records, and keep the head of their audit trail")
    verbs = group.add_subparsers(dest="audit_verb", metavar="COMMAND", required=True)
    check = verbs.add_parser(
        "verify",
        help="say whether the records are as they were left",
        description="Compare every record with the audit trail, and the trail with its key and its exported heads."
        " Exits with 0 where everything is as it was left, and with 3 where something is not.",
    )
    add_records_options(check)
    check.add_argument(
        "--heads",
        type=Path,
        metavar="FILE",
        help="a copy of heads.jsonl (default: the one in the data folder)",
    )
    check.add_argument("--json", action="store_true", help="print the report as JSON, for programs")
    check.set_defaults(func=run_verify)
    export = verbs.add_parser("export", help="write the head of the audit trail to heads.jsonl")
    add_records_options(export)
    export.add_argument("--to", type=Path, metavar="FILE", help="write it to this file as well, on another disk")
    export.set_defaults(func=run_export)


def run_verify(args: argparse.Namespace) -> int:
    """Check the records and print what was found; returns 0, or 3 where something is not as it was left.

    Raises:
        UserError: the records cannot be checked.
    """
    progress = Progress("events and changes")
    with opened(args) as (installation, database):
        report = verify(database, args.heads or installation.heads, installation.erasures, progress)
    progress.clear()
    text = json.dumps(report.to_dict(), indent=1, ensure_ascii=False) if args.json else "\n".join(report.lines())
    sys.stdout.write(f"{text}\n")
    return 0 if report.sound else FINDINGS


def run_export(args: argparse.Namespace) -> int:
    """Write the head of the trail; returns the exit code 0.

    Raises:
        UserError: the trail contradicts the file, or the file cannot be written.
    """
    with opened(args) as (installation, database):
        files = [installation.heads] if args.to is None else [installation.heads, args.to]
        heads = [export_head(database, path) for path in files]
    if heads[0] is None:
        sys.stdout.write("The audit trail is empty: there is no head yet.\n")
        return 0
    for path in files:
        sys.stdout.write(f"Event {heads[0].seq} stands in {path}.\n")
    return 0
