"""How does a file of answers and outcomes become `Outcomes`, with every row kept or its loss said?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.errors import OutcomesError
from triage.features import Features
from triage.outcomes import cells
from triage.outcomes.cells import Field, read_days, read_field
from triage.outcomes.identities import identity_remarks
from triage.outcomes.kinds import PLACES, OutcomeKinds, load_kinds
from triage.outcomes.layout import NOTES, choose_sheet, layout_of
from triage.outcomes.outcomes import Outcomes
from triage.outcomes.problems import Remark, Unusable, counted, in_rows
from triage.outcomes.raw import Raw, gather
from triage.outcomes.rejected import find_unusable, left_out, refuse_most
from triage.outcomes.sheets import open_sheets

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class OutcomesFile:
    """A file of outcomes, read.

    Attributes:
        outcomes: the rows that can be used, in the order of the file.
        rows: how many rows the file has below its headings; those of `outcomes` and `unusable` together.
        numbers: the row number that a person sees, for each row of `outcomes`.
        unusable: the rows that cannot be used, with the reasons.
        remarks: what else people should know.
        notes: sentences about how the file was read and which columns are not used.
    """

    outcomes: Outcomes
    rows: int
    numbers: Numbers
    unusable: tuple[Unusable, ...]
    remarks: tuple[Remark, ...]
    notes: tuple[str, ...]


def read_outcomes(
    path: str | Path, features: Features, *, kinds: OutcomeKinds | None = None, on: date | None = None
) -> OutcomesFile:
    """The outcomes in a CSV, XLSX or Parquet file.

    Args:
        path: the file; what it holds decides how it is read, whatever its ending says.
        features: the features of the checklist whose questions were asked.
        kinds: the outcome kinds; those of the checklist's folder if None.
        on: the day beyond which a date lies in the future; today if None.

    Raises:
        OutcomesError: a required column is missing, two columns mean the same, more than a fifth of the rows cannot
            be used (`unusable` has them), or simulated and real rows are mixed.
        ListError: the file itself cannot be read.
    """
    path = Path(path)
    kinds = kinds or load_kinds(features.checklist.folder)
    opened = open_sheets(path)
    sheet = choose_sheet(opened.sheets, path.name)
    layout = layout_of(sheet, features, path.name)
    raw = gather(sheet.rows(), layout, features)
    fields = _fields(raw, kinds, on or date.today())
    simulated = _simulated(fields.get("simulated"), raw.numbers, path.name)
    unusable = find_unusable(raw, fields, kinds, features)
    refuse_most(unusable, len(raw.numbers), path.name)
    keep = np.ones(len(raw.numbers), dtype=bool)
    keep[np.searchsorted(raw.numbers, [item.row for item in unusable])] = False
    found = _outcomes(raw, fields, kinds, simulated, path.name)
    start = _start_remarks(fields.get("support_start"), raw.numbers)
    remarks = (*left_out(unusable), *raw.answers.remarks(), *start, *identity_remarks(_clients(raw)))
    notes = (*opened.notes, *layout.notes)
    return OutcomesFile(found.take(keep), len(raw.numbers), raw.numbers[keep], tuple(unusable), remarks, notes)


def _fields(raw: Raw, kinds: OutcomeKinds, on: date) -> dict[str, Field]:
    readers = {
        "client": cells.as_text,
        "weeks": cells.as_weeks,
        "outcome": cells.kind_reader(kinds),
        "weight": cells.as_weight,
        "support_start": cells.as_start,
        "simulated": cells.as_flag,
        **dict.fromkeys(NOTES, cells.as_text),
    }
    fields = {name: read_field(name, column, readers[name]) for name, column in raw.texts.items() if name in readers}
    if "date" in raw.texts:
        fields["date"] = read_days("date", raw.texts["date"], on)
    return fields


def _simulated(field: Field | None, numbers: Numbers, file: str) -> bool:
    """True where every row says yes."""
    if field is None:
        return False
    said = field.taken(False, bool)
    wrong = np.flatnonzero(field.wrong)
    if len(wrong):
        rows = in_rows(numbers[wrong].tolist())
        raise OutcomesError(
            f"{file}, column 'simulated': a cell is neither yes nor no: {rows} Write yes in every row, or no."
        )
    if said.any() and not said.all():
        few = np.flatnonzero(said != (said.mean() > 0.5))
        raise OutcomesError(
            f"{file} mixes simulated people with real ones: column 'simulated' has yes in {int(said.sum()):,} of "
            f"{counted(len(said), 'row')}; the fewer are {in_rows(numbers[few].tolist())} Keep them in separate files."
        )
    return bool(len(said)) and bool(said.all())


def _outcomes(raw: Raw, fields: Mapping[str, Field], kinds: OutcomeKinds, simulated: bool, file: str) -> Outcomes:
    """All rows; those that cannot be used have any value."""
    size = len(raw.numbers)
    kind = fields["outcome"].taken("", object)
    places = {name: PLACES[item.place] for name, item in kinds.by_id.items()} | {"": 0}
    inputs, states = raw.answers.whole()
    weight, day, start = fields.get("weight"), fields.get("date"), fields.get("support_start")
    return Outcomes(
        client=fields["client"].taken("", object),
        inputs=inputs,
        states=states,
        weeks=fields["weeks"].taken(0.0, np.float64),
        kind=kind,
        place=np.array([places[name] for name in kind.tolist()], dtype=np.int8),
        weight=np.ones(size) if weight is None else weight.taken(0.0, np.float64),
        date=np.full(size, np.datetime64("NaT"), "datetime64[D]") if day is None else day.taken(None, "datetime64[D]"),
        groups={name: read_field(name, column, cells.as_text).taken("", object) for name, column in raw.groups.items()},
        notes={name: fields[name].taken("", object) for name in NOTES if name in fields},
        support_start=np.full(size, np.nan) if start is None else start.taken(np.nan, np.float64),
        simulated=simulated,
        source=file,
    )


def _start_remarks(field: Field | None, numbers: Numbers) -> list[Remark]:
    rows = [] if field is None else numbers[np.flatnonzero(field.wrong)].tolist()
    if not rows:
        return []
    text = (
        f"Column 'support_start': cells that are no weeks count as not given: {in_rows(rows)} Correct them if you can."
    )
    return [Remark("unread_support_start", "warn", text, {"cells": len(rows)})]


def _clients(raw: Raw) -> pl.DataFrame:
    return pl.DataFrame({"row": raw.numbers, "client": raw.texts["client"]})
