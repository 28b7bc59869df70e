"""Is what became of a client recorded in the kinds of the learning contract, and refused where it cannot be true?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.casework import Desk
from tests.databases import both
from tests.unit.test_casework_assessments import count_of, trail
from triage.casework import assessments, outcomes
from triage.casework.exporting import picked
from triage.errors import AccessError, CaseworkError
from triage.records.database import Row
from triage.records.tables import outcomes as table

pytestmark = both
KNOWN = date(2026, 3, 2)


def record(desk: Desk, row: Row, by: str = "adviser", **more: Any) -> Row:
    fields = {"kind": "paid_work", "weeks": 8, "known_on": KNOWN, "source": "client", **more}
    return outcomes.record(desk.service, desk[by], row["id"], **fields)


def test_an_outcome_is_kept_by_its_kind(desk: Desk) -> None:
    row = desk.opened()
    form = desk.form()
    kept = record(desk, row, kind="In work", submission=form)
    assert (kept["kind"], kept["weeks"], kept["known_on"], kept["by"]) == (
        "paid_work", 8, "2026-03-02", desk["adviser"].account,
    )  # fmt: skip
    assert record(desk, row, kind="In work", submission=form) == kept
    assert count_of(desk, table) == 1
    assert (trail(desk)[-1]["action"], trail(desk)[-1]["detail"]) == ("outcome_recorded", "{}")


def test_an_outcome_is_recorded_of_a_closed_client_too(desk: Desk) -> None:
    row = desk.opened()
    assessments.close(desk.service, desk["adviser"], row["id"], "support_ended")
    assert record(desk, row)["weeks"] == 8


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"kind": "abducted"}, "kind"),
        ({"source": "gossip"}, "source"),
        ({"known_on": date(2026, 3, 3)}, "known_on"),
        ({"known_on": date(1926, 3, 3)}, "known_on"),
        ({"weeks": None}, "weeks"),
        ({"weeks": -1}, "weeks"),
        ({"weeks": 521}, "weeks"),
        ({"weeks": 8.5}, "weeks"),
        ({"weeks": True}, "weeks"),
        ({"weeks": 9}, "weeks"),  # The job ended eight weeks before.
        ({"weeks": 1, "known_on": date(2026, 1, 4)}, "weeks"),
        ({"kind": "still_looking", "weeks": 0, "known_on": date(2026, 1, 4)}, "known_on"),
    ],
)
def test_what_cannot_be_true_is_refused_by_its_field(desk: Desk, fields: dict[str, Any], where: str) -> None:
    row = desk.opened(context={"redundancy_status": "left", "job_ends": "2026-01-05"})
    with pytest.raises(CaseworkError) as refused:
        record(desk, row, **fields)
    assert [fault.where for fault in refused.value.faults] == [where]
    assert count_of(desk, table) == 0


def test_somebody_may_find_work_before_the_job_ends(desk: Desk) -> None:
    row = desk.opened(context={"redundancy_status": "under_notice", "job_ends": "2026-04-30"})
    assert record(desk, row, weeks=0)["weeks"] == 0


def test_a_week_that_has_begun_may_count_as_a_whole_one(desk: Desk) -> None:
    row = desk.opened(context={"job_ends": "2026-01-11"})
    assert record(desk, row, weeks=8)["weeks"] == 8
    with pytest.raises(CaseworkError, match="less than 9 weeks ago"):
        record(desk, row, weeks=9)


def test_somebody_never_reached_has_no_weeks(desk: Desk) -> None:
    assert record(desk, desk.opened(), kind="lost_contact", weeks=None)["weeks"] == 0


def test_a_mistake_is_taken_back_and_stays(desk: Desk) -> None:
    row = desk.opened()
    kept = record(desk, row)
    taken = outcomes.take_back(desk.service, desk["second_adviser"], kept["id"])
    assert taken["taken_back_at"] is not None
    assert outcomes.take_back(desk.service, desk["adviser"], kept["id"]) == taken
    assert outcomes.of(desk.service, desk["adviser"], row["id"]) == [taken]


@pytest.mark.parametrize("who", ["other_adviser", "analyst", "administrator", "partner"])
def test_an_outcome_is_the_office_s_own(desk: Desk, who: str) -> None:
    row = desk.opened()
    kept = record(desk, row)
    for use in (
        lambda: record(desk, row, who),
        lambda: outcomes.of(desk.service, desk[who], row["id"]),
        lambda: outcomes.take_back(desk.service, desk[who], kept["id"]),
    ):
        with pytest.raises(AccessError):
            use()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([("still_looking", 4), ("still_looking", 8)], ("still_looking", 8)),
        ([("still_looking", 4), ("paid_work", 7), ("still_looking", 8)], ("paid_work", 7)),
        ([("paid_work", 7), ("self_employed", 5)], ("self_employed", 5)),
        ([("retired", 3), ("paid_work", 7)], ("paid_work", 7)),
        ([("retired", 3), ("lost_contact", 8)], ("retired", 3)),
        ([("training", 8), ("lost_contact", 0)], ("training", 8)),
    ],
)
def test_the_contract_says_which_of_several_counts(
    desk: Desk, told: list[tuple[str, int]], expected: tuple[str, int]
) -> None:
    row = desk.opened()
    for kind, weeks in told:
        record(desk, row, kind=kind, weeks=weeks)
    found = picked(desk.service, outcomes.of(desk.service, desk["adviser"], row["id"]))
    assert found is not None
    assert (found["kind"], found["weeks"]) == expected
