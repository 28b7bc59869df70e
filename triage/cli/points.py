"""What is the whole model, on one page? The command `points`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from triage.cli.options import add_engine_options, engine_from, write_text
from triage.cli.points_page import points_page, points_text

_SHAPES = ("text", "csv", "html")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `points`."""
    points = subparsers.add_parser("points", help="print the whole model as one page of points")
    points.add_argument("--as", dest="shape", choices=_SHAPES, help="text (default), csv or html")
    points.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to FILE (.txt, .csv or .html)")
    add_engine_options(points)
    points.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Print or write the points; returns the exit code 0.

    Raises:
        UserError: the model cannot be used, or the file cannot be written.
    """
    engine = engine_from(args)
    ending = args.output.suffix.lower().lstrip(".") if args.output else ""
    shape = args.shape or {"csv": "csv", "html": "html", "htm": "html"}.get(ending, "text")
    if shape == "csv":
        text = engine.bundle.points_csv
    else:
        text = points_page(engine) if shape == "html" else points_text(engine)
    if args.output is None:
        sys.stdout.write(text)
    else:
        write_text(args.output, text)
        sys.stderr.write(f"Wrote {args.output}.\n")
    return 0
