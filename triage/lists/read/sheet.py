"""What stands in the rows of one sheet?

The XML of a sheet goes by once, block by block. Cells, hidden rows and columns, merged ranges and what styles say
are picked up in the same pass; rows come out in parts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

import polars as pl

from triage.errors import ListError
from triage.lists.read.limits import Limits
from triage.lists.read.source import Chunk
from triage.lists.read.strings import Strings, plain_text
from triage.lists.read.styles import PLAIN, Style
from triage.lists.read.values import styled_text
from triage.lists.read.xml_events import Names, Part, feed, new_parser

PART_ROWS = 8_192
LAST_ROW = 1_048_576
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
Trouble = Callable[[str], ListError]


@dataclass
class SheetFacts:
    """What is known once a sheet has been read to its end.

    Attributes:
        width: columns up to the last one with content.
        rows: rows that are given out, up to the last one with content.
        left_out: runs of empty rows that were not given out, as (first, last).
        no_result: formulas without a stored result; `first_no_result` is the first one's cell.
    """

    width: int = 0
    rows: int = 0
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    left_out: list[tuple[int, int]] = field(default_factory=list)
    no_result: int = 0
    first_no_result: str = ""


@dataclass(frozen=True)
class Book:
    """What all sheets of a workbook share."""

    strings: Strings
    styles: list[Style]
    since_1904: bool
    limits: Limits


class SheetReader:
    """Handles the elements of one sheet and gathers its rows column by column."""

    def __init__(self, name: str, book: Book, trouble: Trouble) -> None:
        self.facts = SheetFacts()
        self._name, self._book, self._trouble = name, book, trouble
        self._texts, self._limits = book.strings.texts, book.limits
        self._names = Names()
        self._row = self._column = self._last_content = 0
        self._row_hidden = False
        self._cells: dict[int, str] = {}
        self._row_dates: list[int] = []
        self._row_struck = 0
        self._row_fills: set[str] = set()
        self._type = ""
        self._style = PLAIN
        self._formula = self._collect = False
        self._text: list[str] = []
        self._length = 0
        self._letters: dict[str, int] = {}
        self._styles = {str(number): style for number, style in enumerate(book.styles)}
        self._moments: dict[tuple[str, Style], tuple[str, bool]] = {}
        self._new_part()

    def _new_part(self) -> None:
        self._numbers: list[int] = []
        self._columns: list[list[str | None]] = []
        self._dates: dict[int, list[int]] = {}
        self._struck: set[int] = set()
        self._coloured: dict[int, str] = {}
        self._hidden: set[int] = set()

    # ------------------------------------------------------------------------------------------ XML events

    def start(self, full: str, attributes: dict[str, str]) -> None:
        name = self._names[full]
        if name == "c":
            self._start_cell(attributes)
        elif name == "v" or name == "t":
            self._collect = True
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "rPh":
            self._type = "phonetic"
        elif name == "col":
            self._hide_columns(attributes)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, full: str) -> None:
        name = self._names[full]
        if name == "v" or name == "t":
            self._collect = False
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        elif name == "rPh":
            self._type = "inlineStr"

    def characters(self, text: str) -> None:
        if self._collect and self._type != "phonetic":
            self._text.append(text)
            self._length += len(text)
            if self._length > self._limits.cell_characters:
                raise self._trouble(
                    f"{self._where()}: the cell has more than {self._limits.cell_characters:,} characters. "
                    "Shorten or empty it, and try again."
                )

    def _start_row(self, attributes: dict[str, str]) -> None:
        row = int(attributes["r"]) if "r" in attributes else self._row + 1
        if not self._row < row <= LAST_ROW:
            raise ValueError("rows out of order")
        self._row, self._column = row, -1
        self._row_hidden = attributes.get("hidden") in ("1", "true")

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            column = self._letters.get(letters)
            if column is None:
                column = self._letters[letters] = column_index(letters)
            self._column = column
        self._type = attributes.get("t", "n")
        self._style = self._styles.get(attributes.get("s", "0"), PLAIN)
        self._formula = self._collect = False
        self._length = 0
        if self._text:
            self._text = []

    def _end_cell(self) -> None:
        if not self._text:
            if self._formula and self._type != "str":
                self._note_no_result()
            return
        raw = "".join(self._text)
        text, real_date, struck = self._value(raw)
        if not text:
            return
        self._cells[self._column] = text
        if real_date:
            self._row_dates.append(self._column)
        if struck or self._style.struck:
            self._row_struck += 1
        self._row_fills.add(self._style.fill)

    def _value(self, raw: str) -> tuple[str, bool, bool]:
        """The cell's text, whether it is a real date, and whether its text is struck through run by run."""
        kind = self._type
        if kind == "s":
            return self._shared(raw)
        if kind == "n":
            if self._style.kind == "plain" and raw.isdigit() and len(raw) < 15 and raw[0] != "0":
                return raw, False, False
            return (*self._number(raw), False)
        if kind == "b":
            return ("TRUE" if raw.strip() in ("1", "true") else "FALSE"), False, False
        if kind == "d":
            return raw.replace("T00:00:00", "").replace("T", " ").rstrip("Z"), True, False
        return plain_text(raw), False, False

    def _shared(self, raw: str) -> tuple[str, bool, bool]:
        number = int(raw)
        if not 0 <= number < len(self._texts):
            raise self._trouble(
                f"{self._where()}: the cell's text is missing from the file, which is damaged. Fetch it again; or "
                "open it in Excel, let Excel repair it, save it as .xlsx, and try again."
            )
        return self._texts[number], False, number in self._book.strings.struck

    def _number(self, raw: str) -> tuple[str, bool]:
        key = (raw, self._style)
        found = self._moments.get(key)
        if found is None:
            if not raw.strip():
                return "", False
            found = styled_text(raw.strip(), self._style, self._book.since_1904)
            if len(self._moments) < 100_000:
                self._moments[key] = found
        return found

    def _note_no_result(self) -> None:
        self.facts.no_result += 1
        if not self.facts.first_no_result:
            self.facts.first_no_result = f"{column_letters(self._column)}{self._row}"

    def _hide_columns(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in ("1", "true") or float(attributes.get("width", "1")) == 0:
            first, last = int(attributes["min"]), int(attributes["max"])
            self.facts.hidden_columns.update(range(first - 1, min(last, self._limits.columns)))

    def _merge(self, reference: str) -> None:
        first, _, last = reference.replace("$", "").partition(":")
        top, bottom = REFERENCE.fullmatch(first), REFERENCE.fullmatch(last or first)
        if top and bottom:
            self.facts.merged.append((int(top[2]), column_index(top[1]), int(bottom[2]), column_index(bottom[1])))

    def _where(self) -> str:
        return f"sheet '{self._name}', cell {column_letters(self._column)}{self._row}"

    # --------------------------------------------------------------------------------------------- rows

    def _end_row(self) -> None:
        if not self._cells:
            return
        self._fill_gap()
        row, cells = self._row, self._cells
        at = len(self._numbers)
        widest = max(cells)
        if widest >= self._limits.columns:
            raise self._trouble(
                f"sheet '{self._name}', row {row}: there is text in column {column_letters(widest)}, and a list has "
                f"at most {self._limits.columns:,} columns. Delete the columns that the list does not need, and "
                "try again."
            )
        while len(self._columns) <= widest:
            self._columns.append([])
        for column, text in cells.items():
            values = self._columns[column]
            if len(values) < at:
                values.extend([None] * (at - len(values)))
            values.append(text)
        for column in self._row_dates:
            self._dates.setdefault(column, []).append(at)
        if 2 * self._row_struck > len(cells):
            self._struck.add(row)
        if len(self._row_fills) == 1 and (fill := next(iter(self._row_fills))):
            self._coloured[row] = fill
        if self._row_hidden:
            self._hidden.add(row)
        self._numbers.append(row)
        self._last_content = row
        self._cells, self._row_dates, self._row_struck, self._row_fills = {}, [], 0, set()

    def _fill_gap(self) -> None:
        """Pass on the empty rows since the last one with content, or leave a long run of them out."""
        first, last = self._last_content + 1, self._row - 1
        if last - first + 1 > self._limits.empty_run:
            self.facts.left_out.append((first, last))
        else:
            self._numbers.extend(range(first, last + 1))

    @property
    def waiting(self) -> int:
        """How many rows have been gathered since the last part."""
        return len(self._numbers)

    def part(self) -> Chunk:
        """The gathered rows; the next part starts empty."""
        count = len(self._numbers)
        for values in self._columns:
            values.extend([None] * (count - len(values)))
        cells = pl.DataFrame(
            {f"c{index}": pl.Series(values, dtype=pl.String) for index, values in enumerate(self._columns)}
        )
        chunk = Chunk(
            table=self._name,
            first_row=self._numbers[0],
            row_numbers=numbers_of(self._numbers),
            cells=cells,
            dates={index: mask(places, count) for index, places in self._dates.items()},
            struck=frozenset(self._struck),
            coloured=dict(self._coloured),
            hidden_rows=frozenset(self._hidden),
        )
        self.facts.rows += count
        self.facts.width = max(self.facts.width, cells.width)
        self._new_part()
        return chunk


def read_sheet(reader: SheetReader, part: Part) -> Iterator[Chunk]:
    """The rows in parts of no fixed size or width; `reader.facts` is complete after the last one."""
    parser = new_parser(reader.start, reader.end, reader.characters)
    for _ in feed(parser, replace(part, blocks=without_empty_rows(part.blocks))):
        if reader.waiting >= PART_ROWS:
            yield reader.part()
    if reader.waiting:
        yield reader.part()


def without_empty_rows(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The blocks, cut where a row starts, less those whose rows hold no value: formatted rows may be a million."""
    carry = b""
    for block in blocks:
        block = carry + block if carry else block
        cut = block.rfind(b"<row ")
        if cut <= 0:
            yield block
            carry = b""
            continue
        first = block.find(b"<row ")
        rows = block[first:cut]
        # A comment or a literal section may stretch over the cut: those are passed on as they are.
        has_values = b"<v" in rows or b"<is" in rows or b"<f" in rows or b"<!" in rows
        yield block[: cut if has_values else first]
        carry = block[cut:]
    yield carry


def numbers_of(numbers: list[int]) -> range | list[int]:
    """A range where the numbers follow one another."""
    if numbers[-1] - numbers[0] + 1 == len(numbers):
        return range(numbers[0], numbers[-1] + 1)
    return numbers


def mask(places: list[int], count: int) -> pl.Series:
    """True at the places, false elsewhere."""
    flags = [False] * count
    for place in places:
        flags[place] = True
    return pl.Series(flags, dtype=pl.Boolean)


def column_index(letters: str) -> int:
    """0 for A, 25 for Z, 26 for AA; raises ValueError where the letters name no column."""
    index = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError("not a column")
        index = index * 26 + ord(letter) - 64
    if not 1 <= index <= 16_384:
        raise ValueError("not a column")
    return index - 1


def column_letters(index: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
