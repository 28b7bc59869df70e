"""What does the engine say about the people of one chunk?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.cutoffs import Proposal, propose
from triage.engine import STATUSES, Columns, Engine
from triage.engine.columns import score_columns
from triage.engine.encode_columns import Coded
from triage.lists.cells import Codes, Space, Value

PROPOSED = STATUSES.index("proposed")
#: Statuses for which no figure is worked out or shown.
WITHOUT_FIGURES = tuple(STATUSES.index(name) for name in ("has_job", "redeployed", "objected"))


class Answered(Coded):
    """Answers as places in the space of their field, which the engine takes as one column of cells."""

    def __iter__(self) -> Iterator[Value | None]:
        return (self.values[place] for place in self.places.tolist())


def score_places(
    engine: Engine, places: Mapping[str, Codes], spaces: Mapping[str, Space], on: date, size: int
) -> Columns:
    """The engine's columns for answers given as places in their spaces."""
    if not places or not size:
        # The engine takes the number of people from its columns, so somebody who answers nothing stands in.
        silent = score_columns(engine, {engine.checklist.questions[0].id: [None] * max(size, 1)}, on)
        return silent if size else _nobody(silent)
    return score_columns(engine, {name: Answered(spaces[name].values, codes) for name, codes in places.items()}, on)


def share_out(engine: Engine, band_logits: NDArray[np.float64]) -> Proposal:
    """The cut-off points that hold for this list."""
    return propose(engine.cutoffs, engine.points, band_logits)


def _nobody(columns: Columns) -> Columns:
    arrays: dict[str, Any] = {name: value[:0] for name, value in vars(columns).items() if isinstance(value, np.ndarray)}
    return replace(columns, **arrays)
