"""Rules 5 to 10 of the design, each said once as a check of one engine and its people: bands, lists, records, words."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from tests.clients import as_columns, choices, clients, grid_rows
from tests.property import checks
from triage.engine import STATUSES, Columns, Engine, Score
from triage.scorecard import Scorecard


def check_bands(engine: Engine, person: Mapping[str, Any]) -> None:
    """Rules 5 and 6: no band with too few answers; never below the standard one; the whole range is said."""
    score = engine.score(person, on=checks.DAY)
    informative = [
        name
        for name, answer in score.answers.items()
        if any(not math.isnan(checks.encode(engine, item.id, answer)) for item in engine.features.inputs_of[name])
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
    plain = engine.score(rest, on=checks.DAY)
    spread = [[None, *choices(engine, name)[:: max(1, len(choices(engine, name)) // 4)]] for name in special]
    for combination in itertools.islice(itertools.product(*spread), 200):
        given = {name: answer for name, answer in zip(special, combination, strict=True) if answer is not None}
        score = engine.score(rest | given, on=checks.DAY)
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
    score = engine.score(person, on=checks.DAY)
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
    again = engine.score(kept["answers"], on=checks.DAY)
    assert again.logit == kept["logit"]
    assert dict(again.contributions) == kept["contributions"]
    np.testing.assert_array_equal(again.inputs, inputs)
    assert kept["versions"] == {
        "model": engine.bundle.manifest.id,
        "checklist": engine.checklist.version,
        "cutoffs": engine.cutoffs.version,
        "cutoffs_digest": engine.cutoffs.rules_digest,
    }


def check_one_is_many(engine: Engine, people: Sequence[Mapping[str, Any]], columns: Any = None) -> Columns:
    """Rule 1, 9: what is said of a client alone is what is said of the same client in a list, in every field."""
    found = engine.score_many(as_columns(engine, people) if columns is None else columns, on=checks.DAY)
    assert len(found) == len(people) == len(found.band) == len(found.status) == len(found.contributions)
    questions = [question.id for question in engine.checklist.questions]
    assert list(found.questions) == questions
    for row, person in enumerate(people):
        score = engine.score(person, on=checks.DAY)
        assert found.logit[row] == score.logit
        assert found.lower_logit[row] == score.lower_logit
        assert found.upper_logit[row] == score.upper_logit
        assert found.band_logit[row] == score.band_logit
        for name in ("probability", "lower", "upper"):
            assert abs(getattr(found, name)[row] - getattr(score, name)) <= checks.TIGHT
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
    score = engine.score(person, on=checks.DAY)
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
    checks.check_additive(engine, rows)
    checks.check_batches(engine, rows[:70])
    checks.check_one_model(engine, scorecard)
    checks.check_jointly(engine, scorecard, rows)
    checks.check_engine_gives_the_model(engine)
    checks.check_direction(engine, people[:3])
    checks.check_silence(engine, people)
    checks.check_silence_widens(engine, scorecard, everybody)
    check_one_is_many(engine, people)
    for person in people:
        checks.check_kinds_of_silence(engine, person)
        check_bands(engine, person)
        check_special_only_raises(engine, person)
        check_reproduces(engine, person)
        check_words(engine, person)
