"""What is the least that a score costs: the shipped graph itself, all outputs, on input that is encoded already?"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from triage.engine import Engine

CHUNKS = (256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 65_536)
_TRIED_ROWS = 131_072
_TASKS = 8

Inputs = NDArray[np.float64]


def bare_session(engine: Engine) -> ort.InferenceSession:
    """A session over the shipped graph with one thread a call, as the engine has it."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return ort.InferenceSession(engine.bundle.model, options, providers=["CPUExecutionProvider"])


def run_chunks(session: ort.InferenceSession, inputs: Inputs, chunk: int) -> None:
    """All outputs for all rows, `chunk` rows a call."""
    for start in range(0, len(inputs), chunk):
        session.run(None, {"answers": inputs[start : start + chunk]})


def run_threads(session: ort.InferenceSession, inputs: Inputs, chunk: int, threads: int) -> None:
    """The same from several threads, which share the session."""
    parts = np.array_split(inputs, threads * _TASKS)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda part: run_chunks(session, part, chunk), parts))


def best_chunk(session: ort.InferenceSession, inputs: Inputs) -> int:
    """The chunk size with which the bare call is quickest, out of three tries each."""
    part = inputs[:_TRIED_ROWS]
    took = dict.fromkeys(CHUNKS, float("inf"))
    for _ in range(3):
        for chunk in CHUNKS:
            start = time.perf_counter()
            run_chunks(session, part, chunk)
            took[chunk] = min(took[chunk], time.perf_counter() - start)
    return min(took, key=lambda chunk: took[chunk])
