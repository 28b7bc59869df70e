"""How does a version become the champion: judged, kept on the server, and put in force?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from triage.champion import names
from triage.champion.aliases import Versions, check_champion, mend, put_in_force
from triage.champion.limits import Limits
from triage.champion.trial import Trial
from triage.errors import TrackingError
from triage.evaluation.figures import Figure
from triage.evaluation.tracked import EXPERIMENT, keep_evaluation
from triage.faults import Fault
from triage.registry.address import ModelAddress
from triage.schema import as_data
from triage.tracking.about import metric_name, run_name, tags_of
from triage.tracking.client import Run
from triage.tracking.data import DataFile


def keep_trial(versions: Versions, trial: Trial, limits: Limits, file: DataFile | None, by: str, why: str) -> str:
    """Keep what the gates said as a run and as tags of the version; returns where people open the run.

    Args:
        versions: of the registered model.
        trial: what the gates said.
        limits: by which.
        file: the outcomes; None where they were not read.
        by: who asks for the promotion.
        why: their reason.

    Raises:
        TrackingError: the server does not answer.
    """
    simulated = file is not None and file.simulated
    verdict = "passed" if trial.passed else "failed"
    words = "\n\n".join(text for text in (trial.bands, _table(trial)) if text)
    tags = tags_of("evaluate", simulated, words) | {names.GATES: verdict}
    tags |= {"ltu.version_judged": f"{versions.name}/{trial.version}"}
    name = run_name(f"gates of {versions.name} {trial.version}", simulated)
    address = ModelAddress(versions.name, version=trial.version)
    with versions.tracking.run(EXPERIMENT, name, tags=tags) as run:
        run.params({
            "version": trial.version, "champion": trial.champion or "none", "limits": limits.name,
            "limits_sha256": limits.digest, "by": by, "why": why, **_cutoffs(trial),
        })  # fmt: skip
        run.json("gates.json", {"passed": trial.passed, "limits": as_data(limits), "gates": _data(trial)})
        _keep_figures(run, trial)
        if file is not None and trial.evaluation is not None:
            file.keep(run, "evaluation")
            keep_evaluation(versions.tracking, trial.evaluation, file, Path(str(address)), parent=run.id)
        told = {f"{names.GATE}{metric_name(gate.id)}": str(gate) for gate in trial.gates}
        told |= {names.GATES: f"{verdict} ({limits.name})", names.LIMITS_DIGEST: limits.digest, names.RUN: run.id}
        told |= {names.GATES_SIMULATED: str(simulated).lower()}
        # A gate of an earlier trial says nothing of this one.
        old = [key for key in versions.get(trial.version).tags if key.startswith(names.GATE) and key not in told]
        versions.untag(trial.version, old)
        versions.tag(trial.version, told)
        return run.address


def _cutoffs(trial: Trial) -> dict[str, str]:
    """The cut-offs that the version was judged with, and those that it carries where they are others."""
    if trial.cutoffs is None:
        return {}
    found = {"cutoffs": trial.cutoffs.version, "cutoffs_sha256": trial.cutoffs.rules_digest}
    return found | ({"cutoffs_carried": trial.carried} if trial.carried else {})


def check_passed(versions: Versions, trial: Trial) -> None:
    """Refuse a version that has not passed every gate.

    Raises:
        TrackingError: it has not; each gate that failed is named.
    """
    faults = [Fault(gate.id, f"{gate.found}.", f"Asked for: {gate.limit}.") for gate in trial.failed]
    if faults:
        gates = "a gate" if len(faults) == 1 else f"{len(faults)} gates"
        champion = f"version {trial.champion} stays the champion" if trial.champion else "there is still no champion"
        raise TrackingError(
            f"Version {trial.version} of {versions.name} does not pass {gates}, and {champion}.", faults
        )


def promote(versions: Versions, trial: Trial, by: str, why: str) -> str | None:
    """Make a version that has passed its gates the champion; returns the version that was, None where there was none.

    Raises:
        TrackingError: a gate is not passed, or another version has become the champion since.
    """
    check_passed(versions, trial)
    mend(versions)
    known = check_champion(versions, trial.champion)
    return put_in_force(versions, trial.version, {names.BY: by, names.WHY: why}, known)


def _table(trial: Trial) -> str:
    """The gates in Markdown, for the page of the run."""
    rows = [f"| {gate.asks} | {gate.found} | {gate.limit} | {_said(gate.passed)} |" for gate in trial.gates]
    return "\n".join(["| gate | found | asked for | |", "|---|---|---|---|", *rows])


def _said(passed: bool) -> str:
    return "passed" if passed else "**failed**"


def _data(trial: Trial) -> list[dict[str, Any]]:
    return [json.loads(json.dumps(gate.as_data())) for gate in trial.gates]


def _keep_figures(run: Run, trial: Trial) -> None:
    found: dict[str, Figure] = {}
    for gate in trial.gates:
        found |= {metric_name(f"gate.{gate.id}.{name}"): told for name, told in gate.figures.items()}
    for name, told in found.items():
        run.figure(name, told)
    run.metrics({metric_name(f"gate.{gate.id}.passed"): float(gate.passed) for gate in trial.gates})
