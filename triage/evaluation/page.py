"""How does an evaluation become one HTML page that needs no network, no script and no colour?"""

from __future__ import annotations

from typing import Any

from triage.checklist.page import Html, tag
from triage.evaluation.counting import method, otherwise
from triage.evaluation.fairness import fairness
from triage.evaluation.opening import opening, who
from triage.evaluation.parts import paragraphs
from triage.evaluation.sections import Page, benefit, comparisons, flagging, probabilities


def evaluation_page(data: dict[str, Any]) -> str:
    """The page for the data of an `Evaluation`, as HTML."""
    page = Page(data, outcome_words(data))
    title = data["title"][:1].upper() + data["title"][1:]
    return document(
        title,
        _header(page, title),
        opening(data, page.outcome),
        comparisons(page),
        fairness(page),
        flagging(page),
        probabilities(page),
        benefit(page),
        otherwise(page),
        method(page),
    )


def document(title: str, *parts: Html) -> str:
    """One HTML page of these parts, with the style of every report of this kind."""
    head = tag(
        "head",
        Html('<meta charset="utf-8">\n'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
        tag("title", title),
        tag("style", Html(_CSS)),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', tag('main', *parts)), lang='en-GB')}"


def outcome_words(data: dict[str, Any]) -> str:
    """The outcome and its horizon: "still out of work 26 weeks after their job ended"."""
    model = data["model"]
    if data["own_horizon"]:
        return f"{model['outcome']} {model['horizon']}"
    return f"{model['outcome']} {data['horizon_weeks']:g} weeks after their job ended"


def _header(page: Page, title: str) -> Html:
    data = page.data
    lead = paragraphs(
        who(data),
        f"The outcome is being {page.outcome}, among {data['model']['among']}. It is risk under the support usually"
        " given, not who gains from help. A score speaks of people with answers like these, never of one person; it"
        " proposes, a person decides, and nobody is offered less because of it.",
    )
    notes = [tag("li", item["text"]) for item in data["cautions"]]
    first = tag("section", tag("h2", "Read this first"), tag("ul", *notes), class_="notes") if notes else Html()
    return tag("header", tag("h1", title), lead, first)


# Dark ink on white throughout (contrast above 7 to 1); one blue; nothing is said by colour alone.
_CSS = """
*{box-sizing:border-box}
body{font:100%/1.5 Arial,Helvetica,"Liberation Sans",sans-serif;color:#1a1a1a;background:#fff;margin:0}
main{max-width:66rem;margin:0 auto;padding:1rem}
h1{font-size:1.9em;line-height:1.2;color:#003a70;margin:.3em 0 .5em}
h2{font-size:1.4em;line-height:1.25;color:#003a70;margin:2em 0 .5em;border-top:2px solid #003a70;padding-top:.6em}
h3{font-size:1.08em;line-height:1.3;margin:1.4em 0 .4em}
p{max-width:46rem;margin:.5em 0}
.notes{border:2px solid #003a70;padding:.2em 1em .6em;margin:1em 0}
.notes h2{border:0;margin:.4em 0;padding:0;font-size:1.08em}
.notes ul{margin:.2em 0;padding-left:1.2em}
.cards{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:1rem}
.cards li{border:1px solid #767676;border-top:4px solid #003a70;padding:.2em 1em .6em}
.cards h3{margin:.6em 0 .2em}
.cards .figure{font-size:1.45em;font-weight:bold;color:#003a70;line-height:1.25;margin:.2em 0}
figure{margin:1em 0}
figcaption{color:#444;max-width:46rem}
svg{display:block;width:100%;min-width:34rem;height:auto;font-family:Arial,Helvetica,"Liberation Sans",sans-serif}
.wide{overflow-x:auto;margin:1em 0}
.wide:focus-visible{outline:3px solid #003a70;outline-offset:2px}
table{border-collapse:collapse;min-width:38rem;width:100%;font-size:.92em}
caption{text-align:left;font-weight:bold;padding:.3em 0}
th,td{border-bottom:1px solid #767676;padding:.35em .6em;text-align:left;vertical-align:top}
thead th{background:#e8f0f8;color:#003a70;vertical-align:bottom}
tbody th{font-weight:normal;min-width:7rem}
td{font-variant-numeric:tabular-nums}
td.n{white-space:nowrap}
@media print{
@page{size:A4;margin:14mm}
body{font-size:9.5pt}
main{max-width:none;padding:0}
.wide{overflow:visible}
table,svg,tbody th{min-width:0}
td.n{white-space:normal}
thead th{print-color-adjust:exact;-webkit-print-color-adjust:exact}
tr,figure,.cards li{break-inside:avoid}
h2,h3,caption{break-after:avoid}
}
"""
