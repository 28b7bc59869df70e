"""Every page of casework and of signing in, in every state in which somebody can meet it: one table for all checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.web.service import Live
from tests.web.states import Clients
from triage.casework import suspension

if TYPE_CHECKING:
    from playwright.sync_api import Page


@dataclass(frozen=True)
class Shown:
    """One page in one state.

    Attributes:
        name: of its picture.
        route: that answers; of the form where one is sent.
        address: with the names of states of `Clients` in braces.
        who: looks at it; "" for nobody.
        fill: what is typed there, by the id of the field.
        press: the button that is pressed then.
        before: a state that must be there as well.
        suspended: scoring is turned off meanwhile.
    """

    name: str
    route: str
    address: str
    who: str = "adviser"
    fill: Mapping[str, str] = field(default_factory=dict)
    press: str = ""
    before: str = ""
    suspended: bool = False


SUSPENDED = "The yearly review is not done."
START = (
    Shown("home", "home", "/", before="agreed"),
    Shown("home-office", "home", "/?all=yes", who="second_adviser", before="crossing"),
    Shown("home-nothing", "home", "/", who="other_adviser"),
    Shown("home-practice", "practice_post", "/", press="Go to practice mode"),
    Shown("home-reviews", "home", "/", who="manager", before="review"),
    Shown("find", "find_client", "/clients/find"),
    Shown("find-error", "find_client_post", "/clients/find", press="Find"),
    Shown("find-nothing", "find_client_post", "/clients/find", fill={"reference": "K7QM-2XRD"}, press="Find"),
    Shown("find-several", "find_client_post", "/clients/find", fill={"reference": "FK-1"}, press="Find", before="two"),
    Shown("start", "new_client", "/clients/new"),
    Shown("start-error", "new_client_post", "/clients/new", fill={"client_reference": "Morag"}, press="Go on"),
    Shown("privacy", "client_privacy", "/clients/{new}/privacy"),
    Shown("job", "client_job", "/clients/{begun}/job"),
    Shown(
        "job-error", "client_job_post", "/clients/{new}/job", fill={"job_ends": "31"}, press="Go on to the questions"
    ),
    Shown("details", "client_details", "/clients/{new}/details"),
    Shown("details-error", "client_details_post", "/clients/{new}/details", fill={"language": "x" * 50}, press="Save"),
)
QUESTIONS = (
    Shown("question", "question", "/clients/{nothing}/questions/qualifications"),
    Shown("question-error", "question_post", "/clients/{nothing}/questions/qualifications", press="Save and go on"),
    Shown("question-number", "question", "/clients/{nothing}/questions/age"),
    Shown(
        "question-number-error",
        "question_post",
        "/clients/{nothing}/questions/age",
        fill={"answer": "570"},
        press="Save and go on",
    ),
    Shown("question-area", "question", "/clients/{nothing}/questions/area"),
    Shown("question-health", "question", "/clients/{nothing}/questions/disability"),
    Shown("question-attitude", "question", "/clients/{begun}/questions/confidence"),
    Shown("question-declined", "question", "/clients/{begun}/questions/age?from=check"),
    Shown("question-too-early", "question", "/clients/{begun}/questions/job_search"),
    Shown("question-enough", "question", "/clients/{enough}/questions/disability"),
    Shown("question-objected", "question", "/clients/{objected}/questions/vehicle"),
    Shown("question-suspended", "question", "/clients/{nothing}/questions/vehicle", suspended=True),
    Shown("question-decided", "question", "/clients/{confirmed}/questions/vehicle?from=check"),
    Shown("question-closed", "question", "/clients/{closed}/questions/vehicle"),
    Shown("check-nothing", "check_answers", "/clients/{nothing}/check"),
    Shown("check-begun", "check_answers", "/clients/{begun}/check"),
    Shown("check-enough", "check_answers", "/clients/{enough}/check"),
    Shown("check-all", "check_answers", "/clients/{all}/check"),
    Shown("check-too-early", "check_answers", "/clients/{early_answers}/check"),
    Shown("check-objected", "check_answers", "/clients/{objected}/check"),
    Shown("check-decided", "check_answers", "/clients/{confirmed}/check"),
    Shown("check-closed", "check_answers", "/clients/{closed}/check"),
    Shown("check-second-round", "check_answers", "/clients/{asked_again}/check"),
    Shown("check-suspended", "check_answers", "/clients/{begun}/check", suspended=True),
    Shown("view", "first_view", "/clients/{enough}/view"),
    Shown("view-error", "first_view_post", "/clients/{enough}/view", press="Note this and see the result"),
)
RESULTS = (
    Shown("result", "result", "/clients/{crossing}/result"),
    Shown("result-error", "decision_post", "/clients/{crossing}/result", press="Save the decision"),
    Shown("result-clear", "result", "/clients/{clear}/result"),
    Shown("result-heavy", "result", "/clients/{heavy}/result"),
    Shown("result-few", "result", "/clients/{few}/result"),
    Shown("result-has-job", "result", "/clients/{has_job}/result"),
    Shown("result-redeployed", "result", "/clients/{redeployed}/result"),
    Shown("result-outdated", "result", "/clients/{outdated}/result"),
    Shown("result-expired", "result", "/clients/{expired}/result"),
    Shown("result-other-versions", "result", "/clients/{other_versions}/result"),
    Shown("result-other-versions-decided", "result", "/clients/{other_versions_decided}/result"),
    Shown("result-claimed", "result", "/clients/{claimed}/result"),
    Shown("result-claimed-by-another", "result", "/clients/{claimed_by_another}/result"),
    Shown("result-confirmed", "result", "/clients/{confirmed}/result"),
    Shown("result-overridden", "result", "/clients/{overridden}/result"),
    Shown("result-withdrawn", "result", "/clients/{withdrawn}/result"),
    Shown("result-second-round", "result", "/clients/{rescored}/result"),
    Shown("result-closed", "result", "/clients/{closed}/result"),
    Shown("result-suspended", "result", "/clients/{outdated}/result", suspended=True),
    Shown("result-practice", "result", "/clients/{practice}/result"),
    Shown("score-while-suspended", "score_post", "/clients/{enough}/check", press="See the result", suspended=True),
    Shown("print", "print_result", "/clients/{overridden}/print"),
    Shown("sheet", "client_sheet", "/clients/{agreed}/sheet"),
    Shown("sheet-figure", "client_sheet", "/clients/{crossing}/sheet?figure=yes"),
    Shown("sheet-few", "client_sheet", "/clients/{few}/sheet"),
    Shown("sheet-objected", "client_sheet", "/clients/{objected_after}/sheet"),
    Shown("score-before", "earlier_score", "/clients/{asked_again}/scores/{score_before}"),
    Shown("changes", "changes", "/clients/{rescored}/changes"),
    Shown("changes-none", "changes", "/clients/{crossing}/changes"),
)
AFTER = (
    Shown("actions", "actions", "/clients/{agreed}/actions"),
    Shown("actions-nothing", "actions", "/clients/{confirmed}/actions"),
    Shown("actions-error", "actions_post", "/clients/{confirmed}/actions", press="Agree this"),
    Shown("actions-objected", "actions", "/clients/{objected}/actions"),
    Shown("actions-closed", "actions", "/clients/{closed}/actions"),
    Shown("record-new", "client", "/clients/{new}"),
    Shown("record-open", "client", "/clients/{begun}"),
    Shown("record-scored", "client", "/clients/{crossing}"),
    Shown("record-decided", "client", "/clients/{agreed}"),
    Shown("record-second-round", "client", "/clients/{asked_again}"),
    Shown("record-objected", "client", "/clients/{objected_after}"),
    Shown("record-closed", "client", "/clients/{closed}"),
    Shown("record-of-a-colleague", "client", "/clients/{crossing}", who="second_adviser"),
    Shown("record-elsewhere", "client", "/clients/{crossing}", who="other_adviser"),
    Shown("record-close-error", "close_post", "/clients/{confirmed}", press="Close the record"),
    Shown("record-outcome-error", "outcome_post", "/clients/{confirmed}", press="Save what became of them"),
    Shown("objection", "objection", "/clients/{crossing}/objection"),
    Shown("objection-back", "objection", "/clients/{objected}/objection"),
    Shown("again", "ask_again", "/clients/{confirmed}/again"),
    Shown("again-error", "ask_again_post", "/clients/{confirmed}/again", press="Go on"),
    Shown("review-ask", "ask_review", "/clients/{confirmed}/review"),
    Shown("review-asked", "ask_review", "/clients/{asked_review}/review"),
    Shown("reviews", "reviews", "/reviews", before="review"),
    Shown("reviews-none", "reviews", "/reviews", who="other_adviser"),
    Shown("review", "review", "/reviews/{review}", who="manager"),
    Shown("review-own", "review", "/reviews/{review}"),
    Shown("review-answered", "review", "/reviews/{reviewed}", who="manager"),
    Shown("review-objected", "review", "/reviews/{review_objected}", who="manager"),
    Shown("review-error", "review_post", "/reviews/{review}", who="manager", press="Answer the request"),
)
SIGN_IN = (
    Shown("sign-in", "sign_in", "/sign-in", who=""),
    Shown("sign-in-ended", "sign_in", "/sign-in?ended=1", who=""),
    Shown("sign-in-error", "sign_in_post", "/sign-in", who="", press="Sign in"),
    Shown("sign-in-link", "sign_in_link", "/sign-in/link/{link}", who=""),
    Shown("sign-in-link-used", "sign_in_link", "/sign-in/link/not-a-link", who=""),
    Shown("signed-out", "signed_out", "/signed-out", who=""),
    Shown("password", "password", "/password"),
    Shown("password-error", "password_post", "/password", press="Save the password"),
    Shown("resume", "resume", "/resume", who="second_adviser", before="held"),
)
PLACES = (
    Shown("places", "list_places", "/lists/{list}/places"),
    Shown("places-error", "list_places_post", "/lists/{list}/places", press="Propose an order"),
    Shown("plan", "list_plan", "/lists/{plan}"),
    Shown("plan-of-a-colleague", "list_plan", "/lists/{plan}", who="second_adviser"),
    Shown("plan-suspended", "list_plan", "/lists/{plan}", suspended=True),
    Shown("plan-withdrawn", "list_plan", "/lists/{plan_withdrawn}"),
    Shown("plan-row", "list_plan_row", "/lists/{plan_row}"),
    Shown("plan-row-error", "list_plan_row_post", "/lists/{plan_row}", press="Record the decision"),
)
PAGES = (*START, *QUESTIONS, *RESULTS, *AFTER, *PLACES, *SIGN_IN)
#: Routes of these areas that show no page of their own: they lead on to another page.
LEAD_ON = {"next_question", "sign_in_provider", "sign_in_provider_back"}


def arrive(page: Page, live: Live, clients: Clients, shown: Shown) -> None:
    """Go to a page in its state."""
    if shown.before:
        clients[shown.before]
    address = shown.address.format_map(clients)
    if shown.who:
        live.sign_in(page, shown.who)
    if not shown.suspended:
        page.goto(live.address + address)
        _act(page, shown)
        return
    if shown.press:
        page.goto(live.address + address)
    suspension.suspend(live.service, live.actor("administrator"), SUSPENDED)
    try:
        if not shown.press:
            page.goto(live.address + address)
        _act(page, shown)
    finally:
        suspension.resume(live.service, live.actor("administrator"))


def _act(page: Page, shown: Shown) -> None:
    for name, text in shown.fill.items():
        page.locator(f"#{name}").fill(text)
    if shown.press:
        button = page.get_by_role("button", name=shown.press, exact=True, include_hidden=True)
        button.evaluate("el => { const folded = el.closest('details'); if (folded) folded.open = true; }")
        button.click()
