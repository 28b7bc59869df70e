"""Is a score the same through the API as through the library, and does it carry what it must be shown with?"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

import triage
from experiments.bench import simulate
from tests.web.partners import ANSWERS, LEFT, check_problem, partner
from tests.web.service import Live
from triage.casework import api_keys, suspension
from triage.records.tables import AUDITED, audit_events
from triage.web.api import keys
from triage.web.api.models.scores import MOST_CLIENTS, Batch, Score

ON = date(2026, 10, 31)
FIGURES = ("probability", "lower", "upper", "logit", "lower_logit", "upper_logit", "baseline")


@pytest.fixture
def client(live: Live) -> httpx.Client:
    return partner(live, "score")


def ask(client: httpx.Client, answers: Any = ANSWERS, context: Any = LEFT, **more: Any) -> dict[str, Any]:
    body = {"answers": dict(answers), "context": dict(context), **more}
    answer = client.post("/score", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    Score.model_validate_json(answer.content)
    return found


def same(found: dict[str, Any], score: triage.Score) -> None:
    """Equal to the bit, wherever both say something."""
    figures = found["figures"]
    assert {name: figures[name].hex() for name in FIGURES} == {name: getattr(score, name).hex() for name in FIGURES}
    assert figures["contributions"] == dict(score.contributions)
    assert figures["baseline"] + sum(figures["contributions"].values()) == figures["logit"]
    assert found["sentences"] == list(score.sentences)
    assert found["bands_possible"] == list(score.bands_possible)
    assert [item["text"] for item in found["reasons"]] == [item.text for item in score.reasons]
    assert [item["log_odds"] for item in found["strengths"]] == [item.log_odds for item in score.strengths]
    assert (found["status"], found["band"] and found["band"]["id"]) == (score.status, score.band)
    assert (found["declined"], found["not_asked"]) == (list(score.declined), list(score.unanswered))


def test_a_score_is_that_of_the_library_to_the_bit(client: httpx.Client, shipped_engine: triage.Engine) -> None:
    for person in simulate.clients(shipped_engine, 60):
        found = ask(client, person, {}, on=ON.isoformat())
        same(found, shipped_engine.score(person, on=ON))


def test_several_clients_are_scored_as_one_by_one(client: httpx.Client, shipped_engine: triage.Engine) -> None:
    people = simulate.clients(shipped_engine, 300)
    answer = client.post("/score/batch", json={"clients": [{"answers": person} for person in people]})
    assert answer.status_code == 200
    Batch.model_validate_json(answer.content)
    rows = answer.json()["clients"]
    assert [row["place"] for row in rows] == list(range(300))
    many = shipped_engine.score_many({name: [p.get(name) for p in people] for name in shipped_engine.checklist.by_id})
    for place, (row, person) in enumerate(zip(rows, people, strict=True)):
        same(row["score"], shipped_engine.score(person))
        assert row["score"]["figures"]["logit"] == many.logit[place]


def test_every_client_of_several_comes_out(client: httpx.Client) -> None:
    """One who cannot be scored must not stop the others, nor vanish."""
    clients = [
        {"answers": dict(ANSWERS)}, {"answers": {"age": "secret words"}},
        {"answers": {}, "context": {"objects_to_scoring": "yes"}}, {"answers": {"age": 40}},
    ]  # fmt: skip
    answer = client.post("/score/batch", json={"clients": clients})
    rows = answer.json()["clients"]
    assert [row["score"] and row["score"]["status"] for row in rows] == ["proposed", None, None, "not_enough_answers"]
    assert [row["problem"] and row["problem"]["code"] for row in rows] == [None, "answers_error", "objected", None]
    assert "secret words" not in answer.text


def test_there_is_an_edge_to_how_many_at_once(client: httpx.Client) -> None:
    check_problem(client.post("/score/batch", json={"clients": [{"answers": {}}] * (MOST_CLIENTS + 1)}), 422)
    check_problem(client.post("/score/batch", json={"clients": []}), 422)
    whole = {"clients": [{"answers": dict(ANSWERS), "context": dict(LEFT)}] * MOST_CLIENTS}
    assert len(client.post("/score/batch", json=whole).json()["clients"]) == MOST_CLIENTS


def test_a_score_carries_its_terms(client: httpx.Client, shipped_engine: triage.Engine) -> None:
    found = ask(client, on=ON.isoformat())
    now, words = shipped_engine.versions, shipped_engine.words.wording
    assert found["versions"] == {"model": now.model, "checklist": now.checklist, "cutoffs": now.cutoffs}
    assert found["permitted_use"] == " ".join(words.permitted_use.text)
    assert found["label"] == "not in paid work a year after their job ended"
    assert (found["source"], found["scored_on"]) == ("evidence", "2026-10-31")
    assert found["valid_until"] == (ON + timedelta(days=90)).isoformat()


def test_a_band_comes_with_what_its_range_reaches(client: httpx.Client) -> None:
    """A program that shows the band alone would hide that another one is as possible."""
    found = ask(client)
    assert len(found["bands_possible"]) > 1
    assert found["crossing"]
    assert found["crossing"] in found["sentences"][0]


def test_without_enough_answers_it_says_why_there_is_no_band(client: httpx.Client) -> None:
    found = ask(client, {"age": 40})
    assert (found["status"], found["band"], found["bands_possible"]) == ("not_enough_answers", None, [])
    assert found["why_no_band"] == found["sentences"][0]


@pytest.mark.parametrize("status", ["has_job", "redeployed"])
def test_no_figure_of_somebody_with_a_job_leaves(client: httpx.Client, status: str) -> None:
    found = ask(client, context={"redundancy_status": status})
    assert (found["status"], found["figures"], found["band"]) == (status, None, None)
    assert (found["reasons"], found["strengths"], found["raised_by_special"]) == ([], [], False)
    assert found["why_no_band"]


def test_who_objects_gets_no_score(client: httpx.Client) -> None:
    answer = client.post("/score", json={"answers": dict(ANSWERS), "context": {"objects_to_scoring": True}})
    check_problem(answer, 409, "objected")


def test_the_next_question_is_said_to_who_asks(client: httpx.Client, shipped_engine: triage.Engine) -> None:
    assert ask(client)["next"] is None
    found = ask(client, {"age": 40}, {}, ask_next=True)["next"]
    score = shipped_engine.score({"age": 40})
    assert found["question"] == score.next_question
    assert found["chance_of_another_band"] == score.chance_of_another_band
    assert found["enough_is_known"] is score.enough_is_known


@pytest.mark.parametrize("name", ["model", "checklist", "cutoffs"])
def test_a_version_that_is_not_in_force_is_refused(
    client: httpx.Client, shipped_engine: triage.Engine, name: str
) -> None:
    """A program made for one model would otherwise show the figures of another one as its own."""
    body = {"answers": dict(ANSWERS)}
    force = ask(client)["versions"]
    for path, sent in (("/score", body), ("/score/batch", {"clients": [body]})):
        answer = client.post(path, json={**sent, "versions": {name: "other-1"}})
        assert check_problem(answer, 409, "version_not_in_force")["in_force"] == force
        answer = client.post(path, json=sent, headers={f"ltu-{name}": "other-1"})
        check_problem(answer, 409, "version_not_in_force")
        assert client.post(path, json={**sent, "versions": force}).status_code == 200
        assert client.post(path, json=sent, headers={f"ltu-{name}": force[name]}).status_code == 200


def test_a_day_in_the_future_is_refused(client: httpx.Client, live: Live) -> None:
    """Its score would be valid for as long as a program likes."""
    later = (live.service.today + timedelta(days=3)).isoformat()
    check_problem(client.post("/score", json={"answers": {}, "on": later}), 422)


def test_while_scoring_is_turned_off_nothing_is_scored(client: httpx.Client, live: Live) -> None:
    suspension.suspend(live.service, live.actor("administrator"), "The figures are being checked.")
    body = {"answers": dict(ANSWERS)}
    for path, sent in (("/score", body), ("/score/batch", {"clients": [body]})):
        answer = client.post(path, json=sent)
        assert "The figures are being checked." in check_problem(answer, 503, "suspended")["detail"]
        assert int(answer.headers["retry-after"]) > 0
    suspension.resume(live.service, live.actor("administrator"))
    assert client.post("/score", json=body).status_code == 200


def test_nothing_is_stored(client: httpx.Client, live: Live) -> None:
    def rows() -> dict[str, int]:
        with live.service.database.read() as view:
            tables = (*AUDITED.values(), audit_events)
            return {table.name: view.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables}

    before = rows()
    ask(client)
    client.post("/score/batch", json={"clients": [{"answers": dict(ANSWERS)}]})
    assert rows() == before


def test_the_order_of_the_answers_changes_nothing(client: httpx.Client) -> None:
    mixed = list(ANSWERS.items())
    random.Random(7).shuffle(mixed)
    assert ask(client, dict(mixed))["figures"] == ask(client)["figures"]


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was looked up once counts for as long as the test runs."""
    for module, name in ((api_keys, "FRESH"), (keys, "FRESH"), (suspension, "_FRESH")):
        monkeypatch.setattr(module, name, 1e6)


def test_a_score_does_not_ask_the_database(live: Live, client: httpx.Client, remembered: None) -> None:
    """It would be as slow as the database, and as often gone."""
    asked: list[str] = []
    ask(client)
    sa.event.listen(live.service.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for _ in range(5):
        ask(client)
    assert asked == []
    client.post("/score", json={"answers": {}}, headers={"authorization": "Bearer ltu_00000000_" + "A" * 43})
    assert asked, "or nothing is listened to"
