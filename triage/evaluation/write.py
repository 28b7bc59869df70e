"""How is an evaluation written: JSON for programs, one HTML page for people, some lines for a terminal?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from triage.errors import UserError
from triage.evaluation.opening import who
from triage.evaluation.page import evaluation_page, outcome_words
from triage.evaluation.parts import differences, numbers, shares, stated

JSON, HTML = "evaluation.json", "evaluation.html"


def as_json(data: dict[str, Any]) -> str:
    """The data as JSON text; the same data give the same text."""
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def write_evaluation(data: dict[str, Any], target: Path) -> list[Path]:
    """Write to a file that ends in .json or .html, or both into a folder; returns the paths written.

    Raises:
        UserError: a file cannot be written.
    """
    makers = {".json": as_json, ".html": evaluation_page}
    maker = makers.get(target.suffix.lower())
    wanted = {target: maker} if maker else {target / JSON: as_json, target / HTML: evaluation_page}
    for path, make in wanted.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(make(data), encoding="utf-8", newline="\n")
        except OSError as problem:
            raise UserError(f"{path} cannot be written: {problem.strerror}.") from None
    return list(wanted)


def lines(data: dict[str, Any]) -> list[str]:
    """The main figures for a terminal."""
    main = data["main"]
    rows = [
        ("AUC", numbers(main["auc"])),
        ("Brier score", numbers(main["brier"])),
        ("Calibration slope", numbers(main["slope"])),
        ("Expected", shares(main["predicted"])),
        ("Observed", shares(main["observed"])),
    ]
    for row in main["top"]:
        rows.append((f"PPV at the top {stated(row['share'])}", shares(row["ppv"])))
        rows.append((f"Sensitivity at the top {stated(row['share'])}", shares(row["sensitivity"])))
    rows += [(f"Without it, lowest {stated(row['share'])}", shares(row["safe"])) for row in main["lowest"]]
    found = [f"{data['model']['id']}: {outcome_words(data)}", who(data), ""]
    found += [item["text"] for item in data["cautions"]]
    found += [""] if data["cautions"] else []
    found += _aligned(("Figure", "Value (95% interval)"), rows)
    beside = [(item["name"], differences(item["auc"]["difference"]), item["auc"]["model_is"]) for item in _all(data)]
    if beside:
        found += ["", *_aligned(("Beside", "AUC of the model less its", "The model is"), beside)]
    return found


def _all(data: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data["comparators"]
    return found


def _aligned(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns side by side, under their heads."""
    widths = [max(len(row[place]) for row in (heads, *rows)) for place in range(len(heads))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (heads, *rows)
    ]
