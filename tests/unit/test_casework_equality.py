"""Are equality answers kept apart, seen by nobody, and told only where nobody can be found in them?"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import sqlalchemy as sa

from tests.casework import Desk
from tests.databases import both
from triage.casework import assessments, equality
from triage.errors import AccessError, CaseworkError
from triage.records.plain import canonical, parsed
from triage.records.tables import audit_changes, audit_events, first_views, scores
from triage.records.tables import equality as kept

pytestmark = both
SAID = {"sex": "female", "ethnicity": "roma", "disability": "a_lot", "age_group": "from_35", "care_experience": "care"}


def asked(desk: Desk, given: Mapping[str, str] = SAID) -> str:
    """A client who was decided on and then answered."""
    row, _, _ = desk.decided()
    equality.record(desk.service, desk["adviser"], row["id"], given)
    return str(row["id"])


def test_the_answers_are_kept_apart_and_the_assessment_knows_only_that_there_are_some(desk: Desk) -> None:
    assessment = asked(desk)
    with desk.service.database.read() as view:
        [row] = view.all(sa.select(kept))
    assert parsed(row["data"])["answers"] == SAID
    assert row["month"] == "2026-03"
    assert row["id"] == desk.service.database.keys.digest("equality", assessment)
    seen = assessments.find(desk.service, desk["adviser"], assessment)
    assert seen["monitoring"] == "answered"
    assert not any(value in canonical(seen) for value in ("roma", "female", row["id"]))


def test_the_trail_names_neither_the_client_nor_the_adviser_nor_an_answer(desk: Desk) -> None:
    assessment = asked(desk)
    with desk.service.database.read() as view:
        [event] = view.all(sa.select(audit_events).where(audit_events.c.action == "equality_recorded"))
        changed = view.all(sa.select(audit_changes).where(audit_changes.c.seq == event["seq"]))
        everything = canonical([view.all(sa.select(audit_events))])
    assert (event["subject"], event["actor"]) == ("", "system")
    assert event["office"] == desk["adviser"].office
    assert {row["of"] for row in changed} == {"equality"}
    assert assessment not in canonical([event, changed])
    assert not any(value in everything for value in SAID.values())


def test_no_score_or_figure_of_an_assessment_has_them(desk: Desk) -> None:
    asked(desk)
    with desk.service.database.read() as view:
        texts = canonical([view.all(sa.select(table)) for table in (scores, first_views)])
    assert not any(value in texts for value in ("roma", "care_experience", "age_group"))


def test_they_are_asked_once_after_a_decision_and_never_in_practice(desk: Desk) -> None:
    service, adviser = desk.service, desk["adviser"]
    scored, _ = desk.scored()
    practice, _, _ = desk.decided(practice=True)
    for row in (scored, practice):
        with pytest.raises(CaseworkError, match="once, after a decision"):
            equality.record(service, adviser, row["id"], SAID)
    answered = asked(desk)
    with pytest.raises(CaseworkError):
        equality.record(service, adviser, answered, SAID)
    with pytest.raises(CaseworkError):
        equality.decline(service, adviser, answered)


def test_a_client_may_answer_some_or_none(desk: Desk) -> None:
    asked(desk, {"sex": "female", "ethnicity": "declined"})
    row, _, _ = desk.decided()
    equality.record(desk.service, desk["adviser"], row["id"], dict.fromkeys(SAID, "declined"))
    assert desk.row(row)["monitoring"] == "declined"
    other, _, _ = desk.decided()
    equality.decline(desk.service, desk["adviser"], other["id"])
    assert desk.row(other)["monitoring"] == "declined"
    with desk.service.database.read() as view:
        assert view.scalar(sa.select(sa.func.count()).select_from(kept)) == 1


@pytest.mark.parametrize("given", [{}, {"sex": "x"}, {"income": "much"}, {"sex": "roma"}, {"ethnicity": "White"}])
def test_only_the_answers_of_the_form_are_kept(desk: Desk, given: dict[str, str]) -> None:
    row, _, _ = desk.decided()
    with pytest.raises(CaseworkError) as refused:
        equality.record(desk.service, desk["adviser"], row["id"], given)
    assert refused.value.faults
    assert desk.row(row)["monitoring"] == ""


@pytest.mark.parametrize("who", ["other_adviser", "analyst", "administrator", "partner"])
def test_nobody_else_records_them(desk: Desk, who: str) -> None:
    row, _, _ = desk.decided()
    with pytest.raises(AccessError):
        equality.record(desk.service, desk[who], row["id"], SAID)


def test_a_click_after_a_power_cut_between_the_two_steps_finishes_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, _, _ = desk.decided()
    with monkeypatch.context() as cut:
        cut.setattr(equality, "_note", lambda *_: None)
        equality.record(desk.service, desk["adviser"], row["id"], SAID)
    assert desk.row(row)["monitoring"] == ""
    equality.record(desk.service, desk["adviser"], row["id"], {"sex": "male"})
    assert desk.row(row)["monitoring"] == "answered"
    with desk.service.database.read() as view:
        [found] = view.all(sa.select(kept))
    assert parsed(found["data"])["answers"] == SAID


@pytest.mark.parametrize("who", ["adviser", "administrator", "partner"])
def test_counts_are_for_managers_and_analysts(desk: Desk, who: str) -> None:
    with pytest.raises(AccessError):
        equality.counts(desk.service, desk[who])
    assert equality.counts(desk.service, desk["manager"]).people == 0
    assert equality.counts(desk.service, desk["analyst"]).tables == ()
