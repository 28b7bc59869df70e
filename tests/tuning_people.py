"""A tuning of simulated people, made quickly, for whatever builds on `tuning.json`.

Nobody here exists. `made()` is the shipped checklist with the evidence model and everything that can be asked for; its
`data` is what `ltu-triage tune` would write.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np

import triage
from triage.content import content_root
from triage.engine import Engine
from triage.evaluation import Settings
from triage.outcomes import Outcomes
from triage.simulation import Settings as Simulated
from triage.simulation import World, simulate
from triage.tuning import Asked, Scores, Tuning, tune
from triage.tuning.candidates import at_percents
from triage.tuning.costs import Costs
from triage.tuning.local import Local, Partnership
from triage.tuning.solver import Wish

RECIPE = content_root() / "models" / "recipes" / "evidence.yaml"
#: Few resamples: enough for intervals, quick.
QUICK = Settings(seed="tuning", resamples=60)
UNLEARNED = Scores("never_learned", "", "The model was made from published evidence and has learned from nobody.")


@cache
def engine() -> Engine:
    """The shipped engine."""
    return triage.load()


@cache
def people(n: int = 2500, seed: str = "tuning", base_rate: float = 0.2) -> Outcomes:
    """Simulated outcomes of the shipped checklist, with a column that names an invented partnership."""
    world = World.of(RECIPE, engine().features, Simulated(strength=1.6, base_rate=base_rate))
    found = simulate(n, seed, world).outcomes
    names = np.array(["East", "North", "West"], dtype=object)[np.arange(n) % 3]
    return Outcomes(**{**vars(found), "groups": {**found.groups, "partnership": names}})


def asked() -> Asked:
    """Policies of each kind: proposed, solved with places by partnership, and by costs."""
    return Asked(
        candidates=[at_percents(engine(), {"enhanced": Decimal(12), "intensive": Decimal(25)})],
        wish=Wish("intensive", 10, 100, 0.6, "age"),
        local=Local("partnership", Decimal(40), (Partnership("East", 2, 30), Partnership("West", 8, 40))),
        costs=Costs("intensive", Decimal(1), Decimal(4)),
    )


@cache
def made() -> Tuning:
    """The tuning; not to be changed, since all tests of a process share it."""
    return tune(engine(), people(), UNLEARNED, asked=asked(), settings=QUICK, digest="0" * 64)


def policy_of(data: dict[str, Any], kind: str) -> dict[str, Any]:
    """The first policy of a kind."""
    found: dict[str, Any] = next(item for item in data["policies"] if item["kind"] == kind)
    return found


def band_of(policy: dict[str, Any], name: str) -> dict[str, Any]:
    """One band of a policy."""
    found: dict[str, Any] = next(item for item in policy["bands"] if item["id"] == name)
    return found
