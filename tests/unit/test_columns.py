"""Is a list scored the same from every kind of table, is every wrong cell named, and is nobody lost?"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import triage
from tests.clients import as_columns, clients
from triage.engine import STATUSES
from triage.engine.columns import CALL_ROWS, TASK_ROWS
from triage.errors import AnswersError

ENGINE = triage.load()
DAY = date(2026, 9, 15)
PEOPLE = clients(ENGINE, 120, seed=21)
COLUMNS = as_columns(ENGINE, PEOPLE)


def typed(name: str) -> list[Any]:
    """Cells of one type, as a frame holds them: text, or numbers for the age."""
    cells = COLUMNS[name]
    return [cell if isinstance(cell, float) else None for cell in cells] if name == "age" else cells


TYPED = {name: typed(name) for name in COLUMNS}
WANTED = ENGINE.score_many(TYPED, on=DAY)


def same(found: triage.Columns, wanted: triage.Columns = WANTED) -> None:
    for name in ("logit", "lower_logit", "upper_logit", "band_logit", "contributions", "inputs"):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name), err_msg=name)
    for name in ("probability", "lower", "upper"):
        np.testing.assert_allclose(getattr(found, name), getattr(wanted, name), rtol=0, atol=1e-12)
    for name in (
        "band",
        "status",
        "band_place",
        "lowest_place",
        "highest_place",
        "status_code",
        "states",
        "reasons",
        "strengths",
    ):
        assert getattr(found, name).tolist() == getattr(wanted, name).tolist(), name


TABLES: dict[str, Callable[[], Any]] = {
    "tuples": lambda: {name: tuple(cells) for name, cells in TYPED.items()},
    "generators": lambda: {name: iter(cells) for name, cells in TYPED.items()},
    "numpy objects": lambda: {name: np.array(cells, dtype=object) for name, cells in TYPED.items()},
    "numpy text": lambda: {
        name: np.array(cells, dtype=float) if name == "age" else np.array([cell or "" for cell in cells])
        for name, cells in TYPED.items()
    },
    "pandas": lambda: pd.DataFrame(TYPED),
    "pandas object": lambda: pd.DataFrame(TYPED, dtype=object),
    "pandas nullable": lambda: pd.DataFrame(TYPED).convert_dtypes(),
    "pandas categories": lambda: pd.DataFrame(TYPED).astype("category"),
    "pandas with NaN for nothing": lambda: (
        pd.DataFrame(TYPED).astype(object).where(pd.DataFrame(TYPED).notna(), math.nan)
    ),
    "pandas with NA for nothing": lambda: pd.DataFrame(TYPED).astype(object).where(pd.DataFrame(TYPED).notna(), pd.NA),
    "pandas with another index": lambda: pd.DataFrame(TYPED, index=range(1000, 1000 + len(PEOPLE)))[::-1][::-1],
    "polars": lambda: pl.DataFrame(TYPED),
    "polars categories": lambda: pl.DataFrame(TYPED).with_columns(pl.selectors.string().cast(pl.Categorical)),
    "polars whole numbers": lambda: pl.DataFrame(TYPED).with_columns(pl.col("age").cast(pl.Int16)),
    "pandas rows of a larger frame": lambda: pd.concat([pd.DataFrame(TYPED)] * 2).iloc[: len(PEOPLE)],
    "columns the other way round": lambda: dict(reversed(list(TYPED.items()))),
}


@pytest.mark.parametrize("kind", TABLES)
def test_every_kind_of_table_gives_the_same_scores(kind: str) -> None:
    same(ENGINE.score_many(TABLES[kind](), on=DAY))


def test_each_row_is_what_is_said_of_that_client_alone() -> None:
    found = ENGINE.score_many(COLUMNS, on=DAY)
    for row, person in enumerate(PEOPLE):
        score = ENGINE.score(person, on=DAY)
        assert found.logit[row] == score.logit
        assert found.band[row] == score.band


@pytest.mark.parametrize("size", [0, 1, 2, CALL_ROWS - 1, CALL_ROWS, CALL_ROWS + 1, TASK_ROWS, 2 * TASK_ROWS + 3])
def test_lists_of_any_length_come_out_whole_and_in_order(size: int) -> None:
    ages = np.arange(size) % 60 + 16
    found = ENGINE.score_many({"age": ages})
    assert len(found) == size == len(found.band) == len(found.contributions)
    alone = [ENGINE.score({"age": age}).logit for age in range(16, 76)]
    assert found.logit.tolist() == [alone[age - 16] for age in ages.tolist()]


def test_a_list_that_several_threads_share_out_is_the_list_in_parts() -> None:
    """Each thread meets cells that no other has read yet: spellings, numbers as text, dates."""
    size = 3 * TASK_ROWS + 17
    people = np.random.default_rng(5).integers(0, len(PEOPLE), size)
    columns = {
        name: [f"{' ' * (k % 7)}{cells[who]}" if cells[who] else cells[who] for k, who in enumerate(people)]
        for name, cells in TYPED.items()
    }
    columns["job_ends"] = [f"2026-{1 + k % 12:02d}-{1 + k % 28:02d}" for k in range(size)]
    whole = ENGINE.score_many(columns, on=DAY)
    for start in range(0, size, 7000):
        part = {name: cells[start : start + 7000] for name, cells in columns.items()}
        found = ENGINE.score_many(part, on=DAY)
        np.testing.assert_array_equal(found.logit, whole.logit[start : start + 7000])
        np.testing.assert_array_equal(found.states, whole.states[start : start + 7000])
        assert found.band.tolist() == whole.band[start : start + 7000].tolist()


def test_a_list_without_columns_is_empty() -> None:
    assert len(ENGINE.score_many({})) == 0
    assert len(ENGINE.score_many(pd.DataFrame())) == 0


AGES = [
    57,
    None,
    "prefer not to say",
    "",
    math.nan,
    "57",
    57.0,
    np.int64(57),
    Decimal(57),
    pd.NA,
    np.float64("nan"),
    "declined",
]


def test_a_column_of_mixed_cells_is_read_cell_by_cell() -> None:
    found = ENGINE.score_many({"age": AGES})
    assert found.logit.tolist() == [ENGINE.score({"age": cell}).logit for cell in AGES]
    assert found.states[:, found.questions.index("age")].tolist() == [1, 0, 2, 0, 0, 1, 1, 1, 1, 0, 0, 2]


@pytest.mark.parametrize("cells", [[1, True, "yes"], [True, 1, "yes"], [0, False, "no"], [False, 0, 0.0]])
def test_what_came_before_in_a_column_does_not_change_what_a_cell_means(cells: list[Any]) -> None:
    """To Python True equals 1. A cell must mean the same in any company, and alone."""
    found = ENGINE.score_many({"vehicle": cells})
    assert found.logit.tolist() == [ENGINE.score({"vehicle": cell}).logit for cell in cells]


def test_false_is_no_qualification_even_after_a_zero() -> None:
    assert ENGINE.score_many({"qualifications": [0]}).logit[0] == ENGINE.score({"qualifications": "none"}).logit
    with pytest.raises(AnswersError, match="row 1 "):
        ENGINE.score_many({"qualifications": [0, False]})


@pytest.mark.parametrize("distinct", [254, 255, 256, 257, 300, 6000])
def test_columns_with_very_many_different_cells_are_read_right(distinct: int) -> None:
    """Polars codes text in one byte while it can; the place of a missing cell must not fall on another."""
    cells = [f"{' ' * (k % 80)}{16 + k % 60}{'.' + '0' * (1 + k // 80)}" if k else None for k in range(distinct)]
    wanted = ENGINE.score_many({"age": cells})
    found = ENGINE.score_many(pl.DataFrame({"age": cells}))
    same(found, wanted)
    assert found.states[0, found.questions.index("age")] == 0


# ------------------------------------------------------------------------- beside the questions


def test_a_time_of_day_does_not_matter() -> None:
    noon = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
    given = {"job_ends": "2026-09-01", "job_search": "often"}
    assert ENGINE.score(given, on=noon) == ENGINE.score(given, on=DAY)
    columns = {name: [value] for name, value in given.items()}
    same(ENGINE.score_many(columns, on=noon), ENGINE.score_many(columns, on=DAY))


@pytest.mark.parametrize(
    "days",
    [
        ["2026-09-01", None, "2026-01-01"],
        [date(2026, 9, 1), None, date(2026, 1, 1)],
        np.array(["2026-09-01", "NaT", "2026-01-01"], dtype="datetime64[D]"),
        np.array(["2026-09-01T08:00", "NaT", "2026-01-01T23:59"], dtype="datetime64[ns]"),
        pd.Series(pd.to_datetime(["2026-09-01", None, "2026-01-01"])),
        pd.Series(pd.to_datetime(["2026-09-01", None, "2026-01-01"])).astype("datetime64[ns]"),
        pd.Series(pd.to_datetime(["2026-09-01", None, "2026-01-01"]).tz_localize("UTC")),
        pl.Series([date(2026, 9, 1), None, date(2026, 1, 1)]),
        pl.Series([date(2026, 9, 1), None, date(2026, 1, 1)]).cast(pl.Datetime),
        pl.Series(["2026-09-01", None, "2026-01-01"]),
    ],
    ids=lambda days: f"{type(days).__module__.split('.')[0]} {getattr(days, 'dtype', '')}",
)
def test_the_last_day_of_the_job_is_read_from_every_kind_of_column(days: Any) -> None:
    found = ENGINE.score_many({"job_ends": days, "job_search": ["not_yet"] * 3}, on=DAY)
    place = found.questions.index("job_search")
    assert found.states[:, place].tolist() == [3, 1, 1]
    assert found.contributions[0, place] == 0 < found.contributions[2, place]


def test_who_objects_is_listed_without_a_score() -> None:
    found = ENGINE.score_many({"age": [60, 60, 60], "objects_to_scoring": ["yes", "no", None]})
    assert found.status.tolist() == ["objected", "not_enough_answers", "not_enough_answers"]
    for name in ("probability", "lower", "upper", "logit", "lower_logit", "upper_logit", "band_logit"):
        assert np.isnan(getattr(found, name)[0]), name
        assert not np.isnan(getattr(found, name)[1:]).any(), name
    assert np.isnan(found.contributions[0]).all()
    assert found.band.tolist() == [None, None, None]
    assert found.reasons[0].tolist() == found.strengths[0].tolist() == [None] * 3
    assert found.reasons[1, 0] == "age"
    assert (found.band_place[0], found.lowest_place[0], found.highest_place[0]) == (-1, -1, -1)


def test_who_has_a_job_gets_no_band_in_a_list_either() -> None:
    answers = {"age": 30, "vehicle": "yes", "household": "partner", "dependants": "no", "area": "Fife"}
    statuses = ["left", "has_job", "redeployed", None, "at_risk"]
    columns: dict[str, Any] = {name: [value] * 5 for name, value in answers.items()} | {"redundancy_status": statuses}
    found = ENGINE.score_many(columns)
    assert found.status.tolist() == ["proposed", "has_job", "redeployed", "proposed", "proposed"]
    assert [band is None for band in found.band] == [False, True, True, False, False]


def test_every_row_has_one_of_the_known_statuses() -> None:
    found = ENGINE.score_many(COLUMNS, on=DAY)
    assert set(found.status) <= set(STATUSES)
    assert found.status_code.min() >= 0
    assert all((band is None) == (status != "proposed") for band, status in zip(found.band, found.status, strict=True))


def test_reasons_of_a_list_are_the_first_three_of_each_client() -> None:
    found = ENGINE.score_many(COLUMNS, on=DAY)
    for row, person in enumerate(PEOPLE):
        score = ENGINE.score(person, on=DAY)
        for named, wanted in ((found.reasons[row], score.reasons), (found.strengths[row], score.strengths)):
            assert [name for name in named if name is not None] == [reason.question for reason in wanted[:3]]
            assert named.tolist() == sorted(named.tolist(), key=lambda name: name is None), "gaps stand last"
