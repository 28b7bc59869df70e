"""How is a model learned from an organisation's own outcomes? The command `learn`."""

from __future__ import annotations

import argparse
import os
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from triage.bundle import Bundle
from triage.checklist import Checklist
from triage.cli.learn_kept import SEED, check_same, check_wanted, keep, put, write_training
from triage.cli.options import day
from triage.cli.outcomes import check_installed, read_file, say_remarks, weeks
from triage.cli.progress import Progress
from triage.cli.tracking import add_tracking_option, tracking_of
from triage.content import content_root
from triage.errors import OutcomesError, UsageError
from triage.faults import Fault, did_you_mean
from triage.features import Features
from triage.outcomes import load_kinds
from triage.outcomes.guards import review
from triage.outcomes.problems import Remark
from triage.outcomes.read import OutcomesFile
from triage.tracking.about import LEARNING
from triage.tracking.data import DataFile

if TYPE_CHECKING:
    from triage.bundle.release import Release
    from triage.learning import Start

DONE, IN_PART = 0, 3
_NAME = re.compile("[a-z0-9][a-z0-9._-]{0,63}")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `learn`."""
    parser = subparsers.add_parser(
        "learn",
        help="learn a model from outcomes, starting from the evidence",
        description="Learn a model from people whose answers and outcomes are known, and release it as a new bundle"
        " with its card. It starts from the published evidence and leaves it as far as the outcomes show. Exit code: 0"
        " done, 3 done without the rows that cannot be used or without the tracking server, 2 nothing could be done.",
    )
    parser.add_argument("outcomes", type=Path, metavar="OUTCOMES", help="answers and outcomes (CSV, XLSX, Parquet)")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER", help="a new folder")
    parser.add_argument("--horizon", type=weeks, metavar="52w", help="default: that of the checklist's label")
    parser.add_argument("--name", metavar="ID", help="the model's version (default: the folder's name)")
    parser.add_argument("--seed", default=SEED, metavar="WORD", help="the same word, the same model")
    _add_data(parser.add_argument_group("the outcomes"))
    group = parser.add_argument_group("read the file and start from (the shipped ones where not given)")
    group.add_argument("--checklist", type=Path, metavar="FOLDER", help="an organisation's checklist and features")
    group.add_argument("--recipe", type=Path, metavar="FILE", help="the evidence recipe to start from")
    group.add_argument("--areas", type=Path, metavar="FILE", help="a CSV of areas in place of the shipped table")
    _add_kept(parser.add_argument_group("keep it on a tracking server"))
    parser.set_defaults(func=run)


def _add_kept(group: argparse._ArgumentGroup) -> None:
    add_tracking_option(group)
    group.add_argument("--register", action="store_true", help="register the model there as the challenger")
    group.add_argument("--log-only", action="store_true", help="learn nothing: keep what is in FOLDER already")


def _add_data(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--first", type=day, metavar="DATE", help="the first day a job ended, where no column says it")
    group.add_argument("--last", type=day, metavar="DATE", help="the last day a job ended")
    group.add_argument(
        "--known-at-intake", metavar="QUESTION", action="append", default=[],
        help="somebody has checked that this was asked at intake, although it tells the outcome suspiciously well",
    )  # fmt: skip
    group.add_argument(
        "--competing", choices=("not_back", "censored"), default="not_back",
        help="what retirement or death before the horizon means (default: not back in work)",
    )  # fmt: skip
    group.add_argument("--unusable", type=Path, metavar="FILE", help="write the rows that cannot be used, as CSV")


def run(args: argparse.Namespace) -> int:
    """Learn, release, say what was found and keep it; returns the exit code 0 or 3.

    Raises:
        UserError: the file cannot be used, nothing can be learned from it, or the tracking server does not answer.
    """
    check_installed()
    tracking = tracking_of(args, LEARNING)
    check_wanted(args, tracking)
    if args.log_only and tracking is not None:
        check_same(args)
        put(args, tracking)
        return DONE
    whole = _learn(args)
    return DONE if (tracking is None or keep(args, tracking)) and whole else IN_PART


def _learn(args: argparse.Namespace) -> bool:
    """Learn, release and say what was found; False where rows could not be used."""
    from triage.bundle.release import check_new
    from triage.learning import Settings, Start, learn
    from triage.learning.release import About, period_of, release_learned
    from triage.learning.summary import lines
    from triage.learning.support import learn_without

    name, period = _checked_name(args), _period(args)
    check_new(args.output)
    _check_writable(args.output)
    checklist = Checklist.load(args.checklist)
    features = Features.load(checklist, args.areas)
    start = Start.of(_recipe(args, checklist), features)
    found = read_file(args.outcomes, features, args.unusable)
    file = DataFile.of(args.outcomes, found.outcomes)
    settings = Settings(seed=args.seed, competing=args.competing)
    horizon = args.horizon or float(checklist.label.horizon_weeks)
    remarks = _reviewed(found, features, start, horizon, args)
    about = About(name, load_kinds(checklist.folder), period, remarks)
    period_of(found.outcomes, about)
    progress = Progress("pieces of work")
    learned = learn(found.outcomes, start, horizon, settings, progress)
    without = learn_without(learned, progress)
    progress.clear()
    judging = Progress("resamples")
    release = release_learned(learned, about, without, progress=judging)
    judging.clear()
    _write(release, args.output)
    training = write_training(args, found.outcomes, file, learned)
    print("\n".join(lines(learned, without, Bundle.load(args.output).manifest)))
    print(f"Written: {args.output}\n{training}")
    return not found.unusable


def _write(release: Release, folder: Path) -> None:
    try:
        release.write(folder)
    except OSError as problem:
        raise UsageError(f"{folder} cannot be written: {problem.strerror}.") from None


def _checked_name(args: argparse.Namespace) -> str:
    name = str(args.name or args.output.name)
    if not _NAME.fullmatch(name):
        raise UsageError(f"'{name}' cannot be the id of a model: use small letters, digits, '.', '_', '-', or --name.")
    return name


def _check_writable(folder: Path) -> None:
    """Refuse a folder that cannot be made, before the long work and not after it."""
    above = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise UsageError(f"{folder} cannot be written: nothing can be made in {above}. Choose another folder.")


def _recipe(args: argparse.Namespace, checklist: Checklist) -> Path:
    """The recipe asked for, the one that stands beside an organisation's own checklist, or the shipped one."""
    if args.recipe is not None:
        return Path(args.recipe)
    if args.checklist is None:
        return content_root() / "models" / "recipes" / "evidence.yaml"
    own = checklist.folder.find("evidence.yaml")
    if own is None:
        raise UsageError(
            f"There is no evidence.yaml in {args.checklist}. Learning starts from an evidence recipe: name one with"
            " --recipe. A question of which no evidence is known has the odds ratio 1 there."
        )
    return own


def _period(args: argparse.Namespace) -> tuple[date, date] | None:
    if (args.first is None) != (args.last is None):
        raise UsageError("Give both --first and --last, or neither.")
    if args.first is not None and args.first > args.last:
        raise UsageError("--first is a later day than --last.")
    return None if args.first is None else (args.first, args.last)


def _reviewed(
    found: OutcomesFile, features: Features, start: Start, horizon: float, args: argparse.Namespace
) -> tuple[Remark, ...]:
    """What should be known of the outcomes, said aloud.

    Raises:
        UsageError: a question that is called known at intake is none.
        OutcomesError: something speaks against learning from them.
    """
    known = features.checklist.by_id
    faults = [
        Fault("--known-at-intake", f"the checklist has no question '{name}'.", did_you_mean(name, known))
        for name in args.known_at_intake
        if name not in known
    ]
    if faults:
        raise UsageError("These questions are not known.", faults)
    low, high = start.recipe.base_rate.plausible
    # The share that the recipe expects is that at the checklist's own horizon.
    own = horizon == features.checklist.label.horizon_weeks
    remarks = review(
        found.outcomes, features, horizon, competing=args.competing, accepted=args.known_at_intake,
        plausible_rate=(float(low), float(high)) if own else None,
    )  # fmt: skip
    everything = (*found.remarks, *remarks)
    say_remarks(found.notes, [remark for remark in everything if remark.severity != "stop"])
    stops = [remark.text for remark in everything if remark.severity == "stop"]
    if stops:
        raise OutcomesError("Nothing was learned.", [Fault("", text) for text in stops])
    return everything
