"""Do outcomes say whether the figures came true, for whom, and after which decision, without a word too much?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import triage
from tests.casework import BEGIN, Desk
from tests.monitored import Client, fill, over_months, own_desk, people
from triage.evaluation import Settings, evaluate
from triage.evaluation.dimensions import NOT_STATED
from triage.evaluation.scored import score_outcomes
from triage.monitoring import Wanted, monitor
from triage.monitoring.alerts import alerts
from triage.monitoring.known import known_outcomes
from triage.monitoring.matured import matured, shown_places
from triage.monitoring.rules import load_rules
from triage.outcomes import OUT, Outcomes

pytestmark = pytest.mark.slow
QUICK = Settings(seed="monitor", resamples=40)
WAYS = ("same", "same", "same", "more", "less")


def told(desk: Desk, **more: Any) -> dict[str, Any]:
    return monitor(desk.service, desk["analyst"], Wanted(**{"simulated": True, "settings": QUICK, **more}))


def crowd(number: int, **more: Any) -> list[Client]:
    found = [replace(client, way=WAYS[place % 5], **more) for place, client in enumerate(people(number))]
    return over_months(found, 2)


def known(desk: Desk) -> Outcomes:
    found = known_outcomes(desk.service, desk["analyst"], [], simulated=True).outcomes
    assert found is not None
    return found


@pytest.fixture(scope="module")
def filled(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, shipped_engine: triage.Engine
) -> Iterator[Desk]:
    """900 people, their decisions, and what became of them."""
    with own_desk(tmp_path_factory.mktemp("filled"), sqlite_template, shipped_engine) as desk:
        fill(desk, crowd(900))
        desk.clock.move(days=800)
        yield desk


def test_the_figures_are_those_of_an_evaluation_of_the_same_people(filled: Desk) -> None:
    """Two pages that say different things of one model: nobody believes either."""
    mine = told(filled)["outcomes"]
    settings = Settings(seed="monitor", resamples=40)
    theirs = evaluate(filled.service.engines.now, known(filled), settings=settings).data
    for key in ("observed_over_expected", "in_the_large", "slope", "auc", "observed", "predicted"):
        assert mine[key] == theirs["main"][key], key
    assert mine["cutpoints"] == theirs["cutpoints"]
    assert (mine["known"], mine["cases"]) == (theirs["people"]["known"], theirs["people"]["cases"])
    both = {(item["id"], group["name"]): group for item in theirs["groups"] for group in item["groups"]}
    shown = [(item["id"], group) for item in mine["groups"] for group in item["groups"] if group["shown"]]
    assert shown
    for name, group in shown:
        other = both[name, group["name"]]
        assert (group["people"], group["cases"]) == (other["people"], other["cases"])
        for band, rates in group["cutoffs"].items():
            for key, figure in rates.items():
                assert figure["value"] == pytest.approx(other["cutoffs"][band][key]["value"], abs=1e-6)


def test_people_who_got_other_support_stand_apart(filled: Desk) -> None:
    lines = {line["id"]: line for line in told(filled)["outcomes"]["after_decision"]}
    assert lines["As proposed"]["people"] > lines["More support than proposed"]["people"]
    outcomes = known(filled)
    same = int(np.count_nonzero((outcomes.notes["band_proposed"] == outcomes.notes["band_decided"])
                                & (outcomes.notes["band_decided"] != "")))  # fmt: skip
    assert lines["As proposed"]["people"] == same
    [check_in, _] = told(filled)["outcomes"]["as_decided"]
    decided = outcomes.notes["band_decided"]
    assert check_in["workload"]["value"] == pytest.approx(np.mean(decided[decided != ""] != "standard"), abs=1e-5)


def test_too_many_expected_is_an_alert_and_as_many_is_none(filled: Desk) -> None:
    data = told(filled)
    assert not [alert for alert in data["alerts"] if "calibration" in alert["id"]]
    outcomes = known(filled)
    # Everybody is back within weeks but one in forty: far fewer than the figures say.
    weeks = np.where(np.arange(len(outcomes)) % 40 == 0, 60.0, 5.0)
    kind = np.full(len(outcomes), "paid_work", dtype=object)
    lucky = replace(outcomes, weeks=weeks, kind=kind, place=np.zeros(len(outcomes), dtype=np.int8), source="lucky.csv")
    found = told(filled, files=[lucky])
    [alert] = [alert for alert in found["alerts"] if alert["id"] == "calibration"]
    assert alert["level"] == "act"
    assert found["outcomes"]["observed_over_expected"]["high"] < 0.8
    assert found["outcomes"]["source"] == "lucky.csv"


def test_nothing_is_told_before_outcomes_mature(desk: Desk) -> None:
    fill(desk, crowd(60, outcome=None))
    desk.clock.move(days=100)
    data = told(desk)
    assert data["outcomes"] == {"told": False, "why": "No outcome is known yet."}
    fill(desk, crowd(60, outcome=("still_looking", 10)))
    desk.clock.move(days=800)
    assert "lost from sight before" in told(desk)["outcomes"]["why"]
    fill(desk, [*crowd(30, outcome=("paid_work", 10)), *crowd(4, outcome=("still_looking", 60))])
    assert "too few to tell" in told(desk)["outcomes"]["why"]


def test_groups_that_were_not_collected_are_named(filled: Desk) -> None:
    """Sex and ethnic group stand on the equality page: apart, and never beside a score."""
    found = {item["id"]: item["from"] for item in told(filled)["collected"]}
    assert found["age"] == found["disability"] == "checklist"
    assert found["sex"] == found["race"] == found["care_experience"] == ""
    outcomes = known(filled)
    sex = np.where(np.arange(len(outcomes)) % 2 == 0, "woman", "man").astype(object)
    told_of = told(filled, files=[replace(outcomes, groups={"sex": sex}, source="with sex.csv")])
    assert {item["id"]: item["from"] for item in told_of["collected"]}["sex"] == "file"
    [item] = [item for item in told_of["outcomes"]["groups"] if item["id"] == "group_sex"]
    assert {group["name"] for group in item["groups"]} == {"woman", "man"}
    assert all(group["shown"] for group in item["groups"])


def test_outcomes_count_by_the_days_that_are_asked_for(filled: Desk) -> None:
    """Those of the records by the day of the score, those of files by the day on which the job ended."""
    outcomes, end = known(filled), BEGIN.date() + timedelta(days=10)
    client = np.array([f"other-{place}" for place in range(len(outcomes))], dtype=object)
    days = np.array([BEGIN.date(), BEGIN.date() + timedelta(days=30), "NaT"], dtype="datetime64[D]")
    file = replace(outcomes, client=client, date=days[np.arange(len(outcomes)) % 3])
    ask = partial(known_outcomes, filled.service, filled["analyst"], simulated=True)
    early, late = ask([file], until=end), ask([file], since=end)
    for part in (early, late):
        assert part.from_files == len(outcomes) / 3
        assert part.outside == 2 * len(outcomes) - part.recorded - part.from_files
    assert early.recorded + late.recorded == len(outcomes)
    assert early.recorded == late.recorded
    everybody = ask([file])
    assert (everybody.recorded, everybody.from_files, everybody.outside) == (len(outcomes), len(outcomes), 0)


def counts(*people_and_cases: tuple[int, int]) -> list[dict[str, Any]]:
    return [{"people": people, "known": people, "cases": cases} for people, cases in people_and_cases]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ([(50, 10), (60, 12)], {0, 1}),
        ([(50, 10), (60, 3)], set()),
        ([(50, 10), (60, 3), (70, 20)], {2}),
        ([(50, 10), (0, 0), (70, 20)], {0, 2}),
        ([(8, 6), (9, 6), (70, 20)], {2}),
        ([(50, 0), (70, 20)], {0, 1}),
    ],
)
def test_a_group_that_is_hidden_does_not_follow_from_the_others(given: list[tuple[int, int]], shown: set[int]) -> None:
    assert shown_places(counts(*given), QUICK) == shown


def test_a_small_group_or_those_who_did_not_say_hide_no_gap_between_others(filled: Desk) -> None:
    """Six cases of whom nobody was reached, or people who did not say, may be furthest from the rest."""
    outcomes, engine = known(filled), filled.service.engines.now
    cases, reached = np.arange(len(outcomes)) % 2 == 0, score_outcomes(engine, outcomes).place >= 1
    kind, place = np.where(cases, "still_looking", "paid_work"), np.where(cases, OUT, 0).astype(np.int8)
    heard = replace(outcomes, weeks=np.where(cases, 60.0, 5.0), kind=kind.astype(object), place=place)
    found, missed = (np.flatnonzero(cases & rows) for rows in (reached, ~reached))
    cells = np.array(["few", "", "low", "high"], dtype=object)[np.arange(len(outcomes)) // 2 % 4]
    cells[found], cells[found[:10]] = "high", "low"
    cells[missed], cells[missed[:6]], cells[missed[6:46]] = "", "few", "low"
    told_of = matured(engine, replace(heard, groups={"team": cells}), QUICK, 20)
    [item] = [item for item in told_of["groups"] if item["id"] == "group_team"]
    assert {group["name"] for group in item["groups"] if group["shown"]} == {"few", "low", "high", NOT_STATED}
    between = item["between_groups"][engine.points.ids[1]]
    assert (between["highest"], between["lowest"]) == ("high", "low")
    assert between["low"] > 0.2


def gap(value: float, low: float) -> dict[str, Any]:
    groups = [{"name": name, "shown": True} for name in ("young", "old")]
    between = {"check_in": {"highest": "old", "lowest": "young", "value": value, "low": low, "high": 0.9}}
    figure = {"value": 1.0, "low": 0.9, "high": 1.1}
    item = {"id": "age", "name": "Age", "groups": groups, "between_groups": between}
    return {
        "scores": {"not_reproduced": 0, "checked": 9}, "policy": None, "changes": {"signs": []},
        "cutoffs": {"version": "c-1", "names": {"check_in": "Check-in"}},
        "drift": {"score": {"periods": [], "latest": None}, "answers": [], "unanswered": []},
        "outcomes": {"told": True, "observed_over_expected": figure, "bands": [], "groups": [item]},
    }  # fmt: skip


@pytest.mark.parametrize(("value", "low", "found"), [(0.4, 0.1, True), (0.4, -0.1, False), (0.19, 0.1, False)])
def test_a_gap_in_recall_calls_somebody_where_it_is_large_and_sure(value: float, low: float, found: bool) -> None:
    given = alerts(gap(value, low), load_rules(), date(2027, 1, 1), date(2026, 1, 1))
    assert [alert["id"] for alert in given] == (["recall_gap"] if found else [])
    late = alerts(gap(value, low), load_rules(), date(2025, 1, 1), date(2026, 1, 1))
    assert late[0]["id"] == "review_date"
    assert late[0]["level"] == "stop"
