"""How is the evidence behind a policy said in a few sentences?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Said where a policy is used with a model that its evidence says nothing of.
OTHER_MODEL = "The evidence is about another model than the one in use: tune again."
#: How a rate is called, here and on the page of a tuning.
RATES = {
    "recall": "found (recall)",
    "false_positive_rate": "offered it without need, of 100 who are no long-term case",
    "flagged": "offered it",
}


def gap(item: Mapping[str, Any]) -> str:
    """One gap between groups that a policy widens."""
    before, after = (_points(item[name]) for name in ("before", "after"))
    where = f" at '{item['band']}'" if item.get("band") else ""
    name, rate = item.get("name") or item["dimension"], item.get("rate", "recall")
    told = rate if rate == "recall" else f"“{RATES[rate]}”"
    return f"{name}: the gap in {told}{where} widens from {before} to {after} points of 100."


def people(data: Mapping[str, Any]) -> str:
    """Whom the evidence is about."""
    found = data["people"]
    simulated = "simulated " if data["simulated"] else ""
    rows = f"{found['rows']:,} {simulated}rows, {found['cases']:,} of them with the outcome"
    days = [found.get("first_date"), found.get("last_date")]
    return f"{rows}, {days[0]} to {days[1]}." if all(days) else f"{rows}."


def scores(data: Mapping[str, Any]) -> str:
    """How far the people were new to the model."""
    found = data["scores"]
    if found["how"] == "asserted":
        return f"{found['asserted_by']} asserts that the model had not seen these people: {found['why']}"
    return str(found["why"])


def band(entry: Mapping[str, Any]) -> str:
    """What follows from the cut-off of one band."""
    told = entry["figures"]
    parts = [
        f"from {entry['percent']:g} in 100" if entry.get("percent") is not None else "",
        _figure("flags", told.get("flagged"), "of all"),
        _figure("", told.get("ppv"), "of those have the outcome"),
        _figure("reaches", told.get("sensitivity"), "of those with the outcome"),
    ]
    return f"{entry['id']}: {'; '.join(part for part in parts if part)}"


def _figure(before: str, told: Mapping[str, Any] | None, after: str) -> str:
    if told is None or told.get("value") is None:
        return ""
    low, high = told.get("low"), told.get("high")
    range_ = f" ({100 * low:.0f}% to {100 * high:.0f}%)" if low is not None and high is not None else ""
    return f"{before} {100 * told['value']:.0f}%{range_} {after}".strip()


def _points(value: float | None) -> str:
    """A difference of shares in points of 100."""
    return "an unknown number of" if value is None else f"{100 * value:.1f}"
