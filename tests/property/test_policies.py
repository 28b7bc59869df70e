"""Whatever is promoted and gone back to, in any order: is one policy in force, the right one, and is all of it kept?"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import triage
from tests.policies_case import ANSWER, ON, Analyst, analyst_in
from triage.errors import PolicyError
from triage.policies import Policies, Signing

#: A share to promote, or the number of a policy to go back to.
STEPS = st.lists(
    st.one_of(st.tuples(st.just("promote"), st.integers(21, 24)), st.tuples(st.just("back"), st.integers(0, 3))),
    min_size=1, max_size=7,
)  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, shipped_engine: triage.Engine) -> Analyst:
    """An analyst."""
    return analyst_in(tmp_path_factory.mktemp("whole"), shipped_engine)


@pytest.mark.slow
@settings(max_examples=25)
@given(steps=STEPS)
def test_one_policy_is_in_force_and_all_of_it_is_kept(steps: list[tuple[str, int]], whole: Analyst) -> None:
    with tempfile.TemporaryDirectory() as folder:
        policies = Policies(Path(folder) / "policies")
        shares: dict[str, int] = {}
        expected: list[tuple[str, str]] = []
        for step, number in steps:
            now = expected[-1][1] if expected else ""
            if step == "promote":
                in_force = policies.in_force()
                before = None if in_force is None else in_force.cutoffs
                given_ = whole.candidate(number, before=before), whole.target, ANSWER, Signing(), ON
                known = [version for version, share in shares.items() if share == number]
                if known and known != [now]:
                    with pytest.raises(PolicyError, match="has the same content"):
                        policies.promote(*given_, start=whole.engine.cutoffs)
                    continue
                found, is_new = policies.promote(*given_, start=whole.engine.cutoffs)
                assert is_new == (not known)
                if is_new:
                    assert found.version not in shares
                    shares[found.version] = number
                    expected.append(("promoted", found.version))
            else:
                version = list(shares)[number] if number < len(shares) else f"pace-start-{number}"
                if version not in shares or version == now:
                    with pytest.raises(PolicyError):
                        policies.back(version, whole.target, ANSWER, ON)
                    continue
                policies.back(version, whole.target, ANSWER, ON)
                expected.append(("back", version))
        in_force, history = policies.in_force(), policies.history()
        assert [(entry.kind, entry.version) for entry in history] == expected
        assert [entry.before for entry in history] == ["", *(version for _, version in expected[:-1])][: len(history)]
        assert (in_force is None) == (not expected)
        if in_force is not None:
            assert in_force.version == expected[-1][1]
            [rule] = [band.rule for band in in_force.cutoffs.bands if band.id == "enhanced"]
            assert rule is not None
            assert rule.share == shares[in_force.version]
        for version in shares:
            assert policies.get(version).version == version
