"""Can these cut-offs be used, and what do they mean for this model? The command `cutoffs`."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

from triage.bundle import Bundle
from triage.checklist import Checklist
from triage.cutoffs import Cutoffs
from triage.cutoffs.schema import Rule
from triage.engine.words import in_100
from triage.numbers import logistic


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `cutoffs check`."""
    group = subparsers.add_parser("cutoffs", help="check a cut-offs file")
    verbs = group.add_subparsers(dest="cutoffs_verb", metavar="COMMAND", required=True)
    check = verbs.add_parser("check", help="say every fault of a cut-offs file, or what it means")
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument(
        "--model", type=Path, metavar="FOLDER", help="a released model bundle (default: the shipped one)"
    )
    check.add_argument("--checklist", type=Path, metavar="FOLDER", help="an organisation's checklist")
    check.set_defaults(func=run_check)


def run_check(args: argparse.Namespace) -> int:
    """Check a file and print its cut-off points; returns the exit code 0.

    Raises:
        UserError: the file has faults; all are named.
    """
    cutoffs = Cutoffs.load(args.file)
    bundle = Bundle.load(args.model)
    cutoffs.check_fits(Checklist.load(args.checklist))
    points = cutoffs.at(bundle)
    lines = [f"{cutoffs.version}: {cutoffs.file.title}", f"With the model {bundle.version}:"]
    for place, band in enumerate(cutoffs.bands):
        lines.append(f"  {band.id:12} {_reach(band.rule, points.edges[place - 1] if place else None)}  {band.name}")
    enough = cutoffs.file.enough_answers
    lines.append(f"At least {enough.at_least} answers are needed for a band.")
    for name, rule in cutoffs.file.national_floor.items():
        level = f"probability {rule.probability}" if rule.share is None else f"top {rule.share}%"
        lines.append(f"National floor of '{name}': {level}. No local capacity pushes anyone below it.")
    lines.append("No fault was found.")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _reach(rule: Rule | None, edge: float | None) -> str:
    if rule is None or edge is None:
        return f"{'everyone':44}"
    how = f"{rule.capacity} places of a list; for one client " if rule.capacity is not None else ""
    how += f"the top {rule.level.share}%" if rule.level.share is not None else f"probability {rule.level.probability}"
    reached = "nobody" if math.isinf(edge) else f"from {in_100(logistic(edge))} in 100"
    return f"{how} ({reached})".ljust(44)
