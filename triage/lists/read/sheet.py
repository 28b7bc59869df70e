"""What stands in the rows of one sheet?

The XML of a sheet goes by once, block by block. Cells, hidden rows and columns, merged ranges and what styles say
are picked up in the same pass; rows come out in parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from triage.errors import ListError
from triage.lists.read.gather import Gathered, Row
from triage.lists.read.letters import column_index, column_letters, range_of
from triage.lists.read.limits import Limits
from triage.lists.read.source import Chunk
from triage.lists.read.strings import Strings, plain_text
from triage.lists.read.styles import PLAIN, Style
from triage.lists.read.values import styled_text
from triage.lists.read.xml_events import Handlers, Part, feed, new_parser

PART_ROWS = 8_192
LAST_ROW = 1_048_576
REMEMBERED = 100_000
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
    """Handles the elements of one sheet and gathers its rows."""

    def __init__(self, name: str, book: Book, trouble: Trouble) -> None:
        self.facts = SheetFacts()
        self._name, self._book, self._trouble = name, book, trouble
        self._texts, self._limits = book.strings.texts, book.limits
        self._gathered = Gathered(name)
        self._row = Row()
        self._last_content = 0
        self._column = 0
        self._type = ""
        self._style = PLAIN
        self._formula = self._collect = self._phonetic = False
        self._text: list[str] = []
        self._length = 0
        self._letters: dict[str, int] = {}
        self._styles = {str(number): style for number, style in enumerate(book.styles)}
        self._numbers: dict[tuple[str, Style], tuple[str, bool]] = {}
        self.starts = Handlers[dict[str, str]](
            {
                "c": self._start_cell,
                "v": self._start_text,
                "t": self._start_text,
                "f": self._start_formula,
                "row": self._start_row,
                "rPh": self._start_phonetic,
                "col": self._start_column,
                "mergeCell": self._start_merged,
            }
        )
        self.ends = Handlers[None](
            {
                "c": self._end_cell,
                "v": self._end_text,
                "t": self._end_text,
                "row": self._end_row,
                "rPh": self._end_phonetic,
            }
        )

    # ---------------------------------------------------------------------------------------------- cells

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
        if self._text:
            self._text = []
            self._length = 0

    def _start_text(self, _: dict[str, str]) -> None:
        self._collect = not self._phonetic

    def _end_text(self, _: None) -> None:
        self._collect = False

    def _start_formula(self, _: dict[str, str]) -> None:
        self._formula = True

    def _start_phonetic(self, _: dict[str, str]) -> None:
        self._phonetic = True

    def _end_phonetic(self, _: None) -> None:
        self._phonetic = False

    def characters(self, text: str) -> None:
        if self._collect:
            self._text.append(text)
            self._length += len(text)
            if self._length > self._limits.cell_characters:
                raise self._trouble(
                    f"{self._where()}: the cell has more than {self._limits.cell_characters:,} characters. "
                    "Shorten or empty it, and try again."
                )

    def _end_cell(self, _: None) -> None:
        if not self._text:
            if self._formula and self._type != "str":
                self._note_no_result()
            return
        raw = "".join(self._text)
        text, real_date, struck = self._value(raw)
        if not text:
            return
        row, style = self._row, self._style
        row.cells[self._column] = text
        if real_date:
            row.dates.append(self._column)
        if struck or style.struck:
            row.struck.append(self._column)
        row.fills.add(style.fill)

    def _value(self, raw: str) -> tuple[str, bool, bool]:
        """The cell's text, whether it is a real date, and whether its text is struck through run by run."""
        kind = self._type
        if kind == "s":
            return self._shared(raw)
        if kind == "n":
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
        """The number as its format shows it. Most numbers of a list (ages, dates, codes) come again and again."""
        key = (raw, self._style)
        found = self._numbers.get(key)
        if found is None:
            if not raw.strip():
                return "", False
            found = styled_text(raw.strip(), self._style, self._book.since_1904)
            if len(self._numbers) < REMEMBERED:
                self._numbers[key] = found
        return found

    def _note_no_result(self) -> None:
        self.facts.no_result += 1
        if not self.facts.first_no_result:
            self.facts.first_no_result = f"{column_letters(self._column)}{self._row.number}"

    def _where(self) -> str:
        return f"sheet '{self._name}', cell {column_letters(self._column)}{self._row.number}"

    # ----------------------------------------------------------------------------- columns, ranges and rows

    def _start_column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in ("1", "true") or float(attributes.get("width", "1")) == 0:
            first, last = int(attributes["min"]), int(attributes["max"])
            self.facts.hidden_columns.update(range(first - 1, min(last, self._limits.columns)))

    def _start_merged(self, attributes: dict[str, str]) -> None:
        found = range_of(attributes.get("ref", ""))
        if found:
            self.facts.merged.append(found)

    def _start_row(self, attributes: dict[str, str]) -> None:
        before = self._row.number
        number = int(attributes["r"]) if "r" in attributes else before + 1
        if not before < number <= LAST_ROW:
            raise ValueError("rows out of order")
        self._row = Row(number, attributes.get("hidden") in ("1", "true"))
        self._column = -1

    def _end_row(self, _: None) -> None:
        row = self._row
        if not row.cells:
            return
        widest = max(row.cells)
        if widest >= self._limits.columns:
            raise self._trouble(
                f"sheet '{self._name}', row {row.number}: there is text in column {column_letters(widest)}, and a "
                f"list has at most {self._limits.columns:,} columns. Delete the columns that the list does not "
                "need, and try again."
            )
        self._fill_gap()
        self._gathered.add(row)
        self._last_content = row.number

    def _fill_gap(self) -> None:
        """Pass on the empty rows since the last one with content, or leave a long run of them out."""
        first, last = self._last_content + 1, self._row.number - 1
        if last - first + 1 > self._limits.empty_run:
            self.facts.left_out.append((first, last))
        else:
            self._gathered.numbers.extend(range(first, last + 1))

    @property
    def waiting(self) -> int:
        """How many rows have been gathered since the last part."""
        return len(self._gathered.numbers)

    def part(self) -> Chunk:
        """The gathered rows; the next part starts empty."""
        chunk = self._gathered.part()
        self.facts.rows += chunk.cells.height
        self.facts.width = max(self.facts.width, chunk.cells.width)
        self._gathered = Gathered(self._name)
        return chunk


def read_sheet(reader: SheetReader, part: Part) -> Iterator[Chunk]:
    """The rows in parts of no fixed size or width; `reader.facts` is complete after the last one."""
    parser = new_parser(reader.starts, reader.ends, reader.characters)
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
