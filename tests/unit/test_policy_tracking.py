"""Is a candidate promoted from its run on MLflow, and is the run told?"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.policies_case import ANSWER, Analyst, cutoffs_text, write_candidate
from triage.cli.main import main
from triage.cli.policy import _told
from triage.cli.policy_source import Source, source_of
from triage.errors import PolicyError, TrackingError
from triage.policies import Evidence, sealed
from triage.policies.evidence import CUTOFFS, EVIDENCE
from triage.tracking.about import tags_of
from triage.tracking.client import Tracking, open_tracking
from triage.tuning.tracked import EXPERIMENT
from triage.tuning.write import as_json

pytestmark = pytest.mark.slow


@pytest.fixture
def tracking(sqlite_tracking: str) -> Tracking:
    """A real server."""
    return open_tracking(sqlite_tracking)


def tuned(
    tracking: Tracking, analyst: Analyst, share: float = 25, kind: str = "policy", experiment: str = EXPERIMENT
) -> str:
    """The run of a candidate, as `tune` leaves it; its id."""
    with tracking.run(experiment, "solved", tags=tags_of(kind, False)) as run:
        data = analyst.evidence(share, run=run.id)
        run.text(CUTOFFS, data["policy"]["cutoffs_file"])
        run.text(EVIDENCE, as_json(data))
        run.tags({"ltu.evidence": data["digest"]})
        return run.id


def tags(tracking: Tracking, run: str) -> dict[str, str]:
    """The tags of a run."""
    return dict(tracking.client.get_run(run).data.tags)


def words(run: str, analyst: Analyst, *more: str) -> list[str]:
    """The command."""
    told = ["policy", "promote", run, "--by", ANSWER.by, "--why", ANSWER.why, "--governance", str(analyst.governance)]
    return [*told, "--key", str(analyst.private), "--policies", str(analyst.policies.folder), *more]


def test_a_run_is_promoted_and_told(
    tracking: Tracking, analyst: Analyst, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tuned(tracking, analyst)
    assert main(words(run, analyst, "--tracking", tracking.address)) == 0
    found = analyst.policies.in_force(analyst.public)
    assert found is not None
    assert found.record.source == f"MLflow run {run}"
    assert tags(tracking, run)["ltu.promoted"] == found.version
    assert tags(tracking, run)["ltu.promoted_at"] == found.record.at
    # A local folder that names its run tells it too; the address is that of the environment.
    other = tuned(tracking, analyst, 26)
    folder = write_candidate(analyst.governance.parent / "candidate", analyst.evidence(26, run=other))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", tracking.address)
    assert main(words(str(folder), analyst)) == 0
    assert tags(tracking, other)["ltu.promoted"].endswith(".2")
    assert not any(ANSWER.by in value or ANSWER.why in value for value in tags(tracking, run).values())


def test_what_is_no_candidate(tracking: Tracking, analyst: Analyst) -> None:
    with ExitStack() as stack:
        with pytest.raises(TrackingError, match=r"is no candidate policy\. Name one of the child runs"):
            source_of(tuned(tracking, analyst, kind="tune"), tracking.address, stack)
        with pytest.raises(TrackingError, match="did not do it"):
            source_of("0" * 32, tracking.address, stack)
        with tracking.run(EXPERIMENT, "empty", tags=tags_of("policy", False)) as run:
            pass
        with pytest.raises(TrackingError, match="did not do it"):
            source_of(run.id, tracking.address, stack)


def test_an_artifact_that_was_changed_is_refused(tracking: Tracking, analyst: Analyst) -> None:
    """Even where somebody worked the digest out anew: the database has the one that `tune` noted."""

    def replaced(run: str, name: str, text: str) -> None:
        tracking.client.log_text(run, text, name)

    with ExitStack() as stack:
        run = tuned(tracking, analyst)
        data: dict[str, Any] = analyst.evidence(run=run)
        data["policy"]["bands"][0]["figures"]["ppv"] = {"value": 0.9, "low": 0.8, "high": 0.95}
        replaced(run, EVIDENCE, as_json(data))
        with pytest.raises(PolicyError, match=r"evidence\.json was changed"):
            source_of(run, tracking.address, stack)
        replaced(run, EVIDENCE, as_json(sealed(data)))
        with pytest.raises(PolicyError, match=f"The evidence of the run {run} was changed"):
            source_of(run, tracking.address, stack)
        other = tuned(tracking, analyst)
        replaced(other, CUTOFFS, cutoffs_text(60))
        with pytest.raises(PolicyError, match=r"cutoffs\.yaml is not the file"):
            source_of(other, tracking.address, stack)


def test_a_run_without_the_note_of_tune_is_refused(tracking: Tracking, analyst: Analyst) -> None:
    """Else whoever can change the file needs only to take the note away."""
    run = tuned(tracking, analyst)
    tracking.client.delete_tag(run, "ltu.evidence")
    with ExitStack() as stack, pytest.raises(PolicyError, match=r"the run has no tag 'ltu\.evidence'"):
        source_of(run, tracking.address, stack)


def test_a_run_that_somebody_deleted_is_refused(tracking: Tracking, analyst: Analyst) -> None:
    run = tuned(tracking, analyst)
    tracking.client.delete_run(run)
    with ExitStack() as stack, pytest.raises(TrackingError, match=r"cannot be used: somebody deleted it\."):
        source_of(run, tracking.address, stack)
    other = tuned(tracking, analyst, experiment="deleted with its runs")
    found = tracking.client.get_run(other).info.experiment_id
    tracking.client.delete_experiment(found)
    with ExitStack() as stack, pytest.raises(TrackingError, match="cannot be used: somebody deleted it"):
        source_of(other, tracking.address, stack)


def test_a_folder_that_names_its_run_is_held_against_it(tracking: Tracking, analyst: Analyst, tmp_path: Path) -> None:
    run = tuned(tracking, analyst)
    same = write_candidate(tmp_path / "same", analyst.evidence(run=run))
    other = write_candidate(tmp_path / "other", analyst.evidence(31, run=run))
    with ExitStack() as stack:
        assert source_of(str(same), tracking.address, stack).is_checked
        assert not source_of(str(same), None, stack).is_checked
        with pytest.raises(PolicyError, match=f"The evidence of the run {run} was changed"):
            source_of(str(other), tracking.address, stack)
    # What was held against the run needs no signature, where no service checks any.
    unsigned = [word for word in words(str(same), analyst) if word not in ("--key", str(analyst.private))]
    assert main([*unsigned, "--unsigned"]) == 2
    assert main([*unsigned, "--unsigned", "--tracking", tracking.address]) == 0


def test_a_promotion_counts_where_the_run_cannot_be_told(
    tracking: Tracking, analyst: Analyst, capsys: pytest.CaptureFixture[str]
) -> None:
    """The service follows the folder; MLflow is told of it afterwards, as far as it can be."""
    found = analyst.promote()
    source = Source(Evidence(analyst.evidence()), "", tracking, "0" * 32)
    assert _told(source, found) == 3
    assert "The policy is in force. Its run could not be told" in capsys.readouterr().err


def test_a_server_that_is_not_there(analyst: Analyst, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words("0" * 32, analyst, "--tracking", "http://127.0.0.1:1")) == 2
    assert "No MLflow server answers" in capsys.readouterr().err
    assert analyst.policies.in_force() is None
