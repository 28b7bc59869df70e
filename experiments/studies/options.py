"""How is a study run? The options that all of them have."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.studies.table import PAGES
from triage.errors import UserError
from triage.tracking.client import Tracking, address_of, open_tracking

EXPERIMENT = "ltu-triage studies"


@dataclass(frozen=True)
class Options:
    """How to run a study.

    Attributes:
        quick: a short run, to see that the study runs; its figures mean nothing.
        scores: a folder that keeps the scores of each method, so that a later run need not make them again.
        out: where the result and the page are.
        slow: run the methods that take half an hour each as well.
        tracking: the server on which the result is kept too; None for nowhere.
        log_only: study nothing, and keep the result that is written already.
    """

    quick: bool
    scores: Path | None
    out: Path
    slow: bool
    tracking: Tracking | None
    log_only: bool


def options(words: str, argv: Sequence[str] | None = None) -> Options:
    """The options given on the command line; `words` says what the study does."""
    parser = argparse.ArgumentParser(description=words)
    parser.add_argument("--quick", action="store_true", help="a short run; its figures mean nothing")
    parser.add_argument("--scores", type=Path, help="folder that keeps the scores of each method for a later run")
    parser.add_argument("--out", type=Path, help="folder for the result (docs/studies; with --quick: out/studies)")
    parser.add_argument("--slow", action="store_true", help="also run EBM with its interactions: half an hour more")
    parser.add_argument("--tracking", metavar="ADDRESS", help="keep the result on this MLflow server too")
    parser.add_argument("--log-only", action="store_true", help="study nothing: keep the result that is there")
    given = parser.parse_args(argv)
    try:
        # Before the work, not after it.
        address = address_of(given.tracking)
        tracking = None if address is None else open_tracking(address, EXPERIMENT)
    except UserError as problem:
        parser.error(str(problem))
    if given.log_only and tracking is None:
        parser.error("--log-only needs --tracking.")
    usual = PAGES.parent.parent / "out" / "studies" if given.quick else PAGES
    return Options(given.quick, given.scores, given.out or usual, given.slow, tracking, given.log_only)
