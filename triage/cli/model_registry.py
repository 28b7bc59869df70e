"""How does a bundle get into the registry, and out of force? The commands `model register`, `rollback`, `registered`.

The other commands of `model` work without any extra, so what needs one is imported where it is used.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from triage.cli.model_promote import add_promote
from triage.cli.model_verbs import add_content, add_reason, reason_of, server_of, verb
from triage.cli.options import cutoffs_beside
from triage.tracking.about import LEARNING

_DONE = 0


def add_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands that ask a registry."""
    register = verb(verbs, "register", "register a bundle as the challenger", run_register)
    register.add_argument("folder", type=Path, metavar="FOLDER", help="a released model bundle")
    add_content(register)
    add_promote(verbs)
    add_reason(verb(verbs, "rollback", "make the previous champion the champion again", run_rollback))
    verb(verbs, "registered", "list the versions: which is in force, who promoted it and why", run_registered)


def run_register(args: argparse.Namespace) -> int:
    """Register a bundle; returns the exit code 0.

    Raises:
        UserError: the bundle cannot be used, or the server does not take it.
    """
    tracking = server_of(args, "model register", LEARNING)
    from triage.champion.register import has_record, register_bundle

    version = register_bundle(
        tracking, args.folder, name=args.name, checklist=args.checklist, cutoffs=cutoffs_beside(args), areas=args.areas
    )
    print(f"Registered as version {version} of {args.name}, the challenger: models:/{args.name}/{version}")
    if not has_record(args.folder):
        print(
            f"It cannot be promoted: it learned from people, and no training record of it stands beside {args.folder},"
            " so that nobody can tell whom it has seen. Register it again with the folder that 'ltu-triage learn' wrote"
            f" beside it: {args.folder.name}.training.",
            file=sys.stderr,
        )
    return _DONE


def run_rollback(args: argparse.Namespace) -> int:
    """Go back to the previous champion; returns the exit code 0.

    Raises:
        UserError: there is none, or the server does not answer.
    """
    by, why = reason_of(args)
    tracking = server_of(args, "model rollback")
    from triage.champion.aliases import Versions, roll_back

    left, now = roll_back(Versions(tracking, args.name), by, why)
    print(f"Version {now} of {args.name} is the champion again. Version {left} is not any more.")
    return _DONE


def run_registered(args: argparse.Namespace) -> int:
    """List the versions; returns the exit code 0.

    Raises:
        UserError: there is no such model, or the server does not answer.
    """
    tracking = server_of(args, "model registered")
    from triage.champion.aliases import Versions
    from triage.champion.listing import listed

    print("\n".join([args.name, *listed(Versions(tracking, args.name))]))
    return _DONE
