"""Names are read in two ways, a quick one for plain names: both must say the same."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from triage.engine import load
from triage.features import fold
from triage.lists.identity import _any_names, names_of
from triage.lists.kinds import RowRules, _is_in
from triage.lists.vocabulary import Role, Vocabulary

ENGINE = load()
VOCABULARY = Vocabulary(ENGINE.checklist, ENGINE.features)
RULES = RowRules((Role("column", "surname"), Role("column", "forename")), ((), ()), VOCABULARY)
DITTOS = VOCABULARY.row_words("ditto")
WORDS = VOCABULARY.row_words("staff")

pieces = st.sampled_from(
    ["Ann", "ann", "MacExample", "O'Example", "Mr", "dr", "ditto", "do", '"', "-", "Nic an Sgeòil", "Łże", "Sim-Ann",
     "van der", "İ", "K", "ß", "Ａnn", "Вигадана", " ", "\u00a0", "'", "1", "Rev", "rev.", "(DWP)"]
)  # fmt: skip
names = st.none() | st.lists(pieces | st.text(max_size=4), min_size=1, max_size=3).map("".join)


@given(st.lists(st.tuples(names, names), min_size=1, max_size=12))
def test_plain_names_are_read_as_all_names_are(rows: list[tuple[str | None, str | None]]) -> None:
    """Otherwise two rows of one person would be noticed or not by how the names are spelt."""
    cells = pl.DataFrame({f"c{at}": pl.Series([row[at] for row in rows], dtype=pl.String) for at in (0, 1)})
    assert names_of(cells, RULES, DITTOS).rows() == _any_names(cells, RULES, DITTOS).rows()


spellings = st.sampled_from([*sorted(WORDS), "Example", "Nic an Sgeòil"])
changes = st.sampled_from([str, str.upper, str.title, lambda text: f"({text})", lambda text: text.replace(" ", "-")])
accents = st.sampled_from(["", "\u0301", " ", "é"])


@given(st.lists(st.none() | st.builds(lambda text, how, end: how(text) + end, spellings, changes, accents)))
def test_staff_words_are_found_however_they_are_written(texts: list[str | None]) -> None:
    """Otherwise partners' staff who sign in would be scored as clients."""
    found = _is_in(pl.Series(texts, dtype=pl.String), WORDS)
    assert found.tolist() == [text is not None and fold(text) in WORDS for text in texts]
