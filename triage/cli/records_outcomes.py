"""How do outcomes get from the records to where a model can learn from them? The command `records outcomes`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from triage.casework.exporting import export
from triage.casework.service import make_service
from triage.cli.options import add_engine_options, engine_from
from triage.cli.records_open import opened
from triage.cli.records_options import add_records_options, person
from triage.errors import UsageError
from triage.records.actor import Actor

_WHY = {
    "practice": "invented clients of practice mode",
    "objected": "objected to being scored",
    "no_score": "had no score before the outcome was known",
    "did_not_want_work": "had a job to go to, or were moved to another one",
    "unknown_outcome": "what became of them is no longer a known kind of outcome",
}


def add_outcomes_parser(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `records outcomes`."""
    parser = verbs.add_parser("outcomes", help="export what became of clients, for learning, without identities")
    parser.add_argument("file", type=Path, metavar="FILE", help="a new file: .csv, .xlsx or .parquet")
    add_records_options(parser)
    add_engine_options(parser)
    parser.set_defaults(func=run_outcomes)


def run_outcomes(args: argparse.Namespace) -> int:
    """Write the outcomes; returns the exit code 0.

    Raises:
        UserError: there are none, or the file is there already or cannot be written.
    """
    if args.file.exists():
        raise UsageError(f"{args.file} is there already. Give another name.")
    engine = engine_from(args)
    with opened(args) as (_, database):
        actor = Actor(f"command:{person()}", person(), "analyst", "", "command")
        done = export(make_service(database, engine), actor, args.file)
    sys.stdout.write(f"{done.rows} clients with their answers, support and outcome are in {done.path}.\n")
    for why, count in done.left_out.items():
        sys.stdout.write(f"  {count} left out: {_WHY.get(why, why)}\n")
    return 0
