"""How do the methods stand beside each other on the same people, and is ours ahead?

"ahead" and "behind" mean that the 95% interval of the paired difference in AUC excludes 0; otherwise it says "level".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.studies.cohort import Array
from experiments.studies.methods import RIVALS, WORDS
from experiments.studies.resample import Figure, People, measured
from experiments.studies.table import markdown, shown, triple

HEAD = (
    "method",
    "AUC",
    "our AUC less this",
    "we are",
    "Brier",
    "slope",
    "intercept",
    "PPV top 8%",
    "PPV top 30%",
)
_PLAIN = ("brier", "slope", "intercept", "ppv8", "ppv30")


def compared(scores: Mapping[str, Array], folds: NDArray[np.intp] | None, people: People) -> dict[str, Any]:
    """By method: each figure with its interval, and our lead in AUC."""
    figures = {name: measured(logits, folds, people) for name, logits in scores.items()}
    return {name: _entry(figures["ours"], own) if name != "ours" else _plain(own) for name, own in figures.items()}


def _plain(own: Mapping[str, Figure]) -> dict[str, Any]:
    return {name: triple(figure) for name, figure in own.items()}


def _entry(ours: Mapping[str, Figure], own: Mapping[str, Figure]) -> dict[str, Any]:
    lead = ours["auc"].minus(own["auc"])
    better = own["brier"].minus(ours["brier"])
    told = {"lead": triple(lead), "we_are": lead.verdict, "brier_lead": triple(better), "brier_we_are": better.verdict}
    return _plain(own) | told


def best_rival(entries: Mapping[str, Any]) -> str:
    """The rival with the highest AUC."""
    return max((name for name in RIVALS if name in entries), key=lambda name: float(entries[name]["auc"][0]))


def table(entries: Mapping[str, Any]) -> str:
    """The comparison as a Markdown table."""
    rows = []
    for name, entry in entries.items():
        lead = [shown(entry["lead"], sign=True), entry["we_are"]] if "lead" in entry else ["", ""]
        rows.append([WORDS[name], shown(entry["auc"]), *lead, *(f"{entry[key][0]:.3f}" for key in _PLAIN)])
    return markdown(HEAD, rows)
