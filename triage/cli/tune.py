"""Which cut-offs should be used, and what would follow from them? The command `tune`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import triage
from triage.cli.options import cutoffs_beside, model_place, resamples
from triage.cli.outcomes import check_installed, check_to_judge_by, read_file
from triage.cli.progress import Progress
from triage.cli.tracking import add_tracking_option, kept, launched_by, needed, tracking_of
from triage.cli.tune_checks import asserted_of, check_new, check_together, check_unseen
from triage.errors import UsageError
from triage.outcomes import Outcomes
from triage.outcomes.seen import training_folder
from triage.registry import is_address
from triage.tracking.data import DataFile

if TYPE_CHECKING:
    from triage.tracking.client import Tracking
    from triage.tuning import Asked, Asserted, Scores, Tuning

DONE, IN_PART = 0, 3
#: Resamples; each one keeps three sums for each group and cut-off.
_MOST = 5_000
#: The question whose groups are compared where none is named.
_AGE = "age"
_AGAIN = "What was found is in the folder. To keep it there too, give the command again with another folder."


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `tune`."""
    parser = subparsers.add_parser(
        "tune",
        help="show what follows from each cut-off, and compare policies",
        description="Sweep the cut-offs of a model over people whose answers and outcomes are known and whom it has not"
        " seen, and compare policies with the one in force. Exit code: 0 done, 3 done without the rows that cannot be"
        " used or without the tracking server, 2 nothing could be done.",
    )
    parser.add_argument("outcomes", type=Path, metavar="OUTCOMES", help="answers and outcomes (CSV, XLSX, Parquet)")
    parser.add_argument(
        "--model", type=model_place, metavar="MODEL", help="a bundle's folder, or models:/NAME@ALIAS (default: shipped)"
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FOLDER", help="where everything is written"
    )
    parser.add_argument("--unusable", type=Path, metavar="FILE", help="write the rows that cannot be used, as CSV")
    parser.add_argument("--seed", default="tuning", metavar="TEXT", help="of the resamples for the intervals")
    parser.add_argument(
        "--resamples", type=partial(resamples, most=_MOST), default=1000, metavar="N", help="how many (default: 1000)"
    )
    add_tracking_option(parser)
    parser.add_argument(
        "--log-clients", action="store_true", help="keep the clients whose band would change on the server too"
    )
    _add_policies(parser.add_argument_group("policies beside the one in force"))
    _add_unseen(parser.add_argument_group("whether the model has seen these people"))
    group = parser.add_argument_group("read the file with (the shipped ones where not given)")
    group.add_argument("--checklist", type=Path, metavar="FOLDER", help="an organisation's checklist and features")
    group.add_argument("--in-force", type=Path, metavar="FILE", help="the cut-offs in force")
    group.add_argument("--areas", type=Path, metavar="FILE", help="a CSV of areas in place of the shipped table")
    group.add_argument("--public-key", type=Path, metavar="FILE", help="refuse a model or cut-offs not signed with it")
    parser.set_defaults(func=run)


def _add_policies(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--cutoffs", type=Path, action="append", default=[], metavar="FILE", help="a cut-offs file (may be given twice)"
    )
    group.add_argument(
        "--at", type=_band_at, action="append", default=[], metavar="BAND=PERCENT",
        help="a policy with this cut-off, as enhanced=12 (once for each band that moves)",
    )  # fmt: skip
    group.add_argument(
        "--band", metavar="ID", help="whose cut-off is solved or follows from costs (default: the highest)"
    )
    group.add_argument("--places", type=_number, metavar="N", help="solve: at most so many places a week")
    group.add_argument("--arrivals", type=_number, metavar="N", help="people with enough answers who come in a week")
    group.add_argument(
        "--most-gap", type=_points, metavar="POINTS", help="solve: recall differs between groups by at most so much"
    )
    group.add_argument("--gap-of", metavar="NAME", help="the question or column of those groups (age)")
    group.add_argument("--local", type=Path, metavar="FILE", help="a CSV with partnership, places and arrivals a week")
    group.add_argument("--local-of", metavar="COLUMN", help="the group column that names the partnership")
    group.add_argument("--floor", type=_percent, metavar="PERCENT", help="from here on nobody is left out locally")
    group.add_argument("--place-cost", type=_amount, metavar="X", help="what a place costs")
    group.add_argument("--missed-cost", type=_amount, metavar="X", help="what a place would have saved, if missed")


def _add_unseen(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--training", type=Path, metavar="FOLDER", help="the model's training record, if not beside it")
    group.add_argument(
        "--out-of-fold", action="store_true", help="the file it learned from, by scores of held-out folds"
    )
    group.add_argument("--unseen-asserted-by", metavar="NAME", help="who says so, where nobody can check")
    group.add_argument("--because", metavar="TEXT", help="why they can say so")


def run(args: argparse.Namespace) -> int:
    """Tune and say what was found; returns the exit code 0 or 3.

    Raises:
        UserError: something cannot be used, or the model has seen these people.
    """
    check_installed()
    from triage.evaluation import Settings
    from triage.tuning import tune
    from triage.tuning.tracked import EXPERIMENT
    from triage.tuning.write import lines, write_tuning

    asserted, tracking = asserted_of(args), tracking_of(args, EXPERIMENT)
    if args.log_clients:
        needed(tracking, "--log-clients")
    check_new(args.output)
    engine = triage.load(
        args.model, checklist=args.checklist, cutoffs=cutoffs_beside(args, "in_force"), areas=args.areas,
        public_key=args.public_key,
    )  # fmt: skip
    asked = _asked(args, engine)
    check_unseen(args, engine)
    found = read_file(args.outcomes, engine.features, args.unusable)
    file = DataFile.of(args.outcomes, found.outcomes)
    check_to_judge_by(found, engine, float(engine.bundle.manifest.label.horizon_weeks))
    scores = _scores(args, engine, found.outcomes, tracking, asserted)
    progress = Progress("resamples")
    tuning = tune(
        engine, found.outcomes, scores, asked=asked, settings=Settings(seed=args.seed, resamples=args.resamples),
        digest=file.sha256, progress=progress,
    )  # fmt: skip
    progress.clear()
    written = write_tuning(tuning, args.output)
    print("\n".join(lines(tuning.data)))
    safe = True
    if tracking is not None:
        safe = kept(lambda: _keep(args, tracking, tuning, file), _AGAIN)
        # Again, because each policy now names its run.
        write_tuning(tuning, args.output)
    for path in written:
        print(f"Written: {path}", file=sys.stderr)
    return DONE if safe and not found.unusable else IN_PART


def _keep(args: argparse.Namespace, tracking: Tracking, tuning: Tuning, file: DataFile) -> str:
    from triage.tuning.tracked import keep_tuning

    return keep_tuning(tracking, tuning.data, file, tuning.movers if args.log_clients else None, launched_by())


def _scores(
    args: argparse.Namespace, engine: triage.Engine, outcomes: Outcomes, tracking: Tracking | None,
    asserted: Asserted | None,
) -> Scores:  # fmt: skip
    """The scores that these outcomes may be tuned on.

    Raises:
        UserError: the model has seen some of these people, or nobody can tell.
    """
    from triage.tuning import scores_of
    from triage.tuning.training import fetch_training

    record = None
    with tempfile.TemporaryDirectory(prefix="ltu-tune-") as folder:
        if args.training is not None:
            record = args.training
        elif is_address(args.model) and engine.bundle.manifest.source != "evidence":
            server = needed(tracking, f"The training record of {args.model}")
            record = fetch_training(str(args.model), server, Path(folder))
        elif args.model is not None and not is_address(args.model):
            record = training_folder(Path(args.model))
        return scores_of(engine.bundle, outcomes, record, out_of_fold=args.out_of_fold, asserted=asserted)


def _asked(args: argparse.Namespace, engine: triage.Engine) -> Asked:
    """The policies that are compared with the one in force.

    Raises:
        UserError: options do not go together, or a policy cannot be used.
    """
    from triage.tuning import Asked
    from triage.tuning.candidates import at_percents, check_band, from_file
    from triage.tuning.costs import Costs
    from triage.tuning.local import Local, read_partnerships
    from triage.tuning.solver import Wish

    check_together(args)
    band = args.band or engine.points.ids[-1]
    check_band(engine, band)
    candidates = [from_file(path, engine) for path in args.cutoffs]
    if args.at:
        candidates.append(at_percents(engine, _bands_at(args)))
    wish = local = costs = None
    if args.places is not None:
        wish = Wish(band, args.places, args.arrivals, args.most_gap, args.gap_of or _AGE)
    if args.local is not None:
        local = Local(args.local_of.removeprefix("group_"), args.floor, read_partnerships(args.local))
    if args.place_cost is not None:
        costs = Costs(band, args.place_cost, args.missed_cost)
        at_percents(engine, {band: costs.percent}, "cost")
    return Asked(candidates, wish, local, costs)


def _bands_at(args: argparse.Namespace) -> dict[str, Decimal]:
    percents = dict(args.at)
    if len(percents) < len(args.at):
        raise UsageError(
            "--at names a band twice. It makes one policy: give each band once, and files for more policies."
        )
    return percents


def _band_at(text: str) -> tuple[str, Decimal]:
    band, sign, percent = text.partition("=")
    if not sign or not band:
        raise argparse.ArgumentTypeError(f"{text!r} is no cut-off of a band. Write it as enhanced=12.")
    return band.strip(), _percent(percent)


def _percent(text: str) -> Decimal:
    found = _amount(text.strip().removesuffix("%"))
    if not 0 < found < 100:
        raise argparse.ArgumentTypeError(f"{text!r} must lie between 0 and 100, for instance 12.5.")
    return found


def _points(text: str) -> float:
    """Percentage points as a share."""
    return float(_percent(text)) / 100


def _number(text: str) -> float:
    return float(_amount(text))


def _amount(text: str) -> Decimal:
    """A plain number from 0 on, of at most twelve digits, and of no more than nine places."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number. Write it as 12.5.") from None
    if not found.is_finite() or found < 0 or len(found.as_tuple().digits) > 12 or abs(found.adjusted()) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number that can be used here. Write it as 12.5.")
    return found
