"""What does the page say of each group of people?"""

from __future__ import annotations

from typing import Any

from triage.checklist.page import Html, tag
from triage.evaluation.charts import Mark, dots
from triage.evaluation.parts import count, figure_of, numbers, paragraphs, section, shares, table
from triage.evaluation.sections import Page

_NAMED = 12


def fairness(page: Page) -> Html:
    """Every way to group people, each with a plot and a table."""
    lead = paragraphs(
        "Recall is the share of the people with the outcome whom a cut-off finds; the false-positive rate is the share"
        " of the others whom it flags. A group with a lower recall is found less often when it needs help. Groups"
        " differ in how many are at risk, so equal rates are not always possible or right: that is for people to weigh."
    )
    items = page.data["groups"]
    if not items:
        lead = paragraphs("Neither the checklist nor the file says anything by which to group people.")
    return section("groups", "For whom does it work?", lead, *(_dimension(page, item) for item in items))


def _dimension(page: Page, item: dict[str, Any]) -> Html:
    name = item["name"] if item["source"] == "answers" else f"{item['name']} (column of the file)"
    name = f"{name[:1].upper()}{name[1:]}"
    heading = tag("h3", name)
    shown = [group for group in item["groups"] if group["shown"]]
    hidden = [group["name"] for group in item["groups"] if not group["shown"]]
    parts = [heading]
    if shown:
        parts += [_plot(page, name, shown), *(_table(page, name, band, shown) for band in _bands(page))]
        parts += [_between(page, item)]
    if hidden:
        parts.append(tag("p", f"Too few people to show: {_named(hidden)}."))
    return Html("".join(parts))


def _bands(page: Page) -> list[str]:
    return [row["id"] for row in page.data["cutpoints"]]


def _plot(page: Page, name: str, shown: list[dict[str, Any]]) -> Html:
    band = _bands(page)[0]
    marks = [Mark(group["name"], group["cutoffs"][band]["recall"]) for group in shown]
    where = f"“{page.band(band)}” or above"
    said = f"Recall at the cut-off {where}, {name}, with 95% intervals; the table below has the figures."
    drawing = dots(marks, f"Recall at {where}", said, percent=True, ends=(0.0, 1.0))
    return figure_of(drawing, page.caption(f"Recall at {where}, by group. {name}."))


def _table(page: Page, name: str, band: str, shown: list[dict[str, Any]]) -> Html:
    rows = []
    for group in shown:
        at = group["cutoffs"][band]
        rates = (shares(at[key]) for key in ("recall", "false_positive_rate", "workload"))
        counts = (count(group["people"]), f"{count(group['cases'])} of {count(group['known'])}")
        rows.append((group["name"], *counts, *rates, numbers(group["observed_over_expected"])))
    heads = (
        "Group", "People", "With the outcome, of those known", "Recall", "False-positive rate", "Share flagged",
        "Observed for each expected",
    )  # fmt: skip
    return table(page.caption(f"{name}: “{page.band(band)}” or above"), heads, rows)


def _between(page: Page, item: dict[str, Any]) -> Html:
    rows = []
    for band, rates in item["between_groups"].items():
        for key, name in (("recall", "Recall"), ("false_positive_rate", "False-positive rate")):
            told = rates[key]
            if told is not None:
                where = f"{name}, “{page.band(band)}” or above"
                rows.append((where, told["highest"], told["lowest"], shares(told)))
    if not rows:
        return Html()
    caption = page.caption(f"{item['name']}: the two groups furthest apart. Chance alone keeps them apart a little")
    return table(caption, ("Rate", "Highest", "Lowest", "Difference"), rows)


def _named(names: list[str]) -> str:
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
