"""How does an organisation get a key pair for signing? The command `keys new`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from triage.bundle.signing import new_keys
from triage.errors import UsageError


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `keys new`."""
    group = subparsers.add_parser("keys", help="make a key pair for signing models and cut-offs")
    verbs = group.add_subparsers(dest="keys_verb", metavar="COMMAND", required=True)
    new = verbs.add_parser("new", help="write NAME.key (private) and NAME.pub (public)")
    new.add_argument("name", type=Path, metavar="NAME")
    new.set_defaults(func=run_new)


def run_new(args: argparse.Namespace) -> int:
    """Write a key pair; returns the exit code 0.

    Raises:
        UserError: a file is there already, or the extra is not installed.
    """
    name = args.name.name
    if not name or not args.name.parent.is_dir():
        raise UsageError(f"'{args.name}' cannot be used. Give a name in a folder that is there.")
    private, public = (args.name.with_name(f"{name}.{ending}") for ending in ("key", "pub"))
    new_keys(private, public)
    sys.stdout.write(f"Wrote {private} and {public}. Keep {private} secret and out of every repository.\n")
    return 0
