"""How is a figure drawn over the months, with what chance alone would give?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from triage.checklist.page import Html, tag
from triage.evaluation.charts import GREY, INK, PALE, Axis, canvas, lettering, levels, stroke, ticks_between

_LEFT, _RIGHT, _TOP, _BOTTOM = 70.0, 680.0, 20.0, 270.0
#: At most so many periods are named under the drawing.
_NAMED = 8


@dataclass(frozen=True)
class Moment:
    """One period.

    Attributes:
        name: under the drawing.
        value: the figure; None where it cannot be told.
        chance: what chance alone seldom exceeds.
    """

    name: str
    value: float | None
    chance: float | None


def over_time(moments: Sequence[Moment], said: str, title: str, lines: Sequence[tuple[float, str]]) -> Html:
    """Dots over time, each on a pale bar that reaches as far as chance does.

    Args:
        moments: in order.
        said: for somebody who does not see the drawing.
        title: of the upright axis.
        lines: values at which a dashed line stands, each with its name.
    """
    told = [value for item in moments for value in (item.value, item.chance) if value is not None]
    ticks = ticks_between(0.0, max([*told, *(value for value, _ in lines)]) * 1.05)
    y = Axis(0.0, ticks[-1], _BOTTOM, _TOP, ticks, False, title)
    step = (_RIGHT - _LEFT) / max(len(moments), 1)
    parts = [*levels(y, _LEFT, _RIGHT)]
    for value, name in lines:
        parts.append(stroke(_LEFT, y.at(value), _RIGHT, y.at(value), GREY, dash="6 4"))
        parts.append(lettering(_RIGHT + 6, y.at(value) + 5, name))
    every = -(-len(moments) // _NAMED)
    for place, item in enumerate(moments):
        x = round(_LEFT + step * (place + 0.5), 2)
        if item.chance is not None:
            parts.append(stroke(x, y.at(0.0), x, y.at(item.chance), PALE, width=9))
        if item.value is not None:
            parts.append(tag("circle", cx=f"{x:g}", cy=f"{y.at(item.value):g}", r="5", fill=INK))
        if place % every == 0:
            parts.append(lettering(x, _BOTTOM + 20, item.name, anchor="middle"))
    return canvas(800.0, 310.0, said, parts)
