"""What is one figure of the benchmarks, and how is it said?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    Attributes:
        part: a letter, (a) to (k).
        name: what was measured.
        value: the figure with its unit.
        baseline: what it is compared with, and that figure; "" for none.
        aim: what was aimed at; "" for a figure that is only reported.
        met: whether it was reached; None without an aim.
    """

    part: str
    name: str
    value: str
    baseline: str = ""
    aim: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """Whether the aim was reached, in a word."""
        return {True: "met", False: "NOT met", None: ""}[self.met]


@dataclass(frozen=True)
class Compared:
    """Repetitions of two or more things, turn and turn about: seconds by name, in the order of the repetitions."""

    seconds: dict[str, list[float]]

    def median(self, name: str) -> float:
        """The median of the repetitions of `name`, in seconds."""
        return median(self.seconds[name])

    def ratio(self, name: str, baseline: str) -> float:
        """The median, over the repetitions, of `name` divided by `baseline` of the same repetition."""
        return median(a / b for a, b in zip(self.seconds[name], self.seconds[baseline], strict=True))

    def spread(self, name: str, baseline: str) -> tuple[float, float]:
        """The smallest and the largest of these ratios."""
        ratios = [a / b for a, b in zip(self.seconds[name], self.seconds[baseline], strict=True)]
        return min(ratios), max(ratios)


def times(compared: Compared, name: str, baseline: str) -> str:
    """The ratio with its spread, in words."""
    low, high = compared.spread(name, baseline)
    return f"{compared.ratio(name, baseline):.2f} times ({low:.2f} to {high:.2f})"


def megabytes(count: float) -> str:
    """Bytes as megabytes."""
    return f"{count / 1e6:,.0f} MB"


def plain(figures: Sequence[Figure]) -> str:
    """The figures for a terminal."""
    lines = []
    for figure in figures:
        aim = f"aim: {figure.aim}: {figure.verdict}" if figure.aim else ""
        lines.append(f"({figure.part}) {figure.name}")
        lines += [f"      {text}" for text in (figure.value, figure.baseline, aim) if text]
    return "\n".join(lines)


def markdown(figures: Sequence[Figure]) -> str:
    """The figures as a table in Markdown."""
    head = "| | what | figure | beside | aim | |\n|---|---|---|---|---|---|"
    rows = (f"| {f.part} | {f.name} | {f.value} | {f.baseline} | {f.aim} | {f.verdict} |" for f in figures)
    return "\n".join([head, *rows])
