"""A made-up `tuning.json` in every detail of its form: quick to make, as large and as hostile as a test asks for.

Its figures are counts of people drawn at random, so they go together; its ranges are a rough guess.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
PERCENTS = list(range(1, 100))
BANDS = (
    ("standard", "PACE support", "Everything that PACE offers to everyone."),
    ("enhanced", "PACE support plus a check-in", "Somebody gets in touch again within a few weeks."),
    ("intensive", "PACE support with your own adviser", "One adviser who stays in touch."),
)
IN_FORCE, GIVEN, SOLVED = (14.0, 22.0), (12.5, 20.0), (14.0, 17.0)
AGES = ("under 25 years", "25 to 34 years", "35 to 44 years", "45 to 54 years", "55 years and over")


def sample_data(
    people: int = 6000,
    dimensions: Sequence[int] = (5, 3),
    name: Callable[[int, int], str] = lambda dimension, group: f"group {group + 1} of way {dimension + 1}",
    bands: Sequence[tuple[str, str, str]] = BANDS,
    **more: Any,
) -> dict[str, Any]:
    """Data for a page.

    Args:
        people: how many are made up.
        dimensions: how many groups each way to group people has; the first are age bands.
        name: of a group of a later dimension.
        bands: from the standard one up: id, name, what it offers.
        more: what stands in place of the data made here.
    """
    random = np.random.default_rng(7)
    age = random.integers(0, dimensions[0], people)
    chance = 1 / (1 + np.exp(-random.normal(-2.2 + 0.25 * age, 0.55)))
    case = random.random(people) < chance
    codes = [age, *(random.integers(0, size, people) for size in dimensions[1:])]
    everybody = _Counts(chance, case)
    ways = []
    for way, (code, size) in enumerate(zip(codes, dimensions, strict=True)):
        names = [AGES[k] if way == 0 and k < len(AGES) else name(way, k) for k in range(size)]
        groups = [_group(names[k], _Counts(chance[code == k], case[code == k])) for k in range(size)]
        groups.append({"name": "not stated", "shown": False})
        id_, title, source = ("age", "age", "answers") if way == 0 else (f"group_{way}", f"way {way + 1}", "column")
        ways.append({"id": id_, "name": title, "source": source, "groups": groups})
    policies = [
        _policy("in-force", "In force: pace-start-2026.1", "in_force", IN_FORCE, everybody, ways, bands),
        _policy("at-12.5", "Proposed: a little more of both", "given", GIVEN, everybody, ways, bands),
        _policy("solved-17", "Solved: own adviser from 17%", "solved", SOLVED, everybody, ways, bands),
    ]
    policies[1]["blocked"] = [{"id": "indistinct", "why": "The cut-off of 'enhanced' cannot be told apart."}]
    policies[2]["run"] = "0123456789abcdef0123456789abcdef"
    curves = {**everybody.curves(), "net_benefit": everybody.net(), "recall_gap_age": _gap(ways[0])}
    cases = everybody.cases.tolist()
    data = {
        "format": 1, "title": "Simulated people: which cut-offs for evidence-2026.1?", "simulated": True,
        "model": {
            "id": "evidence-2026.1", "source": "evidence", "training": "evidence only: no outcomes were used",
            "outcome": "not in paid work", "complement": "in paid work", "horizon": "a year after their job ended",
            "horizon_weeks": 52, "manifest_sha256": "ab" * 32,
        },
        "checklist": "pace-2021.1",
        "people": {
            "source": "outcomes.csv", "sha256": "cd" * 32, "rows": people, "clients": people, "known": people,
            "cases": int(case.sum()), "first_date": "2024-01-08", "last_date": "2025-06-30",
        },
        "scores": {"how": "never_learned", "asserted_by": "", "why": "The model has learned from nobody."},
        "settings": {"seed": "tuning", "resamples": 1000, "least_people": 10, "least_cases": 5},
        "bands": [{"id": id_, "name": shown, "offers": offers} for id_, shown, offers in bands],
        "in_force": "in-force",
        "cautions": [{"id": "simulated", "text": "Everybody in these data is simulated."}],
        "cutoffs": PERCENTS, "curves": curves,
        "counts": {
            "people": everybody.people.tolist(), "cases": cases, "cases_below": [int(case.sum()) - k for k in cases],
        },
        "indistinct": [
            {"from": k, "to": k + 1, "why": "Between them lie only 4 people with the outcome; 10 are needed."}
            for k in PERCENTS[:-1] if 0 < cases[k - 1] - cases[k] < 10
        ],
        "equal": [{"from": 1, "to": 2}, {"from": int((everybody.people > 0).sum()) + 1, "to": 99}],
        "groups": ways, "policies": policies, "frontier": _frontier(everybody), "costs": _costs(),
    }  # fmt: skip
    return data | more


class _Counts:
    """People at or above each cut-off."""

    def __init__(self, chance: Array, case: NDArray[np.bool_]) -> None:
        above = chance[None, :] >= np.array(PERCENTS)[:, None] / 100
        self.all, self.all_cases = len(case), int(case.sum())
        self.people = above.sum(axis=1)
        self.cases = (above & case).sum(axis=1)

    def rates(self) -> dict[str, tuple[Array, Array]]:
        """By name the counts above and below the line of each share."""
        everybody, cases = np.full(99, self.all), np.full(99, self.all_cases)
        return {
            "ppv": (self.cases, self.people),
            "npv": (everybody - cases - self.people + self.cases, everybody - self.people),
            "sensitivity": (self.cases, cases),
            "flagged": (self.people, everybody),
            "missed": (cases - self.cases, everybody),
            "in_vain": (self.people - self.cases, everybody),
            "false_positive_rate": (self.people - self.cases, everybody - cases),
        }

    def curves(self) -> dict[str, Any]:
        return {name: _curve(*counts) for name, counts in self.rates().items()}

    def net(self) -> dict[str, Any]:
        cost = np.array(PERCENTS) / (100 - np.array(PERCENTS))
        value = (self.cases - cost * (self.people - self.cases)) / self.all
        return {"value": _plain(value), "low": _plain(value - 0.01), "high": _plain(value + 0.01)}

    def figures(self, percent: float) -> dict[str, Any]:
        place = round(percent) - 1
        return {name: _at(curve, place) for name, curve in self.curves().items()}


def _curve(above: Array, below: Array) -> dict[str, Any]:
    share = np.divide(above, below, out=np.full(99, np.nan), where=below > 0)
    spread = 1.96 * np.sqrt(share * (1 - share) / np.maximum(below, 1))
    return {
        "value": _plain(share),
        "low": _plain(np.maximum(share - spread, 0)),
        "high": _plain(np.minimum(share + spread, 1)),
    }  # fmt: skip


def _plain(values: Array) -> list[float | None]:
    return [float(f"{value:.6g}") if np.isfinite(value) else None for value in values]


def _at(curve: dict[str, Any], place: int) -> dict[str, float | None]:
    return {key: curve[key][place] for key in ("value", "low", "high")}


def _group(name: str, counts: _Counts) -> dict[str, Any]:
    curves = counts.curves()
    curves["recall"] = curves.pop("sensitivity")
    return {
        "name": name, "shown": True, "people": counts.all, "known": counts.all, "cases": counts.all_cases,
        "curves": curves, "counts": {"cases": counts.cases.tolist()},
    }  # fmt: skip


def _gap(ages: dict[str, Any]) -> dict[str, Any]:
    recalls = np.array([group["curves"]["recall"]["value"] for group in ages["groups"] if group["shown"]], dtype=float)
    value = recalls.max(axis=0) - recalls.min(axis=0)
    return {"value": _plain(value), "low": _plain(np.maximum(value - 0.05, 0)), "high": _plain(value + 0.05)}


def _policy(
    id_: str, name: str, kind: str, cuts: Sequence[float], counts: _Counts, ways: list[dict[str, Any]],
    bands: Sequence[tuple[str, str, str]],
) -> dict[str, Any]:  # fmt: skip
    found = []
    for band, percent in zip(bands[1:], cuts, strict=False):
        place = round(percent) - 1
        cases = int(counts.cases[place])
        found.append({
            "id": band[0], "percent": percent, "logit": float(np.log(percent / (100 - percent))),
            "figures": counts.figures(percent), "cases": cases, "cases_below": counts.all_cases - cases,
            "groups": [
                {"id": way["id"], "groups": [_group_at(group, place) for group in way["groups"] if group["shown"]]}
                for way in ways
            ],
        })  # fmt: skip
    gap = {
        "dimension": "age", "name": "age", "band": bands[-1][0], "rate": "recall",
        "highest": AGES[-1], "lowest": AGES[0],
        "difference": {"value": 0.55, "low": 0.41, "high": 0.66},
    }  # fmt: skip
    wider = {
        "dimension": "age", "name": "age", "band": bands[-1][0], "rate": "recall", "before": 0.4, "after": 0.55,
        "difference": {"value": 0.15, "low": 0.04, "high": 0.22}, "sure": True,
    }  # fmt: skip
    less = {
        "characteristic": "disability", "questions": ["physical_ability", "disability", "mental_ability"],
        "bands": [{"id": band["id"], "figures": band["figures"], "gaps": [gap]} for band in found],
    }  # fmt: skip
    moved = (
        {"up": 0, "down": 0, "same": counts.all}
        if kind == "in_force"
        else {"up": 412, "down": 0, "same": counts.all - 412}
    )
    return {
        "id": id_, "name": name, "kind": kind, "bands": found, "gaps": [gap], "moved": moved, "less": [less],
        "widened": [wider] if kind == "given" else [],
        "blocked": [{"id": "in_force", "why": "It is in force already."}] if kind == "in_force" else [],
        "cutoffs_file": "# A candidate from tuning.\nid: pace-start\n", "run": "",
    }  # fmt: skip


def _group_at(group: dict[str, Any], place: int) -> dict[str, Any]:
    cases = group["counts"]["cases"][place]
    figures = {name: _at(curve, place) for name, curve in group["curves"].items()}
    return {
        "name": group["name"],
        "people": group["people"],
        "cases": cases,
        "cases_below": group["cases"] - cases,
    } | figures


def _frontier(counts: _Counts) -> dict[str, Any]:
    flagged, recall = counts.people / counts.all, counts.cases / counts.all_cases
    points = [
        {
            "percent": float(percent), "flagged": float(flagged[percent - 1]),
            "places_a_week": float(40 * flagged[percent - 1]), "sensitivity": float(recall[percent - 1]),
            "gap": 0.3, "best": percent == 17,
        }
        for percent in PERCENTS[:60]
    ]  # fmt: skip
    limit = {"places_a_week": 10.0, "arrivals_a_week": 40.0, "most_gap": 0.6, "dimension": "age"}
    return {
        "band": "intensive", "limit": limit, "points": points, "chosen": 17.0, "equal": [],
        "same_people": {"above": 16.9, "up_to": 17.0}, "local": None, "policy": "solved-17",
        "why": "It finds the most people with the outcome of all cut-offs that keep to the limits.",
    }  # fmt: skip


def _costs() -> dict[str, Any]:
    depends = [{"ratio": ratio, "percent": round(100 / ratio, 2)} for ratio in (2.5, 4.0, 5.0, 6.0, 10.0)]
    return {"band": "intensive", "place": 2.0, "missed": 10.0, "percent": 20.0, "depends": depends}
