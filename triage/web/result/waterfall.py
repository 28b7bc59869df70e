"""How does the figure add up? One row for each answer, from the starting point to the total.

The rows hold the exact log-odds: start plus answers is the total to the bit, because released values are multiples of
2^-36. What is drawn and printed is rounded; nothing is worked out from what is printed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from triage.checklist.wording import Wording, fill
from triage.web.result.said import Names, odds, people, signed
from triage.web.result.shapes import Direction, Step, Waterfall

#: Of each row's drawing: its size, the room at both ends, and the half height of a bar.
WIDTH, HEIGHT, _EDGE, _HALF = 240, 24, 8, 7
#: How far a bar runs to its point, and the shortest bar that is drawn.
_HEAD, _LEAST = 6.0, 2.5


class Sums(Protocol):
    """What the waterfall needs to know of a score."""

    @property
    def baseline(self) -> float: ...
    @property
    def logit(self) -> float: ...
    @property
    def contributions(self) -> Mapping[str, float]: ...
    @property
    def answers(self) -> Mapping[str, str | float]: ...


@dataclass(frozen=True)
class _Move:
    kind: Literal["answer", "apart"]
    label: str
    answer: str
    value: float


class _Scale:
    """From log-odds to places on the drawing; it holds every point of the way."""

    def __init__(self, at: Collection[float]) -> None:
        self._low, high = min(at), max(at)
        self._by = (WIDTH - 2 * _EDGE) / (high - self._low) if high > self._low else 0.0

    def __call__(self, log_odds: float) -> float:
        return round(_EDGE + (log_odds - self._low) * self._by, 1)


def waterfall(score: Sums, names: Names, wording: Wording, apart: Collection[str] = ()) -> Waterfall:
    """The waterfall of a score; the questions in `apart` are one row together."""
    words, moves = wording.waterfall, _moves(score, names, wording, apart)
    points = [score.baseline]
    for move in moves:
        points.append(points[-1] + move.value)
    scale = _Scale(points)
    ends = {"start": (words.begin, score.baseline), "total": (words.total, score.logit)}
    first, last = (_end(kind, *ends[kind], wording, scale) for kind in ("start", "total"))
    rows = [
        _step(move, start, end, words.times, scale)
        for move, start, end in zip(moves, points[:-1], points[1:], strict=True)
    ]
    columns = (words.answer, words.log_odds, words.odds)
    notes = (words.rounded, words.silent, words.causes)
    return Waterfall(words.heading, words.lead, words.key, columns, (first, *rows, last), notes, first.x, WIDTH, HEIGHT)


def _moves(score: Sums, names: Names, wording: Wording, apart: Collection[str]) -> list[_Move]:
    """Answers by the size of what they move, then in the order of the checklist; those kept apart last."""
    shown = [name for name in score.answers if name not in apart]
    shown.sort(key=lambda name: (-abs(score.contributions[name]), names.place(name)))
    moves = [
        _Move("answer", names.label(name), names.answer(name, score.answers[name]), score.contributions[name])
        for name in shown
    ]
    together = [name for name in score.answers if name in apart]
    if together:
        total = sum(score.contributions[name] for name in together)
        moves.append(_Move("apart", fill(wording.waterfall.kept_apart, count=len(together)), "", total))
    return moves


def _end(kind: Literal["start", "total"], label: str, value: float, wording: Wording, scale: _Scale) -> Step:
    said = fill(wording.result.short, n=people(value))
    return Step(kind, label, said, value, signed(value), odds(value), "none", "", f"{scale(value):g}")


def _step(move: _Move, start: float, end: float, times: str, scale: _Scale) -> Step:
    way: Direction = "none" if move.value == 0 else "up" if move.value > 0 else "down"
    said = signed(move.value), fill(times, odds=odds(move.value))
    return Step(
        move.kind, move.label, move.answer, move.value, *said, way, _bar(scale(start), scale(end)), f"{scale(end):g}"
    )


def _bar(start: float, end: float) -> str:
    """A bar that ends in a point, so that its shape says which way it goes."""
    if abs(end - start) < _LEAST:
        return ""
    neck = end - min(_HEAD, end - start) if end > start else end + min(_HEAD, start - end)
    top, middle, bottom = HEIGHT / 2 - _HALF, HEIGHT / 2, HEIGHT / 2 + _HALF
    corners = ((start, top), (neck, top), (end, middle), (neck, bottom), (start, bottom))
    return " ".join(f"{x:g},{y:g}" for x, y in corners)
