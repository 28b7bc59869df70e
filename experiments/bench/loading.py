"""How long until the engine is ready in a fresh process, beside importing the two libraries that it stands on?"""

from __future__ import annotations

from experiments.bench.figures import Compared, Figure, times
from experiments.bench.processes import run

AIM_RATIO = 1.5
_TIMED = "import time; start = time.perf_counter(); {}; print(time.perf_counter() - start)"
_THINGS = {
    "ours": "import triage; triage.load()",
    "libraries": "import numpy, onnxruntime",
}


def figures(repetitions: int) -> list[Figure]:
    """The figures of part (d): inside fresh processes, and of the whole processes."""
    inside: dict[str, list[float]] = {name: [] for name in _THINGS}
    whole: dict[str, list[float]] = {name: [] for name in _THINGS}
    for repetition in range(repetitions + 1):
        for name, statement in _THINGS.items():
            done = run(["-c", _TIMED.format(statement)])
            if repetition:
                inside[name].append(float(done.said))
                whole[name].append(done.seconds)
    found = Compared(inside)
    return [
        Figure(
            "d", "import triage and load(), hashes and parity replay included", _said(found),
            f"importing onnxruntime and numpy: {1e3 * found.median('libraries'):.0f} ms",
            "under 1.5 times", found.ratio("ours", "libraries") < AIM_RATIO,
        ),
        Figure(
            "d", "the same, whole processes with Python's own start", _said(Compared(whole)),
            f"importing onnxruntime and numpy: {1e3 * Compared(whole).median('libraries'):.0f} ms",
        ),
    ]  # fmt: skip


def _said(compared: Compared) -> str:
    return f"{1e3 * compared.median('ours'):.0f} ms, {times(compared, 'ours', 'libraries')} the baseline"
