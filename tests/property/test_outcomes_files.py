"""Does an outcomes file say the same when it is read again, for the content of any organisation?"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import worlds
from tests.worlds import World, examples
from triage.checklist import Checklist, Question
from triage.features import Features
from triage.outcomes import BACK, COMPETING, OUT, Outcomes
from triage.outcomes.read import read_outcomes
from triage.outcomes.write import write_outcomes

DISPLACED = Path(__file__).parent.parent / "data" / "displaced"
KINDS = {"paid_work": BACK, "still_looking": OUT, "died": COMPETING, "lost_contact": OUT}


@lru_cache(maxsize=1)
def shipped() -> Features:
    """The features that ship."""
    return Features.load(Checklist.load())


def answer(question: Question, features: Features, draw: np.random.Generator) -> str | float:
    """An answer that a person may give."""
    if question.number is None:
        return str(draw.choice(features.options(question)))
    number = draw.uniform(question.number.minimum, question.number.maximum)
    return float(round(number)) if question.number.whole else number


def cohort(features: Features, seed: int, people: int = 60) -> Outcomes:
    """Invented outcomes of invented people, with every optional column."""
    draw = np.random.default_rng(seed)
    questions = features.checklist.questions
    inputs = np.full((people, len(features.inputs)), np.nan)
    states = draw.choice(np.array([0, 1, 1, 1, 2, 3], dtype=np.int8), (people, len(questions)))
    for place, question in enumerate(questions):
        spots = [item.place for item in features.inputs_of[question.id]]
        for row in np.flatnonzero(states[:, place] == 1):
            reading = features.normalise(question.id, answer(question, features, draw))
            if reading.state == "declined" or reading.value is None:
                states[row, place] = 2
            else:
                inputs[row, spots] = features.encode(question.id, reading.value)
    kind = draw.choice(np.array(list(KINDS), dtype=object), people)
    return Outcomes(
        client=np.array([f"={seed}-{place // 2}" for place in range(people)], dtype=object),
        inputs=inputs,
        states=states,
        weeks=np.where(kind == "lost_contact", 0.0, draw.exponential(30, people)),
        kind=kind,
        place=np.array([KINDS[name] for name in kind], dtype=np.int8),
        weight=draw.random(people),
        date=np.datetime64("2020-01-01") + draw.integers(0, 900, people).astype("timedelta64[D]"),
        groups={"sex": draw.choice(np.array(["woman", "man", "-", ""], dtype=object), people)},
        notes={"support": draw.choice(np.array(["", "course", "@home"], dtype=object), people)},
        support_start=np.where(draw.random(people) < 0.5, np.nan, draw.integers(-9, 60, people) / 2),
        simulated=True,
        source="outcomes.csv",
    )


def assert_same(found: Outcomes, wanted: Outcomes) -> None:
    for name in ("client", "states", "kind", "place", "date"):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name), err_msg=name)
    for name in ("inputs", "weeks", "weight", "support_start"):
        assert np.array_equal(getattr(found, name), getattr(wanted, name), equal_nan=True), name
        assert getattr(found, name).dtype == getattr(wanted, name).dtype
    for ours, theirs in ((found.groups, wanted.groups), (found.notes, wanted.notes)):
        assert {name: cells.tolist() for name, cells in ours.items()} == {k: v.tolist() for k, v in theirs.items()}
    assert found.simulated == wanted.simulated


def there_and_back(outcomes: Outcomes, features: Features, suffix: str) -> Outcomes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"outcomes{suffix}"
        write_outcomes(path, outcomes, features)
        found = read_outcomes(path, features)
    assert found.unusable == ()
    assert found.remarks == ()
    return found.outcomes


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx"])
@pytest.mark.parametrize("folder", [None, DISPLACED])
def test_what_is_written_reads_back_to_the_bit(folder: Path | None, suffix: str) -> None:
    features = Features.load(Checklist.load(folder))
    wanted = cohort(features, 1, 300)
    if suffix == ".xlsx":  # A workbook keeps 15 digits.
        wanted = replace(wanted, weeks=np.round(wanted.weeks, 2), weight=np.round(wanted.weight, 3))
    assert_same(there_and_back(wanted, features, suffix), wanted)


@given(worlds(), st.integers(0, 2**30), st.sampled_from((".csv", ".parquet")))
@examples(40)
def test_any_organisations_answers_read_back_to_the_bit(world: World, seed: int, suffix: str) -> None:
    """Options that share a code, areas that share a rate, grids with odd steps, two inputs to a question."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        world.write(folder)
        features = Features.load(Checklist.load(folder))
        wanted = cohort(features, seed)
        assert_same(there_and_back(wanted, features, suffix), wanted)


@given(st.integers(0, 2**30))
@examples(15)
def test_the_order_of_rows_and_columns_changes_nothing(seed: int) -> None:
    features = shipped()
    wanted = cohort(features, seed)
    draw = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outcomes.csv"
        write_outcomes(path, wanted, features)
        frame = pl.read_csv(path, infer_schema=False)
        rows = draw.permutation(len(wanted))
        frame[rows.tolist(), draw.permutation(frame.width).tolist()].write_csv(path)
        found = read_outcomes(path, features).outcomes
    assert_same(found.take(np.argsort(rows)), wanted)
