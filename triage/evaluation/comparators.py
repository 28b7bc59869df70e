"""Is the model any better than what anyone could use instead? Age rules, other models, the same model told less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from triage.bundle import Bundle
from triage.engine import Engine
from triage.evaluation.chances import Chances
from triage.evaluation.dimensions import ages, is_protected
from triage.evaluation.figures import Figure, Figures, Measure, verdict
from triage.evaluation.judge import MODEL
from triage.evaluation.ranking import Ranking, Rule
from triage.evaluation.recalibration import Recalibration
from triage.evaluation.sample import Sample
from triage.evaluation.scored import Scored, run
from triage.evaluation.settings import Settings
from triage.outcomes import Outcomes

Array = NDArray[np.float64]
Kind = Literal["age_rule", "age", "evidence", "previous", "less"]
#: Figures in which less is better.
_LOSSES = ("brier", "log_loss")
_RANKED = ("ppv", "sensitivity")


@dataclass(frozen=True, eq=False)
class Comparator:
    """Something that could be used in place of the model.

    Attributes:
        id: a word for it, unlike any other.
        kind: what it is.
        name: for people.
        score: [n] higher is more at risk: log-odds, years of age, or 1 for whom a rule flags.
    """

    id: str
    kind: Kind
    name: str
    score: Array

    @property
    def key(self) -> str:
        """Its name among the figures."""
        return f"comparator/{self.id}"

    @property
    def gives_chances(self) -> bool:
        """True where the score is log-odds."""
        return self.kind in ("evidence", "previous", "less")

    def measures(self, sample: Sample) -> list[Measure]:
        """What is measured of it."""
        label, name = sample.label, self.key
        if self.kind == "age_rule":
            return [Rule(name, self.score > 0, label.outcome)]
        found: list[Measure] = [Ranking(name, self.score, label, sample.settings.shares)]
        if self.gives_chances:
            found.append(Chances(name, self.score, sample))
        if self.kind in ("evidence", "previous"):
            found.append(Recalibration(name, self.score, label))
        return found


def comparators(
    engine: Engine,
    outcomes: Outcomes,
    scored: Scored,
    settings: Settings,
    evidence: Bundle | None,
    previous: Sequence[Bundle],
) -> list[Comparator]:
    """Whatever the model can be compared with.

    Raises:
        BundleError: a model was made for another checklist.
    """
    found = _by_age(engine, outcomes, settings)
    if evidence is not None and evidence.version != engine.bundle.version:
        found.append(_model("evidence", "evidence", evidence, engine, outcomes))
    for place, bundle in enumerate(previous, start=1):
        found.append(_model(f"previous_{place}", "previous", bundle, engine, outcomes))
    return found + _told_less(engine, scored, settings)


def _by_age(engine: Engine, outcomes: Outcomes, settings: Settings) -> list[Comparator]:
    """The age rules and the age itself. Who did not give an age is flagged by no rule, and ranks as the median age."""
    years = ages(engine.features, outcomes)
    if years is None or np.all(np.isnan(years)):
        return []
    found = [
        Comparator(f"age_{start}", "age_rule", f"The rule “{start} or over”", np.where(years >= start, 1.0, 0.0))
        for start in settings.age_rules
    ]
    return [*found, Comparator("age", "age", "Age in years", np.where(np.isnan(years), np.nanmedian(years), years))]


def _model(id_: str, kind: Kind, bundle: Bundle, engine: Engine, outcomes: Outcomes) -> Comparator:
    what = "The evidence model" if kind == "evidence" else "The earlier model"
    return Comparator(id_, kind, f"{what} {bundle.version}", run(bundle, engine.features, outcomes)[1])


def _told_less(engine: Engine, scored: Scored, settings: Settings) -> list[Comparator]:
    """The model as if a question about a protected characteristic had not been asked; then as if none had."""
    asked = [
        question
        for question in engine.checklist.questions
        if is_protected(question, settings) and engine.features.inputs_of[question.id]
    ]
    found = [
        Comparator(
            f"less_{question.id}",
            "less",
            f"This model without “{question.label}”",
            scored.without(engine.features, {question.id}),
        )
        for question in asked
    ]
    if len(asked) > 1:
        every = scored.without(engine.features, {question.id for question in asked})
        found.append(Comparator("less_all", "less", "This model without any of these", every))
    return found


def rules_of(found: Sequence[Comparator]) -> dict[str, NDArray[np.bool_]]:
    """Whom each age rule flags, so that the model can be told at the same workload."""
    return {item.id: item.score > 0 for item in found if item.kind == "age_rule"}


def comparator_data(item: Comparator, figures: Figures, shares: Sequence[float]) -> dict[str, Any]:
    """One comparator as plain data: its figures, and the model's lead over it, paired."""
    head: dict[str, Any] = {"id": item.id, "kind": item.kind, "name": item.name}
    head["auc"] = _beside(figures, f"{MODEL}/auc", f"{item.key}/auc", "auc")
    if item.kind == "age_rule":
        head["workload"] = figures.of(f"{item.key}/workload")
        head["false_positive_rate"] = figures.of(f"{item.key}/false_positive_rate")
        at = {key: _beside(figures, f"{MODEL}/at/{item.id}/{key}", f"{item.key}/{key}", key) for key in _RANKED}
        return head | {"at_same_workload": at}
    head["top"] = [
        {
            "share": share,
            **{key: _beside(figures, f"{MODEL}/top/{key}", f"{item.key}/top/{key}", key, k) for key in _RANKED},
        }
        for k, share in enumerate(shares)
    ]
    if item.gives_chances:
        head |= {key: _beside(figures, f"{MODEL}/{key}", f"{item.key}/{key}", key) for key in _LOSSES}
        head["observed_over_expected"] = figures.of(f"{item.key}/observed_over_expected")
    if item.kind in ("evidence", "previous"):
        head["slope"] = figures.of(f"{item.key}/slope")
    return head


def _beside(figures: Figures, model: str, other: str, key: str, *place: int) -> Mapping[str, Figure | str]:
    """Its figure, the model's less its, and whether the model is ahead, level or behind."""
    lead = figures.ahead(model, other, *place)
    better = verdict(lead, more_is_better=key not in _LOSSES)
    return {"figure": figures.of(other, *place), "difference": lead, "model_is": better}
