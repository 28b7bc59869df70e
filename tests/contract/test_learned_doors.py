"""Does a learned model go through every door that the shipped one goes through, and does each door say whose it is?

The model is learned from simulated people with the shipped checklist; the outsider of the contract scores with that of
real people and its own checklist too.
"""

from __future__ import annotations

import csv
import itertools
import json
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pytest

import triage
from tests import learned_model
from tests.clients import as_columns, clients
from tests.contract.test_onnx_file import Outsider, check
from triage.bundle import Bundle
from triage.bundle.manifest import digest
from triage.bundle.signing import new_keys
from triage.cli.main import main
from triage.cli.options import day
from triage.cli.points_page import blocks, points_text
from triage.engine import Engine
from triage.engine.words import in_100
from triage.errors import BundleError

pytestmark = [learned_model.GROUP, pytest.mark.slow]
LIST = Path("docs/examples/attendance.xlsx")
MAPPING = Path("docs/examples/attendance-mapping.yaml")
ON = "2026-10-31"
WHO = "1,500 simulated people"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle that was learned with the shipped checklist."""
    found = tmp_path_factory.mktemp("learned") / "bundle"
    learned_model.pace().release.write(found)
    return found


@pytest.fixture(scope="module")
def engine(folder: Path) -> Engine:
    return triage.load(folder)


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(folder, tmp_path / "bundle")


def said(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> str:
    """What a command says, which ends with `code`."""
    assert main([str(word) for word in words]) == code
    return capsys.readouterr().out


# ------------------------------------------------------------------------------------------------ the library


def test_frames_arrays_and_single_clients_get_the_same(engine: Engine) -> None:
    people = clients(engine, 120, seed=41, silent=0.1)
    columns = as_columns(engine, people)
    alone = [engine.score(person) for person in people]
    texts = {name: [None if cell is None else str(cell) for cell in cells] for name, cells in columns.items()}
    for shape in (columns, pd.DataFrame(columns), pl.DataFrame(texts)):
        found = engine.score_many(shape)
        assert found.logit.tolist() == [score.logit for score in alone]
        assert found.lower_logit.tolist() == [score.lower_logit for score in alone]
        assert found.upper_logit.tolist() == [score.upper_logit for score in alone]
        assert found.contributions.tolist() == [list(score.contributions.values()) for score in alone]
        assert list(found.band) == [score.band for score in alone]
        assert found.versions.model == "pace-simulated-1"


@pytest.mark.parametrize("made", [learned_model.pace, learned_model.displaced], ids=["pace", "displaced"])
def test_an_outsider_gives_the_same_scores_to_the_bit(made: Any, tmp_path: Path) -> None:
    """onnxruntime alone, with the feature contract that the file carries."""
    engine = made().load(tmp_path / "bundle")
    outsider = Outsider(tmp_path / "bundle" / "model.onnx")
    for person in clients(engine, 150, seed=42):
        check(engine, outsider, person)


# ------------------------------------------------------------------------------------------------ lists


def test_a_messy_workbook_is_scored_as_a_csv_and_as_a_workbook(
    folder: Path, engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every row comes out, in both kinds of file, with what the engine says of its answers."""
    words = (LIST, "--mapping", MAPPING, "--on", ON, "--model", folder)
    plain, book = tmp_path / "out.csv", tmp_path / "out.xlsx"
    assert "118 rows: 104 clients, of whom 43 scored" in said(
        capsys, "score", *words, "-o", plain, "--answers", "--explain", "first", code=3
    )
    said(capsys, "score", *words, "-o", book, code=3)
    with plain.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    sheet = openpyxl.load_workbook(book)["Clients"]
    heads, *cells = sheet.iter_rows(values_only=True)
    assert len(rows) == len(cells) == 118
    assert {row["model"] for row in rows if row["logit"]} == {"pace-simulated-1"}
    place = heads.index("logit")
    # A workbook keeps sixteen digits; a released value has one neighbour only among the multiples of 2^-36.
    assert [to_released(row["logit"]) for row in rows] == [to_released(line[place]) for line in cells]
    assert all(to_released(row["logit"]) == float(row["logit"]) for row in rows if row["logit"])
    assert all(row["logit"] or row["problem"] or row["status"] for row in rows)
    # Answers that are kept apart are in no file: the other rows can be worked out from it to the bit.
    has_figure = [row for row in rows if row["logit"]]
    again = [engine.score(given(row), on=day(ON)).logit == float(row["logit"]) for row in has_figure]
    assert np.mean(again) > 0.5


def to_released(cell: Any) -> float | None:
    """The multiple of 2^-36 nearest to a cell; None for an empty one."""
    return None if cell in (None, "") else math.ldexp(round(math.ldexp(float(cell), 36)), -36)


def given(row: dict[str, str]) -> dict[str, str]:
    """The answers of a row as they were understood."""
    return {name.removeprefix("answer_"): text for name, text in row.items() if name.startswith("answer_") and text}


def test_a_scored_workbook_says_whose_outcomes_it_rests_on(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.xlsx"
    said(capsys, "score", LIST, "--mapping", MAPPING, "--on", ON, "--model", folder, "-o", out, code=3)
    book = openpyxl.load_workbook(out)
    for name in ("About this list", "What the figures mean"):
        text = "\n".join(str(cell) for line in book[name].iter_rows(values_only=True) for cell in line if cell)
        assert f"what happened to {WHO} between 20" in text
        assert "published research about other people" not in text


def test_an_explained_client_of_a_list_hears_whose_outcomes_they_are(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--mapping", MAPPING, "--on", ON, "--model", folder, "-o", tmp_path / "out.csv", "--explain", "first")
    shown = " ".join(said(capsys, "score", LIST, *words, code=3).split())
    assert "with answers like these, about" in shown
    assert f"({WHO}, 20" in shown


def test_compare_names_who_moves_from_evidence_to_learned(
    folder: Path, engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "moves.csv"
    shown = said(capsys, "compare", "default", folder, LIST, "--mapping", MAPPING, "--on", ON, "-o", out)
    assert "Old: model evidence-2026.1" in shown
    assert "New: model pace-simulated-1" in shown
    moves = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert f"{len(moves)} rows differ" in shown
    assert any(move["old_band"] != move["new_band"] for move in moves)


# ------------------------------------------------------------------------------------------------ one client, one page


def test_explain_says_were_and_adds_up(folder: Path, engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    answers = {"age": "57", "area": "Fife", "vehicle": "no", "household": "alone", "qualifications": "none"}
    words = [f"{name}={answer}" for name, answer in answers.items()]
    shown = said(capsys, "explain", *words, "--model", folder, "--on", ON)
    assert f"({WHO}, 20" in shown
    assert " were not yet back in paid work a year after their job ended" in shown
    assert "published research" not in shown
    kept = json.loads(said(capsys, "explain", *words, "--model", folder, "--on", ON, "--json"))
    score = engine.score(answers, on=day(ON))
    assert kept == json.loads(json.dumps(score.to_dict()))
    assert kept["baseline"] + sum(kept["contributions"].values()) == kept["logit"]


def test_what_somebody_without_answers_gets_is_what_is_said(
    folder: Path, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    """The baseline differs from the share of the people that was observed: only one of them is "no answers at all"."""
    nothing = in_100(engine.score({}).probability)
    assert f"about {nothing} in 100" in engine.words.base()
    assert f"about {nothing} in 100" in said(capsys, "explain", "age=57", "--model", folder)


@pytest.mark.parametrize("shape", ["text", "html", "csv"])
def test_the_page_of_points_is_the_whole_model(
    folder: Path, engine: Engine, shape: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = said(capsys, "points", "--model", folder, "--as", shape)
    if shape == "csv":
        assert shown == engine.bundle.points_csv
        return
    assert f"what happened to {WHO} between 20" in shown
    for item in engine.features.inputs:
        points = engine.bundle.tables[item.id].points
        if item.id != "local_unemployment":
            assert all(f"{value:+.3f}" in shown for value in points), item.id
    assert "Council area, 7 of its" in shown, "an area's rate has a step for each tenth of a percent"


def test_ages_that_count_the_same_stand_on_one_line(engine: Engine) -> None:
    """In a learned table neighbours may differ in their range alone; a page with all of them could not be read."""
    (ages,) = [lines for label, lines in blocks(engine) if label == "Age"]
    points = [line.points for line in ages]
    assert all(one != other for one, other in itertools.pairwise(points))
    assert set(points) == set(engine.bundle.tables["age"].points)
    assert ages[0].answer.startswith("up to")
    assert ages[-1].answer.endswith("years and above")
    assert len(points_text(engine).splitlines()) <= 100


def test_checklist_cut_offs_and_doctor_take_it_as_any_other(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = said(capsys, "cutoffs", "check", "models/cutoffs/default.yaml", "--model", folder)
    assert "With the model pace-simulated-1:" in shown
    assert "No fault was found." in shown
    assert Bundle.load(folder).manifest.checklist_version in said(capsys, "checklist")
    assert "Nothing is wrong." in said(capsys, "doctor")


# ------------------------------------------------------------------------------------------------ the bundle itself


def test_check_card_and_signature(copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    private, public = tmp_path / "private.pem", tmp_path / "public.pem"
    new_keys(private, public)
    assert main(["model", "check", str(copy), "--public-key", str(public)]) == 2
    assert "no readable signature" in capsys.readouterr().err
    assert "manifest.json.sig" in said(capsys, "model", "sign", copy, "--key", private)
    assert "pace-simulated-1: signature, hashes" in said(capsys, "model", "check", copy, "--public-key", public)
    card = said(capsys, "model", "card", copy, "--public-key", public)
    assert card.startswith("# Model card: pace-simulated-1, learned from simulated people")
    said(capsys, "explain", "age=57", "--model", copy)
    manifest = copy / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace("1500", "9500"), encoding="utf-8")
    assert main(["model", "check", str(copy), "--public-key", str(public)]) == 2
    assert "signature of" in capsys.readouterr().err


def test_every_file_of_the_folder_is_in_the_manifest(folder: Path) -> None:
    """A picture or a figure that no hash covers could be exchanged unnoticed."""
    names = {path.name for path in folder.iterdir()}
    assert names - {"manifest.json"} == set(Bundle.load(folder).manifest.files)
    assert {"figures.json", "shapes.svg", "beeswarm.svg"} <= names


@pytest.mark.parametrize("name", learned_model.BESIDE)
def test_a_figure_or_picture_that_was_changed_is_refused(copy: Path, name: str) -> None:
    path = copy / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(BundleError, match=f"{name} of the bundle bundle was changed after its release"):
        triage.load(copy)


@pytest.mark.parametrize("name", learned_model.BESIDE)
def test_a_figure_or_picture_that_is_missing_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(BundleError, match=f"has no {name}"):
        triage.load(copy)


@pytest.mark.parametrize("name", ["../x", "..", "", "shapes/x.json", "a\\b", "/etc/hostname"])
def test_a_manifest_that_leads_out_of_the_folder_is_refused(copy: Path, name: str) -> None:
    """Also where the file is there and its hash is right."""
    (copy.parent / "x").write_bytes(b"x")
    manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
    manifest["files"][name] = digest(b"x")
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(BundleError, match="outside the bundle"):
        triage.load(copy)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"sample": None}, "damaged"),
        ({"source": "evidence"}, "damaged"),
        ({"baseline": -1.0}, "baseline"),
        ({"sample": {"people": 1500, "first": "2023-07-01"}}, "last"),
    ],
)
def test_a_learned_model_that_does_not_say_whom_it_learned_from_is_refused(
    copy: Path, changes: dict[str, Any], says: str
) -> None:
    manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
    (copy / "manifest.json").write_text(json.dumps(manifest | changes), encoding="utf-8")
    with pytest.raises(BundleError, match=says):
        triage.load(copy)


def test_it_is_refused_with_another_checklist(folder: Path) -> None:
    own = learned_model.displaced().beside
    with pytest.raises(BundleError, match="does not fit"):
        triage.load(folder, **own)
