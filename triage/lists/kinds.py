"""Which rows are clients, and what are the others: staff, totals, section headings, repeated headings, empty rows?

Rows are sorted out in columns; only rows that look suspicious are looked at one by one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.features import fold
from triage.lists.vocabulary import Role, Vocabulary

CLIENT, EMPTY, STAFF, TOTAL, SECTION, HEADING, ABOVE, NO_HEADINGS = range(8)
#: What is said about a row that is not a client, by its kind.
SAID = (
    "",
    "",
    "staff or a partner, not a client",
    "a total",
    "a heading of a section",
    "the headings again",
    "above the headings",
    "no headings were found on this sheet",
)

NAMES = ("full_name", "surname", "forename", "known_as")
#: Words at the end of a lone cell that make it the heading of a section and not a person's name.
_SECTION = (
    r"(?i)(?:\b(?:shift|dept|department|team|session|crew|line|section|group|site|store|office|plant|floor|nights|"
    r"days|evenings|mornings|afternoons|backshift|dayshift|nightshift|attendees|staff|employees|workers|list)"
    r"(?:\s+(?:\d{1,2}|[a-z]))?|:)\s*$"
)
#: What people write as a heading and hardly as a name: a colon, capitals, a small letter after the first word, or a
#: first word that is no forename. "Robert Plant", "Sarah Crew" and "Kim Day" are people.
_NO_NAME = (
    r":\s*$|^[^\p{Ll}]*\p{Lu}[^\p{Ll}]*$|^\S+\s.*\b\p{Ll}{2,}|^\S+$"
    r"|^(?i:the|all|day|night|back|early|late|morning|afternoon|evening|weekend|first|second|third|red|blue|green|amber|"
    r"north|south|east|west|main|head|front|packing|production|maintenance|warehouse|dispatch|despatch|assembly|"
    r"catering|cleaning|canteen|security|sales|admin|it|hr|finance|engineering|stores|quality|filling|bottling|"
    r"shift|team|session|crew|line|section|group|site)\b"
)
_BRACKETED = re.compile(r"[(\[]\s*([^)\]]+?)\s*[)\]]\s*$|\s[-–—/]\s*([^-–—/]+?)\s*$")
#: Bytes by which a text may be longer than the word that it folds to.
_LONGER = 20
_FIGURES = re.compile(r"[\d\s.,£%:=()\-]+")
#: Staff words that name nobody else when they stand as a job title: more than one word, and not the employer's own.
_OWN_PEOPLE = ("hr", "union", "trade union")

Kinds = NDArray[np.int8]


@dataclass(frozen=True)
class RowRules:
    """What is needed to sort the rows of one table: roles of the columns, headings as they stand, and words."""

    roles: Sequence[Role]
    parts: Sequence[Sequence[str]]
    vocabulary: Vocabulary

    def columns(self, *names: str) -> list[str]:
        """The frame's columns that hold one of these kinds of column."""
        return [f"c{at}" for at, role in enumerate(self.roles) if role.kind == "column" and role.name in names]

    @property
    def answers(self) -> list[str]:
        """The frame's columns that answer something."""
        dated = ("date_of_birth", "age_band", "finish_date")
        return [
            f"c{at}"
            for at, role in enumerate(self.roles)
            if role.kind in ("question", "option", "context") or role.name in dated
        ]


def row_kinds(cells: pl.DataFrame, rules: RowRules, across: NDArray[np.bool_]) -> Kinds:
    """The kind of each row.

    Args:
        cells: the rows below the headings, text without outer spaces, null where empty.
        rules: what the columns hold.
        across: True for rows in which one cell is merged over several columns.
    """
    if not cells.width:
        return np.zeros(cells.height, dtype=np.int8)
    facts = cells.select(
        filled=pl.sum_horizontal(pl.all().is_not_null()),
        first=pl.coalesce(pl.all()),
    ).with_columns(low=pl.col("first").str.to_lowercase())
    filled = facts["filled"].cast(pl.Int64).to_numpy()
    kinds: Kinds = np.zeros(cells.height, dtype=np.int8)
    kinds[_true(cells, _lone_number(rules)) & (filled == 1)] = EMPTY
    kinds[_section(cells, rules, filled, across)] = SECTION
    kinds[_staff(cells, rules)] = STAFF
    _mark_totals(kinds, cells, facts, rules)
    _mark_headings(kinds, cells, facts, rules)
    kinds[filled == 0] = EMPTY
    return kinds


def _lone_number(rules: RowRules) -> pl.Expr:
    """A line of a printed sign-in sheet that has its number and nothing else."""
    numbers = [pl.col(name).str.contains(r"^\d{1,5}[.)]?$") for name in rules.columns("row_number")]
    return pl.any_horizontal(numbers).fill_null(False) if numbers else pl.lit(False)


def _section(
    cells: pl.DataFrame, rules: RowRules, filled: NDArray[np.int64], across: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Rows with one cell that is no person: a shift or a department written over the rows below."""
    names = rules.columns(*NAMES)
    people = [*names, *rules.columns("reference", "email", "mobile")]
    lone = filled == 1
    if not people or not (lone.any() or across.any()):
        return np.zeros(cells.height, dtype=bool)
    alone = _one_by_one(filled)
    named = [pl.col(name).str.contains(_SECTION) & _is_no_name(cells[name], name, alone) for name in names]
    numbered = [pl.col(name).is_not_null() for name in (*people, *rules.answers)]
    titled = pl.any_horizontal(named).fill_null(False) if named else pl.lit(False)
    elsewhere = ~pl.any_horizontal(numbered)
    heading = _true(cells, titled | elsewhere)
    number: NDArray[np.bool_] = _true(cells, _lone_number(rules))
    found: NDArray[np.bool_] = ((lone & heading) | (across & (filled <= 2))) & ~number
    return found


def _one_by_one(filled: NDArray[np.int64]) -> bool:
    """True for a list of names only, whose people have one filled cell each as a heading has."""
    return bool(2 * np.count_nonzero(filled == 1) > np.count_nonzero(filled))


def _is_no_name(column: pl.Series, name: str, alone: bool) -> pl.Expr:
    """What is written as a heading is; among names in capitals, capitals say nothing."""
    capitals = column.str.contains(r"^[^\p{Ll}]*\p{Lu}[^\p{Ll}]*$").fill_null(False)
    text = pl.col(name)
    if alone and 2 * int(capitals.sum()) > len(column) - column.null_count():
        text = text.str.to_titlecase()
    return text.str.contains(_NO_NAME)


def _staff(cells: pl.DataFrame, rules: RowRules) -> NDArray[np.bool_]:
    """Rows of partners' staff, who sign in beside the clients."""
    words = rules.vocabulary.row_words("staff")
    if not words:
        return np.zeros(cells.height, dtype=bool)
    titles = frozenset(word for word in words if " " in word and not word.startswith(_OWN_PEOPLE))
    found = np.zeros(cells.height, dtype=bool)
    for name in rules.columns("employer"):
        found |= _is_in(cells[name], words)
    for name in rules.columns("job_title"):
        found |= _is_in(cells[name], titles)
    found |= _staff_in_names(cells, rules, words)
    for name in rules.columns(*NAMES):
        candidates = np.flatnonzero(cells[name].str.contains(r"[)\]]\s*$|\s[-–—/]").fill_null(False).to_numpy())
        partners = words - frozenset(_OWN_PEOPLE)
        for at in candidates:
            match = _BRACKETED.search(str(cells[name][int(at)]))
            found[at] |= match is not None and fold(match[1] or match[2]) in partners
    return found


def _staff_in_names(cells: pl.DataFrame, rules: RowRules, words: frozenset[str]) -> NDArray[np.bool_]:
    """Rows whose name is a staff word. Pace and Speaker are surnames: with a forename or answers they count."""
    found = np.zeros(cells.height, dtype=bool)
    single = frozenset(word for word in words if " " not in word)
    names = rules.columns(*NAMES)
    for name in names:
        whole = name in rules.columns("full_name")
        found |= _is_in(cells[name], words if whole else words - single)
        others = [other for other in (*names, *rules.answers) if other != name]
        if not whole and (lone := _is_in(cells[name], single)).any():
            beside = pl.any_horizontal(pl.col(others).is_not_null()) if others else pl.lit(False)
            found |= lone & ~_true(cells, beside)
    return found


def _mark_totals(kinds: Kinds, cells: pl.DataFrame, facts: pl.DataFrame, rules: RowRules) -> None:
    words = rules.vocabulary.row_words("total")
    if not words:
        return
    pattern = (
        r"^(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + r")\b[\s\d:.=()\-]*$"
    )
    said = facts["low"].str.contains(pattern).fill_null(False)
    for name in rules.columns("full_name", "surname"):
        said |= cells[name].str.to_lowercase().str.contains(pattern).fill_null(False)
    for at in np.flatnonzero(said.to_numpy()):
        texts = [text for text in cells.row(int(at)) if text is not None]
        if len(texts) <= 2 or sum(_FIGURES.fullmatch(text) is None for text in texts) <= 1:
            kinds[at] = TOTAL


def _mark_headings(kinds: Kinds, cells: pl.DataFrame, facts: pl.DataFrame, rules: RowRules) -> None:
    words = {text.lower() for part in rules.parts for text in part if text}
    if not words:
        return
    for at in np.flatnonzero(facts["low"].is_in(sorted(words)).fill_null(False).to_numpy()):
        row = [fold(text or "") for text in cells.row(int(at))]
        for part in rules.parts:
            same = sum(bool(text) and text == fold(head) for text, head in zip(row, part, strict=True))
            if same >= min(2, sum(map(bool, part))) and 2 * same > sum(map(bool, row)):
                kinds[at] = HEADING


def _is_in(column: pl.Series, words: frozenset[str]) -> NDArray[np.bool_]:
    """True where the folded text is one of the words; folded in columns, as `fold` does it."""
    found = _may_be_in(column, words)
    maybe = column.filter(pl.Series(found)).alias("text").to_frame()
    if maybe.height:
        folded = pl.col("text").str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
        found[found] = _true(maybe, folded.str.replace_all(r"[^\pL\pN]+", " ").str.strip_chars().is_in(sorted(words)))
    return found


def _may_be_in(column: pl.Series, words: frozenset[str]) -> NDArray[np.bool_]:
    """False where the folded text is certainly none of the words: too long, or ASCII without a part of any of them."""
    if not words:
        return np.zeros(len(column), dtype=bool)
    text = pl.col("text")
    parts = sorted({max(word.split(), key=len) for word in words})
    some = text.str.contains_any(parts, ascii_case_insensitive=True) | (text.str.len_bytes() != text.str.len_chars())
    short = text.str.len_bytes() <= max(map(len, words)) + _LONGER
    found: NDArray[np.bool_] = _true(column.alias("text").to_frame(), some & short).copy()
    return found


def _true(cells: pl.DataFrame, condition: pl.Expr) -> NDArray[np.bool_]:
    found = cells.select(condition.fill_null(False).alias("found"))["found"]
    if len(found) != cells.height:
        return np.full(cells.height, bool(found[0]), dtype=bool)
    return found.to_numpy()
