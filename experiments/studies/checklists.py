"""How does an organisation take questions off its checklist, or put its own on it, without a line of code?

It edits three YAML files. These functions do the same edits, so that a study can compare sets of inputs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

FILES = ("checklist.yaml", "features.yaml", "evidence.yaml")
Content = dict[str, Any]


def read(folder: Path) -> tuple[Content, Content, Content]:
    """The checklist, the features and the evidence recipe of a folder."""
    checklist, features, recipe = (yaml.safe_load((folder / name).read_text(encoding="utf-8")) for name in FILES)
    return checklist, features, recipe


def write(folder: Path, *contents: Content) -> None:
    """Write the three files to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in zip(FILES, contents, strict=True):
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
        (folder / name).write_text(text, encoding="utf-8")


def reduced(source: Path, folder: Path, inputs: Collection[str]) -> None:
    """The checklist of `source` with these inputs alone and the questions that they come from."""
    checklist, features, recipe = read(source)
    features["inputs"] = [item for item in features["inputs"] if item["id"] in inputs]
    asked = {item["question"] for item in features["inputs"]}
    checklist["questions"] = [item for item in checklist["questions"] if item["id"] in asked]
    used = {item["factor"] for item in checklist["questions"]}
    checklist["factors"] = [item for item in checklist["factors"] if item["id"] in used]
    recipe["effects"] = [item for item in recipe["effects"] if item["input"] in inputs]
    recipe["blocks"] = [item for item in recipe.get("blocks", ()) if set(item["inputs"]) <= set(inputs)]
    recipe["reference"]["margins"] = [item for item in recipe["reference"]["margins"] if item["question"] in asked]
    write(folder, checklist, features, recipe)


def enlarged(source: Path, folder: Path, shares: Mapping[str, float]) -> None:
    """The checklist of `source` with a yes-or-no question more for each name, for which there is no evidence.

    Args:
        source: the folder to start from.
        folder: where to write.
        shares: by name, the share of people who say yes; it goes into the reference population.
    """
    checklist, features, recipe = read(source)
    checklist["factors"].append({"id": "own", "row": "90", "name": "The organisation's own", "stars": 1})
    for place, (name, share) in enumerate(shares.items()):
        checklist["questions"].append(_question(name, place))
        features["inputs"].append({"id": name, "question": name, "codes": {"no": 0, "yes": 1}})
        flat = {"input": name, "odds_ratio": 1, "range": [1, 1], "even_steps": True, "source": "No evidence."}
        recipe["effects"].append(flat)
        recipe["reference"]["margins"].append(_margin(name, share))
    write(folder, checklist, features, recipe)


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
