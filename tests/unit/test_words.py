"""Are results said in the words of their label and source, and is a crossed cut-off never left out?"""

from __future__ import annotations

import dataclasses
import re
from types import SimpleNamespace

import pytest

import triage
from tests.clients import clients
from triage.bundle.manifest import Sample
from triage.checklist.wording import load_wording
from triage.engine.words import Words, in_100

ENGINE = triage.load()


@pytest.mark.parametrize(
    ("chance", "count"),
    [(0.0001, 1), (0.004, 1), (0.0149, 1), (0.12, 12), (0.126, 13), (0.5, 50), (0.994, 99), (0.9999, 99)],
)
def test_people_out_of_100_are_never_none_and_never_all(chance: float, count: int) -> None:
    assert in_100(chance) == count


def test_the_two_numbers_of_a_result_add_up_to_100() -> None:
    for person in clients(ENGINE, 80, seed=1):
        score = ENGINE.score(person)
        sentence = ENGINE.words.result(score.probability)
        first, second, third = (int(number) for number in re.findall(r"\d+", sentence))
        assert (first, second + third) == (100, 100)
        assert second == in_100(score.probability)


def test_the_range_that_is_said_holds_the_figure_that_is_said() -> None:
    for person in clients(ENGINE, 80, seed=2):
        score = ENGINE.score(person)
        low, high = (int(number) for number in re.findall(r"\d+", ENGINE.words.span(score.lower, score.upper))[:2])
        assert low <= in_100(score.probability) <= high


def test_the_label_is_said_and_its_complement_is_said_as_exactly() -> None:
    sentence = ENGINE.words.result(0.2)
    assert "about 20 are not in paid work a year after their job ended" in sentence
    assert "about 80 are in paid work" in sentence
    assert sentence.startswith("We estimate from published research")


def test_the_base_rate_is_called_an_assumption() -> None:
    assert "about 12 in 100" in ENGINE.words.base()
    assert "8 to 20" in ENGINE.words.base()
    assert "assumption and not a measurement" in ENGINE.words.base()


def test_a_range_across_a_cut_off_is_always_said() -> None:
    crossed = 0
    for person in clients(ENGINE, 200, seed=3, silent=0.1):
        score = ENGINE.score(person)
        said = score.sentences[0]
        if len(score.bands_possible) > 1:
            crossed += 1
            assert "across a cut-off" in said
            assert all(f'"{ENGINE.cutoffs.band(name).name}"' in said for name in score.bands_possible)
        elif score.band is not None:
            assert "across a cut-off" not in said
    assert crossed > 20


def test_every_proposal_says_that_a_caseworker_decides() -> None:
    for person in clients(ENGINE, 60, seed=4, silent=0.05):
        score = ENGINE.score(person)
        if score.band is not None:
            assert "A caseworker decides" in score.sentences[0]


def learned_words() -> Words:
    """The words of a model that has seen outcomes: the shipped one with another manifest."""
    sample = Sample(people=2345, first="2027-01-01", last="2028-06-30")
    manifest = dataclasses.replace(ENGINE.bundle.manifest, source="learned", sample=sample)
    manifest = dataclasses.replace(manifest, base_rate=dataclasses.replace(manifest.base_rate, measured=True))
    bundle = SimpleNamespace(manifest=manifest)
    return Words(load_wording(ENGINE.checklist.folder), ENGINE.checklist, bundle, ENGINE.cutoffs)


def test_only_a_learned_model_says_were_with_its_sample_and_dates() -> None:
    words = learned_words()
    said = words.result(0.2)
    assert "about 20 were not in paid work" in said
    assert "2,345 people" in said
    assert "2027-01-01 to 2028-06-30" in said
    score = ENGINE.score({"age": 50})
    everything = " ".join(words.of(score))
    assert "published research" not in everything
    assert "assumption" not in everything
    assert " were " not in " ".join(score.sentences)


def test_no_sentence_calls_a_person_a_risk_or_a_problem() -> None:
    for person in clients(ENGINE, 60, seed=5):
        said = " ".join((*ENGINE.score(person).sentences,)).casefold()
        for words in ("high-risk", "high risk person", "failure", "barrier", "deficit"):
            assert words not in said
