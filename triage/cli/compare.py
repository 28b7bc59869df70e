"""Whose band moves between two models, checklists or cut-offs? The command `compare`."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path

import triage
from triage.bundle.manifest import MANIFEST
from triage.cli.options import add_engine_options, day, write_text
from triage.engine import Engine
from triage.errors import UsageError
from triage.lists.compare import Comparison, compare_list
from triage.registry import is_address

_SHOWN = 20


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `compare`."""
    compare = subparsers.add_parser(
        "compare",
        help="say whose band moves between two models, checklists or cut-offs",
        description="OLD and NEW are each a model bundle or the address of a registered one (models:/NAME@ALIAS), a"
        " checklist folder (with its model in 'model/' and its cut-offs in 'cutoffs.yaml', where it has its own) or a"
        " cut-offs file. 'default' means the shipped ones.",
    )
    compare.add_argument("old", metavar="OLD")
    compare.add_argument("new", metavar="NEW")
    compare.add_argument("list", type=Path, metavar="LIST", help="an attendance list")
    compare.add_argument("--on", type=day, metavar="DATE", help="score as on this day (default: today)")
    compare.add_argument("--mapping", type=Path, metavar="FILE", help="which column is which question")
    compare.add_argument("-o", "--output", type=Path, metavar="FILE", help="write every row that moves, as CSV")
    add_engine_options(compare)
    compare.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Compare and print; returns the exit code 0.

    Raises:
        UserError: one of the two cannot be loaded, or the list cannot be scored.
    """
    old, new = (_engine(word, args) for word in (args.old, args.new))
    found = compare_list(old, new, args.list, on=args.on, mapping=args.mapping)
    sys.stdout.write("\n".join(_report(found, old, new)) + "\n")
    if args.output is not None:
        write_text(args.output, _moves_csv(found))
        sys.stderr.write(f"Wrote {args.output}.\n")
    return 0


def _engine(word: str, args: argparse.Namespace) -> Engine:
    """The engine for one side: what `word` names, and the shared options for the rest."""
    parts = {"bundle": args.model, "checklist": args.checklist, "cutoffs": args.cutoffs}
    path = Path(word)
    if word != "default":
        if is_address(word):
            parts["bundle"] = word
        elif (path / MANIFEST).is_file():
            parts["bundle"] = path
        elif (path / "checklist.yaml").is_file():
            parts["checklist"] = path
            if (path / "model" / MANIFEST).is_file():
                parts["bundle"] = path / "model"
            if (path / "cutoffs.yaml").is_file():
                parts["cutoffs"] = path / "cutoffs.yaml"
        elif path.is_file():
            parts["cutoffs"] = path
        else:
            raise UsageError(f"{word} is neither a model bundle, nor a checklist folder, nor a cut-offs file.")
    return triage.load(**parts, areas=args.areas, postcodes=args.postcodes, public_key=args.public_key)


def _report(found: Comparison, old: Engine, new: Engine) -> list[str]:
    order = [band.id for band in (*old.cutoffs.bands, *new.cutoffs.bands)]
    rank = {"": -1} | {name: place for place, name in reversed(list(enumerate(order)))}
    lines = [f"Old: {_versions(old)}", f"New: {_versions(new)}", f"{found.rows} rows."]
    for (before, after), people in sorted(found.counts.items(), key=lambda item: [rank[name] for name in item[0]]):
        arrow = "stay" if before == after else f"move to {after or 'no band'}"
        lines.append(f"  {people:>6}  {before or 'no band'}: {arrow}")
    lines.append(f"{len(found.moves)} rows differ in band or status.")
    for move in found.moves[:_SHOWN]:
        where = f"{move.sheet}, row {move.row}" if move.sheet else f"row {move.row}"
        lines.append(f"  {where}: {_told(move.old_band, move.old_status)} to {_told(move.new_band, move.new_status)}")
    if len(found.moves) > _SHOWN:
        lines.append(f"  and {len(found.moves) - _SHOWN} more. Write them all with -o FILE.csv.")
    return lines


def _told(band: str, status: str) -> str:
    return f"{band} ({status})" if band else f"no band ({status})"


def _versions(engine: Engine) -> str:
    versions = engine.versions
    return f"model {versions.model}, checklist {versions.checklist}, cut-offs {versions.cutoffs}"


def _moves_csv(found: Comparison) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("sheet", "row", "old_band", "new_band", "old_status", "new_status"))
    for move in found.moves:
        writer.writerow((move.sheet, move.row, move.old_band, move.new_band, move.old_status, move.new_status))
    return buffer.getvalue()
