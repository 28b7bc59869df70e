"""How do a figure, a table and a plot read on the page?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from triage.checklist.page import Html, tag
from triage.evaluation.figures import Figure

_NOT_TOLD = "cannot be told"


def percent(share: float | None) -> str:
    """A share as whole per cent, with a decimal below ten and a true minus sign."""
    if share is None:
        return _NOT_TOLD
    text = f"{100 * share:.1f}%" if 0 < abs(share) < 0.0995 else f"{100 * share:.0f}%"
    return text.replace("-", "−")


def stated(share: float) -> str:
    """A share that somebody chose, as it was given: "8%"."""
    return f"{100 * share:.4g}%"


def number(value: float | None) -> str:
    """A number with three decimals, a true minus sign, and no minus before a zero."""
    if value is None:
        return _NOT_TOLD
    text = f"{value:.3f}"
    return "0.000" if float(text) == 0 else text.replace("-", "−")


def signed(value: float | None) -> str:
    """A difference: as `number`, with its sign."""
    text = number(value)
    return f"+{text}" if value is not None and float(f"{value:.3f}") > 0 else text


def shares(told: Figure | None) -> str:
    """A share with its interval: "46% (42% to 50%)"."""
    return _with_interval(told, percent)


def numbers(told: Figure | None) -> str:
    """A number with its interval: "0.626 (0.597 to 0.654)"."""
    return _with_interval(told, number)


def differences(told: Figure | None) -> str:
    """A difference with its interval: "+0.046 (+0.012 to +0.078)"."""
    return _with_interval(told, signed)


def _with_interval(told: Figure | None, say: object) -> str:
    assert callable(say)
    if told is None or told["value"] is None:
        return _NOT_TOLD
    if told["low"] is None:
        return f"{say(told['value'])} (no interval)"
    return f"{say(told['value'])} ({say(told['low'])} to {say(told['high'])})"


def count(people: int) -> str:
    """A count with thousands set apart."""
    return f"{people:,}"


def described(data: dict[str, Any], called: str) -> str:
    """Whom the figures of a report are about, up to its words for the outcome: "... and 309 of those".

    Args:
        data: has `simulated` and `people`.
        called: what they are called, such as "clients".
    """
    people = data["people"]
    kind = f"simulated {called}" if data["simulated"] else called
    rows = "" if people["rows"] == people["clients"] else f" ({count(people['rows'])} job losses)"
    dates = ""
    if people["first_date"]:
        dates = f", whose jobs ended from {people['first_date']} to {people['last_date']}"
    source = f" of {people['source']}" if people["source"] else ""
    return (
        f"{count(people['clients'])} {kind}{rows}{source}{dates}. The outcome is known of {count(people['known'])} of"
        f" them, and {count(people['cases'])} of those"
    )


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """A table whose first column names the row. It scrolls on its own where the screen is narrow."""
    head = tag("thead", tag("tr", *(tag("th", text, scope="col") for text in heads)))
    body = tag(
        "tbody",
        *(tag("tr", tag("th", row[0], scope="row"), *(_cell(cell) for cell in row[1:])) for row in rows),
    )
    inner = tag("table", tag("caption", caption), head, body)
    return tag("div", inner, class_="wide", role="region", tabindex="0", aria_label=caption)


def _cell(text: str) -> Html:
    """Figures keep to one line; words may take several."""
    return tag("td", text, class_="n") if text[:1].isdigit() or text[:1] in ("+", "−") else tag("td", text)


def figure_of(drawing: Html, caption: str) -> Html:
    """A plot with its caption. It scrolls on its own where the screen is narrow."""
    inner = tag("div", drawing, class_="wide", role="region", tabindex="0", aria_label=f"Plot. {caption}")
    return tag("figure", inner, tag("figcaption", caption))


def section(id_: str, heading: str, *children: str) -> Html:
    """A section of the page with its heading."""
    name = f"{id_}-heading"
    return tag("section", tag("h2", heading, id=name), *children, id=id_, aria_labelledby=name)


def paragraphs(*texts: str) -> Html:
    """Paragraphs of plain text."""
    return Html("".join(tag("p", text) for text in texts))
