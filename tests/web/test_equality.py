"""Can a client answer the equality questions in peace, and does nobody see the answers afterwards?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests.casework import ANSWERS, LEFT
from tests.web.browser import Keyboard, axe, picture, sideways, unseen
from tests.web.service import Live
from triage.casework import assessments, deciding, equality, interview, scoring
from triage.casework.equality_questions import load_equality
from triage.records.plain import parsed
from triage.records.tables import equality as kept

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., "Page"]
SAID = {"sex": "female", "ethnicity": "roma", "disability": "declined"}


def decided(live: Live, **more: object) -> str:
    """A client for whom a band was decided."""
    service, adviser = live.service, live.actor("adviser")
    row = assessments.start(service, adviser, held="in_person", context=LEFT, **more)  # type: ignore[arg-type]
    interview.save_answers(service, adviser, row["id"], ANSWERS)
    score = scoring.score(service, adviser, row["id"])
    deciding.confirm(service, adviser, row["id"], score_id=score["id"])
    return str(row["id"])


def stored(live: Live) -> list[dict[str, str]]:
    with live.service.database.read() as view:
        return [parsed(row["data"])["answers"] for row in view.all(sa.select(kept))]


def test_the_answers_are_kept_and_no_page_shows_them_again(live: Live) -> None:
    adviser, address = live.client("adviser"), f"/clients/{decided(live)}"
    assert "/equality" in adviser.get(f"{address}/actions").text
    done = adviser.send_form(f"{address}/equality", SAID)
    assert "kept apart from everything else" in done.text
    assert stored(live) == [SAID]
    for page in (address, f"{address}/actions", f"{address}/equality", f"{address}/result", f"{address}/sheet", "/"):
        assert not any(word in adviser.get(page).text for word in ("Roma", "roma", "Female")), page


def test_the_questions_are_asked_once(live: Live) -> None:
    adviser, address = live.client("adviser"), f"/clients/{decided(live)}/equality"
    page = adviser.get(address)
    adviser.send_form(address, SAID)
    assert "asked once" in adviser.get(address).text
    token = page.text.split('name="csrf" value="')[1].split('"')[0]
    again = adviser.post(address, data={"csrf": token, "sex": "male"})
    assert again.status_code == 422
    assert stored(live) == [SAID]


def test_a_client_who_does_not_want_to_answer_leaves_nothing_behind(live: Live) -> None:
    adviser, address = live.client("adviser"), f"/clients/{decided(live)}"
    done = adviser.send_form(f"{address}/equality", {"sex": "male", "then": "decline"})
    assert "does not want to answer" in done.text
    assert stored(live) == []
    assert "/equality" not in adviser.get(f"{address}/actions").text


def test_an_empty_form_says_what_to_do(live: Live) -> None:
    adviser, address = live.client("adviser"), f"/clients/{decided(live)}/equality"
    page = adviser.send_form(address, {})
    assert page.status_code == 422
    assert 'href="#sex"' in page.text
    assert stored(live) == []


def test_an_invented_client_is_never_asked(live: Live) -> None:
    adviser, address = live.client("adviser"), f"/clients/{decided(live, practice=True)}"
    assert "never of an invented client" in adviser.get(f"{address}/equality").text
    assert "/equality" not in adviser.get(f"{address}/actions").text


def test_another_office_cannot_even_see_the_page(live: Live) -> None:
    assert live.client("other_adviser").get(f"/clients/{decided(live)}/equality").status_code == 404


def test_the_figures_wait_for_enough_people(live: Live) -> None:
    equality.record(live.service, live.actor("adviser"), decided(live), SAID)
    for who in ("manager", "analyst"):
        assert "nothing to tell yet" in live.client(who).get("/figures/equality").text


@pytest.fixture
def counted(live: Live) -> Live:
    """Many answers, of a month that is over."""
    service, adviser = live.service, live.actor("adviser")
    for number in range(28):
        said = {"disability": "not_limited", "age_group": "from_45"} if number < 12 else {}
        given = {"sex": "female" if number < 16 else "male", "ethnicity": "white_scottish", **said}
        equality.record(service, adviser, decided(live), given)
    with service.database.engine.begin() as connection:
        connection.execute(sa.update(kept).values(month="2026-01"))
    return live


def test_figures_say_what_they_may_and_no_more(counted: Live) -> None:
    page = counted.client("analyst").get("/figures/equality").text
    assert "28 people answered until the end of January 2026" in page
    assert "too few answers to tell anything" in page
    assert ">16<" in page
    # To show the 12 beside them would tell that nobody is left.
    assert ">12<" not in page
    assert "Other British" not in page


def test_the_pages_are_accessible_in_every_state(counted: Live, visit: Visit) -> None:
    address = f"/clients/{decided(counted)}/equality"
    page = visit("adviser")
    found = {}
    page.goto(address)
    found["equality-questions"] = axe(page) + sideways(page) + unseen(Keyboard(page).walk())
    picture(page, "equality-questions")
    page.get_by_role("button", name="Save the answers").click()
    assert page.title().startswith("Error: ")
    found["equality-problem"] = axe(page) + sideways(page)
    picture(page, "equality-problem")
    page.get_by_label("Female").check()
    page.get_by_role("button", name="Save the answers").click()
    page.goto(address)
    found["equality-asked"] = axe(page) + sideways(page)
    picture(page, "equality-asked")
    manager = visit("manager")
    manager.goto("/figures/equality")
    found["equality-counts"] = axe(manager) + sideways(manager)
    picture(manager, "equality-counts")
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_the_questions_are_answered_without_scripts_by_keyboard(live: Live, visit: Visit) -> None:
    page = visit("adviser", script=False)
    page.goto(f"/clients/{decided(live)}/equality")
    page.get_by_label("Female").focus()
    page.keyboard.press("Space")
    page.get_by_role("group", name="White").get_by_label("Polish").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save the answers").press("Enter")
    page.get_by_text("kept apart from everything else").wait_for()
    assert stored(live) == [{"sex": "female", "ethnicity": "white_polish"}]


def test_each_question_can_be_left_out(live: Live) -> None:
    page = live.client("adviser").get(f"/clients/{decided(live)}/equality").text
    assert page.count('value="declined"') == len(load_equality().questions)
