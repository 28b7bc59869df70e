"""Candidates as `tune` writes them, with evidence made by hand, and what a promotion needs beside them.

Every figure here is invented.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import triage
from triage.bundle.signing import new_keys
from triage.content import content_root
from triage.cutoffs import Cutoffs
from triage.policies import Answer, Candidate, Evidence, Policies, Promoted, Signing, Target, sealed
from triage.policies.checks import read_governance
from triage.policies.evidence import CUTOFFS, EVIDENCE
from triage.policies.promoted import cutoffs_path

#: The day of the promotions.
ON = date(2026, 11, 22)
GOVERNANCE: Mapping[str, Any] = {
    "approved_by": "Invented board for employability",
    "approved_on": date(2026, 10, 1),
    "review_date": date(2099, 9, 30),
    "assessments": {"data_protection": "DPIA 2026-14", "equality": "EqIA 2026-9"},
    "protected_characteristics": {
        "age": "Risk rises with age in published research, and a rule without it reached fewer of those at risk.",
        "disability": "The answers can add support and never take any away.",
    },
}
WIDENED: Mapping[str, Any] = {
    "dimension": "age", "name": "Age", "band": "intensive", "rate": "recall", "before": 0.1, "after": 0.184,
    "difference": {"value": 0.084, "low": 0.02, "high": 0.15},
}  # fmt: skip
ANSWER = Answer("Ishbel Reid", "The autumn review found that 30 places can be kept.")
DEFAULT = content_root() / "models" / "cutoffs" / "default.yaml"


def cutoffs_text(enhanced: float = 25, intensive: float = 7, base: Path = DEFAULT) -> str:
    """Cut-offs with other shares, as `tune` writes them: without the part `governance`."""
    data = yaml.safe_load(base.read_text(encoding="utf-8"))
    data.pop("governance", None)
    for band, share in zip(data["bands"][1:], (enhanced, intensive), strict=True):
        band["rule"] = {"share": share}
    return str(yaml.safe_dump(data, sort_keys=False))


def entry(text: str, **changed: Any) -> dict[str, Any]:
    """The entry of a candidate."""
    figure = {"value": 0.25, "low": 0.22, "high": 0.28}
    names = ("flagged", "ppv", "npv", "sensitivity", "missed", "in_vain")
    bands = [
        {"id": name, "percent": percent, "logit": -1.5, "figures": dict.fromkeys(names, figure), "cases": 214,
         "cases_below": 86}
        for name, percent in (("enhanced", 14.0), ("intensive", 22.0))
    ]  # fmt: skip
    found = {
        "id": "solved", "name": "Solved: 30 places a week", "kind": "solved", "bands": bands, "gaps": [], "widened": [],
        "moved": {"up": 3, "down": 12, "same": 1985}, "less": [], "blocked": [], "cutoffs_file": text, "run": "",
    }  # fmt: skip
    return found | changed


def evidence(
    text: str, engine: triage.Engine, simulated: bool = False, before: Cutoffs | None = None, **changed: Any
) -> dict[str, Any]:
    """What `evidence.json` says, with its digest; `changed` names parts of the candidate's entry.

    `before` is what it is compared with; the cut-offs of the engine where None.
    """
    compared = before or engine.cutoffs
    return sealed({
        "format": 1, "simulated": simulated,
        "model": {"id": engine.versions.model, "manifest_sha256": engine.bundle.manifest_sha256, "source": "evidence"},
        "checklist": engine.versions.checklist,
        "people": {"source": "outcomes.csv", "sha256": "0" * 64, "rows": 2000, "clients": 2000, "known": 1900,
                   "cases": 300, "first_date": "2025-01-06", "last_date": "2025-10-31"},
        "scores": {"how": "never_learned", "asserted_by": "", "why": "The model has learned from nobody."},
        "settings": {"seed": 1, "resamples": 200, "least_people": 100, "least_cases": 100},
        "in_force": "in-force", "in_force_version": compared.version,
        "in_force_digest": compared.rules_digest,
        "policy": entry(text, **changed),
    })  # fmt: skip


def write_candidate(folder: Path, data: Mapping[str, Any]) -> Path:
    """A candidate's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / EVIDENCE).write_text(json.dumps(data), encoding="utf-8")
    (folder / CUTOFFS).write_bytes(data["policy"]["cutoffs_file"].encode())
    return folder


def write_governance(path: Path, data: Mapping[str, Any] = GOVERNANCE) -> Path:
    """A file with the part `governance`."""
    path.write_text(yaml.safe_dump({"governance": copy.deepcopy(dict(data))}), encoding="utf-8")
    return path


@dataclass
class Analyst:
    """Somebody who promotes policies for the model that ships, into a folder of their own.

    Attributes:
        policies: the folder.
        engine: with the model and the checklist.
        private, public: their key pair.
        governance: a file with the part `governance`.
    """

    policies: Policies
    engine: triage.Engine
    private: Path
    public: Path
    governance: Path

    @property
    def target(self) -> Target:
        """What the policies are used with."""
        return Target(self.engine.bundle, self.engine.features)

    @property
    def signing(self) -> Signing:
        """The keys."""
        return Signing(self.private, self.public)

    def evidence(self, enhanced: float = 25, **changed: Any) -> dict[str, Any]:
        """The evidence of a candidate, compared with what is in force."""
        pointer = self.policies.pointer()
        before = None if pointer is None else Cutoffs.load(cutoffs_path(self.policies.folder, pointer.version))
        return evidence(cutoffs_text(enhanced), self.engine, **{"before": before, **changed})

    def candidate(self, enhanced: float = 25, demonstration: bool = False, **changed: Any) -> Candidate:
        """A candidate, in memory."""
        found = Evidence(self.evidence(enhanced, **changed))
        return Candidate(found, read_governance(self.governance), "folder tuned", demonstration=demonstration)

    def promote(self, enhanced: float = 25, on: date = ON, answer: Answer = ANSWER, **changed: Any) -> Promoted:
        """Promote a new policy."""
        found, is_new = self.policies.promote(
            self.candidate(enhanced, **changed), self.target, answer, self.signing, on, start=self.engine.cutoffs
        )
        assert is_new
        return found

    def back(self, version: str, on: date = ON) -> Promoted:
        """Go back to an earlier one."""
        return self.policies.back(version, self.target, ANSWER, on, self.public)


def analyst_in(folder: Path, engine: triage.Engine, governance: Mapping[str, Any] = GOVERNANCE) -> Analyst:
    """An analyst whose folder of policies is `folder / "policies"`."""
    folder.mkdir(parents=True, exist_ok=True)
    private, public = folder / "ours.key", folder / "ours.pub"
    new_keys(private, public)
    file = write_governance(folder / "approved.yaml", governance)
    return Analyst(Policies(folder / "policies"), engine, private, public, file)


@pytest.fixture
def analyst(tmp_path: Path, shipped_engine: triage.Engine) -> Analyst:
    """An analyst with an empty folder."""
    return analyst_in(tmp_path, shipped_engine)
