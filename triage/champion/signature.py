"""What goes into the registered model and what comes out, in the checklist's terms?"""

from __future__ import annotations

import pandas as pd
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, ParamSchema, ParamSpec, Schema, TensorSpec
from mlflow.types.schema import AnyType

from triage.champion.model import as_frame, may_be_none, text_columns
from triage.engine import Engine


def signature_of(engine: Engine) -> ModelSignature:
    """Question ids and context fields in, all optional; the columns of `triage.champion.model` out.

    A question takes an option's id, a number, "declined" or nothing, whatever its kind: the engine says what is wrong
    with an answer better than a type does, and an empty column of a CSV has no type at all.
    """
    asked = [question.id for question in engine.checklist.questions]
    asked += [field.id for field in engine.checklist.context]
    anything = AnyType()  # type: ignore[no-untyped-call]  # MLflow has no types here
    given: list[ColSpec | TensorSpec] = [ColSpec(anything, name, required=False) for name in asked]
    words = text_columns()
    nobody = as_frame(engine, engine.score_many({name: [] for name in asked}))
    out: list[ColSpec | TensorSpec] = [
        ColSpec(DataType.string if name in words else DataType.double, name, required=name not in may_be_none())
        for name in nobody.columns
    ]
    return ModelSignature(Schema(given), Schema(out), ParamSchema([ParamSpec("on", DataType.string, "")]))


def example_of(engine: Engine) -> pd.DataFrame:
    """One row that shows what answers look like: for each question its first option, or the middle of its numbers."""
    row: dict[str, object] = {}
    for question in engine.checklist.questions:
        if question.number is not None:
            row[question.id] = int((question.number.minimum + question.number.maximum) / 2)
        else:
            options = list(engine.features.options(question))
            row[question.id] = options[0] if options else None
    return pd.DataFrame([row])
