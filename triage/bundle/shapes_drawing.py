"""How are small plots of steps drawn as SVG that anyone can read, with no library and the same on every machine?

One hue and greys. What differs, differs in shape or in dashes too. All panels share one scale, so that a question that
matters little looks as if it did.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from triage.checklist.page import Html, tag

INK, QUIET, PALE, GRID = "#003a70", "#4d4d4d", "#c3d5e8", "#dcdcdc"
_TEXT = "#1a1a1a"
WIDTH, MARGIN, GAP, COLUMNS = 1000, 18, 22, 3
_COLUMN = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS
#: Within a panel: the title above, the odds ratios at the left, the plot, a line of text, its indent, the room below.
_TITLE, _LEFT, _PLOT, _LINE, _INDENT, _BELOW = 26, 36, 132, 16, 16, 30
_SMALL, _MIDDLE, _LARGE = 12, 13, 18
#: No font is measured here: letters are taken to be this wide, against their size, which few are.
_LETTER = 0.58
_LEAST_SPAN = math.log(1.5)
_TICKS = 6


@dataclass(frozen=True)
class Step:
    """One level stretch of a plot: from where to where, and log-odds."""

    start: float
    stop: float
    lower: float
    point: float
    upper: float
    evidence: float | None = None

    @property
    def height(self) -> tuple[float, float, float, float | None]:
        """All but its place."""
        return self.lower, self.point, self.upper, self.evidence


@dataclass(frozen=True)
class Panel:
    """One plot: options side by side where it has names, otherwise steps along a number with a unit."""

    title: str
    steps: tuple[Step, ...]
    names: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class Drawing:
    """A whole picture; `coverage` is the nominal one of the ranges, as a share."""

    heading: str
    source: str
    panels: Sequence[Panel]
    coverage: float
    has_evidence: bool


@dataclass(frozen=True)
class _Scale:
    """Log-odds to heights within a panel's plot."""

    low: float
    high: float

    @classmethod
    def of(cls, panels: Iterable[Panel]) -> _Scale:
        values = [value for panel in panels for step in panel.steps for value in step.height if value is not None]
        low, high = min([-_LEAST_SPAN, *values]), max([_LEAST_SPAN, *values])
        return cls(low - 0.05 * (high - low), high + 0.05 * (high - low))

    def at(self, log_odds: float) -> float:
        """The distance from the top of the plot."""
        return (self.high - log_odds) / (self.high - self.low) * _PLOT

    def ticks(self) -> list[float]:
        """Odds ratios that are named, as log-odds: powers of 2, or of its root or its square."""
        step = next(size for size in (0.5, 1.0, 2.0, 4.0, 8.0) if (self.high - self.low) / (size * math.log(2)) <= 7)
        size = step * math.log(2)
        return [place * size for place in range(math.ceil(self.low / size), math.floor(self.high / size) + 1)]


def drawing(whole: Drawing) -> str:
    """The picture as an SVG file of its own."""
    scale = _Scale.of(whole.panels)
    parts, y = _head(whole)
    for start in range(0, len(whole.panels), COLUMNS):
        row = whole.panels[start : start + COLUMNS]
        for column, panel in enumerate(row):
            parts += _panel(panel, scale, MARGIN + column * (_COLUMN + GAP), y)
        y += max(_height(panel) for panel in row)
    height = round(y)
    inner = [
        tag("title", whole.heading, id="title"),
        tag("desc", said(whole), id="desc"),
        tag("rect", width=str(WIDTH), height=str(height), fill="#ffffff"),
        *parts,
    ]
    return tag(
        "svg", Html("\n"), *inner, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {height}",
        width=str(WIDTH), height=str(height), role="img", aria_labelledby="title desc",
        font_family="system-ui, sans-serif", font_size=str(_SMALL), fill=_TEXT,
    )  # fmt: skip


def said(whole: Drawing) -> str:
    """The picture in words, for people who do not see it."""
    found = []
    for panel in whole.panels:
        low, high = (find(range(len(panel.steps)), key=lambda k: panel.steps[k].point) for find in (min, max))
        ends = [f"{_odds(panel.steps[k].point)} ({_where(panel, k)})" for k in (low, high)]
        found.append(f"{panel.title}: odds ratio from {ends[0]} to {ends[1]}.")
    return " ".join([whole.source, *found])


def _where(panel: Panel, place: int) -> str:
    if panel.names:
        return panel.names[place]
    step = panel.steps[place]
    return f"{step.start:g} to {step.stop:g} {panel.unit}".strip()


def _odds(log_odds: float) -> str:
    return f"{math.exp(log_odds):.2f}"


def _head(whole: Drawing) -> tuple[list[Html], float]:
    """The heading, what stands for what, and where the panels begin."""
    y = 36.0
    parts = [_text(MARGIN, y, whole.heading, size=_LARGE, weight="bold")]
    words = (
        f"{whole.source} Each plot shows the odds ratios of one question's answers, on a logarithmic scale that"
        " all plots share. 1 is the mean over the simulated reference population. Numbers are drawn over the"
        " middle 99% of it."
    )
    y += 8
    for line in textwrap.wrap(words, int((WIDTH - 2 * MARGIN) / (_LETTER * _MIDDLE))):
        y += 19
        parts.append(_text(MARGIN, y, line, size=_MIDDLE))
    y += 28
    return [*parts, *_legend(whole, y)], y + 30


def _legend(whole: Drawing, y: float) -> list[Html]:
    x = float(MARGIN)
    marks = [
        ("the model", _line(0, y - 4, 30, y - 4, INK, 2.5)),
        (
            f"its range (nominally {100 * whole.coverage:.0f} times in 100)",
            tag("rect", y=f"{y - 12:g}", width="30", height="16", fill=PALE),
        ),
        ("the evidence it started from", _line(0, y - 4, 30, y - 4, _TEXT, 1.3, "5 3")),
    ]
    parts = []
    for words, mark in marks if whole.has_evidence else marks[:2]:
        parts += [tag("g", mark, transform=f"translate({x:g} 0)"), _text(x + 38, y, words, size=_MIDDLE)]
        x += round(66 + len(words) * _LETTER * _MIDDLE)
    return parts


def _panel(panel: Panel, scale: _Scale, x: float, y: float) -> list[Html]:
    left, right, top = x + _LEFT, x + _COLUMN, y + _TITLE
    first, last = panel.steps[0].start, panel.steps[-1].stop

    def across(value: float) -> float:
        return left + (value - first) / (last - first) * (right - left)

    parts = [_text(x, y + 16, _cut(panel.title, _COLUMN, 14), size=14, weight="bold")]
    for tick in scale.ticks():
        height = top + scale.at(tick)
        parts.append(_line(left, height, right, height, GRID if tick else QUIET, 1))
        parts.append(_text(left - 6, height + 4, f"{math.exp(tick):.2g}", anchor="end", fill=QUIET))
    return [*parts, *_steps(panel, scale, across, top), *_under(panel, across, top + _PLOT)]


def _steps(panel: Panel, scale: _Scale, across: Callable[[float], float], top: float) -> list[Html]:
    """The range, the model and the evidence. Answers stand apart, numbers run on."""
    gap = 0.14 if panel.names else 0.0
    ends = [(across(step.start + gap), across(step.stop - gap)) for step in panel.steps]

    def stretches(values: Iterable[float]) -> list[tuple[float, float, float]]:
        return [(*pair, top + scale.at(value)) for pair, value in zip(ends, values, strict=True)]

    low, high = (stretches(ends_of) for ends_of in zip(*((s.lower, s.upper) for s in panel.steps), strict=True))
    boxes = "".join(
        f"M{a:.1f} {y:.1f}H{b:.1f}V{z:.1f}H{a:.1f}Z" for (a, b, y), (_, _, z) in zip(high, low, strict=True)
    )
    parts = [tag("path", d=boxes, fill=PALE), _path(stretches(s.point for s in panel.steps), not panel.names, INK, 2.5)]
    before = [step.evidence for step in panel.steps if step.evidence is not None]
    if before:
        parts.append(_path(stretches(before), not panel.names, _TEXT, 1.3, "5 3"))
    return parts


def _under(panel: Panel, across: Callable[[float], float], y: float) -> list[Html]:
    return _options(panel, across, y) if panel.names else _numbers(panel, across, y)


def _options(panel: Panel, across: Callable[[float], float], y: float) -> list[Html]:
    """The answers under their steps where there is room, otherwise their numbers with a key."""
    middles = [across(place + 0.5) for place in range(len(panel.names))]
    lines = _beneath(panel)
    if lines is not None:
        return [
            _text(middle, y + _LINE * (row + 1), words, anchor="middle")
            for middle, found in zip(middles, lines, strict=True)
            for row, words in enumerate(found)
        ]
    parts = [_text(middle, y + _LINE, str(k), anchor="middle") for k, middle in enumerate(middles, start=1)]
    rows = [
        (k if not row else None, words)
        for k, found in enumerate(_key(panel), start=1)
        for row, words in enumerate(found)
    ]
    for row, (number, words) in enumerate(rows):
        height = y + 4 + _LINE * (row + 2)
        parts += [_text(across(0), height, str(number))] if number is not None else []
        parts.append(_text(across(0) + _INDENT, height, words))
    return parts


def _beneath(panel: Panel) -> list[list[str]] | None:
    """The answers in at most two lines each, each as wide as its step; None where they do not fit."""
    room = int((_COLUMN - _LEFT) / len(panel.names) / (_LETTER * _SMALL))
    lines = [textwrap.wrap(name, max(room, 1), break_long_words=False) for name in panel.names]
    fits = all(len(found) <= 2 and max(map(len, found)) <= room for found in lines)
    return lines if fits else None


def _key(panel: Panel) -> list[list[str]]:
    """The answers in lines as wide as the plot, two at the most."""
    room = int((_COLUMN - _LEFT - _INDENT) / (_LETTER * _SMALL))
    return [textwrap.wrap(name, room, max_lines=2, placeholder="…") for name in panel.names]


def _numbers(panel: Panel, across: Callable[[float], float], y: float) -> list[Html]:
    first, last = panel.steps[0].start, panel.steps[-1].stop
    sizes = (base * 10.0**power for power in range(-4, 9) for base in (1, 2, 5))
    step = next(size for size in sizes if (last - first) / size <= _TICKS)
    parts = []
    for place in range(math.ceil(first / step), math.floor(last / step) + 1):
        x = across(place * step)
        parts += [_line(x, y, x, y + 4, QUIET, 1), _text(x, y + _LINE, f"{place * step:g}", anchor="middle")]
    return [*parts, _text((across(first) + across(last)) / 2, y + 2 * _LINE, panel.unit, anchor="middle", fill=QUIET)]


def _height(panel: Panel) -> float:
    """Of a panel with what stands under it."""
    lines = _beneath(panel) if panel.names else [["", ""]]
    rows = max(map(len, lines)) if lines is not None else sum(map(len, _key(panel))) + 1.3
    return _TITLE + _PLOT + _LINE * rows + _BELOW


def _cut(words: str, room: float, size: int) -> str:
    most = int(room / (_LETTER * size))
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _path(
    stretches: Sequence[tuple[float, float, float]], joined: bool, ink: str, width: float, dash: str = ""
) -> Html:
    """Level stretches (from, to, height), joined into one line where they run on."""
    moves = [f"{'L' if joined and k else 'M'}{a:.1f} {y:.1f}H{b:.1f}" for k, (a, b, y) in enumerate(stretches)]
    more = {"stroke_dasharray": dash} if dash else {}
    return tag("path", d="".join(moves), fill="none", stroke=ink, stroke_width=f"{width:g}", **more)


def _line(x1: float, y1: float, x2: float, y2: float, ink: str, width: float, dash: str = "") -> Html:
    ends = {"x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}"}
    more = {"stroke_dasharray": dash} if dash else {}
    return tag("line", **ends, stroke=ink, stroke_width=f"{width:g}", **more)


def _text(
    x: float, y: float, words: str, *, size: int = _SMALL, anchor: str = "start", weight: str = "", fill: str = ""
) -> Html:
    more = {"text_anchor": anchor} if anchor != "start" else {}
    more |= {"font_weight": weight} if weight else {}
    more |= {"font_size": str(size)} if size != _SMALL else {}
    more |= {"fill": fill} if fill else {}
    return tag("text", words, x=f"{x:.1f}", y=f"{y:.1f}", **more)
