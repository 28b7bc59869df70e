"""What does the page say of follow-up, of other ways to count, and of how the figures were made?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from triage.checklist.page import Html
from triage.evaluation.parts import count, numbers, paragraphs, percent, section, shares, stated, table
from triage.evaluation.sections import Page


def otherwise(page: Page) -> Html:
    """Competing events, support, missing answers and follow-up."""
    follow = page.data["follow_up"]
    lost = (
        f"The outcome is known of {percent(follow['known_share'])} of people. {count(follow['never_reached'])} were"
        f" never reached. The longest spell followed is {follow['longest_weeks']:g} weeks. Whoever the others are, the"
        f" share with the outcome lies between {percent(follow['least'])} and {percent(follow['most'])}."
    )
    return section("otherwise", "Who was followed up, and what if they are counted otherwise?", paragraphs(lost),
                   _ways(page), _missing(page))  # fmt: skip


def _ways(page: Page) -> Html:
    competing, support = page.data["competing_events"], page.data["support"]
    ways = {"not_back": "not back in work", "censored": "lost from sight"}
    rows = [_way(f"Retired or died counts as {said}", competing[way]) for way, said in ways.items() if way in competing]
    if support is not None:
        rows.append(_way("Without people who had support beyond the standard", support["without"]))
        rows.append(_way("Only people who had support beyond the standard", support["only"]))
    said = "Support changes outcomes: a model judged by supported people looks wrong where the support worked."
    if support is None:
        said = "The file does not say who had support beyond the standard, so that cannot be told apart."
    heads = ("People counted", "People", "AUC", "Expected", "Observed", "Calibration slope")
    return Html(paragraphs(said) + table(page.caption("The main figures, counted otherwise"), heads, rows))


def _way(name: str, told: dict[str, Any]) -> tuple[str, ...]:
    if "reason" in told:
        return (name, count(told["people"]), told["reason"], "–", "–", "–")
    cells = (numbers(told["auc"]), shares(told["predicted"]), shares(told["observed"]), numbers(told["slope"]))
    return (name, count(told["people"]), *cells)


def _missing(page: Page) -> Html:
    rows = []
    for row in page.data["missing_answers"]:
        name = f"{row['from']}" if row["from"] == row["to"] else f"{row['from']} to {row['to']}"
        if not row["shown"]:
            rows.append((name, "too few to show", "–", "–", "–"))
            continue
        cells = (shares(row["predicted"]), shares(row["observed"]), numbers(row["observed_over_expected"]))
        rows.append((name, count(row["people"]), *cells))
    heads = ("Questions without an answer", "People", "Expected", "Observed", "Observed for each expected")
    return table(page.caption("Observed and expected by number of unanswered questions"), heads, rows)


def method(page: Page) -> Html:
    """How the figures were made, and the reading of the DWP's."""
    data, dwp = page.data, page.data["dwp"]
    settings = data["settings"]
    interval = (
        f"Intervals are the middle 95% of {count(settings['resamples'])} resamples of the clients, all rows of a client"
        f" together, with the weights computed again in each (seed “{settings['seed']}”)."
    )
    small = (
        f"Groups of fewer than {settings['least_people']} people, or with fewer than {settings['least_cases']} known to"
        " have the outcome, are named and not shown."
    )
    return section(
        "method",
        "How these figures were made",
        paragraphs(
            f"Model {data['model']['id']} ({data['model']['training']}), checklist {data['checklist']}, cut-offs"
            f" {data['cutoffs']['version']}.",
            "People lost from sight before the horizon are stood for by those who remained in sight: each person whose"
            " outcome is known is weighted by the inverse of the chance that it is known (Kaplan-Meier). This supposes"
            " that people are not lost because of how they fare. What was observed in a tenth, band or group, or by"
            " number of unanswered questions, is the Kaplan-Meier share of those people alone, beside the mean"
            " prediction of all of them. It is left out where nobody of them is in sight at the horizon. The bounds"
            " suppose nothing.",
            interval,
            small,
        ),
        paragraphs(f"What was reported of another model. {dwp['source']}: {dwp['reported']}. {dwp['inference']}"),
        _another_model(dwp["rows"]),
    )


def _another_model(rows: Sequence[Mapping[str, Any]]) -> Html:
    """The DWP's figures with what follows from them."""
    heads = (
        "Flagged",
        "PPV (as we read it)",
        "NPV (as we read it)",
        "Sensitivity (derived)",
        "False-positive rate (derived)",
    )
    cells = [
        (
            f"Top {stated(row['share'])}",
            stated(row["ppv"]),
            stated(row["npv"]),
            stated(row["inferred"]["sensitivity"]),
            stated(row["inferred"]["false_positive_rate"]),
        )
        for row in rows
    ]
    return table(
        "Another model, of other people: the DWP's four figures as this project reads them (an inference)", heads, cells
    )
