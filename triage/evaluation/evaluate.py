"""How good is a model, for whom, and beside what?

`evaluate` gives an `Evaluation`; its `data` is what `evaluation.json` holds. A figure is {"value", "low", "high"}: the
estimate and its 95% interval, None where it cannot be told. Shares are 0 to 1; numbers have six significant digits.
Keys, stable within a `format`:

- `format`, `title`, `simulated` (True where nobody in the file exists);
- `model`: `id`, `source`, `training`, `outcome`, `complement`, `horizon`, `horizon_weeks`, `among`; `checklist`;
  `cutoffs`: `version` and `bands` (`id`, `name`);
- `horizon_weeks`: the one used; `own_horizon`: whether it is the model's own;
- `people`: `source`, `rows`, `clients`, `known`, `cases`, `first_date`, `last_date`, `kinds` (rows by outcome
  kind, None where few);
- `settings`: `seed`, `resamples`, `interval`, `competing`, `shares`, `least_people`, `least_cases`, `protected`;
- `cautions`: what a reader has to know first, each `id` and `text`;
- `main`: see `judge`;
- `bands`: for each band, and for people with too few answers (`id` None), `shown` (False where there are a few people)
  and, where shown, counts and bounds (see `bounds`), the figures `share`, `predicted`, `observed`,
  `observed_over_expected`;
- `cutpoints`: for each band above the standard one, of the people who have a band: the figures `workload`, `ppv`,
  `npv`, `sensitivity`, `false_positive_rate`;
- `decision_curve`: `threshold`, the figures `net`, `everybody`, `over_best` (over the better of all and nobody);
- `missing_answers`: by number of unanswered questions, as a band; `shown` False and nothing more where few;
- `groups`: by dimension: `id`, `name`, `source`, `groups` (`name`, `shown`; where shown counts, bounds, `predicted`,
  `observed`, `observed_over_expected`, and by band `cutoffs`: `recall`, `false_positive_rate`, `workload`),
  `between_groups` (by band and rate, the largest difference between two groups that are shown);
- `comparators`: see `comparator_data`; `no_evidence`: True where there was no evidence model to compare with;
- `competing_events`, `support`: see `triage.evaluation.variants`;
- `follow_up`: bounds, `never_reached`, `longest_weeks`;
- `dwp`: what was reported of another model, with how it is read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from triage.bundle import Bundle
from triage.engine import Engine
from triage.evaluation.about import DWP, about, cautions
from triage.evaluation.bounds import bounds
from triage.evaluation.cells import THRESHOLDS, Benefit, Cells
from triage.evaluation.comparators import comparator_data, comparators, rules_of
from triage.evaluation.dimensions import dimensions
from triage.evaluation.figures import Figures, Measure, Progress, measure
from triage.evaluation.groups import Groups
from triage.evaluation.judge import MODEL, main_data, main_measures
from triage.evaluation.missing import Missing
from triage.evaluation.ranking import Ranking, Rule
from triage.evaluation.sample import Sample, canonical
from triage.evaluation.scored import Scored, score_outcomes
from triage.evaluation.settings import DEFAULTS, Settings
from triage.evaluation.variants import by_support, counted_otherwise
from triage.outcomes import Competing, Outcomes
from triage.outcomes.follow_up import never_reached
from triage.outcomes.seen import Overlap, Seen

FORMAT = 1
_CELL = ("predicted", "observed", "observed_over_expected")
_CUT = ("workload", "ppv", "npv", "sensitivity", "false_positive_rate")


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A finished evaluation; `data` is described in this module's docstring."""

    data: dict[str, Any]


def evaluate(
    engine: Engine,
    outcomes: Outcomes,
    *,
    horizon: float | None = None,
    competing: Competing = "not_back",
    evidence: Bundle | None = None,
    previous: Sequence[Bundle] = (),
    seen: Seen | None = None,
    settings: Settings = DEFAULTS,
    progress: Progress | None = None,
) -> Evaluation:
    """Everything that can be said of a model by what happened to people whose answers are known.

    Args:
        engine: the model with its checklist and cut-offs.
        outcomes: what happened to n people, read with that checklist.
        horizon: weeks since the job ended; the model's own where None.
        competing: what a competing event before the horizon means; the other way is told beside it.
        evidence: the evidence model to stand beside it, made for the same checklist.
        previous: earlier models for the same checklist.
        seen: whom the model has learned from, where that is known.
        settings: seed, resamples, what is shown.
        progress: is told how many resamples of the main part are done, and of how many.

    Raises:
        EvaluationError: nobody's outcome is known, all fared alike, or the outcomes are of another checklist.
        BundleError: a model to compare with was made for another checklist.
    """
    weeks = float(engine.bundle.manifest.label.horizon_weeks if horizon is None else horizon)
    order = canonical(outcomes)
    people = outcomes.take(order)
    study = _Study(engine, people, score_outcomes(engine, people), weeks, competing, settings)
    overlap = None if seen is None else seen.overlap(people)
    return Evaluation(study.data(evidence, previous, overlap, progress))


class _Study:
    """The parts of one evaluation."""

    def __init__(
        self, engine: Engine, people: Outcomes, scored: Scored, weeks: float, competing: Competing, settings: Settings
    ) -> None:
        self.engine, self.people, self.scored, self.settings = engine, people, scored, settings
        self.weeks, self.competing = weeks, competing
        self.sample = Sample(people, weeks, competing, settings)
        self.missing = Missing(engine.features, people, scored.logit, self.sample)

    def data(
        self,
        evidence: Bundle | None,
        previous: Sequence[Bundle],
        overlap: Overlap | None,
        progress: Progress | None,
    ) -> dict[str, Any]:
        """What `evaluation.json` holds."""
        sample, logits, ids = self.sample, self.scored.logit, self.engine.points.ids
        beside = comparators(self.engine, self.people, self.scored, self.settings, evidence, previous)
        found = dimensions(self.engine.features, self.people, self.settings)
        groups = Groups(found, logits, self.scored.place, ids, sample)
        main = main_measures(MODEL, logits, sample)
        ranking = Ranking(MODEL, logits, sample.label, self.settings.shares, rules_of(beside))
        others = [item for comparator in beside for item in comparator.measures(sample)]
        measures: list[Measure] = [ranking, *main[1:], *self._tables(), *groups.measures, *others]
        figures = measure(sample, measures, progress)
        told = main_data(MODEL, figures, sample, main[1])
        head = about(self.engine, self.people, sample, self.weeks, self.competing)
        return {
            "format": FORMAT,
            **head,
            "cautions": cautions(head, told, self.engine, evidence is None and not self._is_evidence, overlap),
            "main": told,
            "bands": self._bands(figures),
            "cutpoints": [{"id": band, **{key: figures.of(f"cut/{band}/{key}") for key in _CUT}} for band in ids[1:]],
            "decision_curve": _curve(figures),
            "missing_answers": self.missing.data(figures),
            "groups": groups.data(figures),
            "comparators": [comparator_data(item, figures, self.settings.shares) for item in beside],
            "no_evidence": evidence is None and not self._is_evidence,
            "competing_events": counted_otherwise(told, logits, self.people, self.weeks, self.settings, self.competing),
            "support": by_support(logits, self.people, self.weeks, self.settings, self.competing, ids[0]),
            "follow_up": self._follow_up(),
            "dwp": DWP,
        }

    @property
    def _is_evidence(self) -> bool:
        return self.engine.bundle.manifest.source == "evidence"

    def _tables(self) -> list[Measure]:
        outcome, logits, place = self.sample.label.outcome, self.scored.logit, self.scored.place
        ids = self.engine.points.ids
        cuts = [Rule(f"cut/{band}", place >= k, outcome, place >= 0) for k, band in enumerate(ids[1:], start=1)]
        return [
            Cells("band", np.where(place < 0, len(ids), place), len(ids) + 1, logits, self.sample),
            self.missing.measure,
            Benefit("benefit", logits, outcome),
            *cuts,
        ]

    def _bands(self, figures: Figures) -> list[dict[str, Any]]:
        """Every band, and last the people with too few answers where there are any."""
        found = []
        for k, band in enumerate((*self.engine.points.ids, None)):
            counts = bounds(self.sample, self.scored.place == (k if band is not None else -1))
            if band is None and not counts["people"]:
                continue
            shown = not 0 < counts["people"] < self.settings.least_people
            told = {key: figures.of(f"band/{key}", k) for key in ("share", *_CELL)}
            found.append({"id": band, "shown": shown, **(counts | told if shown else {})})
        return found

    def _follow_up(self) -> dict[str, Any]:
        everybody = np.ones(len(self.people), dtype=np.bool_)
        return {
            **bounds(self.sample, everybody),
            "never_reached": int(np.count_nonzero(never_reached(self.people))),
            "longest_weeks": float(self.people.weeks.max()),
        }


def _curve(figures: Figures) -> list[dict[str, Any]]:
    return [
        {"threshold": threshold, **{key: figures.of(f"benefit/{key}", k) for key in ("net", "everybody", "over_best")}}
        for k, threshold in enumerate(THRESHOLDS)
    ]
