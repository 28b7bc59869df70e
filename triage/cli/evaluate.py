"""How good is a model, by what happened to people? The command `evaluate`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import triage
from triage.bundle import Bundle
from triage.cli.options import cutoffs_beside, model_place, resamples
from triage.cli.outcomes import check_installed, check_to_judge_by, read_file, weeks
from triage.cli.progress import Progress
from triage.cli.tracking import add_tracking_option, kept, launched_by, tracking_of
from triage.errors import BundleError, TrackingError
from triage.features import Features
from triage.outcomes.seen import SEEN, Seen, training_folder
from triage.registry import is_address, open_bundle
from triage.tracking.client import Tracking
from triage.tracking.data import DataFile

DONE, IN_PART = 0, 3
_AGAIN = "The figures above hold. To keep them there, give the same command again once the server answers."


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `evaluate`."""
    parser = subparsers.add_parser(
        "evaluate",
        help="say how good a model is, by what happened to people",
        description="Judge a model by people whose answers and outcomes are known: every figure with its 95%% interval,"
        " by group, and beside what could be used instead. Exit code: 0 done, 3 done without the rows that cannot be"
        " used or without the tracking server, 2 nothing could be done.",
    )
    parser.add_argument(
        "bundle", type=model_place, metavar="MODEL", help="the model's folder, or models:/NAME@ALIAS of a registry"
    )
    parser.add_argument("outcomes", type=Path, metavar="OUTCOMES", help="answers and outcomes (CSV, XLSX, Parquet)")
    parser.add_argument(
        "-o", "--output", type=Path, action="append", default=[], metavar="PATH",
        help="a folder for evaluation.json and evaluation.html, or a file .json or .html (may be given twice)",
    )  # fmt: skip
    parser.add_argument("--horizon", type=weeks, metavar="WEEKS", help="judge at another horizon than the model's own")
    parser.add_argument("--evidence", type=model_place, metavar="MODEL", help="the evidence model to stand beside it")
    parser.add_argument(
        "--previous", type=model_place, action="append", default=[], metavar="MODEL", help="an earlier model beside it"
    )
    parser.add_argument("--unusable", type=Path, metavar="FILE", help="write the rows that cannot be used, as CSV")
    parser.add_argument("--seed", default="evaluation", metavar="TEXT", help="of the resamples for the intervals")
    parser.add_argument("--resamples", type=resamples, default=1000, metavar="N", help="how many (default: 1000)")
    add_tracking_option(parser)
    group = parser.add_argument_group("read the file with (the shipped ones where not given)")
    group.add_argument("--checklist", type=Path, metavar="FOLDER", help="an organisation's checklist and features")
    group.add_argument("--cutoffs", type=Path, metavar="FILE", help="a cut-offs file")
    group.add_argument("--areas", type=Path, metavar="FILE", help="a CSV of areas in place of the shipped table")
    group.add_argument("--public-key", type=Path, metavar="FILE", help="refuse a model or cut-offs not signed with it")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Judge the model and say what was found; returns the exit code 0 or 3.

    Raises:
        UserError: the model or the file cannot be used, or nobody can be judged by.
    """
    check_installed()
    from triage.evaluation import Settings, evaluate
    from triage.evaluation.tracked import EXPERIMENT, keep_evaluation
    from triage.evaluation.write import lines, write_evaluation

    tracking = tracking_of(args, EXPERIMENT)
    engine = triage.load(
        args.bundle,
        checklist=args.checklist,
        cutoffs=cutoffs_beside(args),
        areas=args.areas,
        public_key=args.public_key,
    )
    evidence = _evidence(args, engine.features)
    previous = [open_bundle(place, public_key=args.public_key) for place in args.previous]
    found = read_file(args.outcomes, engine.features, args.unusable)
    file = DataFile.of(args.outcomes, found.outcomes)
    check_to_judge_by(found, engine, args.horizon or float(engine.bundle.manifest.label.horizon_weeks))
    where, parent, progress = Path(args.bundle), launched_by(), Progress("resamples")
    data = evaluate(
        engine,
        found.outcomes,
        horizon=args.horizon,
        evidence=evidence,
        previous=previous,
        seen=_seen(args, engine, tracking),
        settings=Settings(seed=args.seed, resamples=args.resamples),
        progress=progress,
    ).data
    progress.clear()
    print("\n".join(lines(data)))
    for target in args.output:
        for path in write_evaluation(data, target):
            print(f"Written: {path}", file=sys.stderr)
    safe = tracking is None or kept(lambda: keep_evaluation(tracking, data, file, where, parent), _AGAIN)
    return DONE if safe and not found.unusable else IN_PART


def _seen(args: argparse.Namespace, engine: triage.Engine, tracking: Tracking | None) -> Seen | None:
    """Whom the model has seen, where its training record stands beside it, or with the run of a registered model."""
    if not is_address(args.bundle):
        folder = training_folder(Path(args.bundle))
        return _of_this(folder, args, engine) if (folder / SEEN).is_file() else None
    if engine.bundle.manifest.source != "learned":
        return None
    with tempfile.TemporaryDirectory(prefix="ltu-evaluate-") as working:
        found = _fetched(args, tracking, Path(working))
        return None if found is None else _of_this(found, args, engine)


def _of_this(folder: Path, args: argparse.Namespace, engine: triage.Engine) -> Seen | None:
    found = Seen.load(folder)
    if found.is_of(engine.bundle):
        return found
    print(f"{folder} is the training record of another model than {args.bundle}, and was not used.", file=sys.stderr)
    return None


def _fetched(args: argparse.Namespace, tracking: Tracking | None, folder: Path) -> Path | None:
    """The training record of a registered model; None, with a message, where it cannot be had."""
    from triage.tuning.training import fetch_training

    if tracking is None:
        why = "name the server that has it with --tracking."
    else:
        try:
            found = fetch_training(str(args.bundle), tracking, folder)
        except TrackingError as problem:
            why = str(problem.__cause__)
        else:
            if found is not None:
                return found
            why = "the run that made it has no training record."
    print(f"It cannot be told whether {args.bundle} has learned from some of these people: {why}", file=sys.stderr)
    return None


def _evidence(args: argparse.Namespace, features: Features) -> Bundle | None:
    """The evidence model asked for; else the shipped one where it was made for this checklist."""
    if args.evidence is not None:
        return open_bundle(args.evidence, public_key=args.public_key)
    shipped = Bundle.load()
    try:
        shipped.check_fits(features)
    except BundleError:
        return None
    return shipped
