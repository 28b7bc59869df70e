"""How does an organisation take questions off its checklist, or put its own on it, without a line of code?

It edits three YAML files. The functions here make the same edits, so that a study can compare sets of inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

FILES = ("checklist.yaml", "features.yaml", "evidence.yaml")
Content = dict[str, Any]
#: Changes the checklist, the features and the evidence recipe where they stand.
Edit = Callable[[Content, Content, Content], None]


def edited(source: Path, folder: Path, edit: Edit) -> Path:
    """The three files of `source` after an edit, and its area tables, in `folder`."""
    contents = [yaml.safe_load((source / name).read_text(encoding="utf-8")) for name in FILES]
    edit(*contents)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in zip(FILES, contents, strict=True):
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
        (folder / name).write_text(text, encoding="utf-8")
    for table in source.glob("*.csv"):
        (folder / table.name).write_bytes(table.read_bytes())
    return folder


def reduced(inputs: Collection[str]) -> Edit:
    """Keep these inputs alone, and the questions that they come from."""

    def edit(checklist: Content, features: Content, recipe: Content) -> None:
        features["inputs"] = [item for item in features["inputs"] if item["id"] in inputs]
        asked = {item["question"] for item in features["inputs"]}
        checklist["questions"] = [item for item in checklist["questions"] if item["id"] in asked]
        used = {item["factor"] for item in checklist["questions"]}
        checklist["factors"] = [item for item in checklist["factors"] if item["id"] in used]
        recipe["effects"] = [item for item in recipe["effects"] if item["input"] in inputs]
        recipe["blocks"] = [item for item in recipe.get("blocks", ()) if set(item["inputs"]) <= set(inputs)]
        recipe["reference"]["margins"] = [item for item in recipe["reference"]["margins"] if item["question"] in asked]

    return edit


def enlarged(shares: Mapping[str, float]) -> Edit:
    """Ask a yes-or-no question more for each name, for which there is no evidence.

    Args:
        shares: by name, the share of people who say yes, 0 to 1; it goes into the reference population.
    """

    def edit(checklist: Content, features: Content, recipe: Content) -> None:
        checklist["factors"].append({"id": "own", "row": "90", "name": "The organisation's own", "stars": 1})
        for place, (name, share) in enumerate(shares.items()):
            checklist["questions"].append(_question(name, place))
            features["inputs"].append({"id": name, "question": name, "codes": {"no": 0, "yes": 1}})
            flat = {"input": name, "odds_ratio": 1, "range": [1, 1], "even_steps": True, "source": "No evidence."}
            recipe["effects"].append(flat)
            recipe["reference"]["margins"].append(_margin(name, share))

    return edit


def finer(_checklist: Content, features: Content, _recipe: Content) -> None:
    """Ten grid values in place of each one, for numbers that are rounded to the nearest."""
    for item in features["inputs"]:
        if "number" in item and item["number"]["round"] == "nearest":
            item["number"]["step"] = float(Decimal(repr(item["number"]["step"])) / 10)


def undirected(checklist: Content, features: Content, _recipe: Content) -> None:
    """Take every direction away."""
    for item in (*checklist["questions"], *features["inputs"]):
        item.pop("direction", None)


def _question(name: str, place: int) -> Content:
    return {
        "id": name,
        "row": f"90.{place + 1}",
        "factor": "own",
        "label": name,
        "ask": f"Column {name} of the table?",
        "kind": "choice",
        "options": [{"id": "no", "text": "No", "say": "no"}, {"id": "yes", "text": "Yes", "say": "yes"}],
        "reason": f"{name}: {{answer}}",
        "strength": f"{name}: {{answer}}",
        "source": "The column of the table; no source states an effect",
    }


def _margin(name: str, share: float) -> Content:
    yes = round(100 * share, 1)
    groups = [{"options": ["yes"], "share": yes}, {"options": ["no"], "share": round(100 - yes, 1)}]
    return {"question": name, "groups": groups, "source": "Counted on the answers."}
