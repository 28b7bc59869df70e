"""Is the reference population the one that the recipe states, exact in its margins and the same everywhere?"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.small_content import Folder
from triage.bundle.reference import STEPS, ReferenceScores, cuts_of, read_reference, write_reference
from triage.bundle.release import release_evidence
from triage.checklist import Checklist
from triage.content import content_root
from triage.errors import BundleError, ContentError
from triage.features import Features
from triage.scorecard.recipe import read_recipe
from triage.scorecard.reference import Reference

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@pytest.fixture(scope="module")
def features() -> Features:
    return Features.load(Checklist.load())


@pytest.fixture(scope="module")
def reference(features: Features) -> Reference:
    return Reference(read_recipe(content_root() / "models" / "recipes" / "evidence.yaml").reference, features)


@pytest.fixture(scope="module")
def people(reference: Reference) -> Array:
    return reference.simulate()


def of(reference: Reference, name: str) -> dict[str, float]:
    return {str(answer): float(share) for answer, share in reference.shares[name]}


def test_shares_of_every_question_add_up_to_one(reference: Reference) -> None:
    for name, shares in reference.shares.items():
        assert abs(sum(share for _, share in shares) - 1) < Decimal("1e-20"), name
        assert all(share >= 0 for _, share in shares)


def test_the_stated_margins_are_kept(reference: Reference) -> None:
    """Each figure is one that the project cites; what has no margin is equally likely."""
    qualifications = of(reference, "qualifications")
    assert qualifications["none"] + qualifications["scqf_1_4"] == pytest.approx(0.116)
    assert qualifications["scqf_9_plus"] == pytest.approx(0.325)
    assert qualifications["scqf_7_8"] + qualifications["scqf_9_plus"] == pytest.approx(0.442)
    assert of(reference, "dependants") == {"yes": 0.26, "no": 0.74}
    assert of(reference, "physical_ability") == {"good": 0.74, "fair": 0.18, "poor": 0.08}
    assert of(reference, "vehicle") == {"yes": 0.5, "no": 0.5}
    assert "other" not in qualifications, "an answer that says nothing is not among them"


def test_a_margin_that_depends_on_another_is_its_weighted_mean(reference: Reference) -> None:
    age = of(reference, "age")
    alone = sum(share * (0.181 if float(year) < 55 else 0.301) for year, share in age.items())
    assert of(reference, "household")["no_other_adult"] == pytest.approx(alone)
    by_area = {
        area.code: float(area.columns["limited_activity_share"]) / 100 for area in reference.features.areas.areas
    }
    assert of(reference, "disability")["yes"] == pytest.approx(sum(by_area.values()) / 32)


def test_the_simulated_people_follow_the_margins(reference: Reference, features: Features) -> None:
    everybody = reference.simulate(everything=True)
    assert everybody.shape == (100_000, 18)
    assert not np.isnan(everybody).any()
    for item in features.inputs:
        for value in np.unique(everybody[:, item.place]):
            wanted = sum(float(s) for a, s in reference.shares[item.question.id] if item.value(a) == value)
            found = float(np.mean(everybody[:, item.place] == value))
            assert abs(found - wanted) < 5 * np.sqrt(wanted * (1 - wanted) / 100_000) + 1e-9, (item.id, value)


def test_licence_goes_with_age_among_the_simulated(reference: Reference, features: Features) -> None:
    everybody = reference.simulate(everything=True)
    place = {item.id: item.place for item in features.inputs}
    full = everybody[:, place["driving_licence"]] <= 1
    for start, stop, share in ((16, 19, 0.39), (20, 29, 0.73), (40, 49, 0.90), (60, 66, 0.88)):
        years = everybody[:, place["age"]]
        assert np.mean(full[(years >= start) & (years <= stop)]) == pytest.approx(share, abs=0.02)


def test_who_does_not_answer_is_missing(people: Array, features: Features) -> None:
    place = {item.question.id: item.place for item in features.inputs}
    assert np.isnan(people[:, place["parent_in_work"]]).all()
    for name in ("job_search", "interviews", "employer_contact"):
        assert np.mean(np.isnan(people[:, place[name]])) == pytest.approx(0.5, abs=0.01)
    assert not np.isnan(people[:, place["age"]]).any()


def test_it_is_the_same_people_every_time(reference: Reference, people: Array) -> None:
    again = reference.simulate()
    np.testing.assert_array_equal(again, people)
    assert people[0, :10].tolist() == [2.0, 1.0, 1.0, 33.0, 1.0, 0.0, 1.0, 2.0, 1.0, 3.0]
    digest = hashlib.sha256(np.nan_to_num(people, nan=-1.0).astype("<f8").tobytes()).hexdigest()
    assert digest == "d2279010635d8913a40acc2d16a853e516daefb9e8fa74f07bb0e943f3529a77", (
        "another machine gives other people"
    )


@pytest.mark.parametrize("size", [1000, 1001, 1999, 5000])
def test_cuts_hold_at_most_their_share(size: int) -> None:
    """By brute force: for each tenth of a percent the smallest score with at most so many people at or above it."""
    logits = np.random.default_rng(size).integers(-40, 40, size) / 8
    cuts = cuts_of(logits)
    assert len(cuts) == STEPS + 1
    distinct = sorted(set(logits.tolist()))
    for k in range(0, STEPS + 1, 7):
        fitting = [score for score in distinct if np.count_nonzero(logits >= score) * 1000 <= size * k]
        assert cuts[k] == (min(fitting) if fitting else np.inf)


def test_a_reference_comes_back_from_its_file() -> None:
    shares = {"a": (("x", 0.25), ("y", 0.75)), "n": ((1.0, 1.0),)}
    one = ReferenceScores("People", 10, (np.inf, *[float(-k) for k in range(STEPS)]), shares)
    assert read_reference(write_reference(one).encode()) == one


@pytest.mark.parametrize(
    "text",
    [b"", b"{}", b"[]", b"not json", b'{"name": "x", "people": 1, "shares": {}, "cuts": [1, 2]}', b"\xff\xfe"],
)
def test_a_damaged_reference_is_refused(text: bytes) -> None:
    with pytest.raises(BundleError, match=r"reference\.json of the bundle is damaged"):
        read_reference(text)


@pytest.mark.parametrize(
    ("margin", "says"),
    [
        ({"question": "licens", "source": "x"}, "Did you mean 'licence'?"),
        (
            {"question": "licence", "source": "x", "groups": [{"options": ["ful"], "share": 100}]},
            "Did you mean 'full'?",
        ),
        ({"question": "licence", "source": "x", "groups": [{"options": ["medical"], "share": 100}]}, "that counts"),
        ({"question": "licence", "source": "x", "groups": [{"options": ["full"], "share": 90}]}, "add up to 100"),
        ({"question": "licence", "source": "x", "given": "place"}, "'given' needs"),
        ({"question": "licence", "source": "x", "given": "plac", "cases": [{"options": ["A1"], "groups": []}]}, "plac"),
        (
            {
                "question": "licence",
                "source": "x",
                "given": "place",
                "cases": [{"options": ["A1"], "groups": [{"options": ["full"], "share": 100}]}],
            },
            "no case covers 1 of the answers",
        ),
        ({"question": "licence", "source": "x", "given": "place", "column": "nowhere", "share_of": "none"}, "nowhere"),
        (
            {"question": "licence", "source": "x", "given": "earned", "column": "rate", "share_of": "none"},
            "no case covers",
        ),
        (
            {"question": "licence", "source": "x", "given": "place", "column": "name", "share_of": "none"},
            "not a number",
        ),
        (
            {"question": "licence", "source": "x", "given": "place", "column": "large", "share_of": "none"},
            "a percentage",
        ),
        ({"question": "licence", "source": "x", "answered": 101}, "answered"),
    ],
)
def test_a_margin_that_does_not_fit_is_named(tmp_path: Path, margin: dict[str, Any], says: str) -> None:
    folder = Folder(tmp_path / "own")
    folder.recipe["reference"]["margins"] = [margin]
    folder.areas = "\n".join(
        line + (",large" if k == 0 else ",101") for k, line in enumerate(folder.areas.splitlines())
    )
    path = folder.write()
    with pytest.raises(ContentError) as caught:
        release_evidence(path / "recipe.yaml", Features.load(Checklist.load(path)))
    assert says in str(caught.value)
