"""Does a decision end in agreed actions, and does the work queue have what is due?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.casework import Desk
from tests.databases import both
from tests.unit.test_casework_assessments import count_of, trail
from triage.casework import actions, assessments, deciding
from triage.casework.actions import NOT_TAKEN_UP, OTHER, STATES
from triage.errors import AccessError, CaseworkError, ConflictError
from triage.records.database import Row
from triage.records.tables import actions as table

pytestmark = both
DUE = date(2026, 3, 9)


def agree(desk: Desk, row: Row, by: str = "adviser", **more: Any) -> Row:
    fields = {"service_id": "money", "partner_id": "icas", "due": DUE, **more}
    return actions.agree(desk.service, desk[by], row["id"], **fields)


def step(desk: Desk, action: Row, state: str, who: str = "adviser", **more: Any) -> Row:
    return actions.step(desk.service, desk[who], action["id"], state, **more)


def test_a_decision_ends_in_an_agreed_action(desk: Desk) -> None:
    row, _, decision = desk.decided()
    form = desk.form()
    action = agree(desk, row, decision_id=decision["id"], note="Before the rent is due.", submission=form)
    assert (action["state"], action["due"], action["decision"]) == ("agreed", "2026-03-09", decision["id"])
    assert agree(desk, row, decision_id=decision["id"], note="Before the rent is due.", submission=form) == action
    assert count_of(desk, table) == 1
    [kept] = actions.of(desk.service, desk["second_adviser"], row["id"])
    assert [one["state"] for one in kept["steps"]] == ["agreed"]
    assert "rent" not in trail(desk)[-1]["detail"]


def test_nobody_needs_a_score_or_a_decision_for_a_service(desk: Desk) -> None:
    action = agree(desk, desk.opened(), partner_id="", who="The client rings them")
    assert (action["decision"], action["partner"], action["who"]) == (None, "", "The client rings them")


def test_other_help_is_said_in_words(desk: Desk) -> None:
    action = agree(desk, desk.opened(), service_id=OTHER, partner_id=OTHER, who="A local charity", note="A suit.")
    assert (action["service"], action["partner"]) == ("other", "other")


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"service_id": "magic"}, "service"),
        ({"partner_id": "acme"}, "partner"),
        ({"partner_id": ""}, "who"),
        ({"partner_id": OTHER}, "who"),
        ({"service_id": OTHER}, "note"),
        ({"due": date(2026, 3, 1)}, "due"),
        ({"due": date(2062, 3, 9)}, "due"),
        ({"note": "x" * 2_001}, "note"),
        ({"who": "x" * 201}, "who"),
    ],
)
def test_what_cannot_be_agreed_is_named(desk: Desk, fields: dict[str, Any], where: str) -> None:
    with pytest.raises(CaseworkError) as refused:
        agree(desk, desk.opened(), **fields)
    assert [fault.where for fault in refused.value.faults] == [where]
    assert count_of(desk, table) == 0


def test_what_follows_from_a_decision_waits_for_one_that_is_in_force(desk: Desk) -> None:
    row, score, decision = desk.decided()
    deciding.withdraw(desk.service, desk["second_adviser"], row["id"], score_id=score["id"])
    with pytest.raises(ConflictError, match="decision was changed"):
        agree(desk, row, decision_id=decision["id"])
    assert agree(desk, row)["state"] == "agreed"


def test_steps_go_forward_and_may_be_left_out(desk: Desk) -> None:
    action = agree(desk, desk.opened())
    with pytest.raises(CaseworkError, match="not a step"):
        step(desk, action, "vanished")
    desk.clock.move(days=1)
    assert step(desk, action, "accepted", "second_adviser")["version"] == 2
    for back in ("agreed", "referred"):
        with pytest.raises(CaseworkError, match="forward only"):
            step(desk, action, back)
    with pytest.raises(ConflictError):
        step(desk, action, "finished", expect_version=1)
    done = step(desk, action, "finished", expect_version=2)
    assert step(desk, action, "finished") == done
    with pytest.raises(CaseworkError, match="finished already"):
        step(desk, action, NOT_TAKEN_UP)
    [kept] = actions.of(desk.service, desk["adviser"], action["assessment"])
    assert [one["state"] for one in kept["steps"]] == ["agreed", "accepted", "finished"]


@pytest.mark.parametrize("before", STATES[:-1])
def test_a_client_may_choose_not_to_and_change_their_mind(desk: Desk, before: str) -> None:
    action = agree(desk, desk.opened())
    step(desk, action, before)
    assert step(desk, action, NOT_TAKEN_UP)["state"] == NOT_TAKEN_UP
    assert actions.due(desk.service, desk["adviser"]).total == 0
    assert step(desk, action, "started")["state"] == "started"


def test_the_queue_has_what_is_due_in_this_office(desk: Desk) -> None:
    row, hers = desk.opened(), desk.opened("second_adviser")
    soon, later = agree(desk, row), agree(desk, row, due=date(2026, 3, 20))
    other = agree(desk, hers, "second_adviser", due=date(2026, 3, 10))
    agree(desk, desk.opened("other_adviser"), "other_adviser")
    agree(desk, desk.opened(practice=True))
    step(desk, agree(desk, row), "finished")
    desk.clock.move(days=8)
    queue = actions.due(desk.service, desk["manager"])
    assert [(item["id"], item["overdue"]) for item in queue.rows] == [
        (soon["id"], True), (other["id"], False), (later["id"], False),
    ]  # fmt: skip
    assert queue.rows[0]["reference"] == row["reference"]
    until = actions.due(desk.service, desk["manager"], date(2026, 3, 10))
    assert [item["id"] for item in until.rows] == [soon["id"], other["id"]]
    mine = actions.due(desk.service, desk["second_adviser"], mine=True)
    assert [item["id"] for item in mine.rows] == [other["id"]]
    with pytest.raises(AccessError):
        actions.due(desk.service, desk["analyst"])


def test_an_action_is_moved_to_another_day(desk: Desk) -> None:
    action = agree(desk, desk.opened())
    moved = actions.move(desk.service, desk["adviser"], action["id"], date(2026, 3, 30), expect_version=1)
    assert (moved["due"], moved["state"]) == ("2026-03-30", "agreed")
    with pytest.raises(CaseworkError, match="in the past"):
        actions.move(desk.service, desk["adviser"], action["id"], date(2026, 1, 1))
    step(desk, action, "finished")
    with pytest.raises(CaseworkError, match="waits for nobody"):
        actions.move(desk.service, desk["adviser"], action["id"], date(2026, 3, 30))


@pytest.mark.parametrize("who", ["other_adviser", "analyst", "administrator", "partner"])
def test_what_was_agreed_is_the_office_s_own(desk: Desk, who: str) -> None:
    row = desk.opened()
    action = agree(desk, row)
    for use in (
        lambda: agree(desk, row, who),
        lambda: step(desk, action, "started", who),
        lambda: actions.find(desk.service, desk[who], action["id"]),
        lambda: actions.of(desk.service, desk[who], row["id"]),
        lambda: actions.move(desk.service, desk[who], action["id"], DUE),
    ):
        with pytest.raises(AccessError):
            use()


def test_nothing_is_agreed_with_somebody_whose_assessment_is_closed(desk: Desk) -> None:
    row = desk.opened()
    action = agree(desk, row)
    assessments.close(desk.service, desk["adviser"], row["id"], "no_contact")
    with pytest.raises(CaseworkError, match="closed"):
        agree(desk, row)
    # What was agreed before goes on.
    assert step(desk, action, "finished")["state"] == "finished"


def test_without_a_services_file_help_is_said_in_words(desk: Desk, small_engine: Any) -> None:
    from triage.casework.service import make_service

    desk.service = make_service(desk.service.database, small_engine, clock=desk.clock)
    row = desk.opened(context={})
    with pytest.raises(CaseworkError, match="not one of the services"):
        agree(desk, row)
    assert agree(desk, row, service_id=OTHER, partner_id="", who="A friend", note="A lift.")["state"] == "agreed"
