"""What does the engine say about the people of one chunk?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from triage.cutoffs import Proposal, propose
from triage.engine import STATUSES, Columns, Engine
from triage.engine.columns import score_columns
from triage.engine.encode_columns import Coded
from triage.lists.cells import Codes, Space

PROPOSED = STATUSES.index("proposed")
#: Statuses for which no figure is worked out or shown.
WITHOUT_FIGURES = tuple(STATUSES.index(name) for name in ("has_job", "redeployed", "objected"))


def score_places(
    engine: Engine, places: Mapping[str, Codes], spaces: Mapping[str, Space], on: date, size: int
) -> Columns:
    """The engine's columns for answers given as places in their spaces."""
    columns = {name: Coded(spaces[name].values, codes) for name, codes in places.items()}
    return score_columns(engine, columns, on, size)


def share_out(engine: Engine, band_logits: NDArray[np.float64]) -> Proposal:
    """The cut-off points that hold for this list."""
    return propose(engine.cutoffs, engine.points, band_logits)
