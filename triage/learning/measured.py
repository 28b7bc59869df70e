"""How well does a learned model do on people whom its tables had not seen?

Everything here is of cross-fitted scores: each person's is made of tables that were learned without them. What was
chosen for all (how far from the evidence, how many trees, the calibration) was chosen on the same people, so a figure
may flatter the model a little. An evaluation on later outcomes is the honest one.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.bundle.release import SHARES, short
from triage.evaluation.dimensions import dimensions
from triage.evaluation.figures import Figures, Progress, measure, verdict
from triage.evaluation.groups import Groups
from triage.evaluation.judge import MODEL, main_data, main_measures
from triage.evaluation.missing import Missing
from triage.evaluation.sample import Sample as Judged
from triage.evaluation.settings import Settings as Judging
from triage.evaluation.variants import by_support, counted_otherwise
from triage.learning.fit import Fitted
from triage.learning.learn import Learned
from triage.learning.support import Without, reach_of
from triage.outcomes.follow_up import SMALLEST_GROUP, bounds

Array = NDArray[np.float64]
KIND = (
    "cross-fitted: each person was scored by tables learned without them; how far to leave the evidence, the number of"
    " trees and the calibration were chosen on the same people"
)
_EVIDENCE = "evidence"
#: What is told of the evidence beside the learned model; of the first more is better, of the others less.
_BESIDE = ("auc", "brier", "log_loss")


def measured(
    learned: Learned, without: Without | None, judging: Judging, progress: Progress | None = None
) -> dict[str, Any]:
    """What a learned model says of itself, as plain data.

    Keys: "kind"; "people" (counts and bounds; the count of an outcome kind is None where it is below 10); "model" (see
    `judge`); "evidence" (the same figures of the evidence tables on the same people, with the paired difference and a
    verdict); "groups" (of those flagged at the top shares), "missing_answers" and "competing_events" (see
    `triage.evaluation.evaluate`); "learning" (what was chosen, and how far each step moved the tables);
    "mean_contributions" (by question, over the reference population: a contribution less this is its Shapley value
    there); "support" (None where nobody is known to have been supported; else how many rows, the main figures with and
    without them, and by input the odds ratio of the highest against the lowest point, learned with and without them).
    """
    fitted = learned.fitted
    sample = fitted.sample
    people, logits = sample.outcomes, fitted.held_out.mean(axis=0)
    judged = Judged(people, sample.horizon, sample.settings.competing, judging)
    model = main_measures(MODEL, logits, judged)
    evidence = main_measures(_EVIDENCE, sample.offset, judged)
    place = np.sum([logits >= _cut(logits, share) for share in SHARES], axis=0)
    ids = ("rest", *(f"top_{100 * share:g}" for share in sorted(SHARES, reverse=True)))
    groups = Groups(dimensions(sample.features, people, judging), logits, place, ids, judged)
    missing = Missing(sample.features, people, logits, judged)
    figures = measure(judged, [*model, *evidence, *groups.measures, missing.measure], progress)
    told = main_data(MODEL, figures, judged, model[1])
    return {
        "kind": KIND,
        "people": _people(fitted),
        "model": told,
        "evidence": _beside(figures),
        "groups": groups.data(figures),
        "missing_answers": missing.data(figures),
        "competing_events": counted_otherwise(told, logits, people, sample.horizon, judging, sample.settings.competing),
        "learning": _learning(fitted),
        "mean_contributions": _means(learned),
        "support": None if without is None else _support(fitted, without, judging),
    }


def _support(fitted: Fitted, without: Without, judging: Judging) -> dict[str, Any]:
    sample = fitted.sample
    told = by_support(fitted.held_out.mean(axis=0), sample.outcomes, sample.horizon, judging, sample.settings.competing)
    effects = None
    if without.fitted is not None:
        both = (fitted.tables, without.fitted.tables)
        effects = {
            item.id: {
                name: short(reach_of(tables, item)) for name, tables in zip(("with", "without"), both, strict=True)
            }
            for item in sample.features.inputs
        }
    return {"rows": without.supported, "reason": without.reason, "effects": effects, "figures": told}


def _cut(logits: Array, share: float) -> float:
    """The log-odds at or above which about `share` of these people lie."""
    return float(np.sort(logits)[::-1][max(round(share * len(logits)) - 1, 0)])


def _people(fitted: Fitted) -> dict[str, Any]:
    sample = fitted.sample
    found = {name: _plain(value) for name, value in asdict(_bounds(fitted)).items()}
    kinds, counts = np.unique(sample.outcomes.kind.astype(str), return_counts=True)
    cases = int(np.count_nonzero(sample.label.outcome & (sample.label.weight > 0)))
    kinds_found = {
        kind: size if size >= SMALLEST_GROUP else None
        for kind, size in zip(kinds.tolist(), counts.tolist(), strict=True)
    }
    return {"rows": len(sample), "clients": len(sample.clients), "cases": cases, "kinds": kinds_found, **found}


def _bounds(fitted: Fitted) -> Any:
    sample = fitted.sample
    return bounds(sample.outcomes, sample.horizon, sample.settings.competing)


def _plain(value: float) -> float | None:
    return short(value) if np.isfinite(value) else None


def _beside(figures: Figures) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in _BESIDE:
        lead = figures.ahead(f"{MODEL}/{key}", f"{_EVIDENCE}/{key}")
        told = verdict(lead, more_is_better=key == "auc")
        found[key] = {"figure": figures.of(f"{_EVIDENCE}/{key}"), "difference": lead, "model_is": told}
    return found | {key: figures.of(f"{_EVIDENCE}/{key}") for key in ("slope", "observed_over_expected")}


def _learning(fitted: Fitted) -> dict[str, Any]:
    choice, settings = fitted.choice, fitted.sample.settings
    return {
        "multiple": choice.multiple,
        "trees": choice.rounds,
        "slope": short(fitted.affine.slope),
        "intercept": short(fitted.affine.intercept),
        "fell_back": fitted.fell_back,
        "seed": settings.seed,
        "folds": settings.folds,
        "repeats": len(choice.held_out),
        "competing": settings.competing,
        "held_out_loss": {f"{key:g}": short(v) for key, v in zip(settings.multiples, choice.losses, strict=True)},
        "moved": [{key: _rounded(value) for key, value in asdict(item).items()} for item in fitted.moved],
    }


def _rounded(value: Any) -> Any:
    return short(value) if isinstance(value, float) else value


def _means(learned: Learned) -> dict[str, float]:
    """By question, the mean contribution over the simulated reference population, silent answers among them."""
    start = learned.fitted.sample.start
    means = learned.scorecard.contributions_many(start.reference.simulate()).mean(axis=0)
    return {
        question: float(sum(means[item.place] for item in inputs))
        for question, inputs in start.features.inputs_of.items()
    }
