"""How is a learned model released: with which words, which figures and which pictures?"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from triage.bundle.manifest import FORMAT, Manifest, Sample, StatedRate
from triage.bundle.release import Release, interval_of, model_files, population, sealed
from triage.checklist import Label
from triage.errors import OutcomesError
from triage.evaluation.figures import Progress
from triage.evaluation.settings import Settings as Judging
from triage.learning.card import card_files
from triage.learning.learn import Learned
from triage.learning.measured import measured
from triage.learning.support import Without
from triage.outcomes import OutcomeKinds, Outcomes
from triage.outcomes.problems import Remark

#: The figures behind the card, in full.
FIGURES = "figures.json"
#: Resamples times rows that take a few seconds, and the fewest resamples that make an interval.
_WORK, _FEWEST = 20_000_000, 200
#: What the id of a model that learned from simulated people has in it.
SIMULATED = "simulated"
_HEADLINES = ("auc", "brier", "slope", "intercept", "ece", "observed", "predicted")


@dataclass(frozen=True)
class About:
    """What people say about a learned model.

    Attributes:
        name: its id; that of a model learned from simulated people says so, or is made to.
        kinds: the outcome kinds, with the words of the label.
        period: the first and last day on which the jobs of its people ended; None takes it from the outcomes.
        remarks: what should be known of the outcomes.
    """

    name: str
    kinds: OutcomeKinds
    period: tuple[date, date] | None = None
    remarks: tuple[Remark, ...] = ()


def release_learned(
    learned: Learned,
    about: About,
    without: Without | None = None,
    judging: Judging | None = None,
    progress: Progress | None = None,
) -> Release:
    """The bundle of a learned model.

    Args:
        learned: the model.
        about: what people say about it.
        without: what was learned without supported people, where some were supported.
        judging: of the intervals of the card; with many people fewer resamples, which then differ little.
        progress: is told how many resamples are done, and of how many.

    Raises:
        OutcomesError: it is not known between which days the jobs of its people ended.
    """
    sample = learned.fitted.sample
    if sample.outcomes.simulated and SIMULATED not in about.name:
        # The name stands beside every score and in every file that a score goes to.
        about = replace(about, name=f"{SIMULATED}-{about.name}")
    first, last = period_of(sample.outcomes, about)
    figures = measured(learned, without, judging or _judging(len(sample)), progress)
    contributions = learned.scorecard.contributions_many(sample.start.reference.simulate())
    files = model_files(about.name, learned.scorecard, sample.features, sample.start.reference, contributions)
    files[FIGURES] = (json.dumps(figures, indent=1) + "\n").encode()
    manifest = _manifest(learned, about, figures, (first, last))
    files |= card_files(learned, manifest, figures, about.remarks)
    return sealed(manifest, files)


def _judging(rows: int) -> Judging:
    return Judging(resamples=min(max(_WORK // rows, _FEWEST), Judging().resamples))


def period_of(outcomes: Outcomes, about: About) -> tuple[str, str]:
    """The first and last day on which the jobs of these people ended.

    Raises:
        OutcomesError: neither the outcomes nor anybody says.
    """
    if about.period is not None:
        return about.period[0].isoformat(), about.period[1].isoformat()
    days = outcomes.date[~np.isnat(outcomes.date)]
    if not len(days):
        raise OutcomesError(
            f"{outcomes.source or 'The file'} has no dates. A learned model says whom it learned from: give the column"
            " 'date' (the day the job ended), or the first and last day with --first and --last."
        )
    return str(days.min()), str(days.max())


def _manifest(learned: Learned, about: About, figures: dict[str, Any], period: tuple[str, str]) -> Manifest:
    sample = learned.fitted.sample
    people = len(sample.clients)
    simulated = "simulated " if sample.outcomes.simulated else ""
    observed = figures["model"]["observed"]
    rate = learned.fitted.sample.label.rate
    span = (observed["low"] or 0.0, observed["high"] or 1.0)
    return Manifest(
        format=FORMAT,
        id=about.name,
        source="learned",
        checklist=sample.features.checklist.id,
        checklist_version=sample.features.checklist.version,
        contract_sha256=sample.features.contract_digest,
        label=label_of_model(learned, about),
        base_rate=StatedRate(
            value=rate,
            plausible=(min(span[0], rate), max(span[1], rate)),
            measured=True,
            source=f"Observed among {people:,} {simulated}people, with censoring weights; 95% interval.",
        ),
        training=f"{people:,} {simulated}people whose jobs ended from {period[0]} to {period[1]},"
        f" starting from {sample.start.recipe.id}",
        sample=Sample(people=people, first=period[0], last=period[1], simulated=sample.outcomes.simulated),
        reference=population(sample.start.recipe.reference),
        baseline=learned.scorecard.baseline,
        interval=interval_of(learned.scorecard),
        metrics={
            "kind": figures["kind"],
            **{key: figures["model"][key] for key in _HEADLINES},
            "top": figures["model"]["top"],
            "evidence_auc": figures["evidence"]["auc"],
            "mean_contributions": figures["mean_contributions"],
        },
        files={},
    )


def label_of_model(learned: Learned, about: About) -> Label:
    """What this model estimates, in words: a first return that comes later than the horizon."""
    sample = learned.fitted.sample
    own = sample.features.checklist.label
    words = about.kinds.label
    label = replace(own, outcome=words.outcome, complement=words.complement)
    if sample.horizon == own.horizon_weeks:
        return label
    weeks = round(sample.horizon)
    return replace(label, horizon_weeks=weeks, horizon=f"{weeks} weeks after their job ended")
