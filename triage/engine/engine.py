"""One way in: answers go in here, and an explained score with a proposed band comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from triage.bundle import Bundle
from triage.checklist import REDUNDANCY_STATUS, Checklist
from triage.cutoffs import Cutoffs, cutoffs_for
from triage.engine.answers import OBJECTS, AnswerReader, Case
from triage.engine.columns import Columns, score_columns
from triage.engine.parts import Parts
from triage.engine.score import Score, Status
from triage.errors import ObjectedError
from triage.features import Features
from triage.registry import open_bundle
from triage.suspension import check_not_suspended

_NOT_SCORED: dict[str, Status] = {"has_job": "has_job", "redeployed": "redeployed"}


class Engine(Parts):
    """Scores clients with one model, one checklist and one set of cut-offs. Safe to share between threads.

    Make one with `triage.load()`.

    Raises:
        BundleError: the model was not made for this checklist.
        CutoffsError: the cut-offs do not fit the checklist or the model.
    """

    def __init__(self, bundle: Bundle, features: Features, cutoffs: Cutoffs) -> None:
        super().__init__(bundle, features, cutoffs)
        self._reader = AnswerReader(features)

    def score(self, answers: Mapping[str, object], *, on: date | None = None) -> Score:
        """The score of one client.

        Args:
            answers: by question id: an option id, a synonym that matches exactly after folding, an area's code or
                name, a number; "declined"; None, "" or "not_asked". Context fields of the checklist may be among
                them (`redundancy_status`, `job_ends`, `complex_needs`, `objects_to_scoring`).
            on: the day of the interview, which decides whether it is too early for a question; today where None.

        Raises:
            AnswersError: an unknown question, an unknown option, an impossible number; all are listed.
            ObjectedError: the client objects to being scored.
            SuspendedError: scoring is turned off on this machine.
        """
        check_not_suspended()
        case = self._reader.read(answers, on)
        if case.context.get(OBJECTS):
            raise ObjectedError(self.words.wording.notes.objected)
        return self._score(case)

    def score_inputs(self, inputs: Sequence[float]) -> dict[str, Any]:
        """The model's outputs for grid values, so that a record can be reproduced without its area table."""
        outputs = self.bundle.run(np.array([inputs], dtype=np.float64))
        return {name: value[0] for name, value in outputs.items()}

    def score_many(self, columns: Any, *, on: date | None = None) -> Columns:
        """Scores of many clients, as columns.

        Args:
            columns: a mapping of arrays or sequences by question id, or a pandas or polars frame; cells as in
                `score`. Columns that are neither questions nor context fields are refused.

        Raises:
            AnswersError: an unknown column, columns of different length, or cells that cannot be read; all
                columns are listed, each with its first rows.
            SuspendedError: scoring is turned off on this machine.
        """
        check_not_suspended()
        return score_columns(self, columns, on)

    def _score(self, case: Case) -> Score:
        contributions, logits, chances, lower_logits, upper_logits, lowers, uppers = self.bundle.run_raw(
            np.array([case.inputs])
        )
        by_input: tuple[float, ...] = tuple(contributions[0].tolist())
        logit = float(logits[0])
        band_logit = self.band_logit(logit, by_input)
        status = _NOT_SCORED.get(case.context.get(REDUNDANCY_STATUS, ""), "proposed")
        if status == "proposed" and self._too_few(case):
            status = "not_enough_answers"
        band = self.points.ids[self.points.place(band_logit)] if status == "proposed" else None
        return Score(
            float(chances[0]), float(lowers[0]), float(uppers[0]),
            logit, float(lower_logits[0]), float(upper_logits[0]),
            self.bundle.manifest.baseline, band, band_logit, status, case.answers, tuple(case.inputs), case.declined,
            case.not_applicable, case.context, self.versions, by_input, self,
        )  # fmt: skip

    def _too_few(self, case: Case) -> bool:
        """Answers that say something are counted; a neutral answer is not."""
        informative = 0
        for name in case.answers:
            if name in self.counted and any(case.inputs[k] == case.inputs[k] for k in self.places[name]):
                informative += 1
        return informative < self.at_least


def load(
    bundle: str | Path | None = None,
    *,
    checklist: str | Path | None = None,
    cutoffs: str | Path | None = None,
    areas: str | Path | None = None,
    postcodes: Sequence[str | Path] = (),
    public_key: str | Path | None = None,
) -> Engine:
    """An engine that is ready to score; with no argument the shipped evidence model, checklist and cut-offs.

    Args:
        bundle: the folder of a released model, or one of an MLflow registry: `models:/ltu-triage@champion` or
            `models:/ltu-triage/3`. MLFLOW_TRACKING_URI says where the registry is. A model is kept on this machine
            and used from there while the registry is down.
        checklist: the folder of an organisation's own checklist and features.
        cutoffs: a cut-offs file. Without one, `cutoffs.yaml` in the folder of the checklist, if it is there.
        areas: a CSV of areas in place of the shipped council table.
        postcodes: CSV files of the Scottish Postcode Directory, so that a postcode answers the question about the area.
        public_key: an Ed25519 public key in PEM; bundle and cut-offs must then be signed with its private key.

    Raises:
        UserError: something in these files cannot be used; the message says what, where and what to do.
    """
    features = Features.load(Checklist.load(checklist), areas, postcodes)
    used = Cutoffs.load(cutoffs_for(checklist, cutoffs), public_key=public_key)
    return Engine(open_bundle(bundle, public_key=public_key), features, used)
