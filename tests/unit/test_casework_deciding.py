"""Does nothing count before a person decides, and does nobody decide on what somebody else has changed?"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from tests.casework import Desk
from tests.databases import both
from tests.unit.test_casework_assessments import count_of, trail
from triage.casework import assessments, deciding, interview, scoring
from triage.decisions import check_reproduces
from triage.errors import AccessError, CaseworkError, ConflictError, CutoffsError, DecisionError
from triage.records.actor import SYSTEM
from triage.records.database import Row
from triage.records.tables import decisions

pytestmark = both


def confirm(desk: Desk, row: Row, score: Row, who: str = "adviser", **more: Any) -> Row:
    return deciding.confirm(desk.service, desk[who], row["id"], score_id=score["id"], **more)


def override(desk: Desk, row: Row, score: Row, band: str, who: str = "adviser", **more: Any) -> Row:
    words = {"reason": "not_on_checklist", "note": "Long in the same trade.", **more}
    return deciding.override(desk.service, desk[who], row["id"], score_id=score["id"], band=band, **words)


def test_a_score_counts_for_nothing_until_a_person_confirms_it(desk: Desk) -> None:
    row, score = desk.scored()
    assert deciding.standing(desk.service, desk["adviser"], row["id"]).in_force is None
    decision = confirm(desk, row, score, note="Agreed with the client.")
    assert (decision["band"], decision["proposed_band"], decision["state"]) == ("enhanced", "enhanced", "confirmed")
    assert desk.row(row)["state"] == "decided"
    [record] = deciding.history(desk.service, desk["adviser"], row["id"])
    assert (record.by, record.note, record.at) == ("Test adviser", "Agreed with the client.", desk.clock())
    assert record.score == scoring.data_of(score)
    check_reproduces(record, desk.service.engines.now)
    event = trail(desk)[-1]
    assert event["action"] == "decision_recorded"
    assert "Agreed" not in event["detail"]
    assert "enhanced" not in event["detail"]


@pytest.mark.parametrize("who", ["analyst", "administrator", "other_adviser", "partner"])
def test_only_people_who_work_with_the_client_decide(desk: Desk, who: str) -> None:
    row, score = desk.scored()
    with pytest.raises(AccessError):
        confirm(desk, row, score, who)
    with pytest.raises(AccessError):
        deciding.confirm(desk.service, SYSTEM, row["id"], score_id=score["id"])
    assert desk.row(row)["state"] == "scored"


def test_a_decision_needs_the_name_of_a_person(desk: Desk) -> None:
    row, score = desk.scored()
    nameless = replace(desk["adviser"], name="12")
    with pytest.raises(DecisionError, match="name"):
        deciding.confirm(desk.service, nameless, row["id"], score_id=score["id"])


def test_a_double_click_decides_once(desk: Desk) -> None:
    row, score = desk.scored()
    form = desk.form()
    assert confirm(desk, row, score, submission=form) == confirm(desk, row, score, submission=form)
    assert count_of(desk, decisions) == 1
    other, newer = desk.scored()
    with pytest.raises(ConflictError, match="sent before for something else"):
        confirm(desk, other, newer, submission=form)


def test_the_second_of_two_advisers_is_told_that_a_decision_was_recorded(desk: Desk) -> None:
    row, score = desk.scored()
    confirm(desk, row, score)
    for use in (
        lambda: confirm(desk, row, score, "second_adviser"),
        lambda: override(desk, row, score, "intensive", "second_adviser"),
        lambda: deciding.ask_for_more(desk.service, desk["manager"], row["id"], score_id=score["id"], last=""),
    ):
        with pytest.raises(ConflictError, match="A decision was recorded in the meantime"):
            use()
    assert count_of(desk, decisions) == 1


def test_of_many_decisions_at_once_one_counts(desk: Desk) -> None:
    row, score = desk.scored()
    done: list[str] = []

    def decide(who: str, band: str) -> None:
        try:
            done.append(override(desk, row, score, band, who)["id"])
        except ConflictError:
            done.append("")

    pairs = [
        ("adviser", "standard"),
        ("second_adviser", "intensive"),
        ("manager", "standard"),
        ("adviser", "intensive"),
    ]
    threads = [threading.Thread(target=decide, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 4
    assert len([one for one in done if one]) == count_of(desk, decisions) == 1


def test_a_score_of_somebody_else_or_of_nobody_is_not_decided_on(desk: Desk) -> None:
    row, _ = desk.scored()
    _, other = desk.scored()
    with pytest.raises(ConflictError, match="A newer score"):
        confirm(desk, row, other)
    waiting = desk.answered()
    with pytest.raises(CaseworkError, match="no score to decide on"):
        confirm(desk, waiting, other)


def test_an_override_follows_the_rules_of_the_reasons(desk: Desk) -> None:
    row, score = desk.scored()
    refused = (
        ({"band": "enhanced"}, DecisionError, "proposed band already"),
        ({"band": "gold"}, CutoffsError, "band"),
        ({"band": "intensive", "reason": "a whim"}, DecisionError, "not a known reason"),
        ({"band": "standard", "reason": "several_complex_needs"}, DecisionError, "cannot move a band down"),
        ({"band": "intensive", "note": " \r\n "}, DecisionError, "needs a note"),
        ({"band": "intensive", "note": "x" * 2_001}, CaseworkError, "too long"),
    )
    for words, kind, said in refused:
        with pytest.raises(kind, match=said):
            override(desk, row, score, **words)  # type: ignore[arg-type]
    note = "<script>alert('x')</script> \"; DROP TABLE decisions; --"
    decision = override(desk, row, score, "intensive", note=note)
    assert (decision["band"], decision["reason"]) == ("intensive", "not_on_checklist")
    assert deciding.history(desk.service, desk["adviser"], row["id"])[0].note == note


def test_without_a_proposed_band_there_is_nothing_to_confirm(desk: Desk) -> None:
    row = desk.opened()
    score = scoring.score(desk.service, desk["adviser"], row["id"])
    with pytest.raises(DecisionError, match="none to confirm"):
        confirm(desk, row, score)
    asked = deciding.ask_for_more(desk.service, desk["adviser"], row["id"], score_id=score["id"])
    assert (asked["proposed_band"], asked["band"]) == (None, "enhanced")


def test_a_client_who_asks_for_more_gets_the_next_band_up(desk: Desk) -> None:
    row, score, _ = desk.decided()
    more = deciding.ask_for_more(desk.service, desk["adviser"], row["id"], score_id=score["id"])
    assert (more["band"], more["reason"]) == ("intensive", "client_asked_for_more")
    with pytest.raises(DecisionError, match="most support already"):
        deciding.ask_for_more(desk.service, desk["adviser"], row["id"], score_id=score["id"])
    assert deciding.standing(desk.service, desk["adviser"], row["id"]).band == "intensive"


def test_a_decision_that_is_taken_back_leaves_the_proposal(desk: Desk) -> None:
    row, score, decision = desk.decided()
    taken = deciding.withdraw(desk.service, desk["adviser"], row["id"], score_id=score["id"], last=decision["id"])
    assert (taken["state"], taken["band"]) == ("withdrawn", None)
    assert desk.row(row)["state"] == "scored"
    assert deciding.standing(desk.service, desk["adviser"], row["id"]).in_force is None
    with pytest.raises(ConflictError, match="in the meantime"):
        deciding.withdraw(desk.service, desk["manager"], row["id"], score_id=score["id"])
    interview.save_answer(desk.service, desk["adviser"], row["id"], "age", 30)
    new = scoring.score(desk.service, desk["adviser"], row["id"])
    assert confirm(desk, row, new)["number"] == 3


def test_a_decision_of_an_earlier_round_does_not_come_back(desk: Desk) -> None:
    row, _, _ = desk.decided()
    scoring.rescore_start(desk.service, desk["adviser"], row["id"], "change")
    new = scoring.score(desk.service, desk["adviser"], row["id"])
    confirm(desk, row, new)
    deciding.withdraw(desk.service, desk["adviser"], row["id"], score_id=new["id"])
    assert deciding.standing(desk.service, desk["adviser"], row["id"]).in_force is None


def test_there_is_nothing_to_take_back_before_a_decision(desk: Desk) -> None:
    row, score = desk.scored()
    with pytest.raises(DecisionError, match="'withdraw' is not possible"):
        deciding.withdraw(desk.service, desk["adviser"], row["id"], score_id=score["id"])
    with pytest.raises(DecisionError, match="'refuse' is not possible"):
        deciding.refuse_claim(desk.service, desk["adviser"], row["id"], score_id=score["id"])


def claimed(desk: Desk) -> tuple[Row, Row, Row]:
    row, score = desk.scored()
    claim = deciding.claim(
        desk.service, desk["manager"], row["id"], score_id=score["id"], band="intensive", reason="other",
        named="Test Second Adviser",
    )  # fmt: skip
    return row, score, claim


def test_a_claim_counts_once_the_person_whom_it_names_accepts_it(desk: Desk) -> None:
    row, score, claim = claimed(desk)
    assert (claim["state"], desk.row(row)["state"]) == ("claimed", "scored")
    assert deciding.standing(desk.service, desk["manager"], row["id"]).in_force is None
    with pytest.raises(ConflictError, match="A decision from a list waits here"):
        confirm(desk, row, score)
    with pytest.raises(DecisionError, match="Only the person whom the claim names"):
        deciding.accept_claim(desk.service, desk["adviser"], row["id"], score_id=score["id"])
    accepted = deciding.accept_claim(desk.service, desk["second_adviser"], row["id"], score_id=score["id"])
    assert (accepted["state"], accepted["band"]) == ("overridden", "intensive")
    assert desk.row(row)["state"] == "decided"


def test_a_claim_that_is_refused_leaves_the_proposal(desk: Desk) -> None:
    row, score, claim = claimed(desk)
    refused = deciding.refuse_claim(desk.service, desk["adviser"], row["id"], score_id=score["id"], last=claim["id"])
    assert refused["state"] == "proposed"
    assert confirm(desk, row, score)["state"] == "confirmed"


def test_a_closed_client_is_not_decided_on(desk: Desk) -> None:
    row, score = desk.scored()
    assessments.close(desk.service, desk["adviser"], row["id"], "other")
    with pytest.raises(CaseworkError, match="closed"):
        confirm(desk, row, score)


def test_a_model_that_is_put_in_force_in_the_middle_is_noticed(desk: Desk, other_cutoffs: Any) -> None:
    row, score = desk.scored()
    desk.service.engines.replace(other_cutoffs)
    with pytest.raises(ConflictError, match="cut-offs have changed"):
        confirm(desk, row, score)
    assert confirm(desk, row, scoring.score(desk.service, desk["adviser"], row["id"]))["state"] == "confirmed"
