"""What does MLflow's `predict` give? What the engine says of many clients, as a frame.

One row for each row that came in, under the same index. The columns:

- `status`: "proposed", "not_enough_answers", "has_job", "redeployed" or "objected";
- `band`: the proposed band's id, None where there is none;
- `bands_possible`: every band that the range reaches, from the lowest up, joined by ";". Where there are two or more,
  the band must not be shown without saying so;
- `logit`, `probability`, `lower`, `upper`, `lower_logit`, `upper_logit`, `band_logit`: as `triage.Columns` has them,
  NaN for a client who objects;
- `baseline`, and `contribution_<question>` for each question: log-odds that add up to `logit`, to the bit;
- `reason_1` to `reason_3`, `strength_1` to `strength_3`: question ids, None where there are fewer;
- `model`, `checklist`, `cutoffs`: what the score was made with.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from triage.engine import Columns, Engine, load
from triage.errors import AnswersError

#: How the name of a signature ends.
SIGNED = ".sig"
FIGURES = ("logit", "probability", "lower", "upper", "lower_logit", "upper_logit", "band_logit")
_TOP = 3


class RegisteredModel(PythonModel):
    """The engine over the bundle that was registered, behind MLflow's `load_model`."""

    def load_context(self, context: PythonModelContext) -> None:
        """Load the bundle with the content that it was registered with.

        Raises:
            UserError: the bundle cannot be trusted, or one of the files cannot be used.
        """
        files, settings = context.artifacts, context.model_config or {}
        self._engine = load(
            files["bundle"],
            checklist=files.get("checklist"),
            cutoffs=_file(files.get("cutoffs")),
            areas=_file(files.get("areas")),
            public_key=settings.get("public_key") or None,
        )

    def predict(
        self,
        context: PythonModelContext,  # noqa: ARG002  # MLflow gives it
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,
    ) -> pd.DataFrame:
        """The scores of the clients in `model_input`.

        Args:
            context: not used.
            model_input: one row for each client; columns are question ids and context fields, all optional.
            params: "on", the day of the interviews, as 2026-10-31; today where it is empty.

        Raises:
            AnswersError: no column is a question, or cells cannot be read; all columns are listed.
            SuspendedError: scoring is turned off on this machine.
        """
        if not len(model_input.columns):
            # MLflow leaves out columns that the signature does not name. With them all, the rows would be lost too.
            raise AnswersError("None of the columns is a question of the checklist. The signature names them all.")
        return as_frame(self._engine, self._engine.score_many(model_input, on=_day(params)), model_input.index)


def _file(folder: str | None) -> Path | None:
    """The one file in a folder, beside which its signature may stand."""
    return None if folder is None else next(path for path in Path(folder).iterdir() if path.suffix != SIGNED)


def _day(params: dict[str, Any] | None) -> date | None:
    text = str((params or {}).get("on") or "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise AnswersError(f"The parameter 'on' is '{text}', which is not a day. Write it as 2026-10-31.") from None


def as_frame(engine: Engine, found: Columns, index: Any = None) -> pd.DataFrame:
    """The columns of the module's docstring, for what `engine` found."""
    columns: dict[str, Any] = {
        "status": found.status,
        "band": found.band,
        "bands_possible": _possible(found),
        **{name: getattr(found, name) for name in FIGURES},
        "baseline": [found.baseline] * len(found),
        **{f"contribution_{name}": found.contributions[:, k] for k, name in enumerate(found.questions)},
    }
    for name, cells in (("reason", found.reasons), ("strength", found.strengths)):
        columns |= {f"{name}_{k + 1}": cells[:, k] for k in range(_TOP)}
    versions = {"model": engine.versions.model, "checklist": engine.versions.checklist}
    versions["cutoffs"] = engine.versions.cutoffs
    columns |= {name: [text] * len(found) for name, text in versions.items()}
    texts = {name: pd.Series(cells, dtype=object) for name, cells in columns.items() if name in text_columns()}
    frame = pd.DataFrame({**columns, **texts})
    return frame if index is None else frame.set_axis(index, axis=0)


def may_be_none() -> tuple[str, ...]:
    """The columns that have nothing for some clients."""
    return ("band", *(f"{name}_{k + 1}" for name in ("reason", "strength") for k in range(_TOP)))


def text_columns() -> tuple[str, ...]:
    """The columns that hold words; all others hold numbers."""
    return (*may_be_none(), "status", "bands_possible", "model", "checklist", "cutoffs")


def _possible(found: Columns) -> list[str]:
    ends = zip(found.lowest_place.tolist(), found.highest_place.tolist(), strict=True)
    return [";".join(found.bands[low : high + 1]) if low >= 0 else "" for low, high in ends]
