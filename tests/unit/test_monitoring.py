"""Is drift found where it was planted and nowhere else, and does nobody count who must not?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

import triage
from tests.casework import BEGIN, Desk, make_desk
from tests.databases import both
from tests.monitored import Client, answer, changed, fill, over_months, people
from tests.tampering import do
from triage.casework import interview, scoring
from triage.casework.objections import object_to_scoring, withdraw_objection
from triage.checklist import Question
from triage.content import content_root
from triage.errors import AccessError, CaseworkError, OutcomesError
from triage.evaluation import Settings
from triage.monitoring import Wanted, monitor
from triage.monitoring.known import known_outcomes
from triage.monitoring.page import monitoring_page
from triage.monitoring.rules import load_rules
from triage.records.database import Database
from triage.records.plain import canonical
from triage.records.tables import AUDITED, audit_events, scores

pytestmark = pytest.mark.slow
QUICK = Settings(seed="monitor", resamples=20)
MONTHS = 3
#: The first day of the third period of 28 days, which lies in the month that is told last.
LATE = BEGIN + timedelta(days=28 * (MONTHS - 1))


def told(desk: Desk, **more: Any) -> dict[str, Any]:
    return monitor(desk.service, desk["analyst"], Wanted(**{"simulated": True, "settings": QUICK, **more}))


def crowd(number: int = 360, **more: Any) -> list[Client]:
    return over_months([replace(client, **more) for client in people(number)], MONTHS)


def named(data: dict[str, Any]) -> set[tuple[str, str]]:
    return {(alert["id"], alert["where"]) for alert in data["alerts"]}


def latest(item: dict[str, Any], beside: str = "from_first") -> dict[str, Any]:
    [row] = [row for row in item["periods"] if row["period"] == item["latest"]]
    return dict(row[beside])


def of(items: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(item for item in items if item["id"] == name)


@both
def test_nothing_is_found_where_nothing_has_changed(desk: Desk) -> None:
    fill(desk, crowd())
    desk.clock.move(days=28 * MONTHS)
    data = told(desk)
    assert [alert for alert in data["alerts"] if "drift" in alert["id"] or alert["id"] == "score_reference"] == []
    for item in (data["drift"]["score"], *data["drift"]["answers"]):
        if item["latest"] not in (None, item["first"]):
            assert latest(item)["may_be_chance"], item["id"]
    assert [period["name"] for period in data["periods"]] == ["2026-03", "2026-04", "2026-05"]
    assert sum(period["people"] for period in data["periods"]) == data["scores"]["people"] == 360
    assert data["scores"]["checked"] == 360
    assert data["scores"]["not_reproduced"] == 0
    json.dumps(data, allow_nan=False)


@both
def test_what_was_planted_is_found_and_called_by_its_name(desk: Desk) -> None:
    """Everybody is old from the last month on, and nobody is asked any more about a car."""
    planted = changed(crowd(), answer("age", 61), LATE)
    fill(desk, changed(planted, answer("vehicle", None), LATE))
    desk.clock.move(days=28 * MONTHS)
    data = told(desk)
    found = named(data)
    assert ("answer_drift", "the question “Age”") in found
    assert ("score_drift", "the score") in found
    assert ("missing_drift", "the question “Motor vehicle”") in found
    assert not {where for id_, where in found if id_ == "answer_drift"} - {"the question “Age”"}
    assert latest(of(data["drift"]["answers"], "age"))["size"] == "large"
    assert next(alert for alert in data["alerts"] if alert["id"] == "answer_drift")["level"] == "act"
    groups = of(data["drift"]["answers"], "age")["groups"]
    assert [group["latest"] for group in groups] == [0, 0, 0, 0, 1]
    assert of(data["drift"]["unanswered"], "vehicle")["groups"][-1]["latest"] == 1


def test_weeks_divide_time_as_well_and_days_can_be_chosen(desk: Desk) -> None:
    fill(desk, crowd())
    desk.clock.move(days=28 * MONTHS)
    data = told(desk, unit="week", since=LATE.date(), until=LATE.date() + timedelta(days=6))
    assert [(period["name"], period["people"]) for period in data["periods"]] == [("2026-W18", 120)]
    assert data["drift"]["score"]["first"] == data["drift"]["score"]["latest"] == "2026-W18"
    with pytest.raises(CaseworkError, match="nobody was scored from 2020-01-01 to 2020-02-01"):
        told(desk, since=BEGIN.date().replace(year=2020, month=1, day=1), until=BEGIN.date().replace(2020, 2, 1))


@both
def test_invented_clients_and_those_who_object_count_nowhere(desk: Desk) -> None:
    real = crowd(120, way="same")
    ghosts = [replace(answer("age", 16)(client), way="more") for client in over_months(people(60, "ghosts"), MONTHS)]
    fill(desk, real)
    desk.clock.move(days=28 * MONTHS + 500)
    alone = told(desk)
    fill(desk, [replace(client, practice=True) for client in ghosts])
    fill(desk, [replace(client, objected=True) for client in ghosts])
    assert told(desk) == alone


def test_a_score_before_an_objection_counts_no_more_when_the_client_comes_back(desk: Desk) -> None:
    """Nor does a decision on it, though it was taken in a week before anybody else was scored."""
    for _ in range(6):
        row, _, _ = desk.decided()
        object_to_scoring(desk.service, desk["adviser"], row["id"])
        withdraw_objection(desk.service, desk["adviser"], row["id"])
    fill(desk, over_months([replace(client, way="same") for client in people(60)], 1, BEGIN + timedelta(days=14)))
    desk.clock.move(days=30)
    data = told(desk, unit="week")
    assert (data["scores"]["people"], data["periods"][0]["name"]) == (60, "2026-W12")
    assert data["changes"]["decisions"] == data["changes"]["all"]["same"] > 50


def test_a_client_counts_once_a_period_by_the_last_score(desk: Desk) -> None:
    fill(desk, crowd(60))
    desk.clock.move(days=28 * MONTHS)
    for _ in range(5):
        row, _ = desk.scored()
        interview.save_answers(desk.service, desk["adviser"], row["id"], {"age": 18})
        scoring.score(desk.service, desk["adviser"], row["id"])
    data = told(desk)
    assert data["scores"]["people"] == 65
    assert data["scores"]["checked"] == 65


@both
def test_nothing_is_written_but_a_line_in_the_trail(desk: Desk) -> None:
    fill(desk, crowd(60))
    with desk.service.database.read() as view:
        before = {name: view.all(sa.select(table).order_by(table.c.id)) for name, table in AUDITED.items()}
        events = view.scalar(sa.select(sa.func.count()).select_from(audit_events))
    told(desk, challenger=desk.service.engines.now)
    with desk.service.database.read() as view:
        assert {name: view.all(sa.select(table).order_by(table.c.id)) for name, table in AUDITED.items()} == before
        last = view.all(sa.select(audit_events).order_by(audit_events.c.seq))[events:]
    assert [(row["action"], row["actor"], row["subject"]) for row in last] == [
        ("exported", desk["analyst"].account, "")
    ]


@pytest.mark.parametrize("who", ["adviser", "administrator", "partner"])
def test_only_analysts_and_managers_look(desk: Desk, who: str) -> None:
    fill(desk, crowd(60))
    with pytest.raises(AccessError):
        monitor(desk.service, desk[who], Wanted())


def test_a_score_that_cannot_be_worked_out_again_stops_the_line(desk: Desk) -> None:
    """Somebody changed a kept score past the audit trail, or the model is another under the same name."""
    fill(desk, crowd(60))
    desk.clock.move(days=28 * MONTHS)
    with desk.service.database.read() as view:
        row = view.all(sa.select(scores).order_by(scores.c.id))[7]
    data = json.loads(row["data"])
    changed_data = canonical({**data, "logit": data["logit"] + 0.5})
    do(desk.service.database, "UPDATE scores SET data = :data WHERE id = :row", data=changed_data, row=row["id"])
    found = told(desk)
    assert found["scores"]["not_reproduced"] == 1
    [first, *_] = found["alerts"]
    assert (first["id"], first["level"]) == ("not_reproduced", "stop")
    assert "suspend" in first["do"].lower()


def test_simulated_outcomes_are_never_mixed_with_real_ones(desk: Desk) -> None:
    fill(desk, crowd(60))
    desk.clock.move(days=800)
    recorded = known_outcomes(desk.service, desk["analyst"], [], simulated=True).outcomes
    assert recorded is not None
    for claimed in (True, False):
        with pytest.raises(OutcomesError, match="--simulated"):
            told(desk, simulated=not claimed, files=[replace(recorded, simulated=claimed)])
    data = told(desk, files=[replace(recorded, source="again.csv")])
    assert data["known"] == {"recorded": 0, "from_files": 60, "left_out": 60, "outside": 0}
    assert data["title"].startswith("Simulated people")


def test_no_small_count_follows_from_what_stands_beside_it(desk: Desk) -> None:
    """Three people each: in a month, by another model, without a band, without a car, heard of in the records."""
    everybody = [answer("vehicle", "yes")(replace(client, outcome=None)) for client in people(360)[:63]]
    sparse = [replace(client, answers={"age": 40}) for client in everybody[:3]]
    late = [replace(client, at=BEGIN + timedelta(days=35), outcome=("paid_work", 9)) for client in everybody[60:]]
    fill(desk, [*everybody[3:60], *sparse, *late])
    desk.clock.move(days=800)
    with desk.service.database.read() as view:
        rows = view.all(sa.select(scores).order_by(scores.c.id))[:3]
    for row in rows:
        do(desk.service.database, "UPDATE scores SET model = 'm', cutoffs = 'c' WHERE id = :row", row=row["id"])
    recorded = known_outcomes(desk.service, desk["analyst"], [], simulated=True).outcomes
    assert recorded is not None
    others = np.array([f"other-{place}" for place in range(12)], dtype=object)
    file = replace(recorded.take(np.arange(12) % 3), client=others, source="heard.csv")
    data = told(desk, files=[file], challenger=desk.service.engines.now, until=BEGIN.date() + timedelta(days=40))
    assert data["known"] == {"recorded": None, "from_files": None, "left_out": 0, "outside": 12}
    data = told(desk, files=[file], challenger=desk.service.engines.now)
    assert (data["known"]["recorded"], data["known"]["from_files"]) == (None, None)
    assert [data["scores"][key] for key in ("checked", "other_models", "other_cutoffs")] == [None, None, None]
    assert [period["people"] for period in data["periods"] if period["people"] != 0] == [None, None]
    assert data["scores"]["people"] == data["shadow"]["people"] == 63
    for table in (data["shadow"]["same_cutoffs"], data["shadow"]["same_share"]):
        assert (table["without_band"], table["same"], table["groups"]) == (None, None, [])
    car, age = (of(data["drift"]["answers"], name)["groups"] for name in ("vehicle", "age"))
    assert {group["latest"] for group in car} == {None}
    assert None not in {group["latest"] for group in age}
    text = monitoring_page(data, load_rules().drift)
    assert "Some of the scores that count" in text
    assert "The kept scores of the model in force" in text


def test_another_organisations_checklist_is_watched_as_well(database: Database, small_engine: triage.Engine) -> None:
    """Three questions, no age, no area, and nothing asked beside them."""
    desk = make_desk(database, small_engine)
    questions = small_engine.checklist.questions
    fill(
        desk,
        [
            Client(
                {
                    item.id: _any_answer(small_engine, item, place)
                    for item in questions
                    if place % 7 or item is questions[0]
                },
                BEGIN,
            )
            for place in range(120)
        ],
    )
    desk.clock.move(days=1)
    data = told(desk, challenger=small_engine)
    assert [item["id"] for item in data["drift"]["answers"]] == [question.id for question in questions]
    assert data["scores"]["not_reproduced"] == 0
    assert data["shadow"]["told"]
    assert [item["from"] for item in data["collected"]] == [""] * len(data["collected"])


def _any_answer(engine: triage.Engine, question: Question, place: int) -> Any:
    if question.number is not None:
        return question.number.minimum + place % int(question.number.maximum - question.number.minimum)
    options = engine.features.options(question)
    return options[place % len(options)]


def test_scores_of_other_versions_are_worked_out_with_the_model_in_force(
    desk: Desk, other_cutoffs: triage.Engine, tmp_path: Path
) -> None:
    """Another model, or another table of areas, is no drift of the people."""
    fill(desk, crowd(120))
    desk.clock.move(days=28 * MONTHS)
    before = told(desk)
    desk.service.engines.replace(other_cutoffs)
    found = told(desk)
    assert (found["scores"]["other_models"], found["scores"]["other_cutoffs"]) == (0, 120)
    assert found["drift"] == before["drift"]
    areas = tmp_path / "areas.csv"
    areas.write_bytes((content_root() / "features" / "areas.csv").read_bytes())
    desk.service.engines.replace(triage.load(areas=areas))
    found = told(desk)
    assert (found["scores"]["other_models"], found["scores"]["checked"]) == (120, 0)
    assert found["scores"]["not_reproduced"] == 0
    assert found["drift"] == before["drift"]
    page = monitoring_page(found, load_rules().drift)
    assert "120 of the scores that count were made with another model or checklist" in page
