"""What if the evidence does not fit the people? Recipes that are wrong on purpose, made from a right one.

A recipe is what an organisation starts from. These are edits of its three YAML files, as in `checklists`:

- `flat`: every odds ratio is 1, directions stay: a start that knows nothing but the directions;
- `redrawn`: each effect is drawn from its own stated range, as a truth that the evidence describes rightly;
- `turned`: all directions are taken away, and the stated effects point the wrong way for some inputs or for all.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from experiments.studies.checklists import Content, Edit

_STEPS = 10
#: The 90% point of the standard normal distribution: a range is an 80% interval.
_Z90 = 1.281551566


def flat(_checklist: Content, _features: Content, recipe: Content) -> None:
    """No effects: what is known of each is its stated spread alone."""
    recipe["blocks"] = []
    for effect in recipe["effects"]:
        _without_shape(effect)
        low, high = effect["range"]
        effect.update(odds_ratio=1, range=[min(low, 1), max(high, 1)], even_steps=True)


def _without_shape(effect: Content) -> None:
    for shape in ("even_steps", "answers", "from_values", "log_linear"):
        effect.pop(shape, None)


def _stretched(steps: Any, ratio: float) -> Any:
    """Steps of the same shape whose largest odds ratio is `ratio`."""
    sizes = _sizes([size for _, size in steps], ratio)
    return [[start, size] for (start, _), size in zip(steps, sizes, strict=True)]


def _sizes(ratios: Sequence[float], top: float) -> list[float]:
    """Odds ratios of the same shape on the log scale, the largest being `top`."""
    scale = math.log(top) / math.log(max(ratios))
    return [top if ratio == max(ratios) else round(ratio**scale, 6) for ratio in ratios]


def redrawn(seed: int) -> Edit:
    """An edit that takes each effect from its own stated range: of such evidence just as much is true as it says.

    The log-odds ratio follows a normal distribution in two halves whose 10% and 90% points are the ends of the range.
    One that would point the other way counts as none. Effects of one block are drawn together.
    """

    def edit(_checklist: Content, _features: Content, recipe: Content) -> None:
        random = np.random.default_rng(seed)
        block = {name: item["id"] for item in recipe.pop("blocks", []) for name in item["inputs"]}
        names = sorted({block.get(effect["input"], effect["input"]) for effect in recipe["effects"]})
        scores = dict(zip(names, random.standard_normal(len(names)) / _Z90, strict=True))
        for effect in recipe["effects"]:
            low, high = (math.log(end) for end in effect["range"])
            middle, score = math.log(effect["odds_ratio"]), scores[block.get(effect["input"], effect["input"])]
            drawn = middle + score * ((middle - low) if score < 0 else (high - middle))
            ratio = round(math.exp(max(0.0, drawn)), 6)
            _resize(effect, ratio, [ratio, ratio])

    return edit


def _resize(effect: Content, ratio: float, span: Sequence[float]) -> None:
    """The effect in its own shape, with another size and range."""
    for shape in ("from_values", "answers"):
        if ratio == 1 and effect.pop(shape, None) is not None:
            effect["even_steps"] = True
    if "from_values" in effect:
        effect["from_values"] = _stretched(effect["from_values"], ratio)
    if "answers" in effect:
        effect["answers"] = dict(zip(effect["answers"], _sizes(list(effect["answers"].values()), ratio), strict=True))
    effect.update(odds_ratio=ratio, range=list(span))


def turned(inputs: Collection[str] | None = None) -> Edit:
    """An edit that turns the effects of these inputs (all where None) the other way and takes their directions away."""

    def edit(checklist: Content, features: Content, recipe: Content) -> None:
        recipe["blocks"] = []
        by_id = {item["id"]: item for item in features["inputs"]}
        wrong = [one for one in recipe["effects"] if one["odds_ratio"] != 1]
        wrong = [one for one in wrong if inputs is None or one["input"] in inputs]
        for effect in wrong:
            _turn(effect, by_id[effect["input"]])
        questions = {by_id[effect["input"]]["question"] for effect in wrong}
        for item in features["inputs"]:
            if item["question"] in questions and "direction" in item:
                item["direction"] = "none"
        for question in checklist["questions"]:
            if question["id"] in questions and "direction" in question:
                del question["direction"]

    return edit


def _turn(effect: Content, item: Content) -> None:
    falls = item.get("direction") == "falls"
    ratio = effect["odds_ratio"]
    if "from_values" in effect:
        steps, sizes = [start for start, _ in effect["from_values"]], [size for _, size in effect["from_values"]]
        effect["from_values"] = [[start, size] for start, size in zip(steps, reversed(sizes), strict=True)]
        return
    if item.get("codes"):
        low = 1 if falls else ratio
        high = ratio if falls else 1
        worst = max(item["codes"].values())
        answers = {option: high if code == worst else low for option, code in item["codes"].items()}
        _without_shape(effect)
        effect["answers"] = answers
        return
    start, stop = effect["log_linear"]
    sizes = [ratio ** (step / _STEPS) for step in range(_STEPS + 1)]
    sizes = sizes if falls else sizes[::-1]
    steps = [start + (stop - start) * step / _STEPS for step in range(_STEPS + 1)]
    _without_shape(effect)
    effect["from_values"] = [[round(step, 6), size] for step, size in zip(steps, sizes, strict=True)]
