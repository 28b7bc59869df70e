"""Does the service refuse every cut-offs file that nobody has answered for, and say all that is missing?"""

from __future__ import annotations

import copy
import dataclasses
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from triage.checklist import Checklist
from triage.cli.main import main
from triage.content import content_root
from triage.cutoffs import Cutoffs, check_governed
from triage.cutoffs.governed import MARKER, uses
from triage.errors import CutoffsError
from triage.schema import as_data

DEFAULT = content_root() / "models" / "cutoffs" / "default.yaml"
ROOT = Path(__file__).resolve().parents[2]
CHECKLIST = Checklist.load()
ON = date(2026, 11, 2)
GOVERNANCE: dict[str, Any] = {
    "approved_by": "Invented board for employability",
    "approved_on": date(2026, 10, 1),
    "review_date": date(2027, 9, 30),
    "assessments": {"data_protection": "DPIA 2026-14", "equality": "EqIA 2026-9"},
    "protected_characteristics": {
        "age": "Risk rises with age in published research, and a rule without it reached fewer of those at risk.",
        "disability": "The answers can add support and never take any away.",
    },
}


def cutoffs(tmp_path: Path, governance: dict[str, Any] | None) -> Cutoffs:
    """The shipped bands with another governance part."""
    data = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
    data.pop("governance")
    path = tmp_path / "ours.yaml"
    path.write_text(yaml.safe_dump(data | ({"governance": governance} if governance is not None else {})))
    return Cutoffs.load(path)


def changed(*path: str, to: Any) -> dict[str, Any]:
    """The good governance part with one thing changed; `...` takes it away."""
    data = copy.deepcopy(GOVERNANCE)
    target = data
    for step in path[:-1]:
        target = target[step]
    if to is ...:
        del target[path[-1]]
    else:
        target[path[-1]] = to
    return data


def refused(file: Cutoffs, on: date = ON, demonstration: bool = False) -> list[str]:
    """The faults for which a file is refused."""
    with pytest.raises(CutoffsError) as caught:
        check_governed(file, CHECKLIST, on, demonstration)
    assert file.version in caught.value.message
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("demonstration", [False, True])
def test_a_file_that_somebody_answers_for_is_taken(tmp_path: Path, demonstration: bool) -> None:
    check_governed(cutoffs(tmp_path, GOVERNANCE), CHECKLIST, ON, demonstration)


@pytest.mark.parametrize(
    ("path", "to", "says"),
    [
        (("approved_by",), ..., "'approved_by' is missing"),
        (("approved_by",), "  ", "'approved_by' is missing"),
        (("approved_by",), f"**{MARKER} who approves]**", "'approved_by' still holds a marker"),
        (("approved_on",), ..., "'approved_on' is missing"),
        (("approved_on",), date(2026, 11, 3), "'approved_on' is 2026-11-03, after 2026-11-02"),
        (("review_date",), ..., "'review_date' is missing"),
        (("review_date",), date(2026, 11, 1), "'review_date' was 2026-11-01"),
        (("assessments",), ..., "'assessments.data_protection' is missing"),
        (("assessments", "data_protection"), "", "'assessments.data_protection' is missing"),
        (("assessments", "equality"), ..., "'assessments.equality' is missing"),
        (("protected_characteristics",), ..., "no reason for 'age': say why 'age' must be used"),
        (("protected_characteristics", "age"), "", "no reason for 'age'"),
        (("protected_characteristics", "disability"), ..., "why 'physical_ability', 'disability', 'mental_ability'"),
        (("protected_characteristics", "age"), f"{MARKER} why]", "the reason for 'age' still holds a marker"),
        (("protected_characteristics", "disabilty"), "why", "Did you mean 'disability'?"),
    ],
)
def test_each_missing_thing_is_named(tmp_path: Path, path: tuple[str, ...], to: Any, says: str) -> None:
    assert any(says in fault for fault in refused(cutoffs(tmp_path, changed(*path, to=to))))


@pytest.mark.parametrize("governance", [None, {}])
def test_everything_that_is_missing_is_named_at_once(tmp_path: Path, governance: dict[str, Any] | None) -> None:
    said = refused(cutoffs(tmp_path, governance))
    assert len(said) == 7
    for name in ("approved_by", "approved_on", "review_date", "data_protection", "equality", "'age'", "'disability'"):
        assert any(name in fault for fault in said), name


def test_the_day_of_the_review_is_the_last_on_which_it_holds(tmp_path: Path) -> None:
    file = cutoffs(tmp_path, GOVERNANCE)
    check_governed(file, CHECKLIST, GOVERNANCE["review_date"], demonstration=False)
    assert len(refused(file, GOVERNANCE["review_date"] + timedelta(days=1))) == 1


def test_a_review_before_the_approval_is_a_fault_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(CutoffsError, match="'review_date' must be after 'approved_on'"):
        cutoffs(tmp_path, changed("review_date", to=date(2026, 10, 1)))


def test_the_shipped_file_is_taken_for_demonstration_and_never_for_clients() -> None:
    shipped = Cutoffs.load()
    for on in (ON, date(2100, 1, 1)):
        check_governed(shipped, CHECKLIST, on, demonstration=True)
    [fault] = refused(shipped)
    assert "for demonstration only" in fault


def test_the_shipped_file_says_in_each_place_that_it_is_for_demonstration() -> None:
    governance = Cutoffs.load().file.governance
    assert governance is not None
    said = as_data(governance)
    texts = [said["approved_by"], *said["assessments"].values(), *said["protected_characteristics"].values()]
    assert len(texts) == 5
    assert all("for demonstration only" in text.casefold() for text in texts)


def test_a_file_for_demonstration_has_to_say_why_too(tmp_path: Path) -> None:
    said = refused(cutoffs(tmp_path, {"demonstration": True}), demonstration=True)
    assert len(said) == 5, "all but the dates"


def test_what_needs_a_reason_comes_from_the_checklist() -> None:
    assert uses(CHECKLIST) == {"age": ("age",), "disability": ("physical_ability", "disability", "mental_ability")}
    other = Checklist.load(ROOT / "tests" / "data" / "displaced")
    assert list(uses(other)) == ["age", "marriage_civil_partnership", "sex", "race"]


def test_a_special_category_question_without_a_characteristic_needs_a_reason_too() -> None:
    """An organisation that forgets to mark a health question would otherwise use it without saying why."""
    questions = tuple(dataclasses.replace(question, protected=None) for question in CHECKLIST.questions)
    checklist = copy.copy(CHECKLIST)
    checklist.questions = questions
    assert list(uses(checklist)) == ["physical_ability", "disability", "mental_ability"]


# ------------------------------------------------------------------------- the command


def check(capsys: pytest.CaptureFixture[str], file: Cutoffs, tmp_path: Path, on: str) -> str:
    assert main(["cutoffs", "check", str(tmp_path / "ours.yaml"), "--on", on]) == 0
    return capsys.readouterr().out.split("No fault was found.\n")[1]


def test_the_command_says_whether_a_file_is_ready(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = cutoffs(tmp_path, GOVERNANCE)
    ready = "Ready for the service: approved by Invented board for employability, to be reviewed by 2027-09-30.\n"
    assert check(capsys, file, tmp_path, "2026-11-02") == ready
    late = check(capsys, file, tmp_path, "2027-10-01")
    assert late.splitlines() == [
        "Not ready for the service:",
        "  - governance: 'review_date' was 2027-09-30. Review them, and have them approved again.",
    ]


def test_the_command_says_that_a_file_is_for_demonstration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = cutoffs(tmp_path, GOVERNANCE | {"demonstration": True})
    assert check(capsys, file, tmp_path, "2026-11-02").startswith("For demonstration only:")
