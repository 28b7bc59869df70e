"""What do the commands share that ask a registry of models? Their options, the server, and who answers."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from triage.champion import names
from triage.cli.tracking import add_tracking_option, check_one_registry, needed, tracking_of
from triage.errors import UsageError
from triage.tracking.client import Tracking


def verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    words: str,
    func: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    """A command with the options that all of them have."""
    parser = verbs.add_parser(name, help=words)
    parser.add_argument(
        "--name", default=names.MODEL, metavar="MODEL", help=f"the registered model (default: {names.MODEL})"
    )
    add_tracking_option(parser)
    parser.set_defaults(func=func)
    return parser


def add_reason(parser: argparse.ArgumentParser) -> None:
    """Who, and why."""
    parser.add_argument("--by", required=True, metavar="NAME", help="who answers for it")
    parser.add_argument("--why", required=True, metavar="TEXT", help="their reason, in a sentence")


def add_content(parser: argparse.ArgumentParser) -> None:
    """Checklist, cut-offs and areas."""
    parser.add_argument("--checklist", type=Path, metavar="FOLDER", help="an organisation's checklist and features")
    parser.add_argument("--cutoffs", type=Path, metavar="FILE", help="a cut-offs file")
    parser.add_argument("--areas", type=Path, metavar="FILE", help="a CSV of areas in place of the shipped table")


def reason_of(args: argparse.Namespace) -> tuple[str, str]:
    """Who answers for it and why, in one line each.

    Raises:
        UsageError: one of them says nothing.
    """
    by, why = (" ".join(str(text).split()) for text in (args.by, args.why))
    if not by or len(why) < 5:
        raise UsageError("Say with --by who answers for it, and with --why the reason in a sentence.")
    return by, why


def server_of(args: argparse.Namespace, command: str, *experiments: str) -> Tracking:
    """The server, whose registry is the one that programs ask; tried at once, before the work.

    Args:
        args: of the command.
        command: its name, for people.
        experiments: the names of those that it will write into.

    Raises:
        UsageError: none is named, or programs ask another registry.
        TrackingError: it does not answer, or an experiment was deleted.
    """
    tracking = needed(tracking_of(args, *experiments), f"'{command}'")
    check_one_registry(tracking)
    return tracking
