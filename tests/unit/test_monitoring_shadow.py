"""Is a challenger compared on the same answers, with as many places, and are few people never told of?"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage
from tests.casework import Desk
from tests.monitored import fill, over_months, people
from tests.worlds import examples
from triage.bundle.release import release_evidence
from triage.casework.figures_tables import LEAST
from triage.checklist import Checklist
from triage.content import content_root
from triage.cutoffs import Cutoffs
from triage.cutoffs.schema import Rule
from triage.engine import Engine
from triage.features import Features
from triage.monitoring import Wanted, monitor
from triage.monitoring.shadow import moved, same_shares


def shares_by_trying(places: list[int], logits: list[float]) -> list[int]:
    """For each band the lowest score from which on no more people have it than before; ties have it together."""
    found = [0 if place >= 0 else -1 for place in places]
    for band in range(1, max([*places, 0]) + 1):
        wanted = sum(place >= band for place in places)
        banded = [logit for logit, place in zip(logits, places, strict=True) if place >= 0]
        fitting = [edge for edge in banded if sum(logit >= edge for logit in banded) <= wanted]
        for row, (logit, place) in enumerate(zip(logits, places, strict=True)):
            if fitting and place >= 0 and logit >= min(fitting):
                found[row] = band
    return found


@examples(200)
@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(-3, 3)), min_size=1, max_size=25))
def test_the_same_share_of_people_has_each_band_and_ties_stay_together(rows: list[tuple[int, int]]) -> None:
    places, logits = [place for place, _ in rows], [float(logit) for _, logit in rows]
    found = same_shares(np.array(places), np.array(logits))
    assert found.tolist() == shares_by_trying(places, logits)
    for band in (1, 2):
        assert np.count_nonzero(found >= band) <= sum(place >= band for place in places)


@examples(100)
@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 2)), min_size=1, max_size=40))
def test_few_who_would_move_are_not_told(rows: list[tuple[int, int]]) -> None:
    before = np.array([place for place, _ in rows])
    after = np.array([other if place >= 0 else -1 for place, other in rows])
    told = moved(before, after, [])
    counts = {"up": int((after > before).sum()), "down": int((after < before).sum())}
    for way, count in counts.items():
        assert told[way] in (None, count)
        assert told[way] != count or not 0 < count < LEAST
    assert told["without_band"] is None or not 0 < told["without_band"] < LEAST
    # How many people there are stands beside it: one gap alone would follow.
    assert list(told.values()).count(None) != 1


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Another model for the shipped checklist: the same evidence with another base rate."""
    folder = tmp_path_factory.mktemp("older")
    shipped = content_root() / "models" / "recipes" / "evidence.yaml"
    text = shipped.read_text("utf-8").replace("id: evidence-2026.1", "id: older-2026.1")
    recipe = folder / "recipe.yaml"
    recipe.write_text(text.replace("value: 0.12", "value: 0.20"), "utf-8")
    release_evidence(recipe, Features.load(Checklist.load())).write(folder / "bundle")
    return triage.load(folder / "bundle")


def told(desk: Desk, challenger: Engine) -> dict[str, Any]:
    desk.clock.move(days=60)
    found = monitor(desk.service, desk["analyst"], Wanted(simulated=True, challenger=challenger))["shadow"]
    assert found is not None
    return dict(found)


@pytest.mark.slow
def test_a_higher_base_rate_moves_every_figure_and_no_share(desk: Desk, older: Engine) -> None:
    fill(desk, over_months([replace(client, outcome=None) for client in people(200)], 1))
    found = told(desk, older)
    assert (found["champion"], found["challenger"]) == ("evidence-2026.1", "older-2026.1")
    assert found["people"] == 200
    assert all(row["difference"] > 0 for row in found["quantiles"])
    assert found["mean"] == pytest.approx(0.07, abs=0.02)
    # The shipped cut-offs are shares of each model's own reference population, and the order is the same.
    for way in ("same_cutoffs", "same_share"):
        assert (found[way]["up"], found[way]["down"]) == (0, 0)
        sizes = {item["id"]: sum(line["people"] or 0 for line in item["groups"]) for item in found[way]["groups"]}
        assert set(sizes) >= {"age", "disability"}


@pytest.mark.slow
def test_a_cut_off_by_probability_moves_people_up(desk: Desk, older: Engine) -> None:
    fill(desk, over_months([replace(client, outcome=None) for client in people(200)], 1))
    shipped = desk.service.engines.now.cutoffs.file
    bands = (shipped.bands[0], replace(shipped.bands[1], rule=Rule(probability=Decimal("0.15"))))
    cutoffs = Cutoffs(replace(shipped, bands=bands, national_floor={}), "none")
    champion, challenger = (
        Engine(engine.bundle, engine.features, cutoffs) for engine in (desk.service.engines.now, older)
    )
    desk.service.engines.replace(champion)
    found = told(desk, challenger)
    assert found["same_cutoffs"]["up"] > 40
    assert found["same_cutoffs"]["down"] == 0
    assert (found["same_share"]["up"], found["same_share"]["down"]) == (0, 0)


def test_of_few_people_nothing_is_told(desk: Desk) -> None:
    fill(desk, over_months([replace(client, outcome=None) for client in people(600)[:30]], 1))
    assert told(desk, desk.service.engines.now)["told"] is False
