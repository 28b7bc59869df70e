"""What is known of each person: answers, how long they were without work, and how that ended?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.outcomes.label import Competing, Label, label_of

Array = NDArray[np.float64]
Texts = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Outcomes of n people, row by row. Two rows of one client stand for two job losses of one person.

    Attributes:
        client: [n] opaque ids.
        inputs: [n, inputs] grid values, NaN where an answer is missing.
        states: [n, questions] int8, as in `triage.engine.columns.Columns`: 0 not asked, 1 answered, 2 declined,
            3 too early.
        weeks: [n] weeks since the job ended until the first return to work, or until last heard of; 0 or more.
        kind: [n] ids of the outcome kinds ("paid_work", "lost_contact" ...).
        place: [n] int8, each kind's place in the label: `BACK`, `COMPETING` or `OUT`.
        weight: [n] each person's own weight, 1 where none was given.
        date: [n] the day the job ended (datetime64[D]), NaT where not given.
        groups: further columns for the fairness tables by name, [n] texts; "" where not stated.
        notes: optional columns by name, [n] texts, "" where not given: "band_proposed", "band_decided", "support",
            "model". A column that the file does not have is absent.
        support_start: [n] weeks since the job ended until support began, NaN where not given.
        simulated: True where the file says that nobody in it exists.
        source: the file's name, for people; never a path.
    """

    client: Texts
    inputs: Array
    states: NDArray[np.int8]
    weeks: Array
    kind: Texts
    place: NDArray[np.int8]
    weight: Array
    date: NDArray[np.datetime64]
    groups: Mapping[str, Texts] = field(default_factory=dict)
    notes: Mapping[str, Texts] = field(default_factory=dict)
    support_start: Array = field(default_factory=lambda: np.empty(0))
    simulated: bool = False
    source: str = ""

    def __len__(self) -> int:
        return len(self.client)

    def take(self, rows: NDArray[Any]) -> Outcomes:
        """The outcomes of some rows: places, or True and False for each row."""
        single = {
            item.name: getattr(self, item.name)[rows]
            for item in fields(self)
            if isinstance(getattr(self, item.name), np.ndarray) and len(getattr(self, item.name)) == len(self)
        }
        return replace(
            self,
            **single,
            groups={name: cells[rows] for name, cells in self.groups.items()},
            notes={name: cells[rows] for name, cells in self.notes.items()},
        )

    def label(self, horizon: float, competing: Competing = "not_back") -> Label:
        """The outcome of each person at `horizon` weeks (see `label_of`)."""
        return label_of(self.weeks, self.place, self.weight, horizon, competing)
