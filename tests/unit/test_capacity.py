"""Does a list with places for so many people propose them through the engine as it is loaded?"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import triage
from tests.clients import as_columns, clients
from triage.content import content_root
from triage.cutoffs import propose

DEFAULT = content_root() / "models" / "cutoffs" / "default.yaml"
GOOD: dict[str, Any] = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))


def engine_with(tmp_path: Path, places: tuple[int, int], floor: float | None = None) -> triage.Engine:
    data = copy.deepcopy(GOOD)
    for band, count in zip(data["bands"][1:], places, strict=True):
        band["rule"] = {"capacity": count, "fallback": band["rule"]}
    if floor is not None:
        data["national_floor"] = {"intensive": {"share": floor}}
    path = tmp_path / "capacity.yaml"
    path.write_text(yaml.safe_dump(data))
    return triage.load(cutoffs=path)


def test_a_single_client_is_placed_by_the_fallback(tmp_path: Path) -> None:
    engine, usual = engine_with(tmp_path, (10, 2)), triage.load()
    for person in clients(usual, 60, seed=1, silent=0.1):
        assert engine.score(person).band == usual.score(person).band
    assert engine.cutoffs.has_capacity
    assert not usual.cutoffs.has_capacity


@pytest.mark.parametrize("places", [(10, 2), (0, 0), (1000, 0), (0, 1000), (37, 19)])
def test_at_most_so_many_people_get_the_places_and_they_are_the_highest(
    tmp_path: Path, places: tuple[int, int]
) -> None:
    engine = engine_with(tmp_path, places)
    found = engine.score_many(as_columns(engine, clients(engine, 200, seed=2, silent=0.1)))
    listed = found.band_logit[found.status_code == 0]
    proposal = propose(engine.cutoffs, engine.points, listed)
    bands = proposal.points.places(listed)
    assert np.count_nonzero(bands == 2) <= places[1]
    assert np.count_nonzero(bands == 1) <= places[0]
    assert not proposal.used_fallback
    for place in (1, 2):
        inside, outside = listed[bands >= place], listed[bands < place]
        assert not len(inside) or not len(outside) or inside.min() > outside.max()


def test_nobody_at_or_above_the_national_floor_is_left_out(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, (0, 0), floor=20)
    found = engine.score_many(as_columns(engine, clients(engine, 300, seed=3, silent=0.1)))
    listed = found.band_logit[found.status_code == 0]
    proposal = propose(engine.cutoffs, engine.points, listed)
    high = listed >= engine.points.floors[1]
    assert 5 < np.count_nonzero(high) < len(listed)
    assert np.all(proposal.points.places(listed)[high] == 2)
    assert np.all(proposal.points.places(listed)[~high] == 0)
