"""What is an engine made of? One model, one checklist and one set of cut-offs, and what follows from the three."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from triage.bundle import Bundle
from triage.checklist import Checklist
from triage.cutoffs import Cutoffs
from triage.engine.unknown import Unknowns
from triage.features import Features

if TYPE_CHECKING:
    from triage.engine.words import Words


@dataclass(frozen=True)
class Versions:
    """What a score was made with.

    Attributes:
        model, checklist, cutoffs: their versions.
        cutoffs_digest: SHA-256 over the rules of the cut-offs, so that two files of one version are told apart; empty
            for a score that was kept before there was one.
    """

    model: str
    checklist: str
    cutoffs: str
    cutoffs_digest: str = field(default="", repr=False)

    def to_dict(self) -> dict[str, str]:
        """The versions as data for JSON."""
        return asdict(self)


class Parts:
    """The parts of an engine, checked against each other. Nothing in them changes.

    Attributes:
        points: the cut-off points of this model.
        places: by question, the places of its inputs.
        special_places: the places of the inputs that come from health and disability questions.
        counted: the questions that count towards enough answers, of which `at_least` are needed.

    Raises:
        BundleError: the model was not made for this checklist.
        CutoffsError: the cut-offs do not fit the checklist or the model.
    """

    def __init__(self, bundle: Bundle, features: Features, cutoffs: Cutoffs) -> None:
        bundle.check_fits(features)
        cutoffs.check_fits(features.checklist)
        self.bundle = bundle
        self.features = features
        self.cutoffs = cutoffs
        self.points = cutoffs.at(bundle)
        self.versions = Versions(bundle.version, features.version, cutoffs.version, cutoffs.rules_digest)
        self.places = {name: tuple(item.place for item in inputs) for name, inputs in features.inputs_of.items()}
        self.special_places = tuple(item.place for item in features.inputs if item.question.special_category)
        self.unknowns = Unknowns(features, bundle)
        enough = cutoffs.file.enough_answers
        self.counted = frozenset(enough.questions or (question.id for question in features.checklist.questions))
        self.at_least = enough.at_least

    @property
    def checklist(self) -> Checklist:
        """The checklist in force."""
        return self.features.checklist

    @cached_property
    def words(self) -> Words:
        """The sentences of the wording file; read when they are first needed, so that a start is quick."""
        from triage.checklist.wording import load_wording
        from triage.engine.words import Words

        return Words(load_wording(self.checklist.folder), self.checklist, self.bundle, self.cutoffs)

    def band_logit(self, logit: float, by_input: Sequence[float]) -> float:
        """The log-odds that decide on the band: health and disability answers raise it and never lower it."""
        special = self.special(by_input)
        return logit - special if special < 0 else logit

    def special(self, by_input: Sequence[float]) -> float:
        """Log-odds of the health and disability answers together."""
        return sum((by_input[place] for place in self.special_places), 0.0)

    def raised(self, logit: float, by_input: Sequence[float]) -> bool:
        """True where health and disability answers put the client into a higher band."""
        special = self.special(by_input)
        return self.points.place(logit) > self.points.place(logit - special)
