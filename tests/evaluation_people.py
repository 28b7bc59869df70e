"""People to judge scores by, for the tests of evaluation: made up, with known truth, or the displaced workers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.displaced_evidence import answers_of, build_engine, read_people
from triage import Engine
from triage.outcomes import BACK, COMPETING, OUT, Outcomes

Array = NDArray[np.float64]
KINDS = {BACK: "paid_work", COMPETING: "retired", OUT: "still_looking"}


def outcomes_of(weeks: Array, place: NDArray[Any], **more: Any) -> Outcomes:
    """Outcomes of people who each stand for themselves, with one input that says nothing."""
    n = len(weeks)
    given: dict[str, Any] = {
        "client": np.array([f"c{row:06d}" for row in range(n)], dtype=object),
        "inputs": np.full((n, 1), np.nan),
        "states": np.zeros((n, 1), dtype=np.int8),
        "weeks": np.asarray(weeks, dtype=np.float64),
        "kind": np.array([KINDS[int(code)] for code in place], dtype=object),
        "place": np.asarray(place, dtype=np.int8),
        "weight": np.ones(n),
        "date": np.full(n, "NaT", dtype="datetime64[D]"),
        "source": "made-up.csv",
    }
    return Outcomes(**(given | more))


def censored(seed: int, n: int = 300, *, weighted: bool = False, clients: int | None = None) -> tuple[Array, Outcomes]:
    """Log-odds with ties, and outcomes at 26 weeks, a third of them lost from sight."""
    random = np.random.default_rng(seed)
    logits = np.round(random.normal(-1.0, 1.0, n), 1)
    weeks = np.round(random.exponential(12 * np.exp(0.6 * (logits + 1))), 0)
    lost = np.round(random.uniform(0, 70, n), 0)
    place = np.where(lost < weeks, OUT, np.where(random.random(n) < 0.05, COMPETING, BACK))
    more: dict[str, Any] = {"weight": random.choice([0.5, 1.0, 2.0], n)} if weighted else {}
    if clients is not None:
        more["client"] = np.array([f"c{row}" for row in random.integers(0, clients, n)], dtype=object)
    return logits, outcomes_of(np.minimum(weeks, lost), place, **more)


def told_apart(logits: Array, outcome: NDArray[np.bool_]) -> Outcomes:
    """People whose outcome at 26 weeks is known and is `outcome`."""
    return outcomes_of(np.where(outcome, 40.0, 10.0), np.full(len(logits), BACK))


def displaced(folder: Path) -> tuple[Engine, Outcomes]:
    """The displaced workers with their evidence model; groups are invented columns."""
    people = read_people()
    engine = build_engine(folder / "bundle")
    columns = engine.score_many(answers_of(people))
    place = np.where(people["censor4"] == 1, OUT, BACK)
    n = len(place)
    rows = np.arange(n)
    town = np.where(rows < 6, "Tiny", np.where(rows % 2 == 0, "East", "West")).astype(object)
    town[10:40] = ""
    outcomes = outcomes_of(
        2 * people["spell"], place, inputs=columns.inputs, states=columns.states, groups={"town": town}
    )
    return engine, outcomes
