"""Where does the candidate come from that is to be promoted: a folder, or a run on MLflow?"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from triage.errors import PolicyError, UsageError
from triage.policies import Evidence, Promoted
from triage.policies.evidence import CUTOFFS, EVIDENCE
from triage.tracking.client import address_of, open_tracking

if TYPE_CHECKING:
    from triage.tracking.client import Tracking


@dataclass(frozen=True)
class Source:
    """A candidate, and how its run is told.

    Attributes:
        evidence: what `tune` wrote about it, its cut-offs among it.
        words: where it came from, for the record.
        tracking, run: where its run is; None and empty where there is none.
        is_checked: True where the server knew what `tune` had noted, and the evidence is that.
    """

    evidence: Evidence
    words: str
    tracking: Tracking | None = None
    run: str = ""
    is_checked: bool = False

    def tell(self, promoted: Promoted) -> None:
        """Note at the run that it was promoted.

        Raises:
            TrackingError: that did not work.
        """
        if self.tracking is not None and self.run:
            from triage.tracking.candidates import tag_promoted

            tag_promoted(self.tracking, self.run, promoted.version, promoted.record.at)


def source_of(given: str, address: str | None, stack: ExitStack) -> Source:
    """The candidate that `given` names: a folder, else a run.

    Args:
        given: a folder, or the id of a run.
        address: of the MLflow server; None for that of the environment.
        stack: what is fetched is removed when it is left.

    Raises:
        UsageError: there is no such folder, and no server is named.
        TrackingError: the server does not answer, or has no such candidate.
        PolicyError: the candidate was changed after `tune` wrote it, or its run does not say what `tune` wrote.
    """
    where = address_of(address)
    if Path(given).is_dir():
        folder = Path(given)
        evidence = Evidence.load(folder)
        words = f"folder {folder.name}"
        if not where or not evidence.run:
            return Source(evidence, words, None, evidence.run)
        from triage.tracking.candidates import noted

        tracking = open_tracking(where)
        _check(evidence, evidence.run, noted(tracking, evidence.run))
        return Source(evidence, words, tracking, evidence.run, is_checked=True)
    if where is None:
        raise UsageError(
            f"There is no folder {given}. For a run on MLflow name the server with --tracking or MLFLOW_TRACKING_URI."
        )
    from triage.tracking.candidates import fetch

    tracking = open_tracking(where)
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ltu-candidate-")))
    kept = fetch(tracking, given, (CUTOFFS, EVIDENCE), folder)
    evidence = Evidence.load(folder)
    _check(evidence, given, kept)
    return Source(evidence, f"MLflow run {given}", tracking, given, is_checked=True)


def _check(evidence: Evidence, run: str, kept: str) -> None:
    """Hold the evidence against what `tune` noted at the run, in the server's database."""
    if kept == evidence.digest:
        return
    what = "was changed after 'ltu-triage tune' wrote it"
    if not kept:
        what = "cannot be checked: the run has no tag 'ltu.evidence', which 'ltu-triage tune' sets"
    raise PolicyError(f"The evidence of the run {run} {what}. Tune again, and promote what it writes.")
