"""How does the workbook look? One hue of blue, darker for more support; no red, amber or green."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_LIGHT, _DARK = (0xE3, 0xEE, 0xF9), (0x1D, 0x5B, 0x9E)
_INK, _HEAD = "#1A1A1A", "#0B3C6F"
FONT = "Calibri"

#: Widths in characters; others take `WIDTH`.
WIDTHS = {
    "sheet": 22,
    "row": 6,
    "logit": 8,
    "probability": 10,
    "lower": 8,
    "upper": 8,
    "proposed_band": 30,
    "decided_band": 30,
    "reason_1": 34,
    "reason_2": 34,
    "reason_3": 34,
    "strength_1": 34,
    "strength_2": 34,
    "strength_3": 34,
    "unanswered": 34,
    "status": 34,
    "problem": 50,
    "model": 16,
    "checklist": 14,
    "cutoffs": 18,
    "date": 11,
    "override_band": 22,
    "override_reason": 28,
    "override_by": 20,
}
WIDTH = 18


@dataclass(frozen=True)
class Styles:
    """The formats of one workbook. `quoted` marks a text that a spreadsheet must never take for a formula."""

    head: Any
    fill_in: Any
    text: Any
    wrapped: Any
    quoted: Any
    quoted_wrapped: Any
    chance: Any
    odds: Any
    whole: Any
    bands: tuple[Any, ...]
    title: Any
    section: Any
    plain: Any
    strong: Any
    marked: Any


def make_styles(add: Callable[[dict[str, Any]], Any], bands: int) -> Styles:
    """The formats, made with the workbook's `add_format`."""
    base = {"font_name": FONT, "font_size": 10, "font_color": _INK, "valign": "top"}
    wrap = base | {"text_wrap": True, "indent": 1}
    head = base | {"bold": True, "font_color": "#FFFFFF", "bg_color": _HEAD, "text_wrap": True, "valign": "vcenter"}
    page = base | {"text_wrap": True, "font_size": 11}
    return Styles(
        head=add(head),
        fill_in=add(head | {"bg_color": "#FFFFFF", "font_color": _HEAD, "border": 1, "border_color": _HEAD}),
        text=add(base),
        wrapped=add(wrap),
        quoted=add(base | {"quote_prefix": True}),
        quoted_wrapped=add(wrap | {"quote_prefix": True}),
        chance=add(base | {"num_format": "0.0%"}),
        odds=add(base | {"num_format": "0.000"}),
        whole=add(base | {"num_format": "0"}),
        bands=tuple(add(base | _band(place, bands)) for place in range(bands)),
        title=add(page | {"bold": True, "font_size": 18, "font_color": _HEAD}),
        section=add(page | {"bold": True, "font_size": 12, "font_color": _HEAD, "valign": "bottom"}),
        plain=add(page),
        strong=add(page | {"bold": True}),
        marked=add(page | {"bold": True, "bg_color": "#E3EEF9", "border": 1, "border_color": _HEAD}),
    )


def _band(place: int, bands: int) -> dict[str, Any]:
    share = place / max(bands - 1, 1)
    colour = "".join(f"{round(low + (high - low) * share):02X}" for low, high in zip(_LIGHT, _DARK, strict=True))
    return {"bg_color": f"#{colour}", "font_color": "#FFFFFF" if share > 0.6 else _INK, "text_wrap": True, "indent": 1}
