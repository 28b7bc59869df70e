"""How is XML read that nobody can vouch for?

With the standard library's expat, element by element, nothing kept. A workbook never has a document type, so any
is refused before an entity can be declared: no expansion, no file and no address can be asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from xml.parsers import expat

from triage.errors import ListError

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/package/2006/relationships",
    "",
)
Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Characters = Callable[[str], None]


class ForbiddenXml(Exception):
    """The XML declares a document type, which a workbook never does."""


class Names(dict[str, str]):
    """An element's own name where its namespace is that of spreadsheets, else an empty string."""

    def __missing__(self, full: str) -> str:
        space, _, local = full.rpartition(" ")
        self[full] = local if space in MAIN else ""
        return self[full]


def forbid(*_: object) -> None:
    raise ForbiddenXml


def new_parser(start: Start, end: End, characters: Characters | None = None) -> expat.XMLParserType:
    """A parser that calls the handlers with the full names of elements: pass them through Names."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = forbid
    parser.EntityDeclHandler = forbid
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    if characters:
        parser.CharacterDataHandler = characters
    return parser


def read_xml(
    blocks: Iterable[bytes], start: Start, end: End, fault: ListError, characters: Characters | None = None
) -> None:
    """Read a whole part; raises `fault` where it is not well formed or declares a document type."""
    for _ in feed(new_parser(start, end, characters), blocks, fault):
        pass


def feed(parser: expat.XMLParserType, blocks: Iterable[bytes], fault: ListError) -> Iterator[None]:
    """Pass the blocks to the parser, with a pause after each one."""
    try:
        for block in blocks:
            parser.Parse(block, False)
            yield
        parser.Parse(b"", True)
        yield
    except (expat.ExpatError, ForbiddenXml, LookupError, ValueError):
        raise fault from None
