"""How long do many clients take through `engine.score_many`, beside bare calls of the same graph?

Run: python -m experiments.bench.many CLIENTS REPETITIONS
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

import polars as pl

from experiments.bench import simulate
from experiments.bench.bare import bare_session, best_chunk, run_chunks, run_threads
from experiments.bench.figures import Compared, Figure, times
from experiments.bench.turns import in_turn
from triage.engine import Engine, load

AIM_RATIO = 2.0


def wanted(engine: Engine, columns: Any) -> object:
    """Band, interval, contributions and the top three reason codes of everybody."""
    scored = engine.score_many(columns)
    return scored.band, scored.lower, scored.upper, scored.contributions, scored.reasons


def given(engine: Engine, rows: int) -> dict[str, Any]:
    """The same simulated answers in the shapes that `score_many` takes: text option ids, numbers as numbers."""
    frame = pl.DataFrame(simulate.answers(engine, rows))
    numbers = [question.id for question in engine.checklist.questions if question.number is not None]
    frame = frame.with_columns(pl.col(numbers).cast(pl.Float64))
    arrays = {name: frame[name].to_numpy() for name in frame.columns}
    return {"arrays of text": arrays, "a polars frame": frame}


def figures(rows: int, repetitions: int) -> list[Figure]:
    """The figures of part (b)."""
    engine, threads = load(), os.cpu_count() or 1
    shapes = given(engine, rows)
    session = bare_session(engine)
    inputs = engine.score_many(shapes["a polars frame"]).inputs
    chunk = best_chunk(session, inputs)
    things: dict[str, Callable[[], object]] = {
        "bare": lambda: run_chunks(session, inputs, chunk),
        "bare threads": lambda: run_threads(session, inputs, chunk, threads),
    }
    things |= {name: partial(wanted, engine, columns) for name, columns in shapes.items()}
    compared = in_turn(things, repetitions)
    found = []
    for name in shapes:
        found += _pair(compared, name, f"{rows:,} clients as {name}, score_many", chunk, threads)
    return found


def _pair(compared: Compared, name: str, what: str, chunk: int, threads: int) -> list[Figure]:
    beside = f"bare calls of {chunk:,} rows, one thread: {compared.median('bare'):.2f} s"
    both = f"bare calls of {chunk:,} rows, {threads} threads: {compared.median('bare threads'):.2f} s"
    took = f"{compared.median(name):.2f} s"
    met = compared.ratio(name, "bare") < AIM_RATIO
    return [
        Figure("b", what, f"{took}, {times(compared, name, 'bare')} the baseline", beside, "under 2 times", met),
        Figure("b", f"{what}, beside threads", f"{took}, {times(compared, name, 'bare threads')} the baseline", both),
    ]


if __name__ == "__main__":
    print(json.dumps([asdict(figure) for figure in figures(int(sys.argv[1]), int(sys.argv[2]))]))
