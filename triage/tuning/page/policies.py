"""What would each candidate policy change, for whom, and may it be promoted?"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from triage.bundle import shipped_bundle
from triage.bundle.manifest import MANIFEST, digest
from triage.checklist.page import Html, tag
from triage.evaluation.charts import canvas, lettering
from triage.evaluation.parts import figure_of, paragraphs, section, table
from triage.policies.words import RATES
from triage.tuning.page.curves import folded
from triage.tuning.page.numbers import UNKNOWN, change, of_100, one, percents, tenths, tree
from triage.tuning.page.sweep import Sweep

_KINDS = {
    "in_force": "in force",
    "given": "given by the analyst",
    "solved": "found by the solver",
    "cost": "follows from the costs",
}
_SHOWN = (
    ("flagged", "Offered it, of 100 clients"),
    ("ppv", "Cases, of 100 offered it (PPV)"),
    ("sensitivity", "Found, of 100 cases (recall)"),
    ("missed", "Missed, of 100 clients"),
    ("in_vain", "In vain, of 100 clients"),
)


def policies(sweep: Sweep) -> Html:
    """The policies side by side, then each one with what it changes."""
    found = sweep.data["policies"]
    lead = paragraphs(
        "Each policy is a set of cut-offs. The tables put them side by side, the one in force first. Below stands what"
        " each would change: whose band moves, which groups grow further apart, and whether these outcomes can carry a"
        " promotion."
    )
    beside = [part for place in range(len(sweep.bands)) for part in _beside(sweep, place, found)]
    return section("policies", "The candidate policies", lead, *beside, *(_policy(sweep, policy) for policy in found))


def _beside(sweep: Sweep, place: int, found: Sequence[dict[str, Any]]) -> list[Html]:
    """A picture and a table of one band: a line for each policy."""
    heads = ("Policy", "Cut-off", *(text for _, text in _SHOWN), "Cases at or above, below")
    rows = []
    for policy in found:
        band = policy["bands"][place]
        figures = (of_100(band["figures"][name]) for name, _ in _SHOWN)
        rows.append(
            (policy["name"], percents(band["percent"]), *figures, f"{band['cases']:,}, {band['cases_below']:,}")
        )
    name = sweep.offer(place)
    picture = figure_of(_bars(sweep, place, found), sweep.caption(f"Of 100 clients, with {name}, by policy."))
    return [picture, table(sweep.caption(f"The policies side by side: {name}"), heads, rows)]


def _bars(sweep: Sweep, place: int, found: Sequence[dict[str, Any]]) -> Html:
    """A bar of 100 clients for each policy. Shades of one hue, each with its count."""
    fills = (("found", "#003a70", "#fff"), ("in vain", "#b8cbe0", "#1a1a1a"), ("missed", "#7a9cc0", "#1a1a1a"),
             ("others", "#f2f2f2", "#1a1a1a"))  # fmt: skip
    wide, left, parts = 6.0, 350.0, []
    for row, policy in enumerate(found):
        y = 40.0 + 34 * row
        name = f"{_cut(policy['name'])}, {percents(policy['bands'][place]['percent'])}"
        parts.append(lettering(left - 10, y + 18, name, anchor="end"))
        x = left
        told = (policy["bands"][place]["figures"][name]["value"] for name in ("flagged", "ppv", "missed"))
        for (_, ink, words), many in zip(fills, tree(*told) or [0, 0, 0, 0], strict=True):
            width = f"{wide * many:g}"
            parts.append(tag("rect", x=f"{x:g}", y=f"{y:g}", width=width, height="26", fill=ink, stroke="#1a1a1a"))
            if many >= 3:
                parts.append(_on(x + wide * many / 2, y + 18, str(many), words))
            x += wide * many
    key = left
    for name, ink, _ in fills:
        parts.append(tag("rect", x=f"{key:g}", y="8", width="16", height="16", fill=ink, stroke="#1a1a1a"))
        parts.append(lettering(key + 22, 21, name))
        key += 100
    said = f"Bars of 100 clients, one for each policy, with {sweep.offer(place)}; the table below has the figures."
    return canvas(left + 100 * wide + 20, 48 + 34 * len(found), said, parts)


def _on(x: float, y: float, text: str, ink: str) -> Html:
    return tag("text", text, x=f"{x:g}", y=f"{y:g}", text_anchor="middle", font_size="14", fill=ink)


def _cut(name: str, most: int = 36) -> str:
    """A name as long as there is room for it; the table has all of it."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _policy(sweep: Sweep, policy: dict[str, Any]) -> Html:
    """One policy: what it changes, what blocks it, and how it is promoted."""
    cuts = "; ".join(f"{sweep.offer_of(band['id'])} from {percents(band['percent'])}" for band in policy["bands"])
    parts = [
        tag("h3", policy["name"]),
        tag("p", tag("b", _KINDS[policy["kind"]][:1].upper() + _KINDS[policy["kind"]][1:]), f": {cuts}."),
    ]
    if policy["kind"] != "in_force":
        parts += [_moved(policy["moved"]), _blocked(sweep, policy), _widened(sweep, policy)]
    parts += [_groups(sweep, policy), _gaps(sweep, policy), _less(sweep, policy)]
    parts.append(folded("The cut-offs file that a promotion would sign", _code(policy["cutoffs_file"])))
    starts = ",".join(str(percent) for percent in sweep.starts(policy))
    button = tag("button", f"Put “{policy['name']}” on the sliders", type="button", data_cuts=starts)
    parts.append(tag("template", tag("p", button)))
    return tag("article", *parts, class_="policy")


def _moved(moved: dict[str, int]) -> Html:
    up, down, same = (f"{moved[key]:,}" for key in ("up", "down", "same"))
    return tag(
        "p",
        f"Against the policy in force {up} clients would be offered more and {down} less; for {same} nothing changes.",
    )


def _blocked(sweep: Sweep, policy: dict[str, Any]) -> Html:
    """What keeps it from being promoted, or the command that promotes it."""
    if policy["blocked"]:
        items = (tag("li", item["why"]) for item in policy["blocked"])
        return tag(
            "div", tag("p", tag("b", "It cannot be promoted on these outcomes.")), tag("ul", *items), class_="mark"
        )
    where = "" if policy["run"] else ", from the folder that this page stands in"
    own = " If a checklist or areas of your own were given to tune, give the same --checklist and --areas here."
    return Html(tag("p", f"To promote it{where}:{own}") + _code(command(sweep, policy)))


def command(sweep: Sweep, policy: dict[str, Any]) -> str:
    """The command that promotes a policy: its run on MLflow where there is one, otherwise its folder."""
    words = [
        f"ltu-triage policy promote {policy['run'] or 'policies/' + policy['id']}{_model(sweep)}",
        '--by "your name" --why "your reason" --governance governance.yaml --key ours.key',
    ]
    if policy["widened"]:
        words.append('--trade-off "why the wider gap is accepted"')
    if sweep.data["simulated"]:
        words.append("--demo")
    return " ".join(words)


def _model(sweep: Sweep) -> str:
    """The model of the evidence, where it is not the one that is used when none is named."""
    model = sweep.data["model"]
    if model["manifest_sha256"] == digest((shipped_bundle() / MANIFEST).read_bytes()):
        return ""
    return " --model " + shlex.quote(f"the model {model['id']}, as the service names it")


def _code(text: str) -> Html:
    return tag("pre", tag("code", text))


def _widened(sweep: Sweep, policy: dict[str, Any]) -> Html:
    found = policy["widened"]
    if not found:
        return tag("p", "No gap between groups is wider than under the policy in force.")
    surely = [item for item in found if item["sure"]]
    perhaps = [item for item in found if not item["sure"]]
    gaps = "a gap" if len(found) == 1 else f"{len(found)} gaps"
    lead = f"It widens {gaps} between groups, {len(surely)} by more than chance would explain."
    parts = [tag("p", tag("b", lead), " A promotion asks for the trade-off in writing.", class_="mark")]
    if surely:
        parts.append(_wider(sweep, surely, f"Gaps that {policy['name']} widens, of 100"))
    if perhaps:
        told = _wider(sweep, perhaps, f"Gaps that {policy['name']} may widen by chance, of 100")
        parts.append(folded(f"Gaps that may be wider by chance ({len(perhaps)})", told))
    return Html("".join(parts))


def _wider(sweep: Sweep, found: Sequence[dict[str, Any]], caption: str) -> Html:
    rows = [
        (
            f"{_dimension(sweep, item['dimension'])}: {_rate(item['rate'])}, {sweep.offer_of(item['band'])}",
            _plain(item["before"]),
            _plain(item["after"]),
            change(item["difference"]),
        )
        for item in found
    ]
    return table(sweep.caption(caption), ("Gap", "In force", "With this policy", "Change"), rows)


def _plain(share: float | None) -> str:
    told = tenths(share)
    return UNKNOWN if told is None else one(told)


def _groups(sweep: Sweep, policy: dict[str, Any]) -> Html:
    """The recall of every group, beside that of the policy in force."""
    rows = []
    for place, (band, force) in enumerate(zip(policy["bands"], sweep.in_force["bands"], strict=True)):
        for item, before in zip(band["groups"], force["groups"], strict=True):
            name = _dimension(sweep, item["id"])
            rows += [
                (f"{name}: {group['name']}, {sweep.offer(place)}", of_100(group["recall"]), of_100(old["recall"]),
                 of_100(group["in_vain"]), f"{group['cases']:,}, {group['cases_below']:,}")
                for group, old in zip(item["groups"], before["groups"], strict=True)
            ]  # fmt: skip
    if not rows:
        return Html()
    heads = ("Group", "Found, of 100 cases (recall)", "Found, in force", "In vain, of 100 clients",
             "Cases at or above, below")  # fmt: skip
    told = table(sweep.caption(f"Who is found with {policy['name']}, group by group"), heads, rows)
    return folded("Who is found, group by group", told)


def _gaps(sweep: Sweep, policy: dict[str, Any]) -> Html:
    """How far apart groups are with this policy."""
    rows = [
        (
            f"{item['name']}: {_rate(item['rate'])}, {sweep.offer_of(item['band'])}",
            *_ends(item),
            of_100(item["difference"]),
        )
        for item in policy["gaps"]
    ]
    if not rows:
        return Html()
    heads = ("Rate", "Highest", "Lowest", "Gap, of 100")
    told = table(sweep.caption(f"The groups furthest apart with {policy['name']}"), heads, rows)
    return folded("How far apart groups are", told)


def _ends(gap: dict[str, Any]) -> tuple[str, str]:
    """The groups furthest apart; where all are level none of them is."""
    level = gap["highest"] == gap["lowest"]
    return ("all alike", "all alike") if level else (gap["highest"], gap["lowest"])


def _less(sweep: Sweep, policy: dict[str, Any]) -> Html:
    """The same policy with one protected characteristic not asked."""
    rows = [_line("all answers", sweep.offer_of(band["id"]), band["figures"]) for band in policy["bands"]]
    for item in policy["less"]:
        asked = ", ".join(item["questions"])
        name = f"without {item['characteristic']}"
        name = name if asked == item["characteristic"] else f"{name} ({asked})"
        rows += [_line(name, sweep.offer_of(band["id"]), band["figures"]) for band in item["bands"]]
    if not policy["less"]:
        return tag("p", "The model uses no protected characteristic.")
    heads = ("Scores from", "Band", *(text for _, text in _SHOWN))
    told = table(sweep.caption(f"{policy['name']} less each protected characteristic"), heads, rows)
    return folded("The same policy less each protected characteristic", told)


def _line(name: str, band: str, figures: dict[str, Any]) -> tuple[str, ...]:
    return (name, band, *(of_100(figures[key]) for key, _ in _SHOWN))


def _dimension(sweep: Sweep, wanted: str) -> str:
    return next((str(item["name"]) for item in sweep.data["groups"] if item["id"] == wanted), wanted)


def _rate(name: str) -> str:
    return RATES.get(name, name)
