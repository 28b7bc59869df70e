"""What does `learn` keep of the people it learned from, where, and who can tell what from it?"""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import numpy as np
import pytest

from tests.learning_people import texts, write_content, write_rows
from triage.bundle import Bundle
from triage.checklist import Checklist
from triage.cli.main import main
from triage.errors import OutcomesError
from triage.features import Features
from triage.learning.record import RECORD, LearningRecord
from triage.outcomes import Outcomes
from triage.outcomes.held_out import HeldOut
from triage.outcomes.read import read_outcomes
from triage.outcomes.seen import Overlap, Seen, training_folder
from triage.tracking.data import file_digest

pytestmark = pytest.mark.slow


def learn(folder: Path, *words: str) -> int:
    content = write_content(folder / "content")
    rows = texts(np.random.default_rng(0), 60)
    rows[3]["weeks"] = "twelve"
    write_rows(folder / "people.csv", rows)
    return main(["learn", str(folder / "people.csv"), "-o", str(folder / "m1"), "--checklist", str(content), *words])


def outcomes(folder: Path) -> Outcomes:
    features = Features.load(Checklist.load(folder / "content"))
    return read_outcomes(folder / "people.csv", features).outcomes


def test_the_record_stands_beside_the_bundle_and_knows_everybody_who_was_learned_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert learn(tmp_path, "--seed", "a-word") == 3
    said = capsys.readouterr().out
    folder = training_folder(tmp_path / "m1")
    assert f"Written: {folder} (keyed digests of the simulated people learned from" in said
    assert "Pseudonymous, and so personal data: keep it with the outcomes, never with the bundle" in said
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} == {"seen.json", "out-of-fold.csv", "learning.json"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    found, seen = outcomes(tmp_path), Seen.load(folder)
    assert seen.model == Bundle.load(tmp_path / "m1").version == "simulated-m1"
    assert seen.overlap(found) == Overlap(59, 0)
    assert len(seen.clients) == 59, "the row that could not be used was not learned from"
    logits = HeldOut.load(folder).logits(found)
    assert np.isfinite(logits).all()
    assert len(np.unique(logits)) > 5
    everything = b"".join(path.read_bytes() for path in (tmp_path / "m1").iterdir())
    assert not [digest for digest in seen.clients | seen.rows if digest.encode() in everything]
    assert seen.key.hex().encode() not in everything
    record = LearningRecord.load(folder)
    assert record.data.sha256 == file_digest(tmp_path / "people.csv")
    assert (record.data.name, record.data.rows, record.data.simulated) == ("people.csv", 59, True)
    assert record.parameters["seed"] == "a-word"
    assert record.manifest_sha256 == file_digest(tmp_path / "m1" / "manifest.json")
    assert {"ltu-triage", "python", "lightgbm"} <= set(record.software)


def test_an_evaluation_says_whether_the_model_has_seen_its_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learn(tmp_path)
    rows = texts(np.random.default_rng(1), 60)
    write_rows(tmp_path / "others.csv", [row | {"client": f"other-{row['client']}"} for row in rows])
    write_rows(tmp_path / "some.csv", [row | {"client": row["client"].upper()} for row in rows[:20]])
    content = ["--checklist", str(tmp_path / "content"), "--resamples", "100"]

    def said(name: str) -> str:
        assert main(["evaluate", str(tmp_path / "m1"), str(tmp_path / name), *content]) == 0
        return " ".join(capsys.readouterr().out.split())

    # One of the twenty had no weeks that could be read, and was not learned from.
    assert "The model learned from 19 clients of this file. The figures flatter it" in said("some.csv")
    assert "learned from" not in said("others.csv").replace("learned from simulated people", "")
    shutil.rmtree(training_folder(tmp_path / "m1"))
    assert "The model may have learned from some of these people" in said("others.csv")
    # Another model of the same name, learned elsewhere: its record says nothing of this one.
    other = tmp_path / "elsewhere" / "m1"
    words = ["-o", str(other), "--checklist", str(tmp_path / "content"), "--seed", "another"]
    assert main(["learn", str(tmp_path / "others.csv"), *words]) == 0
    shutil.copytree(training_folder(other), training_folder(tmp_path / "m1"))
    capsys.readouterr()
    assert main(["evaluate", str(tmp_path / "m1"), str(tmp_path / "others.csv"), *content]) == 0
    printed = capsys.readouterr()
    assert "m1.training is the training record of another model than" in printed.err
    assert "The model may have learned from some of these people" in " ".join(printed.out.split())


def test_another_record_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    training_folder(tmp_path / "m1").mkdir()
    assert learn(tmp_path) == 2
    assert "is there already: the training record of another learning. Choose a new folder" in capsys.readouterr().err
    assert not (tmp_path / "m1").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"format": 1}', "learning.json is damaged"),
        ('{"format": 1, "data": {"name": 1}}', "is damaged"),
        (None, "it has no"),
    ],
)
def test_a_damaged_account_of_a_learning_is_said_to_be_so(tmp_path: Path, text: str | None, said: str) -> None:
    if text is not None:
        (tmp_path / RECORD).write_text(text, encoding="utf-8")
    with pytest.raises(OutcomesError, match=said):
        LearningRecord.load(tmp_path)


def test_the_files_say_that_nobody_in_them_exists(tmp_path: Path) -> None:
    learn(tmp_path)
    folder = training_folder(tmp_path / "m1")
    for name in ("seen.json", "learning.json"):
        assert json.loads((folder / name).read_text(encoding="utf-8"))["simulated"] is True
    assert (folder / "out-of-fold.csv").read_text(encoding="utf-8").startswith("row,logit,simulated\n")
