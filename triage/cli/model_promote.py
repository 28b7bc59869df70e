"""How does a version become the model in force? The command `model promote`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from triage.champion import names
from triage.checklist import Checklist
from triage.cli.model_verbs import add_content, add_reason, reason_of, server_of, verb
from triage.cli.options import cutoffs_beside, resamples
from triage.cli.policy_folder import add_folder_options, in_force
from triage.cli.progress import Progress
from triage.errors import OutcomesError, UsageError
from triage.features import Features

if TYPE_CHECKING:
    from triage.champion.trial import Beside, Trial
    from triage.engine import Engine
    from triage.outcomes import Outcomes
    from triage.policies import InForce
    from triage.tracking.data import DataFile

_DONE = 0


def add_promote(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `model promote`."""
    parser = verb(verbs, "promote", "make a version the champion, if it passes every gate", run)
    parser.add_argument("version", metavar="VERSION", help="its number, or an alias such as challenger")
    parser.add_argument(
        "--outcomes", type=Path, required=True, metavar="FILE", help="people to judge it by, whom it has not seen"
    )
    parser.add_argument("--practice", action="store_true", help="judge it by simulated people, for practice")
    add_reason(parser)
    parser.add_argument("--gates", type=Path, metavar="FILE", help="limits of your own (default: models/gates.yaml)")
    parser.add_argument(
        "--resamples", type=resamples, default=1000, metavar="N", help="for the intervals (default: 1000)"
    )
    parser.add_argument("--seed", default="promotion", metavar="TEXT", help="of the resamples")
    add_content(parser)
    add_folder_options(parser)
    parser.add_argument(
        "--public-key", type=Path, metavar="FILE", help="refuse bundles and cut-offs not signed with it"
    )


def run(args: argparse.Namespace) -> int:
    """Judge a version and make it the champion; returns the exit code 0.

    Raises:
        UserError: a gate is not passed, the outcomes cannot be used, or the server does not answer.
    """
    from triage.cli.outcomes import check_installed

    by, why = reason_of(args)
    check_installed()
    from triage.evaluation.tracked import EXPERIMENT

    tracking = server_of(args, "model promote", EXPERIMENT)
    from triage.champion.aliases import Versions
    from triage.champion.promote import keep_trial, promote
    from triage.champion.trial import hold_trial

    versions = Versions(tracking, args.name)
    version = versions.number(args.version)
    if versions.aliases().get(names.CHAMPION) == version:
        raise UsageError(f"Version {version} of {args.name} is the champion already.")
    reader, used = _Reader(args), in_force(args, cutoffs_beside(args))
    beside, progress = _beside(args, reader, used), Progress("resamples")
    trial = hold_trial(versions, version, beside, progress)
    progress.clear()
    print("\n".join(_lines(trial, reader, used)))
    print(f"Kept on the tracking server: {keep_trial(versions, trial, beside.limits, reader.file, by, why)}")
    old = promote(versions, trial, by, why)
    before = f" Version {old} is the previous one: 'ltu-triage model rollback' goes back to it." if old else ""
    print(f"Version {version} of {args.name} is the champion.{before}")
    return _DONE


class _Reader:
    """Reads the outcomes once the model is known, and keeps which file they were."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._args = args
        self.file: DataFile | None = None

    def __call__(self, engine: Engine) -> Outcomes:
        from triage.cli.outcomes import check_to_judge_by, read_file
        from triage.tracking.data import DataFile

        path = self._args.outcomes
        found = read_file(path, engine.features)
        _check_practice(path, found.outcomes.simulated, self._args.practice)
        check_to_judge_by(found, engine, float(engine.bundle.manifest.label.horizon_weeks))
        self.file = DataFile.of(path, found.outcomes)
        return found.outcomes


def _check_practice(path: Path, simulated: bool, practice: bool) -> None:
    """Refuse people who do not exist, unless nothing but practice is meant.

    Raises:
        OutcomesError: they are simulated, and that was not said; or it was, and they are not.
    """
    if simulated and not practice:
        raise OutcomesError(
            f"The people in {path} are simulated. What they show of a model holds for nobody, so it cannot put one in"
            " force. Name outcomes of real people, or give --practice where nobody is scored with the champion."
        )
    if practice and not simulated:
        raise OutcomesError(
            f"--practice is for simulated people, and those in {path} are not. Leave it out: the promotion counts."
        )


def _lines(trial: Trial, reader: _Reader, used: InForce) -> Iterator[str]:
    """What came of the trial: by whom and with which bands it was judged, then each gate."""
    if reader.file is not None and reader.file.simulated:
        yield "Judged by simulated people, for practice: nobody among them exists."
    if used.said:
        yield used.said
    if trial.bands:
        yield trial.bands
    for gate in trial.gates:
        yield f"{'passed' if gate.passed else 'FAILED'}  {gate.id}: {gate.found} ({gate.limit})"


def _beside(args: argparse.Namespace, reader: _Reader, used: InForce) -> Beside:
    from triage.champion.limits import limits_path, read_limits
    from triage.champion.trial import Beside
    from triage.cutoffs import Cutoffs
    from triage.evaluation import Settings

    limits = read_limits(limits_path(args.gates))
    features = Features.load(Checklist.load(args.checklist), args.areas)
    cutoffs = Cutoffs.load(used.path, public_key=args.public_key)
    settings = Settings(seed=args.seed, resamples=args.resamples)
    return Beside(features, cutoffs, reader, limits, settings, args.public_key)
