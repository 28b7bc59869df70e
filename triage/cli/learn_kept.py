"""What is kept of a learning beside its bundle, and on a tracking server?"""

from __future__ import annotations

import argparse
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from triage.bundle import Bundle
from triage.bundle.manifest import MANIFEST
from triage.cli.tracking import check_one_registry, kept, launched_by, needed
from triage.errors import UsageError
from triage.outcomes import Outcomes
from triage.outcomes.held_out import HeldOut
from triage.outcomes.seen import Seen, training_folder
from triage.tracking.about import versions
from triage.tracking.client import Tracking, shown
from triage.tracking.data import DataFile, file_digest

if TYPE_CHECKING:
    from triage.learning import Learned

#: The seed where none is given.
SEED = "ltu-triage-learn-1"
#: The options of a learning itself, and what they are where they are not given.
_LEARNING_ALONE: dict[str, object] = {
    "horizon": None, "name": None, "seed": SEED, "first": None, "last": None, "known_at_intake": [],
    "competing": "not_back", "unusable": None, "recipe": None,
}  # fmt: skip
_WHAT = (
    "keyed digests of the {people} learned from, and what the model says of each when held out. Pseudonymous, and so"
    " personal data: keep it with the outcomes, never with the bundle"
)


def check_wanted(args: argparse.Namespace, tracking: Tracking | None) -> None:
    """Refuse what cannot be kept, before the long work.

    Raises:
        UsageError: a tracking server or cut-offs are needed, the training record is there already, programs look for
            models in another registry, or options would do nothing.
    """
    if args.log_only:
        needed(tracking, "--log-only")
        _check_log_only(args)
    if args.register:
        check_one_registry(needed(tracking, "--register"))
    if args.register and args.checklist is not None and _own_cutoffs(args) is None:
        raise UsageError(
            f"There is no cutoffs.yaml in {args.checklist}, so the model could not be registered. Write one, or learn"
            " without --register."
        )
    folder = training_folder(args.output)
    if not args.log_only and folder.exists():
        raise UsageError(f"{folder} is there already: the training record of another learning. Choose a new folder.")


def _check_log_only(args: argparse.Namespace) -> None:
    """Refuse options of a learning where nothing is learned: what they ask for would not be what is kept."""
    idle = [
        f"--{name.replace('_', '-')}" for name, without in _LEARNING_ALONE.items() if getattr(args, name) != without
    ]
    if idle:
        raise UsageError(
            f"--log-only learns nothing and keeps {args.output} as it is, so {', '.join(idle)} would do nothing. Leave"
            f" {'it' if len(idle) == 1 else 'them'} out, or learn anew into another folder."
        )


def write_training(args: argparse.Namespace, outcomes: Outcomes, file: DataFile, learned: Learned) -> str:
    """Write whom the model has seen, what it said of them unseen, and how it was learned; returns what to say of it.

    Raises:
        UsageError: it cannot be written.
    """
    from triage.learning.record import LearningRecord

    folder, bundle = training_folder(args.output), Bundle.load(args.output)
    seen = Seen.of(outcomes, bundle)
    seen.save(folder)
    HeldOut.of(seen, outcomes, learned.fitted.out_of_fold).save(folder)
    LearningRecord(bundle.version, bundle.manifest_sha256, file, _parameters(args, learned), versions()).save(folder)
    return f"Written: {folder} ({_WHAT.format(people='simulated people' if outcomes.simulated else 'people')})"


def keep(args: argparse.Namespace, tracking: Tracking) -> bool:
    """Put a finished learning on the tracking server; False, with a message, where the server was lost."""
    again = _later(args, tracking)
    written = f"The model is in {args.output}, its training record in {training_folder(args.output)}."
    runs: list[str] = []
    if not kept(lambda: _put(args, tracking, runs), f"{written} To keep them there later: {again}"):
        return False
    if not args.register:
        return True
    return kept(lambda: _register(args, tracking, runs[0]), f"The run is there. To register it: {again}", "Registered")


def put(args: argparse.Namespace, tracking: Tracking) -> None:
    """Put the learning whose files are in `args.output` on the tracking server, unless it is there, and say where.

    Raises:
        TrackingError: the server does not answer.
    """
    runs: list[str] = []
    print(f"Kept on the tracking server: {_put(args, tracking, runs)}")
    if args.register:
        print(f"Registered on the tracking server: {_register(args, tracking, runs[0])}")


def _later(args: argparse.Namespace, tracking: Tracking) -> str:
    """The command that keeps later what could not be kept now."""
    options = {"--checklist": args.checklist, "--areas": args.areas, "--tracking": shown(tracking.address)}
    more = [word for option, given in options.items() if given is not None for word in (option, given)]
    words = [args.outcomes, "-o", args.output, *more, *(["--register"] if args.register else []), "--log-only"]
    return f"ltu-triage learn {' '.join(shlex.quote(str(word)) for word in words)}"


def _put(args: argparse.Namespace, tracking: Tracking, runs: list[str]) -> str:
    """The same; returns where people open it, and adds the id of its run to `runs`."""
    from triage.learning.record import LearningRecord
    from triage.learning.tracked import find_learning, keep_learning

    folder = training_folder(args.output)
    record = LearningRecord.load(folder)
    found = find_learning(tracking, record) if args.log_only else None
    run, address = found or keep_learning(tracking, args.output, folder, record, launched_by())
    runs.append(run)
    return address


def _register(args: argparse.Namespace, tracking: Tracking, run: str) -> str:
    """Register the model under the run of its learning; returns as what."""
    from triage.champion import names
    from triage.champion.register import register_bundle

    found = register_bundle(
        tracking, args.output, run_id=run, checklist=args.checklist, cutoffs=_own_cutoffs(args), areas=args.areas
    )
    return f"version {found} of {names.MODEL}, with the alias '{names.CHALLENGER}'."


def check_same(args: argparse.Namespace) -> None:
    """Refuse to keep an earlier learning that is not the one asked for.

    Raises:
        UserError: its files are not there, or are of another model or another file of outcomes.
    """
    from triage.learning.record import LearningRecord

    Bundle.load(args.output)
    record = LearningRecord.load(training_folder(args.output))
    if record.manifest_sha256 != file_digest(args.output / MANIFEST):
        raise UsageError(f"{training_folder(args.output)} is the training record of another model than {args.output}.")
    if record.data.sha256 != file_digest(args.outcomes):
        raise UsageError(f"{args.output} was not learned from {args.outcomes} as it is now. Name the file it was.")


def _own_cutoffs(args: argparse.Namespace) -> Path | None:
    """The cut-offs that stand beside an organisation's own checklist."""
    path = None if args.checklist is None else Path(args.checklist) / "cutoffs.yaml"
    return path if path is not None and path.is_file() else None


def _parameters(args: argparse.Namespace, learned: Learned) -> dict[str, str]:
    sample = learned.fitted.sample
    settings = asdict(sample.settings)
    settings["multiples"] = ", ".join(f"{multiple:g}" for multiple in sample.settings.multiples)
    del settings["threads"]  # the result is the same with any number
    found = {
        "outcomes": args.outcomes.name,
        "checklist": sample.features.version,
        "recipe": sample.start.recipe.id,
        "horizon_weeks": f"{sample.horizon:g}",
        "known_at_intake": ", ".join(args.known_at_intake) or "none accepted",
        **settings,
    }
    return {name: str(value) for name, value in found.items()}
