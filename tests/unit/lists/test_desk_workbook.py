"""What is downloaded says what was decided and corrected, and says it again when it is uploaded."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from tests.unit.lists.desk_doors import by_command, check_same
from tests.unit.lists.tools import FORM, ON, SAFE, engine, rows_of, score, write
from triage.engine import load
from triage.errors import ListError, UsageError
from triage.lists import desk
from triage.lists.desk import Decided
from triage.lists.desk.workbook import _with_objections

pytestmark = pytest.mark.slow

LIST = f"Surname,{FORM}\n" + "".join(f"{name},{SAFE}\n" for name in "ABCDEF") + "Total: 6\n"
DECISIONS = {
    0: Decided("confirmed", "standard", "", "Ann Adviser"),
    1: Decided("overridden", "intensive", "client_asked_for_more", "Ann Adviser", "asked; wants = help"),
    2: Decided("claimed", "enhanced", "other", "Bo", "=1+1"),
    3: Decided("objected", by="Ann Adviser"),
    4: Decided("withdrawn", by="Ann Adviser"),
}


def written(folder: Path, name: str = "out.xlsx", **wanted: Any) -> Path:
    path = write(folder, LIST)
    wanted = {"decisions": DECISIONS, "answers": True, **wanted}
    return desk.workbook(engine(), path, desk.mapping_from(engine(), {}), folder / name, ON, **wanted)


def claims(path: Path) -> list[desk.Claimed | None]:
    return [row.claimed for row in desk.score_rows(engine(), path).rows]


def test_without_changes_it_is_what_the_command_writes(tmp_path: Path) -> None:
    path = written(tmp_path, "one.csv", decisions=None)
    assert path.read_bytes() == score(tmp_path / "list.csv", "two.csv", answers=True).out.read_bytes()


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv"])
def test_decisions_are_claimed_again_as_they_were(tmp_path: Path, name: str) -> None:
    found = claims(written(tmp_path, name))
    assert found == [
        desk.Claimed("standard", "confirmed", "", "Ann Adviser", ""),
        desk.Claimed("intensive", "client_asked_for_more", "asked; wants = help", "Ann Adviser", ""),
        desk.Claimed("enhanced", "other", "=1+1", "Bo", ""),
        *[None] * 4,
    ]


def test_the_workbook_says_what_was_decided(tmp_path: Path) -> None:
    rows = rows_of(written(tmp_path, "out.csv"))
    assert [(row["decided_band"], row["status"]) for row in rows] == [
        ("standard", "decided"),
        ("intensive", "decided"),
        ("enhanced", "claimed"),
        ("", "objected"),
        ("", "proposed"),
        ("", "proposed"),
        ("", "not a client"),
    ]
    book = openpyxl.load_workbook(written(tmp_path))
    about = "\n".join(
        str(cell) for line in book["About this list"].iter_rows(values_only=True) for cell in line if cell
    )
    assert "Decided by a named person: 1 confirmed, 1 changed." in about
    assert "Overrides: 1 claimed, 0 not applied." in about
    meaning = [line[0] for line in book["What the figures mean"].iter_rows(values_only=True)]
    assert "decided" in meaning


def test_who_objected_has_no_figure_in_it(tmp_path: Path) -> None:
    row = rows_of(written(tmp_path, "out.csv"))[3]
    assert [row[name] for name in ("logit", "probability", "lower", "upper", "proposed_band", "reason_1")] == [""] * 6
    assert row["answer_objects_to_scoring"] == "yes"
    again = desk.score_rows(engine(), written(tmp_path)).rows[3]
    assert (again.status, again.figures, again.score) == ("objected", None, None)


def test_a_checklist_on_which_nobody_can_object_says_so(tmp_path: Path) -> None:
    nobody = SimpleNamespace(version="small", context_by_id={})
    with pytest.raises(ListError, match="cannot say who objected"):
        _with_objections({}, [1], nobody)  # type: ignore[arg-type]


def test_corrected_answers_are_written_and_read_again(tmp_path: Path) -> None:
    corrections = {0: {"age": "60", "vehicle": "no"}, 5: {"disability": "yes"}}
    path = written(tmp_path, "sensitive.xlsx", corrections=corrections, sensitive=True)
    first = desk.score_rows(engine(), tmp_path / "list.csv", on=ON, corrections=corrections).rows
    again = desk.score_rows(engine(), path).rows
    for place in (0, 5):
        assert again[place].answers == first[place].answers
        assert again[place].figures == pytest.approx(first[place].figures)
        assert {*again[place].corrected} == {*first[place].corrected} == {*corrections[place]}
    check_same(engine(), again, by_command(engine(), path, on=None))


def test_a_corrected_answer_that_is_kept_apart_is_not_told(tmp_path: Path) -> None:
    rows = rows_of(written(tmp_path, "out.csv", corrections={5: {"disability": "yes"}}, decisions=None))
    assert "answer_disability" not in rows[5]
    assert "isability" not in "".join(rows[5].values())


def test_what_is_sensitive_says_so_in_its_name(tmp_path: Path) -> None:
    assert written(tmp_path, sensitive=True).name == "out-sensitive.xlsx"


def test_people_who_are_decided_need_not_be_spoken_to_first(tmp_path: Path) -> None:
    path = write(
        tmp_path, f"Surname,{FORM}\nA,Falkirk,50,Nat 5,provisional,,alone\nB,Falkirk,50,Nat 5,provisional,,alone\n"
    )
    choices = desk.mapping_from(engine(), {})
    band = desk.score_rows(engine(), path, on=ON).rows[0].band
    decided = {0: Decided("confirmed", str(band), by="Ann")}
    book = openpyxl.load_workbook(desk.workbook(engine(), path, choices, tmp_path / "o.xlsx", ON, decided))
    assert [line[0] for line in book["Speak to first"].iter_rows(values_only=True)][1:] == ["B"]


def test_a_decision_takes_the_place_of_what_the_file_claims(tmp_path: Path) -> None:
    """A claim that was refused in the service must not come back with the download."""
    path = written(tmp_path)
    choices = desk.mapping_from(engine(), {})
    changed = {1: Decided("proposed"), 2: Decided("overridden", "intensive", "other", "Cal", "spoke today")}
    again = desk.workbook(engine(), path, choices, tmp_path / "again.xlsx", None, changed, answers=True)
    found = claims(again)
    assert found[0] == claims(path)[0]
    assert found[1] is None
    assert found[2] == desk.Claimed("intensive", "other", "spoke today", "Cal", "")


@pytest.mark.parametrize(
    ("decisions", "why"),
    [
        ({0: Decided("confirmed", "purple", by="A")}, "names a band that these cut-offs do not have"),
        ({6: Decided("confirmed", "standard", by="A")}, "Row 8 is not a client"),
        ({7: Decided("confirmed", "standard", by="A")}, "a change is for another one"),
    ],
)
def test_decisions_that_do_not_fit_the_list_are_refused(
    tmp_path: Path, decisions: Any, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is left behind: neither half an output nor the rows that waited for it."""
    waiting = tmp_path / "waiting"
    waiting.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(waiting))
    with pytest.raises(ListError, match=why):
        written(tmp_path, decisions=decisions)
    assert {path.name for path in tmp_path.iterdir()} == {"waiting", "list.csv"}
    assert not list(waiting.iterdir())


def test_an_ending_that_nobody_can_open_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"must end in .csv or .xlsx"):
        written(tmp_path, "out.docx")


@pytest.mark.parametrize(
    ("cells", "band", "why"),
    [
        (("standard", "confirmed", "Ann"), "standard", ""),
        (("PACE support", "Confirmed: spoke today", "Ann"), "standard", ""),
        (("intensive", "confirmed", "Ann"), None, "only the proposed band can be confirmed"),
        (("standard", "confirmed", ""), None, "nobody is named"),
        (("", "confirmed", "Ann"), None, "there is no band"),
    ],
)
def test_a_proposal_can_be_confirmed_in_the_spreadsheet(tmp_path: Path, cells: Any, band: Any, why: str) -> None:
    path = written(tmp_path, "out.csv", decisions=None)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    lines[1] = lines[1].removesuffix(",,,") + "," + ",".join(f'"{cell}"' for cell in cells)
    claimed = claims(write(tmp_path, "\n".join(lines) + "\n", "filled.csv"))[0]
    assert claimed is not None
    assert claimed.band == band
    assert why in claimed.problem
    if band is not None:
        assert (claimed.reason, claimed.by) == ("confirmed", "Ann")


def test_an_engine_with_other_cut_offs_takes_the_list_as_well(tmp_path: Path) -> None:
    from tests.unit.lists.test_score_list import capacity

    tight = load(cutoffs=capacity(tmp_path, 2))
    path = write(tmp_path, LIST)
    out = desk.workbook(tight, path, desk.mapping_from(tight, {}), tmp_path / "o.xlsx", ON, {0: DECISIONS[1]})
    assert desk.score_rows(tight, out).rows[0].claimed is not None
