"""How far from the evidence, and how many trees? Both are chosen on people who were held out.

People are split into folds, several times over. How far: the multiple of the evidence's stated spread with the least
loss on held-out people, where a multiple near 1 is taken to be more plausible before anybody is seen, as otherwise the
luck of a few hundred outcomes would decide. How many trees: the number with the least held-out loss, often none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, TypeVar

import lightgbm
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from triage.learning.boost import grow_until, merged_at, on_grid
from triage.learning.folds import folds_of
from triage.learning.part import Regression, Rows, at_rate, finished, people_at, regress, with_trees
from triage.learning.ridge import log_loss
from triage.learning.sample import Sample
from triage.learning.tables import Tables

Array = NDArray[np.float64]
T = TypeVar("T")
#: Standard deviation of the logarithm of the multiple before anybody is seen.
MULTIPLE_SPREAD = 0.35
#: Numbers of trees that are looked at.
COUNTS = (0, 5, 10, 20, 40, 80, 120, 160, 200)
#: LightGBM keeps weights in 32 bits: a smaller share of the loss than this is no gain.
_NO_GAIN = 1e-6


class Progress(Protocol):
    """Is told what is being done, and how much of all work is done."""

    def __call__(self, done: int, total: int, words: str) -> None: ...


@dataclass(frozen=True, eq=False)
class Choice:
    """What cross-validation chose.

    Attributes:
        multiple: how many times the stated spread the departures have.
        rounds: how many trees.
        losses: by multiple, the held-out loss in log-likelihood units, averaged over the repeats.
        tree_losses: the same by number of trees; empty where no tree was looked at.
        held_out: [repeats, n] log-odds of people who were held out, with every step but calibration.
    """

    multiple: float
    rounds: int
    losses: tuple[float, ...]
    tree_losses: dict[int, float]
    held_out: Array


@dataclass(frozen=True, eq=False)
class _Split:
    repeat: int
    train: Rows
    held_out: Rows


def search(sample: Sample, tick: Callable[[str], None]) -> Choice:
    """Choose the multiple and the number of trees; `tick` is told of every fold that is done."""
    settings = sample.settings
    splits = list(_splits(sample))
    repeats = splits[-1].repeat + 1

    def regression(split: _Split) -> Regression:
        found = regress(sample, split.train, settings.multiples)
        tick("finding how far the outcomes leave the evidence")
        return found

    regressions = in_threads(regression, splits, settings.threads)
    losses = _losses(sample, splits, regressions) / repeats
    prior = 0.5 * (np.log(settings.multiples) / MULTIPLE_SPREAD) ** 2
    place = int(np.argmin(losses + prior))

    counts = tuple(count for count in COUNTS if count <= settings.rounds)

    def trees(part: tuple[_Split, Regression]) -> tuple[lightgbm.Booster, Array]:
        split, found = part
        train = people_at(sample, split.train, found.margin(sample, split.train, place))
        held_out = people_at(sample, split.held_out, found.margin(sample, split.held_out, place))
        booster = grow_until(train, held_out, sample.features, settings.rounds)
        losses = _tree_losses(sample, split, found.tables(sample, place), booster, counts)
        tick("finding whether trees help")
        return booster, losses

    parts = list(zip(splits, regressions, strict=True))
    boost = settings.boost and all(_known(sample, split) for split in splits)
    grown = in_threads(trees, parts, settings.threads) if boost else []
    for _ in splits if settings.boost and not boost else ():
        tick("finding whether trees help")
    curve = np.sum([item[1] for item in grown], axis=0) / repeats if grown else np.zeros(1)
    rounds = counts[_fewest(curve)]
    held_out, levels = np.empty((repeats, len(sample))), []
    for k, (split, found) in enumerate(parts):
        tables = found.tables(sample, place)
        if rounds:
            tables = with_trees(tables, grown[k][0], sample, rounds)
        logits = finished(tables, sample).logits(sample.places)
        levels.append(logits.mean())
        held_out[split.repeat, split.held_out] = logits[split.held_out] - levels[-1]
    # All folds get one level. Their own say how many had the outcome among the others, so a fold that happens to hold
    # more of them has a lower one: taken together, such scores would look worse than they are.
    held_out += np.mean(levels)
    losses_by_count = dict(zip(counts, curve.tolist(), strict=True)) if grown else {}
    return Choice(settings.multiples[place], rounds, tuple(losses.tolist()), losses_by_count, held_out)


def _tree_losses(
    sample: Sample, split: _Split, tables: Tables, booster: lightgbm.Booster, counts: Sequence[int]
) -> Array:
    """Held-out loss after each number of trees, of tables as they would be released.

    Trees find a value for missing answers too, and nothing of that is released: as they were fitted they would be
    given credit for it.
    """
    found: list[float] = []
    last = -1
    for count, (constant, trees) in zip(counts, merged_at(booster, sample.bins, counts), strict=True):
        grown = min(count, booster.num_trees())
        if grown == last:
            found.append(found[-1])
            continue
        last = grown
        whole = at_rate(tables.plus(constant, on_grid(trees, sample.bins)), sample, split.train)
        logits = finished(whole, sample).logits(sample.places[split.held_out])
        found.append(log_loss(logits, sample.outcome[split.held_out], sample.weight[split.held_out]))
    return np.array(found)


def _known(sample: Sample, split: _Split) -> bool:
    """False where the outcome of nobody in one of the parts is known: so few are too few for a tree."""
    return bool(sample.weight[split.train].any() and sample.weight[split.held_out].any())


def _fewest(curve: Array) -> int:
    """The place of the least loss; the first one, of no trees, where it is no less than that."""
    best = int(np.argmin(curve))
    return best if curve[best] < curve[0] * (1 - _NO_GAIN) else 0


def _splits(sample: Sample) -> Iterator[_Split]:
    settings = sample.settings
    folds = min(settings.folds, len(sample.clients))
    for repeat in range(settings.repeats_for(len(sample.clients))):
        fold = folds_of(sample.clients.tolist(), folds, f"{settings.seed}:folds:{repeat}")[sample.client]
        for k in range(folds):
            yield _Split(repeat, np.flatnonzero(fold != k), np.flatnonzero(fold == k))


def _losses(sample: Sample, splits: Sequence[_Split], regressions: Sequence[Regression]) -> Array:
    """Held-out loss by multiple, summed over all folds."""
    total = np.zeros(len(sample.settings.multiples))
    for split, found in zip(splits, regressions, strict=True):
        rows = split.held_out
        for place in range(len(total)):
            margin = found.margin(sample, rows, place)
            total[place] += log_loss(margin, sample.outcome[rows], sample.weight[rows])
    return total


def in_threads(task: Callable[..., T], items: Sequence[object], threads: int) -> list[T]:
    """`task` of each item, several at once. Each works with one thread of its own, so that sums come out the same."""
    with threadpool_limits(limits=1), ThreadPoolExecutor(threads) as pool:
        return list(pool.map(task, items))
