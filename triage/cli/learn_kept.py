"""What is kept of a learning beside its bundle, and on a tracking server?"""

from __future__ import annotations

import argparse
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from triage.bundle import Bundle
from triage.bundle.manifest import MANIFEST
from triage.cli.tracking import kept, launched_by, needed
from triage.errors import UsageError
from triage.outcomes import Outcomes
from triage.outcomes.held_out import HeldOut
from triage.outcomes.seen import Seen, training_folder
from triage.tracking.about import versions
from triage.tracking.client import Tracking, shown
from triage.tracking.data import DataFile, file_digest

if TYPE_CHECKING:
    from triage.learning import Learned

_WHAT = (
    "keyed digests of the {people} learned from, and what the model says of each when held out. Pseudonymous, and so"
    " personal data: keep it with the outcomes, never with the bundle"
)


def check_wanted(args: argparse.Namespace, tracking: Tracking | None) -> None:
    """Refuse what cannot be kept, before the long work.

    Raises:
        UsageError: a tracking server or cut-offs are needed, or the training record is there already.
    """
    for option, wanted in (("--register", args.register), ("--log-only", args.log_only)):
        if wanted:
            needed(tracking, option)
    if args.register and args.checklist is not None and _own_cutoffs(args) is None:
        raise UsageError(
            f"There is no cutoffs.yaml in {args.checklist}, so the model could not be registered. Write one, or learn"
            " without --register."
        )
    folder = training_folder(args.output)
    if not args.log_only and folder.exists():
        raise UsageError(f"{folder} is there already: the training record of another learning. Choose a new folder.")


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
    register = " --register" if args.register else ""
    words = " ".join(shlex.quote(str(word)) for word in (args.outcomes, "-o", args.output))
    again = f"ltu-triage learn {words} --tracking {shlex.quote(shown(tracking.address))}{register} --log-only"
    written = f"The model is in {args.output}, its training record in {training_folder(args.output)}."
    return kept(lambda: put(args, tracking), f"{written} To keep them there later: {again}")


def put(args: argparse.Namespace, tracking: Tracking) -> str:
    """Put the learning whose files are in `args.output` on the tracking server; returns where people open it.

    Raises:
        TrackingError: the server does not answer.
    """
    from triage.learning.record import LearningRecord
    from triage.learning.tracked import keep_learning

    folder = training_folder(args.output)
    run, address = keep_learning(tracking, args.output, folder, LearningRecord.load(folder), launched_by())
    return f"{address}{_registered(args, tracking, run)}"


def _registered(args: argparse.Namespace, tracking: Tracking, run: str) -> str:
    """Register the model where that is asked for; returns what to say of it."""
    if not args.register:
        return ""
    from triage.champion import names
    from triage.champion.register import register_bundle

    found = register_bundle(
        tracking, args.output, run_id=run, checklist=args.checklist, cutoffs=_own_cutoffs(args), areas=args.areas
    )
    return f"\nRegistered: version {found} of {names.MODEL}, with the alias '{names.CHALLENGER}'."


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
