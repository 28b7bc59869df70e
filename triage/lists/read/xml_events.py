"""How is XML read that nobody can vouch for?

With the standard library's expat, element by element, nothing kept. A workbook never has a document type, so any
is refused before an entity can be declared: no expansion, no file and no address can be asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar
from xml.parsers import expat

from triage.errors import ListError
from triage.lists.read.package import damaged
from triage.lists.read.sniff import SAVE_IN_EXCEL

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/package/2006/relationships",
    "",
)
Attributes = dict[str, str]
Characters = Callable[[str], None]
T = TypeVar("T")


class Handlers(dict[str, Callable[[T], None]], Generic[T]):
    """What to do at an element, by its own name; looked up by its full name.

    Elements that are not of a spreadsheet, and those without a handler, are passed over.
    """

    def __init__(self, by_name: Mapping[str, Callable[[T], None]]) -> None:
        super().__init__()
        self._by_name = by_name

    def __missing__(self, full: str) -> Callable[[T], None]:
        space, _, local = full.rpartition(" ")
        self[full] = self._by_name.get(local, ignore) if space in MAIN else ignore
        return self[full]


def ignore(_: object) -> None:
    """For elements that say nothing of interest."""


@dataclass(frozen=True)
class Part:
    """A part of a workbook, block by block, and what to say is the matter where it cannot be read."""

    path: Path
    blocks: Iterable[bytes]
    trouble: str


class ForbiddenXml(Exception):
    """The XML declares a document type, which a workbook never does."""


def forbid(*_: object) -> None:
    raise ForbiddenXml


def new_parser(
    starts: Handlers[Attributes], ends: Handlers[None], characters: Characters | None = None
) -> expat.XMLParserType:
    """A parser that calls the handlers as elements start, with their attributes, and end."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = forbid
    parser.EntityDeclHandler = forbid
    parser.StartElementHandler = lambda full, attributes: starts[full](attributes)
    parser.EndElementHandler = lambda full: ends[full](None)
    if characters:
        parser.CharacterDataHandler = characters
    return parser


def read_xml(
    part: Part,
    starts: Handlers[Attributes],
    ends: Handlers[None] | None = None,
    characters: Characters | None = None,
) -> None:
    """Read a whole part; raises ListError where it is not well formed or declares a document type."""
    for _ in feed(new_parser(starts, Handlers({}) if ends is None else ends, characters), part):
        pass


def feed(parser: expat.XMLParserType, part: Part) -> Iterator[None]:
    """Pass the blocks to the parser, with a pause after each one."""
    try:
        for block in part.blocks:
            parser.Parse(block, False)
            yield
        parser.Parse(b"", True)
        yield
    except ForbiddenXml:
        raise ListError(
            f"{part.path.name} declares a document type in its XML, which no workbook does and which can do harm. "
            f"It was not read. {SAVE_IN_EXCEL}"
        ) from None
    except (expat.ExpatError, LookupError, ValueError):
        raise damaged(part.path, part.trouble) from None
