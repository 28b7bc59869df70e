"""Are changed proposals and unanswered questions counted by office and reason, with small counts hidden?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.casework import Desk
from tests.databases import both
from tests.monitored import Client, answer, fill, over_months, people
from triage.casework import figures as management
from triage.decisions.reasons import PLACES
from triage.monitoring import Wanted, monitor
from triage.monitoring.rules import load_rules


def told(desk: Desk) -> dict[str, Any]:
    desk.clock.move(days=60)
    return monitor(desk.service, desk["analyst"], Wanted(simulated=True))


def clients(number: int, **more: Any) -> list[Client]:
    return over_months([replace(client, outcome=None, **more) for client in people(600)[:number]], 1)


def signs(data: dict[str, Any]) -> list[tuple[str, str]]:
    return [(alert["id"], alert["where"]) for alert in data["alerts"] if alert["id"].startswith("changed")]


@both
def test_changes_are_told_by_office_reason_and_period(desk: Desk) -> None:
    middle = [client for client in clients(600) if desk.service.engines.now.score(client.answers).band == "enhanced"]
    assert len(middle) >= 60
    ways = {"same": 30, "more": 20, "less": 10}
    chosen = [way for way, count in ways.items() for _ in range(count)]
    reasons = {"more": "several_complex_needs", "less": "recent_change", "same": ""}
    fill(
        desk,
        [
            replace(client, way=way, reason=reasons[way], office=place % 2)
            for place, (client, way) in enumerate(zip(middle, chosen, strict=False))
        ],
    )
    found = told(desk)["changes"]
    assert found["all"] == {"name": "All", **ways, "decisions": 60, "share_more": 0.333, "share_less": 0.167}
    assert found["periods"] == [{**found["all"], "name": "2026-03"}]
    assert [(row["name"], row["same"], row["more"], row["less"]) for row in found["offices"]] == [
        ("Falkirk", 15, 10, 5), ("Fife", 15, 10, 5),
    ]  # fmt: skip
    assert [(row["name"], row["more"], row["less"]) for row in found["reasons"]] == [
        ("Several complex needs at once", 20, 0), ("Something has changed since the answers were given", 0, 10),
    ]  # fmt: skip


def test_few_changes_one_way_hide_what_would_tell_of_them(desk: Desk) -> None:
    fill(desk, clients(60, way="same") + clients(63, way="more")[60:])
    found = told(desk)["changes"]
    assert found["decisions"] is not None
    assert found["all"]["more"] is None
    assert found["all"]["same"] is None
    assert found["offices"] == found["reasons"] == found["periods"] == []


@pytest.mark.parametrize(("way", "sign"), [("same", "changed_seldom"), ("more", "changed_often")])
def test_almost_no_change_and_very_many_are_signs_in_each_office_and_over_all(desk: Desk, way: str, sign: str) -> None:
    low = [client for client in clients(300) if desk.service.engines.now.score(client.answers).band == "standard"]
    fill(desk, [replace(client, way=way) for client in low[:120]])
    # The places of an event decided on these, which says nothing of how advisers look at proposals.
    fill(desk, [replace(client, way="more", reason=PLACES) for client in low[120:180]])
    assert len(low) >= 180
    assert signs(told(desk)) == [(sign, "all offices"), (sign, "Falkirk"), (sign, "Fife")]


def test_of_few_decisions_nothing_is_a_sign(desk: Desk) -> None:
    fill(desk, clients(40, way="same"))
    assert signs(told(desk)) == []


def test_the_shipped_figures_are_those_of_the_management_page() -> None:
    """Two pages that warn at different figures."""
    rules = load_rules().changes
    assert (rules.seldom, rules.often, rules.enough) == (management.SELDOM, management.OFTEN, management.ENOUGH)


@both
def test_unanswered_questions_are_told_by_kind_and_office(desk: Desk) -> None:
    """Falkirk asks nobody about the car; in Fife twenty decline to say."""
    given = [answer("vehicle", "yes")(client) for client in clients(80)]
    silent = answer("vehicle", None)
    declined = answer("vehicle", "declined")
    fill(
        desk,
        [
            silent(client) if client.office == 0 else declined(client) if place < 40 else client
            for place, client in enumerate(given)
        ],
    )
    found = told(desk)["missing"]
    assert found["offices"] == [{"name": "Falkirk", "people": 40}, {"name": "Fife", "people": 40}]
    [vehicle] = [item for item in found["questions"] if item["id"] == "vehicle"]
    assert vehicle["all"] == {"answered": 20, "declined": 20, "not_asked": 40, "too_early": 0}
    assert vehicle["by_office"] == [
        {"office": "Falkirk", "answered": 0, "declined": 0, "not_asked": 40, "too_early": 0},
        {"office": "Fife", "answered": 20, "declined": 20, "not_asked": 0, "too_early": 0},
    ]


def test_an_office_with_a_few_clients_is_told_with_others(desk: Desk) -> None:
    fill(desk, [replace(client, office=int(place < 3)) for place, client in enumerate(clients(60))])
    found = told(desk)["missing"]
    assert found["offices"] == [{"name": "Other offices together", "people": 60}]
    assert all(item["by_office"] == [] for item in found["questions"])
