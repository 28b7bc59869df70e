"""Do management figures count what happened, nobody invented, and never say who?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.casework import ANSWERS, Desk
from tests.databases import both
from triage.casework import actions, deciding, interview, objections, reviews, scoring
from triage.casework import figures as management
from triage.casework.figures import Figures, figures
from triage.casework.figures_tables import Line
from triage.decisions.reasons import PLACES
from triage.errors import AccessError
from triage.records.database import Row

pytestmark = both


def told(desk: Desk, weeks: int = 4, office: str = "") -> Figures:
    return figures(desk.service, desk["manager"], weeks, office)


def line(found: Figures, table: str, label: str) -> Line:
    [row] = [item for item in found.tables[table].lines if item.label == label]
    return row


def cell(found: Figures, table: str, label: str, column: str) -> int | None:
    return line(found, table, label).counts[found.tables[table].columns.index(column)]


def band(desk: Desk, band_id: str) -> str:
    return desk.service.engines.now.cutoffs.band(band_id).name


def change(desk: Desk, to: str, who: str = "adviser", reason: str = "other") -> Row:
    """A client for whom another band was decided than the proposed one."""
    row, score = desk.scored(who)
    about = {"score_id": score["id"], "band": to, "reason": reason, "note": "It fits better."}
    return deciding.override(desk.service, desk[who], row["id"], **about)


def proposed(desk: Desk) -> str:
    """The band that is proposed for every client of these tests."""
    return str(desk.scored()[1]["band"])


def test_people_are_counted_by_band_and_week(desk: Desk) -> None:
    for _ in range(6):
        desk.decided()
    desk.clock.move(days=7)
    for _ in range(8):
        desk.decided()
    name = band(desk, proposed(desk))
    found = told(desk)
    assert cell(found, "decided", "2 March 2026", name) == 6
    assert cell(found, "decided", "9 March 2026", name) == 8
    assert cell(found, "decided", "All", "All") == 14
    assert cell(found, "proposed", "9 March 2026", name) == 9
    assert [item.label for item in found.tables["decided"].lines] == [
        "16 February 2026", "23 February 2026", "2 March 2026", "9 March 2026", "All",
    ]  # fmt: skip
    desk.clock.move(weeks=4)
    assert cell(told(desk), "decided", "All", "All") is None
    assert cell(told(desk, 13), "decided", "All", "All") == 14


def test_invented_clients_and_those_who_object_are_in_no_figure(desk: Desk) -> None:
    for _ in range(7):
        desk.decided(practice=True)
        row, _, _ = desk.decided()
        objections.object_to_scoring(desk.service, desk["adviser"], row["id"])
    found = told(desk)
    for table in ("decided", "proposed", "changes_by_office", "views"):
        assert not found.tables[table].shows, table
    assert {item.counts for item in found.tables["times"].lines} == {(0, 0)}
    assert cell(found, "completion", "Started", "Clients") == 7
    assert cell(found, "completion", "Objected to being scored", "Clients") == 7
    assert cell(found, "completion", "Decided", "Clients") == 0


def test_a_decision_that_was_taken_back_counts_as_taken_and_not_as_support(desk: Desk) -> None:
    for _ in range(5):
        desk.decided()
    for _ in range(5):
        row, score, _ = desk.decided()
        deciding.withdraw(desk.service, desk["adviser"], row["id"], score_id=score["id"])
    found = told(desk)
    assert cell(found, "decided", "All", "All") == 5
    assert cell(found, "changes_by_office", "Falkirk", "All") == 10


def test_changes_are_told_each_way_by_office_and_by_reason(desk: Desk) -> None:
    bands = [item.id for item in desk.service.engines.now.cutoffs.bands]
    place = bands.index(proposed(desk))
    assert 0 < place < len(bands) - 1, "the clients of these tests can go both ways"
    for _ in range(10):
        desk.decided()
        change(desk, bands[place + 1], reason="several_complex_needs")
        desk.decided("other_adviser")
    for _ in range(5):
        change(desk, bands[place - 1])
        change(desk, bands[place + 1], reason=PLACES)
    found = told(desk)
    assert line(found, "changes_by_office", "Falkirk").counts == (10, 10, 5, 25)
    assert line(found, "changes_by_office", "Falkirk").texts == ("40%", "20%")
    assert line(found, "changes_by_reason", "Several complex needs at once").counts[0] == 10
    only = told(desk, office=desk["other_adviser"].office)
    assert only.office == "Fife"
    assert [item.label for item in only.tables["changes_by_office"].lines] == ["Fife", "All"]
    assert cell(only, "changes_by_office", "All", "All") == 10


@pytest.mark.parametrize(("changed", "sign"), [(0, "fewer than 2 in 100"), (1, ""), (4, ""), (5, "more than 40")])
def test_a_share_near_nought_and_a_very_high_one_are_signs_to_look(
    desk: Desk, changed: int, sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(management, "ENOUGH", 10)
    top = desk.service.engines.now.cutoffs.bands[-1].id
    for _ in range(10 - changed):
        desk.decided()
    for _ in range(changed):
        change(desk, top)
    warnings = told(desk).warnings
    assert [sign in text for text in warnings] == ([True] if sign else [])
    assert all(text.startswith("Falkirk: ") for text in warnings)


def test_of_few_decisions_no_share_is_a_sign(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (management.ENOUGH, management.SELDOM, management.OFTEN) == (50, 0.02, 0.40)
    monkeypatch.setattr(management, "ENOUGH", 10)
    for _ in range(9):
        desk.decided()
    assert told(desk).warnings == ()


def test_small_counts_are_hidden_with_what_would_tell_of_them(desk: Desk) -> None:
    top = desk.service.engines.now.cutoffs.bands[-1].id
    for _ in range(12):
        desk.decided()
    for _ in range(3):
        change(desk, top)
    office = line(told(desk), "changes_by_office", "Falkirk")
    # 12 of 15 would tell of the 3.
    assert office.counts == (None, None, 0, 15)
    assert office.texts == (None, "0%")


def test_your_view_first_is_compared_with_what_was_proposed_and_decided(desk: Desk) -> None:
    service, adviser = desk.service, desk["adviser"]
    same = proposed(desk)
    top = service.engines.now.cutoffs.bands[-1].id
    for number in range(12):
        row = desk.answered()
        scoring.first_view(service, adviser, row["id"], same if number < 6 else top)
        score = scoring.score(service, adviser, row["id"])
        about = {"score_id": score["id"], "band": top, "reason": "other", "note": "It fits better."}
        deciding.override(service, adviser, row["id"], **about)
    found = told(desk)
    assert line(found, "views", "What was proposed").counts == (6, 0, 6, 12)
    assert line(found, "views", "What was decided").counts == (6, 6, 0, 12)


def test_times_are_of_one_sitting_and_from_the_first_look(desk: Desk) -> None:
    service, adviser = desk.service, desk["adviser"]
    for number in range(12):
        row = desk.opened()
        desk.clock.move(minutes=6 if number < 6 else 45)
        interview.save_answers(service, adviser, row["id"], ANSWERS)
        desk.clock.move(minutes=2)
        score = scoring.score(service, adviser, row["id"])
        for _ in range(2):
            scoring.shown(service, adviser, score["id"])
            desk.clock.move(minutes=1.5)
        deciding.confirm(service, adviser, row["id"], score_id=score["id"])
    found = told(desk)
    interviews = line(found, "times", "Start of the interview to the score")
    assert (interviews.counts, interviews.texts) == ((6, 6), ("8.0",))
    looks = line(found, "times", "First look at the result to the decision")
    assert (looks.counts[0], looks.texts) == (12, ("3.0",))


def test_paper_and_lists_are_no_interviews(desk: Desk) -> None:
    for held in ("paper", "list", "app"):
        for _ in range(5):
            desk.scored(held=held)
    assert line(told(desk), "times", "Start of the interview to the score").texts == (None,)


def test_what_waits_is_counted_until_it_is_done(desk: Desk) -> None:
    service, adviser = desk.service, desk["adviser"]
    due = service.today + timedelta(days=3)
    for _ in range(6):
        row, _, _ = desk.decided()
        actions.agree(
            service, adviser, row["id"], service_id=next(iter(service.services.by_id)), who="the adviser", due=due
        )
        reviews.ask(service, adviser, row["id"], "They see it differently.")
    assert cell(told(desk), "waiting", "Agreed actions that wait", "Number") == 6
    assert cell(told(desk), "waiting", "Agreed actions overdue", "Number") == 0
    assert cell(told(desk), "waiting", "Reviews that wait", "Number") == 6
    desk.clock.move(weeks=4)
    assert cell(told(desk), "waiting", "Agreed actions overdue", "Number") == 6
    assert cell(told(desk), "waiting", "Reviews overdue", "Number") == 6


@pytest.mark.parametrize("who", ["adviser", "administrator", "partner"])
def test_figures_are_for_managers_and_analysts(desk: Desk, who: str) -> None:
    with pytest.raises(AccessError):
        figures(desk.service, desk[who], 4)
    assert figures(desk.service, desk["analyst"], 4).warnings == ()


@pytest.mark.parametrize(("weeks", "office"), [(5, ""), (0, ""), (4, "nowhere")])
def test_there_are_no_other_figures(desk: Desk, weeks: int, office: str) -> None:
    with pytest.raises(AccessError):
        told(desk, weeks, office)
