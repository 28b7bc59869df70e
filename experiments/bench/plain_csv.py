"""What does it cost to read a list and to write an output's columns, when nothing is worked out?

Run: python -m experiments.bench.plain_csv prepare SCORED COLUMNS, then: write LIST COLUMNS OUT

`prepare` keeps the columns of a scored list in a file that polars reads without parsing. The time for that is printed,
so that it can be taken off: the baseline has its columns for nothing.
"""

from __future__ import annotations

import sys
import time

import polars as pl


def prepare(scored: str, columns: str) -> None:
    """Keeps the columns of an output."""
    pl.read_csv(scored, infer_schema_length=10_000).write_ipc(columns)


def write(given: str, columns: str, out: str) -> None:
    """Reads the list, and writes the output's columns; prints how long it took to get hold of those."""
    read = pl.read_csv(given)
    start = time.perf_counter()
    ready = pl.read_ipc(columns)
    print(time.perf_counter() - start)
    assert read.height == ready.height
    ready.write_csv(out)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(*sys.argv[2:])
    else:
        write(*sys.argv[2:])
