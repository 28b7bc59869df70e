"""Does a running service take up what an analyst promotes, say so, and refuse what it must not use?"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

import triage
from tests.packaging.building import ROOT
from tests.policies_case import (
    ANSWER,
    GOVERNANCE,
    WIDENED,
    Analyst,
    analyst_in,
    cutoffs_text,
    write_candidate,
    write_governance,
)
from tests.web.browser import NewPage, axe, picture, sideways
from tests.web.partners import ANSWERS, LEFT, partner
from tests.web.service import Live, serving
from tests.web.test_processes import answered, free_port
from tests.web.test_result_page import text_of
from triage.bundle import shipped_bundle
from triage.bundle.signing import sign
from triage.casework import api_keys, people
from triage.casework.api_keys import Wanted
from triage.cli.main import main
from triage.engine import Engine
from triage.errors import BundleError, CutoffsError, PolicyError
from triage.policies import Answer, Promoted
from triage.policies.words import OTHER_MODEL
from triage.records.actor import SYSTEM, operator
from triage.records.database import Database
from triage.records.tables import audit_events
from triage.web import opening
from triage.web.api.models.policy import Cutoffs
from triage.web.opening import Choices, application_of, open_service
from triage.web.settings import WebSettings

TRADE_OFF = "The under-30s are reached by the youth service instead, which takes everybody whom we name."


@pytest.fixture
def choices(analyst: Analyst) -> Choices:
    """A service for clients, in which everything is signed, and whose policies are those of the analyst."""
    folder = analyst.policies.folder.parent
    bundle = shutil.copytree(shipped_bundle(), folder / "bundle")
    cutoffs = folder / "before.yaml"
    approved = analyst.governance.read_text(encoding="utf-8")
    cutoffs.write_text(cutoffs_text(30, 8) + approved, encoding="utf-8")
    for path in (bundle, cutoffs):
        sign(path, analyst.private)
    engine = {"bundle": str(bundle), "cutoffs": str(cutoffs), "public_key": str(analyst.public)}
    return Choices(str(folder), f"sqlite:///{folder / 'records.sqlite'}", engine=engine)


@pytest.fixture
def live(choices: Choices) -> Iterator[Live]:
    """The service as the command starts it, but that it looks more often."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "_LOOK", 0.02)
        service = open_service(choices)
        app = application_of(choices, service)
        with serving(service, WebSettings(secure=False, folder=Path(choices.data)), app=app) as found:
            yield found
    service.database.close()


def until(ask: Callable[[], bool]) -> None:
    """Ask over HTTP until it is so."""
    for _ in range(5000):
        if ask():
            return
    raise AssertionError("that never came")


def taken_up(live: Live, analyst: Analyst, enhanced: float = 25, answer: Answer = ANSWER, **changed: Any) -> Promoted:
    """A policy that was promoted, and that the service has taken up."""
    page = live.client("administrator")
    promoted = analyst.promote(enhanced, answer=answer, **changed)
    until(lambda: promoted.version in page.get("/service").text)
    return promoted


def events(database: Database) -> list[dict[str, str]]:
    """What the trail says of policies."""
    query = sa.select(audit_events).where(audit_events.c.action == "policy_taken_up").order_by(audit_events.c.seq)
    with database.read() as view:
        return [json.loads(row["detail"]) for row in view.all(query)]


def kept(client: httpx.Client) -> str:
    """A client who answered and was scored; the id of the assessment."""
    made: str = client.post("/assessments", json={"context": dict(LEFT)}).json()["id"]
    client.patch(f"/assessments/{made}/answers", json={"answers": dict(ANSWERS)})
    assert client.post(f"/assessments/{made}/score", json={}).status_code == 200
    return made


def test_a_policy_that_is_promoted_is_taken_up_and_said(live: Live, analyst: Analyst) -> None:
    client, page = partner(live), live.client("administrator")
    before = client.get("/cutoffs").json()
    assert (before["version"], before["promoted"]) == ("pace-start-2026.1", None)
    waiting, decided = kept(client), kept(client)
    score = client.get(f"/assessments/{decided}/score").json()
    told = {"action": "confirm", "score": score["id"], "by": "Mairi Reid"}
    assert client.post(f"/assessments/{decided}/decisions", json=told).status_code == 201

    promoted = taken_up(live, analyst, widened=[WIDENED], answer=Answer(ANSWER.by, ANSWER.why, TRADE_OFF))

    answer = client.get("/cutoffs")
    Cutoffs.model_validate_json(answer.content)
    found = answer.json()
    assert (found["version"], found["sha256"]) == (promoted.version, promoted.sha256)
    assert found["review_date"] == GOVERNANCE["review_date"].isoformat()
    said = found["promoted"]
    assert (said["in_force_by"], said["why"], said["trade_off"]) == (ANSWER.by, ANSWER.why, TRADE_OFF)
    assert said["in_force_since"] == promoted.since
    assert said["evidence"]["people"]["cases"] == 300
    assert [band["percent"] for band in said["evidence"]["bands"]] == [14.0, 22.0]
    assert client.post("/score", json={"answers": dict(ANSWERS)}).json()["versions"]["cutoffs"] == promoted.version
    text = page.get("/service").text
    for part in (ANSWER.by, TRADE_OFF, promoted.sha256, "30 September 2099", "The model has learned from nobody."):
        assert part in text
    assert OTHER_MODEL not in text

    adviser = live.client("adviser")
    for assessment in (waiting, decided):
        shown = text_of(adviser, f"/clients/{assessment}/result")
        assert "cut-offs pace-start-2026.1" in shown
        assert "the cut-offs have changed since" in shown
    assert "Save the decision" not in text_of(adviser, f"/clients/{waiting}/result")
    assert "The decision stays in force" in text_of(adviser, f"/clients/{decided}/result")
    adviser.send_form(f"/clients/{waiting}/result", {}, to=f"/clients/{waiting}/score")
    again = text_of(adviser, f"/clients/{waiting}/result")
    assert f"cut-offs {promoted.version}" in again
    assert "Save the decision" in again
    assert events(live.service.database) == [
        {"before": "pace-start-2026.1", "before_sha256": "", "version": promoted.version, "sha256": promoted.sha256}
    ]
    # Another model may come into force; the policy stays, and what it rests on is said not to be about it.
    engine = live.service.engines.now
    bundle = copy(engine.bundle)
    bundle.manifest_sha256 = "1" * 64
    live.service.engines.replace(Engine(bundle, engine.features, engine.cutoffs))
    assert OTHER_MODEL in page.get("/service").text


def test_the_page_about_the_service_is_for_everybody(live: Live, analyst: Analyst, new_page: NewPage) -> None:
    """A digest is one long word, and must not push the page sideways on a phone."""
    taken_up(live, analyst, widened=[WIDENED], answer=Answer(ANSWER.by, ANSWER.why, TRADE_OFF))
    page = live.sign_in(new_page(base_url=live.address), "administrator")
    page.goto("/service")
    page.get_by_text(TRADE_OFF).wait_for()
    picture(page, "service-policy")
    assert axe(page) + sideways(page) == []


def test_what_was_changed_is_not_used_and_the_page_says_why(live: Live, analyst: Analyst) -> None:
    page = live.client("administrator")
    good = taken_up(live, analyst).version
    # It was taken up before it was changed: then the service goes back to it, and has to look again.
    bad = taken_up(live, analyst, 26)
    text = bad.path.read_text(encoding="utf-8")
    earlier = analyst.back(good)
    until(lambda: earlier.version in page.get("/service").text and bad.version not in page.get("/service").text)
    bad.path.write_text(text.replace("share: 26", "share: 36"), encoding="utf-8")
    folder = analyst.policies.folder
    pointer = (folder / "in-force.json").read_text(encoding="utf-8")
    changed = json.loads(pointer) | {"version": bad.version, "sha256": bad.sha256}
    (folder / "in-force.json").write_text(json.dumps(changed), encoding="utf-8")
    until(lambda: "The policy that was promoted last is not used." in page.get("/service").text)
    assert f"The signature of {bad.path} is wrong" in page.get("/service").text.replace("&#39;", "'")
    assert live.service.engines.now.versions.cutoffs == good
    (folder / "in-force.json").write_text(pointer, encoding="utf-8")
    until(lambda: "is not used" not in page.get("/service").text)


def test_a_service_does_not_start_with_what_it_must_not_use(choices: Choices, analyst: Analyst, live: Live) -> None:
    """Started again it takes no other cut-offs in silence."""
    taken_up(live, analyst)
    service = open_service(choices, first=False)
    found = service.policy.now
    assert found is not None
    assert service.engines.now.versions.cutoffs == found.version
    service.database.close()
    record = found.path.with_suffix(".json")
    whole = record.read_text(encoding="utf-8")
    record.write_text(whole.replace(ANSWER.by, "Somebody Else"), encoding="utf-8")
    with pytest.raises(BundleError, match=r"\.json is wrong"):
        open_service(choices, first=False)
    record.write_text(whole, encoding="utf-8")
    # A folder that is not mounted looks as one in which nothing was ever promoted.
    away = analyst.policies.folder.rename(analyst.policies.folder.with_name("away"))
    with pytest.raises(PolicyError, match=f"The records name a promoted policy, and {analyst.policies.folder} has"):
        open_service(choices, first=False)
    away.rename(analyst.policies.folder)


def test_a_policy_for_demonstration_does_not_start_a_service_for_clients(
    tmp_path: Path, shipped_engine: triage.Engine
) -> None:
    trial = analyst_in(tmp_path, shipped_engine, {**GOVERNANCE, "demonstration": True})
    found = trial.promote(demonstration=True, simulated=True)
    address = f"sqlite:///{tmp_path / 'records.sqlite'}"
    with pytest.raises(CutoffsError, match="for demonstration only"):
        open_service(Choices(str(tmp_path), address))
    assert not (tmp_path / "records.sqlite").exists()
    elsewhere = Choices(str(tmp_path / "data"), address, demo=True, policies=str(trial.policies.folder))
    service = open_service(elsewhere)
    assert service.engines.now.versions.cutoffs == found.version
    service.database.close()


@pytest.mark.slow
def test_every_process_takes_it_up_and_the_trail_has_it_once(
    tmp_path: Path, shipped_engine: triage.Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    port, data = free_port(), tmp_path / "data"
    words = ["serve", "--demo", "--data", str(data), "--port", str(port), "--workers", "2"]
    with subprocess.Popen(
        [sys.executable, "-m", "triage.cli.main", *words], cwd=ROOT, stdout=subprocess.DEVNULL, text=True
    ) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                assert answered(client, process) == "ready"
            service = open_service(Choices(str(data), f"sqlite:///{data / 'records.sqlite'}", demo=True), first=False)
            office = people.make_office(service, SYSTEM, "Falkirk office", "Forth Valley")
            wanted = Wanted("App", "partner", "A college", "Agree support", "DSA-1", ("read",), office["id"],
                            service.today.replace(day=28).replace(year=service.today.year + 1))  # fmt: skip
            _, secret = api_keys.make(service, operator("tester"), wanted)
            governance = write_governance(tmp_path / "trial.yaml", {**GOVERNANCE, "demonstration": True})
            trial = analyst_in(tmp_path / "trial", shipped_engine)
            folder = write_candidate(tmp_path / "candidate", trial.evidence(simulated=True))
            told = ["--by", ANSWER.by, "--why", ANSWER.why, "--governance", str(governance), "--data", str(data)]
            assert main(["policy", "promote", str(folder), *told, "--unsigned", "--demo"]) == 0
            version = capsys.readouterr().out.partition(" ")[0]

            def answers_new() -> bool:
                # A connection each, so that now one process answers and now the other.
                headers = {"authorization": f"Bearer {secret}"}
                found = httpx.get(f"http://127.0.0.1:{port}/api/v1/cutoffs", headers=headers, timeout=30)
                return found.status_code == 200 and found.json()["version"] == version

            until(lambda: all(answers_new() for _ in range(20)))
            assert [event["version"] for event in events(service.database)] == [version]
            service.database.close()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
