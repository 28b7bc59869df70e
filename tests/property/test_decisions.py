"""Can any row of steps break the rule that a named person decides and that no record is ever edited?"""

from __future__ import annotations

import dataclasses
import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage
from tests.clients import answers_to, clients
from tests.worlds import examples
from triage.decisions import (
    TRANSITIONS,
    By,
    Decision,
    Desk,
    band_in_force,
    can,
    check_can,
    check_reproduces,
    diagram,
    state_of,
)
from triage.errors import DecisionError, ObjectedError

ENGINE = triage.load()
DESK = Desk(ENGINE.cutoffs)
BANDS = [band.id for band in ENGINE.cutoffs.bands]
START = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
ACTIONS = ("claim", "accept", "refuse", "confirm", "override", "ask", "withdraw", "object")
STATES = ("proposed", "claimed", "confirmed", "overridden", "withdrawn", "objected")
PROPOSED = {"age": 57, "qualifications": "none", "area": "Glasgow City", "household": "partner", "vehicle": "no"}


def by(minute: int, name: str = "A. Adviser") -> By:
    return By(name, START + timedelta(minutes=minute))


def take(action: str, score: Any, minute: int, history: list[Decision], band: str) -> Decision:
    """One step, whichever it is."""
    if action == "object":
        return DESK.object(by(minute), history)
    if action in ("override", "claim"):
        return getattr(DESK, action)(score, band, "other", by(minute), history, "a note")
    if action == "ask":
        return DESK.ask_for_more(score, by(minute), history)
    return getattr(DESK, action)(score, by(minute), history)


@given(
    person=answers_to(ENGINE),
    steps=st.lists(st.tuples(st.sampled_from(ACTIONS), st.sampled_from(BANDS)), max_size=10),
)
@examples(150)
def test_any_row_of_steps_leaves_a_sound_history(person: dict[str, Any], steps: list[tuple[str, str]]) -> None:
    """A step that the table does not allow is refused and leaves no trace; every other one leaves a record."""
    score = ENGINE.score(person)
    history: list[Decision] = []
    refusals: list[str] = []
    for minute, (action, band) in enumerate(steps):
        before = state_of(history)
        kept = [record.to_json() for record in history]
        try:
            record = take(action, score, minute, history, band)
        except DecisionError as problem:
            refusals.append(problem.message)
        else:
            assert (before, action) in TRANSITIONS
            assert record.state == TRANSITIONS[before, action]
            assert record.by == "A. Adviser"
            assert record.at.tzinfo is not None
            history.append(record)
        assert [record.to_json() for record in history[: len(kept)]] == kept, "no record is ever edited"
    assert all(message.endswith((".", "?")) for message in refusals), "each says what to do, in a sentence"
    assert state_of(history) in STATES
    in_force = band_in_force(history)
    assert (in_force is not None) == (state_of(history) in ("confirmed", "overridden"))
    assert in_force is None or in_force in BANDS
    again = [Decision.from_json(record.to_json()) for record in history]
    assert again == history
    assert state_of(again) == state_of(history)
    for record in again:
        if record.score is not None:
            check_reproduces(record, ENGINE)


@pytest.mark.parametrize(("state", "action"), list(itertools.product(STATES, ACTIONS)))
def test_the_table_is_the_whole_life_of_a_proposal(state: Any, action: Any) -> None:
    """Every state with every action, said once more here: a change of the table has to be meant."""
    allowed = {
        "proposed": {"confirm", "override", "ask", "claim", "object"},
        "claimed": {"accept", "refuse", "object"},
        "confirmed": {"ask", "withdraw", "object"},
        "overridden": {"ask", "withdraw", "object"},
        "withdrawn": {"confirm", "override", "ask", "claim", "object"},
        "objected": {"withdraw"},
    }
    assert can(state, action) == (action in allowed[state])
    if action in allowed[state]:
        assert check_can(state, action) == TRANSITIONS[state, action]
    else:
        with pytest.raises(DecisionError) as caught:
            check_can(state, action)
        assert all(step in str(caught.value) for step in allowed[state]), "it says what is possible"


def test_a_client_can_object_from_every_state_and_take_it_back() -> None:
    for state in STATES:
        if state != "objected":
            assert check_can(state, "object") == "objected"
    assert check_can("objected", "withdraw") == "withdrawn"


def test_the_diagram_draws_every_transition_and_no_other() -> None:
    drawn = {line.strip() for line in diagram().splitlines() if ":" in line}
    assert drawn == {f"{before} --> {after}: {action}" for (before, action), after in TRANSITIONS.items()}


def test_a_score_is_a_proposal_until_a_named_person_decides() -> None:
    score = ENGINE.score(PROPOSED)
    assert score.status == "proposed"
    assert band_in_force([]) is None
    assert band_in_force([DESK.confirm(score, by(1))]) == score.band
    with pytest.raises(DecisionError, match="name of the person"):
        DESK.confirm(score, By("  ", START))
    with pytest.raises(DecisionError, match="time zone"):
        DESK.confirm(score, By("A. Adviser", datetime(2026, 9, 15)))


@pytest.mark.parametrize("band", BANDS)
def test_a_person_can_override_in_either_direction_with_a_reason(band: str) -> None:
    score = ENGINE.score(PROPOSED)
    if band == score.band:
        with pytest.raises(DecisionError, match="Confirm it instead"):
            DESK.override(score, band, "other", by(1), note="why")
        return
    record = DESK.override(score, band, "other", by(1), note="why")
    assert band_in_force([record]) == band
    assert record.proposed_band == score.band, "what was proposed is kept beside"
    assert record.score == score.to_dict()
    with pytest.raises(DecisionError, match="note"):
        DESK.override(score, band, "other", by(1))
    with pytest.raises(DecisionError, match="not a known reason"):
        DESK.override(score, band, "because", by(1), note="why")


def test_no_override_offers_less_than_the_standard_support() -> None:
    score = ENGINE.score(PROPOSED)
    for word in ("none", "excluded", "", "below_standard"):
        with pytest.raises(triage.UserError):
            DESK.override(score, word, "other", by(1), note="why")


def test_complex_needs_and_asking_for_more_never_lower_a_band() -> None:
    score = ENGINE.score(PROPOSED)
    assert score.band in BANDS[1:]
    for reason in ("several_complex_needs", "client_asked_for_more"):
        with pytest.raises(DecisionError, match="cannot move a band down"):
            DESK.override(score, "standard", reason, by(1), note="why")


def test_asking_for_more_gives_the_next_band_up_for_the_asking() -> None:
    seen = set()
    for person in [PROPOSED, {}, *clients(ENGINE, 80, seed=3, silent=0.1)]:
        score = ENGINE.score(person)
        seen.add(score.band)
        place = BANDS.index(score.band) if score.band is not None else 0
        if score.band == BANDS[-1]:
            with pytest.raises(DecisionError, match="most support already"):
                DESK.ask_for_more(score, by(1))
        else:
            record = DESK.ask_for_more(score, by(1))
            assert band_in_force([record]) == BANDS[place + 1]
            assert record.reason == "client_asked_for_more"
    assert seen == {None, *BANDS}


def test_asking_for_more_counts_from_the_band_in_force_at_any_time() -> None:
    score = ENGINE.score({})
    confirmed_higher = DESK.override(score, BANDS[1], "other", by(1), note="why")
    asked = DESK.ask_for_more(score, by(2), [confirmed_higher])
    assert band_in_force([confirmed_higher, asked]) == BANDS[2]
    with pytest.raises(DecisionError, match="most support already"):
        DESK.ask_for_more(score, by(3), [confirmed_higher, asked])
    for band in (BANDS[0], BANDS[2]):
        with pytest.raises(DecisionError, match="next band up, and no other"):
            DESK.override(score, band, "client_asked_for_more", by(1))


def test_nothing_can_be_confirmed_where_no_band_is_proposed() -> None:
    with pytest.raises(DecisionError, match="No band is proposed"):
        DESK.confirm(ENGINE.score({}), by(1))


def test_a_record_and_a_score_cannot_be_changed() -> None:
    score = ENGINE.score(PROPOSED)
    record = DESK.confirm(score, by(1))
    for thing, name in ((record, "band"), (record, "by"), (score, "logit"), (score, "band")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, name, "other")
    for mapping in (score.answers, score.contributions, score.context, score.by_factor):
        with pytest.raises(TypeError):
            mapping["age"] = 1


def test_a_claim_counts_only_once_the_person_it_names_accepts_it() -> None:
    score = ENGINE.score(PROPOSED)
    up = BANDS[-1] if score.band != BANDS[-1] else BANDS[1]
    claim = DESK.claim(score, up, "other", by(1, "B. Named"))
    assert band_in_force([claim]) is None
    with pytest.raises(DecisionError, match="Only the person"):
        DESK.accept(score, by(2, "C. Else"), [claim])
    accepted = DESK.accept(score, by(2, " b. named "), [claim])
    assert band_in_force([claim, accepted]) == up
    assert accepted.withdraws == claim.id
    refused = DESK.refuse(score, by(2), [claim])
    assert band_in_force([claim, refused]) is None
    assert state_of([claim, refused]) == "proposed"


def test_an_objection_holds_no_score() -> None:
    record = DESK.object(by(1))
    assert record.score is None
    assert record.proposed_band is None
    assert state_of([record]) == "objected"
    with pytest.raises(ObjectedError, match=r"[Ee]very service"):
        ENGINE.score(PROPOSED | {"objects_to_scoring": "yes"})
    with pytest.raises(DecisionError, match="nothing to reproduce"):
        check_reproduces(record, ENGINE)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"logit": -1.5}, "logit"),
        ({"lower_logit": -9.0}, "lower_logit"),
        ({"contributions": {}}, "contribution of 'age'"),
        ({"band": "standard"}, "band"),
        ({"inputs": [None] * 18}, "logit"),
    ],
)
def test_a_record_that_was_tampered_with_does_not_reproduce(change: dict[str, Any], word: str) -> None:
    record = DESK.confirm(ENGINE.score(PROPOSED), by(1))
    assert record.score is not None
    check_reproduces(record, ENGINE)
    changed = dataclasses.replace(record, score=dict(record.score) | change)
    with pytest.raises(DecisionError) as caught:
        check_reproduces(changed, ENGINE)
    assert word in str(caught.value)


def test_a_record_of_other_versions_says_which_to_load() -> None:
    record = DESK.confirm(ENGINE.score(PROPOSED), by(1))
    versions = {"model": "evidence-1999.1", "checklist": "pace-1", "cutoffs": "none"}
    changed = dataclasses.replace(record, score=dict(record.score or {}) | {"versions": versions})
    with pytest.raises(DecisionError, match=r"evidence-1999\.1"):
        check_reproduces(changed, ENGINE)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "not json", '{"action": "confirm"}', '{"at": 5}'])
def test_a_damaged_record_is_refused_plainly(text: str) -> None:
    with pytest.raises(DecisionError, match="not a decision record"):
        Decision.from_json(text)


def test_a_history_that_does_not_follow_is_refused() -> None:
    score = ENGINE.score(PROPOSED)
    confirmed = DESK.confirm(score, by(1))
    with pytest.raises(DecisionError, match="not possible"):
        state_of([confirmed, confirmed])
    with pytest.raises(DecisionError, match="Record 1"):
        state_of([dataclasses.replace(confirmed, state="overridden")])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("probability", 0.5),
        ("lower", 0.0),
        ("upper", 1.0),
        ("logit", -1.0),
        ("lower_logit", -3.0),
        ("upper_logit", 0.0),
        ("baseline", -2.0),
        ("band", "standard"),
        ("contributions", {}),
        ("inputs", []),
        ("versions", None),
    ],
)
def test_a_record_with_a_changed_figure_is_found_out(name: str, value: object) -> None:
    record = DESK.confirm(ENGINE.score(PROPOSED), by(1))
    check_reproduces(record, ENGINE)
    assert record.score is not None
    with pytest.raises(DecisionError):
        check_reproduces(dataclasses.replace(record, score={**record.score, name: value}), ENGINE)
    with pytest.raises(DecisionError):
        check_reproduces(dataclasses.replace(record, proposed_band="standard"), ENGINE)


@pytest.mark.parametrize("change", [{"by": 5}, {"by": None}, {"by": "\u200b"}, {"at": 5}, {"note": 7}, {"extra": 1}])
def test_a_record_of_wrong_types_is_refused_plainly(change: dict[str, object]) -> None:
    text = DESK.confirm(ENGINE.score(PROPOSED), by(1)).to_json()
    with pytest.raises(DecisionError):
        Decision.from_json(json.dumps({**json.loads(text), **change}))
