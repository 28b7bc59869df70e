"""Which model was judged by whom, and what has a reader to know before any figure?"""

from __future__ import annotations

from typing import Any

import numpy as np

from triage.engine import Engine
from triage.evaluation.sample import Sample
from triage.outcomes import Competing, Outcomes
from triage.outcomes.problems import counted
from triage.outcomes.seen import Overlap

#: Follow-up below this share is spoken of, and so are fewer cases than this.
LEAST_FOLLOW_UP, LEAST_CASES = 0.6, 100

#: What was reported of another model on other people (Matty 2013, DWP Working Paper 116), and how it is read here.
DWP: dict[str, Any] = {
    "source": "Matty, S. (2013), Predicting likelihood of long-term unemployment, DWP Working Paper 116, as reported in"
    " Rocket Science for the Scottish Government and Skills Development Scotland (2021), section 2.3.4",
    "reported": "33% accurate at the 8% of highest risk, 20% at the 30% of highest risk, 94% and 96% at the 8% and 30%"
    " of lowest risk",
    "inference": "Read literally the last two contradict each other: the safest 8% would be less safe than the safest"
    " 30%. Read as the share right among those flagged (PPV) and among those not flagged (NPV) when the top 8% and the"
    " top 30% are flagged, all four fit one model with 8.3 to 8.7% of people long-term unemployed. That reading is an"
    " inference of this project. It is another model, of other people and with another outcome: not a figure of the"
    " model judged here, nor a mark that it has to reach.",
    "rows": [
        {"share": 0.08, "ppv": 0.33, "npv": 0.94, "inferred": {"sensitivity": 0.31, "false_positive_rate": 0.06}},
        {"share": 0.30, "ppv": 0.20, "npv": 0.96, "inferred": {"sensitivity": 0.71, "false_positive_rate": 0.26}},
    ],
}


def about(engine: Engine, people: Outcomes, sample: Sample, weeks: float, competing: Competing) -> dict[str, Any]:
    """What was judged, and by whom: the head of `evaluation.json`."""
    manifest, settings = engine.bundle.manifest, sample.settings
    label = manifest.label
    days = people.date[~np.isnat(people.date)]
    kinds, counts = np.unique(people.kind.astype(str), return_counts=True)
    known, weight = sample.label.known, sample.label.weight
    with_outcome = sample.client[known & sample.label.outcome & (weight > 0)]
    return {
        "title": f"{'Simulated people: ' if people.simulated else ''}how good is {manifest.id}?",
        "simulated": people.simulated,
        "model": {
            "id": manifest.id, "source": manifest.source, "training": manifest.training,
            "outcome": label.outcome, "complement": label.complement, "horizon": label.horizon,
            "horizon_weeks": label.horizon_weeks, "among": label.among,
        },
        "checklist": engine.features.version,
        "cutoffs": {
            "version": engine.cutoffs.version,
            "bands": [{"id": band.id, "name": band.name} for band in engine.cutoffs.bands],
        },
        "horizon_weeks": weeks,
        "own_horizon": weeks == label.horizon_weeks,
        "people": {
            "source": people.source, "rows": len(people), "clients": sample.clients,
            "known": int(np.count_nonzero(known)),
            "cases": int(np.count_nonzero(known & sample.label.outcome)),
            # A file put in twice has twice the cases, and says no more.
            "clients_with_outcome": len(np.unique(with_outcome)),
            "first_date": str(days.min()) if len(days) else None,
            "last_date": str(days.max()) if len(days) else None,
            "kinds": {
                str(kind): int(count) if count >= settings.least_people else None
                for kind, count in zip(kinds, counts, strict=True)
            },
        },
        "settings": {
            "seed": settings.seed, "resamples": settings.resamples, "interval": 0.95, "competing": competing,
            "shares": list(settings.shares), "least_people": settings.least_people,
            "least_cases": settings.least_cases, "protected": list(settings.protected),
        },
    }  # fmt: skip


def cautions(
    head: dict[str, Any], main: dict[str, Any], engine: Engine, no_evidence: bool, overlap: Overlap | None = None
) -> list[dict[str, str]]:
    """What a reader has to know first; an empty list where nothing stands out.

    Args:
        head: what `about` gives.
        main: the main figures.
        engine: the model.
        no_evidence: True where no evidence model stands beside it.
        overlap: what of these people the model has seen; None where no record says so.
    """
    people, weeks = head["people"], head["horizon_weeks"]
    found: list[tuple[str, str]] = []
    if head["simulated"]:
        found.append(("simulated", "Everybody in these data is simulated. The figures say nothing about real people."))
    learned = engine.bundle.manifest.sample
    if learned is not None and learned.simulated and not head["simulated"]:
        found.append(("learned_simulated", "The model learned from simulated people. It is for practice, not for use."))
    if not head["own_horizon"]:
        own = head["model"]["horizon_weeks"]
        found.append(("horizon", f"The model was made for {own} weeks and is judged here at {weeks:g} weeks."))
    follow_up = people["known"] / people["rows"]
    if follow_up < LEAST_FOLLOW_UP:
        text = f"The outcome is known of {follow_up:.0%} of people only. Read the bounds beside every estimate: they"
        found.append(("follow_up", f"{text} hold whoever the others are."))
    if people["clients_with_outcome"] < LEAST_CASES:
        text = f"Only {people['clients_with_outcome']} people are known to have the outcome, so the intervals are wide."
        found.append(("few_cases", f"{text} Differences between groups may be chance."))
    if text := _learned_from(people, engine, overlap):
        found.append(("learned_from", f"{text} figures flatter it; its card has those of people held back."))
    ends = main["observed_over_expected"]
    if ends["low"] is not None and not ends["low"] <= 1 <= ends["high"]:
        way = "too few" if ends["low"] > 1 else "too many"
        found.append(
            ("level", f"The model expects {way}: {ends['value']:.2f} people had the outcome for each expected.")
        )
    if no_evidence:
        found.append(
            ("no_evidence", "No evidence model for this checklist was given, so none stands beside the model.")
        )
    return [{"id": name, "text": text} for name, text in found]


def _learned_from(people: dict[str, Any], engine: Engine, overlap: Overlap | None) -> str:
    """What is known, or has to be feared, of people whom the model has seen; "" for nothing."""
    sample = engine.bundle.manifest.sample
    if overlap is not None and (overlap.clients or overlap.rows):
        rows = f", and {counted(overlap.rows, 'row')} of others repeat one of theirs" if overlap.rows else ""
        return f"The model learned from {counted(overlap.clients, 'client')} of this file{rows}. The"
    if overlap is None and sample is not None and _may_overlap(people, sample.first, sample.last):
        return "The model may have learned from some of these people: the days overlap, or are not given. If so, the"
    return ""


def _may_overlap(people: dict[str, Any], first: str, last: str) -> bool:
    if not people["first_date"] or not first or not last:
        return True
    return bool(people["first_date"] <= last and first <= people["last_date"])
