"""How often do advisers change what is proposed, which way, where and why?

Three tables share their column totals, so these are told in all of them or in none; everything else is hidden where
that is needed (`triage.casework.suppression`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from triage.casework.figures_tables import LEAST, direction
from triage.casework.service import Service
from triage.casework.suppression import TOTAL, hidden, hidden_parts
from triage.decisions.reasons import PLACES
from triage.monitoring.reading import Records
from triage.monitoring.rules import ChangeRules
from triage.records.database import Row

#: Which way a decision went from what was proposed.
WAYS = ("same", "more", "less")
_CHANGED = ("more", "less")


def changes(service: Service, records: Records, rules: ChangeRules) -> dict[str, Any]:
    """Decisions by which a person answered a proposal, as plain data (see `triage.monitoring.monitor`)."""
    order = [band.id for band in service.engines.now.cutoffs.bands]
    rows = [{**row, "way": way} for row in records.taken if (way := direction(row, order)) is not None]
    whole = {way: sum(row["way"] == way for row in rows) for way in WAYS}
    reasons = {reason.id: reason.text for reason in service.reasons.reasons}
    periods = {place: period.name for place, period in enumerate(records.periods)}
    tables = {
        "periods": _table(rows, "period", periods, WAYS),
        "offices": _table(rows, "case_office", records.offices, WAYS),
        "reasons": _table([row for row in rows if row["way"] in _CHANGED], "reason", reasons, _CHANGED),
    }
    told = not any(0 < count < LEAST for count in whole.values()) and sum(whole.values()) >= LEAST
    everything = sum(whole.values())
    return {
        "decisions": everything if everything >= LEAST else None,
        "all": _row("All", whole if told else dict.fromkeys(whole)),
        **(tables if told else {name: [] for name in tables}),
        "signs": _signs(rows, records.offices, rules),
    }


def _table(rows: Sequence[Row], key: str, names: Mapping[Any, str], ways: Sequence[str]) -> list[dict[str, Any]]:
    """The counts by a column of the rows. Column totals are known, and are 0 or large enough to be told."""
    order = [value for value in names if any(row[key] == value for row in rows)]
    order += sorted({row[key] for row in rows} - set(order))
    counts = {value: dict.fromkeys(ways, 0) for value in order}
    for row in rows:
        counts[row[key]][row["way"]] += 1
    there = [way for way in ways if any(row[way] for row in counts.values())]
    gaps = _gaps({str(value): {way: row[way] for way in there} for value, row in counts.items()})
    return [
        _row(
            names.get(value, str(value)),
            {way: None if (str(value), way) in gaps else count for way, count in counts[value].items()},
            None if (str(value), TOTAL) in gaps else sum(counts[value].values()),
        )
        for value in order
    ]


def _gaps(table: Mapping[str, Mapping[str, int]]) -> frozenset[tuple[str, str]]:
    """The cells to hide, as (row, way), or (row, TOTAL)."""
    ways = list(next(iter(table.values()), {}))
    if len(ways) == 1:
        parts = hidden_parts({name: row[ways[0]] for name, row in table.items()}, LEAST, noughts=False)
        return frozenset((name, where) for name in parts for where in (ways[0], TOTAL))
    return hidden(table, LEAST, columns_known=True, noughts=False) if ways else frozenset()


def _row(name: str, counts: Mapping[str, int | None], whole: int | None = None) -> dict[str, Any]:
    """One line with its shares; a share is told where both its numbers are."""
    if whole is None and all(count is not None for count in counts.values()):
        whole = sum(count or 0 for count in counts.values())

    def share(way: str) -> float | None:
        count = counts.get(way)
        return None if count is None or not whole else round(count / whole, 3)

    return {"name": name, **counts, "decisions": whole, "share_more": share("more"), "share_less": share("less")}


def _signs(rows: Sequence[Row], offices: Mapping[str, str], rules: ChangeRules) -> list[dict[str, Any]]:
    """Offices, and all of them together, where almost nothing or very much is changed: `id`, `where`, `limit`.

    What the places of an event decided says nothing of how advisers look at proposals.
    """
    rows = [row for row in rows if row["reason"] != PLACES]
    by_office: dict[str, list[Row]] = {}
    for row in rows:
        by_office.setdefault(offices.get(row["case_office"], row["case_office"]), []).append(row)
    places = {"all offices": rows, **dict(sorted(by_office.items()))} if len(by_office) > 1 else by_office
    found = []
    for where, theirs in places.items():
        if len(theirs) < rules.enough:
            continue
        changed = sum(row["way"] in _CHANGED for row in theirs) / len(theirs)
        if changed < rules.seldom:
            found.append({"id": "changed_seldom", "where": where, "limit": rules.seldom})
        elif changed > rules.often:
            found.append({"id": "changed_often", "where": where, "limit": rules.often})
    return found
