"""What does somebody get from `ltu-triage learn`, whatever the file: a sound model, or a message that helps?"""

from __future__ import annotations

import csv
import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import triage
from tests.learning_people import HORIZON, QUICK, opposite, start_of, texts, write_content, write_rows
from triage.bundle import Bundle
from triage.cli.main import main
from triage.evaluation.settings import Settings as Judging
from triage.learning import learn as learned_from
from triage.learning.release import About, release_learned
from triage.learning.summary import lines
from triage.outcomes import load_kinds

pytestmark = pytest.mark.slow

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Run:
    """What a run of the command gave."""

    code: int
    out: str
    err: str
    folder: Path
    content: Path

    def model(self) -> triage.Engine:
        """The bundle, loaded as an adviser's service loads it; it has to score somebody."""
        engine = triage.load(self.folder, checklist=self.content, cutoffs=self.content / "cutoffs.yaml")
        score = engine.score({"years": 12, "health": "poor"})
        assert score.lower <= score.probability <= score.upper
        assert engine.bundle.manifest.source == "learned"
        return engine


@dataclass(frozen=True)
class Learn:
    """Runs the command on rows of an outcomes file."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, rows: Rows | Path, *words: str, to: str = "model", columns: list[str] | None = None) -> Run:
        content = write_content(self.folder / "content")
        file = rows if isinstance(rows, Path) else write_rows(self.folder / "people.csv", rows, columns)
        target = self.folder / to
        code = main(["learn", str(file), "-o", str(target), "--checklist", str(content), *words])
        said = self.capsys.readouterr()
        assert "Traceback" not in said.err
        assert "nan" not in said.out
        return Run(code, said.out, said.err, target, content)


@pytest.fixture
def learn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Learn:
    return Learn(tmp_path, capsys)


def people(n: int = 60, seed: int = 0) -> Rows:
    return texts(np.random.default_rng(seed), n)


def changed(change: Callable[[int, dict[str, str]], dict[str, str]], n: int = 60) -> Rows:
    return [row | change(number, row) for number, row in enumerate(people(n))]


# ------------------------------------------------------------------------------------------------- a sound model


def test_a_file_of_answers_and_outcomes_becomes_a_model(learn: Learn) -> None:
    run = learn(people(), "--name", "ours-2026")
    assert run.code == 0
    assert "ours-2026: 60 simulated people whose jobs ended from 2024-01-10 to 2024-09-18" in run.out
    assert f"Written: {run.folder}" in run.out
    manifest = run.model().bundle.manifest
    assert manifest.id == "simulated-ours-2026", "nobody may take it for a model of real people"
    assert manifest.label.outcome == "not yet back in paid work"
    assert manifest.base_rate.measured


ODD: dict[str, tuple[Callable[[int, dict[str, str]], dict[str, str]], list[str]]] = {
    "constant_and_never_asked": (
        lambda k, row: {"skill": "none", "health": ""},
        ["answered the question 'skill' gave the same answer", "Nobody answered the question 'health'"],
    ),
    "two_rows_of_a_client": (
        lambda k, row: {"client": "c00007"} if k == 8 else {},
        ["several rows of 1 client, 2 in all", "kept in one fold together"],
    ),
    "columns_more_and_rows_of_no_weight": (
        lambda k, row: {"shoe size": "43", "skil": "none", "weight": "0" if k % 3 else "2.5"},
        ["'shoe size' is not known and was left out", "Did you mean 'skill'"],
    ),
    "extreme_weights": (lambda k, row: {"weight": "1e-6" if k % 4 else "1e6"}, ["A few people stand for many"]),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD)
def test_odd_files_are_said_to_be_odd_and_end_in_a_sound_model(learn: Learn, name: str) -> None:
    change, said = ODD[name]
    run = learn(changed(change))
    assert run.code == 0
    for words in said:
        assert words in run.err
    run.model()


def test_from_twenty_rows_people_hear_that_it_is_the_evidence(learn: Learn) -> None:
    run = learn(people(20))
    assert run.code == 0
    assert "There are 20 rows. From so few the result is the evidence almost unchanged." in run.err
    run.model()


def test_one_client_who_both_returned_and_did_not_counts_as_two_spells(learn: Learn) -> None:
    first = people()[0]
    rows = [*people(), first | {"weeks": "1", "outcome": "paid_work"}, first | {"weeks": "50", "outcome": "paid_work"}]
    run = learn(rows)
    assert run.code == 0
    assert "60 simulated people" in run.out, "people are counted, not rows"
    run.model()


@pytest.mark.slow
def test_a_question_without_evidence_starts_flat_and_can_learn(learn: Learn) -> None:
    def taught(k: int, row: dict[str, str]) -> dict[str, str]:
        return {"own": "left" if (float(row["weeks"]) > 26) == bool(k % 5) else "right"}

    rows = changed(taught, 300)
    plain = learn(changed(lambda k, row: {"own": ""}), to="flat").model()
    points = [plain.score({"own": answer}).contributions["own"] for answer in ("left", "right")]
    assert points == [0.0, 0.0]
    engine = learn(rows, "--known-at-intake", "own").model()
    assert engine.score({"own": "left"}).contributions["own"] > 0.1


def test_rows_that_cannot_be_used_are_written_out_with_the_reasons(learn: Learn, tmp_path: Path) -> None:
    wrong = {3: {"weeks": "twelve"}, 7: {"outcome": "gone fishing"}, 9: {"client": ""}}
    run = learn(changed(lambda k, row: wrong.get(k, {})), "--unusable", str(tmp_path / "rest.csv"))
    assert run.code == 3
    assert "3 of 60 rows cannot be used and are left out" in run.err
    assert "fishing" not in run.err
    with (tmp_path / "rest.csv").open(encoding="utf-8-sig") as file:
        rest = list(csv.DictReader(file))
    assert [row["row"] for row in rest] == ["5", "9", "11"]
    assert "this is not a number" in rest[0]["reason"]
    run.model()


@pytest.mark.slow
def test_outcomes_that_do_not_bear_the_fit_out_leave_the_evidence(tmp_path: Path) -> None:
    """Two clients, and what goes with the outcome for one goes against it for the other (the command stops)."""
    start = start_of(write_content(tmp_path))
    learned = learned_from(opposite(14, start), start, HORIZON, replace(QUICK, multiples=(10.0,)))
    period = (date(2024, 1, 1), date(2024, 12, 31))
    release = release_learned(learned, About("ours", load_kinds(), period), judging=Judging(resamples=20))
    release.write(tmp_path / "model")
    said = " ".join(lines(learned, None, Bundle.load(tmp_path / "model").manifest))
    assert "The outcomes do not bear the fit out: its calibration slope reached a bound." in said
    assert "those of the evidence, at the observed rate" in said


# ----------------------------------------------------------------------------------------- a message that helps

REFUSED: dict[str, tuple[Callable[[int, dict[str, str]], dict[str, str]], list[str]]] = {
    "leak": (
        lambda k, row: {"own": "left" if float(row["weeks"]) > 26 else "right"},
        ["Question 'own'", "after the outcome was known", "name 'own' as accepted"],
    ),
    "outcomes_unknown": (
        lambda k, row: {"outcome": "gone fishing"},
        ["60 of 60 rows cannot be used", "column 'outcome'", "Use one of paid_work"],
    ),
    "weeks_in_words": (lambda k, row: {"weeks": "twelve"}, ["column 'weeks'", "not a number", "Write digits"]),
    "one_class": (
        lambda k, row: {"weeks": "60"},
        ["60 people", "all have it", "Check the columns 'weeks' and 'outcome'"],
    ),
    "all_lost": (
        lambda k, row: {"weeks": "5", "outcome": "lost_contact"},
        ["known of nobody", "Follow people up for longer"],
    ),
    "no_weight": (lambda k, row: {"weight": "0"}, ["Every row weighs 0", "Correct the column 'weight'"]),
    "no_date": (lambda k, row: {"date": ""}, ["people.csv has no dates", "--first and --last"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_nothing_can_be_learned_from_is_refused_with_what_to_do(learn: Learn, name: str) -> None:
    change, said = REFUSED[name]
    run = learn(changed(change))
    assert run.code == 2
    for words in said:
        assert words in run.err
    assert not run.folder.exists()


@pytest.mark.parametrize(
    ("n", "said"), [(0, "no rows below them"), (1, "known of too few: 1"), (3, "known of too few: 3")]
)
def test_next_to_nobody_is_refused(learn: Learn, n: int, said: str) -> None:
    run = learn(people(9)[:n], columns=list(people(1)[0]))
    assert run.code == 2
    assert said in run.err


def test_a_horizon_beyond_the_follow_up_is_refused_with_one_that_can_be_had(learn: Learn) -> None:
    run = learn(people(), "--horizon", "200w")
    assert run.code == 2
    assert "Nobody was followed up for 200 weeks; the longest follow-up is" in run.err
    assert "choose a horizon up to there" in run.err


def test_a_missing_column_is_named(learn: Learn) -> None:
    run = learn([{name: cell for name, cell in row.items() if name != "outcome"} for row in people()])
    assert run.code == 2
    assert "column 'outcome': it is missing. It holds what became of the person" in run.err


def test_a_file_that_is_not_there_is_named(learn: Learn, tmp_path: Path) -> None:
    run = learn(tmp_path / "nowhere.csv")
    assert run.code == 2
    assert "nowhere.csv was not found" in run.err


def test_nothing_is_ever_written_over(learn: Learn, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "mine").write_text("kept", encoding="utf-8")
    run = learn(people())
    assert run.code == 2
    assert "choose a new folder" in run.err
    assert (tmp_path / "model" / "mine").read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--name", "Our Model!"], "cannot be the id of a model: use small letters"),
        (["--known-at-intake", "skil"], "Did you mean 'skill'?"),
        (["--first", "2024-01-01"], "Give both --first and --last"),
        (["--first", "2024-02-01", "--last", "2024-01-01"], "--first is a later day"),
        (["--recipe", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_words_that_cannot_be_meant_are_refused(learn: Learn, words: list[str], said: str) -> None:
    run = learn(people(), *words)
    assert run.code == 2
    assert said in run.err
    assert not run.folder.exists()


# ------------------------------------------------------------------------------------------------ the same again


def digests(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.slow
def test_the_same_people_in_another_order_give_the_same_files_to_the_byte(learn: Learn) -> None:
    """Somebody who repeats a learning can check it by comparing two folders."""
    rows = [row | {"group_sex": ("woman", "man", "")[k % 3]} for k, row in enumerate(people(80))]
    mixed, columns = list(rows), list(rows[0])
    shuffle = random.Random(1)
    shuffle.shuffle(mixed)
    shuffle.shuffle(columns)
    one, other = learn(rows, "--name", "m", to="one"), learn(mixed, "--name", "m", to="other", columns=columns)
    assert one.code == other.code == 0
    assert digests(one.folder) == digests(other.folder)
    third = learn(rows, "--name", "m", "--seed", "another", to="third")
    assert digests(third.folder)["manifest.json"] != digests(one.folder)["manifest.json"]


def test_the_outcomes_are_never_overwritten_by_the_rows_that_cannot_be_used(learn: Learn) -> None:
    file = write_rows(learn.folder / "own.csv", changed(lambda k, row: {"weeks": "soon"} if k == 3 else {}), None)
    before = file.read_bytes()
    run = learn(file, "--unusable", str(file))
    assert run.code == 2
    assert "--unusable would overwrite" in run.err
    assert file.read_bytes() == before


def test_a_file_that_is_refused_for_its_rows_hands_them_back_all_the_same(learn: Learn) -> None:
    target = learn.folder / "rows.csv"
    run = learn(changed(lambda k, row: {"weeks": "26 weeks"}), "--unusable", str(target))
    assert run.code == 2
    assert "more than a fifth" in run.err
    assert len(target.read_text(encoding="utf-8-sig").splitlines()) == 61


def test_a_folder_that_cannot_be_made_is_refused_before_the_work(learn: Learn) -> None:
    (learn.folder / "file").write_text("x", encoding="utf-8")
    run = learn(people(), to="file/model")
    assert run.code == 2
    assert "cannot be written: nothing can be made in" in run.err


def test_the_share_expected_at_one_horizon_is_not_expected_at_another(learn: Learn) -> None:
    run = learn(people(), "--horizon", "3w")
    assert "expected was" not in run.err
