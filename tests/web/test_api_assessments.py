"""Can a partner's program hold an interview, have it scored, record a decision, and nothing beyond?"""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import sqlalchemy as sa

import triage
from tests.databases import both
from tests.web.partners import ANSWERS, LEFT, check_problem, partner
from tests.web.service import Live
from triage.casework import assessments, deciding, interview
from triage.records.tables import audit_events
from triage.web.api.models.assessments import Assessment, AssessmentPage, Decision, Saved
from triage.web.api.models.outcomes import Outcome
from triage.web.api.models.scores import KeptScore

#: Somebody whose band is neither the first nor the last.
MIDDLE = {name: ANSWERS[name] for name in ("qualifications", "driving_licence", "age", "household", "area")}


@pytest.fixture
def client(live: Live) -> httpx.Client:
    return partner(live)


def start(client: httpx.Client, **given: Any) -> dict[str, Any]:
    answer = client.post("/assessments", json={"context": dict(LEFT), **given})
    assert answer.status_code == 201, answer.text
    Assessment.model_validate_json(answer.content)
    found: dict[str, Any] = answer.json()
    return found


def scored(client: httpx.Client, answers: Any = ANSWERS, **given: Any) -> tuple[str, dict[str, Any]]:
    """The address of an assessment with answers, and its score."""
    address = f"/assessments/{start(client, **given)['id']}"
    assert client.patch(f"{address}/answers", json={"answers": dict(answers)}).status_code == 200
    answer = client.post(f"{address}/score", json={})
    assert answer.status_code == 200, answer.text
    KeptScore.model_validate_json(answer.content)
    return address, answer.json()


def decide(client: httpx.Client, address: str, score: dict[str, Any], action: str = "confirm", **more: Any) -> Any:
    return client.post(
        f"{address}/decisions", json={"action": action, "score": score["id"], "by": "Mairi Reid", **more}
    )


@both
def test_from_the_first_answer_to_what_became_of_the_client(
    live: Live, client: httpx.Client, shipped_engine: triage.Engine
) -> None:
    made = start(client, client_reference="LTU-2026/0001", held="phone", interpreter=True, language="Polish")
    assert (made["state"], made["progress"]["asked"], made["score"]) == ("open", 0, None)
    address, asked = f"/assessments/{made['id']}", made["progress"]["next_question"]
    one = client.put(f"{address}/answers/{asked}", json={"answer": "declined"})
    assert one.json()["answers"] == {asked: {"state": "declined", "value": None, "used": True}}
    assert one.json()["progress"]["next_question"] not in (asked, None)
    saved = client.patch(f"{address}/answers", json={"answers": dict(ANSWERS)})
    Saved.model_validate_json(saved.content)
    assert saved.json()["answers"]["area"]["value"] == "S12000014"
    score = client.post(f"{address}/score", json={}).json()
    library = shipped_engine.score({**LEFT, asked: "declined", **ANSWERS}, on=live.service.today)
    assert score["figures"]["logit"] == library.logit
    assert score["sentences"] == list(library.sentences)
    assert client.get(f"{address}/score").json() == score
    decision = decide(client, address, score)
    assert decision.status_code == 201, decision.text
    Decision.model_validate_json(decision.content)
    assert (decision.json()["by"], decision.json()["band"]["id"]) == ("Mairi Reid", library.band)
    today = live.service.today.isoformat()
    outcome = {"kind": "paid_work", "weeks": 6, "known_on": today, "source": "client"}
    told = client.post(f"{address}/outcomes", json=outcome)
    assert told.status_code == 201, told.text
    Outcome.model_validate_json(told.content)
    whole = Assessment.model_validate_json(client.get(address).content)
    assert (whole.state, whole.client_reference, whole.language) == ("decided", "LTU-2026/0001", "Polish")
    assert whole.decision is not None
    assert whole.decision.id == whole.last_decision == decision.json()["id"]


def test_the_record_is_the_one_that_advisers_see(live: Live, client: httpx.Client) -> None:
    """Who decided stands in the record, and the key in the trail."""
    address, score = scored(client)
    decide(client, address, score)
    found = address.rpartition("/")[2]
    row = assessments.find(live.service, live.actor("adviser"), found)
    [record] = deciding.history(live.service, live.actor("adviser"), found)
    assert (row["state"], record.by, record.action) == ("decided", "Mairi Reid", "confirm")
    with live.service.database.read() as view:
        events = view.all(sa.select(audit_events).where(audit_events.c.subject == found))
    assert {event["actor"] for event in events} == {row["api_key"]}
    assert {event["via"] for event in events} == {"api"}
    assert {"assessment_started", "answer_saved", "scored", "score_shown", "decision_recorded"} == {
        event["action"] for event in events
    }


def test_every_step_of_a_decision(client: httpx.Client) -> None:
    address, score = scored(client, MIDDLE)
    assert score["band"]["id"] == "enhanced"
    over = {"band": "intensive", "reason": "several_complex_needs"}
    check_problem(decide(client, address, score, "override", band="intensive"), 422, "casework_error")
    check_problem(decide(client, address, score, "confirm", **over), 422, "casework_error")
    check_problem(decide(client, address, score, "override", band="gold", reason="other"), 422)
    check_problem(decide(client, address, score, by="   "), 422)
    check_problem(decide(client, address, score, by="123 456"), 422)
    done = decide(client, address, score, "override", **over).json()
    assert (done["state"], done["band"]["id"], done["reason"]) == ("overridden", "intensive", over["reason"])
    check_problem(decide(client, address, score, last=""), 409, "conflict")
    back = decide(client, address, score, "withdraw", last=done["id"]).json()
    assert (back["state"], back["band"]) == ("withdrawn", None)
    more = decide(client, address, score, "ask_for_more").json()
    assert (more["action"], more["reason"]) == ("ask", "client_asked_for_more")
    check_problem(decide(client, address, {"id": "0" * 32}), 409, "conflict")


def test_a_decision_on_answers_that_have_changed_is_refused(client: httpx.Client) -> None:
    address, score = scored(client)
    client.put(f"{address}/answers/age", json={"answer": 30})
    assert client.get(address).json()["score"]["outdated"] is True
    check_problem(decide(client, address, score), 409, "conflict")


def test_a_client_who_objects_is_not_scored_until_they_say_otherwise(client: httpx.Client) -> None:
    address, score = scored(client)
    found = client.post(f"{address}/objection", json={"note": "Said so on the phone"})
    assert (found.status_code, found.json()["state"], found.json()["score"]) == (200, "objected", None)
    assert client.post(f"{address}/objection", json={}).json()["state"] == "objected"
    check_problem(client.post(f"{address}/score", json={}), 409, "objected")
    check_problem(client.get(f"{address}/score"), 404)
    check_problem(decide(client, address, score), 409, "objected")
    assert client.delete(f"{address}/objection").json()["state"] == "open"
    assert client.post(f"{address}/score", json={}).status_code == 200
    check_problem(client.delete(f"{address}/objection"), 422, "casework_error")


def test_a_key_whose_name_is_a_number_can_record_an_objection(live: Live) -> None:
    """A record needs a name with letters, and nothing may stop an objection."""
    client = partner(live, name="007")
    found = client.post("/assessments", json={"context": {"objects_to_scoring": "yes"}})
    assert (found.status_code, found.json()["state"]) == (201, "objected")


def test_after_a_change_the_questions_are_asked_again(client: httpx.Client) -> None:
    address, score = scored(client)
    decide(client, address, score)
    check_problem(client.put(f"{address}/answers/age", json={"answer": 30}), 409, "conflict")
    again = client.post(f"{address}/rescore", json={"why": "change"}).json()
    assert (again["round"], again["state"], again["score"]) == (2, "open", None)
    assert "confidence" not in again["answers"], "attitudes are asked again"
    assert again["decision"]["state"] == "confirmed", "what was decided stays"


def test_details_can_change_and_nobody_overwrites_another(client: httpx.Client) -> None:
    made = start(client)
    address = f"/assessments/{made['id']}"
    changed = client.patch(address, json={"context": {"job_ends": "2026-02-01"}, "version": made["version"]})
    assert changed.json()["context"] == {**LEFT, "job_ends": "2026-02-01"}
    check_problem(client.patch(address, json={"language": "Urdu", "version": made["version"]}), 409, "conflict")


def test_the_list_comes_in_parts_that_lose_nobody(live: Live, client: httpx.Client) -> None:
    ids = [start(client)["id"] for _ in range(7)]
    start(client, practice=True)
    start(partner(live))
    seen, cursor = [], ""
    while cursor is not None:
        answer = client.get("/assessments", params={"limit": 3, **({"cursor": cursor} if cursor else {})})
        AssessmentPage.model_validate_json(answer.content)
        part = answer.json()
        seen += [item["id"] for item in part["assessments"]]
        cursor = part["next"]
        if len(seen) == 3:
            start(client, client_reference="came meanwhile 1")
    assert seen == ids[::-1]
    assert len(client.get("/assessments", params={"practice": "true"}).json()["assessments"]) == 1
    assert client.get("/assessments", params={"state": "decided"}).json() == {"assessments": [], "next": None}
    for wrong in ({"cursor": "AAAA"}, {"cursor": "ü"}, {"limit": "0"}, {"limit": "x"}, {"state": "x"}, {"page": "2"}):
        check_problem(client.get("/assessments", params=wrong), 422)
    check_problem(client.get("/assessments?limit=1&limit=2"), 422)


def test_another_key_sees_nothing_of_it(live: Live, client: httpx.Client) -> None:
    """Not even that it is there, in the same office or in another one."""
    address, score = scored(client)
    for other in (partner(live), partner(live, office=live.other_office)):
        asked = [
            other.get(address), other.get(f"{address}/score"), other.post(f"{address}/score", json={}),
            other.patch(address, json={}), other.put(f"{address}/answers/age", json={"answer": 30}),
            other.patch(f"{address}/answers", json={"answers": {"age": 30}}), decide(other, address, score),
            other.post(f"{address}/objection", json={}), other.delete(f"{address}/objection"),
            other.post(f"{address}/rescore", json={"why": "change"}),
            other.post(
                f"{address}/outcomes",
                json={"kind": "paid_work", "weeks": 1, "known_on": "2026-03-01", "source": "client"},
            ),
        ]  # fmt: skip
        nobody = other.get(f"/assessments/{'0' * 32}")
        assert {answer.status_code for answer in asked} == {404}
        assert {answer.text for answer in asked} == {nobody.text}
        assert other.get("/assessments").json()["assessments"] == []
    assert client.get(address).json()["state"] == "scored"


def test_a_program_sees_nothing_that_advisers_started(live: Live, client: httpx.Client) -> None:
    row = assessments.start(live.service, live.actor("adviser"), held="in_person")
    interview.save_answer(live.service, live.actor("adviser"), row["id"], "age", 40)
    check_problem(client.get(f"/assessments/{row['id']}"), 404)
    assert client.get("/assessments").json()["assessments"] == []


def test_a_note_stays_in_the_service(client: httpx.Client) -> None:
    """It may say something about a client that another reader of the program's screen need not know."""
    address, score = scored(client)
    note = {"note": "zebra crossing"}
    answers = [
        decide(client, address, score, **note),
        client.get(address),
        client.post(f"{address}/objection", json=note),
    ]
    assert not [answer for answer in answers if "zebra" in answer.text]
