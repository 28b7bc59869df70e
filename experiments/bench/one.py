"""How long does one client take through `engine.score`, beside the bare call of the same graph?

Run: python -m experiments.bench.one CLIENTS REPETITIONS
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict

import numpy as np

from experiments.bench import simulate
from experiments.bench.bare import bare_session
from experiments.bench.figures import Figure, times
from experiments.bench.turns import in_turn
from triage.engine import Engine, Score, load

AIM_SECONDS, AIM_RATIO = 100e-6, 5.0


def everything(score: Score) -> object:
    """Reads every property that is worked out only when it is asked for."""
    return (
        score.contributions, score.by_factor, score.bands_possible, score.raised_by_special, score.reasons,
        score.strengths, score.unanswered, score.next_question, score.chance_of_another_band, score.enough_is_known,
        score.complex_needs, score.sentences,
    )  # fmt: skip


def things(engine: Engine, count: int) -> dict[str, Callable[[], object]]:
    """What is timed: each goes through all clients, one by one."""
    people = simulate.clients(engine, count)
    session = bare_session(engine)
    encoded = [np.array([engine.score(person).inputs]) for person in people]

    def bare() -> None:
        for row in encoded:
            session.run(None, {"answers": row})

    def score() -> None:
        for person in people:
            engine.score(person)

    def shown() -> None:
        for person in people:
            found = engine.score(person)
            _ = (found.contributions, found.reasons, found.strengths, found.bands_possible)

    def all_of_it() -> None:
        for person in people:
            everything(engine.score(person))

    return {"bare": bare, "score": score, "shown": shown, "everything": all_of_it}


def figures(count: int, repetitions: int) -> list[Figure]:
    """The figures of part (a)."""
    compared = in_turn(things(load(), count), repetitions)
    each = {name: compared.median(name) / count * 1e6 for name in compared.seconds}
    beside = f"bare call of the graph: {each['bare']:.1f} µs"
    quick = each["score"] < AIM_SECONDS * 1e6 and compared.ratio("score", "bare") < AIM_RATIO
    found = [
        Figure(
            "a", "one client, engine.score", f"{each['score']:.1f} µs, {times(compared, 'score', 'bare')} the baseline",
            beside, "under 100 µs and under 5 times", quick,
        )
    ]  # fmt: skip
    named = {
        "shown": "the same, with contributions, reasons, strengths and possible bands read",
        "everything": "the same, with every lazy property read (next question, sentences)",
    }
    return found + [
        Figure("a", text, f"{each[name]:.1f} µs, {times(compared, name, 'bare')} the baseline", beside)
        for name, text in named.items()
    ]


if __name__ == "__main__":
    print(json.dumps([asdict(figure) for figure in figures(int(sys.argv[1]), int(sys.argv[2]))]))
