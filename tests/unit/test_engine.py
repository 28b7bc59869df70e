"""Does the one way in behave: what goes in, what comes out, and what is refused?"""

from __future__ import annotations

import dataclasses
import math
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import triage
from tests.unit.small_content import Folder
from triage.bundle.release import release_evidence
from triage.checklist import Checklist
from triage.content import content_root
from triage.cutoffs import Cutoffs
from triage.errors import AnswersError, CutoffsError, ObjectedError
from triage.features import Features

ENGINE = triage.load()
CLIENT = {
    "age": 57,
    "qualifications": "scqf_5",
    "area": "Falkirk",
    "disability": "declined",
    "redundancy_status": "left",
    "job_ends": "2026-10-01",
    "complex_needs": "yes",
}


def test_the_example_of_the_documentation_gives_what_it_says() -> None:
    score = ENGINE.score(CLIENT, on=date(2026, 12, 1))
    assert 0 < score.lower < score.probability < score.upper < 1
    assert score.logit == score.baseline + sum(score.contributions.values())
    assert list(score.contributions) == [question.id for question in ENGINE.checklist.questions]
    assert score.declined == ("disability",)
    assert score.answers == {"age": 57.0, "qualifications": "scqf_5", "area": "S12000014"}
    assert score.context == {"redundancy_status": "left", "job_ends": date(2026, 10, 1), "complex_needs": True}
    assert score.complex_needs == "stated"
    assert score.status == "not_enough_answers"
    assert score.band is None
    assert score.bands_possible == ()
    assert "age" not in score.unanswered
    assert "parent_in_work" not in score.unanswered, "off the default interview"
    assert {reason.question for reason in score.reasons} == {"age", "qualifications"}
    assert all(reason.log_odds > 0 for reason in score.reasons)
    assert all(reason.odds_ratio == pytest.approx(math.exp(reason.log_odds)) for reason in score.reasons)
    assert (score.versions.model, score.versions.checklist) == ("evidence-2026.1", "pace-2021.1")
    assert score.versions.cutoffs == ENGINE.cutoffs.version


def test_a_client_who_answers_nothing_gets_the_base_rate_and_a_talk() -> None:
    score = ENGINE.score({})
    assert score.probability == pytest.approx(0.12)
    assert score.status == "not_enough_answers"
    assert score.reasons == score.strengths == ()
    assert score.next_question is not None
    assert "talk" in " ".join(score.sentences)


@pytest.mark.parametrize(("count", "status"), [(4, "not_enough_answers"), (5, "proposed")])
def test_five_answers_are_enough(count: int, status: str) -> None:
    answers = {"age": 30, "vehicle": "yes", "household": "partner", "dependants": "no", "area": "Fife"}
    assert ENGINE.score(dict(list(answers.items())[:count])).status == status


def test_answers_that_say_nothing_do_not_count_as_enough() -> None:
    """Neither "another qualification", nor "I was in care", nor declining, nor what is set aside as too early."""
    said = {"age": 30, "vehicle": "yes", "household": "partner", "dependants": "no"}
    nothing = {
        "qualifications": "other",
        "parent_in_work": "in_care",
        "driving_licence": "medical",
        "disability": "declined",
        "job_search": "often",
        "redundancy_status": "at_risk",
    }
    score = ENGINE.score(said | nothing)
    assert score.status == "not_enough_answers"
    assert score.answers == {**said, "age": 30.0, "qualifications": "other", "parent_in_work": "in_care"}
    assert set(score.declined) == {"driving_licence", "disability"}
    assert set(score.not_applicable) == {"job_search", "interviews", "employer_contact"}
    assert ENGINE.score(said | {"area": "Fife"}).status == "proposed"


@pytest.mark.parametrize("status", ["has_job", "redeployed"])
def test_who_has_a_job_gets_no_band(status: str) -> None:
    answers = {"age": 30, "vehicle": "yes", "household": "partner", "dependants": "no", "area": "Fife"}
    score = ENGINE.score(answers | {"redundancy_status": status})
    assert (score.status, score.band, score.bands_possible) == (status, None, ())
    assert "All support stays open" in score.sentences[0]
    assert not any("in 100" in sentence for sentence in score.sentences), "no figure is shown"


@pytest.mark.parametrize("word", ["yes", True, "Y", "Yes."])
def test_a_client_who_objects_is_not_scored(word: object) -> None:
    with pytest.raises(ObjectedError, match="every service"):
        ENGINE.score({"objects_to_scoring": word, "age": 40})
    assert ENGINE.score({"objects_to_scoring": "no", "age": 40}).probability > 0


def test_every_fault_is_named_at_once_with_a_suggestion() -> None:
    given = {
        "agee": 40,
        "age": 140,
        "qualifications": "scqf_55",
        "area": "Falkrik",
        "job_ends": "soon",
        "redundancy_status": "lef",
        "vehicle": "perhaps",
    }
    with pytest.raises(AnswersError) as caught:
        ENGINE.score(given)
    faults = {fault.where.strip("'"): str(fault) for fault in caught.value.faults}
    assert set(faults) == set(given)
    assert "Did you mean 'age'?" in faults["agee"]
    assert "16 to 75 years" in faults["age"]
    assert "Did you mean 'scqf_5'?" in faults["qualifications"]
    assert "Did you mean 'Falkirk'?" in faults["area"]
    assert "2026-03-31" in faults["job_ends"]
    assert "Did you mean 'left'?" in faults["redundancy_status"]
    assert "Use one of yes, no." in faults["vehicle"]
    assert "7 faults" in caught.value.message


def test_scoring_leaves_the_callers_answers_alone_and_gives_new_objects() -> None:
    given = {"age": "57", "job_search": "often", "redundancy_status": "at_risk"}
    before = dict(given)
    one, other = ENGINE.score(given), ENGINE.score(given)
    assert given == before
    assert one == other
    assert one.answers is not other.answers


def test_a_score_cannot_be_edited() -> None:
    score = ENGINE.score({"age": 57})
    with pytest.raises(dataclasses.FrozenInstanceError):
        score.logit = 0.0
    for mapping in (score.answers, score.context, score.contributions, score.by_factor):
        with pytest.raises(TypeError):
            mapping["age"] = 99


def test_factors_add_up_the_contributions_of_their_questions() -> None:
    score = ENGINE.score({"driving_licence": "none", "vehicle": "no", "age": 60, "disability": "yes"})
    assert score.by_factor["transport"] == score.contributions["driving_licence"] + score.contributions["vehicle"]
    assert score.by_factor["health"] == score.contributions["disability"]
    assert list(score.by_factor) == [factor.id for factor in ENGINE.checklist.factors]
    assert score.baseline + sum(score.by_factor.values()) == score.logit


def test_several_heavy_factors_at_once_suggest_complex_needs() -> None:
    heavy = {"qualifications": "none", "driving_licence": "none", "age": 60, "household": "no_other_adult"}
    assert ENGINE.score(heavy).complex_needs == "suggested"
    assert ENGINE.score({**heavy, "age": 20}).complex_needs == ""
    assert ENGINE.score({**heavy, "complex_needs": "yes"}).complex_needs == "stated"


def test_the_day_decides_whether_it_is_too_early() -> None:
    given = {"job_search": "not_yet", "job_ends": "2026-09-01"}
    early, later = ENGINE.score(given, on=date(2026, 9, 28)), ENGINE.score(given, on=date(2026, 9, 29))
    assert early.contributions["job_search"] == 0.0
    assert "job_search" in early.not_applicable
    assert later.contributions["job_search"] > 0
    assert later.not_applicable == ()


def test_an_engine_of_ones_own_goes_through_the_same_doors(tmp_path: Path) -> None:
    path = Folder(tmp_path / "own").write()
    release_evidence(path / "recipe.yaml", Features.load(Checklist.load(path))).write(path / "bundle")
    engine = triage.load(path / "bundle", checklist=path)
    assert engine.versions.cutoffs == Cutoffs.load(path / "cutoffs.yaml").version
    with pytest.raises(CutoffsError, match="written for the checklist 'pace'"):
        triage.load(path / "bundle", checklist=path, cutoffs=content_root() / "models" / "cutoffs" / "default.yaml")
    score = engine.score({"licence": "none", "earned": 12_500, "place": "N'town"})
    assert score.status == "proposed"
    assert score.answers["place"] == "A1"
    assert any("out later" in sentence for sentence in score.sentences)
    assert engine.score({"earned": "1,234,567.5"}).answers == {"earned": 1_234_567.5}
    named = engine.score({"earned": 4_999_999.5})
    assert "4999999.5" in named.strengths[0].text, "a number is said in full"


@pytest.mark.parametrize("given", [{"age": 40, "vehicle": "maybe"}, {"nonsense": 1}])
def test_one_wrong_answer_is_never_scored_in_part(given: dict[str, Any]) -> None:
    with pytest.raises(AnswersError):
        ENGINE.score(given)
