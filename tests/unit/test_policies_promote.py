"""Is a policy promoted only on evidence that carries it, under a version of its own, signed, and by somebody?"""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.policies_case import (
    ANSWER,
    DEFAULT,
    GOVERNANCE,
    ON,
    WIDENED,
    Analyst,
    cutoffs_text,
    write_candidate,
    write_governance,
)
from triage.bundle.signing import check_signature, new_keys
from triage.cutoffs import Cutoffs
from triage.errors import CutoffsError, PolicyError
from triage.policies import Answer, Candidate, Evidence, Signing, governance_again, read_governance, sealed


def test_what_is_promoted_is_in_force_signed_and_answered_for(analyst: Analyst) -> None:
    found = analyst.promote()
    assert found.version == "pace-start-2026-11-22.1"
    assert (found.by, found.record.why) == (ANSWER.by, ANSWER.why)
    assert found.cutoffs.file.reasoning == ANSWER.why
    assert found.governance.approved_by == GOVERNANCE["approved_by"]
    assert [str(band.rule.share) for band in found.cutoffs.bands[1:] if band.rule] == ["25", "7"]
    for path in (found.path, found.path.with_suffix(".json")):
        check_signature(path, analyst.public)
    again = analyst.policies.in_force(analyst.public)
    assert again is not None
    assert (again.version, again.sha256, again.record) == (found.version, found.sha256, found.record)
    assert again.record.evidence["people"]["cases"] == 300
    [line] = analyst.policies.history()
    assert (line.kind, line.version, line.sha256, line.before) == ("promoted", found.version, found.sha256, "")


def test_nothing_is_in_force_before_the_first(analyst: Analyst) -> None:
    assert analyst.policies.in_force() is None
    assert analyst.policies.history() == []
    assert not analyst.policies.folder.exists()


def test_a_version_is_never_given_twice(analyst: Analyst) -> None:
    """Not even that of files which a killed promotion left."""
    versions = [analyst.promote(share).version for share in (25, 26)]
    (analyst.policies.folder / "pace-start-2026-11-22.7.yaml").touch()
    versions += [analyst.promote(27).version, analyst.promote(28, on=date(2026, 11, 23)).version]
    assert versions == [f"pace-start-2026-11-{end}" for end in ("22.1", "22.2", "22.8", "23.1")]
    assert [entry.before for entry in analyst.policies.history()] == ["", *versions[:-1]]


def test_the_same_again_says_so_and_changes_nothing(analyst: Analyst) -> None:
    first = analyst.promote()
    before = sorted(path.name for path in analyst.policies.folder.iterdir())
    again, is_new = analyst.policies.promote(
        analyst.candidate(),
        analyst.target,
        Answer("Somebody Else", "For quite another reason."),
        analyst.signing,
        ON,
        start=analyst.engine.cutoffs,
    )
    assert (again.version, is_new) == (first.version, False)
    assert sorted(path.name for path in analyst.policies.folder.iterdir()) == before
    analyst.promote(26)
    with pytest.raises(PolicyError, match=f"policy back {first.version}"):
        analyst.promote()


def test_the_same_cutoffs_approved_anew_are_another_policy(analyst: Analyst) -> None:
    """A review that finds nothing to change has a new review date, and that counts."""
    first = analyst.promote()
    write_governance(analyst.governance, {**GOVERNANCE, "review_date": date(2099, 10, 1)})
    assert analyst.promote().version != first.version


REFUSED: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "blocked": (
        {"blocked": [{"why": "Only 14 people reach it."}, {"why": "It is equal to the one in force."}]},
        ("evidence: Only 14 people reach it.", "evidence: It is equal to the one in force."),
    ),
    "widened": (
        {"widened": [WIDENED]},
        ("gaps: Age: the gap in recall at 'intensive' widens from 10.0 to 18.4 points of 100.", "--trade-off"),
    ),
    "simulated": ({"simulated": True}, ("its people are simulated", "--demo")),
}


@pytest.mark.parametrize("why", REFUSED)
def test_evidence_that_does_not_carry_a_promotion(why: str, analyst: Analyst) -> None:
    changed, said = REFUSED[why]
    with pytest.raises(PolicyError) as problem:
        analyst.promote(**changed)
    assert all(text in str(problem.value) for text in said), str(problem.value)
    assert analyst.policies.in_force() is None


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("model", "id"), "learned-9", "the evidence is about learned-9, and this is evidence-2026.1."),
        (("model", "manifest_sha256"), "1" * 64, "another release of evidence-2026.1"),
        (("checklist",), "displaced-1", "the evidence is about displaced-1, and this is pace-2021.1"),
    ],
)
def test_evidence_about_another_model_or_checklist(
    path: tuple[str, ...], value: str, said: str, analyst: Analyst
) -> None:
    data = copy.deepcopy(analyst.evidence())
    (data[path[0]] if len(path) == 2 else data)[path[-1]] = value
    candidate = replace(analyst.candidate(), evidence=Evidence(sealed(data)))
    with pytest.raises(PolicyError, match="is not promoted: 1 fault") as problem:
        analyst.policies.promote(candidate, analyst.target, ANSWER, analyst.signing, ON, start=analyst.engine.cutoffs)
    assert said in str(problem.value)


def test_every_reason_is_named_at_once(analyst: Analyst) -> None:
    with pytest.raises(PolicyError, match="is not promoted: 3 faults"):
        analyst.promote(simulated=True, widened=[WIDENED], blocked=[{"why": "Only 14 people reach it."}])


def test_evidence_against_a_policy_that_is_in_force_no_more(analyst: Analyst) -> None:
    """Small widenings one after another would each look small."""
    candidate = analyst.candidate(26)
    first = analyst.promote(25)
    with pytest.raises(PolicyError, match=f"{first.version} is in force, and the evidence .* with pace-start-2026.1"):
        analyst.policies.promote(candidate, analyst.target, ANSWER, analyst.signing, ON, start=analyst.engine.cutoffs)
    assert analyst.promote(26).version != first.version


def test_evidence_against_a_file_that_only_calls_itself_the_one_in_force(analyst: Analyst, tmp_path: Path) -> None:
    """Against more generous rules under the same version, what widens would not be named."""

    def renamed(path: Path) -> Cutoffs:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        found["bands"][1]["rule"] = {"share": 45}
        (tmp_path / "renamed.yaml").write_text(yaml.safe_dump(found), encoding="utf-8")
        return Cutoffs.load(tmp_path / "renamed.yaml")

    for path in (DEFAULT, None):
        place = path or analyst.promote().path
        other, version = renamed(place), Cutoffs.load(place).version
        assert other.version == version
        with pytest.raises(PolicyError, match=f"{version} is in force, and .* another file that says it is {version}"):
            analyst.promote(28, before=other)
    assert [entry.version for entry in analyst.policies.history()] == [version]


def test_the_first_policy_is_compared_with_what_the_service_uses(analyst: Analyst, tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(cutoffs_text(12), encoding="utf-8")
    ours = Cutoffs.load(path)
    given = analyst.target, ANSWER, analyst.signing, ON
    with pytest.raises(PolicyError, match="If the service uses other cut-offs, name them with --cutoffs"):
        analyst.policies.promote(analyst.candidate(), *given, start=ours)
    assert analyst.policies.in_force() is None
    assert analyst.policies.promote(analyst.candidate(before=ours), *given, start=ours)[1]


def test_a_written_trade_off_is_kept(analyst: Analyst) -> None:
    text = "The under-30s are reached by the youth service instead, which takes everybody whom we name."
    found = analyst.promote(widened=[WIDENED], answer=Answer("Ishbel Reid", "It reaches more people.", text))
    assert found.record.trade_off == text
    with pytest.raises(PolicyError, match="gaps: none widens, so there is no trade-off to accept"):
        analyst.promote(26, answer=Answer("Ishbel Reid", "It reaches more people.", text))


@pytest.mark.parametrize(
    ("by", "why", "trade_off"),
    [
        ("", "A long reason.", ""),
        ("12", "A long reason.", ""),
        ("Ishbel Reid", "because", ""),
        ("Ishbel Reid", "A long reason.", "ok"),
    ],
)
def test_who_and_why_are_needed(by: str, why: str, trade_off: str) -> None:
    with pytest.raises(PolicyError):
        Answer(by, why, trade_off)


def test_a_candidate_that_was_changed_is_refused(analyst: Analyst, tmp_path: Path) -> None:
    """The figures, or the file that they are about."""
    data = analyst.evidence()
    assert Evidence.load(write_candidate(tmp_path / "whole", data)).data == json.loads(json.dumps(data))
    better = copy.deepcopy(data)
    better["policy"]["bands"][0]["figures"]["ppv"]["value"] = 0.9
    with pytest.raises(PolicyError, match=r"evidence\.json was changed"):
        Evidence.load(write_candidate(tmp_path / "better", better))
    folder = write_candidate(tmp_path / "other", data)
    (folder / "cutoffs.yaml").write_text(cutoffs_text(40), encoding="utf-8")
    with pytest.raises(PolicyError, match=r"cutoffs\.yaml is not the file"):
        Evidence.load(folder)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', "{" * 9999, '{"format": 1, "digest": "x"}'])
def test_what_is_no_evidence(text: str) -> None:
    with pytest.raises(PolicyError, match=r"given (was|is)"):
        Evidence.of(text, "given")


def test_evidence_without_what_is_needed_says_what(analyst: Analyst) -> None:
    data = copy.deepcopy(analyst.evidence())
    del data["policy"]["blocked"]
    data["simulated"] = "no"
    with pytest.raises(PolicyError, match=r"does not say simulated, policy\.blocked"):
        Evidence.of(json.dumps(sealed(data)), "given")


def test_nobody_answers_for_it(analyst: Analyst) -> None:
    write_governance(analyst.governance, {**GOVERNANCE, "review_date": date(2026, 11, 1)})
    with pytest.raises(CutoffsError, match="'review_date' was 2026-11-01"):
        analyst.promote()
    assert not list(analyst.policies.folder.glob("*.yaml"))


def test_governance_is_used_again_only_while_it_holds(analyst: Analyst) -> None:
    before = analyst.promote().cutoffs
    assert governance_again(before, ON, False) == before.file.governance
    with pytest.raises(PolicyError, match="was to be reviewed by 2099-09-30"):
        governance_again(before, date(2099, 10, 1), False)
    with pytest.raises(PolicyError, match="is for clients, and this promotion is for demonstration"):
        governance_again(before, ON, True)
    with pytest.raises(PolicyError, match="is for demonstration only"):
        governance_again(Cutoffs.load(), ON, False)
    assert governance_again(Cutoffs.load(), ON, True).demonstration


def test_a_demonstration_and_clients_never_share_a_folder(analyst: Analyst) -> None:
    with pytest.raises(PolicyError, match="demonstration: true"):
        analyst.promote(demonstration=True)
    analyst.promote()
    write_governance(analyst.governance, {**GOVERNANCE, "demonstration": True})
    with pytest.raises(PolicyError, match="are for clients, and this one is for a demonstration"):
        analyst.promote(26, demonstration=True, simulated=True)
    analyst.policies.folder = analyst.policies.folder.with_name("trial")
    found = analyst.promote(26, demonstration=True, simulated=True)
    assert found.record.demonstration
    assert "simulated people" in found.path.read_text(encoding="utf-8")
    write_governance(analyst.governance)
    with pytest.raises(PolicyError, match="are for a demonstration, and this one is for clients"):
        analyst.promote(27)


def test_a_key_that_does_not_fit_changes_nothing(analyst: Analyst, tmp_path: Path) -> None:
    new_keys(tmp_path / "other.key", tmp_path / "other.pub")
    signing = Signing(tmp_path / "other.key", analyst.public)
    with pytest.raises(PolicyError, match="is not the private key of"):
        analyst.policies.promote(analyst.candidate(), analyst.target, ANSWER, signing, ON, start=analyst.engine.cutoffs)
    assert analyst.policies.in_force() is None
    assert not list(analyst.policies.folder.glob("*.yaml"))
    with pytest.raises(PolicyError, match="Name the private key with --key"):
        Signing(None, analyst.public)


def test_an_unsigned_policy_says_so(analyst: Analyst) -> None:
    candidate = Candidate(Evidence(analyst.evidence()), read_governance(analyst.governance), "")
    found, _ = analyst.policies.promote(candidate, analyst.target, ANSWER, Signing(), ON, start=analyst.engine.cutoffs)
    assert not found.record.signed
    assert not list(analyst.policies.folder.glob("*.sig"))
