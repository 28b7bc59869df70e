"""Is every way of getting a checklist wrong refused, and is what ships read the same with and without checks?"""

from __future__ import annotations

import copy
import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from triage.checklist import Checklist, Question, applies
from triage.checklist.schema import ChecklistFile
from triage.content import content_root
from triage.cutoffs import CutoffsFile
from triage.decisions.reasons import ReasonCodes
from triage.errors import ContentError
from triage.features.schema import FeaturesFile
from triage.features.synonyms import Synonyms
from triage.outcomes import OutcomeKinds
from triage.records.periods import Periods
from triage.schema import as_data, construct, validate
from triage.scorecard.recipe import Recipe

GOOD: dict[str, Any] = {
    "id": "small",
    "version": "1",
    "title": "Small",
    "source": {"title": "Invented"},
    "label": {"outcome": "out", "complement": "in", "horizon_weeks": 52, "horizon": "later", "among": "people"},
    "factors": [{"id": "one", "row": "1", "name": "One", "stars": 2}],
    "questions": [
        {
            "id": "licence",
            "factor": "one",
            "label": "Licence",
            "ask": "Have you a licence?",
            "kind": "choice",
            "options": [
                {"id": "full", "text": "Full", "say": "a full one"},
                {"id": "none", "text": "None"},
                {"id": "medical", "text": "Cannot, for a medical reason", "counts_as": "declined"},
            ],
            "direction": {"risk": "rises", "words": "none is worse"},
            "event_form": 1,
        },
        {
            "id": "years",
            "factor": "one",
            "label": "Years",
            "ask": "How many?",
            "kind": "number",
            "number": {"unit": "years", "from": 0, "to": 50, "whole": True},
        },
        {"id": "place", "factor": "one", "label": "Place", "ask": "Where?", "kind": "area"},
    ],
    "context": [{"id": "job_ends", "label": "Ends", "ask": "When?", "kind": "date"}],
}


def write(tmp_path: Path, data: Any) -> Path:
    (tmp_path / "checklist.yaml").write_text(yaml.safe_dump(data, sort_keys=False))
    return tmp_path


def test_a_good_checklist_is_read(tmp_path: Path) -> None:
    checklist = Checklist.load(write(tmp_path, GOOD))
    assert checklist.version == "small-1"
    assert [question.id for question in checklist.questions] == ["licence", "years", "place"]
    licence = checklist.question("licence")
    assert [option.id for option in licence.ordered] == ["full", "none"]
    assert licence.by_id["full"].spoken == "a full one"
    assert licence.by_id["none"].spoken == "None"
    assert licence.decline
    assert licence.interview
    assert [question.id for question in checklist.event_form] == ["licence"]
    assert checklist.factor("one").stars == 2


def _set(*path: Any, to: Any) -> Any:
    def change(data: dict[str, Any]) -> None:
        target: Any = data
        for step in path[:-1]:
            target = target[step]
        if to is _set:
            del target[path[-1]]
        else:
            target[path[-1]] = to

    return change


Q = "questions"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_set("id", to="Small one"), "small letters, digits and underscores"),
        (_set("version", to=1), "'version'"),
        (_set("title", to=_set), "'title': this is missing"),
        (_set("colour", to="red"), "'colour': this is not a known field"),
        (_set("label", "horizon_weeks", to=0), "'label.horizon_weeks'"),
        (_set("label", "horizon_weeks", to=521), "'label.horizon_weeks'"),
        (_set("factors", to=[]), "'factors'"),
        (_set("factors", 0, "stars", to=4), "'factors.0.stars'"),
        (_set(Q, to=[]), "'questions'"),
        (_set(Q, 0, "factor", to="onne"), "Did you mean 'one'?"),
        (_set(Q, 0, "kind", to="choise"), "Did you mean 'choice'?"),
        (_set(Q, 0, "options", to=[]), "a choice has options"),
        (_set(Q, 0, "options", to=[{"id": "a", "text": "A"}]), "at least two options that count"),
        (_set(Q, 0, "options", 1, "counts_as", to="neutral"), "at least two options that count"),
        (_set(Q, 0, "options", 1, "counts_as", to="nothing"), "'questions.0.options.1.counts_as'"),
        (_set(Q, 0, "options", 1, "id", to="full"), "two options have the same id"),
        (_set(Q, 0, "options", 1, "id", to="declined"), "the option id 'declined' is reserved"),
        (_set(Q, 0, "options", 1, "id", to="not_asked"), "reserved"),
        (_set(Q, 0, "options", 1, "id", to="not_applicable"), "reserved"),
        (_set(Q, 0, "options", 1, "id", to=False), "'questions.0.options.1.id'"),
        (_set(Q, 0, "direction", "risk", to="up"), "'questions.0.direction.risk'"),
        (_set(Q, 0, "event_form", to=7), "'questions.0.event_form'"),
        (_set(Q, 1, "event_form", to=1), "same place on the event form"),
        (_set(Q, 0, "sensitivity", to="special_category"), "cannot stand on the event form"),
        (_set(Q, 0, "sensitivity", to="secret"), "'questions.0.sensitivity'"),
        (_set(Q, 0, "protected", to="agee"), "Did you mean 'age'?"),
        (_set(Q, 0, "not_applicable_until_weeks_after_job_ends", to=-1), "not_applicable_until"),
        (_set(Q, 1, "number", to=_set), "a number question has 'number'"),
        (_set(Q, 1, "number", "from", to=50), "'from' must be below 'to'"),
        (_set(Q, 1, "number", "from", to=float("nan")), "number"),
        (_set(Q, 2, "number", to={"unit": "x", "from": 0, "to": 1}), "only a number question has it"),
        (_set(Q, 2, "options", to=[{"id": "a", "text": "A"}]), "only a choice has them"),
        (_set(Q, 2, "id", to="years"), "the id 'years' is used twice"),
        (_set("context", 0, "id", to="years"), "the id 'years' is used twice"),
        (_set("context", 0, "kind", to="choice"), "a choice has options"),
        (_set(Q, to=[{**GOOD[Q][2], "id": f"q{k}"} for k in range(101)]), "'questions'"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, change: Any, says: str) -> None:
    data = copy.deepcopy(GOOD)
    change(data)
    with pytest.raises(ContentError) as caught:
        Checklist.load(write(tmp_path, data))
    assert says in str(caught.value)
    assert all("checklist.yaml, line " in fault.where for fault in caught.value.faults)


def test_faults_in_several_questions_are_named_together(tmp_path: Path) -> None:
    data = copy.deepcopy(GOOD)
    data[Q][0]["options"][1]["id"] = "full"
    data[Q][1]["number"]["from"] = 99
    data[Q][2]["kind"] = "arear"
    data["label"]["horizon_weeks"] = "many"
    with pytest.raises(ContentError) as caught:
        Checklist.load(write(tmp_path, data))
    said = str(caught.value)
    assert all(word in said for word in ("same id", "must be below", "Did you mean 'area'?", "horizon_weeks"))
    assert "4 faults" in said


def test_an_unknown_question_gets_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="Did you mean 'licence'"):
        Checklist.load(write(tmp_path, GOOD)).question("license")


def test_content_cannot_be_changed_after_it_was_read(tmp_path: Path) -> None:
    question = Checklist.load(write(tmp_path, GOOD)).questions[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        question.ask = "other"


@pytest.mark.parametrize(
    ("status", "ends", "on", "wanted"),
    [
        (None, None, "2026-01-01", True),
        ("left", None, "2026-01-01", True),
        ("at_risk", None, "2026-01-01", False),
        ("under_notice", "2025-01-01", "2026-01-01", False),
        ("left", "2026-01-01", "2026-01-28", False),
        ("left", "2026-01-01", "2026-01-29", True),
        (None, "2026-01-01", "2026-01-28", False),
        (None, "2026-01-01", "2026-01-29", True),
        (None, "2026-06-01", "2026-01-29", False),
    ],
)
def test_job_search_waits_for_four_weeks(status: str | None, ends: str | None, on: str, wanted: bool) -> None:
    data = {**GOOD[Q][0], "event_form": None, "not_applicable_until_weeks_after_job_ends": 4}
    question = validate(Question, data)
    assert applies(question, status, date.fromisoformat(ends) if ends else None, date.fromisoformat(on)) is wanted
    assert applies(validate(Question, GOOD[Q][0]), status, None, date.fromisoformat(on))


SHIPPED = [
    ("checklist/checklist.yaml", ChecklistFile),
    ("checklist/decisions.yaml", ReasonCodes),
    ("features/features.yaml", FeaturesFile),
    ("features/synonyms.yaml", Synonyms),
    ("models/recipes/evidence.yaml", Recipe),
    ("models/cutoffs/default.yaml", CutoffsFile),
    ("checklist/outcomes.yaml", OutcomeKinds),
    ("checklist/retention.yaml", Periods),
]


@pytest.mark.parametrize(("name", "kind"), SHIPPED)
def test_what_ships_is_read_the_same_with_and_without_the_checks(name: str, kind: Any) -> None:
    """The shipped files are put together without pydantic, because that is quicker: the result must be the same."""
    data = yaml.safe_load((content_root() / name).read_text(encoding="utf-8"))
    checked, quick = validate(kind, data), construct(kind, data)
    assert checked == quick
    assert repr(checked) == repr(quick), "1 and 1.0 and Decimal('1') are equal, and not the same"
    assert construct(kind, as_data(checked)) == checked
