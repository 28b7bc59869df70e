"""Where does the solver's cut-off lie among all others, and how does a cut-off follow from costs?"""

from __future__ import annotations

from typing import Any

from triage.checklist.page import Html, tag
from triage.evaluation.charts import GREY, INK, Axis, canvas, lettering, levels, stroke, ticks_between, uprights
from triage.evaluation.parts import figure_of, paragraphs, section, table
from triage.tuning.page.curves import folded
from triage.tuning.page.numbers import one, percents, tenths
from triage.tuning.page.sweep import Sweep

_LEFT, _RIGHT, _TOP, _BOTTOM = 70.0, 720.0, 30.0, 330.0


def frontier(sweep: Sweep) -> Html:
    """Every cut-off by its places and its recall, with the one that was chosen."""
    data = sweep.data["frontier"]
    if data is None:
        return Html()
    limit, offer = data["limit"], sweep.offer_of(data["band"])
    asked = f"Asked for: at most {limit['places_a_week']:g} places a week of {offer}, where"
    asked += f" {limit['arrivals_a_week']:g} clients come in a week"
    if limit["most_gap"] is not None:
        asked += f", and recall at most {100 * limit['most_gap']:g} of 100 apart between groups"
    parts = [paragraphs(f"{asked}.", f"{_chosen(data)} {data['why']}")]
    parts += [_picture(sweep, data), _table(sweep, data), _local(sweep, data["local"])]
    return section("frontier", "The most recall for the places", *parts)


def _chosen(data: dict[str, Any]) -> str:
    if data["chosen"] is not None:
        return f"Chosen: {percents(data['chosen'])}."
    return "No cut-off keeps to what was asked."


def _picture(sweep: Sweep, data: dict[str, Any]) -> Html:
    points = [point for point in data["points"] if point["sensitivity"] is not None]
    limit = data["limit"]["places_a_week"]
    most = max(limit, *(point["places_a_week"] for point in points))
    across = ticks_between(0.0, most)
    x = Axis(0.0, across[-1], _LEFT, _RIGHT, across, False, "Places a week")
    up = tuple(20.0 * step for step in range(6))
    y = Axis(0.0, 100.0, _BOTTOM, _TOP, up, False, "Found, of 100 long-term cases (recall)")
    parts = [*uprights(x, _TOP, _BOTTOM), *levels(y, _LEFT, _RIGHT)]
    parts.append(stroke(x.at(limit), _TOP, x.at(limit), _BOTTOM, GREY, width=2, dash="6 4"))
    parts.append(lettering(x.at(limit) + 6, _BOTTOM - 8, "limit"))
    # What is chosen lies on top.
    for point in sorted(points, key=lambda point: bool(point["best"])):
        parts += _point(point, x.at(point["places_a_week"]), y.at(100 * point["sensitivity"]))
    said = "Places a week and recall of every cut-off; the table below the plot has the figures."
    read = (
        "Each dot is a cut-off in whole percent. The filled one finds the most within the limits. The dashed line is"
        " the limit of places."
    )
    return figure_of(canvas(750, _BOTTOM + 50, said, parts), sweep.caption(read))


def _point(point: dict[str, Any], x: float, y: float) -> list[Html]:
    if not point["best"]:
        return [tag("circle", cx=f"{x:g}", cy=f"{y:g}", r="4", fill="#fff", stroke=INK)]
    dot = tag("circle", cx=f"{x:g}", cy=f"{y:g}", r="7", fill=INK)
    return [dot, lettering(x + 12, y + 18, percents(point["percent"]))]


def _table(sweep: Sweep, data: dict[str, Any]) -> Html:
    rows = [
        (
            percents(point["percent"]),
            f"{point['places_a_week']:,.1f}",
            _of_100(point["flagged"]),
            _of_100(point["sensitivity"]),
            _of_100(point["gap"]),
            _standing(data, point),
        )
        for point in data["points"]
    ]
    heads = ("Cut-off", "Places a week", "Offered it, of 100 clients", "Found, of 100 cases (recall)",
             "Gap in recall, of 100", "Standing")  # fmt: skip
    told = table(sweep.caption("Every cut-off that the solver looked at"), heads, rows)
    return folded("The figures of this plot: every cut-off that the solver looked at", told)


def _standing(data: dict[str, Any], point: dict[str, Any]) -> str:
    if point["best"]:
        return "chosen"
    return "finds as many" if point["percent"] in data["equal"] else "–"


def _local(sweep: Sweep, data: dict[str, Any] | None) -> Html:
    """What each partnership's own places reach, above the national floor."""
    if data is None:
        return Html()
    rows = [
        (
            item["name"],
            f"{item['rows']:,}",
            f"{item['places']:g}",
            percents(item["percent"]),
            _of_100(item["flagged"]),
            f"{item['places_a_week']:,.1f}",
            f"{item['short']:,.1f}" if item["short"] else "none",
            f"{item['left']:,.1f}" if item["left"] else "none",
        )
        for item in data["groups"]
    ]
    heads = (
        "Partnership",
        "Rows in the outcomes",
        "Places a week",
        "Its cut-off",
        "Offered it, of 100 clients",
        "Places needed a week",
        "Lacking",
        "Left",
    )
    lead = (
        f"Whoever reaches the national floor of {percents(data['floor'])} is offered a place, whatever there is"
        " locally; a partnership's own places add offers below it, down to the cut-off of the band below. Together that"
        " offers it to"
        f" {_of_100(data['all_flagged'])} of 100 clients, and finds {_of_100(data['all_sensitivity'])} of 100 long-term"
        " cases."
    )
    few = "There are too few people in the outcomes to share out the places of these, so they have the floor as cut-off"
    said = [lead, *([f"{few}: {', '.join(data['left_out'])}."] if data["left_out"] else [])]
    told = table(sweep.caption("What the places of each partnership reach"), heads, rows) if rows else Html()
    return Html(tag("h3", "Partnership by partnership") + paragraphs(*said) + told)


def _of_100(share: float | None) -> str:
    told = tenths(share)
    return "–" if told is None else one(told)


def costs(sweep: Sweep) -> Html:
    """The cut-off that follows from what a place and a missed case cost, and from other guesses."""
    data = sweep.data["costs"]
    if data is None:
        return Html()
    weight = data["missed"] / data["place"]
    lead = paragraphs(
        f"For {sweep.offer_of(data['band'])}: a place costs {data['place']:g} and a missed case {data['missed']:g}, in"
        f" the same unit. So a missed case weighs {weight:.4g} times as much as a place, and the cut-off that follows"
        f" is {percents(data['percent'])}: from there up an offer is worth what it costs.",
        "The costs are a guess. The table shows how far the cut-off moves if a missed case weighs less or more; look"
        " at the cards above for what each would mean.",
    )
    rows = [
        (f"{item['ratio']:.4g} times a place", "none: an offer is worth it for nobody" if item["percent"] is None
         else percents(item["percent"])) for item in data["depends"]
    ]  # fmt: skip
    told = table("The cut-off by what a missed case costs beside a place", ("A missed case costs", "Cut-off"), rows)
    return section("costs", "The cut-off that follows from costs", lead, _guesses(data), told)


def _guesses(data: dict[str, Any]) -> Html:
    """The cut-off over the ratio of the costs, with the guess marked."""
    points = sorted((item["ratio"], item["percent"]) for item in data["depends"] if item["percent"] is not None)
    if len(points) < 2:
        return Html()
    across = ticks_between(0.0, points[-1][0])
    up = ticks_between(0.0, max(percent for _, percent in points))
    x = Axis(0.0, across[-1], _LEFT, _RIGHT, across, False, "What a missed case costs, in places")
    y = Axis(0.0, up[-1], _BOTTOM, _TOP, up, False, "Cut-off in percent")
    path = "L".join(f"{x.at(ratio):g} {y.at(percent):g}" for ratio, percent in points)
    parts = [*uprights(x, _TOP, _BOTTOM), *levels(y, _LEFT, _RIGHT)]
    parts.append(tag("path", d=f"M{path}", fill="none", stroke=INK, stroke_width="2"))
    parts += [
        tag("circle", cx=f"{x.at(ratio):g}", cy=f"{y.at(percent):g}", r="4", fill="#fff", stroke=INK)
        for ratio, percent in points
    ]
    guess = x.at(data["missed"] / data["place"]), y.at(data["percent"])
    parts.append(tag("circle", cx=f"{guess[0]:g}", cy=f"{guess[1]:g}", r="6", fill=INK))
    parts.append(lettering(guess[0] + 10, guess[1] - 8, percents(data["percent"])))
    said = "The cut-off over what a missed case costs beside a place; the table below has the figures."
    return figure_of(
        canvas(750, _BOTTOM + 50, said, parts), "The cut-off by the ratio of the costs; the filled dot is the guess."
    )
