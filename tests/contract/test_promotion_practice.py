"""What is refused or told of a promotion before it, and what of an earlier trial is still told after it?"""

from __future__ import annotations

from pathlib import Path

import pytest

import triage
from tests.registered import Registry, bundle_called
from triage.bundle import Bundle
from triage.champion import names
from triage.champion.gates import Gate, parity
from triage.champion.limits import limits_path, read_limits
from triage.champion.listing import listed
from triage.champion.promote import keep_trial
from triage.champion.trial import Trial
from triage.cli.main import main
from triage.outcomes.read import read_outcomes
from triage.outcomes.seen import Seen, training_folder
from triage.outcomes.write import write_outcomes
from triage.simulation import Settings, World, simulate

pytestmark = pytest.mark.slow
BY, WHY = "A. Analyst", "To see what is refused."
RECIPE = Path("models/recipes/evidence.yaml")


@pytest.fixture
def outcomes(tmp_path: Path) -> Path:
    features = triage.load().features
    people = simulate(150, "practice", World.of(RECIPE, features, Settings(base_rate=0.3))).outcomes
    write_outcomes(tmp_path / "people.csv", people, features)
    return tmp_path / "people.csv"


def test_simulated_people_put_no_model_in_force_unless_it_is_for_practice(
    registry: Registry, outcomes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.register()
    words = ["model", "promote", "1", "--name", registry.name, "--by", BY, "--why", WHY, "--outcomes"]
    assert main([*words, str(outcomes)]) == 2
    said = capsys.readouterr().err
    assert f"The people in {outcomes} are simulated." in said
    assert "give --practice" in said
    real = tmp_path / "real.csv"
    real.write_text(outcomes.read_text(encoding="utf-8").replace("simulated", "remark", 1), encoding="utf-8")
    assert main([*words, str(real), "--practice"]) == 2
    assert "--practice is for simulated people" in capsys.readouterr().err
    assert registry.versions.aliases() == {"challenger": "1"}


def test_a_gate_of_an_earlier_trial_is_not_told_of_a_later_one(registry: Registry) -> None:
    """Judged by other people, by whom another characteristic could be compared."""
    registry.register()
    limits, bad = read_limits(limits_path()), Gate("groups.sex.enhanced", "?", False, "0.9", "at most 0.6")
    for gates in ([parity(""), bad], [parity("")]):
        keep_trial(registry.versions, Trial("1", None, gates), limits, None, BY, WHY)
    tags = registry.versions.get("1").tags
    assert {key for key in tags if key.startswith(names.GATE)} == {"ltu.gate.parity"}
    said = [line.strip() for line in listed(registry.versions) if "gates" in line]
    assert said == ["gates passed (gates-start-2026.1)"]


def test_whom_a_registered_model_has_seen_is_told_and_where_nobody_can_tell_that_too(
    registry: Registry, outcomes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without its training record a learned model can never pass the gate `unseen`."""
    judged = ["evaluate", registry.address, str(outcomes), "--resamples", "100"]
    bundle = bundle_called("learned-1", tmp_path / "m1", learned=True)
    words = ["model", "register", str(bundle), "--name", registry.name]
    assert main(words) == 0
    assert "It cannot be promoted: it learned from people, and no training record" in capsys.readouterr().err
    assert main(judged) == 0
    assert "has learned from some of these people: the run that made it has no training" in capsys.readouterr().err
    people = read_outcomes(outcomes, triage.load().features).outcomes
    Seen.of(people, Bundle.load(bundle)).save(training_folder(bundle))
    assert main(words) == 0
    assert capsys.readouterr().err == ""
    assert main(judged) == 0
    assert "The model learned from 150 clients of this file." in capsys.readouterr().out


def test_what_cannot_be_written_or_found_is_told_before_the_work(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Programs would load from another registry than the one that is written into."""
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", "http://name:word@127.0.0.1:9")
    for words in (["model", "registered"], ["learn", "people.csv", "-o", "m1", "--register"]):
        assert main(words) == 2
        said = capsys.readouterr().err
        assert "names the registry http://127.0.0.1:9, from which programs load models" in said
        assert f"the one at {registry.server.address}." in said
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", f"{registry.server.address}/")
    assert main(["model", "registered", "--name", registry.name]) == 2
    assert "There is no registered model" in capsys.readouterr().err
    monkeypatch.delenv("MLFLOW_REGISTRY_URI")
    client, kept = registry.tracking.client, registry.tracking.experiment("ltu-triage evaluate")
    client.delete_experiment(kept)
    assert main(["model", "promote", "1", "--outcomes", "no file", "--by", BY, "--why", WHY]) == 2
    client.restore_experiment(kept)
    assert "'ltu-triage evaluate'" in capsys.readouterr().err
