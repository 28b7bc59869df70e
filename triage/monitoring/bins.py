"""Into which groups do answers and scores fall, so that two populations can be compared?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from triage.bundle import Bundle
from triage.bundle.reference import STEPS
from triage.checklist import Question
from triage.evaluation.dimensions import AGE
from triage.evaluation.settings import DEFAULTS
from triage.features import Features
from triage.numbers import logistic, shortest

Array = NDArray[np.float64]
#: Numbers fall into fifths of the reference population, scores into tenths.
_FIFTHS, _TENTHS = 5, 10


@dataclass(frozen=True, eq=False)
class Bins:
    """Groups of answers to one question, or of scores.

    Attributes:
        id: the question, or "" for the score.
        name: for people.
        names: of the groups, in order.
        code: [n] the group of each person; -1 for somebody without an answer.
        reference: [groups] counts in the reference population; None where it does not say.
    """

    id: str
    name: str
    names: tuple[str, ...]
    code: NDArray[np.intp]
    reference: Array | None

    def counts(self, rows: NDArray[np.bool_]) -> Array:
        """[groups] how many of the people in `rows` are in each."""
        chosen = self.code[rows]
        return np.bincount(chosen[chosen >= 0], minlength=len(self.names)).astype(np.float64)


def bins_of(question: Question, features: Features, bundle: Bundle, inputs: Array) -> Bins:
    """How people's answers to a question fall into groups that the model can tell apart.

    Args:
        question: a question with an input.
        features: of its checklist.
        bundle: the model, whose reference population is beside it.
        inputs: [n, inputs] grid values.
    """
    values = inputs[:, [item.place for item in features.inputs_of[question.id]]]
    shares = bundle.reference.shares.get(question.id, ())
    encoded = [(features.encode(question.id, answer), share) for answer, share in shares]
    known = [(value, share) for value, share in encoded if not all(map(math.isnan, value))]
    if question.kind == "choice":
        names, code, counts = _by_option(question, features, values, known)
    else:
        names, code, counts = _by_number(
            question, features, values[:, 0], [(value[0], share) for value, share in known]
        )
    total = sum(counts)
    people = bundle.reference.people
    reference = np.array(counts) * people / total if known and total else None
    name = f"{question.label}, by its figure" if question.kind == "area" else question.label
    return Bins(question.id, name, tuple(names), code, reference)


def _by_option(
    question: Question, features: Features, values: Array, known: Sequence[tuple[tuple[float, ...], float]]
) -> tuple[list[str], NDArray[np.intp], list[float]]:
    texts: dict[tuple[float, ...], list[str]] = {}
    for option in question.ordered:
        texts.setdefault(features.encode(question.id, option.id), []).append(option.text)
    code = np.full(len(values), -1, dtype=np.intp)
    for place, wanted in enumerate(texts):
        code[np.all(values == np.array(wanted), axis=1)] = place
    counts = [sum(share for value, share in known if value == wanted) for wanted in texts]
    return [" or ".join(group) for group in texts.values()], code, counts


def _by_number(
    question: Question, features: Features, values: Array, known: Sequence[tuple[float, float]]
) -> tuple[list[str], NDArray[np.intp], list[float]]:
    """Fifths of the reference population, or of these people where it does not say; ages in the usual bands."""
    if question.id == AGE:
        edges = np.array(DEFAULTS.age_starts, dtype=np.float64)
    else:
        there = values[~np.isnan(values)]
        spread = known or [(float(value), 1.0) for value in there]
        edges = _cuts([value for value, _ in spread], [share for _, share in spread])
    item = features.inputs_of[question.id][0]
    code = np.where(np.isnan(values), -1, np.searchsorted(edges, values, side="right"))
    numbers = np.array([value for value, _ in known])
    shares = np.array([share for _, share in known])
    counts = np.bincount(np.searchsorted(edges, numbers, side="right"), shares, len(edges) + 1)
    return _spans(edges.tolist(), item.grid.unit), code.astype(np.intp), counts.tolist()


def _cuts(values: Sequence[float], weights: Sequence[float]) -> Array:
    """Where each fifth after the first begins; fewer where many have one value."""
    order = np.argsort(values, kind="stable")
    ordered, mass = np.array(values)[order], np.cumsum(np.array(weights)[order])
    if not len(ordered):
        return np.empty(0)
    at = np.searchsorted(mass, mass[-1] * np.arange(1, _FIFTHS) / _FIFTHS, side="left")
    edges = np.unique(ordered[np.minimum(at, len(ordered) - 1)])
    found: Array = edges[edges > ordered[0]]
    return found


def _spans(edges: Sequence[float], unit: str) -> list[str]:
    mark = unit if unit in ("", "%") else f" {unit}"
    if not edges:
        return [f"any{mark}"]
    inner = [f"{shortest(low)} up to {shortest(high)}{mark}" for low, high in pairwise(edges)]
    return [f"under {shortest(edges[0])}{mark}", *inner, f"{shortest(edges[-1])}{mark} and over"]


def score_bins(bundle: Bundle, band_logit: Array) -> Bins:
    """How scores fall into the tenths of the reference population, by the log-odds that decide on bands."""
    cuts = bundle.reference.cuts
    places = [STEPS * tenth // _TENTHS for tenth in range(_TENTHS - 1, 0, -1)]
    edges = np.unique([cuts[place] for place in places if math.isfinite(cuts[place])])
    # A cut says that at most so many tenths of a per cent lie at or above it; the first of equal cuts says how many do.
    above = np.array([next(k for k, cut in enumerate(cuts) if cut == edge) for edge in edges]) / STEPS
    shares = -np.diff(np.r_[1.0, above, 0.0])
    chances = [logistic(edge) for edge in edges]
    code = np.searchsorted(edges, band_logit, side="right").astype(np.intp)
    return Bins("", "The score", tuple(_chances(chances)), code, shares * bundle.reference.people)


def _chances(edges: Sequence[float]) -> list[str]:
    if not edges:
        return ["any"]
    inner = [f"{100 * low:.1f} up to {100 * high:.1f} in 100" for low, high in pairwise(edges)]
    return [f"under {100 * edges[0]:.1f} in 100", *inner, f"{100 * edges[-1]:.1f} in 100 and over"]
