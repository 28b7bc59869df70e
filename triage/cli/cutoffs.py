"""Can these cut-offs be used, and what do they mean for this model? The command `cutoffs`."""

from __future__ import annotations

import argparse
import math
import sys
from datetime import date
from pathlib import Path

from triage.checklist import Checklist
from triage.cli.options import day, model_place
from triage.cutoffs import Cutoffs, check_governed
from triage.cutoffs.schema import Governance, Rule
from triage.engine.words import in_100
from triage.errors import CutoffsError
from triage.numbers import logistic
from triage.registry import open_bundle


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `cutoffs check`."""
    group = subparsers.add_parser("cutoffs", help="check a cut-offs file")
    verbs = group.add_subparsers(dest="cutoffs_verb", metavar="COMMAND", required=True)
    check = verbs.add_parser("check", help="say every fault of a cut-offs file, or what it means")
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument(
        "--model",
        type=model_place,
        metavar="MODEL",
        help="a released bundle's folder, or models:/NAME@ALIAS of a registry (default: the shipped model)",
    )
    check.add_argument("--checklist", type=Path, metavar="FOLDER", help="an organisation's checklist")
    check.add_argument(
        "--on",
        type=day,
        default=None,
        metavar="DATE",
        help="the day on which the service is to use it, for instance 2026-10-31 (default: today)",
    )
    check.set_defaults(func=run_check)


def run_check(args: argparse.Namespace) -> int:
    """Check a file, print its cut-off points and say whether the service may use it; returns the exit code 0.

    Raises:
        UserError: the file has faults; all are named.
    """
    cutoffs = Cutoffs.load(args.file)
    bundle = open_bundle(args.model)
    checklist = Checklist.load(args.checklist)
    cutoffs.check_fits(checklist)
    points = cutoffs.at(bundle)
    lines = [f"{cutoffs.version}: {cutoffs.file.title}", f"With the model {bundle.version}:"]
    for place, band in enumerate(cutoffs.bands):
        lines.append(f"  {band.id:12} {_reach(band.rule, points.edges[place - 1] if place else None)}  {band.name}")
    enough = cutoffs.file.enough_answers
    lines.append(f"At least {enough.at_least} answers are needed for a band.")
    for name, rule in cutoffs.file.national_floor.items():
        level = f"probability {rule.probability}" if rule.share is None else f"top {rule.share}%"
        lines.append(f"National floor of '{name}': {level}. No local capacity pushes anyone below it.")
    lines += ["No fault was found.", *_readiness(cutoffs, checklist, args.on or date.today())]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _readiness(cutoffs: Cutoffs, checklist: Checklist, on: date) -> list[str]:
    """Whether somebody has answered for a file in writing, so that the service may use it; and what is missing."""
    governance = cutoffs.file.governance or Governance()
    try:
        check_governed(cutoffs, checklist, on, governance.demonstration)
    except CutoffsError as missing:
        return ["Not ready for the service:", *(f"  - {fault}" for fault in missing.faults)]
    if governance.demonstration:
        return ["For demonstration only: the service takes it for practice, and not for clients."]
    return [f"Ready for the service: approved by {governance.approved_by}, to be reviewed by {governance.review_date}."]


def _reach(rule: Rule | None, edge: float | None) -> str:
    if rule is None or edge is None:
        return f"{'everyone':44}"
    how = f"{rule.capacity} places of a list; for one client " if rule.capacity is not None else ""
    how += f"the top {rule.level.share}%" if rule.level.share is not None else f"probability {rule.level.probability}"
    reached = "nobody" if math.isinf(edge) else f"from {in_100(logistic(edge))} in 100"
    return f"{how} ({reached})".ljust(44)
