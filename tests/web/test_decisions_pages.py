"""Can an adviser decide, agree what happens next and follow it up, and is nothing decided twice or past somebody?"""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.web.browser import axe, picture
from tests.web.interviews import button
from tests.web.service import PASSWORD, Client, Clock, Live, hidden
from tests.web.states import ANSWERS, ENOUGH, HEAVY, Clients
from triage.casework import actions, assessments, deciding, outcomes, passwords
from triage.records.actor import SYSTEM

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]


def decide(adviser: Client, client: str, **fields: str) -> int:
    """Send the decision form of the result page."""
    page = f"/clients/{client}"
    return adviser.send_form(f"{page}/result", dict(fields), to=f"{page}/decision").status_code


def steps(clients: Clients, client: str) -> list[tuple[str, str | None, str]]:
    """What was decided: the step, the band, the reason."""
    history = deciding.history(clients.service, clients.adviser, client)
    return [(record.action, record.band, record.reason) for record in history]


def test_a_proposal_is_confirmed_or_changed_up_and_down_with_a_reason(adviser: Client, clients: Clients) -> None:
    client, _ = clients.scored(given=HEAVY)
    assert decide(adviser, client, decision="confirm", note="Agreed together.") == 200
    assert steps(clients, client) == [("confirm", "intensive", "")]
    assert deciding.history(clients.service, clients.adviser, client)[0].by == clients.adviser.name
    down, _ = clients.scored(given=HEAVY)
    assert decide(adviser, down, decision="standard", reason="not_on_checklist", note="A job starts in May.") == 200
    up, _ = clients.scored(given=ENOUGH)
    assert decide(adviser, up, decision="intensive", reason="several_complex_needs") == 200
    assert steps(clients, down) == [("override", "standard", "not_on_checklist")]
    assert steps(clients, up) == [("override", "intensive", "several_complex_needs")]


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({}, "decision", "Choose the support to offer."),
        ({"decision": "intensive"}, "reason", "Choose a reason"),
        ({"decision": "intensive", "reason": "nonsense"}, "reason", "Choose a reason"),
        ({"decision": "intensive", "reason": "other"}, "note", "Say what it is."),
        ({"decision": "standard", "reason": "several_complex_needs"}, "reason", "for more support"),
        ({"decision": "intensive", "reason": "client_asked_for_more"}, "decision", "the next band up, and no other"),
        ({"decision": "the moon", "reason": "several_complex_needs"}, "decision", "one of the kinds of support"),
        ({"decision": "confirm", "note": "x" * 2001}, "note", "too long"),
    ],
)
def test_what_is_wrong_with_a_decision_is_said_at_its_field_and_nothing_is_lost(
    fields: dict[str, str], field: str, said: str, adviser: Client, clients: Clients
) -> None:
    given = {**HEAVY, "age": 30} if fields.get("decision") == "standard" else ANSWERS
    client, _ = clients.scored(given=given)
    page = f"/clients/{client}"
    answer = adviser.send_form(f"{page}/result", fields, to=f"{page}/decision")
    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text
    assert f'href="#{field}"' in answer.text
    assert said in answer.text
    assert "Error: " in answer.text[: answer.text.index("</title>")]
    assert fields.get("note", "") in answer.text
    if fields.get("decision") in ("intensive", "standard", "confirm"):
        assert re.search(rf'value="{fields["decision"]}"[^>]* checked', answer.text)
    assert steps(clients, client) == []


def test_a_client_who_asks_gets_the_next_support_up_and_that_is_said(adviser: Client, clients: Clients) -> None:
    client, _ = clients.scored(given=ENOUGH)
    page = adviser.get(f"/clients/{client}/result").text
    assert "The client asks for more: PACE support plus a check-in" in page
    assert decide(adviser, client, decision="ask") == 200
    assert decide(adviser, client, decision="ask") == 200
    assert [band for _, band, _ in steps(clients, client)] == ["enhanced", "intensive"]
    assert "The client asks for more" not in adviser.get(f"/clients/{client}/result").text


def test_a_decision_is_taken_back_and_the_proposal_stands_again(adviser: Client, clients: Clients) -> None:
    client = clients["confirmed"]
    answer = adviser.send_form(f"/clients/{client}/result", {}, to=f"/clients/{client}/withdraw")
    assert "The decision is taken back." in answer.text
    assert "Save the decision" in answer.text
    assert [step for step, _, _ in steps(clients, client)] == ["confirm", "withdraw"]


def test_a_claim_counts_once_the_person_that_it_names_accepts_it(adviser: Client, clients: Clients) -> None:
    other, own = clients["claimed_by_another"], clients["claimed"]
    assert "Accept it" not in adviser.get(f"/clients/{other}/result").text
    forced = adviser.send_form(f"/clients/{other}/result", {"then": "accept"}, to=f"/clients/{other}/claim")
    assert forced.status_code == 422
    assert "Only the person whom the claim names can accept it." in forced.text
    adviser.send_form(f"/clients/{other}/result", {"then": "refuse"}, to=f"/clients/{other}/claim")
    adviser.send_form(f"/clients/{own}/result", {"then": "accept"}, to=f"/clients/{own}/claim")
    assert [step for step, _, _ in steps(clients, other)] == ["claim", "refuse"]
    assert [step for step, _, _ in steps(clients, own)] == ["claim", "accept"]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_double_click_on_save_takes_one_decision(clients: Clients, visit_shared: Visit, script: bool) -> None:
    client, _ = clients.scored(given=ANSWERS)
    page = visit_shared("adviser", script=script)
    page.goto(f"/clients/{client}/result")
    page.get_by_label("Confirm:").check()
    page.get_by_role("button", name="Save the decision").dblclick()
    # The second click may end the first one's way to the next page, so wait for the page and for no navigation.
    page.get_by_role("heading", name="Agreed actions").wait_for()
    assert [step for step, _, _ in steps(clients, client)] == ["confirm"]


def test_one_form_sent_many_times_at_once_takes_one_decision(shared_live: Live, clients: Clients) -> None:
    client, _ = clients.scored(given=ANSWERS)
    senders = [shared_live.client("adviser") for _ in range(4)]
    cookie = senders[0].cookies["session"]
    for sender in senders:
        sender.cookies.clear()
        sender.cookies.set("session", cookie, domain="127.0.0.1", path="/")
    address = f"/clients/{client}/decision"
    form = {**hidden(senders[0].get(f"/clients/{client}/result").text, address), "decision": "confirm"}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda sender: sender.post(address, data=form).status_code, senders))
    assert answers == [200] * 4
    assert [step for step, _, _ in steps(clients, client)] == ["confirm"]


def test_of_two_advisers_the_second_sees_what_happened_and_a_way_on(clients: Clients, visit_shared: Visit) -> None:
    client, _ = clients.scored(given=ANSWERS)
    first, second = visit_shared("adviser"), visit_shared("second_adviser")
    for page in (first, second):
        page.goto(f"/clients/{client}/result")
        page.get_by_label("Confirm:").check()
    button(first, "Save the decision")
    button(second, "Save the decision")
    assert second.get_by_role("heading", level=1).inner_text() == "Something has changed"
    assert "A decision was recorded in the meantime." in second.locator("main").inner_text()
    assert axe(second) == []
    picture(second, "decision-meanwhile")
    second.get_by_role("link", name="Look at the client's record").click()
    assert "Test adviser" in second.get_by_role("table").inner_text()
    assert [step for step, _, _ in steps(clients, client)] == ["confirm"]


def test_the_back_button_after_a_decision_shows_the_decision(clients: Clients, visit_shared: Visit) -> None:
    client, _ = clients.scored(given=ANSWERS)
    page = visit_shared("adviser")
    page.goto(f"/clients/{client}/result")
    page.get_by_label("Confirm:").check()
    button(page, "Save the decision")
    page.go_back()
    assert page.get_by_role("button", name="Save the decision").count() == 0
    assert "Confirmed: PACE support" in page.get_by_role("region", name="Your decision").inner_text()
    assert [step for step, _, _ in steps(clients, client)] == ["confirm"]


def test_a_decision_that_was_sent_too_late_waits_for_its_owner(
    shared_live: Live, shared_clock: Clock, clients: Clients
) -> None:
    passwords.set_password(shared_live.service, SYSTEM, shared_live.accounts["adviser"]["id"], PASSWORD)
    client, _ = clients.scored(given=ANSWERS)
    adviser, page = shared_live.client("adviser"), f"/clients/{client}"
    form = hidden(adviser.get(f"{page}/result").text, f"{page}/decision")
    shared_clock.move(minutes=40)
    late = adviser.post(f"{page}/decision", data={**form, "decision": "confirm", "note": "Agreed together."})
    assert late.url.path == "/sign-in"
    assert steps(clients, client) == []
    back = adviser.post("/sign-in", data={**hidden(late.text), "username": "adviser", "password": PASSWORD})
    assert back.url.path == "/resume"
    done = adviser.post(f"{page}/decision", data=hidden(back.text, f"{page}/decision"))
    assert done.url.path == f"{page}/actions"
    assert deciding.history(clients.service, clients.adviser, client)[0].note == "Agreed together."


def test_an_action_goes_its_way_and_stands_in_the_work_queue(
    adviser: Client, shared_live: Live, clients: Clients
) -> None:
    client = clients["overridden"]
    page, due = f"/clients/{client}/actions", clients.service.today + timedelta(days=3)
    fields = {"service": "money", "partner": "icas", "due-day": f"{due.day}", "due-month": f"{due.month}"}
    made = adviser.send_form(page, {**fields, "due-year": f"{due.year}"}, to=page)
    assert "The action is agreed." in made.text
    action = actions.of(clients.service, clients.adviser, client)[0]
    reference = assessments.find(clients.service, clients.adviser, client)["reference"]
    assert reference in adviser.get("/").text
    assert reference not in shared_live.client("second_adviser").get("/").text
    assert reference in shared_live.client("second_adviser").get("/?all=yes").text
    for state in ("referred", "accepted", "started", "finished"):
        adviser.send_form(page, {"state": state}, to=f"{page}/{action['id']}")
        assert actions.find(clients.service, clients.adviser, action["id"])["state"] == state
    backwards = adviser.send_form(page, {"state": "referred"}, to=f"{page}/{action['id']}")
    assert backwards.status_code == 422
    assert reference not in adviser.get("/").text


def test_an_action_that_is_late_says_so(shared_live: Live, shared_clock: Clock, clients: Clients) -> None:
    page = f"/clients/{clients['agreed']}/actions"
    assert "Overdue" not in shared_live.client("adviser").get(page).text
    shared_clock.move(days=1)
    assert "Overdue" in shared_live.client("adviser").get(page).text


def test_an_action_of_one_client_is_not_changed_from_the_page_of_another(adviser: Client, clients: Clients) -> None:
    action = actions.of(clients.service, clients.adviser, clients["agreed"])[0]
    page = f"/clients/{clients['confirmed']}/actions"
    answer = adviser.send_form(page, {"state": "finished"}, to=f"{page}/{action['id']}")
    assert answer.status_code == 404
    assert actions.find(clients.service, clients.adviser, action["id"])["state"] == action["state"]


def test_a_colleague_takes_a_client_over_and_sees_whose_it_was(shared_live: Live, clients: Clients) -> None:
    client = clients.start()
    second = shared_live.client("second_adviser")
    reference = assessments.find(clients.service, clients.adviser, client)["reference"]
    page = second.get(f"/clients/{client}").text
    assert "Test adviser" in page
    assert reference not in second.get("/").text
    taken = second.send_form(f"/clients/{client}", {}, to=f"/clients/{client}/take-over")
    assert "You look after this client now." in taken.text
    assert "Take this client over" not in taken.text
    assert reference in second.get("/").text


def test_what_became_of_a_client_is_recorded_and_taken_back(adviser: Client, clients: Clients) -> None:
    client = clients["closed"]
    page = f"/clients/{client}"
    fields = {"kind": "paid_work", "weeks": "12", "source": "client", "known_on-day": "23", "known_on-month": "11"}
    wrong = adviser.send_form(page, {**fields, "known_on-year": "2026", "weeks": "90"}, to=f"{page}/outcomes")
    assert wrong.status_code == 422
    assert 'id="error-weeks"' in wrong.text
    adviser.send_form(page, {**fields, "known_on-year": "2026"}, to=f"{page}/outcomes")
    made = outcomes.of(clients.service, clients.adviser, client)
    assert [(row["kind"], row["weeks"]) for row in made] == [("paid_work", 12)]
    other = adviser.send_form(page, {}, to=f"/clients/{clients['confirmed']}/outcomes/{made[0]['id']}")
    assert other.status_code == 404
    adviser.send_form(page, {}, to=f"{page}/outcomes/{made[0]['id']}")
    assert outcomes.of(clients.service, clients.adviser, client)[0]["taken_back_at"]


def test_a_record_is_closed_with_a_reason_and_opened_again_where_it_stood(adviser: Client, clients: Clients) -> None:
    client = clients["clear"]
    page = f"/clients/{client}"
    assert "Choose why the record is closed." in adviser.send_form(page, {}, to=f"{page}/close").text
    adviser.send_form(page, {"why": "moved_away"}, to=f"{page}/close")
    assert assessments.find(clients.service, clients.adviser, client)["state"] == "closed"
    assert "Save the decision" not in adviser.get(f"{page}/result").text
    adviser.send_form(page, {"then": "reopen"}, to=f"{page}/close")
    assert assessments.find(clients.service, clients.adviser, client)["state"] == "scored"
