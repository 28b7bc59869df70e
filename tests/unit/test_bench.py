"""Do the benchmarks run? On tiny sizes, so that what they print means nothing; no test asserts a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from experiments.bench.figures import Compared, Figure, markdown, plain
from experiments.bench.processes import run

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.soak
def test_every_part_prints_its_figures_beside_a_baseline() -> None:
    """`make bench` would otherwise break unnoticed between two releases."""
    words = [sys.executable, "-m", "experiments.bench", "--quick"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for letter in "abcdefghijk":
        assert f"\n({letter}) " in done.stdout
    baselines = ("bare call of the graph", "bare calls of", "polars reading and writing", "importing onnxruntime")
    more = ("one LightGBM fit at default settings", "the same endpoint with a constant", "a plain loop over people")
    assert "the same bundle from its folder" in done.stdout
    for baseline in (*baselines, *more):
        assert baseline in done.stdout
    assert "All data is simulated" in done.stdout
    assert str(ROOT) not in done.stdout


def test_a_ratio_compares_what_ran_side_by_side() -> None:
    """One slow moment of the machine, which hits both, must not make the engine look slow or quick."""
    compared = Compared({"ours": [2.0, 20.0, 3.0], "bare": [1.0, 10.0, 1.0]})
    assert compared.ratio("ours", "bare") == 2.0
    assert compared.spread("ours", "bare") == (2.0, 3.0)
    assert compared.median("ours") == 3.0


def test_an_aim_that_was_not_reached_is_said() -> None:
    figure = Figure("c", "a list", "4 s", "polars: 1 s", "under 3 times", met=False)
    assert "NOT met" in plain([figure])
    assert "| NOT met |" in markdown([figure])


def test_a_command_that_fails_is_no_figure() -> None:
    with pytest.raises(RuntimeError, match="exit code 4"):
        run(["-c", "raise SystemExit(4)"])


def test_peak_memory_is_counted_in_bytes() -> None:
    """Measured from a small process, because the kernel counts the memory of the one that starts another."""
    code = (
        "from experiments.bench.processes import run\n"
        "done = run(['-c', 'block = bytearray(300_000_000); block[::4096] = block[::4096]; print(len(block))'])\n"
        "print(done.peak, done.said)"
    )
    words = [sys.executable, "-c", code]
    peak, said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert 300e6 < int(peak) < 600e6
    assert said == "300000000"
