"""How does a command keep what it found on a tracking server too? Only where an address is given."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from triage.errors import TrackingError, UsageError
from triage.registry.address import REGISTRY
from triage.tracking.client import ADDRESS, Tracking, address_of, open_tracking, shown

#: Set by `mlflow run`: the run that it has made for this command.
_LAUNCHED_BY = "MLFLOW_RUN_ID"


def add_tracking_option(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """The address of a tracking server."""
    parser.add_argument(
        "--tracking", metavar="ADDRESS",
        help=f"keep the result on this MLflow server too, as http://127.0.0.1:5000 (default: {ADDRESS}, or nowhere)",
    )  # fmt: skip


def tracking_of(args: argparse.Namespace, *experiments: str) -> Tracking | None:
    """The server asked for, tried at once; None where nothing is to be kept there.

    Args:
        args: of the command.
        experiments: the names of those that the command will write into.

    Raises:
        UsageError: the extra is not installed, or the address is none.
        TrackingError: it does not answer, or an experiment was deleted.
    """
    address = address_of(args.tracking)
    return None if address is None else open_tracking(address, *experiments)


def needed(tracking: Tracking | None, option: str) -> Tracking:
    """The server, for an option that is nothing without it.

    Raises:
        UsageError: there is none.
    """
    if tracking is None:
        raise UsageError(f"{option} needs a tracking server: give its address with --tracking or {ADDRESS}.")
    return tracking


def check_one_registry(tracking: Tracking) -> None:
    """Refuse where programs look for models elsewhere than where this command registers and promotes them.

    Raises:
        UsageError: the environment names another registry.
    """
    other = os.environ.get(REGISTRY, "")
    if other and other.rstrip("/") != tracking.address.rstrip("/"):
        raise UsageError(
            f"{REGISTRY} names the registry {shown(other)}, from which programs load models, and this command would use"
            f" the one at {shown(tracking.address)}. Give the registry's address with --tracking, or unset {REGISTRY}."
        )


def launched_by() -> str | None:
    """The id of the run under which `mlflow run` has started this command, if it has."""
    return os.environ.get(_LAUNCHED_BY) or None


def kept(keep: Callable[[], str], otherwise: str, done: str = "Kept") -> bool:
    """Do what `keep` does and say where people find it; False, with a message, where the server was lost.

    Args:
        keep: puts the result on the server; returns where people open it.
        otherwise: what is safe and what to do, where it fails.
        done: what was done there, in a word.
    """
    try:
        print(f"{done} on the tracking server: {keep()}")
    except TrackingError as problem:
        print(f"Not {done.lower()} on the tracking server: {problem} {otherwise}", file=sys.stderr)
        return False
    return True
