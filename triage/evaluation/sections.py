"""What does the page say of comparisons, cut-offs, probabilities and net benefit? One function a section."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from triage.checklist.page import Html
from triage.evaluation.charts import Curve, Mark, Point, calibration, curves, dots
from triage.evaluation.parts import (
    count,
    differences,
    figure_of,
    numbers,
    paragraphs,
    percent,
    section,
    shares,
    stated,
    table,
)

_RATES = ("ppv", "npv", "sensitivity", "false_positive_rate")
_RATE_HEADS = (
    "Of those flagged, with the outcome (PPV)",
    "Of the others, without it (NPV)",
    "Of those with it, flagged (sensitivity)",
    "Of those without it, flagged (false-positive rate)",
)


@dataclass(frozen=True)
class Page:
    """What every section needs: the data, and the outcome in words."""

    data: dict[str, Any]
    outcome: str

    def caption(self, text: str) -> str:
        """A caption that says so where the people are simulated."""
        return f"Simulated people. {text}" if self.data["simulated"] else text

    def band(self, band_id: str | None) -> str:
        """How a band is shown: by the support offered."""
        names = {band["id"]: band["name"] for band in self.data["cutoffs"]["bands"]}
        return "No band: too few answers" if band_id is None else str(names[band_id])


def comparisons(page: Page) -> Html:
    """The model beside whatever could be used in its place."""
    items = page.data["comparators"]
    lead = paragraphs(
        "Each line compares the model with something that could be used instead, on the same people. “Ahead” means that"
        " the 95% interval of the difference leaves out 0; otherwise the two are level. Differences are the model less"
        " the other: above 0 the model puts people in better order.",
    )
    if page.data["no_evidence"]:
        lead = Html(lead + paragraphs("No evidence model for this checklist was given to compare with."))
    if not items:
        return section("beside", "Is it better than what anyone could use instead?", lead)
    marks = [Mark(item["name"], item["auc"]["difference"]) for item in items]
    said = "AUC of the model less that of each alternative, with 95% intervals; the table below has the figures."
    drawing = dots(marks, "AUC of the model less that of the alternative", said, percent=False, line=0.0)
    plot = figure_of(drawing, page.caption("Lead over each alternative. The dashed line is level."))
    rows = [
        (
            item["name"],
            numbers(item["auc"]["figure"]),
            differences(item["auc"]["difference"]),
            item["auc"]["model_is"],
            _brier(item),
        )
        for item in items
    ]
    heads = (
        "Alternative",
        "Its AUC",
        "Difference in AUC",
        "The model is",
        "Difference in Brier score (below 0: ahead)",
    )
    told = table(page.caption("The model beside its alternatives"), heads, rows)
    return section("beside", "Is it better than what anyone could use instead?", lead, plot, told, _rules(page))


def _brier(item: dict[str, Any]) -> str:
    return f"{differences(item['brier']['difference'])}: {item['brier']['model_is']}" if "brier" in item else "–"


def _rules(page: Page) -> Html:
    """The age rules beside the model at the same workload."""
    rows = []
    for item in page.data["comparators"]:
        if item["kind"] == "age_rule":
            at = item["at_same_workload"]
            cells = [f"{shares(at[key]['figure'])}; {differences(at[key]['difference'])}" for key in at]
            rows.append((item["name"], shares(item["workload"]), *cells))
    if not rows:
        return Html()
    heads = ("Rule", "People flagged", "PPV; the model's lead", "Sensitivity; the model's lead")
    return table(page.caption("Age rules, and the model when it flags as many people"), heads, rows)


def probabilities(page: Page) -> Html:
    """Calibration, Brier score and log loss."""
    main = page.data["main"]
    points = [
        Point(row["predicted"]["value"], row["observed"], row["least"], row["most"])
        for row in main["curve"]
        if row["predicted"]["value"] is not None
    ]
    said = "Share observed against share expected, by score tenth; the table below has the figures."
    drawing = calibration(points, said, ("Expected", "Observed"))
    plot = figure_of(
        drawing,
        page.caption(
            "Expected and observed, by score tenth. Dots on the dashed line: as expected. Dark bars: 95% intervals."
            " Pale bars: where the share lies whoever the people are whose outcome is not known."
        ),
    )
    rows = [
        (
            str(place),
            count(row["people"]),
            count(row["known"]),
            shares(row["predicted"]),
            shares(row["observed"]),
            f"{percent(row['least'])} to {percent(row['most'])}",
        )
        for place, row in enumerate(main["curve"], start=1)
    ]
    heads = ("Tenth, lowest first", "People", "Outcome known", "Expected", "Observed", "Bounds without assumptions")
    tenths = table(page.caption("Expected and observed by score tenth"), heads, rows)
    return section("probabilities", "Do the probabilities come true?", plot, tenths, _scores(page))


def _scores(page: Page) -> Html:
    main = page.data["main"]
    parts = main["brier_parts"]
    rows = [
        ("AUC", numbers(main["auc"]), "0.5 is no order, 1 a perfect one"),
        ("Brier score", numbers(main["brier"]), "mean squared error of the probability; less is better"),
        ("– reliability", numbers(parts["reliability"]), "loss from probabilities that are off; less is better"),
        ("– resolution", numbers(parts["resolution"]), "gain from telling people apart; more is better"),
        ("– uncertainty", numbers(parts["uncertainty"]), "what is left when everybody gets the same probability"),
        ("– within tenths", numbers(parts["within"]), "what the tenths hide; the parts add up with it"),
        ("Log loss", numbers(main["log_loss"]), "less is better"),
        ("Calibration slope", numbers(main["slope"]), "1 is right; below 1 the scores lie too far apart"),
        ("Calibration intercept", numbers(main["intercept"]), "0 is right, beside a slope of 1"),
        ("Calibration in the large", numbers(main["in_the_large"]), "0 is right; above 0 too few were expected"),
        ("Observed for each expected", numbers(main["observed_over_expected"]), "1 is right"),
        ("Expected calibration error", numbers(main["ece"]), "mean gap over the tenths; above 0 even by chance"),
    ]
    return table(page.caption("All figures of order and probability"), ("Figure", "Value", "How to read it"), rows)


def flagging(page: Page) -> Html:
    """What the top and lowest shares, and the cut-offs in force, find."""
    main = page.data["main"]
    top = [(f"Top {stated(row['share'])}", *(shares(row[key]) for key in _RATES)) for row in main["top"]]
    low = [(f"Lowest {stated(row['share'])}", shares(row["safe"])) for row in main["lowest"]]
    cuts = [
        (f"“{page.band(row['id'])}” or above", shares(row["workload"]), *(shares(row[key]) for key in _RATES))
        for row in page.data["cutpoints"]
    ]
    bands = [
        (
            page.band(row["id"]),
            count(row["people"]),
            percent(row["share"]["value"]),
            shares(row["predicted"]),
            shares(row["observed"]),
            f"{percent(row['least'])} to {percent(row['most'])}",
        )
        if row["shown"]
        else (page.band(row["id"]), "too few to be shown", "", "", "", "")
        for row in page.data["bands"]
    ]
    heads = ("Band", "People", "Share of people", "Expected", "Observed", "Bounds without assumptions")
    return section(
        "flagging",
        "What does a cut-off find?",
        paragraphs(
            "How well a score serves depends mostly on where the cut-off lies. People with equal scores at the edge of"
            " a share count in part. Where the cut-offs give places by capacity, the rule for a single client counts."
        ),
        table(page.caption("Flagging the people with the highest scores"), ("Flagged", *_RATE_HEADS), top),
        table(page.caption("People with the lowest scores"), ("People", "Without the outcome"), low),
        table(page.caption("At the cut-offs in force"), ("Cut-off", "Workload", *_RATE_HEADS), cuts),
        table(page.caption("Expected and observed in each band"), heads, bands),
    )


def benefit(page: Page) -> Html:
    """The decision curve."""
    rows = page.data["decision_curve"]
    along = [row["threshold"] for row in rows]
    lines = [
        Curve("By the model", [row["net"]["value"] or 0.0 for row in rows]),
        Curve("Everybody", [row["everybody"]["value"] or 0.0 for row in rows], "8 5"),
        Curve("Nobody", [0.0 for _ in rows], "2 4"),
    ]
    said = "Net benefit against threshold for three policies; the table below has the figures."
    drawing = curves(along, lines, said, ("Probability from which help is offered", "Net benefit"))
    shown = [row for row in rows if round(100 * row["threshold"]) % 5 == 0]
    told = [
        (stated(row["threshold"]), numbers(row["net"]), numbers(row["everybody"]), differences(row["over_best"]))
        for row in shown
    ]
    heads = ("Offered from", "By the model", "To everybody", "Model over the better of everybody and nobody")
    return section(
        "benefit",
        "When is it worth following the score?",
        paragraphs(
            "Net benefit counts the people rightly offered more help, less those offered it needlessly, weighed by what"
            " the threshold says a needless offer costs. Where the model's line is the highest, following it is worth"
            " more than offering more help to everybody or to nobody. It speaks of finding people at risk, not of who"
            " gains from help."
        ),
        figure_of(drawing, page.caption("Decision curve.")),
        table(page.caption("Net benefit by threshold"), heads, told),
    )
