"""A cell that runs as a formula, or a National Insurance number that is passed on, harms somebody."""

from __future__ import annotations

import polars as pl
import pytest

from triage.lists.safety import (
    has_national_insurance,
    is_dangerous,
    neutralise,
    restore,
    restored,
    without_national_insurance,
)


def through(expression: pl.Expr, text: str) -> str | None:
    return pl.DataFrame({"text": [text]}).select(expression).item()


@pytest.mark.parametrize("text", ["=1+1", "+44 7700", "-5", "@cmd", "\t=1", "\r=1", "\n=1", "'=1", "''=1", "=", "-"])
def test_what_could_run_is_stored_as_text_and_comes_back(text: str) -> None:
    safe = through(neutralise(pl.col("text")), text)
    assert safe == f"'{text}"
    assert through(restore(pl.col("text")), safe) == text
    assert restored(safe) == text
    assert is_dangerous(text)


@pytest.mark.parametrize("text", ["O'Placeholder", "'quoted'", "' =1", "a=b", "", "07700 900123", "Ann-Marie"])
def test_other_text_is_left_alone(text: str) -> None:
    assert through(neutralise(pl.col("text")), text) == text
    assert through(restore(pl.col("text")), text) == text
    assert not is_dangerous(text)


@pytest.mark.parametrize("text", ["QQ123456C", "qq 12 34 56 c", "QQ-12-34-56-C", "NI: QQ123456C (old)"])
def test_national_insurance_numbers_are_found_in_any_text(text: str) -> None:
    assert through(has_national_insurance(pl.col("text")), text)
    cleaned = through(without_national_insurance(pl.col("text")), text)
    assert cleaned is None or ("123456" not in cleaned and "12 34" not in cleaned)


@pytest.mark.parametrize("text", ["00123", "07700 900123", "FK1 1AA", "AB1234567C", "12/03/1975"])
def test_other_numbers_are_not_taken_for_them(text: str) -> None:
    assert not through(has_national_insurance(pl.col("text")), text)


def test_a_cell_with_nothing_else_becomes_empty() -> None:
    assert through(without_national_insurance(pl.col("text")), " QQ123456C ") is None
    assert through(without_national_insurance(pl.col("text")), "Ann QQ123456C") == "Ann [left out]"
