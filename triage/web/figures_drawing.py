"""How are figures drawn? As shapes with places, which a template prints as SVG. What is hidden is not drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from triage.casework.figures import OFTEN, SELDOM
from triage.casework.figures_tables import Line, Table

#: Shades of one hue for the least support to the most; and grey for what is not told apart.
_SHADES = tuple(f"ltu-share--{number}" for number in (1, 2, 3, 4))
_APART, _NOT_APART = "ltu-share--none", "Not told apart"
_MORE, _LESS = _SHADES[2], _SHADES[1]
_WIDTH, _LEFT, _TOP, _HIGH, _ROW = 640, 44, 12, 200, 46
#: About as wide as a letter is: no font is measured here.
_LETTER = 7.6


@dataclass(frozen=True)
class Bar:
    """A bar; `shade` is its class."""

    x: float
    y: float
    width: float
    height: float
    shade: str


@dataclass(frozen=True)
class Rule:
    """A straight line; `kind` is its class."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str = "ltu-grid"
    dash: str = ""


@dataclass(frozen=True)
class Words:
    """A text and where it stands: at its "start", "middle" or "end"."""

    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True)
class Chart:
    """A drawing. `said` is what somebody hears who does not see it."""

    width: float
    height: float
    said: str
    bars: Sequence[Bar]
    rules: Sequence[Rule]
    words: Sequence[Words]


def weeks_chart(table: Table) -> Chart | None:
    """People by band, one column a week; None where nothing can be drawn."""
    lines = table.lines[:-1] if table.summed else table.lines
    most = max((line.counts[-1] or 0 for line in lines), default=0)
    if not most:
        return None
    step = _step(most)
    top = -(-most // step) * step
    bottom = _TOP + _HIGH
    bars: list[Bar] = []
    words: list[Words] = []
    wide = (_WIDTH - 2 * _LEFT) / len(lines)
    named = -(-len(lines) // 6)
    for place, line in enumerate(lines):
        left = _LEFT + wide * place
        bars += _stack(line, left + wide * 0.15, wide * 0.7, bottom, _HIGH / top)
        if line.counts[-1] is None:
            words.append(Words(_round(left + wide / 2), bottom - 6, "–", "middle"))
        if place % named == 0:
            words.append(Words(_round(left + wide / 2), bottom + 20, line.label.rpartition(" ")[0], "middle"))
    rules = []
    for value in range(0, top + 1, step):
        y = _round(bottom - _HIGH * value / top)
        rules.append(Rule(_LEFT, y, _WIDTH - _LEFT, y))
        words.append(Words(_LEFT - 8, y + 5, str(value), "end"))
    names = list(table.columns[:-1])
    shades = [_shade(place, len(names)) for place in range(len(names))]
    if any(bar.shade == _APART for bar in bars):
        names, shades = [*names, _NOT_APART], [*shades, _APART]
    key, key_words, height = _key(names, shades, bottom + 34)
    said = f"{table.title}, by week. The same figures stand in the table."
    return Chart(_WIDTH, height, said, [*bars, *key], rules, [*words, *key_words])


def _stack(line: Line, left: float, width: float, bottom: float, scale: float) -> list[Bar]:
    """The bands of one week, the least support at the bottom, and on top the people whose band is not told."""
    *counts, whole = line.counts
    if whole is None:
        return []
    parts = [(count or 0, _shade(place, len(counts))) for place, count in enumerate(counts)]
    parts.append((whole - sum(count for count, _ in parts), _APART))
    bars, y = [], bottom
    for count, shade in parts:
        y -= count * scale
        if count:
            bars.append(Bar(_round(left), _round(y), _round(width), _round(count * scale), shade))
    return bars


def _key(names: Sequence[str], shades: Sequence[str], top: float) -> tuple[list[Bar], list[Words], float]:
    """Which shade stands for what: one under the other, so that long names have room."""
    bars = [Bar(_LEFT, top + 24 * place, 16, 16, shade) for place, shade in enumerate(shades)]
    words = [Words(_LEFT + 24, top + 24 * place + 13, name) for place, name in enumerate(names)]
    return bars, words, top + 24 * len(names) + 4


def shares_chart(table: Table) -> Chart | None:
    """The share of changed proposals, up and down, with where it is a sign to look; None where nothing can be drawn."""
    told = [(line.label, [_share(text) for text in line.texts]) for line in table.lines if None not in line.texts]
    if not told:
        return None
    left = 20 + _LETTER * max(len(label) for label, _ in told)
    scale = (_WIDTH - left - 20) / max(50, *(share for _, shares in told for share in shares))
    bars: list[Bar] = []
    words: list[Words] = []
    for place, (label, shares) in enumerate(told):
        y = _TOP + _ROW * place
        words.append(Words(_round(left - 10), y + 21, label, "end"))
        for number, share in enumerate(shares):
            shade = (_MORE, _LESS)[number]
            bars.append(Bar(_round(left), y + 2 + 17 * number, _round(max(share * scale, 1)), 14, shade))
            words.append(Words(_round(left + share * scale + 6), y + 14 + 17 * number, f"{share:.0f}%"))
    bottom = _TOP + _ROW * len(told)
    rules = [Rule(_round(left), _TOP - 6, _round(left), bottom, "ltu-line")]
    for share in (SELDOM, OFTEN):
        x = _round(left + 100 * share * scale)
        rules.append(Rule(x, _TOP - 6, x, bottom, "ltu-line", "4 4"))
        words.append(Words(x, bottom + 16, f"{100 * share:.0f}%", "middle"))
    key, key_words, height = _key(("More support", "Less support"), (_MORE, _LESS), bottom + 34)
    said = f"{table.title}. The same figures stand in the table."
    return Chart(_WIDTH, height, said, [*bars, *key], rules, [*words, *key_words])


def _share(text: str | None) -> float:
    return float((text or "0").rstrip("%"))


def _shade(place: int, of: int) -> str:
    return _SHADES[0 if of < 2 else round((len(_SHADES) - 1) * place / (of - 1))]


def _step(most: int) -> int:
    """A round step of which at most five reach `most`."""
    steps: list[int] = [base * 10**power for power in range(9) for base in (1, 2, 5)]
    return next(step for step in steps if most / step <= 5)


def _round(value: float) -> float:
    return round(value, 1)
