"""Does a body that can sanction benefits get back anything about job search or attitudes, on any route?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import triage
from tests.web.partners import ANSWERS, LEFT, check_problem, partner
from tests.web.service import Live
from triage.casework import interview, scoring
from triage.web.api.apart import SENSITIVITIES
from triage.web.security.permissions import RULES

#: Answers about job search and attitudes, each with a word that stands nowhere else.
TOLD = {name: ANSWERS[name] for name in ("confidence", "expectation", "attribution", "job_search", "interviews")}
LIST = "Age,Council area,Confidence,Looking for work,Highest qualification,Vehicle,Driving licence\n" + (
    "57,Falkirk,Not very confident,Not yet,National 5,yes,full and clean\n57,Falkirk,not so sure,,,,\n"
)

JSON = "application/json"


class Told:
    """A program that goes along every route with everything that can be said, and keeps what it was told."""

    def __init__(self, live: Live, body: str) -> None:
        self.live = live
        self.client = partner(live, body=body)
        self.said: dict[str, list[httpx.Response]] = {}
        self.address = ""
        for name, step in self._steps():
            self.said.setdefault(name, []).append(step)

    def _steps(self) -> Iterator[tuple[str, httpx.Response]]:
        client, answers = self.client, {"answers": dict(ANSWERS), "context": dict(LEFT)}
        wrong = {"answers": {"confidence": "not_very_confidant", "job_search": "not_yett", "age": 57}}
        yield "api_score", client.post("/score", json={**answers, "ask_next": True})
        yield "api_score", client.post("/score", json={"answers": dict.fromkeys(TOLD, "declined")})
        yield "api_score", client.post("/score", json={"answers": {"age": 57}, "ask_next": True})
        yield "api_score", client.post("/score", json=wrong)
        yield "api_score_batch", client.post("/score/batch", json={"clients": [answers, wrong]})
        yield from self._list()
        yield from self._interview(answers, wrong)
        yield from self._decision()
        for name in ("model", "checklist", "cutoffs"):
            yield f"api_{name}", client.get(f"/{name}")

    def _list(self) -> Iterator[tuple[str, httpx.Response]]:
        mapping = {"mapping": json.dumps({"Looking for work": "job_search"})}
        yield "api_list", self.client.post("/lists", files={"list": ("a.csv", LIST)}, data=mapping)
        for kind in ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"):
            sent = {"files": {"list": ("a.csv", LIST)}, "data": mapping, "headers": {"accept": kind}}
            yield "api_list", self.client.post("/lists", **sent)  # type: ignore[arg-type]

    def _interview(self, answers: Any, wrong: Any) -> Iterator[tuple[str, httpx.Response]]:
        client = self.client
        begun = client.post("/assessments", json={"context": dict(LEFT)}, headers={"idempotency-key": "1"})
        yield "api_assessment_start", begun
        self.address = f"/assessments/{begun.json()['id']}"
        yield "api_answers", client.patch(f"{self.address}/answers", json={"answers": answers["answers"]})
        yield "api_answers", client.patch(f"{self.address}/answers", json=wrong)
        for name, value in TOLD.items():
            yield "api_answer", client.put(f"{self.address}/answers/{name}", json={"answer": value})
            yield "api_answer", client.put(f"{self.address}/answers/{name}", json={"answer": f"{value}x"})
        # An adviser of the office adds what the client told them.
        adviser, case = self.live.actor("adviser"), begun.json()["id"]
        interview.save_answers(self.live.service, adviser, case, {**ANSWERS, "job_search": "sometimes"})
        scoring.score(self.live.service, adviser, case)
        yield "api_assessment", client.get(self.address)
        yield "api_assessment_change", client.patch(self.address, json={"held": "phone"})
        yield "api_assessments", client.get("/assessments")
        yield "api_assessment_score_kept", client.get(f"{self.address}/score")
        for _ in range(2):
            yield (
                "api_assessment_score",
                client.post(f"{self.address}/score", json={}, headers={"idempotency-key": "2"}),
            )

    def _decision(self) -> Iterator[tuple[str, httpx.Response]]:
        client, score = self.client, self.client.get(f"{self.address}/score").json()["id"]
        decision = {"action": "confirm", "score": score, "by": "Mairi Reid", "note": "not_very_confident"}
        yield "api_decision", client.post(f"{self.address}/decisions", json=decision)
        today = self.live.service.today.isoformat()
        told = {"kind": "still_looking", "weeks": 2, "known_on": today, "source": "client"}
        yield "api_outcome", client.post(f"{self.address}/outcomes", json=told)
        yield "api_outcomes", client.get("/outcomes")
        yield "api_assessment_rescore", client.post(f"{self.address}/rescore", json={"why": "change"})
        yield "api_objection", client.post(f"{self.address}/objection", json={})
        yield "api_objection_back", client.delete(f"{self.address}/objection")

    @property
    def good(self) -> dict[str, list[str]]:
        """What was said where something could be done: neither the checklist nor faults, which both name questions."""
        return {
            name: [
                _without_problems(answer.text)
                for answer in answers
                if answer.is_success and answer.headers["content-type"] == JSON
            ]
            for name, answers in self.said.items()
            if name != "api_checklist"
        }


def _without_problems(text: str) -> str:
    found = json.loads(text)
    found["clients"] = [client for client in found.get("clients", ()) if not client["problem"]]
    return json.dumps(found)


@pytest.fixture
def told(live: Live) -> Told:
    return Told(live, "conditionality")


def apart(engine: triage.Engine) -> list[str]:
    return [question.id for question in engine.checklist.questions if question.sensitivity in SENSITIVITIES]


def test_the_story_goes_along_every_route(told: Told) -> None:
    """A new route must be added to it. On each, something could be done."""
    assert set(told.said) == {name for name, rule in RULES.items() if name.startswith("api_") and rule.scope}
    assert [name for name, texts in told.good.items() if not texts] == []


def test_nothing_about_job_search_or_attitudes_comes_back(told: Told, shipped_engine: triage.Engine) -> None:
    score = shipped_engine.score({**LEFT, **ANSWERS}, on=told.live.service.today)
    names = apart(shipped_engine)
    said = [item.text for item in (*score.reasons, *score.strengths) if item.question in names]
    figures = [repr(score.contributions[name]) for name in names if score.contributions[name]]
    assert len(names) == 6
    assert said
    assert len(figures) == 6
    labels = [shipped_engine.checklist.question(name).label for name in names]
    for route, texts in told.good.items():
        for text in texts:
            # The sentences about a list name its columns, and no answer.
            whole = json.dumps({name: part for name, part in json.loads(text).items() if name != "said"})
            found = [secret for secret in (*names, *said, *figures) if secret in whole]
            assert found == [], route
            assert not [label for label in labels if f"{label}:" in whole], route


def test_a_fault_gives_no_hint_at_an_answer(told: Told) -> None:
    """A hint says which answer was nearly sent."""
    for answers in told.said.values():
        for answer in answers:
            for word in ("not_very_conf", "not_yet", "probably_not", "mostly_luck", "Not very", "Use one of very"):
                assert word not in answer.text or answer.url.path.endswith("/checklist"), answer.text


def test_another_partner_gets_all_of_it(live: Live, shipped_engine: triage.Engine) -> None:
    """So that the tests above cannot pass because nothing is ever said."""
    texts = Told(live, "partner").good
    for route in ("api_score", "api_score_batch", "api_assessment", "api_assessment_score", "api_list", "api_outcomes"):
        assert [name for name in apart(shipped_engine)[:3] if name in " ".join(texts[route])], route


def test_no_figure_comes_back_from_which_an_answer_could_be_worked_out(told: Told) -> None:
    """The points are public: a score to the bit, or a sum of contributions, tells who answered what."""
    about_people = set(told.good) - {"api_model", "api_cutoffs"}
    found = [item for route in about_people for text in told.good[route] for item in _numbers(json.loads(text))]
    assert {name for name, value in found if value != round(value, 2)} == set()
    assert "chance_of_another_band" in dict(found)
    assert told.said["api_score"][0].json()["figures"] is None
    assert told.said["api_list"][0].json()["rows"][0]["figures"] is None


def test_the_band_and_its_words_come_back_all_the_same(told: Told, shipped_engine: triage.Engine) -> None:
    score = shipped_engine.score({**LEFT, **ANSWERS}, on=told.live.service.today)
    found = told.said["api_score"][0].json()
    assert found["band"]["id"] == score.band
    assert found["sentences"] == list(score.sentences)


def _numbers(data: Any, name: str = "") -> Iterator[tuple[str, float]]:
    """Every number of an answer that could come from a score, with its name."""
    if isinstance(data, dict):
        for key, value in data.items():
            # These are of one question, which is not kept apart.
            if key not in ("log_odds", "odds_ratio"):
                yield from _numbers(value, key)
    elif isinstance(data, list):
        for value in data:
            yield from _numbers(value, name)
    elif isinstance(data, float):
        yield name, data


def test_the_workbook_with_its_reasons_is_refused(told: Told) -> None:
    for answer in told.said["api_list"][1:]:
        check_problem(answer, 403, "json_only")
