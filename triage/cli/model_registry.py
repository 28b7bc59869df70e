"""How does a bundle become the model in force? The commands `model register`, `promote`, `rollback`, `registered`.

The other commands of `model` work without any extra, so what needs one is imported where it is used.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from triage.checklist import Checklist
from triage.cli.options import cutoffs_beside, resamples
from triage.cli.progress import Progress
from triage.cli.tracking import add_tracking_option, needed, tracking_of
from triage.errors import UsageError
from triage.features import Features
from triage.tracking.client import Tracking

if TYPE_CHECKING:
    from triage.champion.trial import Beside
    from triage.engine import Engine
    from triage.outcomes import Outcomes
    from triage.tracking.data import DataFile

_NAME = "ltu-triage"
_DONE = 0


def add_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands that ask a registry."""
    register = _verb(verbs, "register", "register a bundle as the challenger", run_register)
    register.add_argument("folder", type=Path, metavar="FOLDER", help="a released model bundle")
    _add_content(register)
    promote = _verb(verbs, "promote", "make a version the champion, if it passes every gate", run_promote)
    promote.add_argument("version", metavar="VERSION", help="its number, or an alias such as challenger")
    promote.add_argument(
        "--outcomes", type=Path, required=True, metavar="FILE", help="people to judge it by, whom it has not seen"
    )
    _add_reason(promote)
    promote.add_argument("--gates", type=Path, metavar="FILE", help="limits of your own (default: models/gates.yaml)")
    promote.add_argument(
        "--resamples", type=resamples, default=1000, metavar="N", help="for the intervals (default: 1000)"
    )
    promote.add_argument("--seed", default="promotion", metavar="TEXT", help="of the resamples")
    _add_content(promote)
    promote.add_argument(
        "--public-key", type=Path, metavar="FILE", help="refuse bundles and cut-offs not signed with it"
    )
    _add_reason(_verb(verbs, "rollback", "make the previous champion the champion again", run_rollback))
    _verb(verbs, "registered", "list the versions: which is in force, who promoted it and why", run_registered)


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    words: str,
    func: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=words)
    parser.add_argument("--name", default=_NAME, metavar="MODEL", help=f"the registered model (default: {_NAME})")
    add_tracking_option(parser)
    parser.set_defaults(func=func)
    return parser


def _add_reason(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", required=True, metavar="NAME", help="who answers for it")
    parser.add_argument("--why", required=True, metavar="TEXT", help="their reason, in a sentence")


def _add_content(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checklist", type=Path, metavar="FOLDER", help="an organisation's checklist and features")
    parser.add_argument("--cutoffs", type=Path, metavar="FILE", help="a cut-offs file")
    parser.add_argument("--areas", type=Path, metavar="FILE", help="a CSV of areas in place of the shipped table")


def run_register(args: argparse.Namespace) -> int:
    """Register a bundle; returns the exit code 0.

    Raises:
        UserError: the bundle cannot be used, or the server does not take it.
    """
    tracking = _server(args, "model register")
    from triage.champion.register import register_bundle

    version = register_bundle(
        tracking, args.folder, name=args.name, checklist=args.checklist, cutoffs=cutoffs_beside(args), areas=args.areas
    )
    sys.stdout.write(f"Registered as version {version} of {args.name}, the challenger: models:/{args.name}/{version}\n")
    return _DONE


def run_promote(args: argparse.Namespace) -> int:
    """Judge a version and make it the champion; returns the exit code 0.

    Raises:
        UserError: a gate is not passed, the outcomes cannot be used, or the server does not answer.
    """
    from triage.cli.outcomes import check_installed

    by, why = _reason(args)
    check_installed()
    tracking = _server(args, "model promote")
    from triage.champion.aliases import Versions
    from triage.champion.promote import keep_trial, promote
    from triage.champion.trial import hold_trial

    versions = Versions(tracking, args.name)
    version = versions.number(args.version)
    if versions.aliases().get("champion") == version:
        raise UsageError(f"Version {version} of {args.name} is the champion already.")
    reader = _Reader(args)
    beside = _beside(args, reader)
    progress = Progress("resamples")
    trial = hold_trial(versions, version, beside, progress)
    progress.clear()
    where = keep_trial(versions, trial, beside.limits, reader.file, by, why)
    for gate in trial.gates:
        print(f"{'passed' if gate.passed else 'FAILED'}  {gate.id}: {gate.found} ({gate.limit})")
    print(f"Kept on the tracking server: {where}")
    old = promote(versions, trial, by, why)
    before = f" Version {old} is the previous one: 'ltu-triage model rollback' goes back to it." if old else ""
    print(f"Version {version} of {args.name} is the champion.{before}")
    return _DONE


def run_rollback(args: argparse.Namespace) -> int:
    """Go back to the previous champion; returns the exit code 0.

    Raises:
        UserError: there is none, or the server does not answer.
    """
    by, why = _reason(args)
    tracking = _server(args, "model rollback")
    from triage.champion.aliases import Versions, roll_back

    left, now = roll_back(Versions(tracking, args.name), by, why)
    sys.stdout.write(f"Version {now} of {args.name} is the champion again. Version {left} is not any more.\n")
    return _DONE


def run_registered(args: argparse.Namespace) -> int:
    """List the versions; returns the exit code 0.

    Raises:
        UserError: there is no such model, or the server does not answer.
    """
    tracking = _server(args, "model registered")
    from triage.champion.aliases import Versions
    from triage.champion.listing import listed

    sys.stdout.write("\n".join([args.name, *listed(Versions(tracking, args.name)), ""]))
    return _DONE


class _Reader:
    """Reads the outcomes once the model is known, and keeps which file they were."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._args = args
        self.file: DataFile | None = None

    def __call__(self, engine: Engine) -> Outcomes:
        from triage.cli.outcomes import check_to_judge_by, read_file
        from triage.tracking.data import DataFile

        found = read_file(self._args.outcomes, engine.features)
        check_to_judge_by(found, engine, float(engine.bundle.manifest.label.horizon_weeks))
        self.file = DataFile.of(self._args.outcomes, found.outcomes)
        return found.outcomes


def _beside(args: argparse.Namespace, reader: _Reader) -> Beside:
    from triage.champion.limits import limits_path, read_limits
    from triage.champion.trial import Beside
    from triage.cutoffs import Cutoffs
    from triage.evaluation import Settings

    limits = read_limits(limits_path(args.gates))
    features = Features.load(Checklist.load(args.checklist), args.areas)
    cutoffs = Cutoffs.load(cutoffs_beside(args), public_key=args.public_key)
    settings = Settings(seed=args.seed, resamples=args.resamples)
    return Beside(features, cutoffs, reader, limits, settings, args.public_key)


def _server(args: argparse.Namespace, verb: str) -> Tracking:
    return needed(tracking_of(args), f"'{verb}'")


def _reason(args: argparse.Namespace) -> tuple[str, str]:
    by, why = (" ".join(str(text).split()) for text in (args.by, args.why))
    if not by or len(why) < 5:
        raise UsageError("Say with --by who answers for it, and with --why the reason in a sentence.")
    return by, why
