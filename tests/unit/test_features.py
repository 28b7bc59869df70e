"""Is a features file that does not fit its checklist refused with every fault, and is its contract complete?"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from tests.unit.small_content import Folder
from triage.checklist import Checklist
from triage.engine.answers import AnswerReader
from triage.errors import ContentError
from triage.features import Features


def load(path: Path) -> Features:
    return Features.load(Checklist.load(path))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "own")


def test_answers_become_grid_values(folder: Folder) -> None:
    features = load(folder.write())
    assert features.encode("licence", "part") == (1.0,)
    assert all(math.isnan(value) for value in features.encode("licence", "medical"))
    assert all(math.isnan(value) for value in features.encode("licence", "unclear"))
    assert features.encode("earned", 1999.99) == (1000.0,)
    assert features.encode("earned", 4_999_999.0) == (3_000_000.0,), "beyond the grid is the grid's end"
    assert features.encode("place", "A2") == (7.3,)


def test_what_can_be_answered_is_listed(folder: Folder) -> None:
    features = load(folder.write())
    found = {question.id: features.options(question) for question in features.checklist.questions}
    assert found["licence"] == ("full", "part", "none", "medical", "unclear")
    assert found["earned"] == ()
    assert found["place"] == ("A1", "A2")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda f: f.features.update(checklist="pace"), "written for the checklist 'pace', not 'small'"),
        (lambda f: f.features["inputs"].pop(0), "the question 'licence' has no input"),
        (lambda f: f.features["inputs"][0].update(question="licens"), "Did you mean 'licence'?"),
        (lambda f: f.features["inputs"][1].update(id="licence"), "a second input has this id"),
        (lambda f: f.features["inputs"][0]["codes"].pop("none"), "the option 'none' has no code"),
        (lambda f: f.features["inputs"][0]["codes"].update(medical=3), "no option 'medical' that counts"),
        (lambda f: f.features["inputs"][0]["codes"].update(non=3), "Did you mean 'none'?"),
        (lambda f: f.features["inputs"][0]["codes"].update(full=5), "do not follow the direction"),
        (lambda f: f.features["inputs"][0]["codes"].update(full=1.5), "codes"),
        (lambda f: f.features["inputs"][0]["codes"].update(none=1001), "between -1000 and 1000"),
        (lambda f: f.features["inputs"][0].update(direction="falls"), "do not follow the direction"),
        (lambda f: f.features["inputs"][0].update(direction="up"), "direction"),
        (lambda f: f.features["inputs"][1].update(direction="rises"), "direction"),
        (lambda f: f.features["inputs"][0].pop("codes"), "either 'codes' or 'number'"),
        (lambda f: f.features["inputs"][1].update(codes={"a": 1}), "either 'codes' or 'number'"),
        (lambda f: f.features["inputs"][2].pop("table"), "takes its number from a 'table'"),
        (lambda f: f.features["inputs"][1].update(table={"file": "areas.csv", "column": "rate"}), "from a 'table'"),
        (lambda f: f.features["inputs"][2]["table"].update(column="rat"), "no column 'rat'"),
        (lambda f: f.features["inputs"][2]["table"].update(file="none.csv"), "no none.csv"),
        (lambda f: f.features["inputs"][2]["number"].update(step=0), "step"),
        (lambda f: f.features["inputs"][2]["number"].update(step=0.001), "more than 5,000 values"),
        (lambda f: f.features["inputs"][2]["number"].update({"from": 10}), "'from' must be below 'to'"),
        (lambda f: f.features["inputs"][2]["number"].update(round="up"), "round"),
        (lambda f: f.features.update(inputs=[]), "inputs"),
    ],
)
def test_a_fault_is_named(folder: Folder, change: Any, says: str) -> None:
    change(folder)
    with pytest.raises(ContentError) as caught:
        load(folder.write())
    assert says in str(caught.value)


def test_every_fault_is_named_at_once(folder: Folder) -> None:
    folder.features["checklist"] = "other"
    folder.features["inputs"][0]["codes"].pop("none")
    folder.features["inputs"].pop(1)
    with pytest.raises(ContentError) as caught:
        load(folder.write())
    assert len(caught.value.faults) == 3


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"id": "full_", "text": "Something else"}, "the options 'full' and 'full_' read alike"),
        ({"id": "other", "text": "FULL."}, "the options 'full' and 'other' read alike"),
        ({"id": "other", "text": "none"}, "the options 'none' and 'other' read alike"),
    ],
)
def test_options_that_read_alike_are_refused(folder: Folder, option: dict[str, Any], words: str) -> None:
    """Otherwise the word of one answer would be taken for the other, in silence."""
    folder.checklist["questions"][0]["options"].insert(3, option)
    folder.features["inputs"][0]["codes"][option["id"]] = 3
    with pytest.raises(ContentError, match=words):
        load(folder.write())


def test_the_contract_is_data_that_any_language_can_read(folder: Folder) -> None:
    contract = json.loads(json.dumps(load(folder.write()).contract))
    assert contract["inputs"][0] == {
        "id": "licence",
        "question": "licence",
        "direction": "rises",
        "codes": {"full": 0, "part": 1, "none": 2},
    }
    assert contract["inputs"][1]["grid"] == {"unit": "pounds", "from": 0.0, "to": 3_000_000.0, "step": "1000.0"}
    assert contract["inputs"][2]["edges_from"] == 0.05


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.features["inputs"][0]["codes"].update(none=3),
        lambda f: f.features["inputs"][1]["number"].update(step=2000),
        lambda f: f.features["inputs"][1]["number"].update(round="nearest"),
        lambda f: f.features["inputs"][1]["number"].update(to=2_000_000),
        lambda f: f.features["inputs"].reverse(),
        lambda f: f.features.update(version="2"),
    ],
)
def test_whatever_changes_the_numbers_changes_the_contract(folder: Folder, change: Any) -> None:
    before = load(folder.write()).contract_digest
    change(folder)
    assert load(folder.write()).contract_digest != before


def test_words_and_figures_do_not_change_the_contract(folder: Folder) -> None:
    """A clearer wording, or next year's unemployment, needs no new model."""
    before = load(folder.write()).contract_digest
    folder.checklist["questions"][0]["ask"] = "Do you hold a licence?"
    folder.areas = folder.areas.replace("2.5", "2.9")
    assert load(folder.write()).contract_digest == before


def test_a_question_with_a_huge_range_of_whole_numbers_loads_at_once(folder: Folder) -> None:
    """Five million pounds, each a whole one: they are not all read beforehand."""
    folder.checklist["questions"][1]["number"]["whole"] = True
    reader = AnswerReader(load(folder.write()))
    assert reader.read({"earned": 1_234_567}).answers == {"earned": 1_234_567}
    assert sum(len(codes._quick) for codes in reader._codes.values()) < 100
