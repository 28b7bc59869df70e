"""Which rows are equal?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def codes_of(*columns: NDArray[Any]) -> NDArray[np.int64]:
    """[n] a number for each row, from 0 without gaps, the same for rows that are equal in all columns.

    Args:
        columns: [n] or [n, k] each; NaN equals NaN.
    """
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for block in columns:
        for column in block.T if block.ndim == 2 else (block,):
            values, place = np.unique(column, return_inverse=True)
            if len(values) > 1:
                _, code = np.unique(code * len(values) + place, return_inverse=True)
    return code
