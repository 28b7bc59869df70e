"""How does the service do, by its own records and by outcomes as they arrive? The command `monitor`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import triage
from triage.casework.service import make_service
from triage.cli.options import add_engine_options, day, engine_choices
from triage.cli.outcomes import check_installed, read_file, say_remarks
from triage.cli.policy_folder import add_policies_option, in_force
from triage.cli.progress import Progress
from triage.cli.records_open import opened
from triage.cli.records_options import add_records_options, person
from triage.cli.tracking import add_tracking_option, kept, launched_by, tracking_of
from triage.errors import UsageError
from triage.outcomes.read import OutcomesFile
from triage.records.actor import Actor
from triage.tracking.client import ADDRESS, address_of
from triage.tracking.data import DataFile

if TYPE_CHECKING:
    from triage.evaluation.figures import Progress as Told

DONE, IN_PART, ALERTS = 0, 3, 4
#: The model that waits for its turn in the registry.
CHALLENGER = "models:/ltu-triage@challenger"
_AGAIN = "The files are written. To keep the figures there, give the same command again once the server answers."


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `monitor`."""
    parser = subparsers.add_parser(
        "monitor",
        help="say how the service does: drift, calibration, recall by group, changed proposals",
        description="Look at the records of the service, and at outcomes as they arrive, and say what calls for"
        " somebody to look. Writes monitoring.json, monitoring.html and alerts.json. Exit code: 0 no alert, 4 there are"
        " alerts, 3 no alert, and done without rows that cannot be used or without the tracking server, 2 nothing could"
        " be done.",
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER", help="for the three files")
    parser.add_argument(
        "--outcomes", type=Path, action="append", default=[], metavar="FILE",
        help="outcomes from elsewhere, beside those of the records (may be given twice)",
    )  # fmt: skip
    parser.add_argument(
        "--from", dest="since", type=day, metavar="DATE", help="the first day (default: the first score)"
    )
    parser.add_argument("--to", dest="until", type=day, metavar="DATE", help="the last day (default: today)")
    parser.add_argument("--by", choices=("month", "week"), default="month", help="how time is divided (default: month)")
    parser.add_argument(
        "--challenger", metavar="MODEL", help="a model to score in the shadow: a folder, or models:/NAME@ALIAS"
    )
    parser.add_argument("--shadow", action="store_true", help=f"the same with the registry's own: {CHALLENGER}")
    parser.add_argument("--simulated", action="store_true", help="everybody in the records is simulated: a rehearsal")
    add_tracking_option(parser)
    add_records_options(parser)
    add_policies_option(parser)
    add_engine_options(parser)
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Look, write and say what was found; returns the exit code 0, 3 or 4.

    Raises:
        UserError: the records, the model or a file cannot be used, or nobody was scored.
    """
    check_installed()
    _check(args)
    from triage.monitoring import Wanted, monitor
    from triage.monitoring.rules import load_rules
    from triage.monitoring.tracked import EXPERIMENT, keep_monitoring
    from triage.monitoring.write import lines, write_monitoring

    tracking = tracking_of(args, EXPERIMENT)
    used = in_force(args, args.cutoffs)
    choices = {**engine_choices(args), "cutoffs": used.path}
    engine = triage.load(**choices)
    files = [_read(path, engine) for path in args.outcomes]
    in_part = any(found.unusable for found in files)
    with _registry(args):
        challenger = _challenger(args, choices)
    wanted = Wanted(args.by, args.since, args.until, [file.outcomes for file in files], challenger, args.simulated)
    with opened(args) as (_, database):
        actor = Actor(f"command:{person()}", person(), "analyst", "", "command")
        shown = _Stages()
        data = monitor(make_service(database, engine, policy=used.promoted), actor, wanted, shown)
        shown.clear()
    rules = load_rules(engine.checklist.folder).drift
    written = write_monitoring(data, rules, args.output, in_part)
    print("\n".join([*([used.said] if used.said else []), *lines(data)]))
    for path in written:
        print(f"Written: {path}", file=sys.stderr)
    data_files = [DataFile.of(path, file.outcomes) for path, file in zip(args.outcomes, files, strict=True)]
    safe = tracking is None or kept(
        lambda: keep_monitoring(tracking, data, rules, data_files, in_part, launched_by()), _AGAIN
    )
    return ALERTS if data["alerts"] else DONE if safe and not in_part else IN_PART


def _check(args: argparse.Namespace) -> None:
    """Refuse before any work what cannot be meant.

    Raises:
        UsageError: two options contradict each other.
    """
    if args.since and args.until and args.since > args.until:
        raise UsageError("--from is a later day than --to.")
    if args.shadow and args.challenger:
        raise UsageError("--shadow takes the registry's own challenger. Give it, or --challenger, not both.")
    if args.output.is_file():
        raise UsageError(f"{args.output} is a file. Name a folder for the three files.")


def _read(path: Path, engine: triage.Engine) -> OutcomesFile:
    found = read_file(path, engine.features)
    say_remarks(found.notes, found.remarks)
    return found


def _challenger(args: argparse.Namespace, choices: dict[str, Any]) -> triage.Engine | None:
    """The model to score in the shadow, with the same checklist and cut-offs."""
    named = CHALLENGER if args.shadow else args.challenger
    return None if named is None else triage.load(**{**choices, "bundle": named})


@contextmanager
def _registry(args: argparse.Namespace) -> Generator[None]:
    """The server of --tracking is the registry, too, where nothing else says which."""
    before, address = os.environ.get(ADDRESS), address_of(args.tracking)
    if address is not None:
        os.environ[ADDRESS] = address
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(ADDRESS, None)
        else:
            os.environ[ADDRESS] = before


class _Stages:
    """Shows how far the present stage is."""

    def __init__(self) -> None:
        self._bar: Progress | None = None

    def __call__(self, words: str) -> Told:
        self.clear()
        self._bar = Progress(words)
        return self._bar

    def clear(self) -> None:
        """Take the line away."""
        if self._bar is not None:
            self._bar.clear()
