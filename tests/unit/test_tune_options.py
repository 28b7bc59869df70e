"""Is no option of `ltu-triage tune` dropped in silence?"""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from tests.tuning_people import engine
from triage.cli.tune import add_parser
from triage.cli.tune_checks import check_together, check_unseen
from triage.errors import TuningError, UsageError
from triage.outcomes.seen import SEEN
from triage.policies.words import RATES, gap
from triage.tuning.candidates import check_band


def asked(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    return parser.parse_args(["tune", "people.csv", "-o", "out", *words])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--band", "enhanced"], "--band does nothing by itself"),
        (["--band", "enhanced", "--at", "enhanced=12"], "--band does nothing by itself"),
        (["--gap-of", "sex"], "--gap-of does nothing by itself"),
        (["--gap-of", "age", "--places", "5", "--arrivals", "50"], "--gap-of does nothing by itself"),
    ],
)
def test_options_that_do_nothing_by_themselves(words: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_together(asked(*words))


@pytest.mark.parametrize(
    "words",
    [
        ["--band", "enhanced", "--places", "5", "--arrivals", "50", "--most-gap", "20", "--gap-of", "sex"],
        ["--band", "enhanced", "--place-cost", "1", "--missed-cost", "5"],
        ["--places", "5", "--arrivals", "50", "--most-gap", "20"],
    ],
)
def test_options_that_go_together(words: list[str]) -> None:
    check_together(asked(*words))


@pytest.mark.parametrize(
    "words", [["--training", "{record}"], ["--out-of-fold"], ["--unseen-asserted-by", "A. Person", "--because", "x"]]
)
def test_a_model_that_learned_from_nobody_needs_no_record(words: list[str], tmp_path: Path) -> None:
    (tmp_path / SEEN).write_text("{}", encoding="utf-8")
    words = [word.format(record=tmp_path) for word in words]
    with pytest.raises(UsageError, match=f"has learned from nobody, so {words[0]} would do nothing"):
        check_unseen(asked(*words), engine())
    check_unseen(asked(), engine())


def test_a_folder_without_a_record_is_refused_whatever_the_model(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"There is no seen\.json in .*, so it is no training record"):
        check_unseen(asked("--training", str(tmp_path)), engine())


def test_the_bands_are_named_where_none_is_near() -> None:
    with pytest.raises(TuningError, match=r"There is no band 'foo'\. The bands with a cut-off are enhanced, intensive"):
        check_band(engine(), "foo")


@pytest.mark.parametrize("rate", ["false_positive_rate", "flagged"])
def test_a_gap_is_told_in_the_words_of_the_page(rate: str) -> None:
    item = {"dimension": "age", "name": "Age", "band": "enhanced", "rate": rate, "before": 0.03, "after": 0.05}
    said = f"Age: the gap in “{RATES[rate]}” at 'enhanced' widens from 3.0 to 5.0 points of 100."
    assert gap(item) == said
    assert "false positive" not in said
