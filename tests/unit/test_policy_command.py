"""Do the commands `policy` promote what may be promoted, say what they did, and refuse the rest in words?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

import triage
from tests.policies_case import (
    ANSWER,
    GOVERNANCE,
    WIDENED,
    Analyst,
    analyst_in,
    cutoffs_text,
    evidence,
    write_candidate,
    write_governance,
)
from tests.unit.small_content import Folder
from triage.bundle.release import release_evidence
from triage.checklist import Checklist
from triage.cli.main import main
from triage.cutoffs import Cutoffs
from triage.features import Features

WHO = ["--by", ANSWER.by, "--why", ANSWER.why]
TODAY = date.today()
FIRST, SECOND = (f"pace-start-{TODAY}.{number}" for number in (1, 2))


@dataclass
class Command:
    """`ltu-triage policy`, as the analyst types it.

    Attributes:
        analyst: their keys and their engine.
        folder: where candidates are put.
    """

    analyst: Analyst
    folder: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: str, code: int = 0) -> str:
        """What it prints; where it refuses, what it says then."""
        folder = ["--policies", str(self.analyst.policies.folder)]
        assert main(["policy", *words, *folder]) == code
        told = self.capsys.readouterr()
        return told.err if code else told.out

    def candidate(self, share: float = 25, **changed: object) -> str:
        """A candidate's folder."""
        data = self.analyst.evidence(share, **changed)
        return str(write_candidate(self.folder / f"candidate-{share:g}", data))

    @property
    def governed(self) -> list[str]:
        """The option that says who approved."""
        return ["--governance", str(self.analyst.governance)]

    @property
    def signed(self) -> list[str]:
        """The option that signs."""
        return ["--key", str(self.analyst.private)]

    def promote(self, share: float = 25, *more: str, code: int = 0, **changed: object) -> str:
        """Promote a candidate that is signed and approved."""
        return self("promote", self.candidate(share, **changed), *WHO, *self.governed, *self.signed, *more, code=code)


@pytest.fixture
def policy(tmp_path: Path, analyst: Analyst, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command, with an empty folder of policies."""
    return Command(analyst, tmp_path, capsys)


def test_from_a_candidate_to_what_is_in_force_and_back(policy: Command) -> None:
    assert "Nothing was ever promoted" in policy("list")
    assert "no policy is in force" in policy("show", code=2)
    said = policy.promote(25)
    for part in (
        f"{FIRST} is in force now", "Approved by Invented board for employability on 2026-10-01", "It is signed.",
        "2,000 rows, 300 of them with the outcome", "enhanced: from 14 in 100; flags 25% (22% to 28%) of all",
    ):  # fmt: skip
        assert part in said
    policy.promote(26)
    listed = policy("list").splitlines()
    assert listed[0] == f"{SECOND}  (in force)"
    assert f"promoted by {ANSWER.by}, after {FIRST}: {ANSWER.why}" in listed[1]
    assert listed[2] == FIRST
    shown = policy("show", FIRST, "--public-key", str(policy.analyst.public))
    assert "Not in force now." in shown
    assert "It is signed, and the signature is right." in shown
    assert "From the folder candidate-25." in shown
    assert f"{FIRST} is in force now" in policy("back", FIRST, "--by", "Ann Roy", "--why", "Too many were flagged.")
    assert f"{FIRST}  (in force)" in policy("list")
    assert "back to it by Ann Roy" in policy("list")
    assert "put there by Ann Roy." in policy("show")


def test_the_same_again_says_so(policy: Command) -> None:
    policy.promote()
    assert f"{FIRST} says the same, and is in force already. Nothing was changed." in policy.promote()


def test_each_reason_against_it_is_named(policy: Command) -> None:
    said = policy.promote(code=2, blocked=[{"why": "Only 14 people reach it."}], widened=[WIDENED], simulated=True)
    for part in (
        "3 faults",
        "Only 14 people reach it.",
        "Age: the gap in recall",
        "--trade-off",
        "simulated",
        "--demo",
    ):
        assert part in said
    assert "Nothing was ever promoted" in policy("list")


def test_a_trade_off_in_writing(policy: Command) -> None:
    text = "The youth service takes everybody under 30 whom we name."
    assert f"Accepted in writing: {text}" in policy.promote(25, "--trade-off", text, widened=[WIDENED])
    assert "Write --trade-off in a sentence" in policy.promote(26, "--trade-off", "fine", code=2, widened=[WIDENED])


def test_an_unsigned_policy_is_said_to_be_one(policy: Command) -> None:
    words = ["promote", policy.candidate(), *WHO, "--demo"]
    assert "Name the private key with --key" in policy(*words, code=2)
    assert "contradict each other" in policy(*words, *policy.signed, "--unsigned", code=2)
    assert "It is not signed." in policy(*words, "--unsigned")
    assert "It is not signed." in policy("show")
    assert "no readable signature" in policy("show", "--public-key", str(policy.analyst.public), code=2)


def test_a_folder_is_trusted_for_clients_only_where_somebody_signs(policy: Command) -> None:
    """Whoever can write to it can write its evidence."""
    words = ["promote", policy.candidate(), *WHO, *policy.governed]
    assert "no run on MLflow was found to hold it against" in policy(*words, "--unsigned", code=2)
    assert "Nothing was ever promoted" in policy("list")
    assert "It is signed." in policy(*words, *policy.signed)


def test_the_first_policy_is_compared_with_the_cutoffs_that_are_named(policy: Command) -> None:
    path = policy.folder / "ours.yaml"
    path.write_text(cutoffs_text(12), encoding="utf-8")
    said = policy.promote(25, "--cutoffs", str(path), code=2)
    assert "so nobody can tell which gaps widen now. Tune again" in said
    ours = Cutoffs.load(path)
    assert f"{FIRST} is in force now" in policy.promote(25, "--cutoffs", str(path), before=ours)


def test_going_back_says_what_its_gaps_were_measured_against(policy: Command) -> None:
    policy.promote(25, "--trade-off", "The youth service takes everybody under 30 whom we name.", widened=[WIDENED])
    policy.promote(26)
    said = policy("back", FIRST, *WHO)
    assert "from 10.0 to 18.4 points of 100." in said
    assert "were measured against pace-start-2026.1 when it was promoted. Going back is not judged anew" in said


def test_governance_is_used_again_and_said_aloud(policy: Command) -> None:
    words = [*WHO, *policy.signed]
    said = policy("promote", policy.candidate(25), *words, code=2)
    assert "that of pace-start-2026.1, which is in force, cannot be used again: it is for demonstration only" in said
    policy.promote(25)
    said = policy("promote", policy.candidate(26), *words)
    assert f"No --governance is given, so that of {FIRST} is used again: {GOVERNANCE['approved_by']}" in said
    assert f"That part is the one of {FIRST}." in policy("show")


def test_governance_with_a_fault_is_told_with_its_line(policy: Command) -> None:
    policy.analyst.governance.write_text("governance:\n  approved: us\n", encoding="utf-8")
    assert "approved.yaml, line 2: 'governance.approved': this is not a known field." in policy.promote(code=2)
    write_governance(policy.analyst.governance, {**GOVERNANCE, "review_date": TODAY - timedelta(days=1)})
    assert f"'review_date' was {TODAY - timedelta(days=1)}." in policy.promote(code=2)


def test_a_demonstration_uses_the_shipped_governance_and_simulated_people(policy: Command) -> None:
    words = ["promote", policy.candidate(simulated=True), *WHO, "--unsigned", "--demo"]
    said = policy(*words)
    assert "No --governance is given, so that of pace-start-2026.1 is used again" in said
    assert "For demonstration only: nobody approved it." in said
    assert "2,000 simulated rows" in said


def test_another_checklist(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing here knows the questions of the checklist that ships."""
    folder = Folder(tmp_path / "small").write()
    release_evidence(folder / "recipe.yaml", Features.load(Checklist.load(folder))).write(folder / "bundle")
    engine = triage.load(folder / "bundle", checklist=folder, cutoffs=folder / "cutoffs.yaml")
    analyst = analyst_in(tmp_path, engine, {**GOVERNANCE, "protected_characteristics": {}})
    text = cutoffs_text(31, 9, folder / "cutoffs.yaml")
    candidate = str(write_candidate(tmp_path / "candidate", evidence(text, engine)))
    words = ["policy", "promote", candidate, *WHO, "--governance", str(analyst.governance)]
    words += ["--key", str(analyst.private), "--policies", str(analyst.policies.folder)]
    assert main(words) == 2
    assert "2 faults" in capsys.readouterr().err
    assert main([*words, "--model", str(folder / "bundle"), "--checklist", str(folder)]) == 0
    assert f"{engine.cutoffs.file.id}-{TODAY}.1 is in force now" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["promote", "nowhere", *WHO, "--unsigned"], "There is no folder nowhere. For a run on MLflow name the server"),
        (["promote", ".", *WHO, "--unsigned"], "There is no evidence.json in"),
        (["promote", ".", "--by", "7", "--why", ANSWER.why, "--unsigned"], "needs the name of the person"),
        (["promote", ".", "--by", ANSWER.by, "--why", "so", "--unsigned"], "Write --why in a sentence or more"),
        (["back", "1", *WHO], "There is no policy 1 in"),
        (["show", "1"], "There is no policy 1 in"),
    ],
)
def test_what_cannot_be_done(
    words: list[str], said: str, policy: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in policy(*words, code=2)


def test_the_folder_is_in_the_data_folder(policy: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["promote", policy.candidate(), *WHO, *policy.governed, *policy.signed, "--data", str(tmp_path / "data")]
    assert main(["policy", *words]) == 0
    assert f"{FIRST} is in force now, in {tmp_path / 'data' / 'policies'}." in capsys.readouterr().out
