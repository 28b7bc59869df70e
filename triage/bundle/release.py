"""How is a scorecard released as a bundle that anybody can check?"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.bundle.card import evidence_card
from triage.bundle.manifest import (
    CARD,
    FORMAT,
    MANIFEST,
    MODEL,
    PARITY,
    POINTS,
    REFERENCE,
    Interval,
    Manifest,
    StatedRate,
    digest,
)
from triage.bundle.parity import parity_cases
from triage.bundle.points import points_rows, write_points
from triage.bundle.reference import ReferenceScores, cuts_of, write_reference
from triage.bundle.shapes import SHAPES, shapes_svg
from triage.errors import UsageError
from triage.features import Features
from triage.schema import as_data
from triage.scorecard import Scorecard
from triage.scorecard.check import check_recipe
from triage.scorecard.evidence import build_evidence
from triage.scorecard.expected import expected_at, expected_auc
from triage.scorecard.graph import build_graph
from triage.scorecard.recipe import Recipe, ReferenceSpec, read_recipe
from triage.scorecard.reference import Reference

Array = NDArray[np.float64]
#: The shares at which the card says what the model can be expected to do.
SHARES = (0.08, 0.30)
_NO_OUTCOMES = "Put together from published research; no outcomes were used."


@dataclass(frozen=True)
class Release:
    """The files of a bundle by name, ready to be written."""

    files: dict[str, bytes]

    def write(self, folder: Path) -> None:
        """Write the bundle to a new folder.

        Raises:
            UsageError: there is something in the folder already.
        """
        check_new(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.files.items():
            (folder / name).write_bytes(data)


def check_new(folder: Path) -> None:
    """Refuse a folder that a bundle cannot be written to.

    Raises:
        UsageError: it is a file, or there is something in it already.
    """
    if folder.is_file():
        raise UsageError(f"{folder} is a file. A bundle is a folder; choose a new one.")
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty. A released bundle is never overwritten; choose a new folder.")


def release_evidence(recipe_path: Path, features: Features) -> Release:
    """The bundle of an evidence recipe: the same bytes on every machine with the same onnx library.

    Raises:
        ContentError: the recipe has faults, or does not fit the checklist; all are named.
    """
    recipe = read_recipe(recipe_path)
    check_recipe(recipe, features)
    reference = Reference(recipe.reference, features)
    scorecard = build_evidence(recipe, features, reference)
    contributions = scorecard.contributions_many(reference.simulate())
    metrics = expected_metrics(recipe, scorecard, contributions, features)
    files = model_files(recipe.id, scorecard, features, reference, contributions)
    files[CARD] = evidence_card(recipe, features, scorecard, metrics).encode()
    heading = f"What each answer does to the odds: {recipe.id}"
    files[SHAPES] = shapes_svg(heading, _NO_OUTCOMES, scorecard, reference).encode()
    return sealed(_manifest(recipe, features, scorecard, metrics), files)


def model_files(
    name: str, scorecard: Scorecard, features: Features, reference: Reference, contributions: Array
) -> dict[str, bytes]:
    """The files that follow from a scorecard alone; `contributions` [people, inputs] are the reference population's."""
    scores = _reference_scores(reference, scorecard, contributions)
    return {
        MODEL: build_graph(scorecard, features.contract, {"model": name, "checklist": features.checklist.version}),
        POINTS: write_points(points_rows(scorecard, features)).encode(),
        REFERENCE: write_reference(scores).encode(),
        PARITY: parity_cases(scorecard, features).encode(),
    }


def sealed(manifest: Manifest, files: dict[str, bytes]) -> Release:
    """The files with a manifest that holds their hashes."""
    whole = replace(manifest, files={name: digest(data) for name, data in sorted(files.items())})
    return Release({**files, MANIFEST: (json.dumps(as_data(whole), indent=1) + "\n").encode()})


def population(spec: ReferenceSpec) -> str:
    """A reference population in words."""
    return f"{spec.name}: {spec.people:,} simulated people"


def interval_of(scorecard: Scorecard) -> Interval:
    """Where the ends of a scorecard's range lie among its draws."""
    return Interval(
        draws=scorecard.draw_count,
        lower_rank=scorecard.lower_rank,
        upper_rank=scorecard.upper_rank,
        nominal_coverage=short(scorecard.coverage),
    )


def expected_metrics(recipe: Recipe, scorecard: Scorecard, contributions: Array, features: Features) -> dict[str, Any]:
    """What the model says of itself, over the simulated reference population, for several amounts of knowledge."""
    logits = scorecard.baseline + contributions.sum(axis=1)
    chance = 1.0 / (1.0 + np.exp(-logits))
    asked = {"event_form": [question.id for question in features.checklist.event_form]}
    asked |= {item.id: list(item.questions) for item in recipe.knowledge}
    known = {"interview": logits} | {
        name: _partial(scorecard, contributions, features, set(questions))
        for name, questions in asked.items()
        if questions
    }
    return {
        "kind": "computed from the model's own assumptions over its simulated reference population; nothing observed",
        "mean_probability": short(float(chance.mean())),
        **{name: _knowledge(score, chance) for name, score in known.items()},
    }


def _knowledge(score: Array, chance: Array) -> dict[str, Any]:
    top = [{key: short(value) for key, value in asdict(expected_at(score, chance, share)).items()} for share in SHARES]
    return {"auc": short(expected_auc(score, chance)), "top": top}


def _partial(scorecard: Scorecard, contributions: Array, features: Features, questions: set[str]) -> Array:
    """Log-odds where only some questions are answered."""
    places = [item.place for item in features.inputs if item.question.id in questions]
    total: Array = scorecard.baseline + contributions[:, places].sum(axis=1)
    return total


def short(value: float) -> float:
    """Six digits: more would say more about the machine than about the model."""
    return float(f"{value:.6g}")


def _reference_scores(reference: Reference, scorecard: Scorecard, contributions: Array) -> ReferenceScores:
    special = [item.place for item in reference.features.inputs if item.question.special_category]
    raised = np.maximum(-contributions[:, special].sum(axis=1), 0.0)
    band_logits = scorecard.baseline + contributions.sum(axis=1) + raised
    shares = {
        name: tuple((answer, float(share)) for answer, share in pairs) for name, pairs in reference.shares.items()
    }
    return ReferenceScores(reference.spec.name, reference.spec.people, cuts_of(band_logits), shares)


def _manifest(recipe: Recipe, features: Features, scorecard: Scorecard, metrics: dict[str, Any]) -> Manifest:
    rate = recipe.base_rate
    low, high = rate.plausible
    return Manifest(
        format=FORMAT,
        id=recipe.id,
        source="evidence",
        checklist=features.checklist.id,
        checklist_version=features.checklist.version,
        contract_sha256=features.contract_digest,
        label=features.checklist.label,
        base_rate=StatedRate(
            value=float(rate.value),
            plausible=(float(low), float(high)),
            measured=rate.measured,
            source=rate.source,
        ),
        training="evidence only: no outcomes were used",
        reference=population(recipe.reference),
        baseline=scorecard.baseline,
        interval=interval_of(scorecard),
        metrics=metrics,
        files={},
    )
