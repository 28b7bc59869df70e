"""The shipped engine with the scorecard and the reference population that it was made from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import triage
from triage.content import content_root
from triage.engine import Engine
from triage.scorecard import Scorecard
from triage.scorecard.evidence import build_evidence
from triage.scorecard.recipe import Recipe, read_recipe
from triage.scorecard.reference import Reference

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@pytest.fixture(scope="session")
def shipped() -> Engine:
    return triage.load()


@pytest.fixture(scope="session")
def recipe() -> Recipe:
    return read_recipe(Path(content_root()) / "models" / "recipes" / "evidence.yaml")


@pytest.fixture(scope="session")
def reference(shipped: Engine, recipe: Recipe) -> Reference:
    return Reference(recipe.reference, shipped.features)


@pytest.fixture(scope="session")
def scorecard(shipped: Engine, recipe: Recipe, reference: Reference) -> Scorecard:
    return build_evidence(recipe, shipped.features, reference)


@pytest.fixture(scope="session")
def everybody(reference: Reference) -> Array:
    """The whole reference population, each person answering every question."""
    return reference.simulate(everything=True)
