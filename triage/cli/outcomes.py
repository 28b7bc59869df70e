"""What do the commands that read an outcomes file share? How it is read, and what is said about it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from triage.outcomes.problems import Remark
from triage.outcomes.read import OutcomesFile
from triage.outcomes.unusable import write_unusable

#: How many rows that cannot be used are named.
_NAMED = 5
_SIGNS = {"stop": "Stop", "warn": "Look", "note": "Note"}


def weeks(text: str) -> float:
    """A horizon, written as 52 or 52w."""
    digits = text.removesuffix("w")
    if not (digits.isascii() and digits.isdigit() and 1 <= int(digits) <= 520):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of weeks from 1 to 520. Write it as 52w.")
    return float(digits)


def say_left_out(found: OutcomesFile, target: Path | None = None) -> None:
    """Name rows that cannot be used, and write all of them to `target` with the reasons."""
    if target is not None:
        write_unusable(target, found.unusable)
        print(f"Written: {target} ({len(found.unusable):,} rows that cannot be used)", file=sys.stderr)
    if not found.unusable:
        return
    print(f"{len(found.unusable):,} of {found.rows:,} rows cannot be used and are left out:", file=sys.stderr)
    for item in found.unusable[:_NAMED]:
        print(f"  row {item.row}: {item.reason}", file=sys.stderr)
    if len(found.unusable) > _NAMED:
        print(f"  and {len(found.unusable) - _NAMED:,} more", file=sys.stderr)


def say_remarks(notes: Iterable[str], remarks: Iterable[Remark]) -> None:
    """What should be known of a file before anybody trusts what comes of it."""
    for note in notes:
        print(f"Note: {note}", file=sys.stderr)
    for remark in remarks:
        print(f"{_SIGNS[remark.severity]}: {remark.text}", file=sys.stderr)
