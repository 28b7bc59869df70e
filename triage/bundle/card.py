"""What should a person know before trusting this model? Its card, written from its own figures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from string import Template
from typing import Any

from triage.content import content_root
from triage.errors import ContentError
from triage.features import Features
from triage.scorecard import Scorecard
from triage.scorecard.recipe import Recipe
from triage.yamlfile import read_text

_KNOWLEDGE = {"interview": "the default interview", "event_form": "the event form alone"}


def evidence_card(recipe: Recipe, features: Features, scorecard: Scorecard, metrics: Mapping[str, Any]) -> str:
    """The model card of an evidence model, in Markdown: the template in `models/recipes/` with its figures."""
    path = content_root() / "models" / "recipes" / "evidence-card.md"
    rate, label = recipe.base_rate, features.checklist.label
    return Template(read_text(path, ContentError)).substitute(
        id=recipe.id,
        outcome=label.outcome,
        horizon=label.horizon,
        among=label.among,
        complement=label.complement,
        base=_percent(rate.value),
        base_low=_percent(rate.plausible[0]),
        base_high=_percent(rate.plausible[1]),
        measured="measured" if rate.measured else "not measured",
        base_source=rate.source,
        expected=_expected(recipe, metrics),
        knowledge="\n\n".join(item.note for item in recipe.knowledge if item.note),
        limits="\n".join(f"- {limit}" for limit in recipe.limits),
        mean=f"{100 * metrics['mean_probability']:.1f}",
        effects=_effects(recipe, features),
        blocks=_blocks(recipe),
        lower_rank=scorecard.lower_rank,
        upper_rank=scorecard.upper_rank,
        draws=scorecard.draw_count,
        coverage=_percent(scorecard.coverage),
        reference=_reference(recipe, features),
    )


def _percent(share: Any) -> str:
    return f"{100 * float(share):.3g}" if float(share) < 0.1 else f"{100 * float(share):.0f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _expected(recipe: Recipe, metrics: Mapping[str, Any]) -> str:
    named = _KNOWLEDGE | {item.id: item.words for item in recipe.knowledge}
    rows = [
        (
            words,
            f"{metrics[name]['auc']:.2f}",
            f"top {_percent(top['share'])}%",
            *(f"{_percent(top[figure])}%" for figure in ("ppv", "npv", "sensitivity")),
        )
        for name, words in named.items()
        if name in metrics
        for top in metrics[name]["top"]
    ]
    return _table(("what is known", "AUC", "flagged", "PPV", "NPV", "sensitivity"), rows)


def _effects(recipe: Recipe, features: Features) -> str:
    labels = {item.id: item.question.label for item in features.inputs}
    rows = [
        (labels[effect.input], str(effect.odds_ratio), f"{effect.range[0]} to {effect.range[1]}", effect.source)
        for effect in recipe.effects
    ]
    return _table(("question", "odds ratio, highest against lowest risk", "80% range", "source"), rows)


def _blocks(recipe: Recipe) -> str:
    if not recipe.blocks:
        return ""
    lines = ["Effects that are uncertain together, because they measure partly the same thing:", ""]
    for block in recipe.blocks:
        product = math.prod(float(effect.odds_ratio) for effect in recipe.effects if effect.input in block.inputs)
        span = f", range {block.range[0]} to {block.range[1]}" if block.range else ""
        members = ", ".join(block.inputs)
        lines.append(f"- {members}: stated together {block.odds_ratio}{span}; their product is {product:.2f}.")
    return "\n".join(lines)


def _reference(recipe: Recipe, features: Features) -> str:
    stated = {margin.question: margin for margin in recipe.reference.margins}
    rows = []
    for question in features.checklist.questions:
        margin = stated.get(question.id)
        if margin is None:
            rows.append((question.label, "No published margin: its answers are equally likely."))
            continue
        given = f" Given {features.checklist.question(margin.given).label.lower()}." if margin.given else ""
        part = f" Answered by {_percent(margin.answered / 100)}%." if margin.answered != 100 else ""
        shaped = margin.groups or margin.cases or margin.column or margin.ages
        rows.append((question.label, f"{margin.source}{given}{part}{'' if shaped else ' Answers equally likely.'}"))
    lead = (
        f"{recipe.reference.name}: {recipe.reference.people:,} **simulated** people. Questions are independent of"
        ' each other unless a row says "Given".'
    )
    return f"{lead}\n\n{_table(('question', 'margin'), rows)}"
