"""What should a person know before trusting this model? Its card, written from its own figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from triage.features import Features
from triage.scorecard import Scorecard
from triage.scorecard.recipe import Recipe

_KNOWLEDGE = {
    "interview": "the default interview",
    "event_form": "the event form alone",
    "partner_records": "partners' records alone (age, area, disability)",
}


def evidence_card(
    recipe: Recipe, features: Features, scorecard: Scorecard, metrics: Mapping[str, Any]
) -> str:
    """The model card of an evidence model, in Markdown."""
    label = features.checklist.label
    parts = [
        f"# Model card: {recipe.id}",
        "**This model is put together from published evidence. It has seen no outcomes of this service's clients,"
        " and its base rate is an assumption.**",
        "## What it estimates",
        f"Out of 100 people with the same answers, how many are {label.outcome} {label.horizon}, among {label.among}."
        f" That is not the same as being unemployed, and its complement is: {label.complement}.",
        _base_rate(recipe),
        "## What it is for, and what it is not for",
        "It proposes which support a person is offered. A caseworker confirms or changes every proposal. It must"
        " never be used to refuse a service, for benefit conditionality or sanctions, for a decision about"
        " employment, or to select people for redundancy. It says who is at risk under the support that is usual; it"
        " does not say who gains most from which support.",
        "## How well it can be expected to do",
        _expected(metrics, recipe),
        "## Where the figures come from",
        _effects(recipe, features),
        _blocks(recipe),
        "Odds ratios are associations in other populations, not causes. Several were sized by judgement, and say so.",
        "## Ranges",
        f"A range is the span between the {scorecard.lower_rank}rd and the {scorecard.upper_rank}th of"
        f" {scorecard.draw_count} draws of the whole table from the ranges above (nominal coverage"
        f" {100 * scorecard.coverage:.0f}%). A question without an answer takes, in each draw, the answer of a random"
        " person of the reference population. The range leaves out that the base rate itself is assumed: that would"
        " move everybody alike and change nobody's order.",
        "## Reference population",
        _reference(recipe, features),
        "## Limits",
        "- Margins of error are large. The model is better at finding people whose chance is low than people whose"
        " chance is high.\n"
        "- It copes least well with people who have several complex needs: there a caseworker's judgement matters most.\n"
        "- Whether risk differs by age, disability or household as stated has not been checked on this service's clients.\n"
        "- The client's own history of work, often the strongest predictor elsewhere, is not on the checklist.\n"
        "- Published effects from other countries and years may not hold here and now.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _base_rate(recipe: Recipe) -> str:
    rate = recipe.base_rate
    low, high = rate.plausible
    measured = "measured" if rate.measured else "not measured"
    return (
        f"Base rate: {100 * rate.value:.0f} in 100, plausible {100 * low:.0f} to {100 * high:.0f}, {measured}."
        f" {rate.source}"
    )


def _expected(metrics: Mapping[str, Any], recipe: Recipe) -> str:
    lines = [
        "**Computed from the assumptions above over a simulated population, not observed.** If every effect and the"
        " base rate were exactly as assumed:",
        "",
        "| what is known | AUC | flagged | PPV | NPV | sensitivity |",
        "|---|---|---|---|---|---|",
    ]
    for name, words in _KNOWLEDGE.items():
        for top in metrics[name]["top"]:
            lines.append(
                f"| {words} | {metrics[name]['auc']:.2f} | top {100 * top['share']:.0f}% | {100 * top['ppv']:.0f}% |"
                f" {100 * top['npv']:.0f}% | {100 * top['sensitivity']:.0f}% |"
            )
    lines += [
        "",
        "PPV: of the people flagged, how many have the outcome. NPV: of the others, how many do not. Sensitivity: of"
        " the people with the outcome, how many are flagged. The mean probability over the simulated population is"
        f" {100 * metrics['mean_probability']:.1f}%; a client who answers nothing gets {100 * recipe.base_rate.value:.1f}%.",
    ]
    return "\n".join(lines)


def _effects(recipe: Recipe, features: Features) -> str:
    questions = {item.id: item.question for item in features.inputs}
    lines = [
        "| question | odds ratio, highest against lowest risk | 80% range | source |",
        "|---|---|---|---|",
    ]
    for effect in recipe.effects:
        low, high = effect.range
        label = questions[effect.input].label
        lines.append(f"| {label} | {effect.odds_ratio} | {low} to {high} | {effect.source} |")
    return "\n".join(lines)


def _blocks(recipe: Recipe) -> str:
    lines = []
    for block in recipe.blocks:
        product = math.prod(
            float(effect.odds_ratio) for effect in recipe.effects if effect.input in block.inputs
        )
        span = f", range {block.range[0]} to {block.range[1]}" if block.range else ""
        lines.append(
            f"- {', '.join(block.inputs)}: stated together {block.odds_ratio}{span}; their product is {product:.2f}."
        )
    return (
        "Effects that are uncertain together, because they measure partly the same thing:\n\n"
        + "\n".join(lines)
        if lines
        else ""
    )


def _reference(recipe: Recipe, features: Features) -> str:
    stated = {margin.question: margin for margin in recipe.reference.margins}
    lines = [
        f"{recipe.reference.name}: {recipe.reference.people:,} **simulated** people. Questions are independent of each"
        ' other unless a row says "given".',
        "",
        "| question | margin |",
        "|---|---|",
    ]
    for question in features.checklist.questions:
        margin = stated.get(question.id)
        if margin is None:
            lines.append(f"| {question.label} | No published margin: its answers are equally likely. |")
            continue
        given = f" Given {features.checklist.question(margin.given).label.lower()}." if margin.given else ""
        part = f" Answered by {margin.answered:.0f}%." if margin.answered != 100 else ""
        equal = (
            ""
            if margin.groups or margin.cases or margin.column or margin.ages
            else " Its answers are equally likely."
        )
        lines.append(f"| {question.label} | {margin.source}{given}{part}{equal} |")
    return "\n".join(lines)
