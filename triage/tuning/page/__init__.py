"""How does a sweep over the cut-offs become one HTML page that opens from a disk and needs no network?

The whole page can be read without its script. The script adds sliders, and puts the figures of another cut-off where
those of the policy in force stand.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from importlib.resources import files
from typing import Any

from triage.checklist.page import Html, tag
from triage.tuning.page.cards import consequences, controls
from triage.tuning.page.curves import curves
from triage.tuning.page.given import script_data
from triage.tuning.page.groups import groups
from triage.tuning.page.opening import method, opening
from triage.tuning.page.policies import policies
from triage.tuning.page.solver import costs, frontier
from triage.tuning.page.sweep import Sweep

__all__ = ["tuning_page"]

#: Signs that turn the direction of writing: in a name from a file they would make a sentence read otherwise.
_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd")


def tuning_page(data: dict[str, Any]) -> str:
    """The page for the data of `tuning.json`, as HTML."""
    sweep = Sweep(data)
    folder = files(__package__) / "static"
    style, script = (folder.joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    title = data["title"][:1].upper() + data["title"][1:]
    head = tag(
        "head",
        Html('<meta charset="utf-8">\n'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">\n'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
        tag("title", title),
        tag("style", Html(style)),
    )
    # The sliders stay in sight along everything that they move.
    moved = tag("div", consequences(sweep), curves(sweep), groups(sweep), id="moved")
    body = tag(
        "body",
        tag("main", opening(sweep), moved, policies(sweep), frontier(sweep), costs(sweep), method(sweep)),
        controls(sweep),
        script_data(sweep),
        tag("script", Html(script)),
    )
    page = f"<!DOCTYPE html>\n{tag('html', head, body, lang='en-GB')}"
    return page.translate(_TURNING)


def _policy(style: str, script: str) -> str:
    """What the page may do: run its own script, use its own style, and ask for nothing anywhere."""
    rules = (
        "default-src 'none'",
        f"script-src {_hash(script)}",
        f"style-src {_hash(style)}",
        "style-src-attr 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(rules)


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
