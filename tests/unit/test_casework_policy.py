"""Does the service take up what was promoted, once, and keep what it has where that cannot be used?"""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

import triage
from tests.casework import BEGIN, Desk
from tests.databases import both
from tests.policies_case import GOVERNANCE, Analyst, analyst_in, cutoffs_text, write_governance
from triage.casework import deciding, scoring
from triage.casework.policy import Follower, is_noted, note
from triage.casework.service import Engines, PolicyInForce
from triage.cutoffs import Cutoffs
from triage.decisions import Decision, check_reproduces
from triage.engine import Engine
from triage.errors import ConflictError, DecisionError
from triage.policies import Pointer, Policies
from triage.records.tables import audit_events


@pytest.fixture
def analyst(tmp_path: Path, desk: Desk) -> Analyst:
    """An analyst who promotes for the service of the desk, on its day."""
    approved = {**GOVERNANCE, "approved_on": date(2026, 1, 1)}
    return analyst_in(tmp_path / "analyst", desk.service.engines.now, approved)


@pytest.fixture
def follower(desk: Desk, analyst: Analyst) -> Follower:
    """What follows the analyst's folder."""
    return Follower(desk.service, analyst.policies, analyst.public, demonstration=False)


def events(desk: Desk) -> list[dict[str, str]]:
    """What the trail says of policies."""
    query = sa.select(audit_events).where(audit_events.c.action == "policy_taken_up").order_by(audit_events.c.seq)
    with desk.service.database.read() as view:
        return [json.loads(row["detail"]) for row in view.all(query)]


@both
def test_the_next_score_has_the_new_policy_and_earlier_ones_keep_theirs(
    desk: Desk, analyst: Analyst, follower: Follower
) -> None:
    decided, before, _ = desk.decided()
    waiting, undecided = desk.scored()
    assert not follower.look()
    promoted = analyst.promote()
    assert follower.look()
    assert not follower.look()
    _, after = desk.scored()
    assert after["cutoffs"] == promoted.version
    assert json.loads(after["data"])["versions"]["cutoffs_digest"] == promoted.cutoffs.rules_digest
    kept = scoring.latest(desk.service, desk["adviser"], decided["id"])
    assert kept is not None
    assert (kept["cutoffs"], kept["band"], kept["data"]) == (before["cutoffs"], before["band"], before["data"])
    # Whoever was not decided on is worked out again first, and the decision then names the policy.
    with pytest.raises(ConflictError, match="cut-offs have changed since"):
        deciding.confirm(desk.service, desk["adviser"], waiting["id"], score_id=undecided["id"])
    again = scoring.score(desk.service, desk["adviser"], waiting["id"])
    row = deciding.confirm(desk.service, desk["adviser"], waiting["id"], score_id=again["id"])
    assert json.loads(row["record"])["score"]["versions"]["cutoffs"] == promoted.version
    assert events(desk) == [
        {"before": before["cutoffs"], "before_sha256": "", "version": promoted.version, "sha256": promoted.sha256}
    ]


@both
def test_the_trail_has_it_once_however_many_processes_take_it_up(desk: Desk, analyst: Analyst) -> None:
    services = [
        replace(desk.service, engines=Engines(desk.service.engines.now), policy=PolicyInForce()) for _ in range(3)
    ]
    processes = [Follower(one, analyst.policies, analyst.public, demonstration=False) for one in services]
    versions = []
    for share in (25, 26):
        versions.append(analyst.promote(share).version)
        with ThreadPoolExecutor(len(processes)) as pool:
            assert list(pool.map(Follower.look, processes)) == [True] * len(processes)
        assert {one.engines.now.versions.cutoffs for one in services} == {versions[-1]}
    assert [event["version"] for event in events(desk)] == versions
    # One that is started later finds it noted.
    assert is_noted(desk.service.database)
    assert not note(desk.service.database, services[0].engines.now.cutoffs)


def test_going_back_is_taken_up_as_well(desk: Desk, analyst: Analyst, follower: Follower) -> None:
    versions = []
    for share in (25, 26):
        versions.append(analyst.promote(share).version)
        assert follower.look()
    analyst.back(versions[0])
    assert follower.look()
    assert desk.service.engines.now.versions.cutoffs == versions[0]
    assert [event["version"] for event in events(desk)] == [*versions, versions[0]]


def test_what_cannot_be_used_leaves_the_old_one_in_force_and_is_said_once(
    desk: Desk, analyst: Analyst, follower: Follower, caplog: pytest.LogCaptureFixture
) -> None:
    good = analyst.promote(25)
    assert follower.look()
    bad = analyst.promote(26)
    text = bad.path.read_text(encoding="utf-8")
    bad.path.write_text(text.replace("share: 26", "share: 36"), encoding="utf-8")
    with caplog.at_level(logging.ERROR):
        assert not any(follower.look() for _ in range(3))
    assert len(caplog.records) == 1
    assert "signature" in desk.service.policy.trouble[0]
    assert desk.service.engines.now.versions.cutoffs == good.version
    assert desk.service.policy.of(desk.service.engines.now) is not None
    assert len(events(desk)) == 1
    # Put right, it is taken up, and nothing is said any more.
    bad.path.write_text(text, encoding="utf-8")
    assert follower.look()
    assert desk.service.policy.trouble == ()
    assert desk.service.engines.now.versions.cutoffs == bad.version


class ShakyFolder(Policies):
    """A shared folder that is away for the first two looks."""

    away = 2

    def pointer(self) -> Pointer | None:
        """Fails as a file system does."""
        self.away -= 1
        if self.away >= 0:
            raise OSError(116, "Stale file handle")
        return super().pointer()


def test_a_look_that_fails_is_said_once_and_tried_again(
    desk: Desk, analyst: Analyst, caplog: pytest.LogCaptureFixture
) -> None:
    """An error that ended the thread would leave the service on old cut-offs without a word."""
    promoted = analyst.promote()
    follower = Follower(desk.service, ShakyFolder(analyst.policies.folder), analyst.public, demonstration=False)
    with caplog.at_level(logging.ERROR):
        assert [follower.look(), follower.look()] == [False, False]
    assert desk.service.policy.trouble == (
        "The look at the policy in force failed; the log says why. It is tried again.",
    )
    assert "Stale file handle" in caplog.text
    assert len(caplog.records) == 1
    assert follower.look()
    assert desk.service.policy.trouble == ()
    assert desk.service.engines.now.versions.cutoffs == promoted.version


def test_an_unsigned_policy_is_not_used_where_a_key_is_configured(
    desk: Desk, analyst: Analyst, follower: Follower
) -> None:
    found = analyst.promote()
    for path in analyst.policies.folder.glob("*.sig"):
        path.unlink()
    assert not follower.look()
    assert "no readable signature" in desk.service.policy.trouble[0]
    unchecked = Follower(desk.service, analyst.policies, None, demonstration=False)
    assert unchecked.look()
    assert desk.service.engines.now.versions.cutoffs == found.version


def test_a_policy_past_its_review_is_not_taken_up(desk: Desk, analyst: Analyst, follower: Follower) -> None:
    write_governance(
        analyst.governance, {**GOVERNANCE, "approved_on": date(2026, 1, 1), "review_date": date(2026, 3, 1)}
    )
    analyst.promote(on=date(2026, 2, 1))
    assert desk.service.today == BEGIN.date() > date(2026, 3, 1)
    assert not follower.look()
    assert "'review_date' was 2026-03-01" in " ".join(desk.service.policy.trouble)


def test_a_policy_for_demonstration_is_not_taken_up_for_clients(
    desk: Desk, analyst: Analyst, follower: Follower
) -> None:
    write_governance(analyst.governance, {**GOVERNANCE, "approved_on": date(2026, 1, 1), "demonstration": True})
    found = analyst.promote(demonstration=True, simulated=True)
    assert not follower.look()
    assert "for demonstration only" in " ".join(desk.service.policy.trouble)
    assert Follower(desk.service, analyst.policies, None, demonstration=True).look()
    assert desk.service.engines.now.versions.cutoffs == found.version


def test_a_folder_that_goes_away_leaves_the_policy_in_force(desk: Desk, analyst: Analyst, follower: Follower) -> None:
    found = analyst.promote()
    assert follower.look()
    away = analyst.policies.folder.rename(analyst.policies.folder.with_name("away"))
    assert not follower.look()
    assert "No policy is in force" in desk.service.policy.trouble[0]
    assert desk.service.engines.now.versions.cutoffs == found.version
    away.rename(analyst.policies.folder)
    assert not follower.look()
    assert desk.service.policy.trouble == ()


def test_two_files_of_one_version_are_told_apart(desk: Desk, tmp_path: Path) -> None:
    """Somebody edits a cut-off and forgets the version: scores of the old file are not taken for the new one's."""
    row, score = desk.scored()
    engine = desk.service.engines.now
    path = tmp_path / "edited.yaml"
    path.write_text(cutoffs_text(10, 2), encoding="utf-8")
    edited = Engine(engine.bundle, engine.features, Cutoffs.load(path))
    assert edited.versions.cutoffs == engine.versions.cutoffs
    desk.service.engines.replace(edited)
    latest = scoring.latest(desk.service, desk["adviser"], row["id"])
    assert latest is not None
    assert latest["other_versions"]
    assert scoring.rebuilt(desk.service, score) is None
    decided = Decision.from_json(desk.decided()[2]["record"])
    check_reproduces(decided, edited)
    with pytest.raises(DecisionError, match="Load exactly these"):
        check_reproduces(decided, engine)


def test_the_digest_is_about_what_is_proposed_and_not_about_who_approved(tmp_path: Path) -> None:
    shipped, path = Cutoffs.load(), tmp_path / "same.yaml"
    path.write_text("# Spelled another way.\n" + cutoffs_text(30.0, 8.0), encoding="utf-8")
    same = Cutoffs.load(path)
    assert same.digest != shipped.digest
    assert same.rules_digest == shipped.rules_digest
    path.write_text(cutoffs_text(30, 8.1), encoding="utf-8")
    assert Cutoffs.load(path).rules_digest != shipped.rules_digest
    assert triage.load(cutoffs=path).versions != triage.load().versions
