"""Can a count that one table of changes hides be worked out from the other?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from triage.casework.figures_tables import LEAST, Table, changes_by_office, changes_by_reason

pytestmark = pytest.mark.slow

NAMES = {"a": "A", "b": "B"}


def tables(more: tuple[int, int], less: tuple[int, int]) -> tuple[Table, Table]:
    """One office's changes, and the same by two reasons."""
    offices = changes_by_office({"a": {"same": 20, "more": sum(more), "less": sum(less)}}, NAMES)
    counts = {name: {"more": more[k], "less": less[k]} for k, name in enumerate("ab")}
    return offices, changes_by_reason(counts, NAMES, offices)


def possible(offices: Table, reasons: Table) -> Iterator[tuple[int, int, int, int]]:
    """Every way in which both tables could have come about."""
    top = 21
    totals = offices.lines[-1].counts[1:3]
    for one, other in product(product(range(top), repeat=2), repeat=2):
        rows = [(one[0], other[0], one[0] + other[0]), (one[1], other[1], one[1] + other[1])]
        rows.append((sum(one), sum(other), sum(one) + sum(other)))
        fits = all(
            told is None or told == count
            for line, row in zip(reasons.lines, rows, strict=True)
            for told, count in zip(line.counts, row, strict=True)
        )
        if fits and all(told is None or told == count for told, count in zip(totals, rows[-1], strict=False)):
            yield (*one, *other)


@pytest.mark.parametrize("more", [(1, 5), (2, 9), (3, 12), (6, 7), (0, 8)])
@pytest.mark.parametrize("less", [(0, 9), (3, 9), (9, 0), (6, 8), (1, 2)])
def test_no_small_count_can_be_worked_out_from_both(more: tuple[int, int], less: tuple[int, int]) -> None:
    found = list(possible(*tables(more, less)))
    for place, count in enumerate((*more, *less)):
        if 0 < count < LEAST:
            assert len({item[place] for item in found}) > 1, (place, count)


def test_a_total_that_offices_tell_is_told_by_reason_too() -> None:
    _, reasons = tables((12, 15), (9, 8))
    assert [line.counts for line in reasons.lines] == [(12, 9, 21), (15, 8, 23), (27, 17, 44)]


def test_nothing_to_tell_is_no_mistake() -> None:
    assert not changes_by_reason({}, NAMES, changes_by_office({}, NAMES)).shows
