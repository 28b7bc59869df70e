"""What would a cut-off mean: the words, the picture of 100 clients and the figures of each band, and its slider?

The page is written at the cut-offs in force. The script adds the sliders and puts other figures in the same places;
each place says which band it belongs to.
"""

from __future__ import annotations

from typing import Any

from triage.checklist.page import Html, tag
from triage.evaluation.parts import paragraphs, section
from triage.tuning.page.numbers import of_100, percents
from triage.tuning.page.sweep import Sweep
from triage.tuning.page.words import FIGURES, KINDS, at_cutoff, marks, short

#: Side of a client's cell in the picture of 100, in units of the drawing; ten cells make a row.
_CELL = 20


def consequences(sweep: Sweep) -> Html:
    """A card for each band, at the cut-offs in force."""
    starts = sweep.starts(sweep.in_force)
    exact = all(band["percent"] == start for band, start in zip(sweep.in_force["bands"], starts, strict=True))
    note = "" if exact else " The sliders go in whole percents: the cards show the nearest."
    lead = paragraphs(
        "Each card shows one cut-off, and what it would have meant, of 100 clients. The column “In force” has the"
        f" policy in force at its own cut-offs.{note}"
    )
    cards = (_card(sweep, place, percent) for place, percent in enumerate(starts))
    return section("consequences", "What a cut-off would mean", lead, symbols(), tag("div", *cards, class_="cards"))


def _card(sweep: Sweep, place: int, percent: int) -> Html:
    band = str(place)
    heading = tag(
        "h3", f"{sweep.bands[place]['name']}: ", tag("span", f"{percent}%", data_band=band, data_show="percent")
    )
    return tag(
        "article",
        heading,
        tag("p", at_cutoff(sweep, place, percent), class_="told", data_band=band, data_show="told"),
        tag("div", *_marks(sweep, percent), data_band=band, data_show="marks"),
        tag("div", _hundred(sweep, place, percent), _legend(sweep, place, percent), class_="hundred"),
        _figures(sweep, place, percent),
    )


def _marks(sweep: Sweep, percent: int) -> list[Html]:
    """What says that this cut-off is not like any other; the script builds the same."""
    return [tag("p", tag("b", f"{name}. "), text, class_="mark") for name, text in marks(sweep, percent)]


def symbols() -> Html:
    """The four kinds of client, drawn once. They differ in shape, not in shade alone."""
    shapes = {
        "found": Html('<rect x="2" y="2" width="16" height="16" fill="#003a70"/>'),
        "vain": Html('<rect x="3" y="3" width="14" height="14" fill="#fff" stroke="#003a70" stroke-width="2"/>'),
        "missed": Html('<path d="M10 1 19 10 10 19 1 10Z" fill="#7a9cc0" stroke="#1a1a1a" stroke-width="2"/>'),
        "rest": Html('<circle cx="10" cy="10" r="2.5" fill="#595959"/>'),
    }
    kinds = (tag("symbol", shape, id=f"kind-{name}", viewBox="0 0 20 20") for name, shape in shapes.items())
    return tag("svg", *kinds, class_="symbols", aria_hidden="true")


def _use(name: str, x: int = 0, y: int = 0) -> Html:
    size = str(_CELL)
    return tag("use", href=f"#kind-{name}", x=str(x), y=str(y), width=size, height=size)


def _hundred(sweep: Sweep, place: int, percent: int) -> Html:
    """100 clients, ten to a row: found, in vain, missed, others."""
    tree = sweep.tree(percent) or [0, 0, 0, 0]
    kinds = [name for (name, _), many in zip(KINDS, tree, strict=True) for _ in range(many)]
    cells = (_use(name, at % 10 * _CELL, at // 10 * _CELL) for at, name in enumerate(kinds))
    said = f"100 clients at the cut-off for “{sweep.bands[place]['name']}”, by kind; the list beside it has the counts."
    return tag(
        "svg", *cells, viewBox=f"0 0 {10 * _CELL} {10 * _CELL}", role="img", aria_label=said, data_band=str(place),
        data_show="hundred",
    )  # fmt: skip


def _legend(sweep: Sweep, place: int, percent: int) -> Html:
    tree = sweep.tree(percent)
    items = []
    for at, (name, text) in enumerate(KINDS):
        sign = tag("svg", _use(name), viewBox="0 0 20 20", aria_hidden="true")
        many = "?" if tree is None else str(tree[at])
        shown = tag("b", many, data_band=str(place), data_kind=str(at))
        items.append(tag("li", sign, tag("span", shown, f" {text}")))
    return tag("ul", *items, class_="legend")


def _figures(sweep: Sweep, place: int, percent: int) -> Html:
    """The figures at this cut-off beside those of the policy in force."""
    band, force = str(place), sweep.in_force["bands"][place]
    rows = []
    for name, text in FIGURES.items():
        if sweep.has(name):
            told = tag("td", of_100(sweep.at(name, percent)), data_band=band, data_figure=name)
            rows.append(tag("tr", tag("th", text, scope="row"), told, tag("td", _in_force(sweep, force, name))))
    counts = (
        ("cases", "Long-term cases at or above the cut-off, counted", sweep.cases(percent), force["cases"]),
        ("below", "Long-term cases below it, counted", sweep.cases_below(percent), force["cases_below"]),
    )
    for name, text, here, there in counts:
        told = tag("td", f"{here:,}", data_band=band, data_count=name)
        rows.append(tag("tr", tag("th", text, scope="row"), told, tag("td", f"{there:,}")))
    heads = ("Figure", "Here", f"In force ({percents(force['percent'])})")
    return tag(
        "table",
        tag("caption", sweep.caption(f"Figures for “{sweep.bands[place]['name']}”, with 95% ranges")),
        tag("thead", tag("tr", *(tag("th", text, scope="col") for text in heads))),
        tag("tbody", *rows, data_weekly=band),
        class_="figures",
    )


def _in_force(sweep: Sweep, band: dict[str, Any], name: str) -> str:
    """A figure at the policy in force; its gap in recall stands among its gaps."""
    told = band["figures"].get(name)
    if name == "recall_gap_age":
        wanted = ("age", band["id"], "recall")
        found = [gap for gap in sweep.in_force["gaps"] if (gap["dimension"], gap["band"], gap["rate"]) == wanted]
        told = found[0]["difference"] if found else None
    return "–" if told is None else of_100(told)


def controls(sweep: Sweep) -> Html:
    """The sliders: a template, which shows nothing until the script puts it in its place."""
    starts = sweep.starts(sweep.in_force)
    sliders = (_slider(sweep, place, percent) for place, percent in enumerate(starts))
    weekly = tag(
        "p",
        tag("label", "Clients in a week, if you want the workload in clients", for_="weekly"),
        tag("input", type="number", id="weekly", min="1", max="100000", step="1", inputmode="numeric"),
        class_="weekly",
    )
    bar = tag(
        "section",
        tag(
            "div",
            tag("h2", "Move the cut-offs", id="sliders-heading"),
            tag("button", "Back to the policy in force", type="button", id="back"),
            class_="head",
        ),
        tag("div", *sliders, class_="sliders"),
        tag("p", role="status", class_="unseen", id="said"),
        class_="bar",
        id="sliders",
        aria_labelledby="sliders-heading",
    )
    return Html(tag("template", bar, id="bar-template") + tag("template", weekly, id="weekly-template"))


def _slider(sweep: Sweep, place: int, percent: int) -> Html:
    name = f"Cut-off for “{sweep.bands[place]['name']}”"
    ends = {"min": "1", "max": str(sweep.last), "step": "1", "value": str(percent)}
    return tag(
        "div",
        tag("label", name, for_=f"slider-{place}"),
        tag(
            "span",
            tag("input", type="range", id=f"slider-{place}", aria_describedby=f"short-{place}", **ends),
            tag("input", type="number", id=f"number-{place}", aria_label=f"{name}, in percent", inputmode="numeric",
                aria_describedby=f"note-{place}", **ends),
            tag("span", "%", aria_hidden="true"),
            class_="ends",
        ),
        tag("p", short(sweep, percent), class_="short", id=f"short-{place}", data_band=str(place), data_show="short"),
        tag("p", class_="note", id=f"note-{place}"),
        class_="slider",
    )  # fmt: skip
