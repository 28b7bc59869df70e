"""How is what was found written: JSON for programs, one HTML page for people, some lines for a terminal?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from triage.errors import UserError
from triage.evaluation.parts import numbers
from triage.evaluation.write import as_json
from triage.monitoring.monitor import FORMAT
from triage.monitoring.page import LEVELS, monitoring_page
from triage.monitoring.rules import DriftRules

JSON, HTML, ALERTS = "monitoring.json", "monitoring.html", "alerts.json"


def alerts_json(data: dict[str, Any], in_part: bool) -> str:
    """What `alerts.json` holds: `format`, `title`, `simulated`, `on`, `model`, `in_part` and `alerts`."""
    named = {key: data[key] for key in ("title", "simulated", "on")}
    found = {"format": FORMAT, **named, "model": data["model"]["id"], "in_part": in_part, "alerts": data["alerts"]}
    return json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def write_monitoring(data: dict[str, Any], rules: DriftRules, folder: Path, in_part: bool) -> list[Path]:
    """Write the three files into `folder`, over those of an earlier time; returns their paths.

    Raises:
        UserError: a file cannot be written.
    """
    made = {JSON: as_json(data), HTML: monitoring_page(data, rules), ALERTS: alerts_json(data, in_part)}
    for name, text in made.items():
        path = folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as problem:
            raise UserError(f"{path} cannot be written: {problem.strerror}.") from None
    return [folder / name for name in made]


def lines(data: dict[str, Any]) -> list[str]:
    """What was found, for a terminal."""
    people = data["scores"]["people"]
    kind = "simulated people" if data["simulated"] else "people"
    told = data["outcomes"]
    found = [
        f"{data['model']['id']}: {'few' if people is None else f'{people:,}'} {kind} scored from {data['since']} to"
        f" {data['until']}."
    ]
    if told["told"]:
        found.append(
            f"Outcomes: {told['known']:,} known, {told['cases']:,} with the outcome. Observed for each expected:"
            f" {numbers(told['observed_over_expected'])}."
        )
    else:
        found.append(f"Outcomes: {told['why']}")
    outside = data["known"]["outside"]
    if outside != 0:
        number = "A few" if outside is None else f"{outside:,}"
        found.append(f"{number} outcomes are not known to belong to these days, and do not count.")
    missed = [item["name"] for item in data["collected"] if not item["from"]]
    if missed:
        found.append(f"Not collected beside the outcomes: {', '.join(missed)}.")
    if not data["alerts"]:
        return [*found, "No alert."]
    for item in data["alerts"]:
        found += [f"{LEVELS[item['level']]}: {item['where']}. {item['what']}", f"  {item['do']}"]
    return found
