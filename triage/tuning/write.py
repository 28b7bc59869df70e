"""How is a tuning written: JSON for programs, one page for people, a folder for each candidate, and the movers?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from triage.errors import UserError
from triage.evaluation.parts import percent, shares
from triage.policies.evidence import CUTOFFS, EVIDENCE, sealed
from triage.tuning.tune import Tuning

JSON, HTML, MOVERS, POLICIES = "tuning.json", "tuning.html", "movers.csv", "policies"
#: What a candidate's evidence says of where it comes from.
_FROM = (
    "format", "simulated", "model", "checklist", "people", "scores", "settings", "bands", "in_force",
    "in_force_version", "in_force_digest", "cautions",
)  # fmt: skip


def as_json(data: Any) -> str:
    """Plain data as JSON text; the same data give the same text."""
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def evidence_of(data: dict[str, Any], policy: dict[str, Any]) -> dict[str, Any]:
    """What `evidence.json` of a candidate holds, sealed."""
    return sealed({**{name: data[name] for name in _FROM}, "policy": policy})


def page_of(data: dict[str, Any]) -> str:
    """The whole page."""
    from triage.tuning.page import tuning_page

    return str(tuning_page(data))


def write_tuning(tuning: Tuning, folder: Path) -> list[Path]:
    """Write everything into `folder`, over what stands there; returns the paths written, the page first.

    Raises:
        UserError: something cannot be written.
    """
    data = tuning.data
    texts = {folder / HTML: page_of(data), folder / JSON: as_json(data)}
    for policy in data["policies"]:
        place = folder / POLICIES / policy["id"]
        texts[place / CUTOFFS] = policy["cutoffs_file"]
        texts[place / EVIDENCE] = as_json(evidence_of(data, policy))
    for path, text in texts.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as problem:
            raise UserError(f"{path} cannot be written: {problem.strerror}.") from None
    tuning.movers.write(folder / MOVERS)
    return [folder / HTML, folder / JSON, folder / POLICIES, folder / MOVERS]


def lines(data: dict[str, Any]) -> list[str]:
    """What was found, for a terminal."""
    people = data["people"]
    found = [
        f"{data['title']} {people['known']:,} people whose outcome is known, {people['cases']:,} with it.",
        "",
        *(item["text"] for item in data["cautions"]),
    ]
    rows = [row for policy in data["policies"] for row in _policy_rows(policy)]
    found += ["", *_aligned(("Policy", "Band", "From", "Flagged", "PPV", "Recall", "Cases found"), rows), ""]
    for policy in data["policies"]:
        if policy["kind"] != "in_force":
            found += _verdict(policy)
    return [*found, *_frontier(data["frontier"]), *_costs(data["costs"])]


def _policy_rows(policy: dict[str, Any]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for band in policy["bands"]:
        told = band["figures"]
        figures = (percent(told["flagged"]["value"]), shares(told["ppv"]), shares(told["sensitivity"]))
        cases = f"{band['cases']:,} of {band['cases'] + band['cases_below']:,}"
        rows.append((policy["id"], band["id"], f"{band['percent']:.4g}%", *figures, cases))
    return rows


def _verdict(policy: dict[str, Any]) -> list[str]:
    moved = policy["moved"]
    head = f"{policy['id']}: {moved['up']:,} would get a higher band, {moved['down']:,} a lower one."
    if policy["widened"]:
        surely = sum(item["sure"] for item in policy["widened"])
        head += f" Gaps between groups that are wider: {len(policy['widened'])}, {surely} of them surely."
    return [head, *(f"  Cannot be promoted: {item['why']}" for item in policy["blocked"])]


def _frontier(found: dict[str, Any] | None) -> list[str]:
    if found is None:
        return []
    chosen = "" if found["chosen"] is None else f"{found['chosen']:g}%. "
    return [f"Solved for '{found['band']}': {chosen}{found['why']}"]


def _costs(found: dict[str, Any] | None) -> list[str]:
    if found is None:
        return []
    half, twice = (
        "for nobody" if item["percent"] is None else f"from {item['percent']:g}%"
        for item in (found["depends"][0], found["depends"][-1])
    )
    return [
        f"By costs: '{found['band']}' from {found['percent']:g}%. If the ratio of the two costs were half or twice what"
        f" was given: {half}, or {twice}."
    ]


def _aligned(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[place]) for row in (heads, *rows)) for place in range(len(heads))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (heads, *rows)
    ]
