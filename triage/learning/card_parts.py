"""How do the figures of a learned model read as Markdown? Tables and sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from triage.bundle.shapes_drawing import Panel
from triage.evaluation.parts import count, differences, number, numbers, percent, shares, stated
from triage.outcomes.follow_up import SMALLEST_GROUP

#: What a step has to move a table by, in log-odds, to have a row of its own.
MOVED_LEAST = 0.005
_NAMES = {
    "auc": "AUC",
    "brier": "Brier score",
    "log_loss": "log loss",
    "slope": "calibration slope",
    "intercept": "calibration intercept",
    "ece": "expected calibration error",
    "observed_over_expected": "observed over expected",
}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; whatever stands in a cell stays in its cell."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(plain(text) for text in cells)} |" for cells in lines)


def plain(text: str) -> str:
    """Text from elsewhere as one line that Markdown takes for text."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def people(figures: Mapping[str, Any], told: str) -> str:
    """How many there are, and what became of them."""
    found = figures["people"]
    rows = [("rows", count(found["rows"])), ("people", count(found["clients"]))]
    rows.append(("known to have the outcome", count(found["cases"])))
    for kind, size in sorted(found["kinds"].items(), key=lambda item: (-(item[1] or 0), item[0])):
        rows.append((kind.replace("_", " "), f"fewer than {SMALLEST_GROUP}" if size is None else count(size)))
    return table((f"what{told}", "how many"), rows)


def follow_up(figures: Mapping[str, Any]) -> str:
    """How many were followed up, and the bounds of the share with the outcome."""
    found = figures["people"]
    unknown = count(int(found["not_known"]))
    return (
        f"The outcome is known of {percent(found['known'])} of them and not of {unknown}. Those remaining in sight"
        f" stand for those lost from sight (censoring weights): that gives {percent(found['estimate'])} with the"
        f" outcome. Without any assumption about those not known, the share lies between {percent(found['low'])} and"
        f" {percent(found['high'])} (Manski bounds)."
    )


def metrics(figures: Mapping[str, Any], told: str) -> str:
    """The main figures beside those of the evidence on the same people."""
    model, evidence = figures["model"], figures["evidence"]
    rows = []
    for key, name in _NAMES.items():
        beside = evidence.get(key)
        if beside is not None and "model_is" in beside:
            cells = (numbers(beside["figure"]), differences(beside["difference"]), str(beside["model_is"]))
        else:
            cells = (numbers(beside) if beside is not None else "", "", "")
        rows.append((name, numbers(model[key]), *cells))
    rows.append(("observed", shares(model["observed"]), "", "", ""))
    rows.append(("predicted", shares(model["predicted"]), "", "", ""))
    return table((f"figure{told}", "this model", "the evidence it started from", "difference", "this model is"), rows)


def top(figures: Mapping[str, Any], told: str) -> str:
    """What is found at the highest scores."""
    keys = ("ppv", "npv", "sensitivity", "false_positive_rate")
    rows = [(f"top {stated(item['share'])}", *(shares(item[key]) for key in keys)) for item in figures["model"]["top"]]
    return table((f"flagged{told}", "PPV", "NPV", "sensitivity", "false-positive rate"), rows)


def lowest(figures: Mapping[str, Any], told: str) -> str:
    """How safe the lowest scores are."""
    rows = [(f"lowest {stated(item['share'])}", shares(item["safe"])) for item in figures["model"]["lowest"]]
    return table((f"scores{told}", "without the outcome"), rows)


def curve(figures: Mapping[str, Any], told: str) -> str:
    """Expected and observed by tenth of the scores."""
    rows = [
        (
            str(place),
            count(item["people"]),
            shares(item["predicted"]),
            shares(item["observed"]),
            f"{percent(item['least'])} to {percent(item['most'])}",
        )
        for place, item in enumerate(figures["model"]["curve"], start=1)
    ]
    return table((f"tenth{told}", "people", "expected", "observed", "bounds"), rows)


def groups(figures: Mapping[str, Any], told: str) -> str:
    """Recall, false-positive rate and calibration by group, with the groups that are too small to be shown."""
    parts = [_dimension(item, told) for item in figures["groups"]]
    if not parts:
        return "Nothing is known by which people could be grouped."
    lead = (
        "Recall: of the people with the outcome, how many are flagged when the top share is. The furthest apart of"
        " several groups differ somewhat by chance alone."
    )
    return "\n\n".join([lead, *parts])


def _dimension(item: Mapping[str, Any], told: str) -> str:
    shown = [group for group in item["groups"] if group["shown"]]
    hidden = [group["name"] for group in item["groups"] if not group["shown"]]
    cuts = list(item["between_groups"])
    head = [f"{item['name']}{told}", "people", "expected", "observed"]
    for cut in cuts:
        head += [f"{_cut(cut)}: recall", f"{_cut(cut)}: false-positive rate"]
    rows = []
    for group in shown:
        cells = [group["name"], count(group["people"]), shares(group["predicted"]), shares(group["observed"])]
        for cut in cuts:
            found = group["cutoffs"][cut]
            cells += [shares(found["recall"]), shares(found["false_positive_rate"])]
        rows.append(cells)
    parts = [table(head, rows)] if shown else [f"{item['name']}: no group is large enough to be shown."]
    if hidden:
        parts.append(f"Too small to be shown: {', '.join(plain(name) for name in hidden)}.")
    parts += [line for cut in cuts for line in _furthest(item, cut)]
    return "\n\n".join(parts)


def _furthest(item: Mapping[str, Any], cut: str) -> Iterable[str]:
    found = item["between_groups"][cut]["recall"]
    if found is not None:
        yield (
            f"{_cut(cut).capitalize()}: recall is highest for “{plain(found['highest'])}” and lowest for"
            f" “{plain(found['lowest'])}”; the difference is {shares(found).replace('-', '−')}."
        )


def _cut(name: str) -> str:
    return f"{name.replace('_', ' ')}%"


def missing(figures: Mapping[str, Any], told: str) -> str:
    """Expected and observed by number of unanswered questions."""
    rows = [
        (_span(item), count(item["people"]), shares(item["predicted"]), shares(item["observed"]))
        if item["shown"]
        else (_span(item), "too few to be shown", "", "")
        for item in figures["missing_answers"]
    ]
    return table((f"unanswered questions{told}", "people", "expected", "observed"), rows)


def _span(item: Mapping[str, Any]) -> str:
    return f"{item['from']}" if item["from"] == item["to"] else f"{item['from']} to {item['to']}"


def competing(figures: Mapping[str, Any], told: str) -> str:
    """The main figures with retirement and death counted the one way and the other."""
    found = figures["competing_events"]
    size = found["competing_people"]
    if not size:
        return "Nobody is known to have retired or died before the horizon."
    names = {"not_back": "not back in work", "censored": "lost from sight at that moment"}
    rows = [
        (
            f"{name}{' (as learned)' if key == found['used'] else ''}",
            numbers(found[key]["auc"]),
            numbers(found[key]["slope"]),
            shares(found[key]["observed"]),
        )
        for key, name in names.items()
        if "auc" in found.get(key, {})
    ]
    many = count(size) if size >= SMALLEST_GROUP else f"fewer than {SMALLEST_GROUP}"
    lead = (
        f"Retired or died before the horizon: {many} rows. The figures, with these counted the one way and the other:"
    )
    return f"{lead}\n\n{table((f'counted as{told}', 'AUC', 'calibration slope', 'observed'), rows)}"


def learning(figures: Mapping[str, Any]) -> str:
    """What cross-validation chose, in sentences."""
    found = figures["learning"]
    if found["fell_back"]:
        chosen = (
            "The calibration slope reached a bound, so nothing that was fitted is used: the tables are those of the"
            f" evidence, moved as a whole by {number(found['intercept'])} log-odds to the observed rate."
        )
    else:
        trees = "no trees of LightGBM" if not found["trees"] else f"{found['trees']} trees of LightGBM"
        chosen = (
            f"Cross-validation let the tables leave the evidence by {found['multiple']:g} times its stated spread, and"
            f" added {trees}. Calibration: slope {number(found['slope'])}, intercept {number(found['intercept'])}."
        )
    return (
        f"A regression whose departures from the evidence are penalised comes first, then small trees of one question"
        f" each. {chosen} Cross-fitting: {found['folds']} folds by client, {found['repeats']} times. Seed:"
        f" `{found['seed']}`."
    )


def moved(figures: Mapping[str, Any], labels: Mapping[str, str], told: str) -> str:
    """How far each step after the fit moved each table, the furthest first; one sentence for the rest."""
    steps = sorted(figures["learning"]["moved"], key=lambda item: -_size(item))
    far = [item for item in steps if _size(item) > MOVED_LEAST]
    rows = [
        (item["step"], labels[item["input"]], number(item["most"]), number(item["mean"]), number(item["missing"]))
        for item in far
    ]
    rest = max((_size(item) for item in steps if _size(item) <= MOVED_LEAST), default=0.0)
    constant = max((abs(item["constant"]) for item in steps), default=0.0)
    lines = ["After the fit, calibration, direction, silence, centring, range and rounding change the tables in turn."]
    if rows:
        lines += [table((f"step{told}", "question", "at most, log-odds", "mean over people", "a missing answer"), rows)]
    lines.append(
        f"Every other step moved every other table by at most {rest:.2g} log-odds. Centring also moved whole tables, by"
        f" up to {number(constant)}; the baseline takes that back, so no score moved with it."
    )
    return "\n\n".join(lines)


def _size(item: Mapping[str, Any]) -> float:
    return max(float(item["most"]), abs(float(item["missing"])))


def departures(panels: Sequence[Panel], told: str) -> str:
    """By question, the lowest and the highest odds ratio by the evidence and as learned."""
    rows = []
    for panel in panels:
        points = [step.point for step in panel.steps]
        before = [step.evidence for step in panel.steps if step.evidence is not None]
        rows.append((panel.title, *_reach(before), *_reach(points)))
    head = (f"question{told}", "evidence, lowest to highest", "between", "learned, lowest to highest", "between")
    return table(head, rows)


def _reach(points: Sequence[float]) -> tuple[str, str]:
    low, high = min(points), max(points)
    return f"{math.exp(low):.2f} to {math.exp(high):.2f}", f"{math.exp(high - low):.2f}"


def constants(figures: Mapping[str, Any], labels: Mapping[str, str], told: str) -> str:
    """By question, what a contribution is above a Shapley value."""
    means = figures["mean_contributions"]
    return table(
        (f"question{told}", "mean contribution, log-odds"),
        [(labels[name], f"{means[name]:+.4f}".replace("-", "−")) for name in means],
    )
