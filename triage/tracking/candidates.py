"""How is a candidate policy fetched from its run, and how is the run told that it was promoted?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from triage.errors import TrackingError
from triage.tracking.client import Tracking, told

#: The tags of a candidate's run: what it is, and the digest of its evidence.
KIND, POLICY, EVIDENCE_TAG = "ltu.kind", "policy", "ltu.evidence"
#: The tags that a promotion leaves on the run.
PROMOTED, PROMOTED_AT = "ltu.promoted", "ltu.promoted_at"


def fetch(tracking: Tracking, run: str, names: Sequence[str], folder: Path) -> str:
    """Copy the artifacts `names` of a candidate's run into `folder`.

    Returns:
        The digest of its evidence, as `tune` noted it at the run; empty where it noted none.

    Raises:
        TrackingError: there is no such run, it is no candidate, or an artifact is missing.
    """
    with told(tracking.address):
        tags = tracking.client.get_run(run).data.tags
        if tags.get(KIND) != POLICY:
            raise TrackingError(
                f"The run {run} at {tracking.address} is no candidate policy. Name one of the child runs of"
                " 'ltu-triage tune'."
            )
        for name in names:
            tracking.client.download_artifacts(run, name, str(folder))
    return str(tags.get(EVIDENCE_TAG, ""))


def tag_promoted(tracking: Tracking, run: str, version: str, at: str) -> None:
    """Note at the run of a candidate under which version it was promoted, and when.

    Raises:
        TrackingError: there is no such run, or the server does not answer.
    """
    with told(tracking.address):
        for name, value in ((PROMOTED, version), (PROMOTED_AT, at)):
            tracking.client.set_tag(run, name, value)
