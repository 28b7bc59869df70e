"""Which options of `tune` go together, and which would do nothing? Refused before the long work."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import triage
from triage.errors import UsageError
from triage.outcomes.seen import SEEN

if TYPE_CHECKING:
    from triage.tuning import Asserted


def check_new(folder: Path) -> None:
    """Refuse a folder that holds the candidates of another tuning, or cannot be made, before the long work."""
    if (folder / "policies").exists():
        raise UsageError(
            f"{folder} holds the policies of another tuning. Choose a new folder, so that none is mixed up."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UsageError(f"{folder} cannot be made: {problem.strerror}. Choose another folder.") from None


def asserted_of(args: argparse.Namespace) -> Asserted | None:
    """What somebody says who answers for it that the model has not seen these people.

    Raises:
        UsageError: a name without a reason, or a reason without a name.
    """
    from triage.tuning import Asserted

    if args.unseen_asserted_by is None and args.because is None:
        return None
    if args.unseen_asserted_by is None or args.because is None:
        raise UsageError("Give --unseen-asserted-by and --because together: who says so, and why they can.")
    return Asserted(args.unseen_asserted_by, args.because)


def check_unseen(args: argparse.Namespace, engine: triage.Engine) -> None:
    """Refuse options about whom the model has seen that would do nothing.

    Raises:
        UsageError: the training record is none, or the model has learned from nobody.
    """
    if args.training is not None and not args.training.is_dir():
        raise UsageError(f"There is no folder {args.training}. Name the training record that `learn` wrote.")
    if args.training is not None and not (args.training / SEEN).is_file():
        raise UsageError(
            f"There is no {SEEN} in {args.training}, so it is no training record. Name the folder that `learn` wrote."
        )
    given = {
        "--training": args.training is not None,
        "--out-of-fold": args.out_of_fold,
        "--unseen-asserted-by": args.unseen_asserted_by is not None,
    }
    idle = [option for option, there in given.items() if there]
    if idle and engine.bundle.manifest.source == "evidence":
        raise UsageError(
            f"{engine.bundle.version} was made from published evidence and has learned from nobody, so"
            f" {' and '.join(idle)} would do nothing. Leave it out, or name with --model the model that is meant."
        )


def check_together(args: argparse.Namespace) -> None:
    """Refuse options that need others, or do nothing by themselves.

    Raises:
        UsageError: an option that belongs with those given is missing.
    """
    groups: tuple[Mapping[str, object], ...] = (
        {"--places": args.places, "--arrivals": args.arrivals},
        {"--place-cost": args.place_cost, "--missed-cost": args.missed_cost},
        {"--local": args.local, "--local-of": args.local_of, "--floor": args.floor},
    )
    for options in groups:
        if len({value is None for value in options.values()}) > 1:
            raise UsageError(f"Give {' and '.join(options)} together.")
    if args.places is None and (args.most_gap is not None or args.local is not None):
        raise UsageError("Give --places and --arrivals as well: they are what is solved for.")
    if args.band is not None and args.places is None and args.place_cost is None:
        raise UsageError(
            "--band does nothing by itself: it says whose cut-off is solved or follows from costs. Give --places and"
            " --arrivals, or --place-cost and --missed-cost; a cut-off that is chosen already goes into --at."
        )
    if args.gap_of is not None and args.most_gap is None:
        raise UsageError("--gap-of does nothing by itself: give --most-gap as well, the most that recall may differ.")
    if args.arrivals == 0:
        raise UsageError("--arrivals has to be above 0.")
