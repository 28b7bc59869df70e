"""Can nobody work out a hidden count of the monitoring page from what stands beside it? By trying every table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import triage
from tests.casework import Desk
from tests.monitored import own_desk
from tests.worlds import examples
from triage.casework.figures_tables import LEAST
from triage.engine.encode_columns import ANSWERED, DECLINED, EARLY, NOT_ASKED
from triage.monitoring.changes import changes
from triage.monitoring.missing import missing
from triage.monitoring.periods import periods_between
from triage.monitoring.reading import Recorded, Records
from triage.monitoring.rules import load_rules

SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
KINDS = (ANSWERED, DECLINED, NOT_ASKED)
NAMES = ("answered", "declined", "not_asked")
SMALL = st.integers(0, 7)
Table = list[list[int | None]]


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, shipped_engine: triage.Engine
) -> Iterator[Desk]:
    """A desk whose service is asked and whose records are not."""
    with own_desk(tmp_path_factory.mktemp("desk"), sqlite_template, shipped_engine) as found:
        yield found


def records(
    engine: triage.Engine, states: np.ndarray, offices: Sequence[str], taken: Sequence[Mapping[str, Any]] = ()
) -> Records:
    """Records of people who stand so."""
    size, width = len(states), len(engine.features.inputs)
    none = np.array([""] * size, dtype=object)
    people = Recorded(
        np.full((size, width), np.nan), states, np.zeros(size), none, np.ones(size, dtype=bool), none,
        np.zeros(size, dtype=np.intp), np.array(offices, dtype=object), np.ones(size, dtype=bool),
    )  # fmt: skip
    days = date(2026, 3, 1), date(2026, 3, 31)
    return Records(periods_between(*days, "month"), *days, people, [dict(row) for row in taken], {}, 0)


def tables(
    rows: Table, row_totals: Sequence[int | None], column_totals: Sequence[int | None]
) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every table of counts that shows exactly this; None is hidden."""
    most = max(total for total in (*row_totals, *column_totals) if total is not None)
    choices = []
    for cells, total in zip(rows, row_totals, strict=True):
        ends = [min(most if end is None else end for end in (total, column)) for column in column_totals]
        spans = [range(end + 1) if cell is None else (cell,) for cell, end in zip(cells, ends, strict=True)]
        choices.append([row for row in product(*spans) if total is None or sum(row) == total])
    for found in product(*choices):
        sums = [sum(column) for column in zip(*found, strict=True)]
        if all(total is None or total == known for total, known in zip(column_totals, sums, strict=True)):
            yield found


def check(rows: Table, row_totals: Sequence[int | None], column_totals: Sequence[int | None]) -> None:
    """Each hidden count could be another one."""
    gaps = [(i, j) for i, row in enumerate(rows) for j, cell in enumerate(row) if cell is None]
    seen: dict[tuple[int, int], set[int]] = {gap: set() for gap in gaps}
    for found in tables(rows, row_totals, column_totals) if gaps else ():
        for i, j in gaps:
            seen[i, j].add(found[i][j])
        if all(len(values) > 1 for values in seen.values()):
            return
    assert not gaps, (rows, row_totals, column_totals)


@settings(examples(60), suppress_health_check=SHARED)
@given(st.lists(st.tuples(SMALL, SMALL, SMALL, SMALL), min_size=1, max_size=2), st.data())
def test_how_an_office_left_a_question_unanswered_stays_hidden(
    desk: Desk, offices: list[tuple[int, int, int, int]], data: st.DataObject
) -> None:
    """Two questions for which the same people are too early, and one that could be asked at any time."""
    engine = desk.service.engines.now
    size = sum(map(sum, offices))
    if size < 1:
        return
    states = np.full((size, len(engine.checklist.questions)), ANSWERED, dtype=np.int8)
    names, start = [], 0
    for place, parts in enumerate(offices):
        early, rest = parts[0], parts[1:]
        end = start + sum(parts)
        names += [f"office {place}"] * sum(parts)
        states[start : start + early, 0:2] = EARLY
        states[start + early : end, 0] = np.repeat(KINDS, rest)
        states[start + early : end, 1] = data.draw(
            st.lists(st.sampled_from(KINDS), min_size=sum(rest), max_size=sum(rest))
        )
        start = end
    found = missing(engine, records(engine, states, names))
    if found["people"] is None:
        assert size < LEAST
        return
    assert all(office["people"] >= LEAST for office in found["offices"])
    early_told = {tuple(line["too_early"] for line in item["by_office"]) for item in found["questions"][:2]}
    assert len(early_told) == 1, "the same people are too early for both"
    for item in found["questions"]:
        everybody = item["all"]
        assert not 0 < everybody["too_early"] < LEAST
        for line in (everybody, *item["by_office"]):
            assert not any(0 < (line[name] or 0) < LEAST for name in (*NAMES, "too_early"))
        wholes = [
            office["people"] - line["too_early"]
            for office, line in zip(found["offices"], item["by_office"], strict=False)
        ]
        rows: Table = [[line[name] for name in NAMES] for line in item["by_office"]]
        if not rows:
            rows, wholes = [[everybody[name] for name in NAMES]], [found["people"] - everybody["too_early"]]
        check(rows, wholes, [everybody[name] for name in NAMES])


@settings(examples(60), suppress_health_check=SHARED)
@given(st.lists(st.tuples(SMALL, SMALL, SMALL), min_size=1, max_size=2))
def test_how_an_office_changed_proposals_stays_hidden(desk: Desk, offices: list[tuple[int, int, int]]) -> None:
    bands = [band.id for band in desk.service.engines.now.cutoffs.bands]
    ways = ("same", "more", "less")
    taken = [
        {
            "proposed_band": bands[1], "band": bands[1 + (way == "more") - (way == "less")], "reason": "other",
            "case_office": f"office {place}", "period": 0,
        }
        for place, parts in enumerate(offices)
        for way, count in zip(ways, parts, strict=True)
        for _ in range(count)
    ]  # fmt: skip
    engine = desk.service.engines.now
    states = np.zeros((1, len(engine.checklist.questions)), dtype=np.int8)
    found = changes(desk.service, records(engine, states, ["office 0"], taken), load_rules().changes)
    if found["decisions"] is None:
        assert len(taken) < LEAST
        return
    wholes = [found["all"][way] for way in ways]
    assert not any(0 < (count or 0) < LEAST for count in wholes)
    for table, kinds in (("offices", ways), ("reasons", ways[1:]), ("periods", ways)):
        rows: Table = [[row[way] for way in kinds] for row in found[table]]
        assert not any(0 < (cell or 0) < LEAST for row in rows for cell in row)
        if rows:
            check(rows, [row["decisions"] for row in found[table]], wholes[-len(kinds) :])
