"""How are outcomes written so that reading them gives the same again?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.checklist import DECLINED, NOT_APPLICABLE
from triage.engine.encode_columns import ANSWERED, EARLY
from triage.engine.encode_columns import DECLINED as DECLINED_STATE
from triage.errors import Defect, OutcomesError
from triage.features import Features
from triage.lists.safety import is_dangerous, neutralise
from triage.outcomes.outcomes import Outcomes
from triage.outcomes.spell_answers import answer_texts
from triage.outcomes.unusable import MARK

_MOST_SHEET_ROWS = 1_048_575


def write_outcomes(path: str | Path, outcomes: Outcomes, features: Features) -> None:
    """Write `outcomes` as a file of the contract: Parquet or XLSX where the ending says so, else CSV.

    Reading the file back gives equal arrays: to the bit for CSV and Parquet; a workbook keeps 15 digits of a number. An
    answer that several options or areas share is written as the first of them. Where nobody has a date, a weight other
    than 1 or a start of support, the column is left out.

    Raises:
        OutcomesError: the file cannot be written, or has more rows than a sheet can hold.
        Defect: an input is no value that an answer can give.
    """
    path = Path(path)
    frame = frame_of(outcomes, features)
    try:
        if path.suffix.lower() == ".parquet":
            frame.write_parquet(path)
        elif path.suffix.lower() == ".xlsx":
            _write_xlsx(path, frame)
        else:
            _write_csv(path, frame)
    except OSError as problem:
        raise OutcomesError(f"{path} cannot be written: {problem.strerror}.") from None


def frame_of(outcomes: Outcomes, features: Features) -> pl.DataFrame:
    """The columns of the contract, one row for each person."""
    columns: dict[str, Any] = {"client": _texts(outcomes.client)}
    for place, question in enumerate(features.checklist.questions):
        spots = [item.place for item in features.inputs_of[question.id]]
        columns[question.id] = _answers(outcomes.inputs[:, spots], outcomes.states[:, place], question.id, features)
    columns["weeks"] = pl.Series(outcomes.weeks)
    columns["outcome"] = _texts(outcomes.kind)
    columns |= dict(_optional(outcomes))
    return pl.DataFrame(columns)


def _optional(outcomes: Outcomes) -> Iterator[tuple[str, pl.Series]]:
    if (outcomes.weight != 1).any():
        yield "weight", pl.Series(outcomes.weight)
    if not np.isnat(outcomes.date).all():
        days = np.where(np.isnat(outcomes.date), "", outcomes.date.astype("datetime64[D]").astype(str))
        yield "date", _texts(days)
    for name, cells in outcomes.groups.items():
        yield f"group_{name}", _texts(cells)
    for name, cells in outcomes.notes.items():
        yield name, _texts(cells)
    if len(outcomes.support_start) and not np.isnan(outcomes.support_start).all():
        yield "support_start", pl.Series(outcomes.support_start).fill_nan(None)
    if outcomes.simulated:
        yield "simulated", pl.repeat("yes", len(outcomes), eager=True)


def _texts(cells: NDArray[Any]) -> pl.Series:
    """Texts with null for "", and harmless to a spreadsheet program."""
    column = pl.Series([str(cell) or None for cell in cells.tolist()], dtype=pl.String)
    return column.to_frame("text").select(neutralise(pl.col("text"))).to_series()


def _answers(inputs: NDArray[np.float64], states: NDArray[np.int8], name: str, features: Features) -> pl.Series:
    """The cells of one question: an answer that reads back to these values, a reserved word, or nothing."""
    answered = states == ANSWERED
    texts, codes = answer_texts(inputs[answered], features.checklist.question(name), features)
    unspoken = [text for text in texts if text is None]
    if unspoken:
        raise Defect(f"Column '{name}': {len(unspoken)} of its values are none that an answer can give.")
    words = pl.Series([*texts, None, DECLINED, NOT_APPLICABLE], dtype=pl.String)
    places = np.full(len(states), len(texts))
    places[answered] = codes
    places[states == DECLINED_STATE] = len(texts) + 1
    places[states == EARLY] = len(texts) + 2
    return words.gather(pl.Series(places))


def _write_csv(path: Path, frame: pl.DataFrame) -> None:
    with path.open("wb") as file:
        file.write(MARK)
        frame.write_csv(file)


def _write_xlsx(path: Path, frame: pl.DataFrame) -> None:
    import xlsxwriter
    import xlsxwriter.exceptions

    if frame.height > _MOST_SHEET_ROWS:
        raise OutcomesError(
            f"{path.name}: a sheet holds {_MOST_SHEET_ROWS:,} rows at most. Write a CSV or Parquet file."
        )
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), options)
    sheet, quoted = book.add_worksheet("Outcomes"), book.add_format({"quote_prefix": True})
    for place, name in enumerate(frame.columns):
        sheet.write_string(0, place, name)
    for number, row in enumerate(frame.iter_rows(), start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, place, cell, quoted if is_dangerous(cell) else None)
            elif cell is not None:
                sheet.write_number(number, place, cell)
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError:
        raise OutcomesError(f"{path} cannot be written. Is it open in another program?") from None
