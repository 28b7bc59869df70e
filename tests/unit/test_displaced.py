"""Does another organisation's checklist work without a line of code, on 3,343 real people and with honest messages?"""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

import triage
from experiments import displaced_evidence as study
from triage.bundle import Bundle
from triage.bundle.release import release_evidence
from triage.checklist import Checklist
from triage.cli.main import main
from triage.errors import AnswersError, BundleError, ContentError, CutoffsError
from triage.features import Features
from triage.scorecard.check import check_recipe
from triage.scorecard.recipe import read_recipe

pytestmark = pytest.mark.slow

FOLDER = study.FOLDER
SHA256 = "f3f22d1da9e51de0b9d58f642335f5d51ee97b09746aacb118379120549f6c92"
#: Each input with the column of the data that holds the same number, or how it comes out of it.
RAW = {
    "age": "age", "tenure": "tenure", "slack_work": "slack", "position_abolished": "abolpos", "blue_collar": "bluecoll",
    "school_below_12": "schlt12", "school_above_12": "schgt12", "married": "married", "head_of_household": "houshead",
    "has_children": "child", "young_child": "ychild", "city": "smsa", "woman": "female", "not_white": "nonwhite",
}  # fmt: skip
PART = {
    "age": 52,
    "tenure": 12,
    "schooling": "less_than_12",
    "reason_for_loss": "slack_work",
    "state_unemployment": 7.2,
}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder's evidence model, built by the command as an organisation would build it."""
    out = tmp_path_factory.mktemp("displaced") / "bundle"
    assert main(["model", "build", str(FOLDER / "evidence.yaml"), "-o", str(out), "--checklist", str(FOLDER)]) == 0
    return out


@pytest.fixture(scope="module")
def engine(bundle: Path) -> triage.Engine:
    return triage.load(bundle, checklist=FOLDER, cutoffs=FOLDER / "cutoffs.yaml")


@pytest.fixture(scope="module")
def people() -> dict[str, np.ndarray]:
    return study.read_people()


@pytest.fixture(scope="module")
def scored(engine: triage.Engine, people: dict[str, np.ndarray]) -> triage.Columns:
    return engine.score_many(study.answers_of(people))


def features_of(folder: Path = FOLDER) -> Features:
    return Features.load(Checklist.load(folder))


# --- the folder and the data


def test_the_folder_has_content_alone() -> None:
    """An organisation would need a programmer."""
    assert {path.suffix for path in FOLDER.iterdir()} == {".yaml", ".md"}


def test_the_data_and_its_licence_note_travel_together() -> None:
    """The file would be used without its attribution, or a changed file would pass for the published one."""
    data, note = study.DATA / "cps_dws_jobless.csv", study.DATA / "cps_dws_jobless.README.md"
    assert hashlib.sha256(data.read_bytes()).hexdigest() == SHA256
    words = note.read_text(encoding="utf-8")
    assert all(word in words for word in ("CC BY 4.0", "McCall", "Cameron", "camerondata", "3,343"))


def test_the_studies_nineteen_inputs_come_from_sixteen_questions(engine: triage.Engine) -> None:
    inputs = engine.features.inputs_of
    assert (len(engine.checklist.questions), len(engine.features.inputs)) == (16, 19)
    assert {name for name, items in inputs.items() if len(items) == 2} == {"schooling", "children", "reason_for_loss"}


def test_what_happens_after_the_job_is_lost_is_not_asked(engine: triage.Engine) -> None:
    """A claim for benefit is filed later: using it would be leakage."""
    asked = {*engine.checklist.by_id, *(item.id for item in engine.features.inputs)}
    assert not {"ui", "spell", "censor1", "censor2", "censor3", "censor4"} & asked


def test_sex_and_race_are_kept_apart(engine: triage.Engine) -> None:
    """A list would show them, an interview would ask them first, or they would take support away."""
    for name in ("sex", "race"):
        question = engine.checklist.question(name)
        assert question.special_category
        assert question.kept_apart
        assert question.decline
        assert not question.interview
        assert question.event_form is None


def test_every_effect_names_its_source_and_every_judgement_is_called_one() -> None:
    for effect in read_recipe(FOLDER / "evidence.yaml").effects:
        words = effect.source.lower()
        assert "read" in words or words.startswith("as for"), effect.input
        if effect.odds_ratio == 1:
            assert "judgement" in words or "no stable sign" in words, effect.input
            assert effect.range[0] < 1 < effect.range[1], effect.input


def test_a_base_rate_that_nobody_measured_says_so(bundle: Path) -> None:
    rate = Bundle.load(bundle).manifest.base_rate
    assert not rate.measured
    assert "assumption" in rate.source
    assert "31.7%" in rate.source


# --- scoring real people


def test_everybody_is_scored(scored: triage.Columns) -> None:
    assert len(scored) == 3343
    assert np.all(np.isfinite(scored.logit))
    assert np.all((scored.lower <= scored.probability) & (scored.probability <= scored.upper))
    assert set(scored.band) == {"standard", "enhanced", "intensive"}
    assert set(scored.status) == {"proposed"}


def test_the_model_sees_the_numbers_of_the_data(scored: triage.Columns, people: dict[str, np.ndarray]) -> None:
    """An answer would be encoded as another one, and nobody would notice."""
    inputs = {item.id: scored.inputs[:, item.place] for item in features_of().inputs}
    for name, column in RAW.items():
        assert np.array_equal(inputs[name], people[column]), name
    assert np.array_equal(inputs["not_expected"], 1 - people["explose"])
    assert np.max(np.abs(inputs["state_unemployment"] - people["stateur"])) < 1e-5
    assert np.max(np.abs(inputs["weekly_pay"] - np.exp(people["logwage"]))) <= 5.01
    assert np.max(np.abs(inputs["replacement_rate"] - np.minimum(100 * people["reprate"], 100))) <= 0.5001
    assert np.max(np.abs(inputs["disregard_rate"] - np.minimum(100 * people["disrate"], 60))) <= 0.5001


def test_one_at_a_time_gives_what_all_at_once_give(
    engine: triage.Engine, scored: triage.Columns, people: dict[str, np.ndarray]
) -> None:
    """Two doors would give two answers."""
    columns = study.answers_of(people)
    for row in np.linspace(0, 3342, 50).astype(int).tolist():
        one = engine.score({name: cells[row] for name, cells in columns.items()})
        assert (one.logit, one.lower_logit, one.upper_logit) == (
            scored.logit[row], scored.lower_logit[row], scored.upper_logit[row],
        )  # fmt: skip
        assert (one.band, one.band_logit, one.status) == (scored.band[row], scored.band_logit[row], scored.status[row])
        assert list(one.contributions.values()) == scored.contributions[row].tolist()
        assert [reason.question for reason in one.reasons[:3]] == [name for name in scored.reasons[row] if name]
        assert abs(one.probability - scored.probability[row]) < 1e-12


def test_the_figure_is_the_sum_of_its_parts_to_the_bit(scored: triage.Columns) -> None:
    """Questions with several inputs: their contributions are summed, in any order, without a rounding error."""
    for order in (slice(None), slice(None, None, -1)):
        assert np.array_equal(scored.baseline + scored.contributions[:, order].sum(axis=1), scored.logit)


def test_the_parts_of_a_question_add_up(engine: triage.Engine) -> None:
    tables = engine.bundle.tables
    for name, answer in (
        ("schooling", "more_than_12"),
        ("reason_for_loss", "position_abolished"),
        ("children", "young"),
    ):
        parts = [tables[item.id].at(item.value(answer)) for item in engine.features.inputs_of[name]]
        assert len(parts) == 2
        assert engine.score({name: answer}).contributions[name] == sum(parts)


def test_silence_and_declining_count_nothing(engine: triage.Engine) -> None:
    for question in engine.checklist.questions:
        full = engine.score(PART | {question.id: "declined"})
        assert full.contributions[question.id] == 0.0
        assert full.declined == (question.id,)
    nothing = engine.score({})
    assert nothing.logit == nothing.baseline
    assert nothing.status == "not_enough_answers"


def test_an_answer_without_evidence_either_way_counts_nothing(engine: triage.Engine) -> None:
    score = engine.score(PART | {"reason_for_loss": "other", "sex": "another"})
    assert score.contributions["reason_for_loss"] == score.contributions["sex"] == 0.0
    assert "reason_for_loss" not in {reason.question for reason in (*score.reasons, *score.strengths)}


def test_the_words_are_those_of_this_label(engine: triage.Engine) -> None:
    said = " ".join(engine.score(PART).sentences)
    assert "still out of work 26 weeks after their job ended" in said
    assert "published research" in said
    assert "PACE" not in said


def test_unknown_answers_are_all_named_at_once(engine: triage.Engine) -> None:
    with pytest.raises(AnswersError) as caught:
        engine.score({"age": 12, "schooling": "twelv", "qualifications": "none", "tenure": 1.5})
    assert len(caught.value.faults) == 4
    assert "Did you mean 'twelve'?" in str(caught.value)


# --- the commands


@pytest.mark.parametrize("extra", [[], ["--json"], ["--form"], ["--form", "event"]])
def test_the_checklist_prints_in_every_shape(extra: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checklist", "--checklist", str(FOLDER), *extra]) == 0
    out = capsys.readouterr().out
    assert "years of school" in out.lower()
    assert "National 5" not in out
    if extra == ["--json"]:
        assert [question["id"] for question in json.loads(out)["questions"]][:2] == ["age", "tenure"]
    if extra == ["--form", "event"]:
        assert "man or a woman" not in out


def test_the_points_and_the_policy_print(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--model", str(bundle), "--checklist", str(FOLDER), "--cutoffs", str(FOLDER / "cutoffs.yaml")]
    assert main(["points", *options]) == 0
    assert "Years of school" in capsys.readouterr().out
    assert (
        main(["cutoffs", "check", str(FOLDER / "cutoffs.yaml"), "--checklist", str(FOLDER), "--model", str(bundle)])
        == 0
    )
    assert main(["explain", *options, *(f"{name}={value}" for name, value in PART.items())]) == 0
    assert "Years of school" in capsys.readouterr().out


def test_a_list_of_everybody_is_scored_by_the_command(
    bundle: Path, scored: triage.Columns, people: dict[str, np.ndarray], tmp_path: Path
) -> None:
    """A list with this organisation's own questions, to the same bits; no word about sex or race comes out."""
    answers = study.answers_of(people)
    with (tmp_path / "list.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", *answers])
        cells = ([str(cell) for cell in row] for row in zip(*answers.values(), strict=True))
        writer.writerows([f"Client {number}", *row] for number, row in enumerate(cells))
    options = ["--model", str(bundle), "--checklist", str(FOLDER), "--cutoffs", str(FOLDER / "cutoffs.yaml")]
    assert main(["score", str(tmp_path / "list.csv"), "-o", str(tmp_path / "out.csv"), *options]) == 0
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["logit"]) for row in rows] == scored.logit.tolist()
    assert [row["proposed_band"] for row in rows] == scored.band.tolist()
    said = [cell for row in rows for name, cell in row.items() if name.startswith(("reason", "strength"))]
    assert any(cell.startswith("Years of school") for cell in said)
    assert not any(cell.startswith(("Sex", "Race")) for cell in said)


# --- what does not go together


def test_a_model_refuses_another_checklist(bundle: Path) -> None:
    """A score would be read off the wrong table."""
    with pytest.raises(
        BundleError, match=r"evidence-2026.1 was made for .*pace-2021.1.* does not fit displaced-1992.1"
    ):
        triage.load(checklist=FOLDER, cutoffs=FOLDER / "cutoffs.yaml")
    with pytest.raises(
        BundleError, match=r"displaced-evidence-1 was made for .*displaced-1992.1.* does not fit pace-2021.1"
    ):
        triage.load(bundle)


def test_cut_offs_refuse_another_checklist(bundle: Path) -> None:
    with pytest.raises(CutoffsError, match="written for the checklist 'pace', not 'displaced'"):
        triage.load(bundle, checklist=FOLDER, cutoffs=study.DATA.parents[1] / "models" / "cutoffs" / "default.yaml")


def test_a_recipe_refuses_another_checklist() -> None:
    """The message would be a heap of unknown inputs."""
    with pytest.raises(ContentError, match="written for the checklist 'pace', not 'displaced'"):
        check_recipe(read_recipe(study.DATA.parents[1] / "models" / "recipes" / "evidence.yaml"), features_of())


def test_a_folder_without_the_checklist_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"no checklist\.yaml"):
        Checklist.load(tmp_path)


def test_the_bundle_comes_out_the_same_again(bundle: Path, tmp_path: Path) -> None:
    release_evidence(FOLDER / "evidence.yaml", features_of()).write(tmp_path / "again")
    for path in bundle.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name
