"""How does one score add up? A waterfall of text bars for a terminal.

From the model's starting point each answer moves the log-odds up or down; the last line is the score.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from triage.engine import Score
from triage.engine.words import in_100
from triage.numbers import logistic

_BLOCKS, _ASCII = ("█", "░", "│"), ("#", ".", "|")
_LABEL, _FIGURE = 30, 9


@dataclass(frozen=True)
class Step:
    """One line: what it is called, where the bar starts and ends (log-odds), and what moved."""

    label: str
    start: float
    end: float
    figure: str


def waterfall(
    score: Score, labels: Mapping[str, str], apart: Collection[str] = (), width: int = 80, blocks: bool = True
) -> str:
    """The text of the waterfall, no line longer than `width`.

    Args:
        score: one client's score.
        labels: what each question is called.
        apart: questions that are not named; they are one step together.
        width: columns of the terminal, at least 60.
        blocks: False where the encoding has no block characters.
    """
    steps = _steps(score, labels, apart)
    room = max(width, 60) - _LABEL - _FIGURE - 10
    low = min(min(step.start, step.end) for step in steps)
    high = max(max(step.start, step.end) for step in steps)
    scale = (room - 1) / (high - low) if high > low else 0.0
    signs = _BLOCKS if blocks else _ASCII
    lines = [f"{'':{_LABEL}} {'log-odds':>{_FIGURE}}  in 100"]
    for step in steps:
        first, last = (round((at - low) * scale) for at in (step.start, step.end))
        bar = _bar(first, last, room, signs)
        lines.append(
            f"{_cut(step.label):{_LABEL}} {step.figure:>{_FIGURE}}  {in_100(logistic(step.end)):>3}  {bar}".rstrip()
        )
    quiet = sum(1 for name in score.answers if score.contributions[name] == 0.0 and name not in apart)
    if quiet:
        lines.append(f"{quiet} more answer{'s' * (quiet != 1)} moved nothing.")
    return "\n".join(lines)


def can_show_blocks(encoding: str | None = None) -> bool:
    """True where block characters can be printed."""
    try:
        "".join(_BLOCKS).encode(encoding or sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def _steps(score: Score, labels: Mapping[str, str], apart: Collection[str]) -> Sequence[Step]:
    moves = [(labels[name], value) for name, value in score.contributions.items() if value != 0.0 and name not in apart]
    together = sum(value for name, value in score.contributions.items() if name in apart)
    if together != 0.0:
        moves.append(("Answers that are kept apart", together))
    moves.sort(key=lambda move: -abs(move[1]))
    steps = [Step("Nothing known", score.baseline, score.baseline, f"{score.baseline:+.3f}")]
    at = score.baseline
    for label, value in moves:
        steps.append(Step(label, at, at + value, f"{value:+.3f}"))
        at += value
    return [*steps, Step("All answers together", score.logit, score.logit, f"{score.logit:+.3f}")]


def _bar(first: int, last: int, room: int, signs: tuple[str, str, str]) -> str:
    full, light, mark = signs
    if first == last:
        return " " * min(first, room - 1) + mark
    left, right = sorted((first, last))
    return " " * left + (full if last > first else light) * (right - left)


def _cut(label: str) -> str:
    return label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}~"
