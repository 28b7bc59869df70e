"""Which five figures does a manager need, and what do they mean?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from triage.checklist.page import Html, tag
from triage.evaluation.figures import Figure
from triage.evaluation.parts import described, number, percent, section, stated


@dataclass(frozen=True)
class Answer:
    """One question of a manager, answered: the figure large, and a sentence."""

    question: str
    figure: str
    means: str


def opening(data: dict[str, Any], outcome: str) -> Html:
    """The first section of the page."""
    items = [
        tag("li", tag("h3", item.question), tag("p", item.figure, class_="figure"), tag("p", item.means))
        for item in five(data, outcome)
    ]
    return section("five", "Five figures", tag("ol", *items, class_="cards"))


def five(data: dict[str, Any], outcome: str) -> list[Answer]:
    """The five answers; `outcome` completes "people who were ...", for instance "still out of work at 26 weeks"."""
    return [_order(data), _level(data), _found(data, outcome), _missed(data, outcome), _beside(data)]


def _in_100(share: float | None) -> str:
    return "an unknown number" if share is None else f"{100 * share:.0f}"


def _range(told: Figure) -> str:
    if told["low"] is None:
        return ""
    return f" The 95% interval is {percent(told['low'])} to {percent(told['high'])}."


def _order(data: dict[str, Any]) -> Answer:
    told = data["main"]["auc"]
    means = (
        f"Take one person with the outcome and one without it. The model puts the first one higher in"
        f" {_in_100(told['value'])} of 100 such pairs. Tossing a coin does so in 50.{_range(told)}"
    )
    return Answer("Does it put people in the right order?", f"{_in_100(told['value'])} of 100 pairs", means)


def _level(data: dict[str, Any]) -> Answer:
    main = data["main"]
    observed, predicted = main["observed"], main["predicted"]
    figure = f"{_in_100(observed['value'])} came about, {_in_100(predicted['value'])} expected"
    means = f"Of 100 people the model expected {_in_100(predicted['value'])} to have the outcome;"
    means += f" {_in_100(observed['value'])} had it.{_range(observed)}"
    return Answer("Is it right about how many?", figure, means)


def _largest(data: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = max(data["main"]["top"], key=lambda item: item["share"])
    return entry


def _found(data: dict[str, Any], outcome: str) -> Answer:
    top = _largest(data)
    told, share = top["ppv"], stated(top["share"])
    means = (
        f"Of 100 people whose score is in the top {share}, {_in_100(told['value'])} were {outcome}; of 100 people taken"
        f" as they come, {_in_100(data['main']['observed']['value'])}.{_range(told)} Support that the"
        " others could have done without may still bring their next job forward."
    )
    return Answer(
        f"If help goes to the top {share}, how often is it needed?", f"{_in_100(told['value'])} of 100", means
    )


def _missed(data: dict[str, Any], outcome: str) -> Answer:
    top = _largest(data)
    told, share = top["sensitivity"], stated(top["share"])
    left = None if told["value"] is None else 1 - told["value"]
    means = (
        f"Of 100 people who were {outcome}, {_in_100(told['value'])} are in the top {share} and {_in_100(left)} are"
        f" not.{_range(told)} A low score is no reason to offer anybody less."
    )
    return Answer("Whom does it miss?", f"{_in_100(left)} of 100", means)


def _beside(data: dict[str, Any]) -> Answer:
    question = "Is it better than a simple rule?"
    rules = [item for item in data["comparators"] if item["kind"] in ("age_rule", "age")]
    if not rules:
        return Answer(question, "not compared", "This checklist does not ask for an age in years.")
    best = max(rules, key=lambda item: item["auc"]["figure"]["value"] or 0.0)
    lead = best["auc"]["difference"]
    words = {
        "ahead": "the model is ahead of it, by more than chance would explain",
        "level": "the model is level with it: the difference may be chance",
        "behind": "the model is behind it",
    }[best["auc"]["model_is"]]
    pairs = _in_100(best["auc"]["figure"]["value"])
    means = (
        f"The best of the age rules is “{_said(best['name'])}”: it orders {pairs} of 100 such pairs rightly. Judged by"
        f" the order of people, {words} (difference in AUC, the share of such pairs: {number(lead['value'])}, 95%"
        f" interval {number(lead['low'])} to {number(lead['high'])})."
    )
    return Answer(question, str(best["auc"]["model_is"]), means)


def _said(name: str) -> str:
    return name.removeprefix("The rule ").strip("“”")


def who(data: dict[str, Any]) -> str:
    """Whom the figures speak of, in a sentence."""
    return (
        f"{described(data, 'people')} had it. People lost from sight before the horizon are stood for by those who"
        " remained in sight, so shares are not simple counts."
    )
