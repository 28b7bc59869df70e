"""How is an organisation's content written to files, released, and loaded as an engine?

A `World` is four content files (and an area table) as data. `World.build` writes them to a folder, releases the
evidence model and loads an engine from it, so that a test goes through the same doors as an organisation does.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from hypothesis import reject, settings

import triage
from triage.bundle.release import Release, release_evidence
from triage.checklist import Checklist
from triage.engine import Engine
from triage.errors import Defect
from triage.features import Features
from triage.scorecard import Scorecard
from triage.scorecard.evidence import build_evidence
from triage.scorecard.recipe import read_recipe
from triage.scorecard.reference import Reference

_SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"


def examples(usual: int, soak: int | None = None) -> settings:
    """How many examples a test takes: `usual`, or `soak` (twenty times as many where None) in `make soak`."""
    return settings(max_examples=(soak or 20 * usual) if _SOAK else usual)


@dataclass(frozen=True)
class Built:
    """A loaded engine with the parts that it was made from."""

    engine: Engine
    release: Release
    folder: Path

    @cached_property
    def reference(self) -> Reference:
        """The reference population of the recipe."""
        return Reference(read_recipe(self.folder / "recipe.yaml").reference, self.engine.features)

    @cached_property
    def scorecard(self) -> Scorecard:
        """The scorecard, worked out anew from the recipe."""
        return build_evidence(read_recipe(self.folder / "recipe.yaml"), self.engine.features, self.reference)


@dataclass(frozen=True)
class World:
    """The content of an invented organisation, as the data of its files."""

    checklist: dict[str, Any]
    features: dict[str, Any]
    areas: tuple[dict[str, str], ...]
    recipe: dict[str, Any]
    cutoffs: dict[str, Any]

    def write(self, folder: Path) -> None:
        """Write the content files side by side."""
        parts = {"checklist": self.checklist, "features": self.features, "recipe": self.recipe, "cutoffs": self.cutoffs}
        for name, data in parts.items():
            (folder / f"{name}.yaml").write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
        if self.areas:
            with (folder / "areas.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(self.areas[0]))
                writer.writeheader()
                writer.writerows(self.areas)

    @contextmanager
    def build(self) -> Iterator[Built]:
        """The engine of this content, released and loaded from a folder that goes away afterwards."""
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            self.write(folder)
            features = Features.load(Checklist.load(folder))
            try:
                release = release_evidence(folder / "recipe.yaml", features)
            except Defect as problem:
                # With few draws, luck can leave no order in which silence widens the range: nothing is released.
                if "silence" not in str(problem):
                    raise
                reject()
            release.write(folder / "bundle")
            yield Built(
                triage.load(folder / "bundle", checklist=folder, cutoffs=folder / "cutoffs.yaml"), release, folder
            )
