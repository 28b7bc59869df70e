"""What do a cell's styles say that its value does not: a date, leading zeros, struck through, a fill?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from triage.lists.read.xml_events import Attributes, Handlers, Part, read_xml

Kind = Literal["plain", "date", "time", "zeros"]

# Formats that a workbook uses by number only (ECMA-376 part 1, 18.8.30).
BUILT_IN_DATES = frozenset([*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)])
BUILT_IN_TIMES = frozenset([18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47])
# Quoted text, escaped, padding and filling characters, and bracketed colours, currencies and conditions.
NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
WHITE = frozenset(["FFFFFF", "theme 0", "indexed 1", "indexed 9", "indexed 64", "indexed 65"])


@dataclass(frozen=True)
class Style:
    """One cell format. `digits` is how many digits a "zeros" format fills up to; `fill` is empty for white."""

    kind: Kind = "plain"
    digits: int = 0
    struck: bool = False
    fill: str = ""


PLAIN = Style()


@dataclass
class StyleSheet:
    """Collects the tables of styles.xml in the order in which cells refer to them."""

    formats: dict[int, str] = field(default_factory=dict)
    struck: list[bool] = field(default_factory=list)
    fills: list[str] = field(default_factory=list)
    cells: list[Style] = field(default_factory=list)
    section: str = ""

    def handlers(self) -> Handlers[Attributes]:
        """Fonts, fills and formats also stand in parts that cells do not refer to: only those in place count."""
        sections = ("numFmts", "fonts", "fills", "cellXfs", "cellStyleXfs", "dxfs")
        return Handlers(
            {name: partial(self._section, name) for name in sections}
            | {
                "numFmt": partial(self._inside, "numFmts", self._format),
                "font": partial(self._inside, "fonts", self._font),
                "strike": partial(self._inside, "fonts", self._strike),
                "fill": partial(self._inside, "fills", self._fill),
                "patternFill": partial(self._inside, "fills", self._pattern),
                "fgColor": partial(self._inside, "fills", self._colour),
                "xf": partial(self._inside, "cellXfs", self._cell),
            }
        )

    def _section(self, name: str, _: Attributes) -> None:
        self.section = name

    def _inside(self, section: str, take: Callable[[Attributes], None], attributes: Attributes) -> None:
        if self.section == section:
            take(attributes)

    def _format(self, attributes: Attributes) -> None:
        self.formats[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")

    def _font(self, _: Attributes) -> None:
        self.struck.append(False)

    def _strike(self, attributes: Attributes) -> None:
        self.struck[-1] = attributes.get("val", "1") not in ("0", "false")

    def _fill(self, _: Attributes) -> None:
        self.fills.append("")

    def _pattern(self, attributes: Attributes) -> None:
        if attributes.get("patternType", "none") not in ("none", "gray125"):
            self.fills[-1] = "pattern"

    def _colour(self, attributes: Attributes) -> None:
        if self.fills[-1] == "pattern":
            self.fills[-1] = colour(attributes)

    def _cell(self, attributes: Attributes) -> None:
        self.cells.append(self.style(attributes))

    def style(self, attributes: Attributes) -> Style:
        number = int(attributes.get("numFmtId", "0"))
        font, fill = int(attributes.get("fontId", "0")), int(attributes.get("fillId", "0"))
        kind, digits = format_kind(number, self.formats.get(number, ""))
        return Style(
            kind,
            digits,
            font < len(self.struck) and self.struck[font],
            self.fills[fill] if fill < len(self.fills) else "",
        )


def colour(attributes: Attributes) -> str:
    """A colour in words: "FFFF00", "theme 5", "theme 0 tint -0.15", "indexed 13"; empty for white."""
    if "rgb" in attributes:
        name = attributes["rgb"][-6:].upper()
    elif "theme" in attributes:
        name = f"theme {attributes['theme']}"
        tint = float(attributes.get("tint", "0"))
        name += f" tint {tint:.2f}" if tint else ""
    else:
        name = f"indexed {attributes.get('indexed', '64')}"
    return "" if name in WHITE else name


def format_kind(number: int, code: str) -> tuple[Kind, int]:
    """What a number format shows, and to how many digits it fills up with zeros."""
    if not code:
        if number in BUILT_IN_DATES:
            return "date", 0
        return ("time", 0) if number in BUILT_IN_TIMES else ("plain", 0)
    shown = NOT_CODE.sub("", code).split(";")[0].lower().strip()
    if re.fullmatch(r"0{2,15}", shown):
        return "zeros", len(shown)
    if shown in ("general", "standard", "@") or re.search(r"[0#?]", re.sub(r"s\.0+", "s", shown)):
        return "plain", 0
    letters = set(shown.replace("am/pm", "").replace("a/p", "")) & set("ydmhs")
    if letters & set("yd") or letters == {"m"}:
        return "date", 0
    return ("time", 0) if letters else ("plain", 0)


def read_styles(part: Part) -> list[Style]:
    """The cell formats in order; raises ListError where the part is not well formed."""
    sheet = StyleSheet()
    read_xml(part, sheet.handlers())
    return sheet.cells
