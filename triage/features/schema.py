"""What does a features file say? Each model input: its question, and its codes or its grid."""

from __future__ import annotations

import math
from dataclasses import field
from typing import Annotated, Literal

from triage.checklist.schema import Id
from triage.schema import Content, content, length, within


@content
class TableLookup(Content):
    """A column of an area table that gives the input's number."""

    file: str
    column: str


@content
class GridSpec(Content):
    """The finite grid on which a number lives.

    `round: down` takes the grid value at or below a number; `nearest` the nearest one, the upper of two
    that are equally near. A number beyond the grid takes the grid's end.
    """

    unit: str
    start: float
    stop: float
    step: Annotated[float, within(gt=0)]
    round: Literal["down", "nearest"] = "nearest"

    def __post_init__(self) -> None:
        if not all(math.isfinite(number) for number in (self.start, self.stop, self.step)):
            raise ValueError("'from', 'to' and 'step' must be finite numbers")
        if not self.start + self.step <= self.stop:
            raise ValueError("'from' must be below 'to' by at least one 'step'")
        if (self.stop - self.start) / self.step > 5000:
            raise ValueError("the grid has more than 5,000 values; take a larger step")


@content
class InputSpec(Content):
    """One number that the model sees. `direction` is that of the risk as the number grows."""

    id: Id
    question: str
    codes: dict[str, int] = field(default_factory=dict)
    table: TableLookup | None = None
    number: GridSpec | None = None
    direction: Literal["rises", "falls", "none"] = "none"

    def __post_init__(self) -> None:
        if bool(self.codes) == (self.number is not None):
            raise ValueError("an input has either 'codes' or 'number'")
        if self.table is not None and self.number is None:
            raise ValueError("an input from a table needs 'number' for its grid")
        if any(not -1000 <= code <= 1000 for code in self.codes.values()):
            raise ValueError("a code lies between -1000 and 1000")


@content
class FeaturesFile(Content):
    """The whole of a features file."""

    checklist: str
    version: str
    inputs: Annotated[tuple[InputSpec, ...], length(least=1)]
