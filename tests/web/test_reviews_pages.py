"""Is a client's request to have a decision looked at again answered by somebody else, in time, and told?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.web.interviews import button
from tests.web.service import Client, Clock, Live
from tests.web.states import Clients
from triage.casework import assessments, deciding, reviews

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]


@pytest.fixture
def manager(shared_live: Live) -> Client:
    """A manager of the same office."""
    return shared_live.client("manager")


def asked(clients: Clients) -> tuple[str, str]:
    """A client with a confirmed decision who asks for a review, and the request."""
    client = Clients(clients.live)["confirmed"]
    return client, clients.ask(client)


def found(clients: Clients, review: str) -> tuple[str, str | None]:
    row = reviews.find(clients.service, clients.adviser, review)
    return row["state"], row["result"]


def test_a_request_is_asked_for_and_answered_by_somebody_else(clients: Clients, visit_shared: Visit) -> None:
    client = Clients(clients.live)["confirmed"]
    page = visit_shared("adviser")
    page.goto(f"/clients/{client}/result")
    page.get_by_role("link", name="The client wants this looked at again").click()
    assert "within 10 working days" in page.locator("main").inner_text()
    page.get_by_label("Why, in the client's words").fill("I need more help.")
    button(page, "Record the request")
    review = reviews.of(clients.service, clients.adviser, client)[0]["id"]
    page.goto(f"/reviews/{review}")
    assert "somebody else has to look at it" in page.locator("main").inner_text()
    assert page.get_by_role("button", name="Answer the request").count() == 0

    manager = visit_shared("manager")
    manager.goto("/reviews")
    reference = assessments.find(clients.service, clients.adviser, client)["reference"]
    manager.get_by_role("link", name=reference).click()
    assert "I need more help." in manager.locator("main").inner_text()
    manager.get_by_label("The decision is changed").check()
    manager.get_by_label("Support from now on").select_option(label="PACE support with your own adviser")
    manager.get_by_label("Reason for the change").select_option(label="Several complex needs at once")
    manager.get_by_label("What the client is told").fill("You get an adviser of your own.")
    button(manager, "Answer the request")
    assert found(clients, review) == ("closed", "changed")
    history = deciding.history(clients.service, clients.adviser, client)
    assert [(step.action, step.by) for step in history] == [
        ("confirm", "Test adviser"), ("withdraw", "Test manager"), ("override", "Test manager")
    ]  # fmt: skip
    manager.goto(f"/reviews/{review}")
    assert "You get an adviser of your own." in manager.locator("main").inner_text()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "result"),
        ({"result": "maybe"}, "result"),
        ({"result": "upheld"}, "note"),
        ({"result": "changed", "note": "Told."}, "band"),
        ({"result": "changed", "note": "Told.", "band": "intensive"}, "reason"),
        ({"result": "changed", "note": "Told.", "band": "the moon", "reason": "other"}, "band"),
        ({"result": "changed", "note": "Told.", "band": "intensive", "reason": "client_asked_for_more"}, "result"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_at_its_field(
    fields: dict[str, str], field: str, clients: Clients, manager: Client
) -> None:
    _, review = asked(clients)
    answer = manager.send_form(f"/reviews/{review}", fields, to=f"/reviews/{review}")
    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text
    assert fields.get("note", "") in answer.text
    assert found(clients, review) == ("open", None)


def test_whoever_decided_cannot_answer_even_past_the_page(shared_live: Live, clients: Clients) -> None:
    _, review = asked(clients)
    client = shared_live.client("adviser")
    token = {"csrf": client.get("/clients/new").text.split('name="csrf" value="')[1].split('"')[0]}
    answer = client.post(f"/reviews/{review}", data={**token, "result": "upheld", "note": "Mine is right."})
    assert answer.status_code == 422
    assert found(clients, review) == ("open", None)


def test_a_decision_that_stays_is_told_and_the_request_is_answered_once(clients: Clients, manager: Client) -> None:
    _, review = asked(clients)
    page = f"/reviews/{review}"
    form = {"result": "upheld", "note": "We talked about it."}
    assert "The review is finished." in manager.send_form(page, form, to=page).text
    assert found(clients, review) == ("closed", "upheld")
    assert "Answer the request" not in manager.get(page).text


def test_a_decision_that_changes_meanwhile_is_shown_before_the_answer(clients: Clients, manager: Client) -> None:
    client, review = asked(clients)
    page = f"/reviews/{review}"
    stale = manager.get(page)
    score = deciding.standing(clients.service, clients.adviser, client).score
    assert score is not None
    deciding.ask_for_more(clients.service, clients.adviser, client, score_id=score["id"])
    fields = {"result": "upheld", "note": "Told.", "last": stale.text.split('name="last" value="')[1].split('"')[0]}
    answer = manager.send_form(page, fields, to=page)
    assert answer.status_code == 409
    assert f'href="{page}"' in answer.text
    text = manager.get(page).text
    assert "What holds now" in text
    assert "Support from now on" not in text


def test_a_client_who_objected_since_is_answered_without_a_band(clients: Clients, manager: Client) -> None:
    review = clients["review_objected"]
    page = f"/reviews/{review}"
    assert "Support from now on" not in manager.get(page).text
    manager.send_form(page, {"result": "changed", "note": "Agreed by talking."}, to=page)
    assert found(clients, review) == ("closed", "changed")


def test_a_request_that_waits_too_long_says_so(
    shared_live: Live, shared_clock: Clock, clients: Clients, manager: Client
) -> None:
    _, review = asked(clients)
    assert "Overdue" not in manager.get(f"/reviews/{review}").text
    shared_clock.move(days=20)
    later = shared_live.client("manager")
    assert "Overdue" in later.get("/reviews").text
    assert "Overdue" in later.get(f"/reviews/{review}").text


def test_a_second_request_waits_for_the_first(clients: Clients, shared_live: Live) -> None:
    client, review = asked(clients)
    adviser = shared_live.client("adviser")
    page = adviser.get(f"/clients/{client}/review").text
    assert f'href="/reviews/{review}"' in page
    assert "Record the request" not in page


def test_another_office_sees_no_request(clients: Clients, shared_live: Live) -> None:
    _, review = asked(clients)
    other = shared_live.client("other_adviser")
    assert other.get(f"/reviews/{review}").status_code == 404
    assert review not in other.get("/reviews").text
