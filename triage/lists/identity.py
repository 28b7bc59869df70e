"""Who is meant in a row, as far as a list can tell: name, birth date, reference, email?

Only keys of 8 bytes are kept of them, to notice rows that may be the same person.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.lists.cells import Codes
from triage.lists.kinds import RowRules

Keys = NDArray[np.uint64]
#: The ways in which two rows may be the same person, strongest first, as a problem says them.
REASONS = (
    "same name and date of birth",
    "same reference",
    "same email and forename",
    "same name and phone number",
)

_SEEDS = (11, 23, 47, 59)
#: Digits that a phone number has at least, without its leading zero.
_DIGITS = 7
_TITLES = ("mr", "mrs", "ms", "miss", "mx", "dr", "rev")


def identity_keys(cells: pl.DataFrame, rules: RowRules, births: Codes | None, dittos: frozenset[str]) -> list[Keys]:
    """For each of `REASONS` a key per row; 0 where the row does not have what the key is made of.

    Args:
        cells: the rows as text.
        rules: what the columns hold.
        births: a place per birth date, 0 where there is none; None without such a column.
        dittos: folded marks that stand for "as above"; no name is made of them.
    """
    height = cells.height
    frame = cells.select(
        _first(rules, "reference").str.to_uppercase().str.replace_all(r"[\s.\-/]", "").alias("reference"),
        _first(rules, "email").str.to_lowercase().str.replace_all(r"\s", "").alias("email"),
        _phone(_first(rules, "mobile")).alias("phone"),
    )
    if frame.height != height:
        frame = pl.DataFrame({column: pl.Series([None] * height, dtype=pl.String) for column in frame.columns})
    frame = frame.hstack(names_of(cells, rules, dittos))
    frame = frame.with_columns(
        pl.col("reference").str.strip_chars_start("0"),
        pl.when(pl.col("email").str.contains("@")).then(pl.col("email")).alias("email"),
    ).with_columns(pl.when(pl.col(pl.String).str.len_bytes() > 0).then(pl.col(pl.String)))
    born = pl.Series("born", births if births is not None else np.zeros(height, dtype=np.int64))
    frame = frame.with_columns(pl.when(born > 0).then(born).cast(pl.String).alias("born"))
    parts = (("name", "born"), ("reference",), ("email", "forename"), ("name", "phone"))
    return [_hashed(frame, columns, seed) for columns, seed in zip(parts, _SEEDS, strict=True)]


def names_of(cells: pl.DataFrame, rules: RowRules, dittos: frozenset[str]) -> pl.DataFrame:
    """Each row's whole `name`, its words in order of the alphabet, and its `forename`; null where there is none.

    Most rows of most lists have two names of plain letters, which need far less work than the others.
    """
    plain = _two_plain_words(cells, rules, dittos)
    if plain is None:
        return _any_names(cells, rules, dittos)
    simple = plain["simple"].to_numpy()
    first, last = pl.col("forename"), pl.col("surname")
    ordered = pl.when(first < last).then(first + pl.lit(" ") + last).otherwise(last + pl.lit(" ") + first)
    quick = plain.filter(simple).select(ordered.alias("name"), "forename")
    if simple.all():
        return quick
    places = np.concatenate([np.flatnonzero(simple), np.flatnonzero(~simple)])
    return pl.concat([quick, _any_names(cells.filter(~simple), rules, dittos)])[np.argsort(places)]


def _two_plain_words(cells: pl.DataFrame, rules: RowRules, dittos: frozenset[str]) -> pl.DataFrame | None:
    """Surname and forename in lower case, and where both are one ASCII word and no title; None without both columns."""
    if not rules.columns("surname") or not rules.columns("forename"):
        return None
    names = cells.select(_first(rules, "surname").alias("surname"), _first(rules, "forename").alias("forename"))
    low = pl.all().str.to_lowercase()
    plain = pl.all().str.contains(r"^[A-Za-z]+$") & ~low.is_in([*_TITLES, *sorted(dittos)])
    return names.select(low, pl.all_horizontal(plain).fill_null(False).alias("simple"))


def _any_names(cells: pl.DataFrame, rules: RowRules, dittos: frozenset[str]) -> pl.DataFrame:
    name, forename = _names(rules, dittos)
    frame = cells.select(name.alias("name"), forename.alias("forename"))
    return frame if frame.height == cells.height else frame.clear(cells.height)


def plain_name(text: pl.Expr) -> pl.Expr:
    """A name for comparing: lower case, no accents, no punctuation, no titles."""
    plain = text.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    plain = plain.str.replace_all(r"['’`]", "").str.replace_all(r"[^\pL\pN]+", " ")
    return plain.str.replace_all(rf"\b(?:{'|'.join(_TITLES)})\b", " ").str.strip_chars()


def _names(rules: RowRules, dittos: frozenset[str]) -> tuple[pl.Expr, pl.Expr]:
    """The whole name with its words in order of the alphabet, and the forename."""
    surname, first, full = (_first(rules, kind) for kind in ("surname", "forename", "full_name"))
    surname, first, full = (_without(text, dittos) for text in (surname, first, full))
    both = pl.when(surname.is_not_null() & first.is_not_null()).then(first + pl.lit(" ") + surname).otherwise(full)
    words = plain_name(both).str.split(" ").list.eval(pl.element().filter(pl.element() != ""))
    name = pl.when(words.list.len() > 1).then(words.list.sort().list.join(" "))
    after_comma = plain_name(full.str.extract(r",\s*(.+)$"))
    before_space = plain_name(full).str.extract(r"^(\S+)\s")
    forename = pl.coalesce(plain_name(first), after_comma, before_space).str.extract(r"^(\S+)")
    return name, forename


def _first(rules: RowRules, kind: str) -> pl.Expr:
    """The first filled column of a kind."""
    columns = rules.columns(kind)
    return pl.coalesce(columns) if columns else pl.lit(None, dtype=pl.String)


def _phone(text: pl.Expr) -> pl.Expr:
    """The digits of a phone number, the same with +44, 0044, 0 or without any of them; null where there are few."""
    digits = text.str.replace_all(r"\D", "").str.replace(r"^(?:00)?44", "").str.strip_chars_start("0")
    return pl.when(digits.str.len_bytes() >= _DIGITS).then(digits)


def _without(text: pl.Expr, dittos: frozenset[str]) -> pl.Expr:
    return pl.when(~text.str.to_lowercase().is_in(sorted(dittos))).then(text)


def _hashed(frame: pl.DataFrame, columns: Sequence[str], seed: int) -> Keys:
    joined = frame.select(pl.concat_str(columns, separator="\x1f").alias("key"))["key"]
    keys: Keys = joined.hash(seed).to_numpy().copy()
    keys[joined.is_null().to_numpy()] = 0
    return keys
