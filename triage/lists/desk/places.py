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

PlacesOutcome = Literal["place", "reserve", "none", "above", "talk", "objected", "other"]
#: What an output says of each. Nobody is without support: what is offered stands beside it.
OUTCOMES: Mapping[PlacesOutcome, str] = {
    "place": "Place",
    "reserve": "Reserve",
    "none": "No place",
    "above": "Offered more support",
    "talk": "Talk to them first: too little is known, which does not mean a low risk",
    "objected": "Objected to being scored: support by conversation",
    "other": "In no need of a place",
}
#: Said wherever people were erased from a plan since.
ERASED = "Some of its rows are erased by now."
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
        by: who decided, or what the record says; "" where nobody has decided yet.
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
    """Which plan it is.

    Attributes:
        band, places, reserve: whose places, how many, and how many people stand ready.
        by, on: who released it, and on which day.
        practice: True where everybody is invented.
        versions: what it was made with, as `Versions.to_dict`; others may be in force by now.
        erased: True where some of its people are erased by now.
    """

    band: str
    places: int
    reserve: int
    by: str
    on: str
    practice: bool
    versions: Mapping[str, str]
    erased: bool = False


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
            "support": _band(engine, person.band),
            "decided_by": person.by or (_PROPOSED if person.order is not None else None),
        }
        for person in people
    ]
    whole = ("row", "order")
    columns = list(rows[0]) if rows else list(_COLUMNS)
    return pl.DataFrame(rows, schema={name: pl.Int64 if name in whole else pl.String for name in columns})


def _band(engine: Engine, band: str | None) -> str:
    """How a band is called today; its id where the cut-offs in force have none like it any more."""
    names = {item.id: item.name for item in engine.cutoffs.bands}
    return names.get(band, band) if band else engine.cutoffs.bands[0].name


def _said(engine: Engine, about: PlacesAbout) -> list[tuple[str, str, str]]:
    """The first sheet: style, left cell, right cell."""
    said = [("title", "The places of an event", "")]
    if about.practice:
        said.append(("marked", "Practice: everybody in this file is invented.", ""))
    if about.erased:
        said.append(("marked", ERASED, ""))
    said += [
        ("plain", "Places", f"{about.places:,}: {_band(engine, about.band)}"),
        ("plain", "Reserve", f"{about.reserve:,}"),
        ("plain", "Released", f"{about.on}, by {about.by}"),
        ("plain", "Model", about.versions["model"]),
        ("plain", "Cut-offs", about.versions["cutoffs"]),
        ("plain", "Everybody", engine.words.wording.band.everyone),
    ]
    if about.versions["model"] == engine.versions.model:
        # Of another model than that in force nothing is known here but its name.
        said.append(("plain", "Where the figures come from", engine.words.source()[-1]))
    said += [
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
