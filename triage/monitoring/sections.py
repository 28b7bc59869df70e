"""What does the page say of drift, and of questions that stay unanswered? One function a section."""

from __future__ import annotations

from typing import Any

from triage.checklist.page import Html, tag
from triage.evaluation.parts import count, figure_of, paragraphs, percent, section, table
from triage.monitoring.drawing import Moment, over_time
from triage.monitoring.rules import DriftRules

#: What stands where a count is hidden.
HIDDEN = "few"
_IN_BRACKETS = "In brackets: what chance alone seldom exceeds"
_BESIDE = {"from_first": "Since the first period", "from_reference": "From the reference population"}


def simulated(data: dict[str, Any], caption: str) -> str:
    """A caption that says so where the people are simulated."""
    return f"Simulated people. {caption}" if data["simulated"] else caption


def number_of(value: int | None) -> str:
    """A count, or that it is hidden."""
    return HIDDEN if value is None else count(value)


def part_of(value: int | None) -> str:
    """A part of what was just told, for a sentence; one that is hidden need not be small."""
    return "some" if value is None else count(value)


def score_drift(data: dict[str, Any], rules: DriftRules) -> Html:
    """How the spread of the scores moved."""
    item = data["drift"]["score"]
    lead = paragraphs(
        f"The population stability index compares the shares of people in each tenth of the scores. {rules.source}",
        f"Below {rules.look:g}: {_lower(rules.small)} From {rules.look:g}: {_lower(rules.moderate)} From {rules.act:g}:"
        f" {_lower(rules.large)}",
        "People who come from one event are alike, so chance moves more than the bars show where few events make up a"
        " month. From the reference population, which is simulated, most services differ from the first day: that says"
        " that its shares are not yours, and not that anything changed. People who answer less have scores nearer to"
        " the middle.",
    )
    drawings = [_plot(data, item, beside, name, rules) for beside, name in _BESIDE.items()]
    return section(
        "score", "Are the scores spread as before?", lead, *drawings, _periods(data, item), _groups(data, item, "Score")
    )


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _plot(data: dict[str, Any], item: dict[str, Any], beside: str, name: str, rules: DriftRules) -> Html:
    rows = {row["period"]: row[beside] for row in item["periods"]}
    moments = [Moment(period, told and told["psi"], told and told["bound"]) for period, told in rows.items()]
    if not any(moment.value is not None for moment in moments):
        return tag("p", f"{name}: no period can be compared yet.")
    said = f"{name}: the index of the score in each period; the table below has the figures."
    drawing = over_time(moments, said, "Index", ((rules.look, "moderate"), (rules.act, "large")))
    caption = simulated(
        data,
        f"{name}: the score. Dots: the index. Pale bars: what chance alone exceeds in"
        f" {1000 * (1 - rules.chance):.0f} of 1,000 periods.",
    )
    return figure_of(drawing, caption)


def _periods(data: dict[str, Any], item: dict[str, Any]) -> Html:
    people = {period["name"]: period["people"] for period in data["periods"]}
    rows = [
        (row["period"], number_of(people[row["period"]]), *(_told(row[beside]) for beside in _BESIDE))
        for row in item["periods"]
        if people[row["period"]] != 0
    ]
    heads = ("Period", "People scored", *_BESIDE.values())
    return table(simulated(data, f"The score, period by period. {_IN_BRACKETS}"), heads, rows)


def _told(told: dict[str, Any] | None) -> str:
    """An index, its size and what chance seldom exceeds: "0.14 moderate (0.09)"."""
    if told is None:
        return "not compared"
    size = "within chance" if told["may_be_chance"] else told["size"]
    return f"{told['psi']:.2f} {size} ({told['bound']:.2f})"


def _groups(data: dict[str, Any], item: dict[str, Any], what: str) -> Html:
    if not item["groups"]:
        return Html()
    rows = [
        (group["name"], *(_share(group[key]) for key in ("reference", "first", "latest"))) for group in item["groups"]
    ]
    heads = (what, "Reference population", f"First: {item['first']}", f"Last: {item['latest']}")
    name = item["name"] if what == "Answer" else "The score"
    return table(simulated(data, f"{name}: shares of people"), heads, rows)


def _share(value: float | None) -> str:
    return "–" if value is None else percent(value)


def answer_drift(data: dict[str, Any]) -> Html:
    """How the answers moved, and those that moved by more than a little with their shares."""
    items, states = data["drift"]["answers"], {item["id"]: item for item in data["drift"]["unanswered"]}
    rows = [
        (
            item["name"],
            item["latest"] or "–",
            *(_told(_latest(item, beside)) for beside in _BESIDE),
            _told(_latest(states[item["id"]], "from_first")),
        )
        for item in items
    ]
    heads = ("Question", "Last period", *(f"Answers: {_lower(name)}" for name in _BESIDE.values()),
             "Answered, declined or not asked: since the first period")  # fmt: skip
    moved = [item for item in items if _has_moved(item)]
    lead = paragraphs(
        "Each question is compared among those who answered it. Answers of fewer than five people are counted together"
        " with the one beside them. With many questions some index is beyond chance by chance."
    )
    parts = [_groups(data, item, "Answer") for item in moved]
    caption = f"Answers, question by question, in the last period that can be told. {_IN_BRACKETS}"
    table_ = table(simulated(data, caption), heads, rows)
    return section("answers", "Are the answers as before?", lead, table_, *parts)


def _latest(item: dict[str, Any], beside: str) -> dict[str, Any] | None:
    found = next((row[beside] for row in reversed(item["periods"]) if row["period"] == item["latest"]), None)
    return dict(found) if found else None


def _has_moved(item: dict[str, Any]) -> bool:
    told = _latest(item, "from_first")
    return told is not None and told["size"] != "small" and not told["may_be_chance"]


_KINDS = ("answered", "declined", "not_asked", "too_early")


def missing(data: dict[str, Any]) -> Html:
    """Which questions stay unanswered, why and where."""
    told = data["missing"]
    heading = "What stays unanswered?"
    if told["people"] is None:
        return section("missing", heading, paragraphs("Too few people were scored to tell."))
    early = " “Too early” counts as not asked here: too few people were too early to tell it apart."
    lead = paragraphs(
        f"{count(told['people'])} people, each by their last score. “{HIDDEN.capitalize()}” stands for a count that is"
        " hidden: it is below five, or would tell of one that is. Silence is neutral in the score and widens its range;"
        f" to decline is a right.{early if told['early_counts_as_not_asked'] else ''}"
    )
    heads = ("Question", "Answered", "Declined", "Not asked", "Too early to ask")
    rows = [(item["name"], *(number_of(item["all"][kind]) for kind in _KINDS)) for item in told["questions"]]
    everybody = table(simulated(data, "Unanswered questions, all offices"), heads, rows)
    return section("missing", heading, lead, everybody, _offices(data, told))


def _offices(data: dict[str, Any], told: dict[str, Any]) -> Html:
    """By office: how many did not answer, by kind."""
    if len(told["offices"]) < 2:
        return Html()
    heads = ("Question", *(f"{office['name']} ({count(office['people'])})" for office in told["offices"]))
    rows = [(item["name"], *(_cell(line) for line in item["by_office"])) for item in told["questions"]]
    return table(simulated(data, "Unanswered questions by office: declined; not asked; too early"), heads, rows)


def _cell(line: dict[str, Any]) -> str:
    return "; ".join(number_of(line[kind]) for kind in _KINDS[1:])
