"""On which values can an input lie, and where does a number between them go?"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from triage.features.schema import GridSpec, InputSpec
from triage.numbers import fifty_digits


@dataclass(frozen=True)
class Grid:
    """The ordered values of one input.

    Attributes:
        values: the representable values, ascending.
        edges: `len(values) - 1` ascending numbers; a number at or above `edges[i]` belongs above `values[i]`.
        step: the distance between values in the file's own digits ("0.1"), or "" for codes.
    """

    values: tuple[float, ...]
    edges: tuple[float, ...]
    step: str = ""
    unit: str = ""

    @classmethod
    def of(cls, spec: InputSpec) -> Grid:
        """The grid that an input's codes or number range describe."""
        if spec.number is None:
            values = tuple(float(code) for code in sorted(set(spec.codes.values())))
            return cls(values, values[1:])
        return cls._of_number(spec.number)

    @classmethod
    def _of_number(cls, spec: GridSpec) -> Grid:
        start, stop, step = (Decimal(repr(item)) for item in (spec.start, spec.stop, spec.step))
        with fifty_digits():
            exact = [start + step * k for k in range(int((stop - start) / step) + 1)]
            half = Decimal(0) if spec.round == "down" else step / 2
            edges = tuple(float(value - half) for value in exact[1:])
        return cls(tuple(float(value) for value in exact), edges, repr(spec.step), spec.unit)

    def snap(self, number: float) -> float:
        """The grid value for `number` (not NaN)."""
        return self.values[bisect_right(self.edges, number)]

    def snap_many(self, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        """Grid values for `numbers`; NaN stays NaN."""
        places = np.searchsorted(self._edges_array, numbers, side="right")
        snapped: NDArray[np.float64] = self._values_array[np.minimum(places, len(self.values) - 1)]
        snapped[np.isnan(numbers)] = np.nan
        return snapped

    @cached_property
    def _edges_array(self) -> NDArray[np.float64]:
        return np.array(self.edges, dtype=np.float64)

    @cached_property
    def _values_array(self) -> NDArray[np.float64]:
        return np.array(self.values, dtype=np.float64)

    @cached_property
    def places(self) -> dict[float, int]:
        """The place of each value on the grid."""
        return {value: place for place, value in enumerate(self.values)}
