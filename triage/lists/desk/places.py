"""What is downloaded of a released plan for the places of an event: a sheet to work from, in the order of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from triage.engine import Engine
from triage.errors import ListError
from triage.lists.desk.private import BORN
from triage.lists.safety import is_dangerous
from triage.lists.styles import WIDTH, WIDTHS, Styles, make_styles
from triage.lists.write_csv import CsvSink

PlacesOutcome = Literal["place", "reserve", "none", "talk", "objected", "other"]
#: What an output says of each. Nobody is without support: what is offered stands beside it.
OUTCOMES: Mapping[PlacesOutcome, str] = {
    "place": "Place",
    "reserve": "Reserve",
    "none": "No place",
    "talk": "Talk to them first: too little is known, which does not mean a low risk",
    "objected": "Objected to being scored: support by conversation",
    "other": "In no need of a place",
}
_PROPOSED = "Proposed: confirm it with the person"
_COLUMNS = ("client", "row", "order", "outcome", "support", "decided_by")
_PERSONAL = "This file holds personal data about people who face redundancy. Share it only where it is needed."
_WIDE = 34


@dataclass(frozen=True)
class Placed:
    """One person of a released plan.

    Attributes:
        names: whom the list names, by kind of column; empty where that is erased.
        client: the reference.
        row, sheet: where the person stands in the list.
        order: their rank; equal scores have equal ranks. None for those in no order.
        outcome: what came of it.
        band: the support; None where none is proposed or decided.
        by: who decided; "" where nobody has yet.
    """

    names: Mapping[str, str]
    client: str
    row: int
    sheet: str
    order: int | None
    outcome: PlacesOutcome
    band: str | None
    by: str


@dataclass(frozen=True)
class PlacesAbout:
    """Which plan it is: the band, its places, the reserve, who released it on which day, and whether it is practice."""

    band: str
    places: int
    reserve: int
    by: str
    on: str
    practice: bool


def places_file(engine: Engine, people: Sequence[Placed], about: PlacesAbout, out: Path) -> Path:
    """Write a released plan as CSV or as a workbook, after the ending of `out`.

    Raises:
        ListError: it cannot be written.
    """
    frame = _frame(engine, people)
    if out.suffix == ".csv":
        with CsvSink(out) as sink:
            sink.write(frame)
    else:
        _workbook(engine, frame, _said(engine, about), out)
    return out


def _frame(engine: Engine, people: Sequence[Placed]) -> pl.DataFrame:
    kinds = dict.fromkeys(name for person in people for name in person.names if name != BORN)
    names = {kind: kind if kind not in _COLUMNS else f"{kind} (list)" for kind in kinds}
    several = any(person.sheet for person in people)
    rows = [
        {
            **{names[kind]: person.names.get(kind) for kind in kinds},
            "client": person.client,
            **({"sheet": person.sheet} if several else {}),
            "row": person.row,
            "order": person.order,
            "outcome": OUTCOMES[person.outcome],
            "support": engine.cutoffs.band(person.band).name if person.band else engine.cutoffs.bands[0].name,
            "decided_by": person.by or (_PROPOSED if person.order is not None else None),
        }
        for person in people
    ]
    whole = ("row", "order")
    columns = list(rows[0]) if rows else list(_COLUMNS)
    return pl.DataFrame(rows, schema={name: pl.Int64 if name in whole else pl.String for name in columns})


def _said(engine: Engine, about: PlacesAbout) -> list[tuple[str, str, str]]:
    """The first sheet: style, left cell, right cell."""
    said = [("title", "The places of an event", "")]
    if about.practice:
        said.append(("marked", "Practice: everybody in this file is invented.", ""))
    said += [
        ("plain", "Places", f"{about.places:,}: {engine.cutoffs.band(about.band).name}"),
        ("plain", "Reserve", f"{about.reserve:,}"),
        ("plain", "Released", f"{about.on}, by {about.by}"),
        ("plain", "Cut-offs", engine.versions.cutoffs),
        ("plain", "Everybody", engine.words.wording.band.everyone),
        ("plain", "Where the figures come from", engine.words.source()[-1]),
        ("strong", engine.words.wording.permitted_use.short, ""),
        ("plain", _PERSONAL, ""),
    ]
    return said


def _workbook(engine: Engine, frame: pl.DataFrame, said: Sequence[tuple[str, str, str]], out: Path) -> None:
    # Imported where it is needed: that takes as long as scoring a short list.
    import xlsxwriter
    import xlsxwriter.exceptions

    book = xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False})
    styles = make_styles(book.add_format, len(engine.cutoffs.bands))
    first, sheet = book.add_worksheet("About this list"), book.add_worksheet("Places")
    first.set_column(0, 0, _WIDE)
    first.set_column(1, 1, 96)
    for number, (style, left, right) in enumerate(said):
        first.write_string(number, 0, left, styles.strong if right else getattr(styles, style))
        if right:
            first.write_string(number, 1, right, getattr(styles, style))
    for place, name in enumerate(frame.columns):
        sheet.set_column(place, place, WIDTHS.get(name, _WIDE if name in _COLUMNS[3:] else WIDTH))
        sheet.write_string(0, place, name, styles.head)
    for number, cells in enumerate(frame.iter_rows(), start=1):
        for place, value in enumerate(cells):
            _cell(sheet, number, place, value, styles)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    sheet.autofilter(0, 0, max(len(frame), 1), len(frame.columns) - 1)
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError:
        raise ListError(f"{out.name} cannot be written.") from None


def _cell(sheet: Any, number: int, place: int, value: str | int | None, styles: Styles) -> None:
    if isinstance(value, int):
        sheet.write_number(number, place, value, styles.whole)
    elif value:
        quoted = is_dangerous(value)
        text = f"'{value}" if quoted and value.startswith("'") else value
        sheet.write_string(number, place, text, styles.quoted_wrapped if quoted else styles.wrapped)
