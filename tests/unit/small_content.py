"""A small invented organisation on disk, for tests that change one thing in its files."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

CHECKLIST: dict[str, Any] = {
    "id": "small",
    "version": "1",
    "title": "Small",
    "source": {"title": "Invented"},
    "label": {"outcome": "out", "complement": "in", "horizon_weeks": 52, "horizon": "later", "among": "people"},
    "factors": [{"id": "one", "row": "1", "name": "One", "stars": 2}],
    "questions": [
        {
            "id": "licence",
            "factor": "one",
            "label": "Licence",
            "ask": "Have you a licence?",
            "kind": "choice",
            "options": [
                {"id": "full", "text": "Full"},
                {"id": "part", "text": "Part"},
                {"id": "none", "text": "None"},
                {"id": "medical", "text": "Cannot, for a medical reason", "counts_as": "declined"},
                {"id": "unclear", "text": "Not sure which", "counts_as": "neutral"},
            ],
            "direction": {"risk": "rises", "words": "none is worse"},
        },
        {
            "id": "earned",
            "factor": "one",
            "label": "Earned",
            "ask": "How much?",
            "kind": "number",
            "number": {"unit": "pounds", "from": 0, "to": 5_000_000},
            "direction": {"risk": "falls", "words": "more is better"},
        },
        {
            "id": "place",
            "factor": "one",
            "label": "Place",
            "ask": "Where?",
            "kind": "area",
            "direction": {"risk": "rises", "words": "a higher rate is worse"},
        },
    ],
}
FEATURES: dict[str, Any] = {
    "checklist": "small",
    "version": "1",
    "inputs": [
        {"id": "licence", "question": "licence", "codes": {"full": 0, "part": 1, "none": 2}, "direction": "rises"},
        {
            "id": "earned",
            "question": "earned",
            "number": {"unit": "pounds", "from": 0, "to": 3_000_000, "step": 1000, "round": "down"},
            "direction": "falls",
        },
        {
            "id": "rate",
            "question": "place",
            "table": {"file": "areas.csv", "column": "rate"},
            "number": {"unit": "%", "from": 0, "to": 10, "step": 0.1},
            "direction": "rises",
        },
    ],
}
AREAS = (
    "code,name,gaelic_name,other_names,rate\nA1,Northtown,Baile a Tuath,North Town;N'town,2.5\nA2,Southtown,,,7.25\n"
)
RECIPE: dict[str, Any] = {
    "id": "small-1",
    "checklist": "small",
    "base_rate": {"value": 0.2, "plausible": [0.1, 0.3], "measured": False},
    "draws": {"count": 12, "lower": 2, "upper": 11, "seed": "s"},
    "effects": [
        {"input": "licence", "odds_ratio": 2.0, "range": [1.5, 2.5], "even_steps": True, "source": "x"},
        {
            "input": "earned",
            "odds_ratio": 3.0,
            "range": [2.0, 4.0],
            "from_values": [[0, 3.0], [2_500_000, 1.0]],
            "source": "x",
        },
        {"input": "rate", "odds_ratio": 1.5, "range": [1.1, 2.0], "log_linear": [2, 5], "source": "x"},
    ],
    "reference": {"name": "Invented people", "people": 1000, "seed": "p"},
}
CUTOFFS: dict[str, Any] = {
    "id": "small",
    "version": "1",
    "title": "Small",
    "checklist": "small",
    "permitted_use": "tests",
    "reasoning": "none",
    "bands": [
        {"id": "standard", "name": "Standard support", "offers": "the usual"},
        {"id": "enhanced", "name": "More support", "offers": "more", "rule": {"share": 30}},
        {"id": "intensive", "name": "Most support", "offers": "most", "rule": {"share": 8}},
    ],
    "enough_answers": {"at_least": 2},
    "enough_is_known": 0.1,
    "reason_odds_ratio": 1.1,
    "complex_needs_from": 2,
}


class Folder:
    """The files of the organisation as data; change them, then `write`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checklist = copy.deepcopy(CHECKLIST)
        self.features = copy.deepcopy(FEATURES)
        self.recipe = copy.deepcopy(RECIPE)
        self.cutoffs = copy.deepcopy(CUTOFFS)
        self.areas = AREAS

    def write(self) -> Path:
        """Write all files; returns their folder."""
        self.path.mkdir(parents=True, exist_ok=True)
        for name in ("checklist", "features", "recipe", "cutoffs"):
            text = yaml.safe_dump(getattr(self, name), sort_keys=False)
            (self.path / f"{name}.yaml").write_text(text, encoding="utf-8")
        (self.path / "areas.csv").write_text(self.areas, encoding="utf-8")
        return self.path
