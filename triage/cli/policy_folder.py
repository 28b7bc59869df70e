"""Which folder of policies do the options name, and which cut-offs are in force there?"""

from __future__ import annotations

import argparse
from pathlib import Path

from triage.policies import InForce, Policies, cutoffs_in_force, policies_folder
from triage.suspension import data_folder


def add_policies_option(parser: argparse.ArgumentParser) -> None:
    """Add --policies, for a command that has --data already."""
    parser.add_argument(
        "--policies", type=Path, metavar="FOLDER", help="the folder of policies (default: in the data folder)"
    )


def add_folder_options(parser: argparse.ArgumentParser) -> None:
    """Add --data and --policies."""
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="the data folder (default: $LTU_DATA)")
    add_policies_option(parser)


def policies_of(args: argparse.Namespace) -> Policies:
    """The promoted policies of the folder that --policies or --data names."""
    return Policies((args.policies or policies_folder(args.data or data_folder())).resolve())


def in_force(args: argparse.Namespace, given: Path | None) -> InForce:
    """The cut-offs that the service uses: those of the policy in force, else `given`, else the shipped ones.

    `args` has --data, --policies and --public-key. Where `said` is not empty, tell it.

    Raises:
        UserError: the policy in force cannot be used.
    """
    return cutoffs_in_force(policies_of(args), given, args.public_key)
