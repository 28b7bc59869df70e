"""How different could the tables have come out? Refits with other weights, each from other evidence.

Each draw weights people by the Bayesian bootstrap (the censoring weights follow), and moves the middle of each term's
prior by a random step of the prior's own spread. So with few outcomes the draws are spread as the evidence is stated,
and with many as the outcomes leave it open: for a normal model such draws are exact draws of the posterior (Bardsley
and others 2014, "randomize then optimize").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from triage.learning.bins import terms_of
from triage.learning.calibrate import affine
from triage.learning.fit import Fitted, released_tables
from triage.learning.folds import bootstrap_weights, stream
from triage.learning.part import at_rate, learn_part, regress
from triage.learning.sample import Sample
from triage.learning.search import in_threads
from triage.learning.steps import scaled
from triage.learning.tables import Tables

Array = NDArray[np.float64]
_BITS = 53


def draw_tables(fitted: Fitted, tick: Callable[[str], None]) -> list[Tables]:
    """The tables of every draw, with each step that the released tables went through."""

    def draw(number: int) -> Tables:
        found = _draw(fitted, f"{fitted.sample.settings.seed}:draw:{number}")
        tick("finding the range")
        return found

    return in_threads(draw, range(fitted.sample.settings.draws), fitted.sample.settings.threads)


def _draw(fitted: Fitted, seed: str) -> Tables:
    sample = fitted.sample.reweighted(bootstrap_weights(len(fitted.sample.clients), f"{seed}:people"))
    terms = terms_of(sample.bins, sample.codes, sample.weight, sample.evidence)
    noise = _normal(2 + len(terms.owner), f"{seed}:evidence")
    if fitted.fell_back:
        return released_tables(at_rate(_evidence_drawn(sample, noise), sample), sample)[0]
    raw, _ = learn_part(sample, fitted.choice.multiple, fitted.choice.rounds, noise)
    own = affine(fitted.choice.held_out, sample.outcome, sample.weight, float(noise[0])).bounded()
    return released_tables(at_rate(scaled(raw, own.slope, 0.0), sample), sample)[0]


def _evidence_drawn(sample: Sample, noise: Array) -> Tables:
    """The evidence moved within its stated spread: what stands around a model of it."""
    untold = replace(sample, label=replace(sample.label, weight=np.zeros(len(sample))))
    return regress(untold, np.arange(len(sample)), [1.0], noise).tables(untold, 0)


def _normal(size: int, seed: str) -> Array:
    """Standard normal numbers [size] (Box and Muller 1958), the same on every machine but for the last bits."""
    raw = (stream(seed).random_raw(2 * size) >> np.uint64(64 - _BITS)).astype(np.float64)
    uniform = (raw + 0.5) / 2.0**_BITS
    found: Array = np.sqrt(-2 * np.log(uniform[:size])) * np.cos(2 * np.pi * uniform[size:])
    return found
