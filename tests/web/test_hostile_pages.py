"""Does anything that a person types run, leak, break a page, or reach another office's client?"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from fastapi.routing import APIRoute

from tests.web.service import Client, Live, hidden
from tests.web.states import ANSWERS, Clients
from tests.web.test_permissions import ROUTES
from triage.casework import actions, assessments, deciding, interview, outcomes
from triage.web.security.permissions import RULES

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
SCRIPT = "<script>document.title='hacked'</script><img src=x onerror=\"document.title='hacked'\">'\"&{{7*7}}${7*7}"
#: Pages of a client that show what was typed.
SHOWN = ("", "/result", "/print", "/sheet", "/actions", "/check", "/review")
OF_A_CLIENT = [route for route in ROUTES if re.search(r"{(assessment|review)}", route.path) and RULES[route.name].roles]


def test_scripts_in_notes_and_references_are_text(
    shared_live: Live, adviser: Client, clients: Clients, visit_shared: Visit
) -> None:
    made = adviser.send_form(
        "/clients/new", {"held": "in_person", "client_reference": "<b>7</b>{{7*7}}", "language": SCRIPT[:40]}
    )
    client = made.url.path.split("/")[2]
    interview.save_answers(clients.service, clients.adviser, client, {**ANSWERS})
    page = f"/clients/{client}"
    adviser.send_form(f"{page}/check", {}, to=f"{page}/score")
    fields = {"decision": "intensive", "reason": "other", "note": SCRIPT}
    adviser.send_form(f"{page}/result", fields, to=f"{page}/decision")
    fields = {"service": "other", "who": SCRIPT, "note": SCRIPT, "due-day": "1", "due-month": "12", "due-year": "2027"}
    adviser.send_form(f"{page}/actions", fields, to=f"{page}/actions")
    adviser.send_form(f"{page}/review", {"why": SCRIPT})
    browser = visit_shared("adviser")
    for address in (*(page + end for end in SHOWN), "/", "/reviews"):
        browser.goto(address)
        assert "hacked" not in browser.title(), address
        assert browser.locator("main img, main script").count() == 0, address
        assert "49" not in browser.locator("main").inner_text().replace("49 in 100", ""), address
    browser.goto(page)
    assert SCRIPT in browser.locator("main").inner_text()


@pytest.mark.parametrize("text", ["x" * 200_000, "a\u202eb", "bell\u0007"], ids=["long", "turning", "control"])
def test_texts_that_cannot_be_kept_are_refused_at_their_field(text: str, adviser: Client, clients: Clients) -> None:
    client, _ = clients.scored(given=ANSWERS)
    page = f"/clients/{client}"
    fields = {"decision": "intensive", "reason": "other", "note": text}
    answer = adviser.send_form(f"{page}/result", fields, to=f"{page}/decision")
    assert answer.status_code == 422
    assert 'id="error-note"' in answer.text
    assert deciding.history(clients.service, clients.adviser, client) == []


@pytest.mark.parametrize(
    "text",
    [
        "' OR '1'='1",
        "x'; DROP TABLE assessments; --",
        "%",
        "_",
        "*",
        "\\",
        "K7QM-2XRD' UNION SELECT * FROM accounts --",
    ],
)
def test_sql_in_the_search_finds_nothing_and_harms_nothing(text: str, adviser: Client, clients: Clients) -> None:
    client = clients["begun"]
    answer = adviser.send_form("/clients/find", {"reference": text})
    assert answer.status_code == 200
    assert "Your office has no client with this reference." in answer.text
    assert assessments.find(clients.service, clients.adviser, client)["id"] == client


@pytest.mark.parametrize(
    "reference",
    ["Morag Example", "morag@example.org", "AB 12 34 56 C", "0131 496 0000", "010190 1234", "1/2/1990"],
)
def test_a_reference_that_says_who_somebody_is_is_refused_and_not_kept(reference: str, adviser: Client) -> None:
    answer = adviser.send_form("/clients/new", {"held": "phone", "client_reference": reference})
    assert answer.status_code == 422
    assert "must not say who somebody is" in answer.text
    found = adviser.send_form("/clients/find", {"reference": reference})
    assert "Your office has no client with this reference." in found.text


def ask(client: Client, route: APIRoute, ids: dict[str, str], token: str) -> int:
    """The status of a request to a route with these ids."""
    address = re.sub(r"{(\w+)}", lambda found: ids.get(found[1], "qualifications"), route.path)
    if "GET" in (route.methods or ()):
        return client.get(address).status_code
    form = {"csrf": token, "then": "next", "answer": "scqf_5", "state": "finished", "result": "upheld", "note": "x"}
    return client.post(address, data={**form, "decision": "confirm", "why": "other"}).status_code


def test_no_route_of_a_client_answers_another_office(shared_live: Live, clients: Clients) -> None:
    """Nor for an id that nobody has, nor for something that is no id: the answers are alike."""
    client = clients["agreed"]
    before = assessments.find(clients.service, clients.adviser, client)
    ids = {"assessment": client, "review": clients.ask(client)}
    ids["action"] = actions.of(clients.service, clients.adviser, client)[0]["id"]
    ids["outcome"] = outcomes.of(clients.service, clients.adviser, client)[0]["id"]
    other = shared_live.client("other_adviser")
    other.follow_redirects = False
    token = hidden(other.get("/clients/new").text)["csrf"]
    assert len(OF_A_CLIENT) > 30
    for given in (
        ids,
        dict.fromkeys(ids, "0" * 32),
        dict.fromkeys(ids, "..%2f..%2fetc"),
        dict.fromkeys(ids, "x" * 500),
    ):
        found = {route.name: ask(other, route, given, token) for route in OF_A_CLIENT}
        assert set(found.values()) == {404}, {name: status for name, status in found.items() if status != 404}
    assert assessments.find(clients.service, clients.adviser, client) == before


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("questions/qualifications", {"answer": "a degree from the moon"}),
        ("questions/qualifications", {"answer": "x" * 5000}),
        ("questions/age", {"answer": "abc"}),
        ("questions/age", {"answer": "9" * 5000}),
        ("questions/age", {"answer": "NaN"}),
        ("questions/area", {"answer": "Atlantis"}),
        ("job", {"redundancy_status": "abducted"}),
        ("job", {"job_ends-day": "9" * 5000, "job_ends-month": "1", "job_ends-year": "2026"}),
        ("job", {"job_ends-day": "1", "job_ends-month": "1", "job_ends-year": "1999"}),
        ("job", {"complex_needs": "perhaps"}),
        ("details", {"held": "by pigeon"}),
        ("again", {"why": "because"}),
        ("view", {"band": "the moon"}),
        ("actions", {"service": "magic", "who": "x", "due-day": "1", "due-month": "12", "due-year": "2027"}),
        ("actions", {"service": "money", "partner": "magic", "due-day": "1", "due-month": "12", "due-year": "2027"}),
        ("actions", {"service": "money", "who": "x", "due-day": "1", "due-month": "1", "due-year": "2020"}),
        ("review", {"why": "x" * 3000}),
    ],
)
def test_what_no_form_offers_is_refused_in_the_form(
    page: str, fields: dict[str, str], adviser: Client, clients: Clients
) -> None:
    client = clients.start()
    if page == "again":
        client = clients["confirmed"]
    address = f"/clients/{client}/{page}"
    answer = adviser.send_form(address, {**fields, "unknown": "field"}, to=address)
    assert answer.status_code == 422, answer.text
    assert 'id="error-summary"' in answer.text
    for target in re.findall(r'<li><a href="#([^"]+)">', answer.text):
        assert f'id="{target}"' in answer.text, f"the summary leads nowhere: {target}"


@pytest.mark.parametrize("version", ["abc", "-1", "9" * 5000, "1.5", ""])
def test_a_version_that_is_none_does_not_break_the_form(version: str, adviser: Client, clients: Clients) -> None:
    client = clients.start()
    address = f"/clients/{client}/details"
    answer = adviser.send_form(address, {"held": "video", "version": version}, to=address)
    assert answer.status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "abc", "9" * 50, "99"])
def test_a_page_number_that_is_none_shows_the_list(number: str, adviser: Client) -> None:
    assert adviser.get("/", params={"page": number, "all": "yes"}).status_code == 200


def test_questions_that_the_checklist_does_not_have_are_not_found(adviser: Client, clients: Clients) -> None:
    client = clients["nothing"]
    for name in ("nothing", "x" * 300, "age%00", "__class__", "..%2fage"):
        assert adviser.get(f"/clients/{client}/questions/{name}").status_code == 404, name


def test_no_address_and_no_log_holds_an_answer_or_a_name(
    adviser: Client, clients: Clients, caplog: pytest.LogCaptureFixture
) -> None:
    client = clients.start(client_reference="FK-9917")
    with caplog.at_level("DEBUG"):
        for name, value in (("age", "57"), ("qualifications", "scqf_5"), ("area", "S12000014")):
            address = f"/clients/{client}/questions/{name}"
            answer = adviser.send_form(address, {"answer": value, "then": "next"}, to=address)
            for sent in (*answer.history, answer):
                assert "scqf_5" not in str(sent.url)
                assert not sent.url.query
        adviser.send_form("/clients/find", {"reference": "FK-9917"})
    assert "FK-9917" not in caplog.text
    assert "scqf_5" not in caplog.text
