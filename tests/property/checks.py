"""Rules 1 to 4 of the design, each said once as a check of one engine: the shipped one, or one made at random.

A check raises AssertionError where the rule is broken. Where it compares, the other side is worked out here again from
first principles, not by the code under test.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from tests.clients import as_columns, choices
from triage.bundle import OUTPUTS
from triage.engine import Engine
from triage.scorecard import Scorecard

DAY = date(2026, 9, 15)
TIGHT = 1e-12
_EXACT = ("contributions", "logit", "lower_logit", "upper_logit")


def released(value: float) -> bool:
    """True for a multiple of 2^-36; scaling by a power of two is exact, so this needs no tolerance."""
    return math.ldexp(value, 36).is_integer()


def sigmoid(value: float) -> float:
    """The logistic, written another way than in the code."""
    return 0.5 * (1.0 + math.tanh(value / 2.0))


# ------------------------------------------------------------------------------------------------ rules 1 and 2


def check_additive(engine: Engine, rows: Any, seed: int = 0) -> None:
    """Rule 1: the sum is the logit to the bit, in any order; released values; the logistic to 1e-12."""
    outputs = engine.bundle.run(rows)
    rng = random.Random(seed)
    for contributions, logit, chance in zip(*(outputs[name].tolist() for name in OUTPUTS[:3]), strict=True):
        parts = [engine.bundle.manifest.baseline, *contributions]
        assert all(released(part) for part in parts)
        for _ in range(3):
            rng.shuffle(parts)
            assert sum(parts) == logit
            assert sum(parts[::2]) + sum(parts[1::2]) == logit
        assert sum(map(Fraction, parts)) == Fraction(logit)
        assert abs(logit) <= 16
        assert abs(chance - sigmoid(logit)) <= TIGHT
    for name in ("lower", "upper"):
        assert all(released(end) for end in outputs[f"{name}_logit"].tolist())
    assert np.all(outputs["lower_logit"] <= outputs["logit"])
    assert np.all(outputs["logit"] <= outputs["upper_logit"])
    assert np.all(outputs["lower"] <= outputs["probability"])
    assert np.all(outputs["probability"] <= outputs["upper"])


def check_batches(engine: Engine, rows: Any) -> None:
    """Rule 1: the same bits whether people come alone, in small parts, or all at once; probabilities to 1e-12."""
    whole = engine.bundle.run(rows)
    for size in (1, 2, 7, 64):
        parts = [engine.bundle.run(rows[start : start + size]) for start in range(0, len(rows), size)]
        for name in OUTPUTS:
            joined = np.concatenate([part[name] for part in parts])
            if name in _EXACT:
                np.testing.assert_array_equal(joined, whole[name])
            else:
                np.testing.assert_allclose(joined, whole[name], rtol=0, atol=TIGHT)


def check_one_model(engine: Engine, scorecard: Scorecard) -> None:
    """Rule 2: ONNX, points.csv and the scorecard agree on every representable value of every input, and missing."""
    width, baseline = len(engine.features.inputs), engine.bundle.manifest.baseline
    assert scorecard.baseline == baseline
    for item in engine.features.inputs:
        values = [*item.grid.values, math.nan]
        rows = np.full((len(values), width), np.nan)
        rows[:, item.place] = values
        outputs = engine.bundle.run(rows)
        points = [engine.bundle.tables[item.id].at(value) for value in values]
        assert outputs["contributions"][:, item.place].tolist() == points, item.id
        assert [scorecard.tables[item.place].at(value) for value in values] == points, item.id
        assert outputs["logit"].tolist() == [baseline + point for point in points], item.id
        assert points[-1] == 0.0
        assert not np.delete(outputs["contributions"], item.place, axis=1).any()


def check_jointly(engine: Engine, scorecard: Scorecard, rows: Any) -> None:
    """Rule 2: they agree on people who answer several questions at once, ranges included."""
    outputs = engine.bundle.run(rows)
    lower, upper = scorecard.interval_logits(rows)
    np.testing.assert_array_equal(outputs["lower_logit"], lower)
    np.testing.assert_array_equal(outputs["upper_logit"], upper)
    np.testing.assert_array_equal(outputs["contributions"], scorecard.contributions_many(rows))
    tables = [engine.bundle.tables[item.id] for item in engine.features.inputs]
    given, logits, parts = rows.tolist(), outputs["logit"].tolist(), outputs["contributions"].tolist()
    for row, logit, found in zip(given, logits, parts, strict=True):
        by_points = [table.at(value) for table, value in zip(tables, row, strict=True)]
        assert found == by_points
        assert list(scorecard.contributions(row)) == by_points
        assert logit == scorecard.logit(row) == engine.bundle.manifest.baseline + sum(by_points)


def check_engine_gives_the_model(engine: Engine) -> None:
    """Rule 2: what `engine.score` says of each single answer is what the tables say of its grid values."""
    for question in engine.checklist.questions:
        for answer in choices(engine, question.id):
            score = engine.score({question.id: answer}, on=DAY)
            wanted = 0.0
            for item in engine.features.inputs_of[question.id]:
                wanted += engine.bundle.tables[item.id].at(encode(engine, item.id, answer))
            assert score.contributions == {
                other.id: wanted if other.id == question.id else 0.0 for other in engine.checklist.questions
            }, question.id
            assert score.logit == score.baseline + wanted


def encode(engine: Engine, input_id: str, answer: Any) -> float:
    """The grid value of an answer by exact fractions, from the feature contract alone."""
    entry = next(item for item in engine.features.contract["inputs"] if item["id"] == input_id)
    if "codes" in entry:
        return float(entry["codes"].get(answer, math.nan))
    item = next(item for item in engine.features.inputs if item.id == input_id)
    number = item.figures.get(answer, math.nan) if item.question.kind == "area" else float(answer)
    if math.isnan(number):
        return math.nan
    start, step, stop, first_edge = (
        Fraction(repr(float(value)))
        for value in (entry["grid"]["from"], entry["grid"]["step"], entry["grid"]["to"], entry["edges_from"])
    )
    above = (Fraction(repr(number)) - first_edge) // step + 1
    return float(min(max(start + above * step, start), stop))


# ------------------------------------------------------------------------------------------------ rule 3


def risk_order(engine: Engine, question_id: str) -> tuple[list[Any], list[tuple[int, int]]]:
    """Answers of a question, and pairs of places of which the second has at least the risk of the first.

    The checklist says so; no pair where it states no direction.
    """
    question = engine.checklist.question(question_id)
    if question.direction is None:
        return [], []
    answers = choices(engine, question_id)
    pairs: list[tuple[int, int]]
    if question.kind == "area":
        tables = [item.figures for item in engine.features.inputs_of[question_id]]
        pairs = [
            (one, other)
            for one, other in itertools.permutations(range(len(answers)), 2)
            if all(figures[answers[one]] <= figures[answers[other]] for figures in tables)
        ]
    else:
        counted = [place for place, answer in enumerate(answers) if not _counts_as_nothing(engine, question_id, answer)]
        pairs = list(itertools.pairwise(counted))
    return answers, pairs if question.direction.risk == "rises" else [(other, one) for one, other in pairs]


def _counts_as_nothing(engine: Engine, question_id: str, answer: Any) -> bool:
    option = engine.checklist.question(question_id).by_id.get(answer)
    return option is not None and option.counts_as is not None


def ends_of_risk(engine: Engine, question_id: str) -> tuple[Any, Any]:
    """The answers of a choice or number with the least and with the most of its risk."""
    answers, pairs = risk_order(engine, question_id)
    places = [place for pair in pairs for place in pair]
    ends = answers[min(places)], answers[max(places)]
    return ends if engine.checklist.question(question_id).direction.risk == "rises" else ends[::-1]


def check_direction(engine: Engine, backgrounds: Sequence[Mapping[str, Any]]) -> None:
    """Rule 3: more of the risk never lowers the probability, nor either end of the range."""
    for question in engine.checklist.questions:
        answers, pairs = risk_order(engine, question.id)
        if not pairs:
            continue
        less, more = np.array(pairs).T
        for background in backgrounds:
            people = [{**background, question.id: answer} for answer in answers]
            found = engine.score_many(as_columns(engine, people), on=DAY)
            for values in (found.logit, found.lower_logit, found.upper_logit):
                assert np.all(values[less] <= values[more]), question.id
            for values in (found.probability, found.lower, found.upper):
                assert np.all(values[less] <= values[more] + TIGHT), question.id


# ------------------------------------------------------------------------------------------------ rule 4


def check_silence(engine: Engine, people: Sequence[Mapping[str, Any]]) -> None:
    """Rule 4: a question that is not answered contributes exactly 0, whichever kind of silence it is."""
    for person in people:
        score = engine.score(person, on=DAY)
        silent = [name for name in score.contributions if name not in score.answers]
        assert all(score.contributions[name] == 0.0 for name in silent)
        assert all(math.copysign(1, score.contributions[name]) == 1 for name in silent), "a negative zero reads badly"
        assert engine.score(dict(score.answers), on=DAY).logit == score.logit
    empty = engine.score({})
    assert empty.logit == empty.baseline
    assert not any(empty.contributions.values())


def check_silence_widens(engine: Engine, scorecard: Scorecard, everybody: Any) -> None:
    """Rule 4: averaged over the reference population, leaving a question out widens the range."""
    everybody = everybody[~np.isnan(everybody).any(axis=1)]
    full = _mean_width(engine, everybody)
    for question in engine.checklist.questions:
        places = [item.place for item in engine.features.inputs_of[question.id]]
        if not any(scorecard.tables[place].draws.any() for place in places):
            continue
        without = everybody.copy()
        without[:, places] = np.nan
        assert _mean_width(engine, without) > full, question.id


def _mean_width(engine: Engine, rows: Any) -> float:
    parts = [engine.bundle.run(rows[start : start + 4096]) for start in range(0, len(rows), 4096)]
    return math.fsum(float(np.sum(part["upper"] - part["lower"])) for part in parts) / len(rows)


def check_kinds_of_silence(engine: Engine, person: Mapping[str, Any]) -> None:
    """Rule 4: answered, declined, too early and not asked are kept apart: each question is exactly one of them."""
    score = engine.score(person, on=DAY)
    kinds = [set(score.answers), set(score.declined), set(score.not_applicable)]
    assert sum(map(len, kinds)) == len(set().union(*kinds))
    assert len(score.declined) == len(set(score.declined))
    assert len(score.not_applicable) == len(set(score.not_applicable))
    assert not set(score.unanswered) & set().union(*kinds)
    interview = {question.id for question in engine.checklist.questions if question.interview}
    assert set(score.unanswered) == interview - set().union(*kinds)
