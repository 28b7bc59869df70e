"""Can an adviser hold a whole interview: by mouse, by keyboard, on a phone, without scripts, with a break in it?"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.databases import both
from tests.web.browser import sideways
from tests.web.interviews import SAVE, Hands, Mouse, button, client_of, hold
from tests.web.service import PASSWORD, Clock, Live
from tests.web.states import ENOUGH, FEW, LEFT, NOTICE, Clients
from triage.casework import actions, assessments, deciding, interview, passwords, scoring
from triage.records.actor import SYSTEM

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]


def finish(page: Page) -> None:
    """From the check of the answers to an agreed action."""
    button(page, "See the result")
    page.get_by_label("Confirm:").check()
    button(page, "Save the decision")
    page.get_by_role("combobox", name="Service").select_option(index=1)
    page.get_by_label("Who does it").fill("The adviser")
    for part, text in (("Day", "7"), ("Month", "12"), ("Year", "2026")):
        page.get_by_label(part, exact=True).fill(text)
    button(page, "Agree this")


def check_records(live: Live, client: str) -> None:
    """Every question was answered, one decision was taken, one action agreed."""
    service, adviser = live.service, live.actor("adviser")
    kept = interview.answers_of(service, adviser, client)
    wanted = {question.id for question in service.engines.now.checklist.questions if question.interview}
    assert {name for name, answer in kept.items() if answer.state == "answered"} == wanted
    assert [record.action for record in deciding.history(service, adviser, client)] == ["confirm"]
    assert [action["state"] for action in actions.of(service, adviser, client)] == ["agreed"]


def check_order(live: Live, asked: list[str]) -> None:
    """Each question once; what matters most first, what is sensitive last."""
    engine = live.service.engines.now
    assert asked[0] == engine.score({**LEFT}, on=live.service.today).next_question
    assert len(set(asked)) == len(asked)
    later = [engine.checklist.question(name).sensitivity in ("special_category", "attitude") for name in asked]
    assert later == sorted(later)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="wide"),
        pytest.param({"size": (320, 800)}, id="narrow", marks=pytest.mark.slow),
        pytest.param({"size": (320, 256), "script": False}, id="zoomed-no-script", marks=pytest.mark.slow),
    ],
)
def test_a_whole_interview_by_mouse(shared_live: Live, visit_shared: Visit, options: dict[str, object]) -> None:
    page = visit_shared("adviser", **options)
    mouse = Mouse(page)
    mouse.begin()
    mouse.all_questions()
    client = client_of(page)
    check_order(shared_live, mouse.asked)
    # The figures of the guide: pages until the answers are checked, and clicks.
    assert (mouse.pages, mouse.clicks) == (len(mouse.asked) + 3, 2 * len(mouse.asked) + 5)
    finish(page)
    check_records(shared_live, client)
    assert "The action is agreed." in page.get_by_role("status").inner_text()
    if options.get("size"):
        assert sideways(page) == []


@both
def test_a_whole_interview_on_both_databases(live: Live) -> None:
    adviser = live.client("adviser")
    client = hold(adviser)
    page = f"/clients/{client}"
    adviser.send_form(f"{page}/check", {}, to=f"{page}/score")
    adviser.send_form(f"{page}/result", {"decision": "confirm"}, to=f"{page}/decision")
    due = {"due-day": "7", "due-month": "12", "due-year": str(live.service.today.year + 1)}
    adviser.send_form(f"{page}/actions", {**due, "service": "money", "who": "The adviser"}, to=f"{page}/actions")
    check_records(live, client)
    assert adviser.get(page).status_code == 200


@pytest.mark.slow
def test_a_whole_interview_with_the_keyboard_alone(shared_live: Live, visit_shared: Visit) -> None:
    page = visit_shared("adviser")
    page.goto("/")
    hands = Hands(page)
    hands.go("Start an interview")
    hands.choose("In person", "By telephone")
    hands.go("Go on")
    hands.go("I have told the client: go on")
    hands.choose("My job is at risk", "My job has ended")
    for part, text in (("Day", "29"), ("Month", "5"), ("Year", "2026")):
        hands.type(part, text)
    hands.go("Go on to the questions")
    while "/questions/" in page.url:
        hands.answer()
    client = client_of(page)
    hands.go("See the result")
    hands.choose(page.get_by_label("Confirm:").evaluate("el => el.labels[0].innerText"), "Confirm: PACE support")
    hands.go("Save the decision")
    hands.keys.to("Service")
    hands.keys.press("ArrowDown")
    hands.type("Who does it", "The adviser")
    for part, text in (("Day", "7"), ("Month", "12"), ("Year", "2026")):
        hands.type(part, text)
    hands.go("Agree this")
    check_records(shared_live, client)


def test_the_back_link_goes_through_the_answers_to_the_beginning(clients: Clients, visit_shared: Visit) -> None:
    client = clients.start()
    page = visit_shared("adviser")
    page.goto(f"/clients/{client}/next")
    mouse = Mouse(page)
    for _ in range(3):
        mouse.answer()
    seen = []
    while "/questions/" in page.url:
        seen.append(page.url.rpartition("/")[2])
        page.get_by_role("link", name="Back", exact=True).click()
    assert seen[1:] == mouse.asked[::-1]
    assert page.url.endswith(f"/clients/{client}/job")


def test_the_browser_s_back_button_shows_the_answer_and_it_can_be_changed(
    shared_live: Live, clients: Clients, visit_shared: Visit
) -> None:
    client = clients.start()
    page = visit_shared("adviser")
    page.goto(f"/clients/{client}/questions/vehicle")
    page.get_by_label("Yes", exact=True).check()
    button(page, SAVE)
    page.go_back()
    assert page.get_by_label("Yes", exact=True).is_checked()
    page.get_by_label("No", exact=True).check()
    button(page, SAVE)
    kept = interview.answers_of(shared_live.service, shared_live.actor("adviser"), client)
    assert {name: answer.value for name, answer in kept.items()} == {"vehicle": "no"}


def test_declined_left_out_and_not_asked_are_kept_apart(
    shared_live: Live, clients: Clients, visit_shared: Visit
) -> None:
    client = clients.start()
    page = visit_shared("adviser")
    for question, choose, press in (
        ("vehicle", "Prefer not to say", SAVE),
        ("age", "", "Prefer not to say"),
        ("area", "", "Prefer not to say"),
        ("household", "", "Leave it out"),
    ):
        page.goto(f"/clients/{client}/questions/{question}")
        if choose:
            page.get_by_label(choose, exact=True).check()
        button(page, press)
    kept = interview.answers_of(shared_live.service, shared_live.actor("adviser"), client)
    states = {name: answer.state for name, answer in kept.items()}
    assert states == {"vehicle": "declined", "age": "declined", "area": "declined", "household": "not_asked"}
    page.goto(f"/clients/{client}/check")
    rows = page.locator(".ds_summary-list__item")
    assert "Prefer not to say" in rows.filter(has_text="Age").inner_text()
    assert page.get_by_role("link", name="Who else lives at home").count() == 1


def test_an_interview_can_be_left_and_taken_up_again(clients: Clients, visit_shared: Visit) -> None:
    client = clients.start(NOTICE)
    page = visit_shared("adviser")
    page.goto(f"/clients/{client}/questions/age")
    page.get_by_label("How old are you?").fill("44")
    button(page, "Save and come back later")
    assert "Saved." in page.get_by_role("status").inner_text()
    page.goto("/")
    reference = assessments.find(clients.service, clients.adviser, client)["reference"]
    page.get_by_role("link", name=reference).click()
    assert "1 of about 13 questions asked." in page.locator("main").inner_text()
    page.get_by_role("link", name="Go on with the questions").click()
    assert "Question 2 of about 13" in page.locator("main").inner_text()


def test_it_is_said_when_enough_is_known_and_the_adviser_may_stop(
    shared_live: Live, clients: Clients, visit_shared: Visit
) -> None:
    few, enough = clients.start(given=FEW), clients.start(given=ENOUGH)
    said = shared_live.service.engines.now.words.wording.notes.enough_known
    page = visit_shared("adviser")
    page.goto(f"/clients/{few}/next")
    assert said not in page.locator("main").inner_text()
    page.goto(f"/clients/{enough}/next")
    assert said in page.locator("main").inner_text()
    button(page, "Stop here and check the answers")
    assert page.url.endswith("/check")
    assert assessments.find(clients.service, clients.adviser, enough)["stopped"]
    button(page, "See the result")
    assert "Proposed support" in page.get_by_role("heading", level=1).inner_text()


def test_a_change_from_the_check_comes_back_to_the_check(clients: Clients, visit_shared: Visit) -> None:
    client = clients.start(given=ENOUGH)
    page = visit_shared("adviser")
    page.goto(f"/clients/{client}/check")
    page.get_by_role("link", name=re.compile("Change.*Age")).click()
    page.get_by_label("How old are you?").fill("61")
    button(page, SAVE)
    assert page.url.endswith("/check")
    assert "61 years" in page.locator("main").inner_text()
    page.get_by_role("link", name=re.compile("Change.*Last day of the job")).click()
    page.get_by_label("Month", exact=True).fill("13")
    button(page, "Save")
    assert "There is no such day" in page.locator("#error-summary").inner_text()
    assert page.get_by_label("Month", exact=True).input_value() == "13"
    page.get_by_label("Month", exact=True).fill("4")
    button(page, "Save")
    assert "29 April 2026" in page.locator("main").inner_text()


def test_a_session_that_ends_in_the_middle_loses_no_answer(
    shared_live: Live, shared_clock: Clock, clients: Clients, visit_shared: Visit
) -> None:
    passwords.set_password(shared_live.service, SYSTEM, shared_live.accounts["adviser"]["id"], PASSWORD)
    client = clients.start()
    page = visit_shared("adviser")
    page.goto(f"/clients/{client}/questions/age")
    page.get_by_label("How old are you?").fill("57")
    shared_clock.move(minutes=31)
    button(page, SAVE)
    assert "what you had just typed is kept" in page.locator("main").inner_text()
    assert interview.answers_of(shared_live.service, shared_live.actor("adviser"), client) == {}
    # Somebody else who signs in at the same machine is not shown it.
    colleague = visit_shared("second_adviser")
    colleague.goto("/resume")
    assert colleague.get_by_role("heading", level=1).inner_text() == "Your work"
    page.get_by_label("User name").fill("adviser")
    page.get_by_label("Password").fill(PASSWORD)
    button(page, "Sign in")
    assert "How old are you?" in page.locator("main").inner_text()
    button(page, "Save it now")
    assert "/questions/" in page.url
    kept = interview.answers_of(shared_live.service, shared_live.actor("adviser"), client)
    assert {name: answer.value for name, answer in kept.items()} == {"age": 57.0}
    page.goto("/resume")
    assert page.get_by_role("heading", level=1).inner_text() == "Your work"


def test_a_client_may_object_in_the_middle_and_keeps_every_service(
    shared_live: Live, clients: Clients, visit_shared: Visit
) -> None:
    client = clients.start(given=ENOUGH)
    page = visit_shared("adviser")
    page.goto(f"/clients/{client}/next")
    page.get_by_role("link", name="The client does not want to be scored").click()
    button(page, "Record the objection")
    assert page.get_by_role("combobox", name="Service").is_visible()
    page.goto(f"/clients/{client}/check")
    assert page.get_by_role("button", name="See the result").count() == 0
    page.goto(f"/clients/{client}/result")
    assert page.url.endswith(f"/clients/{client}")
    page.get_by_role("link", name="The client no longer objects to being scored").click()
    button(page, "Take the objection back")
    service = shared_live.service
    assert assessments.find(service, clients.adviser, client)["state"] == "open"
    assert scoring.history(service, clients.adviser, client) == []


def test_practice_is_kept_apart(shared_live: Live, visit_shared: Visit) -> None:
    page = visit_shared("adviser")
    page.goto("/")
    button(page, "Go to practice mode")
    page.get_by_role("link", name="Start a practice interview").click()
    button(page, "Go on")
    client = client_of(page)
    assert page.get_by_role("region", name="Practice mode").is_visible()
    page.goto("/")
    links = f'a[href="/clients/{client}"]'
    assert page.locator(links).count() == 1
    button(page, "Leave practice mode")
    assert page.locator(links).count() == 0
    page.goto(f"/clients/{client}")
    assert page.get_by_role("region", name="Practice mode").is_visible()
