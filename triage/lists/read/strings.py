"""Which texts do the cells of a workbook share?"""

from __future__ import annotations

import re

from triage.errors import ListError
from triage.lists.read.xml_events import Attributes, Handlers, Part, read_xml

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def plain_text(text: str) -> str:
    """Text without the format's escapes for control characters, with line feeds for every line break."""
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
        # An escaped half of a pair would be no text at all; a NUL means nothing to a person.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


class Strings:
    """Collects the texts of sharedStrings.xml; formatted runs are put together, readings of signs left out."""

    def __init__(self, most: int, too_long: ListError) -> None:
        self.texts: list[str] = []
        self.struck: set[int] = set()
        self._most, self._too_long = most, too_long
        self._parts: list[str] = []
        self._length = 0
        self._collect = self._phonetic = False
        self._runs = self._struck_runs = 0
        self.starts = Handlers[Attributes](
            {
                "si": self._start_item,
                "t": self._start_text,
                "rPh": self._start_phonetic,
                "r": self._start_run,
                "strike": self._strike,
            }
        )
        self.ends = Handlers[None]({"t": self._end_text, "rPh": self._end_phonetic, "si": self._end_item})

    def _start_item(self, _: Attributes) -> None:
        self._parts, self._length, self._runs, self._struck_runs = [], 0, 0, 0

    def _start_text(self, _: Attributes) -> None:
        self._collect = not self._phonetic

    def _start_phonetic(self, _: Attributes) -> None:
        self._phonetic = True

    def _start_run(self, _: Attributes) -> None:
        self._runs += 1

    def _strike(self, attributes: Attributes) -> None:
        if attributes.get("val", "1") not in ("0", "false"):
            self._struck_runs += 1

    def characters(self, text: str) -> None:
        if self._collect:
            self._parts.append(text)
            self._length += len(text)
            if self._length > self._most:
                raise self._too_long

    def _end_text(self, _: None) -> None:
        self._collect = False

    def _end_phonetic(self, _: None) -> None:
        self._phonetic = False

    def _end_item(self, _: None) -> None:
        if self._runs and self._runs == self._struck_runs:
            self.struck.add(len(self.texts))
        self.texts.append(plain_text("".join(self._parts)))


def read_strings(part: Part, most: int, too_long: ListError) -> Strings:
    """The shared texts; raises ListError where the part is not well formed, `too_long` above `most` characters."""
    strings = Strings(most, too_long)
    read_xml(part, strings.starts, strings.ends, strings.characters)
    return strings
