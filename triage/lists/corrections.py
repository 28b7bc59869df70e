"""Which answer did a person give in the place of one that the list has, and what follows for its problems?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from triage.checklist import DECLINED, NOT_APPLICABLE
from triage.engine import Engine
from triage.engine.answers import context_reader
from triage.errors import ListError
from triage.faults import Fault, did_you_mean
from triage.lists.answers import Given, label_of
from triage.lists.cells import Space, Value
from triage.lists.vocabulary import Vocabulary
from triage.yamlfile import count

CORRECTED = "entered by hand, not read from the list"
#: Correction by place in the list, and there by question or field.
Typed = Mapping[int, Mapping[str, object]]


def read_corrections(engine: Engine, typed: Typed) -> dict[int, dict[str, Value | None]]:
    """Typed answers as the list's own are read; "" and None stand for "not given".

    Raises:
        ListError: some are not answers of their question; all are named, without what was typed.
    """
    faults: list[Fault] = []
    found: dict[int, dict[str, Value | None]] = {}
    for place, answers in typed.items():
        for name, answer in answers.items():
            try:
                found.setdefault(place, {})[name] = read_correction(engine, name, answer)
            except ValueError as problem:
                faults.append(Fault(f"entry {place + 1} of the list, '{name}'", str(problem)))
    if faults:
        raise ListError(f"These corrections cannot be used: {count(faults)}.", faults)
    return found


def read_correction(engine: Engine, name: str, answer: object) -> Value | None:
    """One typed answer; raises ValueError with a plain sentence that does not repeat it."""
    context = engine.checklist.context_by_id.get(name)
    if context is not None:
        return _plain(context_reader(context, engine.features)(answer))
    if name not in engine.checklist.by_id:
        known = (*engine.checklist.by_id, *engine.checklist.context_by_id)
        raise ValueError(f"there is no such question. {did_you_mean(name, known)}".rstrip())
    reading = engine.features.normalise(name, answer)
    if reading.state == "unknown":
        raise ValueError(reading.problem)
    if reading.state == "declined":
        return reading.value or DECLINED
    return NOT_APPLICABLE if reading.state == "not_applicable" else reading.value


def corrected(
    given: Given,
    answers: Mapping[int, Mapping[str, Value | None]],
    size: int,
    spaces: dict[str, Space],
    vocabulary: Vocabulary,
) -> Given:
    """`given` of `size` clients with the answers of some; what was said about those is replaced by one remark."""
    places, unread = dict(given.places), dict(given.unread)
    problems, sources = dict(given.problems), dict(given.sources)
    for name in sorted({name for each in answers.values() for name in each}):
        space = spaces.setdefault(name, Space())
        codes = places.get(name, np.zeros(size, dtype=np.int64)).copy()
        changed = {at: space.place(each[name]) for at, each in answers.items() if name in each}
        said = [series.clone() for series in problems.get(name, ())]
        odd = {at for at in changed if any(series[at] is not None for series in said)}
        where = sorted(at for at, code in changed.items() if code != codes[at] or at in odd)
        unread[name] = unread.get(name, 0) - sum(at in odd and not codes[at] for at in where)
        codes[where] = [changed[at] for at in where]
        places[name] = codes
        remark = f"{label_of(vocabulary, name)}: {CORRECTED}"
        texts: list[str | None] = [None] * size
        for at in where:
            texts[at] = remark
        problems[name] = [*(series.scatter(where, None) for series in said), pl.Series(texts, dtype=pl.String)]
        sources[name] = [*sources.get(name, ()), ""]
    return Given(places, problems, sources, unread)


def _plain(value: Any) -> Value | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, date) or value is None else str(value)
