"""How does a share become people out of 100, and what fits into a page without a rounding of its own?

Every share of the page is held in tenths of a person out of 100: the script shows the same digits as the tables.
"""

from __future__ import annotations

from triage.evaluation.figures import Figure

#: A figure in tenths of a person out of 100: value, low, high; None where it cannot be told.
Tenths = tuple[int | None, int | None, int | None]

UNKNOWN, NO_RANGE = "cannot be told", "no range"


def tenths(share: float | None) -> int | None:
    """A share in tenths of a person out of 100."""
    return None if share is None else round(1000 * share)


def in_tenths(told: Figure) -> Tenths:
    """A figure in tenths."""
    return tenths(told["value"]), tenths(told["low"]), tenths(told["high"])


def of_100(told: Figure) -> str:
    """A share as people out of 100 with its range: "23.4 (21.0 to 25.9)"."""
    return said(in_tenths(told))


def said(told: Tenths) -> str:
    """Tenths with their range; the script writes the same."""
    value, low, high = told
    if value is None:
        return UNKNOWN
    if low is None or high is None:
        return f"{one(value)} ({NO_RANGE})"
    return f"{one(value)} ({one(low)} to {one(high)})"


def one(value: int) -> str:
    """Tenths with one decimal and a true minus sign."""
    return f"{value / 10:.1f}".replace("-", "−")


def change(told: Figure) -> str:
    """A difference of shares in points out of 100, with signs: "+3.1 (+0.4 to +5.8)"."""
    value, low, high = in_tenths(told)
    if value is None:
        return UNKNOWN
    if low is None or high is None:
        return f"{_signed(value)} ({NO_RANGE})"
    return f"{_signed(value)} ({_signed(low)} to {_signed(high)})"


def _signed(value: int) -> str:
    return f"+{one(value)}" if value > 0 else one(value)


def percents(percent: float) -> str:
    """A cut-off in percent, with decimals only where it has any: "17%" or "16.84%"."""
    return f"{round(percent, 3):g}%"


def tree(flagged: float | None, right: float | None, missed: float | None) -> list[int] | None:
    """Of 100 clients: found, offered it in vain, missed and the others; None where that cannot be told.

    Args:
        flagged: the share of clients who are offered it.
        right: of these, the share of long-term cases; None where nobody is offered it.
        missed: the share of clients who are long-term cases and not offered it.
    """
    if flagged is None or missed is None or (right is None and flagged):
        return None
    offered = round(100 * flagged)
    found = round(offered * (right or 0.0))
    lost = min(round(100 * missed), 100 - offered)
    return [found, offered - found, lost, 100 - offered - lost]
