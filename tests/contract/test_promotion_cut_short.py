"""Is there a champion, the old one or the new one, wherever a promotion or a roll back is cut short?"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import triage
from tests.databases import KINDS, Postgres
from tests.lost_server import way_that_breaks
from tests.mlflow_server import Server
from tests.registered import Registry, fresh_name
from triage.bundle import shipped_bundle
from triage.champion import names
from triage.champion.aliases import Versions, mend, put_in_force, roll_back
from triage.champion.register import register_bundle
from triage.errors import TrackingError
from triage.tracking.client import open_tracking

pytestmark = pytest.mark.slow
TAGS = {names.BY: "A. Analyst", names.WHY: "a test"}
#: After so many requests the way to the server breaks. The first nine write tags; all are done after seventeen.
CUTS = (0, 5, *range(9, 18))


@pytest.fixture
def registry(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Three versions: the first was champion before the second, and the third is the challenger."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    registry.register()
    add_versions(registry.versions, 2)
    put_in_force(registry.versions, "1", TAGS)
    put_in_force(registry.versions, "2", TAGS)
    return registry


def add_versions(versions: Versions, count: int) -> None:
    """More versions with the files of the first."""
    first = versions.get("1")
    same = {"source": first.source, "model_id": first.source.removeprefix("models:/"), "run_id": first.run_id}
    for _ in range(count):
        made = versions.tracking.client.create_model_version(versions.name, tags=first.tags, **same)
        versions.point(names.CHALLENGER, str(made.version))


def start_again(versions: Versions) -> None:
    """The state of the fixture."""
    versions.point(names.PREVIOUS, "1")
    versions.point(names.CHAMPION, "2")
    versions.point(names.CHALLENGER, "3")


def put_right_and_no_more(versions: Versions, champion: str) -> None:
    """A roll back after a change that was cut short moves no champion, and says so."""
    with pytest.raises(TrackingError, match=f"cut short before.*version {champion} is the champion"):
        roll_back(versions, "somebody", "a test")
    assert versions.aliases()[names.CHAMPION] == champion


def test_a_promotion_that_ends_after_any_request_leaves_one_champion_and_can_be_gone_back_from(
    registry: Registry,
) -> None:
    versions, seen = registry.versions, set()
    for requests in CUTS:
        start_again(versions)
        with way_that_breaks(registry.server.address, 1 + requests) as way, suppress(TrackingError):
            put_in_force(Versions(open_tracking(way), registry.name), "3", TAGS)
        known = versions.aliases()
        champion, half_done = known[names.CHAMPION], known[names.PREVIOUS] == known[names.CHAMPION]
        assert champion in ("2", "3"), "never another one, and never none"
        seen.add((champion, half_done))
        if half_done:
            put_right_and_no_more(versions, champion)
        assert roll_back(versions, "somebody", "a test") == (champion, {"3": "2", "2": "1"}[champion])
    assert seen == {("2", False), ("2", True), ("3", False)}


def test_a_promotion_that_was_cut_short_can_be_done_again(registry: Registry) -> None:
    versions = registry.versions
    for requests in (5, 11, 13, 15, 17):
        start_again(versions)
        with way_that_breaks(registry.server.address, 1 + requests) as way, suppress(TrackingError):
            put_in_force(Versions(open_tracking(way), registry.name), "3", TAGS)
        if versions.aliases()[names.CHAMPION] == "2":
            mend(versions)
            put_in_force(versions, "3", TAGS)
        known = versions.aliases()
        assert (known[names.CHAMPION], known[names.PREVIOUS]) == ("3", "2")


def test_a_champion_that_somebody_else_made_meanwhile_stays(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both promotions were judged against the second version; the other one is done first."""
    versions, write = registry.versions, Versions.tag

    def overtaken(self: Versions, version: str, tags: dict[str, str]) -> None:
        monkeypatch.setattr(Versions, "tag", write)
        put_in_force(registry.versions, "1", TAGS)
        write(self, version, tags)

    monkeypatch.setattr(Versions, "tag", overtaken)
    with pytest.raises(TrackingError, match="has become the champion while this one was judged"):
        put_in_force(versions, "3", TAGS, versions.aliases())
    known = versions.aliases()
    assert (known[names.CHAMPION], known[names.PREVIOUS], known[names.CHALLENGER]) == ("1", "2", "3")


def test_a_roll_back_that_ends_after_any_request_leaves_one_champion_and_goes_back_once(registry: Registry) -> None:
    """Whoever gives the command again goes on with it; it does not go back twice."""
    versions, seen = registry.versions, set()
    for requests in CUTS:
        start_again(versions)
        put_in_force(versions, "3", TAGS)
        with way_that_breaks(registry.server.address, 1 + requests) as way, suppress(TrackingError):
            roll_back(Versions(open_tracking(way), registry.name), "somebody", "a test")
        known = versions.aliases()
        champion, half_done = known[names.CHAMPION], known[names.PREVIOUS] == known[names.CHAMPION]
        assert champion in ("2", "3")
        seen.add((champion, half_done))
        if half_done:
            put_right_and_no_more(versions, champion)
        assert versions.aliases()[names.PREVIOUS] == {"3": "2", "2": "1"}[champion]
    assert seen == {("3", False), ("2", True), ("2", False)}


def test_going_back_again_and_again_ends_at_the_first_champion(registry: Registry) -> None:
    versions = registry.versions
    put_in_force(versions, "3", TAGS)
    assert roll_back(versions, "somebody", "a test") == ("3", "2")
    assert roll_back(versions, "somebody", "a test") == ("2", "1")
    with pytest.raises(TrackingError, match="nothing to go back to"):
        roll_back(versions, "somebody", "a test")
    assert versions.aliases() == {names.CHAMPION: "1"}


def test_a_version_that_somebody_deleted_stands_in_no_way(registry: Registry) -> None:
    """What the champion once replaced is gone: going back to the champion, and from it, are as before."""
    versions = registry.versions
    put_in_force(versions, "3", TAGS)
    versions.tracking.client.delete_model_version(versions.name, "1")
    assert roll_back(versions, "somebody", "a test") == ("3", "2")
    assert versions.aliases() == {names.CHAMPION: "2"}
    with pytest.raises(TrackingError, match="somebody deleted that one"):
        roll_back(versions, "somebody", "a test")
    mend(versions)
    put_in_force(versions, "3", TAGS)
    known = versions.aliases()
    assert (known[names.CHAMPION], known[names.PREVIOUS]) == ("3", "2")


def test_a_version_that_was_gone_back_from_can_be_promoted_again(registry: Registry) -> None:
    versions = registry.versions
    put_in_force(versions, "3", TAGS)
    roll_back(versions, "somebody", "a test")
    put_in_force(versions, "3", TAGS)
    known = versions.aliases()
    assert (known[names.CHAMPION], known[names.PREVIOUS]) == ("3", "2")


def test_a_registration_that_ends_anywhere_leaves_no_version_that_cannot_be_loaded(registry: Registry) -> None:
    for requests in (0, 6, 15, 24, 27, 29, 30):
        with way_that_breaks(registry.server.address, 1 + requests) as way, suppress(TrackingError):
            register_bundle(open_tracking(way), shipped_bundle(), name=registry.name)
    found = [str(item.version) for item in registry.versions.all()]
    assert len(found) > 3, "at least the last one was registered"
    for version in found:
        assert triage.load(f"models:/{registry.name}/{version}").versions.model == "evidence-2026.1"


# ------------------------------------------------------------------------------------------------ a killed server


@pytest.fixture
def own_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A server that may be killed, on either database."""
    backend = ""
    if request.param == KINDS[1]:
        postgres: Postgres = request.getfixturevalue("postgres")
        backend = postgres.new().replace("postgresql://", "postgresql+psycopg://")
    server = Server(tmp_path / "server", backend)
    server.start()
    yield server
    server.kill()


@pytest.mark.parametrize(
    ("own_server", "kills"),
    [
        ("sqlite", 1),
        ("postgresql", 1),
        pytest.param("sqlite", 8, marks=pytest.mark.soak, id="sqlite-long"),
        pytest.param("postgresql", 8, marks=pytest.mark.soak, id="postgresql-long"),
    ],
    indirect=["own_server"],
)
def test_a_server_that_is_killed_while_versions_are_promoted_has_the_old_or_the_new_champion(
    own_server: Server, kills: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two versions take turns as champion, as fast as they can, until the server is killed with SIGKILL."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    versions = Versions(open_tracking(own_server.address), fresh_name())
    register_bundle(versions.tracking, shipped_bundle(), name=versions.name)
    add_versions(versions, 1)
    chance = random.Random(str(own_server.port))
    for _ in range(kills):
        put_in_force(versions, "1", TAGS)
        turns = take_turns(versions, own_server, chance.uniform(0.05, 0.6))
        own_server.start()
        old, new = turns[-2:]
        assert versions.aliases()[names.CHAMPION] in (old, new), "never another one, and never none"
        mend(versions)
        known = versions.aliases()
        assert known.get(names.PREVIOUS) != known[names.CHAMPION]


def take_turns(versions: Versions, server: Server, seconds: float) -> list[str]:
    """Promote one version after the other until the server is killed; returns them. The last may not have been done."""
    turns = ["1"]
    timer = threading.Timer(seconds, server.kill)
    timer.start()
    with suppress(TrackingError):
        while True:
            turns.append("2" if turns[-1] == "1" else "1")
            put_in_force(versions, turns[-1], TAGS)
    timer.join()
    assert len(turns) >= 2
    return turns
