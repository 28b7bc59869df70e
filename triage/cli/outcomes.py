"""What do the commands that read an outcomes file share? How it is read, and what is said about it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from triage.engine import Engine
from triage.errors import OutcomesError, UsageError
from triage.faults import Fault
from triage.features import Features
from triage.outcomes.guards import review
from triage.outcomes.problems import Remark, Unusable, counted
from triage.outcomes.read import OutcomesFile, read_outcomes
from triage.outcomes.unusable import write_unusable

#: How many rows that cannot be used are named.
_NAMED = 5
#: Said of the rows that are left out already.
_SAID = "unusable_rows"
_LEARN = ("fairlearn", "lightgbm", "matplotlib", "pandas", "shap", "sklearn")
#: What spoils figures and stands on no page of them.
_SPOILS = ("leak", "silence_leak", "twins", "repeated_rows", "follow_up_by_answer", "weights")
_SIGNS = {"stop": "Stop", "warn": "Look", "note": "Note"}


def weeks(text: str) -> float:
    """A horizon, written as 52 or 52w."""
    digits = text.removesuffix("w")
    if not (digits.isascii() and digits.isdigit() and 1 <= int(digits) <= 520):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of weeks from 1 to 520. Write it as 52w.")
    return float(digits)


def check_installed() -> None:
    """Refuse before any work where the extra for learning and judging is not installed.

    Raises:
        UsageError: something of it is missing.
    """
    missing = [name for name in _LEARN if find_spec(name) is None]
    if missing:
        raise UsageError(f"This command needs {', '.join(missing)}: pip install 'ltu-triage[learn]'.")


def read_file(path: Path, features: Features, target: Path | None = None) -> OutcomesFile:
    """The outcomes in a file. Rows that cannot be used are named, and written to `target`, if the file is refused too.

    Raises:
        UserError: the file cannot be used, or `target` is that file.
    """
    if target is not None and target.resolve() == path.resolve():
        raise UsageError(f"--unusable would overwrite {path}. Name another file.")
    try:
        found = read_outcomes(path, features)
    except OutcomesError as problem:
        if target is not None and problem.unusable:
            _write(target, problem.unusable)
        raise
    if target is not None:
        _write(target, found.unusable)
    _say_left_out(found)
    return found


def check_to_judge_by(found: OutcomesFile, engine: Engine, horizon: float) -> None:
    """Say what should be known of the file before anybody trusts a figure.

    Raises:
        OutcomesError: it is no file to judge a model by.
    """
    questions = engine.features.checklist.by_id
    reviewed = review(found.outcomes, engine.features, horizon, accepted=questions)
    said = [*found.remarks, *(remark for remark in reviewed if remark.severity == "stop" or remark.id in _SPOILS)]
    say_remarks(found.notes, [remark for remark in said if remark.severity != "stop"])
    stops = [remark.text for remark in said if remark.severity == "stop"]
    if stops:
        raise OutcomesError("Nothing was judged.", [Fault("", text) for text in stops])


def _write(target: Path, unusable: tuple[Unusable, ...]) -> None:
    write_unusable(target, unusable)
    print(f"Written: {target} ({counted(len(unusable), 'row')} that cannot be used)", file=sys.stderr)


def _say_left_out(found: OutcomesFile) -> None:
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
        if remark.id == _SAID:
            continue
        print(f"{_SIGNS[remark.severity]}: {remark.text}", file=sys.stderr)
