"""Can a model be released in which outcomes have levelled whole tables?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.learning_people import HORIZON, QUICK, people, start_of, write_content
from triage.learning import Start, fit
from triage.learning.draws import draw_tables
from triage.learning.fit import Fitted
from triage.learning.learn import compiled, silence_widens
from triage.learning.tables import Tables
from triage.scorecard import InputTable, Scorecard
from triage.scorecard.silence import NoOrder, with_silence

pytestmark = pytest.mark.slow

Array = NDArray[np.float64]
DRAWS, UNIT = 32, 2.0**-36


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    return start_of(write_content(tmp_path_factory.mktemp("tiny")))


@pytest.fixture(scope="module")
def fitted(start: Start) -> Fitted:
    return fit(people(1, start, 100), start, HORIZON, QUICK)


def levelled(table: InputTable, left: Array) -> InputTable:
    """The table with 0 for every point, and in two intervals of each draw what is left of it."""
    draws = np.zeros((2, DRAWS))
    draws[0], draws[1] = -left, left
    return replace(table, edges=table.edges[:1], points=(0.0, 0.0), draws=draws)


def with_tables(scorecard: Scorecard, tables: Sequence[InputTable]) -> Scorecard:
    return replace(scorecard, tables=tuple(tables))


def stuck_on(scorecard: Scorecard, start: Start) -> str:
    """The question on which no order of the draws widens the range, or nothing."""
    try:
        with_silence(scorecard, start.reference, f"{QUICK.seed}:silent", np.zeros(DRAWS))
    except NoOrder as found:
        return found.question_id
    return ""


def nearly_level(start: Start) -> list[Scorecard]:
    """The evidence with hardly anything left of one question, in one draw or another."""
    found = []
    for draw in range(DRAWS):
        left = np.where(np.arange(DRAWS) == draw, 1024 * UNIT, 0.0)
        tables = [levelled(t, left) if t.question_id == "years" else t for t in start.evidence.tables]
        found.append(with_tables(start.evidence, tables))
    return found


def test_a_question_with_a_little_left_in_one_draw_is_released_flat(start: Start, fitted: Fitted) -> None:
    """In a single draw there is no range that silence could widen. Evidence is refused then: its range is stated."""
    stuck = [scorecard for scorecard in nearly_level(start) if stuck_on(scorecard, start) == "years"]
    assert stuck
    with pytest.raises(NoOrder, match="silence on 'years'"):
        with_silence(stuck[0], start.reference, f"{QUICK.seed}:silent")
    for scorecard in stuck[:3]:
        out = silence_widens(scorecard, fitted.sample, np.zeros(DRAWS))
        assert not out.tables[1].draws.any()
        assert not out.tables[1].missing_draws.any()
        np.testing.assert_array_equal(out.tables[5].draws, scorecard.tables[5].draws)


def test_the_baselines_of_the_draws_reach_everybody_once(start: Start, fitted: Fitted) -> None:
    """Also where the first question says nothing, and whether or not it was answered."""
    draws = draw_tables(fitted, lambda words: None)
    flat = [Tables(draw.intercept, (np.zeros_like(draw.values[0]), *draw.values[1:])) for draw in draws]
    tables = replace(fitted.tables, values=(np.zeros_like(fitted.tables.values[0]), *fitted.tables.values[1:]))
    scorecard = compiled(replace(fitted, tables=tables), flat)
    wanted = np.array([draw.intercept for draw in draws]) - fitted.tables.intercept
    assert wanted.any()
    first = scorecard.tables[0]
    for row in first.draws:
        np.testing.assert_array_equal(row, wanted)
    np.testing.assert_array_equal(first.missing_draws, wanted)
    for table in scorecard.tables[1:]:
        for draw in range(DRAWS):
            assert table.missing_draws[draw] in table.draws[:, draw]
