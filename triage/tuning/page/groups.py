"""Who is missed and who is offered support in vain, group by group: at the cut-offs shown, and at every step?"""

from __future__ import annotations

from typing import Any

from triage.checklist.page import Html, tag
from triage.evaluation.dimensions import NOT_STATED
from triage.evaluation.parts import paragraphs, section, table
from triage.tuning.page.curves import folded
from triage.tuning.page.numbers import in_tenths, of_100, one
from triage.tuning.page.sweep import NOTHING, Sweep, point

#: What a group's row shows after its recall.
CELLS = ("ppv", "flagged", "missed", "in_vain")
_HEADS = (
    "Group", "Found, of 100 long-term cases (recall)", "Cases, of 100 offered it (PPV)", "Offered it, of 100 clients",
    "Missed, of 100 clients", "In vain, of 100 clients", "Cases at or above it",
)  # fmt: skip
_STEPPED = (
    ("recall", "Found, of 100 long-term cases"),
    ("missed", "Missed, of 100 clients"),
    ("in_vain", "Offered it in vain, of 100 clients"),
)
#: The picture of a recall: from 0 to 100 over so many units.
BAR = 150
#: With fewer people offered it in vain in either group, one more moves "so many times as often" by a tenth or more.
LEAST_FOR_RATIO = 10
_NAMED = 12


def groups(sweep: Sweep) -> Html:
    """A heading for each way to group people, ages first."""
    lead = paragraphs(
        "The same, within each group. Recall is the first figure to look at: where it is low, people who need help are"
        " found less often. Groups differ in how many are at risk, so equal figures are not always possible or right:"
        " that is for people to weigh, and to write down. Where ranges overlap, a difference may be chance."
    )
    if not sweep.dimensions:
        lead = paragraphs("Neither the checklist nor the file says anything by which to group people.")
    first, parts = 0, []
    for place, item in enumerate(sweep.dimensions):
        parts.append(_dimension(sweep, place, item, first))
        first += len(shown(item))
    return section("groups", "Group by group", lead, *parts)


def shown(item: dict[str, Any]) -> list[dict[str, Any]]:
    """The groups of a dimension that are large enough to be shown."""
    return [group for group in item["groups"] if group["shown"]]


def title(item: dict[str, Any]) -> str:
    """How a way to group people is called."""
    name = item["name"] if item["source"] == "answers" else f"{item['name']} (column of the file)"
    return f"{name[:1].upper()}{name[1:]}"


def _dimension(sweep: Sweep, place: int, item: dict[str, Any], first: int) -> Html:
    name, found = title(item), shown(item)
    hidden = [group["name"] for group in item["groups"] if not group["shown"]]
    parts: list[Html] = [tag("h3", name)]
    if found:
        starts = sweep.starts(sweep.in_force)
        parts += [_at(sweep, place, item, first, band, percent) for band, percent in enumerate(starts)]
        parts.append(folded(f"{name}: every group at cut-offs in steps", *_stepped(sweep, name, found)))
    if hidden:
        parts.append(tag("p", f"Too few people to show: {_list(hidden)}."))
    return Html("".join(parts))


def _at(sweep: Sweep, place: int, item: dict[str, Any], first: int, band: int, percent: int) -> Html:
    """The groups at the cut-off of one band, and how far apart they are."""
    caption = sweep.caption(f"{title(item)}: {sweep.offer(band)}")
    head = tag("thead", tag("tr", *(tag("th", text, scope="col") for text in _HEADS)))
    rows = [_row(group, first + at, band, percent) for at, group in enumerate(shown(item))]
    now = tag("span", f"{percent}%", data_band=str(band), data_show="percent")
    inner = tag("table", tag("caption", f"{caption}, from ", now), head, tag("tbody", *rows), class_="groups")
    told = tag("p", gap(sweep, item, percent), data_band=str(band), data_gap=str(place))
    return Html(told + tag("div", inner, class_="wide", role="region", tabindex="0", aria_label=caption))


def _row(group: dict[str, Any], row: int, band: int, percent: int) -> Html:
    at = {"data_band": str(band), "data_row": str(row)}
    size = tag("span", f"{group['people']:,} clients, {group['cases']:,} cases", class_="size")
    recall = point(group["curves"]["recall"], percent)
    told = tag("span", of_100(recall), data_figure="recall", **at)
    cells = (tag("td", of_100(point(group["curves"][name], percent)), data_figure=name, **at) for name in CELLS)
    cases = tag("td", f"{group['counts']['cases'][percent - 1]:,}", data_count="cases", **at)
    return tag("tr", tag("th", tag("span", group["name"], class_="group"), size, scope="row"),
               tag("td", told, _bar(recall, at)), *cells, cases)  # fmt: skip


def _bar(recall: dict[str, float | None], at: dict[str, str]) -> Html:
    """The recall as a dot on a line from 0 to 100, with its range; the figure stands beside it."""
    value, low, high = in_tenths(recall)
    ends = {"x1": _place(low), "x2": _place(high)} if low is not None and high is not None else {"x1": "0", "x2": "0"}
    dot = {"cx": _place(value), "r": "4" if value is not None else "0"}
    return tag(
        "svg",
        Html(f'<path d="M4 8H{BAR + 4}M4 4V12M{BAR / 2 + 4:g} 5V11M{BAR + 4} 4V12" stroke="#767676" fill="none"/>'),
        tag("line", y1="8", y2="8", stroke="#003a70", stroke_width="4", **ends),
        tag("circle", cy="8", fill="#003a70", **dot),
        viewBox=f"0 0 {BAR + 8} 16", class_="bar-of-100", aria_hidden="true", data_show="bar", **at,
    )  # fmt: skip


def _place(tenths: int | None) -> str:
    return f"{4 + BAR * (tenths or 0) / 1000:g}"


def gap(sweep: Sweep, item: dict[str, Any], percent: int) -> str:
    """How far apart the groups of a dimension are at a cut-off, in words."""
    ends = _ends(item, "recall", percent)
    if ends is None:
        return "The recall of no two groups can be compared here."
    most, least = ends
    between = f" The gap in recall is {one(most[1] - least[1])}{_range(sweep, item, percent)}."
    if most[1] == least[1]:
        text = f"All groups are found equally often here: {one(most[1])} of 100 long-term cases."
        return text + between + _in_vain(item, percent)
    text = f"Found most often: {most[0]} ({one(most[1])} of 100 long-term cases); least often: {least[0]}"
    return f"{text} ({one(least[1])}).{between}{_in_vain(item, percent)}"


def _in_vain(item: dict[str, Any], percent: int) -> str:
    """Of those without the outcome, as the caution has it: a group with more cases is not offered it in vain more."""
    vain = _ends(item, "false_positive_rate", percent)
    if vain is None or vain[0][1] == vain[1][1]:
        return ""
    most, least = vain
    enough = all(_others_flagged(group, percent) >= LEAST_FOR_RATIO for group in _compared(item)
                 if group["name"] in (most[0], least[0]))  # fmt: skip
    ratio = f", {most[1] / least[1]:.1f} times as often" if least[1] and enough else ""
    text = f" In vain most often: {most[0]} ({one(most[1])} of 100 who were no long-term case{ratio})"
    return f"{text}; least often: {least[0]} ({one(least[1])})."


def _others_flagged(group: dict[str, Any], percent: int) -> int:
    """About how many people of a group are offered it in vain: a rate of those without the outcome, as a count."""
    rate = point(group["curves"]["false_positive_rate"], percent)["value"]
    return round((rate or 0.0) * int(group["known"] - group["cases"]))


def _compared(item: dict[str, Any]) -> list[dict[str, Any]]:
    """The groups that gaps are taken between: people who did not say are shown, and are no group of their own."""
    return [group for group in shown(item) if group["name"] != NOT_STATED]


def _ends(item: dict[str, Any], name: str, percent: int) -> tuple[tuple[str, int], tuple[str, int]] | None:
    """The groups with the highest and the lowest figure, in tenths; None where there are no two."""
    told = [(group["name"], in_tenths(point(group["curves"][name], percent))[0]) for group in _compared(item)]
    known = [(name, value) for name, value in told if value is not None]
    if len(known) < 2:
        return None
    return max(known, key=lambda one: one[1]), min(known, key=lambda one: one[1])


def _range(sweep: Sweep, item: dict[str, Any], percent: int) -> str:
    told = sweep.at("recall_gap_age", percent) if item["id"] == "age" else NOTHING
    _, low, high = in_tenths(told)
    return "" if low is None or high is None else f" (range {one(low)} to {one(high)})"


def _stepped(sweep: Sweep, name: str, found: list[dict[str, Any]]) -> list[Html]:
    """Every group at the cut-offs in steps: one table for a figure."""
    heads = ("Group", *(f"{percent}%" for percent in sweep.steps))
    return [
        table(
            sweep.caption(f"{name}, by cut-off. {text}"),
            heads,
            [
                (group["name"], *(of_100(point(group["curves"][key], percent)) for percent in sweep.steps))
                for group in found
            ],
        )
        for key, text in _STEPPED
    ]


def _list(names: list[str]) -> str:
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
