"""What does each answer do to the odds? One small plot for each question, as SVG.

The line is the released table; the band spans the same order statistics of the draws as a score's range. Each draw is
centred on the reference population first (mean odds ratio 1), as the released tables are: what moves everybody alike
is no property of an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.bundle.shapes_drawing import Drawing, Panel, Step, drawing
from triage.checklist import Question
from triage.checklist.schema import Option
from triage.features import Features, Input
from triage.scorecard import Scorecard
from triage.scorecard.reference import Reference
from triage.scorecard.scorecard import interval_many

Array = NDArray[np.float64]
#: The name of the picture in a bundle.
SHAPES = "shapes.svg"
#: The share of the reference population that is cut off at each end of a number.
_OUTSIDE = 0.005


@dataclass(frozen=True, eq=False)
class Shapes:
    """The tables behind the plots.

    Attributes:
        scorecard: the released model.
        reference: its reference population.
        evidence: the tables that a learned model started from; None for an evidence model.
    """

    scorecard: Scorecard
    reference: Reference
    evidence: Scorecard | None = None

    @property
    def features(self) -> Features:
        """The features of the tables."""
        return self.reference.features

    def panels(self) -> list[Panel]:
        """One for each question, in checklist order; for each input where a question about an area has several."""
        return [panel for question in self.features.checklist.questions for panel in self._of(question)]

    def _of(self, question: Question) -> Iterator[Panel]:
        inputs = self.features.inputs_of[question.id]
        if question.kind == "choice":
            yield self._choice(question, inputs)
        elif question.kind == "number" and inputs:
            yield self._along(question.label, inputs)
        else:
            for item in inputs:
                yield self._along(question.label if len(inputs) == 1 else f"{question.label}: {item.id}", (item,))

    def _choice(self, question: Question, inputs: Sequence[Input]) -> Panel:
        """The options in the checklist's order, side by side."""
        options = question.ordered
        values = [np.array([item.value(option.id) for option in options]) for item in inputs]
        edges = np.arange(len(options) + 1.0)
        return Panel(
            question.label,
            tuple(self._steps(edges, inputs, values)),
            tuple(_short(o) for o in options),
        )

    def _along(self, label: str, inputs: Sequence[Input]) -> Panel:
        """A number over the middle 99% of the reference population: beyond it nobody looks for a figure."""
        grid = inputs[0].grid
        below = np.cumsum([float(share) for share in self.reference.grid_shares(inputs[0])])
        first, last = np.searchsorted(below, (_OUTSIDE, 1 - _OUTSIDE)).tolist()
        bounds = [grid.values[0], *grid.edges, grid.values[-1]]
        edges = np.array(bounds[first : last + 2])
        numbers = grid.values[first : last + 1]
        values = [np.array([item.grid.snap(number) for number in numbers]) for item in inputs]
        unit = f"{inputs[0].id.replace('_', ' ')}, {grid.unit}" if inputs[0].question.kind == "area" else grid.unit
        return Panel(label, tuple(_joined(self._steps(edges, inputs, values))), unit=unit)

    def _steps(self, edges: Array, inputs: Sequence[Input], values: Sequence[Array]) -> Iterator[Step]:
        """A step for each answer: its values of each input, and from where to where it is drawn."""
        size = len(edges) - 1
        draws = np.zeros((size, self.scorecard.draw_count))
        points, before = np.zeros(size), np.zeros(size)
        for item, column in zip(inputs, values, strict=True):
            draws += self._centred_draws(item)[_rows(item, column)]
            points += _points(self.scorecard, item, column)
            before += _points(self.evidence, item, column) if self.evidence is not None else 0.0
        draws.sort(axis=1)
        lower = np.minimum(draws[:, self.scorecard.lower_rank - 1], points)
        upper = np.maximum(draws[:, self.scorecard.upper_rank - 1], points)
        for k in range(size):
            evidence = float(before[k]) if self.evidence is not None else None
            ends = (float(edges[k]), float(edges[k + 1]))
            yield Step(*ends, float(lower[k]), float(points[k]), float(upper[k]), evidence)

    def _centred_draws(self, item: Input) -> Array:
        """[grid values + 1, draws] log-odds, each draw less its level; 0 for a value that is missing."""
        table = self.scorecard.tables[item.place]
        draws = table.draws[interval_many(table, np.array(item.grid.values))]
        shares = np.array([float(share) for share in self.reference.grid_shares(item)])
        level = np.log(shares @ np.exp(draws))
        return np.vstack([draws - level, np.zeros(draws.shape[1])])


def _short(option: Option) -> str:
    words = min(option.text, option.spoken, key=len)
    return f"{words[0].upper()}{words[1:]}"


def _rows(item: Input, column: Array) -> list[int]:
    return [item.grid.places[value] if value == value else len(item.grid.values) for value in column.tolist()]


def _points(scorecard: Scorecard, item: Input, column: Array) -> Array:
    return np.array([scorecard.tables[item.place].at(value) for value in column.tolist()])


def _joined(steps: Iterator[Step]) -> Iterator[Step]:
    """Neighbours of the same height as one step."""
    held: Step | None = None
    for step in steps:
        if held is not None and held.height == step.height:
            held = Step(held.start, step.stop, *held.height)
            continue
        if held is not None:
            yield held
        held = step
    if held is not None:
        yield held


def shapes_svg(
    heading: str, source: str, scorecard: Scorecard, reference: Reference, evidence: Scorecard | None = None
) -> str:
    """The plots as one SVG: text, a few kilobytes, the same bytes everywhere.

    Args:
        heading: what the picture is of; it says so where the people are simulated.
        source: where the tables come from, in a sentence.
        scorecard: the released model.
        reference: its reference population.
        evidence: the tables that a learned model started from.
    """
    shapes = Shapes(scorecard, reference, evidence)
    return drawing(Drawing(heading, source, shapes.panels(), scorecard.coverage, evidence is not None))
