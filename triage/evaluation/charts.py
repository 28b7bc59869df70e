"""How is a plot drawn as SVG that anyone can read, with no library and the same on every machine?

One hue and greys. What differs, differs in shape or in dashes too. Text is text, so that it can be enlarged and copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from triage.checklist.page import Html, tag
from triage.evaluation.figures import Figure

INK, GREY, PALE = "#003a70", "#595959", "#b8cbe0"
_SIZE = 14


@dataclass(frozen=True)
class Axis:
    """A scale from values to places on the drawing.

    Attributes:
        low, high: the values at its ends.
        start, end: where they lie, in units of the drawing.
        ticks: values that are named.
        percent: name them as per cent.
        title: what it measures.
    """

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]
    percent: bool
    title: str

    def at(self, value: float) -> float:
        """The place of a value; values beyond an end lie on it."""
        inside = min(max(value, self.low), self.high)
        return round(self.start + (inside - self.low) / (self.high - self.low) * (self.end - self.start), 2)

    def name(self, value: float) -> str:
        """How a tick is written."""
        return f"{100 * value:.0f}%" if self.percent else f"{value:g}".replace("-", "−")


def ticks_between(low: float, high: float, wanted: int = 6) -> tuple[float, ...]:
    """Round values from at or below `low` to at or above `high`."""
    span = max(high - low, 1e-6)
    step = next(size for size in _steps() if span / size <= wanted)
    first, last = int(low // step), -int(-high // step)
    return tuple(round(place * step, 6) for place in range(first, max(last, first + 1) + 1))


def _steps() -> Sequence[float]:
    return [base * 10.0**power for power in range(-6, 3) for base in (1, 2, 5)]


@dataclass(frozen=True)
class Mark:
    """One dot of a dot plot.

    Attributes:
        label: what it is of.
        told: its figure.
    """

    label: str
    told: Figure


def dots(
    marks: Sequence[Mark],
    title: str,
    said: str,
    *,
    percent: bool,
    line: float | None = None,
    ends: tuple[float, ...] = (),
) -> Html:
    """A dot with its interval for each mark, one under the other.

    Args:
        marks: from the top.
        title: of the axis.
        said: for somebody who does not see the plot.
        percent: whether values are shares.
        line: where nothing differs.
        ends: values that the axis reaches in any case.
    """
    told = [value for mark in marks for value in mark.told.values() if value is not None]
    values = [*ends, *told, *([line] if line is not None else [])]
    ticks = ticks_between(min(values, default=0.0), max(values, default=1.0))
    # About as wide as the longest label: no font is measured here.
    left = 40.0 + 7.4 * max((len(mark.label) for mark in marks), default=0)
    width, step = left + 460.0, 26.0
    height = step * len(marks) + 56
    axis = Axis(ticks[0], ticks[-1], left, width - 20, ticks, percent, title)
    parts = [*uprights(axis, 8, height - 44)]
    if line is not None:
        parts.append(stroke(axis.at(line), 8, axis.at(line), height - 44, INK, dash="6 4"))
    for place, mark in enumerate(marks):
        parts += _dot(mark, axis, 8 + step * (place + 0.5), left - 12)
    return canvas(width, height, said, parts)


def _dot(mark: Mark, axis: Axis, y: float, edge: float) -> list[Html]:
    found = [lettering(edge, y + 5, mark.label, anchor="end")]
    value, low, high = (mark.told[key] for key in ("value", "low", "high"))
    if low is not None and high is not None:
        found.append(stroke(axis.at(low), y, axis.at(high), y, INK, width=2))
    if value is not None:
        found.append(tag("circle", cx=f"{axis.at(value):g}", cy=f"{y:g}", r="5", fill=INK))
    return found


@dataclass(frozen=True)
class Point:
    """One point of the calibration plot: expected, observed, and the bounds that need no assumption."""

    expected: float
    told: Figure
    least: float | None
    most: float | None


def calibration(points: Sequence[Point], said: str, titles: tuple[str, str]) -> Html:
    """Observed against expected, with the line on which they agree."""
    ends = [point.expected for point in points]
    ends += [
        value for point in points for value in (*point.told.values(), point.least, point.most) if value is not None
    ]
    ticks = ticks_between(0.0, max(ends, default=1.0))
    x = Axis(0.0, ticks[-1], 70, 640, ticks, True, titles[0])
    y = Axis(0.0, ticks[-1], 430, 20, ticks, True, titles[1])
    parts = [*uprights(x, 20, 430), *levels(y, 70, 640)]
    parts.append(stroke(x.at(0), y.at(0), x.at(ticks[-1]), y.at(ticks[-1]), GREY, dash="6 4"))
    for point in points:
        place = x.at(point.expected)
        if point.least is not None and point.most is not None:
            parts.append(stroke(place, y.at(point.least), place, y.at(point.most), PALE, width=9))
        if point.told["low"] is not None and point.told["high"] is not None:
            parts.append(stroke(place, y.at(point.told["low"]), place, y.at(point.told["high"]), INK, width=2))
        if point.told["value"] is not None:
            parts.append(tag("circle", cx=f"{place:g}", cy=f"{y.at(point.told['value']):g}", r="5", fill=INK))
    return canvas(660, 480, said, parts)


@dataclass(frozen=True)
class Curve:
    """One line of a plot; `dash` sets it apart from the others, its name stands at its end."""

    name: str
    values: Sequence[float]
    dash: str = ""


def curves(along: Sequence[float], lines: Sequence[Curve], said: str, titles: tuple[str, str]) -> Html:
    """Lines over a common axis, each named at its right end."""
    values = [value for line in lines for value in line.values]
    low, high = max(min(values), -0.05), max(values)
    ticks = ticks_between(low, high)
    x = Axis(0.0, along[-1], 70, 600, ticks_between(0.0, along[-1]), True, titles[0])
    y = Axis(ticks[0], ticks[-1], 330, 20, ticks, False, titles[1])
    parts = [*uprights(x, 20, 330), *levels(y, 70, 600)]
    key = 30.0
    for line in lines:
        seen = [(x.at(a), y.at(v)) for a, v in zip(along, line.values, strict=True) if v >= ticks[0]]
        path = " ".join(f"{a:g},{b:g}" for a, b in seen)
        dash = {"stroke_dasharray": line.dash} if line.dash else {}
        parts.append(tag("polyline", points=path, fill="none", stroke=INK, stroke_width="2", **dash))
        parts.append(stroke(615, key, 655, key, INK, width=2, dash=line.dash))
        parts.append(lettering(662, key + 5, line.name))
        key += 26
    return canvas(830, 380, said, parts)


def uprights(axis: Axis, top: float, bottom: float) -> list[Html]:
    """Upright lines with their values under them, and the axis's title."""
    found = [stroke(axis.at(tick), top, axis.at(tick), bottom, "#d9d9d9") for tick in axis.ticks if _shown(axis, tick)]
    names = [(axis.at(tick), axis.name(tick)) for tick in axis.ticks if _shown(axis, tick)]
    found += [lettering(place, bottom + 18, name, anchor="middle") for place, name in names]
    return [*found, lettering((axis.start + axis.end) / 2, bottom + 38, axis.title, anchor="middle")]


def levels(axis: Axis, left: float, right: float) -> list[Html]:
    """Level lines with their values before them; the title runs up the side."""
    found = [stroke(left, axis.at(tick), right, axis.at(tick), "#d9d9d9") for tick in axis.ticks]
    found += [lettering(left - 8, axis.at(tick) + 5, axis.name(tick), anchor="end") for tick in axis.ticks]
    middle = (axis.start + axis.end) / 2
    turn = f"rotate(-90 16 {middle:g})"
    return [*found, lettering(16, middle, axis.title, anchor="middle", transform=turn)]


def _shown(axis: Axis, tick: float) -> bool:
    return axis.low <= tick <= axis.high


def stroke(x1: float, y1: float, x2: float, y2: float, ink: str, *, width: float = 1, dash: str = "") -> Html:
    """A straight line."""
    places = {"x1": f"{x1:g}", "y1": f"{y1:g}", "x2": f"{x2:g}", "y2": f"{y2:g}"}
    more = {"stroke_dasharray": dash} if dash else {}
    return tag("line", **places, stroke=ink, stroke_width=f"{width:g}", **more)


def lettering(x: float, y: float, text: str, *, anchor: str = "start", **more: str) -> Html:
    """A text of the drawing, at its "start", "middle" or "end"."""
    size = str(_SIZE)
    return tag("text", text, x=f"{x:g}", y=f"{y:g}", text_anchor=anchor, font_size=size, fill="#1a1a1a", **more)


def canvas(width: float, height: float, said: str, parts: Sequence[Html]) -> Html:
    """The drawing; `said` is what somebody hears who does not see it."""
    box = f"0 0 {width:g} {height:g}"
    return tag("svg", *parts, viewBox=box, role="img", aria_label=said, style=f"max-width:{width:g}px")
