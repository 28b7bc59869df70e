"""How do the figures run over all cut-offs? As plots with a movable line at each cut-off, and as tables."""

from __future__ import annotations

from dataclasses import dataclass

from triage.checklist.page import Html, tag
from triage.evaluation.charts import GREY, INK, PALE, Axis, canvas, lettering, levels, stroke, ticks_between, uprights
from triage.evaluation.figures import Figure
from triage.evaluation.parts import figure_of, paragraphs, section, table
from triage.tuning.page.numbers import of_100
from triage.tuning.page.sweep import NOTHING, Sweep
from triage.tuning.page.words import pairs, told_from_next

_LEFT, _RIGHT, _TOP, _BOTTOM, _WIDTH = 60.0, 540.0, 66.0, 300.0, 560.0
#: Dashes of the movable lines, by band; they come round again where there are more bands.
_NOW = ("", "10 4", "3 4")


@dataclass(frozen=True)
class Line:
    """One line of a plot: the curve, its name at the side, and its dashes."""

    curve: str
    name: str
    dash: str = ""


@dataclass(frozen=True)
class Plot:
    """One plot with its heading, what the side measures, and how to read it."""

    heading: str
    title: str
    lines: tuple[Line, ...]
    read: str


PLOTS = (
    Plot("How often is an offer needed, and how many cases does it reach?", "Of 100",
         (Line("sensitivity", "recall: cases found"), Line("ppv", "PPV: offers needed", "8 5")),
         "A higher cut-off reaches fewer long-term cases, and is right more often about those it reaches."),
    Plot("Of 100 clients, how many are offered it, in vain, or missed?", "Of 100 clients",
         (Line("flagged", "offered it"), Line("in_vain", "in vain", "8 5"), Line("missed", "missed", "2 4")),
         "Workload falls as the cut-off rises, and the number missed grows."),
    Plot("How far apart are age bands?", "Gap in recall, of 100", (Line("recall_gap_age", "gap in recall"),),
         "The gap is between the age bands whose long-term cases are found most and least often."),
    Plot("Is it worth following the score?", "Net benefit, of 100", (Line("net_benefit", "net benefit"),),
         "Above 0 an offer by this cut-off is worth more than no offer to anybody."),
)  # fmt: skip


def curves(sweep: Sweep) -> Html:
    """The table of the cut-offs in steps, then each plot with its own table."""
    plots = [plot for plot in PLOTS if any(sweep.has(line.curve) for line in plot.lines)]
    lead = paragraphs(
        "In the plots, upright lines stand at the cut-offs of the cards above, the lowest band's first; pale areas are"
        " 95% ranges. A bar at the foot marks cut-offs that cannot be told from their neighbours: grey where the"
        " outcomes are too few, black where exactly the same people are flagged.",
    )
    last = sweep.last
    if not sweep.people(last):
        lead = Html(lead + paragraphs(f"Nobody scores {last}% or more, so nothing changes above it."))
    drawn = tag("div", *(_plot(sweep, plot) for plot in plots), class_="plots")
    return section("curves", "Every cut-off", lead, drawn, _steps(sweep))


def _steps(sweep: Sweep) -> Html:
    shown = ("flagged", "ppv", "sensitivity", "missed", "in_vain")
    rows = [
        (f"{percent}%", *(of_100(sweep.at(name, percent)) for name in shown), f"{sweep.cases(percent):,}")
        for percent in sweep.steps
    ]
    heads = (
        "Cut-off", "Offered it, of 100 clients", "Cases, of 100 offered it (PPV)", "Found, of 100 cases (recall)",
        "Missed, of 100 clients", "In vain, of 100 clients", "Cases at or above it",
    )  # fmt: skip
    return table(sweep.caption("The cut-offs in steps, with 95% ranges"), heads, rows)


def _plot(sweep: Sweep, plot: Plot) -> Html:
    said = f"{plot.heading} Lines over the cut-off in percent; the table below the plot has the figures."
    drawing = figure_of(_drawing(sweep, plot, said), sweep.caption(plot.read))
    heads = ("Cut-off", *(line.name[:1].upper() + line.name[1:] for line in plot.lines), "Cases at or above, below",
             "Told from the next one")  # fmt: skip
    rows = [
        (
            f"{percent}%",
            *(of_100(sweep.at(line.curve, percent)) for line in plot.lines),
            f"{sweep.cases(percent):,}, {sweep.cases_below(percent):,}",
            told_from_next(sweep, percent),
        )
        for percent in sweep.percents
    ]
    told = table(sweep.caption(f"Every cut-off. {plot.heading}"), heads, rows)
    return tag("div", tag("h3", plot.heading), drawing, folded("The figures of this plot, at every cut-off", told))


def folded(summary: str, *children: str) -> Html:
    """Something that opens where somebody wants it."""
    return tag("details", tag("summary", summary), *children)


def _drawing(sweep: Sweep, plot: Plot, said: str) -> Html:
    told = {line: [sweep.at(line.curve, percent) for percent in sweep.percents] for line in plot.lines}
    values = [value for points in told.values() for point in points for value in point.values() if value is not None]
    ticks = ticks_between(min(0.0, *values), max(values))
    x, y = across(sweep), Axis(ticks[0], ticks[-1], _BOTTOM, _TOP, ticks, True, plot.title)
    parts = [*uprights(x, _TOP, _BOTTOM), *_side(y), *_strip(sweep, x), *_key(plot)]
    parts += [_area(points, x, y) for points in told.values()]
    parts += [_line(points, x, y, line.dash) for line, points in told.items()]
    parts += [_now(x, place, percent) for place, percent in enumerate(sweep.starts(sweep.in_force))]
    return canvas(_WIDTH, _BOTTOM + 50, said, parts)


def across(sweep: Sweep) -> Axis:
    """The axis of the cut-offs; the script moves lines along it."""
    ticks = tuple(tick for tick in ticks_between(0.0, sweep.last / 100) if tick <= sweep.last / 100)
    return Axis(0.0, sweep.last / 100, _LEFT, _RIGHT, ticks, True, "Cut-off")


def _side(axis: Axis) -> list[Html]:
    """Shares are named as people out of 100: the axis says so, and no sign of per cent is needed."""
    plain = Axis(100 * axis.low, 100 * axis.high, axis.start, axis.end,
                 tuple(round(100 * tick, 4) for tick in axis.ticks), False, axis.title)  # fmt: skip
    return levels(plain, _LEFT, _RIGHT)


def _line(points: list[Figure], x: Axis, y: Axis, dash: str) -> Html:
    """The line, with a break where a point cannot be told."""
    path, pen = [], "M"
    for place, point in enumerate(points, start=1):
        if point["value"] is None:
            pen = "M"
            continue
        path.append(f"{pen}{x.at(place / 100):g} {y.at(point['value']):g}")
        pen = "L"
    dashes = {"stroke_dasharray": dash} if dash else {}
    return tag("path", d="".join(path), fill="none", stroke=INK, stroke_width="2.5", **dashes)


def _area(points: list[Figure], x: Axis, y: Axis) -> Html:
    """The 95% range around a line, in as many pieces as there are breaks."""
    pieces: list[str] = []
    run: list[tuple[float, float, float]] = []
    for place, point in enumerate([*points, NOTHING], start=1):
        low, high = point["low"], point["high"]
        if low is not None and high is not None:
            run.append((x.at(place / 100), y.at(low), y.at(high)))
        elif run:
            there = "L".join(f"{a:g} {top:g}" for a, _, top in run)
            back = "L".join(f"{a:g} {foot:g}" for a, foot, _ in reversed(run))
            pieces.append(f"M{there}L{back}Z")
            run = []
    return tag("path", d="".join(pieces), fill=PALE, fill_opacity="0.55")


def _key(plot: Plot) -> list[Html]:
    """The names of the lines, above the plot."""
    found, x = [], _LEFT
    for line in plot.lines:
        found += [stroke(x, 12, x + 36, 12, INK, width=2.5, dash=line.dash), lettering(x + 44, 17, line.name)]
        # About as wide as the name: no font is measured here.
        x += 66 + 7.4 * len(line.name)
    return found


def _now(x: Axis, place: int, percent: int) -> Html:
    """The movable line of a band, with its cut-off above it; those of higher bands stand a little lower."""
    high = 40.0 + 15 * (place % 2)
    line = stroke(0, high + 4, 0, _BOTTOM, "#1a1a1a", width=2, dash=_NOW[place % len(_NOW)])
    name = lettering(0, high, f"{percent}%", anchor="middle", data_show="percent", data_band=str(place))
    return tag(
        "g", line, name, transform=f"translate({x.at(percent / 100):g} 0)", data_band=str(place), data_show="now"
    )


def _strip(sweep: Sweep, x: Axis) -> list[Html]:
    """Bars under the foot: where neighbours cannot be told apart, or flag the same people."""
    return [
        stroke(x.at(low / 100), _BOTTOM + 3, x.at(high / 100), _BOTTOM + 3, ink, width=5)
        for kind, ink in (("indistinct", GREY), ("equal", "#1a1a1a"))
        for low, high in _runs(sweep, kind)
    ]


def _runs(sweep: Sweep, kind: str) -> list[tuple[int, int]]:
    """The same with neighbours joined, as far as the page shows cut-offs."""
    found: list[tuple[int, int]] = []
    for low, high, _ in sorted(pairs(sweep, kind)):
        if low >= sweep.last:
            break
        start = found.pop()[0] if found and found[-1][1] == low else low
        found.append((start, min(high, sweep.last)))
    return found
