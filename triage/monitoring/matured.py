"""Did the figures come true for the people whose outcome is known by now, and whom did the cut-offs reach?

People lost from sight before the horizon are stood for by those who remained in sight (see `triage.evaluation`). A
group is told where it has enough people and cases, and where the counts of those left out do not follow from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.casework.figures_tables import LEAST, direction
from triage.casework.suppression import hidden_parts
from triage.engine import Engine
from triage.errors import EvaluationError
from triage.evaluation.bounds import bounds
from triage.evaluation.cells import Cells
from triage.evaluation.dimensions import Dimension, compared, dimensions
from triage.evaluation.figures import Figures, Measure, Progress, figure, measure
from triage.evaluation.groups import RATES, GroupRates
from triage.evaluation.judge import MODEL, main_data, main_measures
from triage.evaluation.ranking import Rule
from triage.evaluation.sample import Sample, canonical
from triage.evaluation.scored import score_outcomes
from triage.evaluation.settings import Settings
from triage.outcomes import Outcomes

Array = NDArray[np.float64]
Codes = NDArray[np.intp]
_MAIN = ("observed", "predicted", "observed_over_expected", "in_the_large", "slope", "auc")
_CELL = ("share", "predicted", "observed", "observed_over_expected")
_CUT = ("workload", "ppv", "npv", "sensitivity", "false_positive_rate")
#: What was decided beside what was proposed.
_WAYS = {"same": "As proposed", "more": "More support than proposed", "less": "Less support than proposed"}
_NOBODY = "No decision is recorded"


def matured(
    engine: Engine, outcomes: Outcomes | None, settings: Settings, least_cases: int, progress: Progress | None = None
) -> dict[str, Any]:
    """What the outcomes say, as plain data (see `triage.monitoring.monitor`); "why" where they say nothing yet.

    Args:
        engine: the model in force.
        outcomes: what is known; None for nothing.
        settings: seed, resamples, what is shown.
        least_cases: groups of fewer known to have the outcome are shown, and not compared with others.
        progress: is told how many resamples are done, and of how many.
    """
    if outcomes is None or not len(outcomes):
        return {"told": False, "why": "No outcome is known yet."}
    people = outcomes.take(canonical(outcomes))
    weeks = float(engine.bundle.manifest.label.horizon_weeks)
    try:
        sample = Sample(people, weeks, "not_back", settings)
    except EvaluationError as problem:
        return {"told": False, "why": problem.message}
    known = sample.label.known
    cases = int(np.count_nonzero(known & sample.label.outcome))
    if np.count_nonzero(known) < settings.least_people or cases < settings.least_cases:
        few = f"fewer than {settings.least_people} people, or fewer than {settings.least_cases} with the outcome"
        return {"told": False, "why": f"The outcome of {few} is known so far: too few to tell of them."}
    return _Matured(engine, people, sample, settings, least_cases).data(progress)


class _Matured:
    """The parts of what outcomes say."""

    def __init__(self, engine: Engine, people: Outcomes, sample: Sample, settings: Settings, least_cases: int) -> None:
        self.engine, self.people, self.sample, self.settings = engine, people, sample, settings
        self.least_cases = least_cases
        self.scored = score_outcomes(engine, people)
        ids = engine.points.ids
        place = self.scored.place
        bands = Dimension("band", "Band", "answers", (*ids, ""), np.where(place < 0, len(ids), place).astype(np.intp))
        self.parts = [bands, *([ways] if (ways := _ways(engine, people)) is not None else [])]
        self.dimensions = dimensions(engine.features, people, settings)
        self.ways = {"cut": place, **_decided(engine, people, sample, settings)}

    def data(self, progress: Progress | None) -> dict[str, Any]:
        """What the outcomes say."""
        sample, logits = self.sample, self.scored.logit
        main = main_measures(MODEL, logits, sample)
        tables = [Cells(part.id, part.code, len(part.groups), logits, sample) for part in self.parts]
        figures = measure(sample, [*main, *self._cuts(), *tables, *self._rates()], progress)
        told = main_data(MODEL, figures, sample, main[1])
        everybody = bounds(sample, np.ones(len(self.people), dtype=np.bool_))
        return {
            "told": True,
            "source": self.people.source,
            "horizon_weeks": sample.label.horizon,
            "resamples": self.settings.resamples,
            "clients": sample.clients,
            **_counts(everybody),
            **{key: told[key] for key in _MAIN},
            "bands": self._table(self.parts[0], figures),
            "cutpoints": self._found("cut", figures),
            "as_decided": self._found("decided", figures) if "decided" in self.ways else [],
            "groups": [self._group(item, figures) for item in self.dimensions],
            "after_decision": self._table(self.parts[1], figures) if len(self.parts) > 1 else [],
        }

    @property
    def _above(self) -> list[tuple[int, str]]:
        """The bands above the standard one, each with its place."""
        return list(enumerate(self.engine.points.ids))[1:]

    def _cuts(self) -> list[Measure]:
        outcome = self.sample.label.outcome
        return [
            Rule(f"{name}/{band}", place >= k, outcome, place >= 0)
            for name, place in self.ways.items()
            for k, band in self._above
        ]

    def _found(self, name: str, figures: Figures) -> list[dict[str, Any]]:
        """What each band above the standard one found."""
        return [{"id": band, **{key: figures.of(f"{name}/{band}/{key}") for key in _CUT}} for _, band in self._above]

    def _rates(self) -> list[Measure]:
        place, outcome = self.scored.place, self.sample.label.outcome
        return [
            GroupRates(f"group/{item.id}/{band}", item, place >= k, place >= 0, outcome)
            for item in self.dimensions
            for k, band in self._above
        ]

    def _table(self, part: Dimension, figures: Figures) -> list[dict[str, Any]]:
        """One line for each group that anybody is in."""
        counts = self._bounds(part)
        shown = shown_places(counts, self.settings)
        return [
            {"id": name, "shown": True, **_counts(counts[place])}
            | {key: figures.of(f"{part.id}/{key}", place) for key in _CELL}
            if place in shown
            else {"id": name, "shown": False}
            for place, name in enumerate(part.groups)
            if counts[place]["people"]
        ]

    def _bounds(self, part: Dimension) -> list[dict[str, Any]]:
        return [bounds(self.sample, part.code == place) for place in range(len(part.groups))]

    def _group(self, item: Dimension, figures: Figures) -> dict[str, Any]:
        """One way to group people, with the rates at each cut-off and the largest difference in recall that counts."""
        counts = self._bounds(item)
        # Without a case there is nobody to reach.
        shown = sorted(place for place in shown_places(counts, self.settings) if counts[place]["cases"])
        groups = []
        for place, name in enumerate(item.groups):
            line: dict[str, Any] = {"name": name, "shown": place in shown}
            if place in shown:
                rates = {
                    band: {key: figures.of(f"group/{item.id}/{band}/{key}", place) for key in RATES}
                    for _, band in self._above
                }
                line |= _counts(counts[place]) | {"cutoffs": rates}
            if counts[place]["people"]:
                groups.append(line)
        large = [place for place in compared(item, shown) if counts[place]["cases"] >= self.least_cases]
        between = {band: _between(item, large, f"group/{item.id}/{band}/recall", figures) for _, band in self._above}
        return {"id": item.id, "name": item.name, "source": item.source, "groups": groups, "between_groups": between}


def _between(item: Dimension, places: Sequence[int], name: str, figures: Figures) -> dict[str, Any] | None:
    """The two of these groups whose recall is furthest apart, and by how much; None where there are not two.

    They are chosen for being furthest apart, so some difference is there by chance alone.
    """
    once, again = figures.once[name], figures.again[name]
    there = [place for place in places if np.isfinite(once[place])]
    if len(there) < 2:
        return None
    high, low = (there[int(find(once[there]))] for find in (np.argmax, np.argmin))
    spread = figure(once[high] - once[low], again[high] - again[low])
    return {"highest": item.groups[high], "lowest": item.groups[low], **spread}


def shown_places(counts: Sequence[dict[str, Any]], settings: Settings) -> set[int]:
    """The places of the groups that may be told, so that no other's counts follow from the whole.

    Args:
        counts: "people", "known" and "cases" of each group.
        settings: the fewest people and cases of a group that is told.
    """
    small = {
        place
        for place, count in enumerate(counts)
        if count["people"] < settings.least_people or 0 < count["cases"] < settings.least_cases
    }
    for key in ("people", "known", "cases"):
        parts = {str(place): int(count[key]) for place, count in enumerate(counts)}
        if sum(parts.values()) >= LEAST:
            small |= {int(place) for place in hidden_parts(parts, LEAST, noughts=False)}
    there = [place for place, count in enumerate(counts) if count["people"]]
    hidden = [place for place in there if place in small]
    # What is hidden must hold enough together: alone, its counts are the whole less the others.
    for place in sorted(set(there) - small, key=lambda place: int(counts[place]["people"])):
        if not hidden or _enough(counts, hidden, settings):
            break
        hidden.append(place)
    return set(there) - set(hidden)


def _enough(counts: Sequence[dict[str, Any]], places: Sequence[int], settings: Settings) -> bool:
    if len(places) < 2:
        return False
    people, cases = (sum(int(counts[place][key]) for place in places) for key in ("people", "cases"))
    return people >= settings.least_people and cases >= settings.least_cases


def _counts(told: dict[str, Any]) -> dict[str, Any]:
    return {key: told[key] for key in ("people", "known", "cases", "known_share", "least", "most")}


def _ways(engine: Engine, people: Outcomes) -> Dimension | None:
    """Who got what was proposed, more or less; None where the outcomes do not say."""
    if not {"band_proposed", "band_decided"} <= set(people.notes):
        return None
    order = engine.points.ids
    rows = zip(people.notes["band_proposed"], people.notes["band_decided"], strict=True)
    names = list(_WAYS)
    found = [direction({"proposed_band": str(proposed), "band": str(decided)}, order) for proposed, decided in rows]
    code = np.array([names.index(way) if way is not None else len(names) for way in found], dtype=np.intp)
    return Dimension("way", "Decision", "column", (*_WAYS.values(), _NOBODY), code)


def _decided(engine: Engine, people: Outcomes, sample: Sample, settings: Settings) -> dict[str, Codes]:
    """The place of each person's decided band, -1 for none; empty where that is known of too few."""
    places = {band: place for place, band in enumerate(engine.points.ids)}
    bands = people.notes.get("band_decided", np.full(len(people), "", dtype=object))
    found = np.array([places.get(str(band), -1) for band in bands], dtype=np.intp)
    counts = bounds(sample, found >= 0)
    enough = counts["people"] >= settings.least_people and counts["cases"] >= settings.least_cases
    return {"decided": found} if enough else {}
