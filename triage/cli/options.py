"""Which options do several commands share?"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

import triage
from triage.cutoffs import cutoffs_for
from triage.errors import UsageError
from triage.registry import is_address

#: Years that a day given as an option may lie in; any other is a slip.
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
#: The fewest resamples that make an interval.
_FEWEST = 100


def add_engine_options(parser: argparse.ArgumentParser) -> None:
    """Model, checklist, cut-offs, areas and public key."""
    group = parser.add_argument_group("what to score with (the shipped ones where not given)")
    group.add_argument(
        "--model",
        type=model_place,
        metavar="MODEL",
        help="a released bundle's folder, or models:/NAME@ALIAS of a registry",
    )
    group.add_argument("--checklist", type=Path, metavar="FOLDER", help="an organisation's checklist and features")
    group.add_argument("--cutoffs", type=Path, metavar="FILE", help="a cut-offs file")
    group.add_argument("--areas", type=Path, metavar="FILE", help="a CSV of areas in place of the shipped table")
    group.add_argument(
        "--postcodes",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help="a CSV of the Scottish Postcode Directory (may be given twice); no postcode is kept",
    )
    group.add_argument("--public-key", type=Path, metavar="FILE", help="refuse a model or cut-offs not signed with it")


def model_place(text: str) -> str | Path:
    """Where a model is: the address of one in a registry, as it was written, or a folder."""
    return text if is_address(text) else Path(text)


def cutoffs_beside(args: argparse.Namespace, option: str = "cutoffs") -> Path | None:
    """The cut-offs asked for by an option, or those that stand beside an organisation's own checklist."""
    return cutoffs_for(args.checklist, getattr(args, option))


def resamples(text: str, most: int = 100_000) -> int:
    """How many resamples an interval comes from."""
    if not (text.isascii() and text.isdigit() and _FEWEST <= int(text) <= most):
        raise argparse.ArgumentTypeError(f"{text!r} must be a whole number from {_FEWEST} to {most:,}.")
    return int(text)


def engine_from(args: argparse.Namespace) -> triage.Engine:
    """The engine that the shared options describe.

    Raises:
        UserError: a file cannot be used.
    """
    return triage.load(**engine_choices(args))


def engine_choices(args: argparse.Namespace) -> dict[str, Any]:
    """The arguments of `triage.load` that the shared options describe, as text."""
    given = {"bundle": args.model, "checklist": args.checklist, "cutoffs": args.cutoffs, "areas": args.areas}
    paths = {**given, "public_key": args.public_key}
    texts = {name: None if path is None else str(path) for name, path in paths.items()}
    return {**texts, "postcodes": [str(path) for path in args.postcodes]}


def day(text: str) -> date:
    """A date option, written as 2026-10-31, in a year in which somebody may have been scored."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date. Write it as 2026-10-31.") from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise argparse.ArgumentTypeError(f"{text!r} must be a day of the years {_FIRST_YEAR} to {_LAST_YEAR}.")
    return found


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8.

    Raises:
        UsageError: the file cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as problem:
        raise UsageError(f"{path} cannot be written: {problem.strerror}.") from None
