"""Which text of a cell could do harm, and how is it made harmless without being lost?

Two dangers: text that a spreadsheet program would run as a formula, and National Insurance numbers.
"""

from __future__ import annotations

import re

import polars as pl

#: A cell that starts with one of these may be taken for a formula; any apostrophes before it are counted in, so
#: that taking the added one away again always gives the text that was there.
_DANGEROUS = r"^('*[=+\-@\t\r\n])"
_NEUTRALISED = r"^'('*[=+\-@\t\r\n])"

#: Two letters, six digits and a last letter A to D: side by side wherever they stand, or with up to three signs between
#: them where they begin a word. Wider than what is issued: a clock number that looks like one is better left out than
#: the other way round.
_SIGNS = r"[\s\-./_]{0,3}"
_NATIONAL_INSURANCE = (
    rf"(?i)(?:[A-Z]{{2}}\d{{6}}[A-D](?:\b|_)|(?:\b|_)[A-Z]{{2}}(?:{_SIGNS}\d){{6}}{_SIGNS}[A-D](?:\b|_))"
)
REMOVED = "[left out]"


def dangerous(text: pl.Expr) -> pl.Expr:
    """True where `neutralise` changes the text."""
    return text.str.contains(_DANGEROUS).fill_null(False)


def neutralise(text: pl.Expr) -> pl.Expr:
    """`text` with an apostrophe before what a spreadsheet program could run."""
    return text.str.replace(_DANGEROUS, "'${1}")


def restore(text: pl.Expr) -> pl.Expr:
    """The text from which `neutralise` made this."""
    return text.str.replace(_NEUTRALISED, "${1}")


def is_dangerous(text: str) -> bool:
    """True for a text that a spreadsheet program could run, as `neutralise` sees it."""
    return re.match(_DANGEROUS, text) is not None


def restored(text: str) -> str:
    """As `restore`, for one text."""
    return text[1:] if re.match(_NEUTRALISED, text) else text


def has_national_insurance(text: pl.Expr) -> pl.Expr:
    """True where a National Insurance number stands in the text."""
    return text.str.contains(_NATIONAL_INSURANCE).fill_null(False)


def without_national_insurance(text: pl.Expr) -> pl.Expr:
    """`text` with "[left out]" in place of each National Insurance number; null where nothing else was there."""
    cleaned = text.str.replace_all(_NATIONAL_INSURANCE, REMOVED)
    return pl.when(cleaned.str.strip_chars() != REMOVED).then(cleaned)


def cleaned(text: str) -> str:
    """`text` with "[left out]" in place of each National Insurance number."""
    return re.sub(_NATIONAL_INSURANCE, REMOVED, text)


def without_numbers(column: pl.Series) -> pl.Series:
    """As `without_national_insurance`, for a column."""
    return column.to_frame("text").select(without_national_insurance(pl.col("text"))).to_series()
