"""What does the script of the page get: figures by cut-off, and the sentences that go with them?"""

from __future__ import annotations

import json
from typing import Any

from triage.checklist.page import Html
from triage.evaluation.figures import Figure
from triage.tuning.page.curves import across
from triage.tuning.page.groups import BAR, CELLS, gap, shown
from triage.tuning.page.numbers import NO_RANGE, UNKNOWN, in_tenths
from triage.tuning.page.sweep import Sweep, point
from triage.tuning.page.words import FIGURES, at_cutoff, marks, short


def script_data(sweep: Sweep) -> Html:
    """The data as a part of the page that is not run. No text in it can end that part."""
    text = json.dumps(given(sweep), ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return Html(f'<script type="application/json" id="data">{text}</script>\n')


def given(sweep: Sweep) -> dict[str, Any]:
    """Everything that changes when a slider moves; each list has an entry for each cut-off from 1% up.

    - `last`: the last cut-off; `starts`: those in force, to the nearest whole percent;
    - `bands`: `name`, and the sentences `told`;
    - `short`, `marks`, `trees`: see `words` and `Sweep.tree`;
    - `figures`: by name, value, low and high in tenths of 100; `counts`: by name;
    - `groups`: in the order of the page's rows, the same for each group; `gaps`: by dimension, sentences;
    - `force`: of 100 clients, how many the policy in force offers each band, in tenths;
    - `axis`: where the plots' cut-offs begin, and how wide one percent is; `bar`: how wide 100 is in a group's row;
    - `words`: what stands where there is no figure.
    """
    at, axis = sweep.percents, across(sweep)
    return {
        "last": sweep.last,
        "starts": sweep.starts(sweep.in_force),
        "bands": [
            {"name": band["name"], "told": [at_cutoff(sweep, place, percent) for percent in at]}
            for place, band in enumerate(sweep.bands)
        ],
        "short": [short(sweep, percent) for percent in at],
        "marks": [marks(sweep, percent) for percent in at],
        "trees": [sweep.tree(percent) for percent in at],
        "figures": {name: _tenths([sweep.at(name, percent) for percent in at]) for name in FIGURES if sweep.has(name)},
        "counts": {
            "cases": [sweep.cases(percent) for percent in at],
            "below": [sweep.cases_below(percent) for percent in at],
        },
        "groups": [_group(sweep, group) for item in sweep.dimensions for group in shown(item)],
        "gaps": [[gap(sweep, item, percent) for percent in at] for item in sweep.dimensions],
        "force": [in_tenths(band["figures"]["flagged"]) for band in sweep.in_force["bands"]],
        "axis": {"start": axis.at(0.0), "step": round((axis.end - axis.start) / sweep.last, 6)},
        "bar": BAR,
        "words": {"unknown": UNKNOWN, "noRange": NO_RANGE},
    }


def _group(sweep: Sweep, group: dict[str, Any]) -> dict[str, Any]:
    figures = {
        name: _tenths([point(group["curves"][name], percent) for percent in sweep.percents])
        for name in ("recall", *CELLS)
    }
    return {"figures": figures, "counts": {"cases": group["counts"]["cases"][: sweep.last]}}


def _tenths(told: list[Figure]) -> list[tuple[int | None, int | None, int | None]]:
    return [in_tenths(item) for item in told]
