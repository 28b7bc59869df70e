"""How many bytes are kept of the whole list, for each of its rows?

Run: python -m experiments.bench.state LIST

Counts every array that `triage.lists.facts` holds once it has gone through the list.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from triage.engine import load
from triage.lists.facts import gather
from triage.lists.plan import make_plan
from triage.lists.read import open_source
from triage.lists.read.source import CHUNK_ROWS
from triage.lists.vocabulary import Vocabulary


def array_bytes(thing: Any) -> int:
    """Bytes of all arrays that can be reached from a thing through its attributes and its containers."""
    if isinstance(thing, np.ndarray):
        return thing.nbytes
    if isinstance(thing, list | tuple):
        return sum(map(array_bytes, thing))
    if isinstance(thing, dict):
        return sum(map(array_bytes, thing.values()))
    return array_bytes(vars(thing)) if hasattr(thing, "__dict__") else 0


def bytes_a_row(path: Path) -> float:
    """Bytes of whole-list state for each row of the list."""
    engine = load()
    vocabulary = Vocabulary(engine.checklist, engine.features)
    plan = make_plan(open_source(path), vocabulary)
    return array_bytes(gather(plan, vocabulary, date(2026, 10, 1), CHUNK_ROWS)) / plan.rows


if __name__ == "__main__":
    print(bytes_a_row(Path(sys.argv[1])))
