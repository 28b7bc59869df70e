"""Does `ltu-triage monitor` write its three files, and does its exit code say whether somebody should look?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.casework import Desk
from tests.databases import both
from tests.monitored import answer, changed, fill, over_months, people
from tests.policies_case import DEFAULT, Analyst
from triage.cli.main import main
from triage.monitoring.known import known_outcomes
from triage.monitoring.write import ALERTS, HTML, JSON
from triage.outcomes import Outcomes
from triage.outcomes.write import write_outcomes

pytestmark = pytest.mark.slow
#: Everybody was scored so long ago that the command, whose clock is the machine's, finds them.
_BEGIN = datetime(2024, 1, 15, 10, 0, tzinfo=UTC)
_LATE = _BEGIN + timedelta(days=28)


class Command:
    """Runs `ltu-triage monitor` on the records of a desk."""

    def __init__(self, folder: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.target = folder / "watched"
        self._options = ["--data", str(folder), "--database", url, "-o", str(self.target)]
        self._capsys = capsys
        self.err = ""

    def __call__(self, *words: object, code: int = 0) -> str:
        """What it prints; the exit code has to be `code`."""
        self._capsys.readouterr()
        assert main(["monitor", *map(str, words), *self._options]) == code, self._capsys.readouterr()
        found = self._capsys.readouterr()
        assert "Traceback" not in found.err
        self.err = found.err
        return found.out

    def data(self, name: str = JSON) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.target / name).read_text("utf-8"))
        return found


@pytest.fixture
def run(database_address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path, database_address, capsys)


def crowd(number: int = 240, **more: Any) -> list[Any]:
    return over_months([replace(client, **more) for client in people(600)[:number]], 2, _BEGIN)


def file_of(desk: Desk, path: Path, **more: Any) -> Outcomes:
    """Outcomes of other people in a file."""
    found = known_outcomes(desk.service, desk["analyst"], [], simulated=True).outcomes
    assert found is not None
    other = replace(found, client=np.array([f"other-{place}" for place in range(len(found))], dtype=object), **more)
    write_outcomes(path, other, desk.service.engines.now.features)
    return other


@both
def test_it_says_what_it_found_and_ends_with_4_where_somebody_should_look(run: Command, desk: Desk) -> None:
    fill(desk, changed(crowd(outcome=None), answer("age", 61), _LATE))
    told = run("--simulated", code=4)
    assert "240 simulated people scored" in told
    assert "Within a working day: the question “Age”." in told
    found = run.data(ALERTS)
    assert (found["format"], found["simulated"], found["in_part"]) == (1, True, False)
    assert {"answer_drift", "score_drift"} <= {alert["id"] for alert in found["alerts"]}
    assert all(set(alert) == {"id", "level", "where", "what", "means", "do"} for alert in found["alerts"])
    assert run.data()["alerts"] == found["alerts"]
    assert "<title>Simulated people: how does evidence-2026.1 do?</title>" in (run.target / HTML).read_text("utf-8")


def test_it_ends_with_0_where_nothing_calls_and_writes_over_what_was_there(run: Command, desk: Desk) -> None:
    fill(desk, crowd(outcome=None))
    assert run("--by", "week").endswith("No alert.\n")
    assert run.data()["unit"] == "week"
    run("--from", "2024-01-01", "--to", "2024-01-31")
    assert (run.data()["since"], run.data()["until"], run.data()["simulated"]) == ("2024-01-01", "2024-01-31", False)


def test_rows_that_cannot_be_used_make_it_3_and_an_alert_counts_more(run: Command, desk: Desk, tmp_path: Path) -> None:
    fill(desk, crowd())
    path = tmp_path / "heard.csv"
    file_of(desk, path, simulated=True)
    lines = path.read_text("utf-8-sig").splitlines()
    path.write_text("\n".join([lines[0], *(line.replace("paid_work", "won the pools") if 3 < place < 9 else line
                                           for place, line in enumerate(lines[1:]))]), "utf-8")  # fmt: skip
    run("--simulated", "--outcomes", path, code=3)
    assert "cannot be used" in run.err
    assert run.data(ALERTS)["in_part"] is True
    assert run.data()["known"]["from_files"] > 200
    fill(desk, [answer("age", 61)(client) for client in crowd(outcome=None) if client.at >= _LATE])
    run("--simulated", "--outcomes", path, code=4)
    assert run.data(ALERTS)["in_part"] is True


def test_a_challenger_stands_in_the_shadow(run: Command, desk: Desk) -> None:
    fill(desk, crowd(outcome=None))
    run("--challenger", "models/evidence-2026.1")
    shadow = run.data()["shadow"]
    assert shadow["challenger"] == "evidence-2026.1"
    assert shadow["mean"] == 0
    assert "in the shadow of" in (run.target / HTML).read_text("utf-8")


def test_the_promoted_policy_counts_and_what_it_rests_on_is_looked_at(
    run: Command, desk: Desk, analyst: Analyst
) -> None:
    """In the data folder of the service, and before --cutoffs, as there."""
    fill(desk, crowd(outcome=None)[:60])
    promoted = analyst.promote()
    told = run("--cutoffs", DEFAULT)
    assert f"The cut-offs are those of the promoted policy {promoted.version}. {DEFAULT} is not used." in told
    assert run.data()["cutoffs"]["version"] == promoted.version
    assert run.data()["policy"] == {"version": promoted.version, "model": "evidence-2026.1", "same_model": True}
    record = promoted.path.with_suffix(".json")
    sha256 = analyst.engine.bundle.manifest_sha256
    record.write_text(record.read_text("utf-8").replace(sha256, "1" * 64), "utf-8")
    told = run(code=4)
    assert [alert["id"] for alert in run.data()["alerts"]] == ["other_model"]
    assert "Its evidence is about another release of evidence-2026.1." in told


WRONG = {
    ("--from", "2025-02-01", "--to", "2025-01-01"): "--from is a later day",
    ("--shadow", "--challenger", "x"): "not both",
    ("--shadow",): "MLFLOW_TRACKING_URI",
    ("--challenger", "nowhere"): "nowhere",
    ("--outcomes", "nowhere.csv"): "nowhere.csv",
}


@pytest.mark.parametrize("words", WRONG)
def test_a_mistake_ends_with_2_and_in_words(words: tuple[str, ...], run: Command, desk: Desk) -> None:
    fill(desk, crowd(outcome=None)[:5])
    run(*words, code=2)
    assert WRONG[words] in run.err
    assert not run.target.exists()


def test_before_anybody_was_scored_there_is_nothing_to_watch(run: Command, desk: Desk) -> None:
    assert desk.people
    run(code=2)
    assert "nobody was scored" in run.err


def test_simulated_outcomes_do_not_go_beside_records_that_are_not_said_to_be(
    run: Command, desk: Desk, tmp_path: Path
) -> None:
    fill(desk, crowd())
    path = tmp_path / "heard.csv"
    file_of(desk, path, simulated=True)
    run("--outcomes", path, code=2)
    assert "--simulated" in run.err
