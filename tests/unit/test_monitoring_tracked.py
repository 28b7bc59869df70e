"""Do the figures make lines on a real MLflow server, with nothing of one person among them?"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.casework import BEGIN, Desk
from tests.mlflow_server import both_servers
from tests.monitored import answer, fill, over_months, people
from triage.cli.main import main
from triage.evaluation import Settings
from triage.monitoring import Wanted, monitor
from triage.monitoring.rules import load_rules
from triage.monitoring.tracked import EXPERIMENT, OVER, PERIOD, keep_monitoring, period_metrics
from triage.tracking.client import Tracking, open_tracking

pytestmark = pytest.mark.slow


def told(desk: Desk) -> dict[str, Any]:
    clients = over_months([replace(client, way="same") for client in people(600)[:300]], 3)
    fill(desk, [*clients, *(replace(answer("age", 61)(client), practice=True) for client in clients[:20])])
    desk.clock.move(days=500)
    until = (BEGIN + timedelta(days=58)).date()
    wanted = Wanted(until=until, simulated=True, settings=Settings(resamples=20))
    return monitor(desk.service, desk["analyst"], wanted)


def of_model(tracking: Tracking, data: dict[str, Any]) -> list[Any]:
    """The runs about this model, whose name no other test uses."""
    wanted = f"tags.`ltu.model` = '{data['model']['id']}'"
    return list(tracking.client.search_runs([tracking.experiment(EXPERIMENT)], wanted))


def later(data: dict[str, Any]) -> dict[str, Any]:
    """The same with one more period, in which as many people came as in the last."""
    drift = data["drift"]
    items = [drift["score"], *drift["answers"], *drift["unanswered"]]
    last = data["periods"][-1]
    rows = [{**item, "periods": [*item["periods"], {**item["periods"][-1], "period": "2026-05"}]} for item in items]
    size = len(drift["answers"])
    return {
        **data,
        "periods": [*data["periods"], {**last, "name": "2026-05", "start": "2026-05-01", "step": last["step"] + 30}],
        "drift": {"score": rows[0], "answers": rows[1 : 1 + size], "unanswered": rows[1 + size :]},
    }


@both_servers
def test_one_run_a_period_and_lines_over_all_of_them(desk: Desk, tracking_address: str, tmp_path: Path) -> None:
    data = told(desk)
    tracking = open_tracking(tracking_address)
    data["model"]["id"] = f"evidence-{tmp_path.name}"
    keep_monitoring(tracking, data, load_rules().drift, [], False)
    made = of_model(tracking, data)
    [report] = [run for run in made if "mlflow.parentRunId" not in run.data.tags]
    parts = [run for run in made if run is not report]
    assert report.info.status == "FINISHED"
    assert len(parts) == len(data["periods"])
    assert {run.data.tags["ltu.period"] for run in parts} == {period["name"] for period in data["periods"]}
    for run in made:
        assert run.data.tags["ltu.kind"] == "monitor"
        assert run.data.tags["simulated"] == "true"
        assert run.info.run_name.endswith("(simulated people)")
    line = tracking.client.get_metric_history(report.info.run_id, "drift.score.from_first")
    steps = {
        period["step"]: row["from_first"]
        for period, row in zip(data["periods"], data["drift"]["score"]["periods"], strict=True)
    }
    assert {metric.step: metric.value for metric in line} == {
        step: row["psi"] for step, row in steps.items() if row is not None
    }
    ratio = data["outcomes"]["observed_over_expected"]
    assert report.data.metrics["observed_over_expected"] == ratio["value"]
    assert report.data.metrics["observed_over_expected.low"] == ratio["low"]
    kept = tracking.client.download_artifacts(report.info.run_id, "monitoring.json", str(tmp_path))
    assert json.loads(Path(kept).read_text("utf-8")) == data
    files = {item.path for item in tracking.client.list_artifacts(report.info.run_id)}
    assert {"monitoring.html", "alerts.json", "software.json"} <= files
    # A later report adds itself, and the run of the period that still goes on.
    keep_monitoring(tracking, data, load_rules().drift, [], False)
    added = [run for run in of_model(tracking, data) if run.info.run_id not in {item.info.run_id for item in made}]
    assert sorted(run.data.tags.get(PERIOD, "") for run in added) == ["", data["periods"][-1]["name"]]
    # Once that period is over, what was kept of its first days does not stand for it.
    known, again = {run.info.run_id for run in [*made, *added]}, later(data)
    keep_monitoring(tracking, again, load_rules().drift, [], False)
    keep_monitoring(tracking, again, load_rules().drift, [], False)
    added = [run for run in of_model(tracking, data) if run.info.run_id not in known]
    last, following = (period["name"] for period in again["periods"][-2:])
    assert sorted(run.data.tags.get(PERIOD, "") for run in added) == ["", "", last, following, following]
    assert {run.data.tags[PERIOD]: run.data.tags[OVER] for run in added if PERIOD in run.data.tags} == {
        last: "true", following: "false",
    }  # fmt: skip


def test_no_metric_tells_of_few_people_or_holds_an_id(desk: Desk, sqlite_tracking: str, tmp_path: Path) -> None:
    data = told(desk)
    hidden = {**data, "periods": [{**period, "people": None} for period in data["periods"]]}
    for period in hidden["periods"]:
        figures = period_metrics(hidden, period["name"])
        assert figures["people"] is None
        assert all(re.fullmatch(r"[A-Za-z0-9_./-]+", name) for name in figures)
    tracking = open_tracking(sqlite_tracking)
    hidden["model"]["id"] = f"evidence-{tmp_path.name}"
    keep_monitoring(tracking, hidden, load_rules().drift, [], False)
    found = of_model(tracking, hidden)
    assert len(found) == 1 + len(hidden["periods"])
    for run in found:
        assert "people" not in run.data.metrics
        said = json.dumps([run.data.tags, run.data.params, run.data.metrics])
        assert not re.search(r"\b[0-9a-f]{32}\b", said.replace(run.info.run_id, "").replace(
                run.data.tags.get("mlflow.parentRunId", "-"), ""))  # fmt: skip


def test_the_command_keeps_its_figures_and_says_where(
    desk: Desk, database_address: str, sqlite_tracking: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begin = desk.clock().replace(year=2024)
    fill(desk, over_months([replace(client, outcome=None) for client in people(600)[:60]], 1, begin))
    words = ["monitor", "--data", str(tmp_path), "--database", database_address, "-o", str(tmp_path / "watched")]
    assert main([*words, "--to", "2024-03-31", "--simulated", "--tracking", sqlite_tracking]) == 0
    assert f"Kept on the tracking server: {sqlite_tracking}" in capsys.readouterr().out
    assert main([*words, "--to", "2024-03-31", "--shadow", "--tracking", sqlite_tracking]) == 2
    assert "ltu-triage" in capsys.readouterr().err
