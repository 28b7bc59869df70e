"""Which bands do the override columns of a chunk claim, and which were decided beside the file?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from triage.lists.changes import Decided
from triage.lists.facts import override_cells
from triage.lists.names import OVERRIDES
from triage.lists.overrides import PREFIX, Claim, FillDown, OverrideRules
from triage.lists.own import SEPARATOR
from triage.lists.people import People
from triage.lists.results import Proposed
from triage.lists.safety import without_numbers

FILLED_DOWN = f"{PREFIX}the same reason and name stand on many rows, please check each"


def claims_of(people: People, bands: Proposed, rules: OverrideRules, fill_down: FillDown) -> dict[int, Claim]:
    """What filled override columns come to, by place among the rows; none for a list that is no output."""
    if people.own is None:
        return {}
    where = {int(at): place for place, at in enumerate(people.clients)}
    claims: dict[int, Claim] = {}
    for at, (band, reason, by) in override_cells(people.rows):
        if at not in where:
            claims[at] = Claim(None, f"{PREFIX}not applied, the row is not a client")
            continue
        place = int(bands.place[where[at]])
        claim = rules.claim(band, reason, by, place if place >= 0 else None)
        if claim.band is not None and fill_down.flagged(people.start + at, reason, by):
            claim = Claim(claim.band, SEPARATOR.join(text for text in (claim.problem, FILLED_DOWN) if text))
        claims[at] = claim
    return claims


def beside(claims: Mapping[int, Claim], taken: Mapping[int, Decided], bands: Sequence[str]) -> dict[int, Claim]:
    """The claims, with what was decided beside the file in the place of what it says about the same rows."""
    waiting = {at: Claim(bands.index(one.band)) for at, one in taken.items() if one.state == "claimed"}
    return {at: claim for at, claim in claims.items() if at not in taken} | waiting


def decided(claims: Mapping[int, Claim], taken: Mapping[int, Decided], bands: Sequence[str], height: int) -> pl.Series:
    """The bands that were claimed or decided by row, null where there is none."""
    if not claims and not taken:
        return pl.Series([None], dtype=pl.String).new_from_index(0, height)
    found: list[str | None] = [None] * height
    for at, claim in claims.items():
        found[at] = bands[claim.band] if claim.band is not None else None
    for at, one in taken.items():
        found[at] = one.band if one.settled else found[at]
    return pl.Series(found, dtype=pl.String)


def override_texts(people: People, taken: Mapping[int, Decided]) -> dict[str, pl.Series]:
    """The columns for overrides: those of the file, and what was decided beside it."""
    found = {}
    for place, name in enumerate(OVERRIDES):
        column = pl.Series([None], dtype=pl.String).new_from_index(0, len(people.rows))
        if people.own is not None:
            column = people.own.column(name)
        if taken:
            where = sorted(taken)
            column = column.clone().scatter(where, [taken[at].cells[place] or None for at in where])
        found[name] = without_numbers(column) if people.own is not None or taken else column
    return found
