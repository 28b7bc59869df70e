"""What did the outcomes teach? Tables that start from the evidence, calibrated, and ready to be released."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from triage.errors import OutcomesError
from triage.learning.calibrate import Affine, affine, shift
from triage.learning.part import at_rate, finished, learn_part
from triage.learning.sample import Sample
from triage.learning.search import Choice, Progress, search
from triage.learning.settings import Settings
from triage.learning.start import Start
from triage.learning.steps import Moved, centred, directed, in_range, moved, neutral, rounded, scaled
from triage.learning.tables import Tables, places_of
from triage.outcomes import Outcomes

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Fitted:
    """A model learned from outcomes, before its range is drawn.

    Attributes:
        sample: whom it learned from.
        choice: what cross-validation chose.
        raw: the merged tables of regression and trees.
        affine: the calibration: the slope that suits held-out scores, and the intercept that makes `tables` right on
            average about the sample; the slope is 1 where the model fell back to the evidence.
        fell_back: True where the slope reached a bound: the tables are then the evidence's, at the measured rate.
        tables: the tables as they are released.
        moved: how far each step after the fit moved each table.
        held_out: [repeats, n] calibrated log-odds of people who were held out, by sorted row.
    """

    sample: Sample
    choice: Choice
    raw: Tables
    affine: Affine
    fell_back: bool
    tables: Tables
    moved: tuple[Moved, ...]
    held_out: Array

    def logits(self, inputs: Array) -> Array:
        """Log-odds [n] of grid values [n, inputs], NaN where missing."""
        return self.tables.logits(places_of(inputs, self.sample.features))

    @property
    def out_of_fold(self) -> Array:
        """[n] calibrated log-odds of the rows as they were given, each held out, averaged over the repeats."""
        return self.sample.given_order(self.held_out.mean(axis=0))


def fit(
    outcomes: Outcomes,
    start: Start,
    horizon: float,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Fitted:
    """Learn tables from outcomes.

    Args:
        outcomes: people, their answers and what happened to them.
        start: the evidence to start from.
        horizon: weeks.
        settings: see `Settings`.
        progress: is told how far it is.

    Raises:
        OutcomesError: nobody's outcome is known, or all known outcomes are alike.
    """
    sample = Sample.of(outcomes, start, horizon, settings or Settings())
    check_learnable(sample)
    return fit_sample(sample, Ticks(progress, sample).tick)


def fit_sample(sample: Sample, tick: Callable[[str], None]) -> Fitted:
    """As `fit`, for a sample that can be learned from; `tick` is told of each piece of work that is done."""
    # Sums in several threads differ in the last bits with how many there are.
    with threadpool_limits(limits=1):
        return _fitted(sample, tick)


def _fitted(sample: Sample, tick: Callable[[str], None]) -> Fitted:
    choice = search(sample, tick)
    calibration = affine(choice.held_out, sample.outcome, sample.weight)
    raw, _ = learn_part(sample, choice.multiple, choice.rounds)
    tick("learning from everybody")
    if calibration.sound:
        held_out = calibration.intercept + calibration.slope * choice.held_out
        scaled_tables = at_rate(scaled(raw, calibration.slope, 0.0), sample)
        calibration = Affine(scaled_tables.intercept - calibration.slope * raw.intercept, calibration.slope)
    else:
        calibration, scaled_tables = _evidence_at_rate(sample)
        held_out = np.tile(scaled_tables.logits(sample.places), (len(choice.held_out), 1))
    tables, changes = released_tables(scaled_tables, sample)
    scale = moved("calibration", raw, scaled_tables, sample.features, sample.shares)
    return Fitted(sample, choice, raw, calibration, scaled_tables.values is sample.start.tables.values, tables,
                  (*scale, *changes), held_out)  # fmt: skip


def _evidence_at_rate(sample: Sample) -> tuple[Affine, Tables]:
    """The evidence as it stands, moved as a whole to the share that was observed."""
    constant = shift(sample.offset, sample.outcome, sample.weight)
    evidence = sample.start.tables
    return Affine(constant, 1.0), Tables(evidence.intercept + constant, evidence.values)


def released_tables(tables: Tables, sample: Sample) -> tuple[Tables, list[Moved]]:
    """Direction, silence, centring, range and rounding in turn, and how far each moved the tables."""
    start, features, changes = sample.start, sample.features, list[Moved]()
    steps: list[tuple[str, Callable[[Tables], Tables]]] = [
        ("direction", lambda now: directed(now, features, sample.shares, start.tables)),
        ("silence", lambda now: neutral(now, start.shares)),
        ("centring", lambda now: centred(now, start.shares)),
        ("range", lambda now: in_range(now, lambda less: finished(less, sample))),
        ("rounding", rounded),
    ]
    for name, step in steps:
        after = step(tables)
        changes += moved(name, tables, after, features, sample.shares)
        tables = after
    return tables, changes


def check_learnable(sample: Sample) -> None:
    """Refuse people from whom nothing can be learned.

    Raises:
        OutcomesError: nobody's outcome is known, or all known outcomes are alike.
    """
    known = sample.label.weight > 0
    ill = int(np.count_nonzero(known & sample.label.outcome))
    weeks = f"{sample.horizon:g} weeks"
    if not known.any():
        raise OutcomesError(f"Nobody's outcome at {weeks} is known: nothing can be learned. Follow people up longer.")
    if ill in (0, np.count_nonzero(known)):
        which = "nobody was" if ill == 0 else "everybody was"
        raise OutcomesError(
            f"Of {np.count_nonzero(known):,} people whose outcome is known {which} still without work after {weeks}."
            " Learning needs both. Check the columns 'weeks' and 'outcome', or take another horizon."
        )


class Ticks:
    """Counts the pieces of work, and tells somebody."""

    def __init__(self, progress: Progress | None, sample: Sample, draws: int = 0) -> None:
        settings = sample.settings
        folds = min(settings.folds, len(sample.clients)) * settings.repeats_for(len(sample.clients))
        self._total = folds * (2 if settings.boost else 1) + 1 + draws
        self._done = 0
        self._progress = progress
        self._lock = threading.Lock()

    def tick(self, words: str) -> None:
        """One more piece is done."""
        with self._lock:
            self._done += 1
            if self._progress is not None:
                self._progress(self._done, self._total, words)
