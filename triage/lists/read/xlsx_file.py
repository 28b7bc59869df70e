"""How is an XLSX workbook opened, and which of its sheets are lists?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from triage.errors import ListError
from triage.lists.read.chunks import rechunked
from triage.lists.read.letters import column_letters
from triage.lists.read.limits import Limits
from triage.lists.read.package import Package, damaged, open_package, refuse_others, target
from triage.lists.read.sheet import Book, SheetFacts, SheetReader, read_sheet
from triage.lists.read.source import Chunk, Source, SourceColumn, SourceTable, hidden_table
from triage.lists.read.strings import Strings, read_strings
from triage.lists.read.styles import Style, read_styles
from triage.lists.read.xml_events import Attributes, Handlers, Part, read_xml


@dataclass(frozen=True)
class SheetEntry:
    """A sheet as the workbook lists it; `link` is its relationship."""

    name: str
    link: str
    hidden: bool


@dataclass
class Contents:
    """Collects the sheets of workbook.xml."""

    sheets: list[SheetEntry] = field(default_factory=list)
    since_1904: bool = False

    def handlers(self) -> Handlers[Attributes]:
        return Handlers({"workbookPr": self._properties, "sheet": self._sheet})

    def _properties(self, attributes: Attributes) -> None:
        self.since_1904 = attributes.get("date1904") in ("1", "true")

    def _sheet(self, attributes: Attributes) -> None:
        link = next((value for key, value in attributes.items() if key.endswith(" id")), "")
        hidden = attributes.get("state", "visible") != "visible"
        self.sheets.append(SheetEntry(attributes.get("name", ""), link, hidden))


@dataclass
class Links:
    """Collects a part's relationships: id -> (kind, target)."""

    found: dict[str, tuple[str, str]] = field(default_factory=dict)

    def handlers(self) -> Handlers[Attributes]:
        return Handlers({"Relationship": self._relationship})

    def _relationship(self, attributes: Attributes) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        self.found[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))

    def of_kind(self, kind: str) -> str | None:
        return next((link for found, link in self.found.values() if found == kind), None)


@dataclass(frozen=True)
class Workbook:
    """An open workbook: its parts, and what its sheets share."""

    package: Package
    part: str
    contents: Contents
    links: Links
    limits: Limits

    @property
    def name(self) -> str:
        return self.package.path.name

    def shared(self) -> Book:
        """Texts and styles. Read again for each pass over a large workbook rather than kept."""
        return Book(self.strings(), self.styles(), self.contents.since_1904, self.limits)

    def strings(self) -> Strings:
        link = self.links.of_kind("sharedStrings")
        most = self.limits.cell_characters
        too_long = ListError(
            f"{self.name}: a cell has more than {most:,} characters. Shorten or empty it, and try again."
        )
        if link is None or not self.package.has(target(self.part, link)):
            return Strings(most, too_long)
        entry = self.package.entries[target(self.part, link).lower()]
        if entry.file_size > self.limits.shared_text_bytes:
            raise ListError(f"{self.name} holds too much text for a list. Split it into several lists.")
        return read_strings(self.open(target(self.part, link), "the texts of its cells cannot be read"), most, too_long)

    def styles(self) -> list[Style]:
        link = self.links.of_kind("styles")
        if link is None or not self.package.has(target(self.part, link)):
            return []
        return read_styles(self.open(target(self.part, link), "its cell styles cannot be read"))

    def open(self, part: str, trouble: str) -> Part:
        return Part(self.package.path, self.package.part(part), trouble)


def open_xlsx(path: Path, limits: Limits) -> Source:
    """The sheets of a workbook; raises ListError where it cannot be read in full."""
    package = open_package(path, limits)
    refuse_others(package)
    workbook = open_workbook(package, limits)
    book = workbook.shared()
    tables: list[SourceTable] = []
    notes: list[str] = []
    kept = 0
    for sheet in workbook.contents.sheets:
        kind, link = workbook.links.found.get(sheet.link, ("", ""))
        if kind != "worksheet":
            notes.append(f"Sheet '{sheet.name}' is no table of cells (a chart, for instance) and was not read.")
        elif sheet.hidden:
            tables.append(hidden_table(sheet.name))
        else:
            opened = open_sheet(workbook, book, sheet, target(workbook.part, link), limits.kept_cells - kept)
            kept += opened.cells
            tables.append(opened.table())
            notes.extend(sheet_notes(sheet.name, opened.facts))
    if not any(table.rows for table in tables):
        raise ListError(f"{path.name} has no rows in a visible sheet. Check that the right file was chosen.")
    return Source(path, "xlsx", tuple(tables), (*book_notes(package), *notes))


def open_workbook(package: Package, limits: Limits) -> Workbook:
    """The list of sheets and where their parts are."""
    top, contents, links = Links(), Contents(), Links()
    if package.has("_rels/.rels"):
        read_part(package, "_rels/.rels", top.handlers())
    part = target("", top.of_kind("officeDocument") or "xl/workbook.xml")
    folder, _, file = part.rpartition("/")
    if not package.has(part) or not package.has(f"{folder}/_rels/{file}.rels"):
        raise damaged(package.path, "its list of sheets is missing")
    read_part(package, part, contents.handlers())
    read_part(package, f"{folder}/_rels/{file}.rels", links.handlers())
    return Workbook(package, part, contents, links, limits)


def read_part(package: Package, name: str, handlers: Handlers[Attributes]) -> None:
    """Read one of the parts that say what is where."""
    read_xml(Part(package.path, package.part(name), "its list of sheets cannot be read"), handlers)


@dataclass
class OpenSheet:
    """A sheet that has been read once; `parts` is None where it is too large to keep."""

    workbook: Workbook
    sheet: SheetEntry
    part: str
    facts: SheetFacts
    parts: list[Chunk] | None
    cells: int

    def table(self) -> SourceTable:
        columns = tuple(
            SourceColumn(index, column_letters(index), index in self.facts.hidden_columns)
            for index in range(self.facts.width)
        )
        return SourceTable(self.sheet.name, columns, False, self.facts.rows, self.chunks)

    def chunks(self, size: int) -> Iterator[Chunk]:
        """The rows, out of the memory or read again."""
        parts = self.parts
        if parts is None:
            _, again = start_reading(self.workbook, self.workbook.shared(), self.sheet, self.part)
            return rechunked((self.whole(chunk) for chunk in again), size)
        return rechunked((self.whole(chunk) for chunk in parts), size)

    def whole(self, chunk: Chunk) -> Chunk:
        """The part with all columns of the table, and with its merged ranges."""
        missing = [pl.lit(None, pl.String).alias(f"c{at}") for at in range(chunk.cells.width, self.facts.width)]
        cells = chunk.cells.with_columns(missing) if missing else chunk.cells
        return replace(chunk, cells=cells, merged=tuple(self.facts.merged))


def start_reading(workbook: Workbook, book: Book, sheet: SheetEntry, part: str) -> tuple[SheetReader, Iterator[Chunk]]:
    """A reader of the sheet, and the parts that it will give."""
    reader = SheetReader(sheet.name, book, lambda what: ListError(f"{workbook.name}, {what}"))
    return reader, read_sheet(reader, workbook.open(part, f"sheet '{sheet.name}' cannot be read to its end"))


def open_sheet(workbook: Workbook, book: Book, sheet: SheetEntry, part: str, budget: int) -> OpenSheet:
    """Read a sheet once to its end; its cells are kept while there are no more than `budget`."""
    if not workbook.package.has(part):
        raise damaged(workbook.package.path, f"sheet '{sheet.name}' is missing from it")
    reader, parts = start_reading(workbook, book, sheet, part)
    kept: list[Chunk] | None = []
    cells = 0
    for chunk in parts:
        cells += chunk.cells.height * chunk.cells.width
        if kept is not None and cells <= budget:
            kept.append(chunk)
        else:
            kept = None
    return OpenSheet(workbook, sheet, part, reader.facts, kept, cells if kept is not None else 0)


def sheet_notes(name: str, facts: SheetFacts) -> Iterator[str]:
    """What was left out of a sheet, in sentences."""
    for first, last in facts.left_out:
        yield f"Sheet '{name}': rows {first:,} to {last:,} are empty and were left out."
    if facts.no_result:
        cells = "cell holds a formula" if facts.no_result == 1 else "cells hold formulas"
        yield (
            f"Sheet '{name}': {facts.no_result:,} {cells} without a stored result (first in "
            f"{facts.first_no_result}) and were read as empty. Open the list in Excel and save it to store them."
        )


def book_notes(package: Package) -> Iterator[str]:
    """How the workbook was read, and what in it was ignored."""
    yield "Read as an Excel workbook."
    if "xl/vbaproject.bin" in package.entries:
        yield "Its macros were ignored."
    if any(part.startswith("xl/externallinks/") for part in package.entries):
        yield "Links to other workbooks were not followed: their cells hold what was stored at the last save."
