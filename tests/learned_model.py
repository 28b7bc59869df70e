"""What does a model look like that was learned from outcomes? Two small ones, learned once for each test process.

`displaced()` learns from the real people of tests/data/cps_dws_jobless.csv, `pace()` from simulated people. Tests that
use them belong to the group `GROUP`, so that parallel runs learn them once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import triage
from experiments.studies import data
from triage.bundle.release import Release
from triage.checklist import Checklist
from triage.content import content_root
from triage.engine import Engine
from triage.evaluation import Settings as Judging
from triage.features import Features
from triage.learning import Learned, Settings, Start, learn
from triage.learning.release import About, release_learned
from triage.outcomes import load_kinds
from triage.scorecard import Scorecard
from triage.simulation import Settings as Simulated
from triage.simulation import World, simulate

GROUP = pytest.mark.xdist_group("learned")
RECIPE = content_root() / "models" / "recipes" / "evidence.yaml"
#: What stands in a learned bundle beside the files that each bundle has.
BESIDE = ("figures.json", "shapes.svg", "beeswarm.svg")
#: Enough to learn something; the range needs all its draws.
_QUICK = Settings(repeats=1, rounds=60, threads=1)
_JUDGED = Judging(resamples=40)


@dataclass(frozen=True, eq=False)
class LearnedModel:
    """A learned model, and what it is loaded with.

    Attributes:
        learned: what was learned.
        release: the files of its bundle.
        beside: what `triage.load` needs beside the bundle.
    """

    learned: Learned
    release: Release
    beside: Mapping[str, Path]

    @property
    def scorecard(self) -> Scorecard:
        """The tables with their draws, as they were before they became files."""
        return self.learned.scorecard

    @property
    def start(self) -> Start:
        """What learning started from."""
        return self.learned.fitted.sample.start

    def load(self, folder: Path) -> Engine:
        """An engine over the bundle, written to the new folder `folder`."""
        self.release.write(folder)
        return triage.load(folder, **self.beside)

    def words(self) -> list[str]:
        """The same as options of a command, without the model."""
        return [word for name, path in self.beside.items() for word in (f"--{name}", str(path))]


@cache
def displaced() -> LearnedModel:
    """Learned from 3,343 real people of another country and time, with a checklist of sixteen questions."""
    people = data.displaced("19", data.FOLDER)
    learned = learn(people.outcomes, Start.of(people.recipe, people.features), people.horizon, _QUICK)
    about = About("displaced-1", load_kinds(), (date(1984, 1, 1), date(1992, 1, 1)))
    beside = {"checklist": data.FOLDER, "cutoffs": data.FOLDER / "cutoffs.yaml"}
    return LearnedModel(learned, release_learned(learned, about, judging=_JUDGED), beside)


@cache
def pace() -> LearnedModel:
    """Learned from 1,500 simulated people of the shipped checklist, of whom more than usual stay out of work."""
    features = Features.load(Checklist.load())
    world = World.of(RECIPE, features, Simulated(strength=2.2, base_rate=0.25))
    learned = learn(simulate(1500, "learned doors", world).outcomes, Start.of(RECIPE, features), 52, _QUICK)
    about = About("pace-simulated-1", load_kinds())
    return LearnedModel(learned, release_learned(learned, about, judging=_JUDGED), {})
