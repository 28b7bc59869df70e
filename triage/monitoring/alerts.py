"""What calls for somebody to look, where, and what should they do?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from triage.monitoring.rules import Rules

#: "stop": the stop rule, at once. "act": within a working day. "look": when there is time.
Level = Literal["stop", "act", "look"]
LEVELS: tuple[Level, ...] = ("stop", "act", "look")
_LEVEL_OF_SIZE: dict[str, Level] = {"moderate": "look", "large": "act"}


def alerts(data: dict[str, Any], rules: Rules, review_date: date | None, today: date) -> list[dict[str, Any]]:
    """Every alert that the figures give, the most urgent first.

    Args:
        data: what was found (see `triage.monitoring.monitor`).
        rules: when a figure counts.
        review_date: by when the cut-offs have to be looked at again; None where nobody said.
        today: the day.

    Returns:
        Plain data, each with "id", "level", "where", "what", "means" and "do".
    """
    found = [
        *_kept(data), *_review(data, review_date, today), *_policy(data), *_drift(data), *_outcomes(data, rules),
        *_changes(data),
    ]  # fmt: skip
    told = [{**alert, "means": rules.words[alert["id"]].means, "do": rules.words[alert["id"]].do} for alert in found]
    return sorted(told, key=lambda alert: LEVELS.index(alert["level"]))


def _alert(id_: str, level: Level, where: str, what: str) -> dict[str, str]:
    return {"id": id_, "level": level, "where": where, "what": what}


def _kept(data: dict[str, Any]) -> Iterator[dict[str, str]]:
    if wrong := data["scores"]["not_reproduced"]:
        checked = data["scores"]["checked"]
        what = f"{wrong:,} of {'the' if checked is None else f'{checked:,}'} kept scores cannot be worked out again."
        yield _alert("not_reproduced", "stop", "the records", what)


def _review(data: dict[str, Any], review_date: date | None, today: date) -> Iterator[dict[str, str]]:
    if review_date is not None and review_date < today:
        what = f"They had to be looked at again by {review_date.isoformat()}."
        yield _alert("review_date", "stop", f"the cut-offs {data['cutoffs']['version']}", what)


def _policy(data: dict[str, Any]) -> Iterator[dict[str, str]]:
    policy = data["policy"]
    if policy is not None and not policy["same_model"]:
        model, now = policy["model"], data["model"]["id"]
        what = (
            f"Its evidence is about another release of {now}."
            if model == now
            else f"Its evidence is about {model}, and {now} is in use."
        )
        yield _alert("other_model", "look", f"the policy {policy['version']}", what)


def _drift(data: dict[str, Any]) -> Iterator[dict[str, str]]:
    """What moved by more than chance in the last period that can be told. Earlier ones stand in the tables."""
    drift = data["drift"]
    score = drift["score"]
    yield from _moved("score_drift", score, "from_first", "the score")
    # From the simulated reference population most services differ from the first day: one line says so, no more.
    for alert in _moved("score_reference", score, "from_reference", "the score"):
        yield {**alert, "level": "look"}
    for id_, items in (("answer_drift", drift["answers"]), ("missing_drift", drift["unanswered"])):
        for item in items:
            # A question that too few have answered of late says nothing of the present.
            if item["latest"] == score["latest"]:
                yield from _moved(id_, item, "from_first", f"the question “{item['name']}”")


def _moved(id_: str, item: dict[str, Any], beside: str, where: str) -> Iterator[dict[str, str]]:
    latest = next((row for row in reversed(item["periods"]) if row["period"] == item["latest"]), None)
    told = latest[beside] if latest else None
    if told is None or told["may_be_chance"] or told["size"] == "small":
        return
    before = f"since {item['first']}" if beside == "from_first" else "from the reference population"
    what = (
        f"In {item['latest']} the population stability index {before} is {told['psi']:.2f} ({told['size']}); chance"
        f" alone seldom gives more than {told['bound']:.2f}."
    )
    yield _alert(id_, _LEVEL_OF_SIZE[told["size"]], where, what)


def _outcomes(data: dict[str, Any], rules: Rules) -> Iterator[dict[str, str]]:
    told = data["outcomes"]
    if not told["told"]:
        return
    if _off(told["observed_over_expected"], rules):
        yield _alert("calibration", "act", "everybody whose outcome is known", _ratio(told["observed_over_expected"]))
    names = data["cutoffs"]["names"]
    for band in told["bands"]:
        if band["shown"] and band["id"] and _off(band["observed_over_expected"], rules):
            where = f"the band “{names[band['id']]}”"
            yield _alert("band_calibration", "look", where, _ratio(band["observed_over_expected"]))
    for item in told["groups"]:
        for band, gap in item["between_groups"].items():
            if gap:
                yield from _gap(item["name"], names[band], gap, rules)


def _off(told: dict[str, float | None], rules: Rules) -> bool:
    value, low, high = told["value"], told["low"], told["high"]
    if value is None or low is None or high is None or low <= 1 <= high:
        return False
    return value < rules.calibration.low or value > rules.calibration.high


def _ratio(told: dict[str, float | None]) -> str:
    return (
        f"{told['value']:.2f} people had the outcome for each one expected (95% interval {told['low']:.2f} to"
        f" {told['high']:.2f})."
    )


def _gap(name: str, band: str, told: dict[str, Any], rules: Rules) -> Iterator[dict[str, str]]:
    if told["low"] is None or told["low"] <= 0 or told["value"] < rules.recall.gap:
        return
    what = (
        f"“{band}” or above reaches “{told['highest']}” most and “{told['lowest']}” least: the difference in recall is"
        f" {100 * told['value']:.0f} of 100 (95% interval {100 * told['low']:.0f} to {100 * told['high']:.0f})."
    )
    yield _alert("recall_gap", "act", f"{name[:1].lower()}{name[1:]}", what)


def _changes(data: dict[str, Any]) -> Iterator[dict[str, str]]:
    words = {"changed_seldom": "Fewer than {:.0f} in 100", "changed_often": "More than {:.0f} in 100"}
    for sign in data["changes"]["signs"]:
        what = f"{words[sign['id']].format(100 * sign['limit'])} proposals were changed."
        yield _alert(sign["id"], "look", sign["where"], what)
