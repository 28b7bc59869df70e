"""How is a model built, shown, checked and signed? The command `model`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from triage.bundle import Bundle
from triage.bundle.signing import sign
from triage.checklist import Checklist
from triage.cli.model_registry import add_verbs
from triage.cli.options import model_place
from triage.content import content_root
from triage.errors import UsageError
from triage.features import Features
from triage.registry import open_bundle


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands `model build`, `model card`, `model check`, `model sign`, and those of the registry."""
    group = subparsers.add_parser("model", help="build, check, show, sign, register or promote a model")
    verbs = group.add_subparsers(dest="model_verb", metavar="COMMAND", required=True)
    build = verbs.add_parser("build", help="build the evidence model of a recipe as a new bundle")
    build.add_argument("recipe", type=Path, nargs="?", metavar="RECIPE", help="default: the shipped recipe")
    build.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER", help="a new folder")
    build.add_argument("--checklist", type=Path, metavar="FOLDER", help="an organisation's checklist and features")
    build.add_argument("--areas", type=Path, metavar="FILE", help="a CSV of areas in place of the shipped table")
    build.set_defaults(func=run_build)
    for name, words, func in (
        ("card", "print the model card", run_card),
        ("check", "check hashes, signature and parity cases", run_check),
    ):
        verb = verbs.add_parser(name, help=words)
        verb.add_argument(
            "bundle", type=model_place, nargs="?", metavar="MODEL",
            help="a folder, or models:/NAME@ALIAS of a registry (default: the shipped model)",
        )  # fmt: skip
        verb.add_argument("--public-key", type=Path, metavar="FILE")
        verb.set_defaults(func=func)
    signing = verbs.add_parser("sign", help="sign a bundle or a cut-offs file with a private key")
    signing.add_argument("path", type=Path, metavar="PATH", help="a bundle's folder or a cut-offs file")
    signing.add_argument("--key", type=Path, required=True, metavar="FILE", help="the private key")
    signing.set_defaults(func=run_sign)
    add_verbs(verbs)


def run_build(args: argparse.Namespace) -> int:
    """Build a bundle; returns the exit code 0.

    Raises:
        UserError: the recipe has faults, the folder is taken, or the extra is not installed.
    """
    try:
        from triage.bundle.release import release_evidence
    except ModuleNotFoundError as problem:
        raise UsageError(f"Building a model needs {problem.name}: pip install 'ltu-triage[learn]'.") from None
    recipe = args.recipe or content_root() / "models" / "recipes" / "evidence.yaml"
    features = Features.load(Checklist.load(args.checklist), args.areas)
    release_evidence(recipe, features).write(args.output)
    bundle = Bundle.load(args.output)
    sys.stdout.write(f"Built {bundle.version} in {args.output}: {bundle.manifest.training}.\n")
    return 0


def run_card(args: argparse.Namespace) -> int:
    """Print a model card; returns the exit code 0."""
    sys.stdout.write(open_bundle(args.bundle, public_key=args.public_key).card)
    return 0


def run_check(args: argparse.Namespace) -> int:
    """Check a bundle; returns the exit code 0.

    Raises:
        UserError: the bundle cannot be trusted.
    """
    bundle = open_bundle(args.bundle, public_key=args.public_key)
    signed = "signature, " if args.public_key else ""
    sys.stdout.write(f"{bundle.version}: {signed}hashes and parity cases are right.\n")
    return 0


def run_sign(args: argparse.Namespace) -> int:
    """Sign a bundle or a file; returns the exit code 0."""
    sys.stdout.write(f"Wrote {sign(args.path, args.key)}.\n")
    return 0
