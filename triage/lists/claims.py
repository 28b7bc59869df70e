"""Which bands do the override columns of a chunk claim?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from triage.lists.facts import override_cells
from triage.lists.overrides import PREFIX, Claim, FillDown, OverrideRules
from triage.lists.own import SEPARATOR
from triage.lists.people import People
from triage.lists.results import Proposed

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


def decided(claims: Mapping[int, Claim], bands: Sequence[str], height: int) -> pl.Series:
    """The claimed bands by row, null where there is none."""
    if not claims:
        return pl.Series([None], dtype=pl.String).new_from_index(0, height)
    found: list[str | None] = [None] * height
    for at, claim in claims.items():
        found[at] = bands[claim.band] if claim.band is not None else None
    return pl.Series(found, dtype=pl.String)
