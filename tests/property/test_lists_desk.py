"""Whatever is in a list: the service says what the command says, and decisions survive a download and an upload."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.lists_strategies import lists, save
from tests.unit.lists.desk_doors import by_command, check_same
from tests.unit.lists.tools import FORM, ON, SAFE, engine, write
from triage.decisions import load_reasons
from triage.lists import desk
from triage.lists.changes import one_line
from triage.lists.desk import Decided, Row

FEW = settings(max_examples=max(40, settings().max_examples // 4))
FEWER = settings(max_examples=max(15, settings().max_examples // 20))
TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\ufeff"), max_size=30)
NAMED = TEXT.filter(lambda text: any(map(str.isalpha, text)))
SMALL = st.sampled_from(
    ["", "Ann", "Bo", "Cy Example", "ann@x.example", "1975-04-03", "1980-01-01", "07700900123", "7"]
)
KINDS = ("surname", "forename", "full_name", "reference", "email", "mobile", "born")


@FEW
@given(lists())
def test_both_doors_say_the_same_of_any_list(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = save(rows, Path(folder) / "list.csv")
        found = desk.score_rows(engine(), path, on=ON).rows
        check_same(engine(), found, by_command(engine(), path))
        looked = desk.look(engine(), path, on=ON)
        assert looked.rows == len(found)
        assert looked.clients == sum(row.client for row in found)
        assert all(Row.from_dict(row.to_dict(), row.private.__dict__) == row for row in found)


@FEW
@given(lists(), st.data())
def test_a_corrected_answer_counts_as_given_and_touches_nobody_else(rows: list[list[str]], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = save(rows, Path(folder) / "list.csv")
        before = desk.score_rows(engine(), path, on=ON).rows
        chosen = data.draw(st.sampled_from([row for row in before if row.client]))
        question = data.draw(st.sampled_from([item for item in engine().checklist.questions if item.options]))
        answer = data.draw(st.sampled_from([*question.by_id, "declined", ""]))
        after = desk.score_rows(engine(), path, on=ON, corrections={chosen.place: {question.id: answer}}).rows
    corrected = after[chosen.place]
    given = {name: value for name, value in {**chosen.given, question.id: answer}.items() if value}
    assert corrected.given == given
    if corrected.score is not None:
        assert corrected.score == engine().score(given, on=ON).to_dict()
    assert (question.id in corrected.corrected) == (corrected != chosen)
    assert question.id not in {item.question for item in corrected.to_mend}
    assert all(one == other for one, other in zip(before, after, strict=True) if one.place != chosen.place)


@st.composite
def decisions(draw: st.DrawFn) -> Decided:
    """A decision that the rules allow about somebody for whom the standard support is proposed."""
    reasons = [reason for reason in load_reasons().reasons if "up" in reason.directions]
    note = draw(TEXT)
    state = draw(st.sampled_from(["confirmed", "overridden", "claimed", "proposed", "withdrawn"]))
    if state == "confirmed":
        return Decided(state, "standard", "", draw(NAMED), note)
    reason = draw(st.sampled_from(reasons))
    note = note if one_line(note) or reason.note != "required" else "spoke today"
    return Decided(state, draw(st.sampled_from(["enhanced", "intensive"])), reason.id, draw(NAMED), note)


@FEWER
@given(st.lists(decisions(), min_size=1, max_size=4), st.sampled_from(["out.csv", "out.xlsx"]))
def test_decisions_come_back_without_loss(taken: list[Decided], name: str) -> None:
    """Line breaks and signs that no workbook can hold become spaces, and National Insurance numbers go."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), f"Surname,{FORM}\n" + f"A,{SAFE}\n" * len(taken))
        out = desk.workbook(
            engine(), path, desk.mapping_from(engine(), {}), Path(folder) / name, ON, dict(enumerate(taken))
        )
        rows = desk.score_rows(engine(), out).rows
    for row, decision in zip(rows, taken, strict=True):
        if not decision.written:
            assert row.claimed is None
            continue
        assert row.claimed is not None
        assert (row.claimed.band, row.claimed.problem) == (decision.band, "")
        assert row.claimed.reason == (decision.reason or "confirmed")
        assert (row.claimed.by, row.claimed.note) == (one_line(decision.by), one_line(decision.note))


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(KINDS, SMALL)), max_size=6), st.integers(0, 6))
def test_matches_are_the_same_from_both_sides_and_have_a_reason(people: list[dict[str, str]], cut: int) -> None:
    one = {f"a{place}": person for place, person in enumerate(people[:cut])}
    other = {f"b{place}": person for place, person in enumerate(people[cut:])}
    found = desk.possible_matches(engine(), one, other)
    turned = desk.possible_matches(engine(), other, one)
    assert {(match.one, match.other, match.reasons, match.against) for match in found} == {
        (match.other, match.one, match.reasons, match.against) for match in turned
    }
    for match in found:
        left, right = one[match.one], other[match.other]
        assert match.reasons
        assert (match.sure == "unsure") == bool(match.against)
        assert left["born"] == right["born"] or not (left["born"] and right["born"]) or match.against
        shared = {kind for kind in ("reference", "email", "mobile", "born") if left[kind] and left[kind] == right[kind]}
        assert shared, "a name alone is nobody's match"
        assert shared != {"email"} or "same email and forename" in match.reasons
