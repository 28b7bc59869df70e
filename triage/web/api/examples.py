"""What do requests and answers look like? Examples made of the checklist and the engine in force: so they are true."""

from __future__ import annotations

from typing import Any

from triage.casework.service import Service
from triage.checklist import Question
from triage.engine import Engine, Score
from triage.errors import SuspendedError
from triage.web.api.models import assessments as a
from triage.web.api.models import outcomes as o
from triage.web.api.models import scores as s
from triage.web.api.saying import Data, next_of, scored, terms

ID, OTHER_ID = "5f0c6c1f3a7d4b0e9a8f2d6c4b1e7a90", "9a8f2d6c4b1e7a905f0c6c1f3a7d4b0e"
REFERENCE, AT = "K7QM-2XRD", "2026-10-31T09:00:00.000000+00:00"
BY = "Mairi Reid"
NOTHING: frozenset[str] = frozenset()


class Examples:
    """Examples for one service: `given` by request, `answered` by answer."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._engine: Engine = service.engines.now
        questions = self._engine.checklist.questions
        plain = [question for question in questions if question.interview and question.sensitivity == "none"]
        self.answers = {question.id: _answer(self._engine, question) for question in plain or questions}
        self._score = self._scored(self.answers)

    def _scored(self, answers: Data) -> Score | None:
        try:
            return self._engine.score(answers, on=self._service.today)
        except SuspendedError:
            return None

    @property
    def given(self) -> dict[type, Data]:
        """The body of each request."""
        one = {"answers": self.answers}
        first = next(iter(self.answers))
        return {
            s.ScoreRequest: {**one, "ask_next": True},
            s.BatchRequest: {"clients": [one, {"answers": {first: "declined"}}]},
            a.StartRequest: {"client_reference": "LTU-2026-0001", "held": "phone"},
            a.ChangeRequest: {"held": "in_person"},
            a.AnswerRequest: {"answer": self.answers[first]},
            a.AnswersRequest: one,
            a.KeepScoreRequest: {"versions": {"model": self._engine.versions.model}},
            a.RescoreRequest: {"why": "change"},
            a.DecisionRequest: {"action": "confirm", "score": OTHER_ID, "by": BY},
            a.ObjectionRequest: {},
            o.OutcomeRequest: {
                "kind": self._service.kinds.kinds[0].id, "weeks": 6, "known_on": self._service.today.isoformat(),
                "source": "client",
            },
        }  # fmt: skip

    @property
    def question(self) -> str:
        """A question that is answered."""
        return next(iter(self.answers))

    @property
    def answered(self) -> dict[type, Data]:
        """The answer to each request; without those that need a score while scoring is turned off."""
        return {
            **self._scores(),
            a.Assessment: self._assessment(),
            a.AssessmentPage: {"assessments": [self._head("open")], "next": None},
            a.Saved: {
                "assessment": ID, "answers": {self.question: {**self._kept(), "used": True}},
                "progress": self._progress(),
            },
            a.Decision: self._decision(),
            o.Outcome: {"id": OTHER_ID, "assessment": ID, "at": AT, **self.given[o.OutcomeRequest]},
        }  # fmt: skip

    def _scores(self) -> dict[type, Data]:
        if self._score is None:
            return {}
        engine, days = self._engine, self._service.settings.valid_days
        said, carried = scored(engine, self._score, NOTHING), terms(engine, self._service.today, days)
        kept = {"id": OTHER_ID, "assessment": ID, "outdated": False, "expired": False, "other_versions": False}
        return {
            s.Score: {**carried, **said, "next": next_of(self._score, NOTHING)},
            s.Batch: {**carried, "clients": [{"place": 0, "score": said, "problem": None}]},
            s.KeptScore: {**carried, **said, **kept, "next": None},
        }

    def _head(self, state: str) -> Data:
        return {
            "id": ID, "reference": REFERENCE, "client_reference": "LTU-2026-0001", "state": state, "held": "phone",
            "practice": False, "round": 1, "started_at": AT, "version": 1,
        }  # fmt: skip

    def _assessment(self) -> Data:
        return {
            **self._head("open"), "interpreter": False, "language": "", "context": {},
            "answers": {self.question: {**self._kept(), "at": AT}}, "progress": self._progress(), "score": None,
            "decision": None, "last_decision": "",
        }  # fmt: skip

    def _kept(self) -> Data:
        return {"state": "answered", "value": self.answers[self.question]}

    def _progress(self) -> Data:
        names = [item.id for item in self._engine.checklist.questions if item.interview and item.id != self.question]
        return {
            "next_question": names[0] if names else None, "unanswered": names, "optional": [], "too_early": [],
            "passed_over": [], "asked": 1, "about": len(names) + 1, "enough_is_known": False, "can_stop": False,
            "fixed_order": "",
        }  # fmt: skip

    def _decision(self) -> Data:
        band = self._engine.cutoffs.bands[1]
        return {
            "id": ID, "assessment": ID, "score": OTHER_ID, "action": "confirm", "state": "confirmed",
            "proposed_band": band.id, "reason": "", "by": BY, "at": AT,
            "band": {"id": band.id, "name": band.name, "offers": band.offers},
        }  # fmt: skip


def _answer(engine: Engine, question: Question) -> Any:
    """An answer as a program would send it."""
    if question.kind == "area" and engine.features.areas is not None:
        return engine.features.areas.areas[0].code
    if question.number is not None:
        return round((question.number.minimum + question.number.maximum) / 2)
    return question.ordered[-1].id
