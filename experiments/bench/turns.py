"""How are several things timed fairly on a machine that does other things as well? Turn and turn about."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping

from experiments.bench.figures import Compared


def in_turn(things: Mapping[str, Callable[[], object]], repetitions: int) -> Compared:
    """Seconds of each thing in each repetition; what a thing returns is dropped before the next one starts.

    One repetition goes before the others and is not counted.
    """
    seconds: dict[str, list[float]] = {name: [] for name in things}
    for repetition in range(repetitions + 1):
        for name, thing in things.items():
            gc.collect()
            start = time.perf_counter()
            result = thing()
            took = time.perf_counter() - start
            del result
            if repetition:
                seconds[name].append(took)
    return Compared(seconds)
