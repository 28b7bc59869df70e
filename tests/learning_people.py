"""People to learn from, for the tests of learning: an invented organisation, its clients, and files of outcomes.

Nobody here exists. The checklist has one question of each sort that learning treats in its own way: a number with a
direction and one without, a choice with a direction in one input and one whose direction only its inputs together
have, a plain choice, and a question of which no evidence is known.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from tests.evaluation_people import KINDS
from triage.checklist import Checklist
from triage.engine.encode_columns import ANSWERED
from triage.features import Features
from triage.learning import Settings, Start
from triage.outcomes import BACK, COMPETING, OUT, Outcomes

Array = NDArray[np.float64]
HORIZON = 26.0
#: Little work for each of many examples.
QUICK = Settings(folds=3, repeats=1, rounds=8, threads=1)


def _choice(name: str, options: Sequence[str], risk: str | None) -> dict[str, Any]:
    question: dict[str, Any] = {
        "id": name,
        "factor": "one",
        "label": name.title(),
        "ask": f"What about {name}?",
        "kind": "choice",
        "options": [{"id": option, "text": option.title()} for option in options],
    }
    return question | ({"direction": {"risk": risk, "words": "more is worse"}} if risk else {})


def _number(name: str, low: int, high: int, risk: str | None) -> dict[str, Any]:
    question: dict[str, Any] = {
        "id": name,
        "factor": "one",
        "label": name.title(),
        "ask": f"How many {name}?",
        "kind": "number",
        "number": {"unit": "years", "from": low, "to": high},
    }
    return question | ({"direction": {"risk": risk, "words": "more is worse"}} if risk else {})


def _unclear(question: dict[str, Any]) -> dict[str, Any]:
    options = [*question["options"], {"id": "unclear", "text": "Not sure", "counts_as": "neutral"}]
    return question | {"options": options}


CHECKLIST: dict[str, Any] = {
    "id": "tiny",
    "version": "1",
    "title": "Tiny",
    "source": {"title": "Invented"},
    "label": {
        "outcome": "out of work",
        "complement": "in work",
        "horizon_weeks": 26,
        "horizon": "26 weeks later",
        "among": "people",
    },
    "factors": [{"id": "one", "row": "1", "name": "One", "stars": 2}],
    "questions": [
        _unclear(_choice("trade", ("builder", "clerk", "cook"), None)),
        _number("years", 0, 40, "rises"),
        _number("age", 18, 65, None),
        _choice("health", ("good", "fair", "poor"), "rises"),
        _choice("skill", ("none", "some", "much"), "falls"),
        _choice("own", ("left", "right"), None),
    ],
}
#: "health" has no input with a direction: only both together have one.
FEATURES: dict[str, Any] = {
    "checklist": "tiny",
    "version": "1",
    "inputs": [
        {"id": "trade", "question": "trade", "codes": {"builder": 0, "clerk": 1, "cook": 2}},
        {
            "id": "years",
            "question": "years",
            "number": {"unit": "years", "from": 0, "to": 40, "step": 1},
            "direction": "rises",
        },
        {"id": "age", "question": "age", "number": {"unit": "years", "from": 18, "to": 65, "step": 1}},
        {"id": "health_fair", "question": "health", "codes": {"good": 0, "fair": 1, "poor": 0}},
        {"id": "health_poor", "question": "health", "codes": {"good": 0, "fair": 0, "poor": 1}},
        {"id": "skill", "question": "skill", "codes": {"none": 0, "some": 1, "much": 2}, "direction": "falls"},
        {"id": "own", "question": "own", "codes": {"left": 0, "right": 1}},
    ],
}
RECIPE: dict[str, Any] = {
    "id": "tiny-1",
    "checklist": "tiny",
    "base_rate": {"value": 0.3, "plausible": [0.1, 0.6], "measured": False},
    "draws": {"count": 32, "lower": 3, "upper": 30, "seed": "s"},
    "effects": [
        {
            "input": "trade",
            "odds_ratio": 1.5,
            "range": [1.1, 2.0],
            "answers": {"builder": 1.0, "clerk": 1.5, "cook": 1.2},
            "source": "x",
        },
        {"input": "years", "odds_ratio": 2.0, "range": [1.5, 2.7], "log_linear": [0, 30], "source": "x"},
        {"input": "age", "odds_ratio": 1.5, "range": [1.0, 2.2], "from_values": [[18, 1.0], [50, 1.5]], "source": "x"},
        {"input": "health_fair", "odds_ratio": 1.3, "range": [1.2, 1.4], "even_steps": True, "source": "x"},
        {"input": "health_poor", "odds_ratio": 2.0, "range": [1.8, 2.3], "even_steps": True, "source": "x"},
        {"input": "skill", "odds_ratio": 1.8, "range": [1.4, 2.3], "even_steps": True, "source": "x"},
        {"input": "own", "odds_ratio": 1.0, "range": [1.0, 1.0], "even_steps": True, "source": "none known"},
    ],
    "reference": {"name": "Invented people", "people": 1500, "seed": "p"},
}
CUTOFFS: dict[str, Any] = {
    "id": "tiny",
    "version": "1",
    "title": "Tiny",
    "checklist": "tiny",
    "permitted_use": "tests",
    "reasoning": "none",
    "bands": [
        {"id": "standard", "name": "Standard support", "offers": "the usual"},
        {"id": "enhanced", "name": "More support", "offers": "more", "rule": {"share": 30}},
    ],
    "enough_answers": {"at_least": 2},
    "enough_is_known": 0.1,
    "reason_odds_ratio": 1.1,
    "complex_needs_from": 2,
}


def write_content(folder: Path, **changed: dict[str, Any]) -> Path:
    """Write the organisation's files, some of them changed; returns the folder."""
    parts = {"checklist": CHECKLIST, "features": FEATURES, "evidence": RECIPE, "cutoffs": CUTOFFS} | changed
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in parts.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return folder


def start_of(folder: Path) -> Start:
    """Where learning starts for the organisation in this folder."""
    return Start.of(folder / "evidence.yaml", Features.load(Checklist.load(folder)))


def answers(random: np.random.Generator, features: Features, n: int, given: float = 0.85) -> tuple[Array, Any]:
    """Grid values [n, inputs] and states [n, questions] of people who answer at random."""
    inputs = np.full((n, len(features.inputs)), np.nan)
    states = np.zeros((n, len(features.checklist.questions)), dtype=np.int8)
    for place, question in enumerate(features.checklist.questions):
        said = random.random(n) < given
        states[said, place] = ANSWERED
        items = features.inputs_of[question.id]
        if question.kind == "choice":
            options = [option.id for option in question.ordered]
            picked = random.integers(0, len(options), n)
            for item in items:
                values = np.array([item.value(option) for option in options])
                inputs[:, item.place] = np.where(said, values[picked], np.nan)
        else:
            inputs[:, items[0].place] = np.where(said, random.choice(np.array(items[0].grid.values), n), np.nan)
    return inputs, states


def people(
    seed: int, start: Start, n: int = 200, *, truth: str = "noise", clients: int | None = None, **more: Any
) -> Outcomes:
    """Outcomes of n people, some lost from sight, some with answers missing.

    Args:
        truth: "noise"; "evidence" (the evidence is right); "reversed" (it is the other way round, and twice as
            strong); "separable" (years and age decide alone).
        clients: how many different clients; None for n of them.
    """
    random = np.random.default_rng(seed)
    inputs, states = answers(random, start.features, n)
    logit = start.evidence.baseline + start.evidence.contributions_many(inputs).sum(axis=1)
    centred = logit - logit.mean()
    if truth == "separable":
        years = np.nan_to_num(inputs[:, 1], nan=20.0)
        out = years + np.nan_to_num(inputs[:, 2], nan=40.0) > 60
    else:
        chance = {"noise": 0 * logit - 0.6, "evidence": logit, "reversed": -2 * centred - 0.6}[truth]
        out = random.random(n) < 1 / (1 + np.exp(-chance))
    weeks = np.where(out, np.round(random.uniform(27, 80, n)), np.round(random.uniform(0, 26, n)))
    place = np.where(random.random(n) < 0.05, COMPETING, BACK)
    if truth != "separable":
        lost = np.round(random.exponential(90, n))
        place, weeks = np.where(lost < weeks, OUT, place), np.minimum(weeks, lost)
    ids = np.arange(n) if clients is None else random.integers(0, clients, n)
    given: dict[str, Any] = {
        "client": np.array([f"c{row:05d}" for row in ids], dtype=object),
        "inputs": inputs,
        "states": states,
        "weeks": weeks.astype(np.float64),
        "kind": np.array([KINDS[int(code)] for code in place], dtype=object),
        "place": place.astype(np.int8),
        "weight": np.ones(n),
        "date": np.full(n, "2024-03-01", dtype="datetime64[D]"),
        "source": "invented.csv",
        "simulated": True,
    }
    return Outcomes(**(given | more))


def opposite(seed: int, start: Start, n: int = 400) -> Outcomes:
    """Two clients of many rows each: what goes with the outcome for one goes against it for the other.

    What is learned of one is wrong of the other, so held-out scores point the wrong way.
    """
    found = people(seed, start, n, clients=2)
    own = found.inputs[:, -1]
    first = found.client == found.client[0]
    out = np.where(first, own == 0, own == 1)
    return replace(found, weeks=np.where(out, 40.0, 10.0), place=np.full(n, BACK, dtype=np.int8))


def texts(random: np.random.Generator, n: int) -> list[dict[str, str]]:
    """Rows of a file of outcomes as people write them: ids, wordings, declined words, empty cells."""
    questions = CHECKLIST["questions"]
    rows = []
    for row in range(n):
        cells = {"client": f"c{row:05d}", "date": f"2024-0{1 + row % 9}-1{row % 10}", "simulated": "yes"}
        for question in questions:
            if question["kind"] == "number":
                spec = question["number"]
                cells[question["id"]] = str(random.integers(spec["from"], spec["to"] + 1))
            else:
                option = question["options"][random.integers(len(question["options"]))]
                cells[question["id"]] = str(random.choice([option["id"], option["text"], option["text"].upper()]))
            if random.random() < 0.1:
                cells[question["id"]] = str(random.choice(["", "Prefer not to say"]))
        out = random.random() < 0.4
        cells["weeks"] = str(random.integers(27, 60) if out else random.integers(0, 26))
        cells["outcome"] = str(random.choice(["still_looking", "paid_work"] if out else ["paid_work", "self_employed"]))
        rows.append(cells)
    return rows


def write_rows(path: Path, rows: Sequence[dict[str, str]], columns: Sequence[str] | None = None) -> Path:
    """Write rows as CSV; `columns` in the order wanted."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns or list(rows[0]), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path
