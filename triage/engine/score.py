"""What does the engine say about one client, and what can be read from it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from triage.engine.parts import Parts, Versions
from triage.engine.reasons import Reason, reasons_and_strengths, stands_out

Status = Literal["proposed", "not_enough_answers", "has_job", "redeployed"]


@dataclass(frozen=True)
class Score:
    """One client's score: a proposal, never a decision.

    Attributes:
        probability: the chance of the label's outcome, 0 to 1.
        lower, upper: the ends of its range; the manifest says how much it is meant to hold.
        logit: log-odds, exactly `baseline + sum(contributions)`; bands, ties and ranks are decided on it.
        lower_logit, upper_logit: the range on the log-odds scale.
        baseline: log-odds of a client who answers nothing.
        band: the proposed band's id; None where `status` says why there is none.
        band_logit: the log-odds that decide on the band: `logit`, or without health and disability answers where
            those would lower it.
        status: `proposed`, or why no band is proposed.
        answers: the normalised answers that count.
        inputs: the grid values that the model saw, NaN where missing.
        declined: questions that the client preferred not to answer.
        not_applicable: questions for which it is too early.
        context: what was asked beside the questions.
        versions: model, checklist and cut-offs.
    """

    probability: float
    lower: float
    upper: float
    logit: float
    lower_logit: float
    upper_logit: float
    baseline: float
    band: str | None
    band_logit: float
    status: Status
    answers: Mapping[str, str | float] = field(repr=False)
    inputs: tuple[float, ...] = field(repr=False)
    declined: tuple[str, ...]
    not_applicable: tuple[str, ...]
    context: Mapping[str, Any] = field(repr=False)
    versions: Versions
    _by_input: tuple[float, ...] = field(repr=False)
    _parts: Parts = field(repr=False, compare=False)

    @cached_property
    def contributions(self) -> Mapping[str, float]:
        """Log-odds by question, in the order of the checklist; 0.0 for a question that says nothing."""
        values = self._by_input
        return MappingProxyType(
            {name: sum(values[place] for place in places) + 0.0 for name, places in self._parts.places.items()}
        )

    @cached_property
    def by_factor(self) -> Mapping[str, float]:
        """Log-odds by factor, in the order of the checklist."""
        totals = {factor.id: 0.0 for factor in self._parts.checklist.factors}
        for question in self._parts.checklist.questions:
            totals[question.factor] += self.contributions[question.id]
        return MappingProxyType(totals)

    @cached_property
    def bands_possible(self) -> tuple[str, ...]:
        """Every band that the range reaches, from the lowest up; empty where no band is proposed."""
        if self.band is None:
            return ()
        raised = self.band_logit - self.logit
        return self._parts.points.reached(self.lower_logit + raised, self.upper_logit + raised)

    @property
    def raised_by_special(self) -> bool:
        """True where health or disability answers raise the band."""
        return self._parts.raised(self.logit, self._by_input)

    @cached_property
    def _named(self) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
        ratio = self._parts.cutoffs.file.reason_odds_ratio
        return reasons_and_strengths(self._parts.features, self.answers, self.contributions, ratio)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Answers that raise the odds by a tenth or more, the strongest first."""
        return self._named[0]

    @property
    def strengths(self) -> tuple[Reason, ...]:
        """Answers that lower the odds as much, the strongest first."""
        return self._named[1]

    @cached_property
    def unanswered(self) -> tuple[str, ...]:
        """Questions of the interview that were not asked, and could be: not declined, not too early."""
        taken = {*self.answers, *self.declined, *self.not_applicable}
        return tuple(q.id for q in self._parts.checklist.questions if q.interview and q.id not in taken)

    @property
    def _plain_and_special(self) -> tuple[float, float]:
        special = self._parts.special(self._by_input)
        return self.logit - special, special

    @cached_property
    def next_question(self) -> str | None:
        """The question to ask next; None where none is left."""
        plain, special = self._plain_and_special
        return self._parts.unknowns.next_question(self.unanswered, plain, special, self._parts.points)

    @cached_property
    def chance_of_another_band(self) -> float:
        """The chance that the questions not yet asked would change the band, 0 to 1."""
        plain, special = self._plain_and_special
        return self._parts.unknowns.chance_of_another_band(self.unanswered, plain, special, self._parts.points)

    @property
    def enough_is_known(self) -> bool:
        """True where there is a band and the rest is unlikely to change it."""
        return self.band is not None and self.chance_of_another_band <= self._parts.cutoffs.file.enough_is_known

    @property
    def complex_needs(self) -> Literal["", "stated", "suggested"]:
        """Whether several complex needs were stated, or are suggested by several heavy factors at once."""
        if self.context.get("complex_needs"):
            return "stated"
        rules = self._parts.cutoffs.file
        heavy = [value for value in self.by_factor.values() if value > 0 and stands_out(value, rules.reason_odds_ratio)]
        return "suggested" if len(heavy) >= rules.complex_needs_from else ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What this score says, in the words of its label and its source."""
        return self._parts.words.of(self)

    def to_dict(self) -> dict[str, Any]:
        """The score as data for JSON; `inputs` has None where a value is missing."""
        return {
            "probability": self.probability,
            "lower": self.lower,
            "upper": self.upper,
            "logit": self.logit,
            "lower_logit": self.lower_logit,
            "upper_logit": self.upper_logit,
            "baseline": self.baseline,
            "contributions": dict(self.contributions),
            "band": self.band,
            "bands_possible": list(self.bands_possible),
            "status": self.status,
            "answers": dict(self.answers),
            "inputs": [None if value != value else value for value in self.inputs],
            "declined": list(self.declined),
            "not_applicable": list(self.not_applicable),
            "context": {name: _plain(value) for name, value in self.context.items()},
            "versions": self.versions.to_dict(),
        }


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
