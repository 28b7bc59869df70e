"""What of a learning is kept on a tracking server? All of it is read from the files that the learning has written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from triage.errors import OutcomesError
from triage.evaluation.figures import Figure
from triage.evaluation.tracked import keep_bundle, main_figures
from triage.learning.record import LearningRecord
from triage.learning.release import FIGURES
from triage.registry.address import MANIFEST_TAG
from triage.tracking.about import LEARNING, TRAINING, metric_name, run_name, tags_of
from triage.tracking.client import Run, Tracking, told
from triage.tracking.data import DATA_TAG

_HELD_OUT = (
    "Figures are of people held out: each was scored by tables learned without them. What was chosen for all was chosen"
    " on the same people, so they may flatter a little."
)
_SEEN = (
    "`training/` holds keyed digests of the people learned from. They are pseudonymous personal data: keep this run for"
    " as long as you keep the outcomes."
)
_CHOSEN = ("multiple", "trees", "slope", "intercept")


def keep_learning(
    tracking: Tracking, bundle: Path, training: Path, record: LearningRecord, parent: str | None = None
) -> tuple[str, str]:
    """Make a run of a learning; returns its id, and where people open it.

    Args:
        tracking: the server.
        bundle: the folder of the model.
        training: the folder of its training record.
        record: what stands there of how it was learned.
        parent: the run that this one belongs under.

    Raises:
        TrackingError: the server does not answer any more.
    """
    figures = _figures_of(bundle)
    simulated = record.data.simulated
    tags = tags_of("learn", simulated, f"{_HELD_OUT}\n\n{_SEEN}")
    tags |= {"ltu.model": record.model, MANIFEST_TAG: record.manifest_sha256}
    with tracking.run(LEARNING, run_name(f"learn {record.model}", simulated), tags=tags, parent=parent) as run:
        record.data.keep(run, "training")
        run.params(record.parameters)
        run.figures(dict(_told(figures)))
        run.metrics(_counts(figures))
        run.json("software.json", dict(record.software))
        keep_bundle(run, bundle)
        run.folder(training, TRAINING)
        return run.id, run.address


def find_learning(tracking: Tracking, record: LearningRecord) -> tuple[str, str] | None:
    """The run of this very learning, if a whole one is on the server: its id, and where people open it.

    Raises:
        TrackingError: the server does not answer any more.
    """
    with told(tracking.address):
        experiment = tracking.client.get_experiment_by_name(LEARNING)
        if experiment is None:
            return None
        # A run that only registers a bundle names no data.
        tags = {MANIFEST_TAG: record.manifest_sha256, DATA_TAG: record.data.sha256}
        wanted = [f"tags.`{name}` = '{value}'" for name, value in tags.items()]
        wanted.append("attributes.status = 'FINISHED'")
        found = tracking.client.search_runs([experiment.experiment_id], " and ".join(wanted), max_results=1)
        return (found[0].info.run_id, Run(tracking, found[0].info.run_id).address) if found else None


def _figures_of(bundle: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((bundle / FIGURES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise OutcomesError(f"{bundle} has no {FIGURES}: only a learned model can be kept as a learning.") from None
    return found


def _told(figures: Mapping[str, Any]) -> Iterator[tuple[str, Figure]]:
    yield from main_figures(figures["model"])
    for key, beside in figures["evidence"].items():
        if isinstance(beside, dict) and "difference" in beside:
            yield f"evidence.{key}", beside["figure"]
            yield f"evidence.{key}_difference", beside["difference"]
    for item in figures["groups"]:
        for band, rates in item["between_groups"].items():
            if rates["recall"] is not None:
                yield metric_name(f"gap_{item['id']}.{band}.recall"), rates["recall"]


def _counts(figures: Mapping[str, Any]) -> dict[str, float | None]:
    people, learning = figures["people"], figures["learning"]
    found = {f"people.{key}": people[key] for key in ("rows", "clients", "cases")}
    return {**found, **{f"chosen.{key}": learning[key] for key in _CHOSEN}}
