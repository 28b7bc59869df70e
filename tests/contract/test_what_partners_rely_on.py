"""Which names, keys and files may others build on? Said here as literals: a change has to be meant, and announced."""

from __future__ import annotations

import csv
import inspect
import io
import json
from datetime import date
from typing import Any

import pytest

import triage
from triage import errors
from triage.bundle import shipped_bundle
from triage.bundle.manifest import FORMAT
from triage.engine import STATUSES

ENGINE = triage.load()
CLIENT: dict[str, Any] = {
    "age": 57,
    "qualifications": "none",
    "area": "Falkirk",
    "household": "no_other_adult",
    "vehicle": "no",
    "disability": "declined",
    "job_search": "often",
    "redundancy_status": "under_notice",
    "job_ends": "2026-10-01",
    "complex_needs": "yes",
}
SCORE_KEYS = [
    "probability", "lower", "upper", "logit", "lower_logit", "upper_logit", "baseline", "contributions", "band",
    "bands_possible", "status", "answers", "inputs", "declined", "not_applicable", "context", "versions",
]  # fmt: skip


def test_the_data_of_a_score_has_these_keys_and_types() -> None:
    data = ENGINE.score(CLIENT, on=date(2026, 9, 15)).to_dict()
    assert list(data) == SCORE_KEYS
    for name in SCORE_KEYS[:7]:
        assert type(data[name]) is float
    assert {type(value) for value in data["contributions"].values()} == {float}
    assert data["status"] == "proposed"
    assert data["band"] in ("standard", "enhanced", "intensive")
    assert data["bands_possible"][0] in ("standard", "enhanced", "intensive")
    assert data["answers"] == {
        "age": 57.0,
        "qualifications": "none",
        "area": "S12000014",
        "household": "no_other_adult",
        "vehicle": "no",
    }
    assert data["declined"] == ["disability"]
    assert data["not_applicable"] == ["job_search", "interviews", "employer_contact"]
    assert data["context"] == {"redundancy_status": "under_notice", "job_ends": "2026-10-01", "complex_needs": True}
    digest = data["versions"].pop("cutoffs_digest")
    assert data["versions"] == {"model": "evidence-2026.1", "checklist": "pace-2021.1", "cutoffs": "pace-start-2026.1"}
    assert digest == ENGINE.cutoffs.rules_digest
    assert len(data["inputs"]) == 18
    assert {type(value) for value in data["inputs"]} == {float, type(None)}


def test_the_data_of_a_score_goes_through_strict_json_unchanged() -> None:
    for person in (CLIENT, {}, {"age": 16}):
        data = ENGINE.score(person, on=date(2026, 9, 15)).to_dict()
        assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_the_data_of_a_score_is_a_copy() -> None:
    score = ENGINE.score(CLIENT)
    score.to_dict()["answers"]["age"] = 20
    score.to_dict()["contributions"].clear()
    assert score.answers["age"] == 57.0
    assert score.contributions["age"] > 0


def test_the_attributes_of_a_score_are_there() -> None:
    score = ENGINE.score(CLIENT)
    for name in (
        *SCORE_KEYS, "band_logit", "by_factor", "reasons", "strengths", "unanswered", "next_question",
        "chance_of_another_band", "enough_is_known", "complex_needs", "raised_by_special", "sentences",
    ):  # fmt: skip
        assert hasattr(score, name), name
    reason = score.reasons[0]
    assert {"question", "text", "log_odds", "odds_ratio", "sensitivity"} <= set(dir(reason))


def test_the_columns_of_a_list_are_there() -> None:
    found = ENGINE.score_many({"age": [20, 60]})
    for name in (
        "probability", "lower", "upper", "logit", "lower_logit", "upper_logit", "band_logit", "contributions", "band",
        "band_place", "lowest_place", "highest_place", "status", "status_code", "states", "inputs", "reasons",
        "strengths", "baseline", "questions", "bands", "versions",
    ):  # fmt: skip
        assert hasattr(found, name), name
    assert found.band_place.dtype == found.status_code.dtype == found.states.dtype == "int8"
    assert found.bands == ("standard", "enhanced", "intensive")


def test_statuses_and_bands_keep_their_names_and_order() -> None:
    assert STATUSES == ("proposed", "not_enough_answers", "has_job", "redeployed", "objected")
    assert [band.id for band in ENGINE.cutoffs.bands] == ["standard", "enhanced", "intensive"]


def test_the_public_names_of_the_package() -> None:
    assert {"Columns", "Defect", "Engine", "Reason", "Score", "TriageError", "UserError", "load"} <= set(triage.__all__)
    assert all(hasattr(triage, name) for name in triage.__all__)


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (triage.load, ["bundle", "checklist", "cutoffs", "areas", "public_key"]),
        (triage.Engine.score, ["self", "answers", "on"]),
        (triage.Engine.score_many, ["self", "columns", "on"]),
    ],
)
def test_the_arguments_of_the_doors_keep_their_names(function: Any, names: list[str]) -> None:
    parameters = inspect.signature(function).parameters
    assert [name for name in parameters if name in names] == names
    new = [parameter for name, parameter in parameters.items() if name not in names]
    assert all(parameter.default is not inspect.Parameter.empty for parameter in new), "a new one has a default"


def test_error_codes_and_exit_codes_keep_their_meaning() -> None:
    codes = {
        kind.code: kind.exit_code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.UserError)
    }
    assert codes == {
        "user_error": 2, "content_error": 2, "bundle_error": 2, "cutoffs_error": 2, "answers_error": 2, "objected": 3,
        "decision_error": 2, "list_error": 2, "outcomes_error": 2, "evaluation_error": 2, "usage_error": 2,
        "suspended": 3, "records_error": 2, "not_found": 2, "conflict": 2, "casework_error": 2, "sign_in_error": 2,
        "settings_error": 2, "tracking_error": 2, "tuning_error": 2, "policy_error": 2,
    }  # fmt: skip


def test_the_files_of_a_bundle() -> None:
    assert {path.name for path in shipped_bundle().iterdir()} == {
        "model.onnx", "points.csv", "reference.json", "parity.json", "card.md", "shapes.svg", "manifest.json",
    }  # fmt: skip
    assert FORMAT == 1


def test_the_fields_of_a_manifest() -> None:
    manifest = json.loads((shipped_bundle() / "manifest.json").read_text())
    assert list(manifest) == [
        "format", "id", "source", "checklist", "checklist_version", "contract_sha256", "label", "base_rate", "training",
        "sample", "reference", "baseline", "interval", "metrics", "files",
    ]  # fmt: skip
    assert manifest["label"] == {
        "outcome": "not in paid work",
        "complement": "in paid work",
        "horizon_weeks": 52,
        "horizon": "a year after their job ended",
        "among": "people who wanted work",
    }
    assert set(manifest["files"]) == {
        "model.onnx", "points.csv", "reference.json", "parity.json", "card.md", "shapes.svg",
    }  # fmt: skip


def test_the_columns_of_the_points_and_that_a_spreadsheet_can_score_with_them() -> None:
    """Adding up the points of a client's answers by hand, from the file alone, gives the logit to the bit."""
    rows = list(csv.DictReader(io.StringIO((shipped_bundle() / "points.csv").read_text())))
    assert list(rows[0]) == ["question", "input", "from", "to", "answers", "points", "odds_ratio"]
    score = ENGINE.score({"age": 57, "qualifications": "none", "household": "partner"})
    total = ENGINE.bundle.manifest.baseline
    for question, answer in (("qualifications", "none"), ("household", "partner")):
        total += next(
            float(row["points"]) for row in rows if row["question"] == question and answer in row["answers"].split(";")
        )
    total += next(
        float(row["points"])
        for row in rows
        if row["question"] == "age" and float(row["from"]) <= 57 <= float(row["to"])
    )
    assert total == score.logit


def test_the_ids_of_questions_and_fields_are_those_of_the_data_standard() -> None:
    assert [question.id for question in ENGINE.checklist.questions] == [
        "qualifications", "driving_licence", "vehicle", "age", "household", "dependants", "confidence", "expectation",
        "attribution", "area", "job_search", "interviews", "employer_contact", "physical_ability", "disability",
        "mental_ability", "parent_in_work", "father_qualifications",
    ]  # fmt: skip
    assert [field.id for field in ENGINE.checklist.context] == [
        "redundancy_status", "job_ends", "complex_needs", "objects_to_scoring",
    ]  # fmt: skip
