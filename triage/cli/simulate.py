"""How does somebody get outcomes to practise with? The command `simulate`, whose people do not exist."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import triage
from triage.checklist import Checklist
from triage.cli.options import model_place, write_text
from triage.cli.outcomes import weeks
from triage.content import content_root
from triage.errors import UsageError
from triage.features import Features
from triage.outcomes.write import write_outcomes
from triage.scorecard.expected import expected_at, expected_auc
from triage.simulation import Cohort, EnginePolicy, Settings, Support, World, simulate

#: With fewer people a rate or an AUC says more about chance than about the settings.
_FEW = 1000
#: The shares at which the report behind the checklist quotes figures.
SHARES = (0.08, 0.30)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `simulate`."""
    parser = subparsers.add_parser(
        "simulate",
        help="write simulated people with outcomes, for development and teaching",
        description="Draw people who do not exist, in a world in which the published evidence is true, and write their"
        " answers and outcomes as `learn` reads them. The same seed gives the same people.",
    )
    parser.add_argument("people", metavar="N", type=_whole, help="how many people")
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, required=True, help="CSV, XLSX or Parquet")
    parser.add_argument("--seed", metavar="WORD", required=True, help="any word; no two give the same client ids")
    parser.add_argument("--truth", metavar="FILE", type=Path, help="write each person's true chance to a second CSV")
    _add_world(parser.add_argument_group("what is true of the people"))
    _add_known(parser.add_argument_group("what becomes known of them"))
    _add_support(parser.add_argument_group("support that works"))
    parser.set_defaults(func=run)


def _add_world(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--recipe", metavar="FILE", type=Path, help="an evidence recipe (default: the shipped one)")
    group.add_argument("--checklist", metavar="FOLDER", type=Path, help="an organisation's checklist and features")
    group.add_argument("--strength", metavar="X", type=float, help="multiply the effects, as log-odds (default: 1)")
    group.add_argument("--base-rate", metavar="P", type=float, help="share with the outcome, as 0.12 (default: recipe)")
    group.add_argument("--horizon", metavar="52w", type=_weeks, help="when that holds (default: the checklist's label)")
    group.add_argument("--spells", choices=("aft", "ph"), help="log-logistic (default) or proportional hazards")
    group.add_argument("--shape", metavar="X", type=float, help="how quickly people return (default: 1.2)")
    group.add_argument("--unobserved", metavar="X", type=float, help="spread of what is not asked (default: 1)")


def _add_known(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--follow-up", metavar="P", type=float, help="share of outcomes known (default: 0.7)")
    group.add_argument("--event-only", metavar="P", type=float, help="share with the event form alone (default: 0.25)")
    group.add_argument("--missing", metavar="P", type=float, help="share of questions not asked (default: 0.05)")
    group.add_argument("--declined", metavar="P", type=float, help="share of sensitive questions declined (0.08)")
    group.add_argument("--everything", action="store_true", help="everybody answers every question")


def _add_support(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--support",
        metavar="FACTOR",
        type=float,
        help="what the odds of being still out are multiplied by in the bands above the first, as 0.6",
    )
    group.add_argument("--model", metavar="MODEL", type=model_place, help="the bundle that proposes bands")
    group.add_argument("--cutoffs", metavar="FILE", type=Path, help="the cut-offs that propose bands")


def _whole(text: str) -> int:
    digits = text.replace(",", "")
    try:
        return int(digits)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number. Write digits only, as 1500.") from None


def _weeks(text: str) -> int:
    return int(weeks(text))


def run(args: argparse.Namespace) -> int:
    """Simulate and say what was assumed; returns the exit code 0.

    Raises:
        UserError: something cannot be simulated or written.
    """
    if (args.recipe is None) != (args.checklist is None):
        raise UsageError("A recipe is written for one checklist: give --recipe and --checklist together.")
    for path in (args.output, args.truth):
        if path is not None and path.exists():
            raise UsageError(f"{path} is there already. Choose a new name: simulated people never replace a file.")
    if args.truth is not None and args.truth.resolve() == args.output.resolve():
        raise UsageError("--truth needs a file of its own.")
    features = Features.load(Checklist.load(args.checklist))
    recipe = args.recipe or content_root() / "models" / "recipes" / "evidence.yaml"
    world = World.of(recipe, features, _settings(args))
    cohort = simulate(args.people, args.seed, world, _support(args))
    write_outcomes(args.output, cohort.outcomes, features)
    if args.truth is not None:
        write_text(args.truth, _truth(cohort))
    sys.stdout.write("\n".join([*_said(world, cohort), f"Written: {args.output}", ""]))
    return 0


def _settings(args: argparse.Namespace) -> Settings:
    """The settings of the options that were given."""
    names = ("strength", "base_rate", "horizon", "spells", "shape", "unobserved", "follow_up", "event_only")
    chosen = {name: getattr(args, name) for name in (*names, "missing", "declined", "everything")}
    return Settings(**{name: value for name, value in chosen.items() if value is not None})


def _support(args: argparse.Namespace) -> Support | None:
    if args.support is None:
        if args.model is not None or args.cutoffs is not None:
            raise UsageError("--model and --cutoffs decide who gets support: give --support as well.")
        return None
    if args.checklist is not None and (args.model is None or args.cutoffs is None):
        raise UsageError("The shipped model does not fit this checklist: give --model and --cutoffs.")
    return Support(EnginePolicy(triage.load(args.model, checklist=args.checklist, cutoffs=args.cutoffs)), args.support)


def _said(world: World, cohort: Cohort) -> list[str]:
    """What was assumed, and what it comes to."""
    outcomes = cohort.outcomes
    lines = [f"{len(outcomes):,} simulated people", *(f"  {text}" for text in world.assumptions)]
    if outcomes.notes:
        share = float((outcomes.notes["support"] != "").mean())
        lines.append(f"  {100 * share:.0f}% received more than the standard support, and it works.")
    if len(outcomes) < _FEW:
        return lines
    label = outcomes.label(world.horizon)
    best = world.best_possible(outcomes.inputs)
    return [
        *lines,
        f"Known at week {world.horizon}: {100 * float(label.known.mean()):.1f}% of outcomes. "
        f"Not back in work, estimated from those: {100 * label.rate:.1f}%.",
        "Without support the best possible score, which knows the truth, would reach:",
        _reached("  on the answers given", best),
        _reached("  on every answer", cohort.untreated),
    ]


def _reached(words: str, chance: NDArray[np.float64]) -> str:
    """What a score does that is each person's chance."""
    shares = (expected_at(chance, chance, share) for share in SHARES)
    tops = "; ".join(
        f"top {100 * top.share:.0f}%: PPV {100 * top.ppv:.0f}%, NPV {100 * top.npv:.0f}%" for top in shares
    )
    return f"{words}: AUC {expected_auc(chance, chance):.3f}; {tops}"


def _truth(cohort: Cohort) -> str:
    """One row for each person: the true chance, with the support received and without any."""
    rows = zip(cohort.outcomes.client, cohort.chance.tolist(), cohort.untreated.tolist(), strict=True)
    lines = [f"{client},{chance:.9f},{untreated:.9f},yes" for client, chance, untreated in rows]
    return "\n".join(["client,chance,chance_without_support,simulated", *lines, ""])
