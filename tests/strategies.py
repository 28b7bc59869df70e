"""What might another organisation's content look like? Checklists, features, recipes and cut-offs made at random."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.worlds import World

SENSITIVITIES = ("none", "special_category", "attitude", "family_background", "job_search")


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """The content of an invented organisation: every kind of question, one to three inputs for each."""
    kinds = draw(st.lists(st.sampled_from(("choice", "choice", "number")), min_size=2, max_size=5))
    kinds.insert(draw(st.integers(0, len(kinds))), "area") if draw(st.booleans()) else None
    made = [_question(draw, place, kind) for place, kind in enumerate(kinds)]
    questions, inputs = [question for question, _ in made], [item for _, items in made for item in items]
    # The order of the inputs need not be that of the questions.
    inputs = draw(st.permutations(inputs))
    checklist = {
        "id": "made_up",
        "version": "1.0",
        "title": "Invented",
        "source": {"title": "Invented for a test"},
        "label": {
            "outcome": "still without a job",
            "complement": "in a job",
            "horizon_weeks": 26,
            "horizon": "half a year on",
            "among": "people who looked for one",
        },
        "factors": [
            {"id": "first", "row": "1", "name": "First", "stars": 3},
            {"id": "second", "row": "2", "name": "Second", "stars": 0},
        ],
        "questions": questions,
        "context": _context(draw),
    }
    features = {"checklist": "made_up", "version": "1", "inputs": [_spec(item) for item in inputs]}
    return World(checklist, features, _areas(draw, kinds), _recipe(draw, inputs, questions), _cutoffs(draw, len(kinds)))


def _question(draw: st.DrawFn, place: int, kind: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    name = f"q{place}"
    risk = draw(st.sampled_from(("rises", "falls", None)))
    question: dict[str, Any] = {
        "id": name,
        "factor": draw(st.sampled_from(("first", "second"))),
        "label": f"Label {place}",
        "ask": f"What about {place}?",
        "kind": kind,
        "sensitivity": draw(st.sampled_from(SENSITIVITIES)),
        "interview": draw(st.sampled_from((True, True, False))),
        "reason": "So: {answer}",
    }
    if risk is not None:
        question["direction"] = {"risk": risk, "may": draw(st.booleans()), "words": f"risk {risk}"}
    if draw(st.integers(0, 3)) == 0:
        question["not_applicable_until_weeks_after_job_ends"] = draw(st.integers(0, 8))
    make = {"choice": _choice, "number": _number, "area": _area}[kind]
    inputs = make(draw, question, risk)
    return question, inputs


def _choice(draw: st.DrawFn, question: dict[str, Any], risk: str | None) -> list[dict[str, Any]]:
    name, size = question["id"], draw(st.integers(2, 5))
    ordered = [{"id": f"{name}_o{k}", "text": f"Option {k} of {name}"} for k in range(size)]
    kinds = draw(st.lists(st.sampled_from(("declined", "neutral")), max_size=2))
    extra = [{"id": f"{name}_x{k}", "text": f"Other {k} of {name}", "counts_as": kind} for k, kind in enumerate(kinds)]
    question["options"] = draw(st.permutations([*ordered, *extra])) if risk is None else [*ordered, *extra]
    inputs = []
    for k in range(draw(st.integers(1, 3))):
        # Distinct codes at both ends; options between them may share one.
        steps = [draw(st.integers(0, 3)) for _ in range(size - 1)]
        steps[draw(st.integers(0, size - 2))] += 1
        codes = np.cumsum([draw(st.integers(-20, 20)), *steps]).tolist()
        direction = "none" if risk is None else draw(st.sampled_from(("rises", "falls")))
        if risk is not None and direction != risk:
            codes = codes[::-1]
        pairs = {option["id"]: code for option, code in zip(ordered, codes, strict=True)}
        inputs.append({"id": f"{name}_i{k}", "question": name, "direction": direction, "codes": pairs})
    return inputs


_STEPS = ((1, 0), (0.1, 1), (0.25, 2), (5, 0), (0.001, 3), (250_000, 0), (3_000_000, 0))


def _grid(draw: st.DrawFn) -> dict[str, Any]:
    step, digits = draw(st.sampled_from(_STEPS))
    start = round(draw(st.integers(-8, 40)) * step, digits)
    stop = round(start + step * draw(st.integers(3, 40)), digits)
    return {
        "unit": "things",
        "from": start,
        "to": stop,
        "step": step,
        "round": draw(st.sampled_from(("down", "nearest"))),
    }


def _number(draw: st.DrawFn, question: dict[str, Any], risk: str | None) -> list[dict[str, Any]]:
    grids = [_grid(draw)]
    span = grids[0]["to"] - grids[0]["from"]
    # A person may give a number beyond the grid; it takes the grid's end.
    low = math.floor(grids[0]["from"] - draw(st.sampled_from((0, 0.3))) * span)
    high = math.ceil(grids[0]["to"] + draw(st.sampled_from((0, 0.5))) * span)
    question["number"] = {"unit": "things", "from": low, "to": high, "whole": draw(st.booleans())}
    if draw(st.booleans()):
        grids.append({**grids[0], "round": "down", "to": grids[0]["from"] + 2 * grids[0]["step"]})
    direction = risk or "none"
    return [
        {"id": f"{question['id']}_i{k}", "question": question["id"], "direction": direction, "number": grid}
        for k, grid in enumerate(grids)
    ]


def _area(draw: st.DrawFn, question: dict[str, Any], risk: str | None) -> list[dict[str, Any]]:
    grid = {"unit": "%", "from": 0, "to": 12, "step": 0.1, "round": "nearest"}
    return [
        {
            "id": f"{question['id']}_{column}",
            "question": question["id"],
            "direction": risk or "none",
            "number": grid,
            "table": {"file": "areas.csv", "column": column},
        }
        for column in ("rate", "share")[: draw(st.integers(1, 2))]
    ]


def _areas(draw: st.DrawFn, kinds: list[str]) -> tuple[dict[str, str], ...]:
    if "area" not in kinds:
        return ()
    figure = st.integers(0, 1500).map(lambda k: f"{k / 100}")
    first = {"code": "A0", "name": "Place 0", "other_names": "Old 0;Older 0", "rate": "2.5", "share": "4.25"}
    others = [
        {
            "code": f"A{k}",
            "name": f"Place {k}",
            "other_names": "",
            # An empty cell: nothing is known about this area.
            "rate": draw(st.one_of(figure, st.just(""))) if k > 1 else "9.95",
            "share": draw(figure),
        }
        for k in range(1, draw(st.integers(3, 7)))
    ]
    return (first, *others)


def _context(draw: st.DrawFn) -> list[dict[str, Any]]:
    statuses = [{"id": name, "text": name.replace("_", " ")} for name in ("at_risk", "left", "has_job", "redeployed")]
    fields = [
        {"id": "redundancy_status", "label": "Status", "ask": "?", "kind": "choice", "options": statuses},
        {"id": "job_ends", "label": "Ends", "ask": "?", "kind": "date"},
        {"id": "complex_needs", "label": "Complex", "ask": "?", "kind": "yes_no"},
        {"id": "objects_to_scoring", "label": "Objects", "ask": "?", "kind": "yes_no"},
    ]
    return [field for field in fields if draw(st.integers(0, 4))]


def _spec(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != "effect"}


# ------------------------------------------------------------------------------------------------ recipe


def _recipe(draw: st.DrawFn, inputs: list[dict[str, Any]], questions: list[dict[str, Any]]) -> dict[str, Any]:
    count = draw(st.integers(8, 14))
    directed = [item["id"] for item in inputs if item["direction"] != "none"]
    blocks = []
    if len(directed) >= 2 and draw(st.booleans()):
        blocks.append({"id": "together", "inputs": directed[:2], "odds_ratio": 2.0})
        if draw(st.booleans()):
            blocks[0]["range"] = [1.0, 9.5]
    low, high, seed = draw(st.integers(1, 2)), count - draw(st.integers(0, 2)), draw(st.sampled_from("abc"))
    rate = {"value": draw(st.sampled_from((0.03, 0.12, 0.39, 0.5))), "plausible": [0.01, 0.6], "measured": False}
    people = {"name": "Invented people", "people": 1000, "seed": "people", "margins": _margins(draw, questions)}
    return {
        "id": "made-up-1",
        "checklist": "made_up",
        "base_rate": rate,
        "draws": {"count": count, "lower": low, "upper": high, "seed": seed},
        "effects": [_effect(draw, item) for item in inputs],
        "blocks": blocks,
        "reference": people,
    }


def _effect(draw: st.DrawFn, item: dict[str, Any]) -> dict[str, Any]:
    top = draw(st.sampled_from((1.0, 1.05, 1.2, 1.8, 3.0)))
    low = round(1 + (top - 1) * draw(st.sampled_from((0, 0.5, 1))), 3)
    high = round(top * draw(st.sampled_from((1.15, 1.5, 2))), 3)
    effect: dict[str, Any] = {"input": item["id"], "odds_ratio": top, "range": [low, high], "source": "invented"}
    if item["direction"] == "none" and draw(st.booleans()):
        effect["range"][0] = 0.8
    shapes = ["even_steps", "log_linear"] if "number" in item else ["even_steps"]
    shape = draw(st.sampled_from(shapes if top == 1 else [*shapes, "stated"]))
    if shape == "even_steps":
        effect["even_steps"] = True
    elif shape == "log_linear":
        grid = item["number"]
        span = grid["to"] - grid["from"]
        effect["log_linear"] = [grid["from"] + span / 4, grid["to"] - span / 8]
    elif "number" in item:
        effect["from_values"] = _from_values(draw, item, top)
    else:
        effect["answers"] = _ratios(draw, item, top)
    return effect


def _from_values(draw: st.DrawFn, item: dict[str, Any], top: float) -> list[list[float]]:
    grid, middle = item["number"], round(1 + (top - 1) / 3, 4)
    span = grid["to"] - grid["from"]
    starts = [grid["from"], round(grid["from"] + 0.3 * span, 4), round(grid["from"] + 0.7 * span, 4)]
    ratios = [1.0, middle, top]
    if item["direction"] == "none":
        ratios = draw(st.permutations(ratios))
    elif item["direction"] == "falls":
        ratios = ratios[::-1]
    return [list(pair) for pair in zip(starts, ratios, strict=True)]


def _ratios(draw: st.DrawFn, item: dict[str, Any], top: float) -> dict[str, float]:
    codes = sorted(set(item["codes"].values()), reverse=item["direction"] == "falls")
    between = sorted(draw(st.sampled_from((1.0, round(1 + (top - 1) / 4, 4), top))) for _ in codes[2:])
    ratios = [1.0, *between, top]
    if item["direction"] == "none":
        ratios = draw(st.permutations(ratios))
    by_code = dict(zip(codes, ratios, strict=True))
    return {option: by_code[code] for option, code in item["codes"].items()}


def _margins(draw: st.DrawFn, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    margins = []
    for question in questions:
        shape = draw(st.sampled_from(("none", "stated", "seldom")))
        if shape == "none":
            continue
        margin: dict[str, Any] = {"question": question["id"], "source": "invented"}
        if shape == "seldom":
            margin["answered"] = draw(st.sampled_from((0, 12.5, 60)))
        if shape == "stated" and question["kind"] == "choice":
            counted = [option["id"] for option in question["options"] if "counts_as" not in option]
            margin["groups"] = [{"options": counted[:1], "share": 37.5}, {"options": counted[1:], "share": 62.5}]
        margins.append(margin)
    return margins


def _cutoffs(draw: st.DrawFn, questions: int) -> dict[str, Any]:
    return {
        "id": "made-up",
        "version": "1",
        "title": "Invented",
        "checklist": "made_up",
        "permitted_use": "tests",
        "reasoning": "none",
        "bands": _bands(draw),
        "enough_answers": {"at_least": draw(st.integers(1, min(3, questions)))},
        "enough_is_known": 0.1,
        "reason_odds_ratio": draw(st.sampled_from((1.01, 1.1, 1.5))),
        "complex_needs_from": 2,
    }


def _bands(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Two to four bands. Shares and probabilities of one model can cross, so all are of one kind."""
    kind = draw(st.sampled_from(("share", "probability")))
    levels = {"share": (60, 25.5, 5), "probability": (0.05, 0.2, 0.45)}[kind]
    bands: list[dict[str, Any]] = [{"id": "standard", "name": "Band 0", "offers": "the usual"}]
    for place in range(draw(st.integers(1, 3))):
        level: dict[str, Any] = {kind: levels[place]}
        shared = draw(st.integers(0, 3)) == 0
        rule = {"capacity": draw(st.integers(0, 30)), "fallback": level} if shared else level
        bands.append({"id": f"more_{place}", "name": f"Band {place + 1}", "offers": "more", "rule": rule})
    return bands
