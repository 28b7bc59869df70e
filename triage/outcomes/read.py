"""How does a file of answers and outcomes become `Outcomes`, with every row kept or its loss said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.engine.answers import OBJECTS
from triage.faults import Fault
from triage.features import Features
from triage.outcomes import cells
from triage.outcomes.answers import Answers, objecting, texts_of
from triage.outcomes.cells import Field, read_days, read_field
from triage.outcomes.kinds import PLACES, OutcomeKinds, load_kinds
from triage.outcomes.layout import NOTES, REQUIRED, Layout, choose_sheet, layout_of
from triage.outcomes.outcomes import Outcomes
from triage.outcomes.problems import OutcomesError, Remark, Unusable, counted, in_rows, reasons
from triage.outcomes.sheets import Rows, open_sheets

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
#: Where more than this share of the rows cannot be used, those left may not stand for the people of the file.
MOST_UNUSABLE = 0.2
#: The columns without which a row cannot be used.
_NEEDED = (*REQUIRED, "weight", "date")
_OBJECTS = "the client objects to being scored, so the row is not used."


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


@dataclass(frozen=True)
class _Raw:
    """All rows: texts of the contract's columns, and the answers."""

    numbers: Numbers
    texts: Mapping[str, pl.Series]
    groups: Mapping[str, pl.Series]
    objects: pl.Series | None
    answers: Answers


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
    raw = _raw(sheet.rows(), layout, features)
    fields = _fields(raw, kinds, on or date.today())
    simulated = _simulated(fields.get("simulated"), raw.numbers, path.name)
    unusable = _unusable(raw, fields, kinds, features)
    _refuse_most(unusable, len(raw.numbers), path.name)
    keep = np.ones(len(raw.numbers), dtype=bool)
    keep[np.searchsorted(raw.numbers, [item.row for item in unusable])] = False
    found = _outcomes(raw, fields, kinds, simulated, path.name)
    remarks = (*_left_out(unusable), *raw.answers.remarks(), *_start_remarks(fields.get("support_start"), raw.numbers))
    notes = (*opened.notes, *layout.notes)
    return OutcomesFile(found.take(keep), len(raw.numbers), raw.numbers[keep], tuple(unusable), remarks, notes)


def _raw(parts: Iterator[Rows], layout: Layout, features: Features) -> _Raw:
    answers = Answers(features)
    numbers: list[int] = []
    kept: dict[int, list[pl.Series]] = {}
    wanted = [*layout.fields.values(), *layout.groups.values(), *(() if layout.objects is None else (layout.objects,))]
    for part in parts:
        numbers.extend(part.numbers)
        answers.add({name: part.cells[f"c{place}"] for name, place in layout.answers.items()}, part.numbers)
        for place in wanted:
            kept.setdefault(place, []).append(part.cells[f"c{place}"])
    texts = {name: texts_of(kept.get(place, [])) for name, place in layout.fields.items()}
    groups = {name: texts_of(kept.get(place, [])) for name, place in layout.groups.items()}
    objects = None if layout.objects is None else texts_of(kept.get(layout.objects, []))
    return _Raw(np.array(numbers, dtype=np.int64), texts, groups, objects, answers)


def _fields(raw: _Raw, kinds: OutcomeKinds, on: date) -> dict[str, Field]:
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


def _unusable(raw: _Raw, fields: Mapping[str, Field], kinds: OutcomeKinds, features: Features) -> list[Unusable]:
    faults: dict[int, list[Fault]] = {}
    for name in _NEEDED:
        if name in fields:
            for place, fault in fields[name].faults(raw.numbers):
                faults.setdefault(place, []).append(fault)
    for place, column, what, hint in (*_empty(fields, kinds), *_objections(raw, features)):
        faults.setdefault(place, []).append(Fault(f"row {raw.numbers[place]}, column '{column}'", what, hint))
    clients = raw.texts["client"]
    return [Unusable(int(raw.numbers[place]), clients[place] or "", tuple(faults[place])) for place in sorted(faults)]


def _empty(fields: Mapping[str, Field], kinds: OutcomeKinds) -> Iterator[tuple[int, str, str, str]]:
    """Cells that must not be empty and are."""
    outcome = fields["outcome"]
    never = [name for name, kind in kinds.by_id.items() if kind.without_weeks]
    excused = np.isin(outcome.taken("", object).astype(str), never)
    allowed = f"Only {', '.join(never)} may have none." if never else ""
    hints = {
        "client": "Give each person an id.",
        "outcome": "Write lost_contact where nothing is known." if "lost_contact" in never else "Write what is known.",
        "weeks": allowed,
        "weight": "Give every row a weight, or leave the column out.",
    }
    for name, hint in hints.items():
        if name in fields:
            empty = fields[name].empty & ~(excused if name == "weeks" else np.False_)
            yield from ((place, name, "this is empty.", hint) for place in np.flatnonzero(empty).tolist())


def _objections(raw: _Raw, features: Features) -> Iterator[tuple[int, str, str, str]]:
    if raw.objects is None:
        return
    objects, unread = objecting(raw.objects, features)
    yield from ((place, OBJECTS, _OBJECTS, "") for place in np.flatnonzero(objects).tolist())
    hint = "Write yes or no."
    yield from ((place, OBJECTS, "this is neither yes nor no.", hint) for place in np.flatnonzero(unread).tolist())


def _refuse_most(unusable: list[Unusable], rows: int, file: str) -> None:
    if not rows:
        raise OutcomesError(f"{file} has headings and no rows below them. Check that the right file was chosen.")
    wrong = [item for item in unusable if any(fault.what != _OBJECTS for fault in item.faults)]
    if len(wrong) > MOST_UNUSABLE * rows:
        raise OutcomesError(
            f"{file}: {len(wrong):,} of {counted(rows, 'row')} cannot be used, more than a fifth. The rest may not "
            "stand for the people of the file. Correct it and try again.",
            reasons(unusable),
            unusable,
        )
    if len(unusable) == rows:
        raise OutcomesError(f"{file}: no row can be used.", reasons(unusable), unusable)


def _outcomes(raw: _Raw, fields: Mapping[str, Field], kinds: OutcomeKinds, simulated: bool, file: str) -> Outcomes:
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


def _left_out(unusable: list[Unusable]) -> list[Remark]:
    """One remark for the rows that are left out, by reason."""
    if not unusable:
        return []
    text = f"{counted(len(unusable), 'row')} cannot be used: " + " ".join(str(fault) for fault in reasons(unusable))
    return [Remark("unusable_rows", "warn", text, {"rows": len(unusable)})]


def _start_remarks(field: Field | None, numbers: Numbers) -> list[Remark]:
    rows = [] if field is None else numbers[np.flatnonzero(field.wrong)].tolist()
    if not rows:
        return []
    text = (
        f"Column 'support_start': cells that are no weeks count as not given: {in_rows(rows)} Correct them if you can."
    )
    return [Remark("unread_support_start", "warn", text, {"cells": len(rows)})]
