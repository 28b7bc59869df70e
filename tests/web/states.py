"""Clients in every state in which a page can find them, for the tests of pages and for their pictures.

Everybody here is invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import triage
from tests.web.places_states import PlacesStates
from tests.web.service import Clock
from triage.casework import actions, assessments, deciding, interview, outcomes, people, reviews, scoring, sessions
from triage.content import content_root
from triage.records.actor import SYSTEM
from triage.records.database import Row

LEFT: Mapping[str, object] = {"redundancy_status": "left", "job_ends": "2026-05-29"}
NOTICE: Mapping[str, object] = {"redundancy_status": "under_notice", "job_ends": "2026-12-31"}
#: Somebody with strengths, with answers that point to support, and near a cut-off.
ANSWERS: Mapping[str, object] = {
    "age": 57, "qualifications": "scqf_5", "disability": "yes", "mental_ability": "fair", "area": "Falkirk",
    "expectation": "yes_definitely", "household": "partner", "driving_licence": "full_clean", "vehicle": "yes",
    "dependants": "declined", "interviews": "one", "job_search": "often", "employer_contact": "not_yet",
}  # fmt: skip
#: Somebody for whom several heavy factors come together.
HEAVY: Mapping[str, object] = {
    "age": 52, "qualifications": "none", "disability": "yes", "mental_ability": "poor", "physical_ability": "poor",
    "area": "Glasgow City", "expectation": "probably_not", "confidence": "not_at_all_confident",
    "household": "no_other_adult", "driving_licence": "none", "vehicle": "no", "dependants": "yes",
    "attribution": "mostly_luck",
}  # fmt: skip
FEW: Mapping[str, object] = {"age": 44, "area": "Glasgow City"}
#: With these the engine says that enough is known.
ENOUGH: Mapping[str, object] = {
    "age": 24, "qualifications": "scqf_9_plus", "driving_licence": "full_clean", "vehicle": "yes",
    "household": "partner", "dependants": "no", "area": "Aberdeenshire",
}  # fmt: skip
#: What was agreed, by how far it is: the service, the partner, a note.
HELP = {
    "agreed": ("career_development", "sds", "A first talk about the next step."),
    "referred": ("vocational_training", "colleges_scotland", "The evening course in Falkirk."),
    "accepted": ("pensions", "cas_pension_wise", ""),
    "started": ("money", "", "A budget for the next three months."),
    "finished": ("benefits", "dwp", ""),
    "not_taken_up": ("business_start_up", "business_gateway", "Not now."),
}


class Clients(PlacesStates):
    """Ids of invented clients by the state that they are in; each is made when somebody first asks for it."""

    def start(
        self, context: Mapping[str, object] = LEFT, given: Mapping[str, object] | None = None, **more: Any
    ) -> str:
        """A new client of the adviser's, perhaps with answers."""
        row = assessments.start(self.service, self.adviser, **{"held": "in_person", "context": context, **more})
        assessments.note_privacy(self.service, self.adviser, row["id"])
        if given:
            interview.save_answers(self.service, self.adviser, row["id"], given)
        return str(row["id"])

    def scored(self, *args: Any, **more: Any) -> tuple[str, Row]:
        """A client with a score."""
        client = self.start(*args, **more)
        return client, scoring.score(self.service, self.adviser, client)

    def __missing__(self, state: str) -> str:
        self[state] = made = getattr(self, f"_{state}")()
        return str(made)

    def early(self, clock: Clock, engine: triage.Engine, folder: Path) -> None:
        """Make those whose score is an old one, with the clock set back and other cut-offs in force for a while."""
        old = other_cutoffs(folder)
        now, clock.time = clock.time, clock.time - timedelta(days=120)
        self["expired"], _ = self.scored(given=ANSWERS)
        clock.time = now
        self.service.engines.replace(old)
        self["other_versions"], _ = self.scored(given=ANSWERS)
        client, score = self.scored(given=ANSWERS)
        deciding.confirm(self.service, self.adviser, client, score_id=score["id"])
        self["other_versions_decided"] = client
        self.service.engines.replace(engine)

    def _new(self) -> str:
        row = assessments.start(
            self.service, self.adviser, held="phone", context={}, client_reference="FK-2231", interpreter=True,
            language="Polish",
        )  # fmt: skip
        return str(row["id"])

    def _nothing(self) -> str:
        return self.start()

    def _two(self) -> str:
        """Two clients with the same reference of the organisation."""
        self.start(client_reference="FK-1")
        return self.start(client_reference="FK-1")

    def _begun(self) -> str:
        client = self.start(NOTICE, {"qualifications": "scqf_5", "age": "declined"})
        interview.save_answer(self.service, self.adviser, client, "vehicle", interview.NOT_ASKED)
        return client

    def _enough(self) -> str:
        return self.start(given=ENOUGH)

    def _early_answers(self) -> str:
        return self.start(NOTICE, {**ANSWERS})

    def _all(self) -> str:
        questions = self.service.engines.now.checklist.questions
        rest = {question.id: "declined" for question in questions if question.id not in ANSWERS}
        return self.start(given={**ANSWERS, **rest})

    def _few(self) -> str:
        return self.scored(given=FEW)[0]

    def _has_job(self) -> str:
        return self.scored({"redundancy_status": "has_job"}, ANSWERS)[0]

    def _redeployed(self) -> str:
        return self.scored({"redundancy_status": "redeployed"}, ANSWERS)[0]

    def _clear(self) -> str:
        """A score whose range crosses no cut-off."""
        return self.scored(given=ENOUGH)[0]

    def _crossing(self) -> str:
        client = self.start(given=ANSWERS)
        scoring.first_view(self.service, self.adviser, client, "intensive")
        scoring.score(self.service, self.adviser, client)
        return client

    def _heavy(self) -> str:
        return self.scored({**LEFT, "complex_needs": True}, HEAVY)[0]

    def _outdated(self) -> str:
        client, _ = self.scored(given=ANSWERS)
        interview.save_answer(self.service, self.adviser, client, "age", 30)
        return client

    def _claimed(self) -> str:
        client, score = self.scored(given=ANSWERS)
        deciding.claim(
            self.service, self.adviser, client, score_id=score["id"], band="intensive",
            reason="several_complex_needs", named=self.adviser.name,
        )  # fmt: skip
        return client

    def _claimed_by_another(self) -> str:
        client, score = self.scored(given=ANSWERS)
        deciding.claim(
            self.service, self.adviser, client, score_id=score["id"], band="intensive",
            reason="several_complex_needs", named="Somebody else",
        )  # fmt: skip
        return client

    def _confirmed(self) -> str:
        client, score = self.scored(given=ANSWERS)
        deciding.confirm(self.service, self.adviser, client, score_id=score["id"], note="Agreed together.")
        return client

    def _overridden(self) -> str:
        client, score = self.scored(given=ANSWERS)
        deciding.override(
            self.service, self.adviser, client, score_id=score["id"], band="intensive", reason="not_on_checklist",
            note="Looks after her mother.",
        )  # fmt: skip
        return client

    def _withdrawn(self) -> str:
        client, score = self.scored(given=ANSWERS)
        deciding.confirm(self.service, self.adviser, client, score_id=score["id"])
        deciding.withdraw(self.service, self.adviser, client, score_id=score["id"])
        return client

    def _asked_again(self) -> str:
        """A second round is being asked; a decision on the first is in force."""
        client, score = self.scored(given=ANSWERS)
        deciding.confirm(self.service, self.adviser, client, score_id=score["id"])
        scoring.rescore_start(self.service, self.adviser, client, "change")
        return client

    def _score_before(self) -> str:
        """The id of the score of the round before."""
        return str(scoring.history(self.service, self.adviser, self["asked_again"])[0]["id"])

    def _rescored(self) -> str:
        client = Clients(self.live)["asked_again"]
        interview.save_answers(
            self.service, self.adviser, client, {"vehicle": "no", "confidence": "not_very_confident"}
        )
        scoring.score(self.service, self.adviser, client)
        return client

    def _objected(self) -> str:
        client = self.start(given=FEW)
        assessments.object_to_scoring(self.service, self.adviser, client)
        return client

    def _objected_after(self) -> str:
        client, score = self.scored(given=ANSWERS)
        deciding.confirm(self.service, self.adviser, client, score_id=score["id"])
        assessments.object_to_scoring(self.service, self.adviser, client)
        return client

    def _closed(self) -> str:
        client, score = self.scored(given=ANSWERS)
        deciding.confirm(self.service, self.adviser, client, score_id=score["id"])
        assessments.close(self.service, self.adviser, client, "back_in_work")
        return client

    def _agreed(self) -> str:
        """A decision with actions in every state and an outcome."""
        client, score = self.scored(given=ANSWERS)
        decision = deciding.confirm(self.service, self.adviser, client, score_id=score["id"])
        today = self.service.today
        for place, (state, (help_with, partner, note)) in enumerate(HELP.items()):
            made = actions.agree(
                self.service, self.adviser, client, service_id=help_with, partner_id=partner, note=note,
                who="" if partner else "The adviser", due=today + timedelta(days=3 * place), decision_id=decision["id"],
            )  # fmt: skip
            if state != "agreed":
                actions.step(self.service, self.adviser, made["id"], state)
        outcomes.record(
            self.service, self.adviser, client, kind="paid_work", weeks=12, known_on=today, source="client",
        )  # fmt: skip
        return client

    def _asked_review(self) -> str:
        """A client who has asked for a review already."""
        client = self._confirmed()
        self.ask(client)
        return client

    def _reviewed(self) -> str:
        """The request of a client, answered."""
        review = self.ask(self._confirmed())
        reviews.close(self.service, self.live.actor("manager"), review, result="upheld", note="We talked about it.")
        return review

    def _review(self) -> str:
        """A request that waits."""
        return self.ask(self._confirmed())

    def _review_objected(self) -> str:
        return self.ask(self._objected_after())

    def _link(self) -> str:
        """The secret of a sign-in link."""
        return people.new_link(self.service, SYSTEM, self.live.accounts["analyst"]["id"])

    def _held(self) -> str:
        """A form of the second adviser waits to be sent again."""
        cookie = self.live.cookie("second_adviser")
        session = sessions.find(self.service, cookie, sessions.Lasting())
        assert session is not None
        address = f"/clients/{self['nothing']}/questions/qualifications"
        sessions.hold_form(self.service, session, address, {"answer": ["scqf_5"], "then": ["next"]})
        return address

    def _practice(self) -> str:
        return self.scored(given=ANSWERS, practice=True)[0]

    def ask(self, client: str) -> str:
        """The client asks to have the decision looked at again; the id of the request."""
        return str(reviews.ask(self.service, self.adviser, client, "I need more help than that.")["id"])


def other_cutoffs(folder: Path) -> triage.Engine:
    """The shipped engine with cut-offs of an earlier version."""
    text = (content_root() / "models" / "cutoffs" / "default.yaml").read_text(encoding="utf-8")
    assert 'version: "2026.1"' in text
    path = folder / "cutoffs.yaml"
    path.write_text(text.replace('version: "2026.1"', 'version: "2025.9"'), encoding="utf-8")
    return triage.load(cutoffs=path)
