"""Which numbers may be released, and how does a log-odds become a probability?

Released log-odds are multiples of 2^-36 with an absolute value of at most 16. A sum of up to 4,096 such
numbers is exact in float64, so it is the same in any order, on any machine and through every door.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

UNIT_EXPONENT = 36
UNIT = 2.0**-UNIT_EXPONENT
MAX_LOGIT = 16.0
DIGITS = 50


@contextmanager
def fifty_digits() -> Iterator[None]:
    """Decimal arithmetic to 50 digits, whatever the caller has set; also a decorator: `@fifty_digits()`."""
    with localcontext(Context(prec=DIGITS)):
        yield


def to_unit(value: Decimal) -> float:
    """`value` (log-odds) rounded half to even to the nearest multiple of 2^-36, as float64."""
    with fifty_digits():
        steps = (value * (1 << UNIT_EXPONENT)).to_integral_value(ROUND_HALF_EVEN)
    return math.ldexp(float(int(steps)), -UNIT_EXPONENT)


def is_released(value: float) -> bool:
    """True if `value` is finite, a multiple of 2^-36 and within the released range."""
    return math.isfinite(value) and abs(value) <= MAX_LOGIT and (value / UNIT).is_integer()


def logit(probability: Decimal) -> Decimal:
    """Natural log-odds of a probability strictly between 0 and 1, to 50 digits."""
    with fifty_digits():
        return (probability / (1 - probability)).ln()


def logistic(value: float) -> float:
    """The probability in (0, 1) that belongs to log-odds `value`."""
    if value >= 0:
        return 1.0 / (1.0 + math.exp(-value))
    odds = math.exp(value)
    return odds / (1.0 + odds)


def shortest(value: float) -> str:
    """`value` in the fewest digits that bring it back: "57", "0.1", "1234567.5"."""
    return repr(float(value)).removesuffix(".0")
