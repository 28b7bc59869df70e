"""What has an analyst to know before choosing between policies?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from triage.evaluation.about import LEAST_FOLLOW_UP
from triage.evaluation.dimensions import AGE
from triage.evaluation.parts import percent
from triage.tuning.apart import LEAST_CASES

#: An age band is found less than half as often as another: so it was with people under 30 in the Netherlands.
HALF = 0.5
#: As in Flanders, where one group was flagged in vain 2.6 times as often as another.
OFTEN = 2.6
#: What is said of two groups whose rates lie so far apart.
_FORM = {
    "recall": "recall is {low} for “{lowest}” and {high} for “{highest}”: less than half",
    "false_positive_rate": "of those without the outcome, {high} of “{highest}” and {low} of “{lowest}” are flagged:"
    " 2.6 times as many or more in vain",
}
_SIMULATED = (
    "Everybody in these data is simulated. The figures say nothing about real people, and a policy chosen by them is"
    " for a demonstration only."
)
_LEARNED = "The model learned from simulated people. It is for practice, not for use."
_HELD_OUT = (
    "These are scores of held-out folds. What health answers add, and what a question is worth, is taken from the model"
    " itself, so those parts are near figures."
)


def cautions(data: Mapping[str, Any], learned_simulated: bool) -> list[dict[str, str]]:
    """What a reader has to know first; an empty list where nothing stands out.

    Args:
        data: what `tuning.json` holds so far.
        learned_simulated: True where the model learned from simulated people.
    """
    found = [*_data(data, learned_simulated), *_few(data["counts"]), *_scores(data["scores"]), *_groups(data)]
    return [{"id": name, "text": text} for name, text in found]


def _data(data: Mapping[str, Any], learned_simulated: bool) -> Iterator[tuple[str, str]]:
    people = data["people"]
    if data["simulated"]:
        yield "simulated", _SIMULATED
    elif learned_simulated:
        yield "learned_simulated", _LEARNED
    known = people["known"] / people["rows"]
    if known < LEAST_FOLLOW_UP:
        text = f"The outcome is known of {percent(known)} of people only. The figures suppose that the others are like"
        yield "follow_up", f"{text} them."
    if people["supported"]:
        text = f"{people['supported']:,} of {people['rows']:,} received support beyond the standard. Where it worked,"
        yield "support", f"{text} a cut-off looks as if it had flagged them in vain."


def _few(counts: Mapping[str, Sequence[int]]) -> Iterator[tuple[str, str]]:
    cases = counts["cases"][0] + counts["cases_below"][0]
    if cases < LEAST_CASES:
        text = f"Only {cases} people with a band are known to have the outcome. No policy can be promoted on that:"
        yield "few_cases", f"{text} {LEAST_CASES} are needed."


def _scores(scores: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if scores["how"] == "asserted":
        text = f"That the model has not seen these people rests on the word of {scores['asserted_by']}. Nobody could"
        yield "asserted", f"{text} check it, and every policy carries that."
    if scores["how"] == "out_of_fold":
        yield "out_of_fold", _HELD_OUT


def _groups(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """For each policy, the widest gap of each kind that is worth a word; policies alike in it are named together."""
    names = {band["id"]: band["name"] for band in data["bands"]}
    for rate, id_, wanted in (("recall", "age_recall", [AGE]), ("false_positive_rate", "in_vain", None)):
        said: dict[str, list[str]] = {}
        for policy in data["policies"]:
            found = [ends for ends in _ends(policy, rate, wanted) if _stands_out(rate, *ends[:2])]
            for high, low, band, item in sorted(found, key=lambda ends: ends[1] - ends[0])[:1]:
                text = _FORM[rate].format(high=percent(high), low=percent(low), **item)
                said.setdefault(f"“{names[band]}” or above, {item['name']}: {text}", []).append(policy["name"])
        for text, policies in said.items():
            yield id_, f"{text}. ({'; '.join(policies)})"


def _ends(
    policy: Mapping[str, Any], rate: str, wanted: Sequence[str] | None
) -> Iterator[tuple[float, float, str, Mapping[str, Any]]]:
    """The higher and the lower rate of each gap that is surely there, with its band and itself."""
    for item in policy["gaps"]:
        sure = item["difference"]["low"] is not None and item["difference"]["low"] > 0
        if item["rate"] != rate or not sure or (wanted is not None and item["dimension"] not in wanted):
            continue
        yield *_rates(policy, item), item["band"], item


def _rates(policy: Mapping[str, Any], item: Mapping[str, Any]) -> tuple[float, float]:
    band = next(band for band in policy["bands"] if band["id"] == item["band"])
    groups = next(found["groups"] for found in band["groups"] if found["id"] == item["dimension"])
    by_name = {group["name"]: group[item["rate"]]["value"] for group in groups}
    return by_name[item["highest"]], by_name[item["lowest"]]


def _stands_out(rate: str, high: float, low: float) -> bool:
    return low < HALF * high if rate == "recall" else high >= OFTEN * low
