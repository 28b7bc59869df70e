"""How is a candidate policy fetched from its run, and how is the run told that it was promoted?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from triage.errors import TrackingError
from triage.tracking.client import Tracking, shown, told

#: The tags of a candidate's run: what it is, and the digest of its evidence.
KIND, POLICY, EVIDENCE_TAG = "ltu.kind", "policy", "ltu.evidence"
#: The tags that a promotion leaves on the run.
PROMOTED, PROMOTED_AT = "ltu.promoted", "ltu.promoted_at"
#: What MLflow calls a run and an experiment that nobody deleted.
_ACTIVE = "active"


def fetch(tracking: Tracking, run: str, names: Sequence[str], folder: Path) -> str:
    """Copy the artifacts `names` of a candidate's run into `folder`.

    Returns:
        The digest of its evidence: see `noted`.

    Raises:
        TrackingError: an artifact is missing, or see `noted`.
    """
    found = noted(tracking, run)
    with told(tracking.address):
        for name in names:
            tracking.client.download_artifacts(run, name, str(folder))
    return found


def noted(tracking: Tracking, run: str) -> str:
    """The digest of a candidate's evidence, as `tune` noted it at its run; empty where the run bears none.

    Raises:
        TrackingError: there is no such run, it is no candidate, or somebody deleted it or its experiment.
    """
    with told(tracking.address):
        found = tracking.client.get_run(run)
        experiment = tracking.client.get_experiment(found.info.experiment_id)
    where = f"The run {run} at {shown(tracking.address)}"
    if found.data.tags.get(KIND) != POLICY:
        raise TrackingError(f"{where} is no candidate policy. Name one of the child runs of 'ltu-triage tune'.")
    for name, stage in (("it", found.info.lifecycle_stage), ("its experiment", experiment.lifecycle_stage)):
        if stage != _ACTIVE:
            raise TrackingError(f"{where} cannot be used: somebody deleted {name}. Restore that there, or tune again.")
    return str(found.data.tags.get(EVIDENCE_TAG, ""))


def tag_promoted(tracking: Tracking, run: str, version: str, at: str) -> None:
    """Note at the run of a candidate under which version it was promoted, and when.

    Raises:
        TrackingError: there is no such run, or the server does not answer.
    """
    with told(tracking.address):
        for name, value in ((PROMOTED, version), (PROMOTED_AT, at)):
            tracking.client.set_tag(run, name, value)
