"""What is this page, whom does it speak of, how far can it be trusted, and which policy is in force?"""

from __future__ import annotations

from typing import Any

from triage.checklist.page import Html, tag
from triage.evaluation.parts import count, described, paragraphs, section, table
from triage.tuning.page.numbers import of_100, percents
from triage.tuning.page.sweep import Sweep
from triage.tuning.page.words import counted

#: Cautions that speak of gaps between groups.
_GAPS = ("age_recall", "in_vain")


def opening(sweep: Sweep) -> Html:
    """The head of the page."""
    title = sweep.data["title"]
    return tag(
        "header",
        tag("h1", title[:1].upper() + title[1:]),
        paragraphs(
            "You choose the cut-off points, and so who is offered which support. This page shows what each choice would"
            " have meant for people whose outcome is known by now: who would have been found, missed, or offered"
            " support in vain. It needs no network and sends nothing anywhere.",
            whom(sweep.data),
            f"A long-term case is a client who was {sweep.outcome}. The outcome is under the support usually given: it"
            " does not say who gains from help. Support that somebody could have done without may still bring their"
            " next job forward, and a low score is no reason to offer anybody less.",
        ),
        _first(sweep),
        _contents(sweep),
        _force(sweep),
    )


def whom(data: dict[str, Any]) -> str:
    """Whom the figures speak of, in a few sentences."""
    return (
        f"The figures speak of {described(data, 'clients')} are long-term cases. Shares are of the clients with enough"
        " answers for a band."
    )


def _first(sweep: Sweep) -> Html:
    """What a reader has to know before any figure: simulated or not, seen or not, and whatever the sweep warns of."""
    cautions = sweep.data["cautions"]
    first = [item["text"] for item in cautions if item["id"] not in _GAPS]
    gaps = [item["text"] for item in cautions if item["id"] in _GAPS]
    parts = [tag("ul", *(tag("li", text) for text in (*first, seen(sweep.data["scores"]))))]
    if gaps:
        parts.append(tag("p", "Gaps between groups that stand out:"))
        parts.append(tag("ul", *(tag("li", text) for text in gaps)))
    heading = tag("h2", "Read this first", id="first-heading")
    return tag("section", heading, *parts, class_="notes", aria_labelledby="first-heading")


def seen(scores: dict[str, Any]) -> str:
    """Whether the model has seen these people, and who says so."""
    if scores["how"] != "asserted":
        return str(scores["why"])
    return (
        "It cannot be checked whether the model learned from these people; if it did, every figure flatters it."
        f" {scores['asserted_by']} asserts that it did not, and answers for that. The reason given: {scores['why']}"
    )


def _contents(sweep: Sweep) -> Html:
    """The sections of the page, to be jumped to."""
    named = [
        ("consequences", "What a cut-off would mean"),
        ("curves", "Every cut-off"),
        ("groups", "Group by group"),
        ("policies", "The candidate policies"),
    ]
    if sweep.data["frontier"] is not None:
        named.append(("frontier", "The most recall for the places"))
    if sweep.data["costs"] is not None:
        named.append(("costs", "The cut-off that follows from costs"))
    named.append(("method", "How the figures were made"))
    links = (tag("li", tag("a", text, href=f"#{name}")) for name, text in named)
    return tag("nav", tag("ul", *links), class_="contents", aria_label="On this page")


def _force(sweep: Sweep) -> Html:
    policy = sweep.in_force
    rows = []
    for place, band in enumerate(policy["bands"]):
        told = band["figures"]
        rows.append(
            (
                f"“{sweep.bands[place]['name']}”: {sweep.bands[place]['offers']}",
                percents(band["percent"]),
                of_100(told["flagged"]),
                of_100(told["sensitivity"]),
            )
        )
    heads = ("Band", "Cut-off", "Offered it or more, of 100 clients", "Long-term cases found, of 100")
    standard = sweep.data["bands"][0]
    return section(
        "in-force",
        "The policy in force",
        paragraphs(
            f"{policy['name']}. Everybody is offered “{standard['name']}”: {standard['offers']} A cut-off of 20% means:"
            " whoever's score says 20 in 100 or more is offered the band. Figures in brackets are 95% ranges."
        ),
        table(sweep.caption("The cut-offs in force"), heads, rows),
    )


def method(sweep: Sweep) -> Html:
    """How the figures were made, and what the words mean."""
    data = sweep.data
    model, settings = data["model"], data["settings"]
    words = (
        ("Workload", "Clients who are offered the band, or one above it, of 100."),
        ("PPV", "Of 100 clients who are offered it, those who are long-term cases."),
        ("Recall", "Of 100 long-term cases, those who are offered it. Also called sensitivity."),
        ("Missed", "Long-term cases who are not offered it, of 100 clients."),
        ("In vain", f"Clients who are offered it and were {sweep.complement}, of 100 clients."),
        ("NPV", f"Of 100 clients who are not offered it, those who were {sweep.complement}."),
        ("Net benefit", "Clients found, less those offered it in vain, each weighed by what the cut-off itself says an"
         " offer in vain costs beside a missed case."),
    )  # fmt: skip
    return section(
        "method",
        "How the figures were made",
        paragraphs(
            f"Model {model['id']} ({model['training']}), manifest {model['manifest_sha256']}. Checklist"
            f" {data['checklist']}. Outcomes file: SHA-256 {data['people']['sha256']}.",
            f"Ranges are the middle 95% of {count(settings['resamples'])} resamples of the clients, all rows of a"
            f" client together (seed “{settings['seed']}”). Clients lost from sight are stood for by those who remained"
            " in sight, so that shares are not simple counts.",
            f"Groups of fewer than {counted(settings['least_people'], 'client')}, or of fewer than"
            f" {counted(settings['least_cases'], 'long-term case')}, are named and not shown.",
        ),
        tag("dl", *(part for name, text in words for part in (tag("dt", name), tag("dd", text)))),
    )
