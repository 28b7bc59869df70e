"""Does a version become the champion by its gates alone, by whom and why; and is there a champion at each moment?"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import triage
from tests.policies_case import Analyst
from tests.registered import Registry, bundle_called
from triage.bundle import Bundle, shipped_bundle
from triage.champion import names
from triage.champion.gates import parity
from triage.champion.limits import limits_path, read_limits
from triage.champion.promote import promote
from triage.champion.register import register_bundle
from triage.champion.trial import Beside, Trial, hold_trial
from triage.cli.main import main
from triage.cutoffs import Cutoffs
from triage.errors import TrackingError, UsageError
from triage.evaluation import Settings
from triage.features import Features
from triage.outcomes.read import read_outcomes
from triage.outcomes.seen import Seen, training_folder
from triage.outcomes.write import write_outcomes
from triage.simulation import Settings as Simulated
from triage.simulation import World, simulate

pytestmark = pytest.mark.slow
BY, WHY = "A. Analyst", "It was compared on last year's outcomes."
ANSWERS_FOR = ("--by", BY, "--why", WHY)
RECIPE = Path("models/recipes/evidence.yaml")


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


Say = Callable[..., Said]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Simulated people for whom the shipped model is right."""
    return people_file(tmp_path_factory.mktemp("people") / "later.csv", "promotion", 0.12)


def people_file(path: Path, seed: str, base_rate: float, count: int = 1800) -> Path:
    features = triage.load().features
    cohort = simulate(count, seed, World.of(RECIPE, features, Simulated(strength=1.0, base_rate=base_rate)))
    write_outcomes(path, cohort.outcomes, features)
    return path


@pytest.fixture
def say(registry: Registry, capsys: pytest.CaptureFixture[str]) -> Say:
    """Give a command of `model` for this registered model."""

    def run(*words: object) -> Said:
        code = main(["model", *map(str, words), "--name", registry.name])
        found = capsys.readouterr()
        assert "Traceback" not in found.err
        return Said(code, found.out, found.err)

    return run


def quick(outcomes: Path) -> tuple[object, ...]:
    return ("--outcomes", outcomes, "--practice", "--resamples", 100, *ANSWERS_FOR)


# ------------------------------------------------------------------------------------------------ the whole way


def test_register_promote_promote_again_and_roll_back(
    registry: Registry, say: Say, outcomes: Path, tmp_path: Path
) -> None:
    assert "version 1" in say("register", shipped_bundle()).out
    first = say("promote", "challenger", *quick(outcomes))
    assert first.code == 0, first.err
    assert "Version 1" in first.out
    assert "is the champion." in first.out
    assert "FAILED" not in first.out
    assert registry.versions.aliases() == {"champion": "1"}
    assert triage.load(f"models:/{registry.name}@champion").versions.model == "evidence-2026.1"

    say("register", bundle_called("other-1", tmp_path / "other"))
    second = say("promote", 2, *quick(outcomes))
    assert second.code == 0, second.err
    assert "the difference to evidence-2026.1 is 0.000 (0.000 to 0.000)" in second.out
    assert registry.versions.aliases() == {"champion": "2", "previous": "1"}

    back = say("rollback", "--by", BY, "--why", "Advisers saw strange reasons.")
    assert back.code == 0, back.err
    assert registry.versions.aliases() == {"champion": "1"}
    again = say("rollback", *ANSWERS_FOR)
    assert again.code == 2
    assert "nothing to go back to" in again.err

    said = say("registered").out
    assert "promoted 20" in said
    assert f"by {BY}: {WHY}" in said
    assert "rolled back 20" in said
    assert "Advisers saw strange reasons." in said
    assert "gates passed (gates-start-2026.1), judged by simulated people" in said


def test_what_the_gates_said_stands_on_the_version_and_in_a_run(
    registry: Registry, say: Say, outcomes: Path, tmp_path: Path, analyst: Analyst
) -> None:
    """Judged by the cut-offs in force, as the service has them, and not by those that go with the version."""
    say("register", shipped_bundle())
    promoted = analyst.promote()
    judged = (*quick(outcomes), "--policies", analyst.policies.folder)
    said = say("promote", "challenger", *judged).out
    assert said.startswith("Judged by simulated people, for practice")
    assert f"Judged with the cut-offs {promoted.version}. The version carries others, pace-start-2026.1:" in said
    version = registry.versions.get("1")
    tags = version.tags
    assert tags[names.GATES] == "passed (gates-start-2026.1)"
    assert tags[names.GATES_SIMULATED] == "true"
    assert tags[names.LIMITS_DIGEST] == read_limits(limits_path()).digest
    assert (tags[names.BY], tags[names.WHY], tags[names.REPLACED]) == (BY, WHY, "none")
    gates = {key: text for key, text in tags.items() if key.startswith(names.GATE)}
    assert {"ltu.gate.parity", "ltu.gate.auc", "ltu.gate.cases", "ltu.gate.calibration_slope"} <= set(gates)
    assert all(text.startswith("passed: ") for text in gates.values())
    client = registry.tracking.client
    run = client.get_run(tags[names.RUN])
    assert run.data.tags["simulated"] == "true"
    assert run.data.tags["ltu.kind"] == "evaluate"
    assert "simulated" in run.info.run_name
    kept = {"by": BY, "cutoffs": promoted.version, "cutoffs_sha256": Cutoffs.load(promoted.path).rules_digest}
    assert kept.items() <= run.data.params.items()
    assert "The version carries others" in run.data.tags["mlflow.note.content"]
    assert run.data.metrics["gate.auc.passed"] == 1.0
    assert {"gate.auc.auc", "gate.auc.auc.low", "gate.auc.auc.high"} <= set(run.data.metrics)
    kept = json.loads(Path(client.download_artifacts(run.info.run_id, "gates.json", str(tmp_path))).read_text("utf-8"))
    assert kept["passed"] is True
    assert {f"ltu.gate.{gate['id']}" for gate in kept["gates"]} == set(gates)
    assert run.info.run_id in said


# ------------------------------------------------------------------------------------------------ refused


def test_a_gate_that_fails_is_named_and_nothing_moves(
    registry: Registry, say: Say, tmp_path: Path, outcomes: Path
) -> None:
    """Twice as many people had the outcome as the model expects."""
    say("register", shipped_bundle())
    assert say("promote", 1, *quick(outcomes)).code == 0
    say("register", bundle_called("other-1", tmp_path / "other"))
    worse = people_file(tmp_path / "worse.csv", "worse", 0.30)
    found = say("promote", "challenger", *quick(worse))
    assert found.code == 2
    assert "does not pass" in found.err
    assert "version 1 stays the champion" in found.err
    assert "calibration_observed_over_expected" in found.err
    assert "FAILED  calibration_observed_over_expected" in found.out
    assert registry.versions.aliases() == {"champion": "1", "challenger": "2"}
    tags = registry.versions.get("2").tags
    assert tags[names.GATES].startswith("failed")
    assert tags["ltu.gate.calibration_observed_over_expected"].startswith("failed: ")
    assert names.AT not in tags


def test_too_few_cases_and_limits_of_ones_own(registry: Registry, say: Say, tmp_path: Path, outcomes: Path) -> None:
    say("register", shipped_bundle())
    strict = tmp_path / "gates.yaml"
    text = Path("models/gates.yaml").read_text(encoding="utf-8")
    strict.write_text(text.replace("least: 100", "least: 5000").replace("id: gates-start", "id: ours"), "utf-8")
    found = say("promote", 1, *quick(outcomes), "--gates", strict)
    assert found.code == 2
    assert "cases: " in found.err
    assert "at least 5,000" in found.err
    assert registry.versions.get("1").tags[names.GATES] == "failed (ours-2026.1)"


def test_a_version_whose_files_were_changed_fails_the_first_gate(registry: Registry, say: Say, outcomes: Path) -> None:
    """Also where this machine has kept the right ones."""
    say("register", shipped_bundle())
    triage.load(registry.address)
    path = registry.stored("model.onnx")
    path.write_bytes(path.read_bytes()[:-1])
    found = say("promote", 1, *quick(outcomes))
    assert found.code == 2
    assert "parity: model.onnx of the bundle" in found.err
    assert registry.versions.aliases() == {"challenger": "1"}
    assert registry.versions.get("1").tags["ltu.gate.parity"].startswith("failed: ")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("promote", "3"), "There is no version 3"),
        (("promote", "someday"), "has the alias 'someday'"),
        (("promote", "1"), "--by"),
    ],
)
def test_a_slip_is_said_plainly(
    registry: Registry, say: Say, outcomes: Path, words: tuple[str, ...], says: str
) -> None:
    registry.register()
    more = ("--by", " ", "--why", "no") if says == "--by" else ANSWERS_FOR
    found = say(*words, "--outcomes", outcomes, *more)
    assert found.code == 2
    assert says in found.err


def test_a_model_that_nobody_registered_is_not_promoted(registry: Registry, say: Say, outcomes: Path) -> None:
    assert "There is no registered model" in say("promote", "challenger", *quick(outcomes)).err
    assert "There is no registered model" in say("rollback", *ANSWERS_FOR).err
    assert "There is no registered model" in say("registered").err


def test_who_is_champion_already_is_not_promoted_again(registry: Registry, say: Say, outcomes: Path) -> None:
    registry.register()
    registry.versions.point(names.CHAMPION, "1")
    assert "is the champion already" in say("promote", 1, *quick(outcomes)).err


def test_a_champion_that_is_new_since_the_trial_is_not_replaced_unseen(registry: Registry) -> None:
    """Two analysts promote at the same time: the second was compared with a champion that is none any more."""
    registry.register()
    registry.register()
    registry.versions.point(names.CHAMPION, "1")
    with pytest.raises(TrackingError, match="has become the champion while"):
        promote(registry.versions, Trial("2", None, [parity("")]), BY, WHY)
    assert registry.versions.aliases()[names.CHAMPION] == "1"


def test_what_is_in_a_registry_is_not_registered_again(registry: Registry) -> None:
    registry.register()
    with pytest.raises(UsageError, match="is registered already"):
        register_bundle(registry.tracking, registry.address, name=registry.name)


def test_a_champion_whose_files_are_broken_is_said_to_be_the_trouble(
    registry: Registry, say: Say, outcomes: Path
) -> None:
    registry.register()
    registry.register()
    registry.versions.point(names.CHAMPION, "1")
    registry.stored("model.onnx").unlink()
    found = say("promote", 2, *quick(outcomes))
    assert found.code == 2
    assert "The champion, version 1" in found.err
    assert "model rollback" in found.err


# ------------------------------------------------------------------------------------------------ whom it has seen


def test_nobody_it_learned_from_may_judge_it(registry: Registry, outcomes: Path, tmp_path: Path) -> None:
    """A learned model whose training record travels with its run: the same people, half of them, and others."""
    engine = triage.load()
    people = read_outcomes(outcomes, engine.features).outcomes
    bundle = bundle_called("learned-1", tmp_path / "bundle", learned=True)
    # The record of another model of that name says nothing of this one.
    other = bundle_called("learned-1", tmp_path / "other")
    Seen.of(people.take(slice(0, 900)), Bundle.load(other)).save(training_folder(bundle))
    registry.register(bundle)
    shutil.rmtree(training_folder(bundle))
    Seen.of(people.take(slice(0, 900)), Bundle.load(bundle)).save(training_folder(bundle))
    registry.register(bundle)
    others = read_outcomes(people_file(tmp_path / "others.csv", "others", 0.12), engine.features).outcomes
    found = {}
    for version, name, judges in (("1", "cannot be told", others), ("2", "others", others), ("2", "the same", people)):
        limits, settings = read_limits(limits_path()), Settings(resamples=100)
        beside = Beside(Features.load(engine.checklist), engine.cutoffs, lambda _, them=judges: them, limits, settings)
        [gate] = [gate for gate in hold_trial(registry.versions, version, beside).gates if gate.id == "unseen"]
        found[name] = (gate.passed, gate.found)
    assert found["cannot be told"][0] is False
    assert "no training record" in found["cannot be told"][1]
    assert found["others"] == (True, "0 clients and 0 rows that it learned from")
    assert found["the same"] == (False, "900 clients and 0 rows that it learned from")
