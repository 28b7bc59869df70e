"""How is a score said to a person, in the words of its label and its source?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol

from triage.bundle import Bundle
from triage.checklist import Checklist
from triage.checklist.wording import Wording
from triage.cutoffs import Cutoffs, names
from triage.numbers import logistic
from triage.schema import as_data


class Said(Protocol):
    """What sentences need to know of a score."""

    @property
    def probability(self) -> float: ...
    @property
    def lower(self) -> float: ...
    @property
    def upper(self) -> float: ...
    @property
    def band(self) -> str | None: ...
    @property
    def bands_possible(self) -> tuple[str, ...]: ...
    @property
    def status(self) -> str: ...
    @property
    def answers(self) -> Mapping[str, str | float]: ...
    @property
    def raised_by_special(self) -> bool: ...
    @property
    def complex_needs(self) -> str: ...


class Words:
    """The sentences of the wording file, filled in for one model, checklist and cut-offs."""

    def __init__(self, wording: Wording, checklist: Checklist, bundle: Bundle, cutoffs: Cutoffs) -> None:
        self.wording = wording
        self._checklist = checklist
        self._cutoffs = cutoffs
        self._manifest = bundle.manifest
        self._known = as_data(bundle.manifest.label)
        if bundle.manifest.sample is not None:
            sample = bundle.manifest.sample
            people = f"{sample.people:,} simulated" if sample.simulated else f"{sample.people:,}"
            self._known |= {"sample": people, "first": sample.first, "last": sample.last}
        # Whole numbers out of 100 and a few bands: the same sentences come back all the time.
        self._result = lru_cache(maxsize=100)(self._make_result)
        self._span = lru_cache(maxsize=5_000)(self._make_span)
        self._proposed = lru_cache(maxsize=500)(self._make_proposed)
        self._fixed = lru_cache(maxsize=1)(self._make_fixed)

    def result(self, probability: float) -> str:
        """The risk out of 100, in the words of the label and of the model's source."""
        return self._result(in_100(probability))

    def _make_result(self, rounded: int) -> str:
        template = self.wording.result.evidence
        if self._manifest.source == "learned":
            template = self.wording.result.learned
        return self._fill(template, n=rounded, m=100 - rounded)

    def span(self, lower: float, upper: float) -> str:
        """The range out of 100, and what it is."""
        return self._span(in_100(lower), in_100(upper))

    def _make_span(self, low: int, high: int) -> str:
        text = self.wording.range
        coverage = round(100 * self._manifest.interval.nominal_coverage)
        why = text.reason_evidence if self._manifest.source == "evidence" else text.reason_learned
        sentence = self._fill(text.sentence, low=low, high=high)
        return f"{sentence} {self._fill(why, coverage=coverage)}"

    def base(self) -> str:
        """The base rate, and that it is assumed where it is."""
        rate = self._manifest.base_rate
        low, high = rate.plausible
        words = self.wording.result
        template = words.base_learned if rate.measured else words.base_evidence
        # Where the tables reach far, somebody without answers lies somewhat above the observed share (decision 3).
        silent = logistic(self._manifest.baseline) if rate.measured else rate.value
        return self._fill(template, base=in_100(silent), base_low=in_100(low), base_high=in_100(high))

    def band(self, score: Said) -> str:
        """The proposed band; or that the range crosses a cut-off; or why there is no band."""
        words = self.wording
        if score.status in ("has_job", "redeployed"):
            return words.notes.has_job if score.status == "has_job" else words.notes.redeployed
        if score.band is None:
            asked = sum(1 for question in self._checklist.questions if question.interview)
            return self._fill(words.band.not_enough, answered=len(score.answers), asked=asked)
        return self._proposed(score.band, tuple(score.bands_possible))

    def _make_proposed(self, band: str, possible: tuple[str, ...]) -> str:
        words = self.wording.band
        proposed = self._fill(words.proposed, band=self._cutoffs.band(band).name)
        if len(possible) < 2:
            return proposed
        return f"{proposed} {self._fill(words.crosses, bands=names(self._cutoffs, possible))}"

    def of(self, score: Said) -> tuple[str, ...]:
        """Every sentence that belongs to a score, the most important first."""
        notes = self.wording.notes
        said, (among, base, source) = [self.band(score)], self._fixed()
        if score.status in ("proposed", "not_enough_answers"):
            said += [self.result(score.probability), among, self.span(score.lower, score.upper), base]
        if score.raised_by_special and score.band is not None:
            said.append(self.wording.band.raised_by_special)
        if score.complex_needs:
            said.append(notes.complex_needs if score.complex_needs == "stated" else notes.complex_needs_suggested)
        return (*said, *source)

    def _make_fixed(self) -> tuple[str, str, tuple[str, ...]]:
        """What is the same for everybody: whom it is about, the base rate, and where the figures come from."""
        return self._fill(self.wording.result.among), self.base(), self.source()

    def source(self) -> tuple[str, ...]:
        """Where the figures come from, and what their range leaves out."""
        if self._manifest.source == "evidence":
            return self.wording.range.not_included, self.wording.result.source_evidence
        return (self._fill(self.wording.result.source_learned),)

    def _fill(self, template: str, **words: Any) -> str:
        return template.format(**self._known, **words)


def in_100(probability: float) -> int:
    """People out of 100; never 0 and never 100 for a chance that is neither."""
    return min(max(round(100 * probability), 1), 99)
