"""Each rule of the design, said once as a check of one engine, for the shipped model and for generated ones.

A check raises AssertionError where the rule is broken. Where it compares, the other side is worked out here again from
first principles, not by the code under test.
"""

from __future__ import annotations

import itertools
import json
import math
import random
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from tests.strategies import as_columns, choices, clients, grid_rows
from triage.bundle import OUTPUTS
from triage.engine import STATUSES, Columns, Engine, Score
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


# ------------------------------------------------------------------------------------------------ rules 5 and 6


def check_bands(engine: Engine, person: Mapping[str, Any]) -> None:
    """Rules 5 and 6: no band with too few answers; never below the standard one; the whole range is said."""
    score = engine.score(person, on=DAY)
    informative = [
        name
        for name, answer in score.answers.items()
        if any(not math.isnan(encode(engine, item.id, answer)) for item in engine.features.inputs_of[name])
    ]
    rule = engine.cutoffs.file.enough_answers
    counted = set(informative) & set(rule.questions) if rule.questions else set(informative)
    ids = [band.id for band in engine.cutoffs.bands]
    if score.context.get("redundancy_status") in ("has_job", "redeployed"):
        assert (score.status, score.band) == (score.context["redundancy_status"], None)
    elif len(counted) < rule.at_least:
        assert (score.status, score.band) == ("not_enough_answers", None)
    else:
        assert score.status == "proposed"
        assert score.band == band_by_hand(engine, score.contributions)
    assert score.band is None or score.band in ids
    assert score.bands_possible == possible_by_hand(engine, score)
    assert (score.band in score.bands_possible) or score.bands_possible == ()
    said = " ".join(score.sentences)
    if len(score.bands_possible) > 1:
        assert all(engine.cutoffs.band(name).name in said for name in score.bands_possible)
    if score.band is None:
        assert not any(band.name in said for band in engine.cutoffs.bands)


def special_questions(engine: Engine) -> list[str]:
    """Questions about health and disability."""
    return [question.id for question in engine.checklist.questions if question.sensitivity == "special_category"]


def band_by_hand(engine: Engine, contributions: Mapping[str, float]) -> str:
    """The higher of the bands with and without health and disability answers."""
    special = sum((Fraction(contributions[name]) for name in special_questions(engine)), Fraction(0))
    logit = sum(map(Fraction, contributions.values()), Fraction(engine.bundle.manifest.baseline))
    return _place(engine, max(logit, logit - special))


def _place(engine: Engine, logit: Fraction) -> str:
    found = engine.cutoffs.bands[0].id
    for band, edge in zip(engine.cutoffs.bands[1:], engine.points.edges, strict=True):
        if logit >= (Fraction(edge) if math.isfinite(edge) else 10**6):
            found = band.id
    return found


def possible_by_hand(engine: Engine, score: Score) -> tuple[str, ...]:
    """Every band that the range reaches, shifted as the band's own log-odds are."""
    if score.band is None:
        return ()
    ids = [band.id for band in engine.cutoffs.bands]
    shift = Fraction(score.band_logit) - Fraction(score.logit)
    ends = [ids.index(_place(engine, Fraction(end) + shift)) for end in (score.lower_logit, score.upper_logit)]
    return tuple(ids[ends[0] : ends[1] + 1])


def check_special_only_raises(engine: Engine, person: Mapping[str, Any]) -> None:
    """Rule 6: over every combination of health and disability answers the band is never lower than without them."""
    special = special_questions(engine)
    rest = {name: answer for name, answer in person.items() if name not in special}
    ids = [band.id for band in engine.cutoffs.bands]
    plain = engine.score(rest, on=DAY)
    spread = [[None, *choices(engine, name)[:: max(1, len(choices(engine, name)) // 4)]] for name in special]
    for combination in itertools.islice(itertools.product(*spread), 200):
        given = {name: answer for name, answer in zip(special, combination, strict=True) if answer is not None}
        score = engine.score(rest | given, on=DAY)
        assert score.logit == score.baseline + sum(score.contributions.values()), "the score itself is untouched"
        for name, value in plain.contributions.items():
            assert name in special or score.contributions[name] == value
        if plain.band is not None:
            assert score.band is not None
            assert ids.index(score.band) >= ids.index(plain.band)
            low, high = (ids.index(score.bands_possible[end]) for end in (0, -1))
            assert low <= ids.index(score.band) <= high


# ------------------------------------------------------------------------------------------------ rules 8, 9 and 10


def check_reproduces(engine: Engine, person: Mapping[str, Any]) -> None:
    """Rule 8: what a score says of itself gives, through JSON, the same logit, contributions and band to the bit."""
    score = engine.score(person, on=DAY)
    kept = json.loads(json.dumps(score.to_dict(), allow_nan=False))
    inputs = [math.nan if value is None else value for value in kept["inputs"]]
    outputs = engine.score_inputs(inputs)
    for name in ("logit", "lower_logit", "upper_logit"):
        assert float(outputs[name]) == kept[name] == getattr(score, name)
    found = dict.fromkeys(kept["contributions"], 0.0)
    for item, value in zip(engine.features.inputs, outputs["contributions"].tolist(), strict=True):
        found[item.question.id] += value
    assert found == kept["contributions"] == dict(score.contributions)
    assert list(kept["contributions"]) == [question.id for question in engine.checklist.questions]
    assert kept["baseline"] + sum(kept["contributions"].values()) == kept["logit"]
    if kept["status"] == "proposed":
        assert kept["band"] == band_by_hand(engine, kept["contributions"])
    again = engine.score(kept["answers"], on=DAY)
    assert again.logit == kept["logit"]
    assert dict(again.contributions) == kept["contributions"]
    np.testing.assert_array_equal(again.inputs, inputs)
    assert kept["versions"] == {
        "model": engine.bundle.manifest.id,
        "checklist": engine.checklist.version,
        "cutoffs": engine.cutoffs.version,
    }


def check_one_is_many(engine: Engine, people: Sequence[Mapping[str, Any]], columns: Any = None) -> Columns:
    """Rule 1, 9: what is said of a client alone is what is said of the same client in a list, in every field."""
    found = engine.score_many(as_columns(engine, people) if columns is None else columns, on=DAY)
    assert len(found) == len(people) == len(found.band) == len(found.status) == len(found.contributions)
    questions = [question.id for question in engine.checklist.questions]
    assert list(found.questions) == questions
    for row, person in enumerate(people):
        score = engine.score(person, on=DAY)
        assert found.logit[row] == score.logit
        assert found.lower_logit[row] == score.lower_logit
        assert found.upper_logit[row] == score.upper_logit
        assert found.band_logit[row] == score.band_logit
        for name in ("probability", "lower", "upper"):
            assert abs(getattr(found, name)[row] - getattr(score, name)) <= TIGHT
        assert dict(zip(questions, found.contributions[row].tolist(), strict=True)) == dict(score.contributions)
        assert found.band[row] == score.band
        assert found.status[row] == score.status
        assert found.status[row] in STATUSES
        np.testing.assert_array_equal(found.inputs[row], score.inputs)
        assert _possible(found, row) == score.bands_possible
        assert _named(found.reasons[row]) == [reason.question for reason in score.reasons[:3]]
        assert _named(found.strengths[row]) == [reason.question for reason in score.strengths[:3]]
        assert _states(found, row, questions) == _states_of(score, questions)
        assert found.baseline == score.baseline
        assert found.versions == score.versions
    return found


def _possible(found: Columns, row: int) -> tuple[str, ...]:
    low, high = int(found.lowest_place[row]), int(found.highest_place[row])
    return found.bands[low : high + 1] if low >= 0 else ()


def _named(names: Any) -> list[str]:
    return [name for name in names if name is not None]


def _states(found: Columns, row: int, questions: list[str]) -> dict[str, str]:
    words = ("not asked", "answered", "declined", "too early")
    return {name: words[state] for name, state in zip(questions, found.states[row].tolist(), strict=True)}


def _states_of(score: Score, questions: list[str]) -> dict[str, str]:
    found = dict.fromkeys(questions, "not asked")
    found |= dict.fromkeys(score.answers, "answered") | dict.fromkeys(score.declined, "declined")
    return found | dict.fromkeys(score.not_applicable, "too early")


def check_words(engine: Engine, person: Mapping[str, Any]) -> None:
    """Rule 10: an evidence model never says "were", names its source, and speaks in the words of the label."""
    score = engine.score(person, on=DAY)
    label, wording = engine.bundle.manifest.label, engine.words.wording
    said = " ".join(score.sentences)
    words = {word.strip(".,;:()\"'").casefold() for word in said.split()}
    assert "were" not in words
    assert "unemployed" not in words
    assert wording.result.source_evidence in score.sentences
    assert "{" not in said
    if score.status in ("proposed", "not_enough_answers"):
        figure = next(sentence for sentence in score.sentences if "published research" in sentence)
        assert label.outcome in figure
        assert label.complement in figure
        assert label.horizon in figure
        assert any("assumption" in sentence for sentence in score.sentences)


def check_all(engine: Engine, scorecard: Scorecard, everybody: Any, seed: int = 0, count: int = 12) -> None:
    """Every rule over one engine."""
    rows = grid_rows(engine, 150, seed)
    people = clients(engine, count, seed)
    check_additive(engine, rows)
    check_batches(engine, rows[:70])
    check_one_model(engine, scorecard)
    check_jointly(engine, scorecard, rows)
    check_engine_gives_the_model(engine)
    check_direction(engine, people[:3])
    check_silence(engine, people)
    check_silence_widens(engine, scorecard, everybody)
    check_one_is_many(engine, people)
    for person in people:
        check_kinds_of_silence(engine, person)
        check_bands(engine, person)
        check_special_only_raises(engine, person)
        check_reproduces(engine, person)
        check_words(engine, person)
