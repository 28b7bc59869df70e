"""Has the model seen these people already? Figures of people whom a model learned from flatter it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from triage.bundle import Bundle
from triage.errors import TuningError
from triage.outcomes import Outcomes
from triage.outcomes.held_out import HeldOut
from triage.outcomes.problems import counted
from triage.outcomes.seen import SEEN, Seen
from triage.policies.answering import LENGTHS, is_name, is_reason

Array = NDArray[np.float64]
How = Literal["never_learned", "unseen", "out_of_fold", "asserted"]
_OPTIONS = (
    "Name the training record with --training, use --out-of-fold with the file that it learned from, or have somebody"
    " answer for it with --unseen-asserted-by and --because"
)


@dataclass(frozen=True)
class Asserted:
    """A named person's word that the model has not seen these people.

    Raises:
        TuningError: the name is none, or the reason is too short or too long.
    """

    by: str
    because: str

    def __post_init__(self) -> None:
        if not is_name(self.by) or not is_reason(self.because):
            raise TuningError(
                "Whoever asserts that the model has not seen these people gives a name and a reason:"
                " --unseen-asserted-by with the name of a person, and --because with a sentence or more, of"
                f" {LENGTHS}."
            )


@dataclass(frozen=True, eq=False)
class Scores:
    """Which scores are used, and why they may be.

    Attributes:
        how: the model learned from nobody; it learned from others; the scores are those of held-out folds; or a
            person says so.
        asserted_by: who says so; "" where it was checked.
        why: in words.
        held_out: [n] log-odds from held-out folds; None for the model's own.
    """

    how: How
    asserted_by: str
    why: str
    held_out: Array | None = None

    def data(self) -> dict[str, str]:
        """As plain data."""
        return {"how": self.how, "asserted_by": self.asserted_by, "why": self.why}


def scores_of(
    bundle: Bundle,
    outcomes: Outcomes,
    record: Path | None,
    *,
    out_of_fold: bool = False,
    asserted: Asserted | None = None,
) -> Scores:
    """The scores that outcomes may be tuned on.

    Args:
        bundle: the model.
        outcomes: the people.
        record: the folder of its training record; None where there is none.
        out_of_fold: use the scores of held-out folds, which `learn` has kept.
        asserted: what somebody says where nothing can be checked; refused beside a record, which can be.

    Raises:
        TuningError: the model has seen some of these people, or nobody can tell, or somebody's word is not needed.
        OutcomesError: the record cannot be read, or has no scores of these rows.
    """
    if bundle.manifest.source == "evidence":
        return Scores("never_learned", "", "The model was made from published evidence and has learned from nobody.")
    seen = Seen.load(record) if record is not None and (record / SEEN).is_file() else None
    if seen is None:
        return _without_a_record(bundle, record, asserted, out_of_fold)
    _check_model(seen, bundle)
    if out_of_fold:
        assert record is not None
        why = "Each person was scored by tables learned without them, when the model was learned."
        scores = Scores("out_of_fold", "", why, HeldOut.load(record).logits(outcomes))
    else:
        found = seen.overlap(outcomes)
        if found.clients or found.rows:
            raise TuningError(_overlap(bundle, outcomes, found.clients, found.rows))
        why = "The training record knows none of these clients, and no more of their answers than chance may give."
        scores = Scores("unseen", "", why)
    if asserted is not None:
        raise TuningError(
            "The training record tells whom the model has seen, so --unseen-asserted-by and --because would do nothing."
            " Leave them out."
        )
    return scores


def _without_a_record(bundle: Bundle, record: Path | None, asserted: Asserted | None, out_of_fold: bool) -> Scores:
    if out_of_fold:
        raise TuningError(
            f"--out-of-fold needs the training record of {bundle.version}, and there is none at"
            f" {record or 'the place beside its folder'}. Name it with --training."
        )
    if asserted is None:
        where = f": there is no {SEEN} in {record}" if record is not None else ""
        raise TuningError(
            f"Nobody can tell whether {bundle.version} has learned from these people{where}. On people whom it has"
            f" seen every figure flatters it, so nothing is tuned. {_OPTIONS}; every policy then carries that."
        )
    return Scores("asserted", asserted.by.strip(), asserted.because.strip())


def _check_model(seen: Seen, bundle: Bundle) -> None:
    if not seen.is_of(bundle):
        other = "another model of that name" if seen.model == bundle.version else seen.model
        raise TuningError(
            f"The model is {bundle.version}, and the training record is that of {other}. Name the right one with"
            " --training."
        )


def _overlap(bundle: Bundle, outcomes: Outcomes, clients: int, rows: int) -> str:
    parts = []
    if clients:
        parts.append(f"it learned from {counted(clients, 'client')} of this file")
    if rows:
        parts.append(f"{counted(rows, 'row')} of other clients repeat the answers of a row that it learned from")
    return (
        f"{outcomes.source or 'This file'} cannot be used to tune {bundle.version}: {', and '.join(parts)}. Figures of"
        " people whom a model has seen flatter it. Leave those people out, or give the file that it learned from,"
        " unchanged, with --out-of-fold."
    )
