"""What does the engine say about the people of one chunk?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.cutoffs import Proposal, propose
from triage.engine import STATUSES, Columns, Engine
from triage.engine.columns import score_columns
from triage.lists.cells import Codes, Space

PROPOSED = STATUSES.index("proposed")
#: Statuses for which no figure is worked out or shown.
WITHOUT_FIGURES = tuple(STATUSES.index(name) for name in ("has_job", "redeployed", "objected"))


def score_places(
    engine: Engine, places: Mapping[str, Codes], spaces: Mapping[str, Space], on: date, size: int
) -> Columns:
    """The engine's columns for answers given as places in their spaces."""
    columns: dict[str, Any] = {name: _cells(spaces[name], codes) for name, codes in places.items()}
    if not columns:
        columns[engine.checklist.questions[0].id] = [None] * size
    return score_columns(engine, columns, on)


def share_out(engine: Engine, band_logits: NDArray[np.float64]) -> Proposal:
    """The cut-off points that hold for this list."""
    return propose(engine.cutoffs, engine.points, band_logits)


def _cells(space: Space, codes: Codes) -> Any:
    values: Sequence[Any] = space.values
    if all(isinstance(value, float) for value in values[1:]):
        numbers = np.array([np.nan, *values[1:]], dtype=np.float64)
        return numbers[codes]
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found[codes].tolist()
