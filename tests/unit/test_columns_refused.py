"""Is every wrong column and cell of a list named, and refused at once?"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import pytest

import triage
from triage.errors import AnswersError

ENGINE = triage.load()


def test_every_wrong_column_is_named_with_its_first_rows() -> None:
    rows = 20
    age = [57] * rows
    age[3], age[7] = 140, 5
    area = ["Falkirk"] * rows
    area[1:15] = ["Atlantis"] * 14
    status = ["left"] * rows
    status[19] = "gone"
    with pytest.raises(AnswersError) as caught:
        ENGINE.score_many({"age": age, "area": area, "redundancy_status": status, "vehicle": ["yes"] * rows})
    faults = {fault.where: fault.what for fault in caught.value.faults}
    assert set(faults) == {"column 'age'", "column 'area'", "column 'redundancy_status'"}
    assert "row 3, 7 (counted from 0)" in faults["column 'age'"]
    assert "row 1, 2, 3, 4, 5 and 9 more" in faults["column 'area'"]
    assert "row 19 " in faults["column 'redundancy_status'"]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"agee": [1]}, "Did you mean 'age'?"),
        ({"age": [30, 31], "area": ["Fife"]}, "different lengths: 1, 2"),
        ({"age": 57}, "not one column"),
        ({"area": "Falkirk"}, "not one column"),
        ({"age": b"57"}, "not one column"),
        ({"age": np.array(57)}, "not one column"),
        ({"age": np.zeros((2, 2))}, "not one column"),
        ({"age": None}, "not one column"),
        ({"age": [[30]]}, "row 0 "),
        ({"age": [{"a": 1}]}, "row 0 "),
        ({"age": [([],)]}, "row 0 "),
        ({"age": np.array([30.5, 31, np.inf, -np.inf])}, "row 0, 2, 3 "),
        ({"age": np.array([True, False])}, "row 0, 1 "),
        ({"age": np.array([30 + 1j])}, "row 0 "),
        ({5: [1]}, "column '5'"),
    ],
)
def test_what_is_no_column_of_answers_is_refused(columns: Any, says: str) -> None:
    with pytest.raises(AnswersError) as caught:
        ENGINE.score_many(columns)
    assert says in str(caught.value)


def test_two_columns_of_one_name_are_refused() -> None:
    frame = pd.DataFrame([[30, 31], [40, 41]], columns=["age", "age"])
    with pytest.raises(AnswersError, match="not one column"):
        ENGINE.score_many(frame)


def test_all_faults_of_columns_are_named_together() -> None:
    with pytest.raises(AnswersError) as caught:
        ENGINE.score_many({"agee": [1, 2], "ara": [1, 2], "age": 57, "vehicle": [1]})
    assert len(caught.value.faults) >= 3


def test_a_column_of_very_many_different_wrong_cells_is_refused_at_once() -> None:
    """A column of names under the wrong heading: no nearest spelling is looked for, because none is shown."""
    start = time.perf_counter()
    with pytest.raises(AnswersError, match="29995 more"):
        ENGINE.score_many({"area": [f"Zz {k} Quillfeather" for k in range(30_000)]})
    assert time.perf_counter() - start < 6, "looking for suggestions would take about 15 seconds"
