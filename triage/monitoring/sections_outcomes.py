"""What does the page say of outcomes, of changed proposals, and of another model? One function a section."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from triage.checklist.page import Html, tag
from triage.evaluation.charts import Mark, dots
from triage.evaluation.parts import count, figure_of, numbers, paragraphs, percent, section, shares, table
from triage.monitoring.collected import NOT_COLLECTED
from triage.monitoring.sections import HIDDEN, number_of, part_of, simulated

_CELL_HEADS = (
    "People",
    "Known to have the outcome, of those known",
    "Expected",
    "Observed",
    "Observed for each expected",
)
_RATES = ("workload", "ppv", "npv", "sensitivity")


def outcomes(data: dict[str, Any]) -> Html:
    """Whether the figures came true."""
    heading, told = "Do the figures come true?", data["outcomes"]
    if not told["told"]:
        return section("outcomes", heading, paragraphs(f"That cannot be told yet. {told['why']}", *_outside(data)))
    known = data["known"]
    lead = paragraphs(
        f"{count(told['people'])} outcomes, {part_of(known['recorded'])} of them from the records and"
        f" {part_of(known['from_files'])} from files. At {told['horizon_weeks']:g} weeks the outcome is known of"
        f" {count(told['known'])}, and {count(told['cases'])} of those were {_outcome(data)}. Whoever the others are,"
        f" the share with the outcome lies between {percent(told['least'])} and {percent(told['most'])}. People lost"
        " from sight before that are stood for by those who remained in sight.",
        "Expected is what the model in force says of these people's answers. Support changes outcomes, so fewer than"
        " expected may be the support, and not a fault of the model.",
        *_outside(data),
    )
    rows = [
        ("Expected", shares(told["predicted"]), "the mean of the figures"),
        ("Observed", shares(told["observed"]), "the share with the outcome"),
        (
            "Observed for each expected",
            numbers(told["observed_over_expected"]),
            "1 is right; above 1 too few were expected",
        ),
        ("Calibration in the large", numbers(told["in_the_large"]), "0 is right; the shift in log-odds"),
        ("Calibration slope", numbers(told["slope"]), "1 is right; below 1 the scores lie too far apart"),
        ("AUC", numbers(told["auc"]), "0.5 is no order, 1 a perfect one"),
    ]
    figures = table(
        simulated(data, "All whose outcome is known"), ("Figure", "Value (95% interval)", "How to read it"), rows
    )
    names = {**data["cutoffs"]["names"], "": "No band: too few answers"}
    bands = [_cells(names[line["id"]], line) for line in told["bands"]]
    by_band = table(simulated(data, "Expected and observed in each band"), ("Band", *_CELL_HEADS), bands)
    return section("outcomes", heading, lead, figures, by_band)


def _outside(data: dict[str, Any]) -> Iterator[str]:
    """How many outcomes do not belong to the days that were asked for."""
    rows = data["known"]["outside"]
    if rows != 0:
        yield (
            f"{number_of(rows).capitalize()} outcomes do not count, because they are not known to belong to these days:"
            " those of the records by the day of the score, those of files by the day on which the job ended."
        )


def _outcome(data: dict[str, Any]) -> str:
    model = data["model"]
    return f"{model['outcome']} {model['horizon']}"


def _cells(name: str, line: dict[str, Any]) -> tuple[str, ...]:
    if not line["shown"]:
        return (name, "too few to show", "–", "–", "–", "–")
    return (
        name, count(line["people"]), f"{count(line['cases'])} of {count(line['known'])}", shares(line["predicted"]),
        shares(line["observed"]), numbers(line["observed_over_expected"]),
    )  # fmt: skip


def groups(data: dict[str, Any]) -> Html:
    """Whom the cut-offs reached, by group, and of which groups that cannot be told."""
    heading, told = "Whom do the cut-offs reach?", data["outcomes"]
    lead = paragraphs(
        "Recall is the share of the people with the outcome whom a cut-off reached. A group with a lower recall was"
        " reached less often when it needed help."
    )
    parts: list[Html] = []
    if told["told"]:
        parts = [_reached(data), *(_dimension(data, item) for item in told["groups"])]
    else:
        parts = [paragraphs("No recall can be told yet.")]
    return section("groups", heading, lead, *parts, _not_collected(data))


def _reached(data: dict[str, Any]) -> Html:
    """What the cut-offs in force find, and whom the decisions reached."""
    told, names = data["outcomes"], data["cutoffs"]["names"]
    rows = [
        (f"{words}: “{names[line['id']]}” or above", *(shares(line[key]) for key in _RATES))
        for key, words in (("cutpoints", "Proposed by the cut-offs in force"), ("as_decided", "As people decided"))
        for line in told[key]
    ]
    heads = (
        "Support", "Share of people", "Of those, with the outcome (PPV)", "Of the others, without it (NPV)",
        "Of those with it, reached (recall)",
    )  # fmt: skip
    return table(simulated(data, "Whom the cut-offs and the decisions reached, all together"), heads, rows)


def _dimension(data: dict[str, Any], item: dict[str, Any]) -> Html:
    name = f"{item['name'][:1].upper()}{item['name'][1:]}"
    name = name if item["source"] == "answers" else f"{name} (column of a file)"
    shown = [group for group in item["groups"] if group["shown"]]
    hidden = [group["name"] for group in item["groups"] if not group["shown"]]
    parts = [tag("h3", name)]
    if shown:
        band = next(iter(shown[0]["cutoffs"]))
        parts.append(_plot(data, name, band, shown))
        parts += [_table(data, name, cut, shown) for cut in shown[0]["cutoffs"]]
    if hidden:
        parts.append(tag("p", f"Too few people to show: {', '.join(hidden)}."))
    return Html("".join(parts))


def _plot(data: dict[str, Any], name: str, band: str, shown: list[dict[str, Any]]) -> Html:
    where = f"“{data['cutoffs']['names'][band]}” or above"
    marks = [Mark(group["name"], group["cutoffs"][band]["recall"]) for group in shown]
    said = f"Recall at {where}, {name}, with 95% intervals; the table below has the figures."
    drawing = dots(marks, f"Recall at {where}", said, percent=True, ends=(0.0, 1.0))
    return figure_of(drawing, simulated(data, f"Recall at {where}, by group. {name}."))


def _table(data: dict[str, Any], name: str, band: str, shown: list[dict[str, Any]]) -> Html:
    rows = [
        (
            group["name"],
            count(group["people"]),
            f"{count(group['cases'])} of {count(group['known'])}",
            *(shares(group["cutoffs"][band][key]) for key in ("recall", "false_positive_rate", "workload")),
        )
        for group in shown
    ]
    heads = (
        "Group", "People", "With the outcome, of those known", "Recall", "False-positive rate", "Share flagged",
    )  # fmt: skip
    return table(simulated(data, f"{name}: “{data['cutoffs']['names'][band]}” or above"), heads, rows)


def _not_collected(data: dict[str, Any]) -> Html:
    sources = {"checklist": "the checklist", "file": "a column of an outcomes file", "": "not collected"}
    rows = [(item["name"], sources[item["from"]]) for item in data["collected"]]
    gone = [item for item in data["collected"] if not item["from"]]
    parts = [tag("h3", "Which groups were collected?")]
    if gone:
        names = ", ".join(item["name"] for item in gone)
        column = f"group_{gone[0]['id']}"
        parts += [tag("p", f"{names}: {_lower(NOT_COLLECTED.format(column=column))}")]
    parts.append(table(simulated(data, "Groups, and where they stand beside the outcomes"), ("Group", "From"), rows))
    return Html("".join(parts))


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def changes(data: dict[str, Any]) -> Html:
    """What advisers changed, and what became of people who got other support than proposed."""
    told, heading = data["changes"], "What do advisers change?"
    if told["decisions"] is None:
        return section("changes", heading, paragraphs("Too few decisions were taken to tell."))
    lead = paragraphs(
        f"{count(told['decisions'])} decisions by which a person answered a proposal. A score proposes and a person"
        " decides: to change a proposal is no fault. Almost no change may mean that nobody looks; very many, that the"
        f" proposals do not fit. “{HIDDEN.capitalize()}” stands for a count that is hidden."
    )
    heads = ("Confirmed", "More support", "Less support", "All", "More, share", "Less, share")
    lines = {"Month or week": [*told["periods"], told["all"]], "Office": [*told["offices"], told["all"]]}
    parts = [
        table(simulated(data, f"Changed proposals by {_lower(what)}"), (what, *heads), [_line(row) for row in rows])
        for what, rows in lines.items()
    ]
    reasons = [
        (row["name"], *(number_of(row[key]) for key in ("more", "less", "decisions"))) for row in told["reasons"]
    ]
    if reasons:
        caption = simulated(data, "Changed proposals by reason")
        parts.append(table(caption, ("Reason", "More support", "Less support", "All"), reasons))
    return section("changes", heading, lead, *parts, _after(data))


def _line(row: dict[str, Any]) -> tuple[str, ...]:
    told = (number_of(row[key]) for key in ("same", "more", "less", "decisions"))
    return (
        row["name"],
        *told,
        *(HIDDEN if row[key] is None else percent(row[key]) for key in ("share_more", "share_less")),
    )


def _after(data: dict[str, Any]) -> Html:
    lines = data["outcomes"].get("after_decision") or []
    if not lines:
        return Html()
    note = paragraphs(
        "What became of people who got what was proposed, and of people who got other support, each apart. This is no"
        " proof of anything: advisers choose whom to change, by what they know and the score does not, and support"
        " changes outcomes. Neither that a change was right nor that support works can be read from it."
    )
    rows = [_cells(line["id"], line) for line in lines]
    told = table(
        simulated(data, "Outcomes by what was decided beside what was proposed"), ("Decision", *_CELL_HEADS), rows
    )
    return Html(tag("h3", "Outcomes after a change") + note + told)


def shadow(data: dict[str, Any]) -> Html:
    """The challenger beside the model in force."""
    told, heading = data["shadow"], "What would another model have said?"
    if told is None:
        return Html()
    if not told["told"]:
        return section("shadow", heading, paragraphs(f"That cannot be told yet. {told['why']}"))
    noticed = told["noticed"]
    lead = paragraphs(
        f"The model {told['challenger']} scored the recorded answers of {count(told['people'])} people in the shadow of"
        f" {told['champion']}. Nothing of it was written to the records or shown to an adviser. It says how the two"
        " differ, and not which is right: for that, judge both by outcomes.",
        "A cut-off that is a share of a reference population is that share of each model's own.",
        f"Its figure less that of the model in force is {_points(told['mean'])} of 100 on average. For"
        f" {_part(noticed['higher'])} of people it is at least 5 of 100 higher, for {_part(noticed['lower'])} at least"
        " 5 lower.",
    )
    quantiles = [(f"{100 * row['at']:.0f}% of people", _points(row["difference"])) for row in told["quantiles"]]
    spread = table(
        simulated(data, "Its figure less that of the model in force, in people out of 100"),
        ("So many people are at or below", "Difference"), quantiles,
    )  # fmt: skip
    kinds = {"same_cutoffs": "the same cut-offs", "same_share": "the same share of people in each band"}
    rows = [
        (f"By {name}", *(number_of(told[key][way]) for way in ("up", "down", "same"))) for key, name in kinds.items()
    ]
    heads = ("How bands are given", "Higher band", "Lower band", "The same")
    bands = table(simulated(data, "People whose proposed band would be another one"), heads, rows)
    return section(
        "shadow", heading, lead, spread, bands, *(_by_group(data, told[key], name) for key, name in kinds.items())
    )


def _points(value: float) -> str:
    """A difference in people out of 100, with its sign."""
    text = f"{100 * value:+.1f}"
    return "0.0" if float(text) == 0 else text.replace("-", "−")


def _part(share: float | None) -> str:
    return "few" if share is None else percent(share)


def _by_group(data: dict[str, Any], told: dict[str, Any], name: str) -> Html:
    parts = []
    for item in told["groups"]:
        rows = [
            (line["name"], *(number_of(line[key]) for key in ("people", "up", "down", "same")))
            for line in item["groups"]
        ]
        caption = simulated(data, f"{item['name']}: whose band would change, by {name}")
        parts.append(table(caption, ("Group", "People", "Higher band", "Lower band", "The same"), rows))
    return Html("".join(parts))
