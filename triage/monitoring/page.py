"""How does what was found become one HTML page that needs no network, no script and no colour?"""

from __future__ import annotations

from typing import Any

from triage.checklist.page import Html, tag
from triage.evaluation.page import document
from triage.evaluation.parts import count, paragraphs, section
from triage.monitoring.rules import DriftRules
from triage.monitoring.sections import answer_drift, missing, number_of, part_of, score_drift
from triage.monitoring.sections_outcomes import changes, groups, outcomes, shadow

LEVELS = {"stop": "At once, under the stop rule", "act": "Within a working day", "look": "When there is time"}


def monitoring_page(data: dict[str, Any], rules: DriftRules) -> str:
    """The page for the data of `monitor`, as HTML."""
    title = data["title"][:1].upper() + data["title"][1:]
    return document(
        title,
        _header(data, title),
        _alerts(data),
        score_drift(data, rules),
        answer_drift(data),
        missing(data),
        outcomes(data),
        groups(data),
        changes(data),
        shadow(data),
        _method(data),
    )


def _header(data: dict[str, Any], title: str) -> Html:
    scores, model = data["scores"], data["model"]
    kind = "simulated people" if data["simulated"] else "people"
    lead = paragraphs(
        f"From {data['since']} to {data['until']}, {number_of(scores['people'])} {kind} were scored. Model"
        f" {model['id']} ({model['training']}), checklist {data['checklist']}, cut-offs {data['cutoffs']['version']}.",
        f"The outcome is being {model['outcome']} {model['horizon']}. Figures speak of people with answers like these,"
        " never of one person. Neither invented clients of the practice mode nor people who object are counted.",
    )
    notes = [tag("li", text) for text in _notes(data)]
    first = tag("section", tag("h2", "Read this first"), tag("ul", *notes), class_="notes") if notes else Html()
    return tag("header", tag("h1", title), lead, first)


def _notes(data: dict[str, Any]) -> list[str]:
    scores, found = data["scores"], []
    if data["simulated"]:
        found.append("Everybody in these data is simulated. The figures say nothing about real people.")
    if "simulated" in data["model"]["training"] and not data["simulated"]:
        found.append("The model learned from simulated people. It is for practice, not for use.")
    for key, what in (("other_models", "another model or checklist"), ("other_cutoffs", "other cut-offs")):
        if scores[key] != 0:
            found.append(
                f"{part_of(scores[key]).capitalize()} of the scores that count were made with {what} than those"
                " above. Here all are worked out with the model above, from the recorded answers."
            )
    return found


def _alerts(data: dict[str, Any]) -> Html:
    items = data["alerts"]
    if not items:
        return section("alerts", "What calls for somebody to look?", paragraphs("Nothing, by the rules in force."))
    cards = [
        tag(
            "li",
            tag("h3", f"{item['where'][:1].upper()}{item['where'][1:]}"),
            tag("p", LEVELS[item["level"]], class_="figure"),
            *(tag("p", item[key]) for key in ("means", "what", "do")),
        )
        for item in items
    ]
    return section("alerts", "What calls for somebody to look?", tag("ol", *cards, class_="cards"))


def _method(data: dict[str, Any]) -> Html:
    told = data["outcomes"]
    interval = (
        f" Intervals are the middle 95% of {count(told['resamples'])} resamples of the clients." if told["told"] else ""
    )
    return section(
        "method",
        "How these figures were made",
        paragraphs(
            f"Made on {data['on']} by the rules {data['rules']} of monitoring.yaml. In each"
            f" {data['unit']} a client counts once, by the last score in it. The last {data['unit']} may not be over.",
            "Counts below five are hidden, and with them others from which they could be worked out. A group of few"
            f" people or cases is named and not shown.{interval}",
            f"{_checked(data)} kept scores of the model in force were worked out again from their answers;"
            f" {count(data['scores']['not_reproduced'])} came out otherwise.",
        ),
    )


def _checked(data: dict[str, Any]) -> str:
    checked = data["scores"]["checked"]
    return "The" if checked is None else count(checked)
