"""What may the clients of any organisation answer, one at a time and many at once?"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from triage.engine import Engine


def answers_to(engine: Engine) -> st.SearchStrategy[dict[str, Any]]:
    """The answers of one client, in any of the ways in which a question can be answered or not."""
    silence = st.sampled_from((None, "", "declined", "not_asked", "not_applicable", "prefer not to say", math.nan))
    asked = {
        question.id: st.one_of(st.sampled_from(choices(engine, question.id)), silence)
        for question in engine.checklist.questions
    }
    return st.fixed_dictionaries({}, optional=asked | _beside(engine))


def _beside(engine: Engine) -> dict[str, st.SearchStrategy[Any]]:
    values = {
        "redundancy_status": ["at_risk", "left", "has_job", "redeployed", None],
        "job_ends": ["2026-01-31", "2026-09-01", "", None],
        "complex_needs": ["yes", "no", None],
    }
    return {name: st.sampled_from(known) for name, known in values.items() if name in engine.checklist.context_by_id}


def choices(engine: Engine, question_id: str) -> list[Any]:
    """Answers of a question that count, in the order of the file; for a number a spread over its range."""
    question = engine.checklist.question(question_id)
    if question.number is None:
        return list(engine.features.options(question))
    low, high = question.number.minimum, question.number.maximum
    numbers = {low + (high - low) * k / 37 for k in range(38)}
    for item in engine.features.inputs_of[question_id]:
        numbers |= {*item.grid.values, *item.grid.edges}
    if question.number.whole:
        numbers = {float(math.floor(number)) for number in numbers}
    return sorted(number for number in numbers | {high} if low <= number <= high)


def clients(engine: Engine, count: int, seed: int, silent: float = 0.3) -> list[dict[str, Any]]:
    """Many clients at once; each question is left out, declined or blank with the chance `silent`."""
    rng = random.Random(seed)
    nothing = (None, "", "declined", "not_asked", "not_applicable")
    known = {question.id: choices(engine, question.id) for question in engine.checklist.questions}
    return [
        {
            name: rng.choice(nothing) if rng.random() < silent else rng.choice(values)
            for name, values in known.items()
            if rng.random() > silent / 3
        }
        for _ in range(count)
    ]


def as_columns(engine: Engine, people: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The answers of many clients as columns, None where a client has no such key."""
    names = [question.id for question in engine.checklist.questions]
    names += sorted({name for person in people for name in person} - set(names))
    return {name: [person.get(name) for person in people] for name in names}


def grid_rows(engine: Engine, count: int, seed: int, silent: float = 0.2) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Random grid values [count, inputs] of the model, NaN where missing."""
    rng = np.random.default_rng(seed)
    columns = [rng.choice(np.array(item.grid.values), count) for item in engine.features.inputs]
    rows = np.column_stack(columns)
    rows[rng.random(rows.shape) < silent] = np.nan
    return rows
