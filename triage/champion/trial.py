"""Is this version fit to be the champion? It is fetched as anybody would get it, and judged by people with outcomes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from triage.bundle import Bundle
from triage.champion import names
from triage.champion.aliases import Versions
from triage.champion.gaps import recall_gaps
from triage.champion.gates import Facts, Gate, all_gates, parity
from triage.champion.limits import Limits
from triage.cutoffs import Cutoffs
from triage.engine import Engine
from triage.errors import BundleError, OutcomesError
from triage.evaluation import Settings, evaluate
from triage.evaluation.figures import Progress
from triage.features import Features
from triage.outcomes import Outcomes
from triage.outcomes.seen import SEEN, Overlap, Seen
from triage.registry.address import ModelAddress, Servers
from triage.registry.cache import Cache
from triage.registry.resolve import resolve
from triage.tracking.about import TRAINING


@dataclass(frozen=True, eq=False)
class Beside:
    """What a model is judged with.

    Attributes:
        features: of the checklist that was asked.
        cutoffs: whose bands the gates of groups look at: for a promotion, those in force in the service.
        outcomes: reads the people; called once the checklist is known to fit.
        limits: of the gates.
        settings: of the resamples.
        public_key: the bundles must be signed with its private half, where one is given.
    """

    features: Features
    cutoffs: Cutoffs
    outcomes: Callable[[Engine], Outcomes]
    limits: Limits
    settings: Settings
    public_key: Path | None = None


@dataclass(frozen=True, eq=False)
class Trial:
    """What came of it.

    Attributes:
        version: the version that was judged.
        champion: the version that it was compared with; None where there was no champion.
        gates: every gate with its verdict.
        evaluation: what `evaluate` gives; None where the files could not be trusted.
        cutoffs: whose bands the gates of groups looked at.
        carried: id and version of the cut-offs that were registered with the version, where their rules are others.
    """

    version: str
    champion: str | None
    gates: list[Gate]
    evaluation: dict[str, Any] | None = None
    cutoffs: Cutoffs | None = None
    carried: str = ""

    @property
    def passed(self) -> bool:
        """True where every gate is passed."""
        return all(gate.passed for gate in self.gates)

    @property
    def failed(self) -> list[Gate]:
        """The gates that are not."""
        return [gate for gate in self.gates if not gate.passed]

    @property
    def bands(self) -> str:
        """By whose bands the version was judged, and by whose MLflow's own `predict` proposes, in words."""
        if self.cutoffs is None:
            return ""
        words = f"Judged with the cut-offs {self.cutoffs.version}."
        if self.carried:
            words += f" The version carries others, {self.carried}: MLflow's predict proposes bands by those."
        return words


def hold_trial(versions: Versions, version: str, beside: Beside, progress: Progress | None = None) -> Trial:
    """Judge a version, beside the champion where there is one.

    Args:
        versions: of the registered model.
        version: the one that is judged.
        beside: what it is judged with.
        progress: is told how many resamples are done, and of how many.

    Raises:
        UserError: the outcomes cannot be used, the champion's own files cannot be trusted, or the two were made for
            different checklists.
    """
    old = versions.aliases().get(names.CHAMPION)
    try:
        bundle = _fetched(versions, version, beside)
    except BundleError as problem:
        return Trial(version, old, [parity(problem.message)])
    engine = Engine(bundle, beside.features, beside.cutoffs)
    champion = None if old is None else _champion(versions, old, beside)
    people = beside.outcomes(engine)
    earlier = [] if champion is None else [champion.bundle]
    told = evaluate(engine, people, previous=earlier, settings=beside.settings, progress=progress).data
    horizon = float(bundle.manifest.label.horizon_weeks)
    strict = replace(beside.settings, least_cases=beside.limits.groups.least_cases)
    gaps, no_gaps = recall_gaps(engine, champion, people, horizon, strict)
    learned = bundle.manifest.source == "learned"
    overlap = _overlap(versions, version, bundle, people) if learned else None
    facts = Facts(told, gaps, None if champion is None else champion.bundle.version, learned, overlap, no_gaps)
    return Trial(
        version, old, all_gates(facts, beside.limits), told, beside.cutoffs, _carried(versions, version, beside)
    )


def _carried(versions: Versions, version: str, beside: Beside) -> str:
    """Id and version of the cut-offs that go with a version, where they propose otherwise than those judged with."""
    tags = versions.get(version).tags
    own, rules = tags.get(names.CUTOFFS, ""), tags.get(names.CUTOFFS_DIGEST, "")
    return "" if rules == beside.cutoffs.rules_digest else str(own)


def _champion(versions: Versions, version: str, beside: Beside) -> Engine:
    """The engine in force.

    Raises:
        BundleError: it cannot be compared with; the message says what to do.
    """
    try:
        return Engine(_fetched(versions, version, beside), beside.features, beside.cutoffs)
    except BundleError as problem:
        raise BundleError(
            f"The champion, version {version} of {versions.name}, cannot be compared with: {problem.message} Go back to"
            " the one before with 'ltu-triage model rollback', or register models for another checklist under another"
            " name."
        ) from None


def _fetched(versions: Versions, version: str, beside: Beside) -> Bundle:
    """The bundle from the server's own files: what is kept on this machine is not what is about to be promoted."""
    address = versions.tracking.address
    with tempfile.TemporaryDirectory(prefix="ltu-trial-") as folder:
        where = ModelAddress(versions.name, version=version)
        return resolve(where, Servers(address, address), beside.public_key, Cache(Path(folder))).bundle


def _overlap(versions: Versions, version: str, bundle: Bundle, people: Outcomes) -> Overlap | None:
    """How many of these people the model has seen, by the training record of its run; None where that is not known."""
    from mlflow.exceptions import MlflowException

    run_id = versions.get(version).run_id
    if not run_id:
        return None
    with tempfile.TemporaryDirectory(prefix="ltu-trial-") as folder:
        try:
            path = versions.tracking.client.download_artifacts(run_id, f"{TRAINING}/{SEEN}", folder)
            seen = Seen.load(Path(path).parent)
        except (MlflowException, OSError, OutcomesError):
            return None
    return seen.overlap(people) if seen.is_of(bundle) else None
