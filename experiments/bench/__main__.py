"""Which benchmarks are run, in which sizes, and how are they shown?

This process imports nothing but the standard library: each part runs in processes of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from experiments.bench import csv_list, loading, outcomes, registered, starting, tuning, workbook
from experiments.bench.figures import Figure, markdown, plain
from experiments.bench.processes import run


@dataclass(frozen=True)
class Sizes:
    """How much is measured, and how often."""

    clients: int = 2_000
    client_turns: int = 15
    columns: int = 1_000_000
    column_turns: int = 5
    csv_rows: int = 1_000_000
    csv_turns: int = 5
    starts: int = 15
    sheet_rows: int = 100_000
    sheet_turns: int = 1
    learn_people: int = 100_000
    learn_turns: int = 2
    judge_people: int = 50_000
    resamples: int = 1_000
    http_seconds: float = 5.0
    http_turns: int = 5
    connections: int = 16
    advisers: int = 50
    interviews: int = 4
    services: int = 5
    tune_people: int = 50_000
    plain_resamples: int = 5


QUICK = Sizes(20, 2, 3_000, 2, 500, 1, 1, 60, 1, 1_500, 1, 400, 20, 0.2, 1, 4, 3, 1, 1, 400, 1)
PARTS = "abcdefghijk"


def parts(sizes: Sizes, folder: Path) -> dict[str, Callable[[], list[Figure]]]:
    """What each letter measures."""
    return {
        "a": lambda: _apart("one", sizes.clients, sizes.client_turns),
        "b": lambda: _apart("many", sizes.columns, sizes.column_turns),
        "c": lambda: csv_list.figures(folder, sizes.csv_rows, sizes.csv_turns),
        "d": lambda: loading.figures(sizes.starts),
        "e": lambda: workbook.figures(folder, sizes.sheet_rows, sizes.sheet_turns),
        "f": lambda: outcomes.learning(folder, sizes.learn_people, sizes.learn_turns),
        "g": lambda: outcomes.evaluation(folder, sizes.judge_people, sizes.resamples),
        "h": lambda: _apart(
            "over_http", sizes.http_seconds, sizes.http_turns, sizes.connections, sizes.advisers, sizes.interviews
        ),
        "i": lambda: starting.figures(sizes.services),
        "j": lambda: tuning.figures(folder, sizes.tune_people, sizes.resamples, sizes.plain_resamples),
        "k": lambda: registered.figures(sizes.starts),
    }


def _apart(module: str, *sizes: float) -> list[Figure]:
    done = run(["-m", f"experiments.bench.{module}", *map(str, sizes)])
    return [Figure(**figure) for figure in json.loads(done.said)]


def surroundings() -> str:
    """What it was measured on, without naming the machine."""
    load = f", load average {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    system = f"{platform.system()} on {platform.machine()}, Python {platform.python_version()}"
    return f"{date.today().isoformat()}, {os.cpu_count()} cores, {system}{load}. All data is simulated."


def main(argv: Sequence[str] | None = None) -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m experiments.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny sizes: only to see that it runs")
    parser.add_argument("--only", default=PARTS, metavar="LETTERS", help=f"some of the parts {PARTS}")
    parser.add_argument("--markdown", action="store_true", help="print a table in Markdown")
    parser.add_argument("--folder", type=Path, help="where the simulated lists are written (default: a temporary one)")
    args = parser.parse_args(argv)
    print(surroundings(), flush=True)
    if args.quick:
        print("Tiny sizes, to see that it runs: these figures mean nothing.")
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        for letter, measure in parts(QUICK if args.quick else Sizes(), Path(folder)).items():
            if letter in args.only:
                figures = measure()
                found += figures
                if not args.markdown:
                    print(plain(figures), flush=True)
    if args.markdown:
        print(markdown(found))


if __name__ == "__main__":
    main()
