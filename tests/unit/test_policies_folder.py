"""Is what is in force what was promoted, whatever happens to the folder: a kill, two people at once, an edit?"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from copy import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.packaging.building import ROOT
from tests.policies_case import ANSWER, GOVERNANCE, Analyst, write_governance
from triage.bundle.signing import sign
from triage.cli.policy_folder import in_force
from triage.cutoffs import Cutoffs
from triage.engine import Engine
from triage.errors import BundleError, CutoffsError, PolicyError, UserError
from triage.policies import Policies
from triage.policies.history import HISTORY, POINTER

FIRST, SECOND, THIRD = (f"pace-start-2026-11-22.{number}" for number in (1, 2, 3))


def test_going_back_is_a_change_of_its_own(analyst: Analyst) -> None:
    first, second = analyst.promote(25), analyst.promote(26)
    found = analyst.back(first.version)
    assert (found.version, found.sha256, found.record) == (first.version, first.sha256, first.record)
    now = analyst.policies.in_force(analyst.public)
    assert now is not None
    assert now.version == first.version
    lines = analyst.policies.history()
    assert [(line.kind, line.version, line.before) for line in lines] == [
        ("promoted", FIRST, ""),
        ("promoted", SECOND, FIRST),
        ("back", FIRST, SECOND),
    ]
    assert analyst.policies.get(second.version).since == ""
    with pytest.raises(PolicyError, match="is in force already"):
        analyst.back(first.version)
    with pytest.raises(PolicyError, match=f"There is no policy 7 in .*There is: {FIRST}, {SECOND}"):
        analyst.back("7")


def test_a_promoted_policy_comes_before_what_is_given_and_that_is_said(analyst: Analyst) -> None:
    """One answer for the service and for the commands that look at it."""
    args = argparse.Namespace(data=analyst.policies.folder.parent, policies=None, public_key=analyst.public)
    given = Path("ours.yaml")
    assert (in_force(args, given).path, in_force(args, given).said, in_force(args, None).path) == (given, "", None)
    promoted = analyst.promote()
    found = in_force(args, given)
    assert found.path == promoted.path
    assert found.said == f"The cut-offs are those of the promoted policy {FIRST}. ours.yaml is not used."
    assert in_force(args, None).said == f"The cut-offs are those of the promoted policy {FIRST}."


def test_nobody_goes_back_to_what_is_past_its_review(analyst: Analyst) -> None:
    write_governance(analyst.governance, {**GOVERNANCE, "review_date": date(2026, 12, 1)})
    first = analyst.promote(25)
    write_governance(analyst.governance)
    analyst.promote(26)
    with pytest.raises(CutoffsError, match="'review_date' was 2026-12-01"):
        analyst.back(first.version, on=date(2026, 12, 2))
    assert analyst.back(first.version, on=date(2026, 12, 1)).version == first.version


def test_nobody_goes_back_to_what_was_measured_with_another_model(analyst: Analyst) -> None:
    first = analyst.promote(25)
    analyst.promote(26)
    bundle = copy(analyst.engine.bundle)
    bundle.manifest_sha256 = "1" * 64
    analyst.engine = Engine(bundle, analyst.engine.features, analyst.engine.cutoffs)
    with pytest.raises(PolicyError, match=f"{FIRST} is not put in force again: 1 fault") as problem:
        analyst.back(first.version)
    assert "the evidence is about another release of evidence-2026.1" in str(problem.value)
    assert [entry.version for entry in analyst.policies.history()] == [FIRST, SECOND]


def test_two_analysts_at_once_both_stand_in_the_history(analyst: Analyst) -> None:
    problems: list[BaseException] = []

    def promote(share: float) -> None:
        while True:
            try:
                analyst.promote(share)
            except PolicyError as problem:
                # Another one came first: the evidence is made anew.
                if "Tune again" in str(problem):
                    continue
                problems.append(problem)
            return

    threads = [threading.Thread(target=promote, args=(share,)) for share in (25, 26, 27)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    lines = analyst.policies.history()
    assert [line.version for line in lines] == [FIRST, SECOND, THIRD]
    assert [line.before for line in lines] == ["", FIRST, SECOND]


def test_whoever_saw_another_policy_in_force_looks_again(analyst: Analyst) -> None:
    analyst.promote(25)
    given = analyst.candidate(26), analyst.target, ANSWER, analyst.signing, date(2026, 11, 22)
    with pytest.raises(PolicyError, match=f"In the meantime {FIRST} came into force"):
        analyst.policies.promote(*given, expect="", start=analyst.engine.cutoffs)
    found, _ = analyst.policies.promote(*given, expect=FIRST, start=analyst.engine.cutoffs)
    with pytest.raises(PolicyError, match="In the meantime"):
        analyst.policies.back(FIRST, analyst.target, ANSWER, date(2026, 11, 22), expect=FIRST)
    assert found.version == SECOND


Edit = Callable[[Path], object]


def _edited(name: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return edit


DAMAGE: dict[str, tuple[Edit, str]] = {
    "a share": (_edited(f"{SECOND}.yaml", "share: 26", "share: 36"), "it was changed"),
    "a note in the file": (_edited(f"{SECOND}.yaml", "# A promoted", "# Our promoted"), "it was changed"),
    "no file": (lambda folder: (folder / f"{SECOND}.yaml").unlink(), f"has no {SECOND}.yaml"),
    "no record": (lambda folder: (folder / f"{SECOND}.json").unlink(), f"has no {SECOND}.json"),
    "a torn record": (lambda folder: (folder / f"{SECOND}.json").write_text('{"format": 1'), "is damaged"),
    "a record of more": (_edited(f"{SECOND}.json", '"format": 1', '"format": 1, "more": 1'), "is damaged"),
    "a pointer elsewhere": (_edited(POINTER, SECOND, f"../policies/{SECOND}"), "is damaged"),
    "a pointer to another": (_edited(POINTER, SECOND, FIRST), "it was changed"),
    "a torn pointer": (lambda folder: (folder / POINTER).write_text('{"version":'), "is damaged"),
    "a pointer of texts": (_edited(POINTER, '"entry": 2', '"entry": "2"'), "is damaged"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_what_was_changed_is_not_used(what: str, analyst: Analyst) -> None:
    analyst.promote(25)
    analyst.promote(26)
    edit, said = DAMAGE[what]
    edit(analyst.policies.folder)
    with pytest.raises(UserError, match=said):
        analyst.policies.in_force()


def test_an_edit_is_found_by_the_signature_even_where_the_digest_was_put_right(
    analyst: Analyst, tmp_path: Path
) -> None:
    """Somebody who can write to the folder can write the digest; the key they do not have."""
    analyst.promote(25)
    found = analyst.promote(26)
    text = found.path.read_text(encoding="utf-8").replace("share: 26", "share: 36")
    found.path.write_text(text, encoding="utf-8")
    digest = Cutoffs.load(found.path).digest
    for name in (POINTER, HISTORY, f"{SECOND}.json"):
        _edited(name, found.sha256, digest)(analyst.policies.folder)
    unchecked = analyst.policies.in_force()
    assert unchecked is not None
    with pytest.raises(BundleError, match="signature"):
        analyst.policies.in_force(analyst.public)


def test_the_record_is_signed_as_well(analyst: Analyst) -> None:
    found = analyst.promote()
    _edited(f"{FIRST}.json", ANSWER.by, "Somebody Else")(analyst.policies.folder)
    with pytest.raises(BundleError, match=r"\.json is wrong"):
        analyst.policies.in_force(analyst.public)
    sign(found.path.with_suffix(".json"), analyst.private)
    again = analyst.policies.in_force(analyst.public)
    assert again is not None
    assert again.record.by == "Somebody Else"


def test_a_damaged_policy_is_put_right_by_going_back_and_another_promotion(analyst: Analyst) -> None:
    """Nothing can be compared with it, so nothing follows it at once."""
    analyst.promote(25)
    DAMAGE["a share"][0](analyst.promote(26).path.parent)
    with pytest.raises(PolicyError, match=r"was changed, so nobody can tell which gaps widen .* policy back"):
        analyst.promote(26)
    analyst.back(FIRST)
    assert analyst.promote(26).version == THIRD


def test_a_line_that_a_kill_left_counts_for_nothing(analyst: Analyst) -> None:
    """It was written before the pointer, which never came to name it."""
    analyst.promote(25)
    path = analyst.policies.folder / HISTORY
    [line] = path.read_text(encoding="utf-8").splitlines()
    never = {**json.loads(line), "number": 2, "follows": 1, "version": "pace-start-never"}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(never) + "\n" + line[:40])
    assert [entry.version for entry in analyst.policies.history()] == [FIRST]
    analyst.promote(26)
    assert [(entry.version, entry.number) for entry in analyst.policies.history()] == [(FIRST, 1), (SECOND, 3)]


@pytest.mark.parametrize("edit", [
    lambda folder: (folder / HISTORY).unlink(),
    _edited(HISTORY, '"number": 1', '"number": 9'),
    _edited(HISTORY, '"follows": 1', '"follows": 2'),
    _edited(HISTORY, f'"version": "{SECOND}"', '"version": "other"'),
])  # fmt: skip
def test_a_history_that_was_cut_or_changed_says_so_and_the_policy_stays(edit: Edit, analyst: Analyst) -> None:
    analyst.promote(25)
    analyst.promote(26)
    edit(analyst.policies.folder)
    with pytest.raises(PolicyError, match=r"history\.jsonl"):
        analyst.policies.history()
    found = analyst.policies.in_force(analyst.public)
    assert found is not None
    assert found.version == SECOND


def test_a_folder_that_cannot_be_written_to(analyst: Analyst, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    analyst.policies = Policies(tmp_path / "file" / "policies")
    with pytest.raises(PolicyError, match="cannot be written to"):
        analyst.promote()
    assert analyst.policies.in_force() is None


@pytest.mark.slow
def test_a_kill_at_any_step_leaves_the_old_policy_or_the_new_one(tmp_path: Path) -> None:
    """Never none, and never a half; and what was begun can be done again."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.policies_killed", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, list[Any]] = json.loads(done.stdout)
    for work, new in (("promote", THIRD), ("back", FIRST)):
        steps = found[work]
        assert len(steps) > 10
        assert {after[0] for after in steps} == {SECOND, new}
        for version, history, again, history_again in steps:
            assert history == ([FIRST, SECOND] if version == SECOND else [FIRST, SECOND, new])
            # Once more: files that the kill left may have taken the next number.
            assert again.startswith("pace-start-2026-11-22.")
            assert again != SECOND
            assert history_again == [FIRST, SECOND, again]
