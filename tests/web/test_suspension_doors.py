"""Does turning scoring off reach every door of a running service, and leave open what needs no score?"""

from __future__ import annotations

import pytest

from tests.web import lists_case, partners
from tests.web.service import Live
from triage.casework import assessments, deciding, interview, list_scoring, lists, scoring, suspension
from triage.errors import SuspendedError

REASON = "The yearly review is not done."


@pytest.fixture
def off(live: Live) -> Live:
    """A service in which scoring is turned off in the records, with nothing on this machine."""
    suspension.suspend(live.service, live.actor("administrator"), REASON)
    return live


def test_no_program_of_a_partner_gets_a_score(off: Live) -> None:
    client = partners.partner(off)
    asked = {"answers": dict(partners.ANSWERS), "context": dict(partners.LEFT)}
    found = partners.check_problem(client.post("/score", json=asked), 503, "suspended")
    assert REASON in found["detail"]
    list_sent = client.post("/lists", files={"list": ("list.csv", b"age\n57\n", "text/csv")})
    partners.check_problem(list_sent, 503, "suspended")


def test_no_program_of_a_partner_gets_an_assessment_scored_and_it_can_go_on_answering(off: Live) -> None:
    client = partners.partner(off)
    made = client.post("/assessments", json={"held": "app", "context": dict(partners.LEFT)})
    assert made.status_code == 201, made.text
    address = f"/assessments/{made.json()['id']}"
    answered = client.patch(f"{address}/answers", json={"answers": {"age": 57}})
    assert answered.status_code < 300, answered.text
    partners.check_problem(client.post(f"{address}/score", json={}), 503, "suspended")


def test_a_list_stays_uploaded_and_is_scored_later(off: Live) -> None:
    row, adviser = lists_case.uploaded(off), off.actor("adviser")
    with pytest.raises(SuspendedError, match=REASON):
        list_scoring.start(off.service, adviser, row["id"], None, None)
    assert lists.find(off.service, adviser, row["id"])["state"] == "uploaded"
    suspension.resume(off.service, off.actor("administrator"))
    list_scoring.work_out(off.service, adviser, list_scoring.start(off.service, adviser, row["id"], None, None))
    assert lists.find(off.service, adviser, row["id"])["state"] == "scored"


def test_pages_say_why_and_decisions_go_on(live: Live) -> None:
    service, adviser = live.service, live.actor("adviser")
    row = assessments.start(service, adviser, held="in_person", context=partners.LEFT)
    interview.save_answers(service, adviser, row["id"], partners.ANSWERS)
    score = scoring.score(service, adviser, row["id"])
    suspension.suspend(service, live.actor("administrator"), REASON)
    page = live.client("adviser").get(f"/clients/{row['id']}/result")
    assert page.status_code == 200
    assert REASON in page.text
    assert deciding.confirm(service, adviser, row["id"], score_id=score["id"])["state"] == "confirmed"


def test_whoever_watches_the_service_sees_that_it_is_off(off: Live) -> None:
    assert "ltu_scoring_suspended 1.0" in off.client().get("/metrics").text
    assert off.client().get("/readyz").status_code == 200
