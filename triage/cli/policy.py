"""Which cut-offs are in force, and how does an analyst put others there? The command `policy`."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from triage.checklist import Checklist
from triage.cli.options import add_engine_options, cutoffs_beside, engine_choices
from triage.cli.policy_folder import add_folder_options, policies_of
from triage.cli.policy_source import Source, source_of
from triage.cli.policy_words import about, back_again, entry, promotion
from triage.cutoffs import Cutoffs
from triage.cutoffs.schema import Governance
from triage.errors import PolicyError, TrackingError, UsageError
from triage.features import Features
from triage.policies import (
    Answer,
    Candidate,
    Policies,
    Promoted,
    Signing,
    Target,
    governance_again,
    read_governance,
)
from triage.registry import open_bundle

#: Exit code where the policy is in force, and its run on MLflow could not be told.
_IN_PART = 3


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands `policy promote`, `policy list`, `policy show` and `policy back`."""
    group = subparsers.add_parser("policy", help="promote cut-offs, see which are in force, go back to earlier ones")
    verbs = group.add_subparsers(dest="policy_verb", metavar="COMMAND", required=True)
    promote = verbs.add_parser(
        "promote",
        help="sign a candidate of 'tune' and put it in force",
        description="Sign a candidate of 'tune' and put it in force. A service that uses the folder takes it up within"
        " a few seconds.",
    )
    promote.add_argument("candidate", metavar="RUN|FOLDER", help="the candidate's run on MLflow, or its folder")
    _add_answer(promote)
    promote.add_argument("--trade-off", default="", metavar="TEXT", help="why a wider gap between groups is accepted")
    promote.add_argument(
        "--governance", type=Path, metavar="FILE", help="YAML with the part 'governance': who approved"
    )
    promote.add_argument("--key", type=Path, metavar="FILE", help="the private key to sign with")
    promote.add_argument("--unsigned", action="store_true", help="promote without a signature")
    promote.add_argument("--demo", action="store_true", help="for a demonstration; simulated evidence may be used")
    promote.add_argument("--tracking", metavar="ADDRESS", help="the MLflow server (default: $MLFLOW_TRACKING_URI)")
    add_folder_options(promote)
    add_engine_options(promote)
    promote.set_defaults(func=run_promote)
    listed = verbs.add_parser("list", help="every policy that was in force, the last one first")
    add_folder_options(listed)
    listed.set_defaults(func=run_list)
    show = verbs.add_parser("show", help="what a policy says, who answers for it, and on what evidence")
    show.add_argument("version", metavar="VERSION", nargs="?", help="(default: the one in force)")
    show.add_argument("--public-key", type=Path, metavar="FILE", help="refuse a policy that is not signed for it")
    add_folder_options(show)
    show.set_defaults(func=run_show)
    back = verbs.add_parser("back", help="put an earlier policy in force again")
    back.add_argument("version", metavar="VERSION", help="as 'policy list' names it")
    _add_answer(back)
    add_folder_options(back)
    add_engine_options(back)
    back.set_defaults(func=run_back)


def _add_answer(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", required=True, metavar="NAME", help="the person who answers for it")
    parser.add_argument("--why", required=True, metavar="TEXT", help="why, in a sentence or more")


def run_promote(args: argparse.Namespace) -> int:
    """Promote a candidate.

    Returns:
        0; 3 where it is in force, and its run on MLflow could not be told.

    Raises:
        UserError: it must not be promoted, or something cannot be read; nothing is changed then.
    """
    answer, policies = Answer(args.by, args.why, args.trade_off), policies_of(args)
    signing = _signing(args)
    pointer = policies.pointer()
    with ExitStack() as stack:
        source = source_of(args.candidate, args.tracking, stack)
        _check_trusted(args, source)
        start = _start(args)
        governance, again, said = _governance(args, policies, start)
        candidate = Candidate(source.evidence, governance, source.words, again, args.demo)
        expect = "" if pointer is None else pointer.version
        promoted, is_new = policies.promote(
            candidate, _target(args), answer, signing, date.today(), expect, start=start
        )
        if not is_new:
            sys.stdout.write(f"{promoted.version} says the same, and is in force already. Nothing was changed.\n")
            return 0
        sys.stdout.write(said + promotion(promoted, policies.folder))
        return _told(source, promoted)


def run_list(args: argparse.Namespace) -> int:
    """Print every change of what is in force, the last one first; returns the exit code 0."""
    policies = policies_of(args)
    entries = policies.history()
    if not entries:
        sys.stdout.write(f"Nothing was ever promoted in {policies.folder}.\n")
        return 0
    for number, item in enumerate(reversed(entries)):
        sys.stdout.write(entry(item, is_now=number == 0))
    return 0


def run_show(args: argparse.Namespace) -> int:
    """Print what is kept of a policy; returns the exit code 0.

    Raises:
        UserError: there is none, or it was changed.
    """
    policies = policies_of(args)
    if args.version is None:
        found = policies.in_force(args.public_key)
        if found is None:
            raise PolicyError(f"Nothing was ever promoted in {policies.folder}, so no policy is in force.")
    else:
        found = policies.get(args.version, args.public_key)
    sys.stdout.write(about(found, checked=args.public_key is not None))
    return 0


def run_back(args: argparse.Namespace) -> int:
    """Put an earlier policy in force; returns the exit code 0.

    Raises:
        UserError: there is none, or it cannot be used any more; nothing is changed then.
    """
    policies = policies_of(args)
    pointer = policies.pointer()
    answer, expect = Answer(args.by, args.why), "" if pointer is None else pointer.version
    found = policies.back(args.version, _target(args), answer, date.today(), args.public_key, expect)
    sys.stdout.write(back_again(found, policies.folder))
    return 0


def _target(args: argparse.Namespace) -> Target:
    choices = engine_choices(args)
    bundle = open_bundle(choices["bundle"], public_key=choices["public_key"])
    checklist = Checklist.load(choices["checklist"])
    return Target(bundle, Features.load(checklist, choices["areas"], choices["postcodes"]))


def _signing(args: argparse.Namespace) -> Signing:
    if args.key is not None and args.unsigned:
        raise UsageError("--key and --unsigned contradict each other. Give one of them.")
    if args.key is None and not args.unsigned and args.public_key is None:
        raise UsageError(
            "Name the private key with --key, so that nobody's edited copy is used by mistake. Where no service checks"
            " signatures, say --unsigned."
        )
    return Signing(args.key, args.public_key)


def _check_trusted(args: argparse.Namespace, source: Source) -> None:
    """For clients, evidence that nothing can be held against needs somebody who signs for it."""
    if not args.demo and args.key is None and not source.is_checked:
        raise UsageError(
            "Whoever can write to a folder can write its evidence, and no run on MLflow was found to hold it against."
            " Promote the run, name its server with --tracking, or sign with --key."
        )


def _start(args: argparse.Namespace) -> Cutoffs:
    """The cut-offs that the service uses where nothing was promoted yet."""
    path = cutoffs_beside(args)
    return Cutoffs.load(path, public_key=args.public_key if path is not None else None)


def _governance(args: argparse.Namespace, policies: Policies, start: Cutoffs) -> tuple[Governance, str, str]:
    """Who answers for the policy; where nobody says it anew, the version that this is taken from, and a sentence."""
    if args.governance is not None:
        return read_governance(args.governance), "", ""
    promoted = policies.in_force(args.public_key)
    before = promoted.cutoffs if promoted is not None else start
    found = governance_again(before, date.today(), args.demo)
    until = f", to be reviewed by {found.review_date}" if found.review_date is not None else ""
    said = f"No --governance is given, so that of {before.version} is used again: {found.approved_by}{until}.\n"
    return found, before.version, said


def _told(source: Source, promoted: Promoted) -> int:
    """Note the promotion at the candidate's run."""
    try:
        source.tell(promoted)
    except TrackingError as problem:
        sys.stderr.write(f"ltu-triage: The policy is in force. Its run could not be told: {problem.message}\n")
        return _IN_PART
    return 0
