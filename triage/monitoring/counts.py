"""How are counts told so that no small one comes out, not even by subtraction from what stands beside it?"""

from __future__ import annotations

from collections.abc import Mapping

from triage.casework.figures_tables import LEAST
from triage.casework.suppression import hidden_parts


def told_alone(number: int) -> int | None:
    """A count that is no part of a whole that is told; None where it is small."""
    return None if 0 < number < LEAST else number


def told_parts(parts: Mapping[str, int]) -> dict[str, int | None]:
    """The parts of a whole that is told, or follows; None for those that are small, and for what would tell of them."""
    gaps = hidden_parts(parts, LEAST, noughts=False)
    return {name: None if name in gaps else count for name, count in parts.items()}
