"""Is a score that is kept still that of the client's answers, and can it be made again to the bit?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from triage.casework.answers import Answer, given_of, kept
from triage.casework.service import Service
from triage.casework.standing import Standing
from triage.checklist import DECLINED
from triage.engine import Engine, Score
from triage.engine.answers import context_reader
from triage.errors import RecordsError
from triage.records.database import Row, View
from triage.records.plain import canonical, parsed

#: The last digit of a probability may differ between machines; log-odds never do.
_TINY = 1e-12
_CHANGED = (
    "A score that was kept cannot be made again from its own answers: the record or the model was changed. Do not use "
    "it, and check the records with 'ltu-triage audit verify'."
)


def data_of(row: Row) -> dict[str, Any]:
    """What a score's row keeps: `Score.to_dict()` as it was."""
    found: dict[str, Any] = parsed(row["data"])
    return found


def with_doubts(service: Service, view: View, standing: Standing) -> Row:
    """The score that counts, with why nobody can decide on it (see `triage.casework.scoring.latest`)."""
    row, assessment, engine = standing.score, standing.assessment, service.engines.now
    assert row is not None
    return {
        **row,
        "outdated": is_outdated(engine, row, assessment, kept(view, assessment)),
        "expired": is_expired(row, service.today),
        "other_versions": not is_of(engine, row),
    }


def is_of(engine: Engine, row: Row) -> bool:
    """True where `row` was made with the versions of `engine`."""
    now = engine.versions
    if (row["model"], row["checklist"], row["cutoffs"]) != (now.model, now.checklist, now.cutoffs):
        return False
    kept = data_of(row).get("versions")
    # Where even that is damaged the row is taken for one of these versions: making it again finds the damage.
    return not isinstance(kept, dict) or kept.get("cutoffs_digest", "") == now.cutoffs_digest


def is_expired(row: Row, on: date) -> bool:
    """True where a score was worked out too long ago to decide on it."""
    return on > date.fromisoformat(row["valid_until"])


def is_outdated(engine: Engine, row: Row, assessment: Row, known: Mapping[str, Answer]) -> bool:
    """True where the answers or the context are no longer those that were scored. Nothing is worked out for that."""
    data = data_of(row)
    given = given_of(engine, assessment, known).answers
    context = {name: value for name, value in given.items() if name in engine.checklist.context_by_id}
    answers = {name: value for name, value in given.items() if name not in context}
    declined = {name for name, value in answers.items() if value == DECLINED}
    unused = declined | set(data["not_applicable"])
    answered = {name: value for name, value in answers.items() if name not in unused}
    return bool(data["context"] != context or data["answers"] != answered or set(data["declined"]) != declined)


def rebuilt(service: Service, row: Row) -> Score | None:
    """The score of a stored row, worked out again from its answers and equal to it to the bit.

    Probabilities are equal to 1e-12: their last digit may differ between machines. Nothing new is worked out, so this
    works while scoring is suspended. None where the row was made with versions that are not in force: then its data
    is all there is.

    Raises:
        RecordsError: the versions are in force, and the same answers give something else.
    """
    engine = service.engines.now
    if not is_of(engine, row):
        return None
    try:
        again = _again(engine, data_of(row))
        same = canonical(again.to_dict()) == row["data"] and repr(again.inputs) == repr(_encoded(engine, again.answers))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise RecordsError(_CHANGED) from None
    if not same:
        raise RecordsError(_CHANGED)
    return again


def _again(engine: Engine, data: Mapping[str, Any]) -> Score:
    inputs = tuple(math.nan if value is None else float(value) for value in data["inputs"])
    outputs = engine.score_inputs(inputs)
    by_input = tuple(float(value) for value in outputs["contributions"])
    logit = float(outputs["logit"])
    band_logit = engine.band_logit(logit, by_input)
    band = engine.points.ids[engine.points.place(band_logit)] if data["status"] == "proposed" else None
    fields = engine.checklist.context_by_id
    context = {name: context_reader(fields[name], engine.features)(value) for name, value in data["context"].items()}
    probability, lower, upper = (_known(data[name], float(outputs[name])) for name in ("probability", "lower", "upper"))
    return Score(
        probability, lower, upper, logit, float(outputs["lower_logit"]), float(outputs["upper_logit"]),
        engine.bundle.manifest.baseline, band, band_logit, data["status"], MappingProxyType(dict(data["answers"])),
        inputs, tuple(data["declined"]), tuple(data["not_applicable"]), MappingProxyType(context), engine.versions,
        by_input, engine,
    )  # fmt: skip


def _known(kept: float, again: float) -> float:
    """The figure that was kept, where both are the same but for the last digit."""
    return kept if abs(kept - again) <= _TINY else again


def _encoded(engine: Engine, answers: Mapping[str, Any]) -> tuple[float, ...]:
    """The grid values that the model sees for these answers."""
    inputs = [math.nan] * len(engine.features.inputs)
    for name, answer in answers.items():
        for item in engine.features.inputs_of[name]:
            inputs[item.place] = item.value(answer)
    return tuple(inputs)
