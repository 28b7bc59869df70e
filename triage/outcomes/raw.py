"""What stands in each column that is used, before anyone asks what it means?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.features import Features
from triage.outcomes.answers import Answers, texts_of
from triage.outcomes.layout import Layout
from triage.outcomes.sheets import Rows


@dataclass(frozen=True)
class Raw:
    """All rows of a file.

    Attributes:
        numbers: [n] the row numbers that people see, ascending.
        texts: the contract's columns by name, null for an empty cell.
        groups: the group columns by name.
        objects: the column that says who objects to being scored, or None.
        answers: the answers, which are read as the rows come.
    """

    numbers: NDArray[np.int64]
    texts: Mapping[str, pl.Series]
    groups: Mapping[str, pl.Series]
    objects: pl.Series | None
    answers: Answers


def gather(parts: Iterator[Rows], layout: Layout, features: Features) -> Raw:
    """The columns that `layout` names, of all rows."""
    answers = Answers(features)
    numbers: list[int] = []
    kept: dict[int, list[pl.Series]] = {}
    wanted = [*layout.fields.values(), *layout.groups.values(), *(() if layout.objects is None else (layout.objects,))]
    for part in parts:
        numbers.extend(part.numbers)
        answers.add({name: part.cells[f"c{place}"] for name, place in layout.answers.items()}, part.numbers)
        for place in wanted:
            kept.setdefault(place, []).append(part.cells[f"c{place}"])
    texts = {name: texts_of(kept.get(place, [])) for name, place in layout.fields.items()}
    groups = {name: texts_of(kept.get(place, [])) for name, place in layout.groups.items()}
    objects = None if layout.objects is None else texts_of(kept.get(layout.objects, []))
    return Raw(np.array(numbers, dtype=np.int64), texts, groups, objects, answers)
