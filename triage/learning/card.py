"""What should a person know before trusting a learned model? Its card, written from what was measured."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from string import Template
from typing import Any

from triage.bundle.manifest import CARD, Manifest
from triage.bundle.shapes import SHAPES, Shapes, shapes_svg
from triage.content import content_root
from triage.errors import ContentError
from triage.evaluation.parts import count, differences, numbers, shares
from triage.features import Features, Input
from triage.learning import card_parts as parts
from triage.learning.beeswarm import BEESWARM, Swarm, beeswarm_svg
from triage.learning.learn import Learned
from triage.numbers import logistic
from triage.outcomes.problems import Remark
from triage.yamlfile import read_text

_SIMULATED = " (simulated people)"
_BESIDE = {"auc": "AUC", "brier": "Brier score", "log_loss": "log loss"}
_COMPETING = {
    "not_back": "Retirement or death before the horizon counts as not back in work.",
    "censored": "Retirement or death before the horizon counts as lost from sight, not as an outcome.",
}

#: Remarks whose count stands on the card in a place of its own, where it is not told if it is small.
_ELSEWHERE = ("competing", "simulated")
#: Numbers of rows in the file that was read: nobody needs them beside a released model.
_ROWS = re.compile(r" \((?:first )?[\d,]+(?:, [\d,]+)*\)")


def card_files(
    learned: Learned, manifest: Manifest, figures: dict[str, Any], remarks: Sequence[Remark]
) -> dict[str, bytes]:
    """The card and its pictures, by file name."""
    start, scorecard = learned.fitted.sample.start, learned.scorecard
    who = "Simulated people: w" if _simulated(manifest) else "W"
    source = f"Learned from {manifest.training}."
    heading = f"{who}hat each answer does to the odds: {manifest.id}"
    shapes = shapes_svg(heading, source, scorecard, start.reference, start.evidence)
    swarm = Swarm.of(scorecard, start.reference, figures["mean_contributions"])
    return {
        CARD: learned_card(learned, manifest, figures, remarks).encode(),
        SHAPES: shapes.encode(),
        BEESWARM: beeswarm_svg(f"{who}hat moves the scores: {manifest.id}", swarm).encode(),
    }


def learned_card(learned: Learned, manifest: Manifest, figures: Mapping[str, Any], remarks: Sequence[Remark]) -> str:
    """The model card of a learned model, in Markdown: the template in `models/recipes/` with its figures."""
    path = content_root() / "models" / "recipes" / "learned-card.md"
    start = learned.fitted.sample.start
    told = _SIMULATED if _simulated(manifest) else ""
    questions = {question.id: question.label for question in start.features.checklist.questions}
    inputs = {item.id: _input_label(item, start.features) for item in start.features.inputs}
    text = Template(read_text(path, ContentError)).substitute(
        _stated(manifest),
        title_note=", learned from simulated people" if told else "",
        told=told,
        lead="\n\n".join(lead(manifest, figures)),
        people=parts.people(figures, told),
        follow_up=parts.follow_up(figures),
        competing=_COMPETING[figures["learning"]["competing"]],
        remarks=_remarks(remarks),
        support=support(figures, inputs, told),
        kind=f"{figures['kind'][0].upper()}{figures['kind'][1:]}",
        metrics=parts.metrics(figures, told),
        top=parts.top(figures, told),
        lowest=parts.lowest(figures, told),
        curve=parts.curve(figures, told),
        missing=parts.missing(figures, told),
        competing_figures=parts.competing(figures, told),
        groups=parts.groups(figures, told),
        learning=parts.learning(figures),
        moved=parts.moved(figures, inputs, told),
        departures=parts.departures(Shapes(learned.scorecard, start.reference, start.evidence).panels(), told),
        constants=parts.constants(figures, questions, told),
        limits="".join(f"- {limit}\n" for limit in start.recipe.limits),
    )
    return text.rstrip() + "\n"


def _stated(manifest: Manifest) -> dict[str, object]:
    """What the manifest states already."""
    label, rate, interval = manifest.label, manifest.base_rate, manifest.interval
    return {
        "id": manifest.id,
        "outcome": label.outcome,
        "horizon": label.horizon,
        "among": label.among,
        "complement": label.complement,
        "base": _in_100(rate.value),
        "base_low": _in_100(rate.plausible[0]),
        "base_high": _in_100(rate.plausible[1]),
        "baseline": _in_100(logistic(manifest.baseline)),
        "training": manifest.training,
        "lower_rank": interval.lower_rank,
        "upper_rank": interval.upper_rank,
        "draws": interval.draws,
        "coverage": f"{100 * interval.nominal_coverage:.0f}",
        "reference": manifest.reference,
    }


def lead(manifest: Manifest, figures: Mapping[str, Any]) -> Iterator[str]:
    """What has to be known first, in paragraphs; what speaks against the model comes before all else."""
    if _simulated(manifest):
        yield "**Everybody this model learned from is simulated. None of its figures says anything about real people.**"
    if figures["learning"]["fell_back"]:
        yield (
            "**The outcomes did not bear the fit out. The tables are those of the published evidence, moved to the"
            " observed rate.**"
        )
    beside = {key: figures["evidence"][key]["model_is"] for key in _BESIDE}
    not_ahead = {key: verdict for key, verdict in beside.items() if verdict != "ahead"}
    if not_ahead:
        words = "; ".join(
            f"{verdict} in {_BESIDE[key]}, {_difference(key, figures)}" for key, verdict in not_ahead.items()
        )
        advice = " Use the evidence model." if "behind" in not_ahead.values() else ""
        far = "in every respect" if len(not_ahead) < len(beside) else "in any respect"
        yield f"**On people held out it is not better than the evidence it started from {far}: {words}.{advice}**"
    ahead = [key for key in beside if key not in not_ahead]
    if ahead:
        words = "; ".join(f"{_BESIDE[key]} {_difference(key, figures)}" for key in ahead)
        yield f"On people held out it is ahead of the evidence it started from: {words}."
    sample = manifest.sample
    assert sample is not None
    yield (
        f"It learned from what happened to {count(sample.people)}{' simulated' if sample.simulated else ''} people"
        f" whose jobs ended from {sample.first} to {sample.last}. Its AUC on people held out is"
        f" {numbers(figures['model']['auc'])}."
    )


def support(figures: Mapping[str, Any], labels: Mapping[str, str], told: str) -> str:
    """What supported people did to the tables, where anybody is known to have been supported."""
    found = figures["support"]
    if found is None:
        return (
            "No row says that somebody received support or was given a band above the standard one. If some did, risks"
            " that were met with support may look smaller here than they are."
        )
    lines = [
        f"**{count(found['rows'])} rows are of people who received support or were given a band above the standard"
        " one.** Support changes outcomes: a risk that was met with it can look smaller than it is. Neither result is"
        " the truth: who was given support was no accident."
    ]
    names = {"without": "people without support", "only": "people with support"}
    rows = [
        (name, count(part["people"]), *_main(part)) for key, name in names.items() for part in [found["figures"][key]]
    ]
    lines.append(parts.table((f"judged on{told}", "people", "AUC", "observed", "predicted"), rows))
    if found["effects"] is None:
        lines.append(f"What the others teach alone cannot be said: {found['reason']}")
    else:
        reach = [
            (labels[name], f"{both['with']:.2f}", f"{both['without']:.2f}") for name, both in found["effects"].items()
        ]
        head = (f"odds ratio, highest against lowest{told}", "learned with them", "learned without them")
        lines.append(parts.table(head, reach))
    return "\n\n".join(lines)


def _main(part: Mapping[str, Any]) -> tuple[str, str, str]:
    if "reason" in part:
        return part["reason"], "", ""
    return numbers(part["auc"]), shares(part["observed"]), shares(part["predicted"])


def _difference(key: str, figures: Mapping[str, Any]) -> str:
    beside = figures["evidence"][key]
    return f"difference {differences(beside['difference'])}"


def _remarks(remarks: Sequence[Remark]) -> str:
    shown = [remark for remark in remarks if remark.id not in _ELSEWHERE]
    if not shown:
        return "Nothing stood out in the review of the outcomes."
    names = {"stop": "Stop", "warn": "Warning", "note": "Note"}
    told = [f"- {names[remark.severity]}: {parts.plain(_ROWS.sub('', remark.text))}" for remark in shown]
    return "\n".join(["What the review of the outcomes says:", "", *told])


def _input_label(item: Input, features: Features) -> str:
    """The label of the question; with the input's id where a question has several."""
    alone = len(features.inputs_of[item.question.id]) == 1
    return item.question.label if alone else f"{item.question.label} ({item.id.replace('_', ' ')})"


def _simulated(manifest: Manifest) -> bool:
    return manifest.sample is not None and manifest.sample.simulated


def _in_100(share: float) -> str:
    return f"{100 * share:.3g}"
