"""How does a form become a printable page: self-contained HTML that fits the paper?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from itertools import groupby

from triage.checklist.forms import Form, Item
from triage.checklist.printing import stars as star_words

_INLINE = frozenset({"b", "span"})


class Html(str):
    """Text that is HTML already; any other text is escaped before it joins a page."""

    __slots__ = ()


def tag(name: str, *children: str, **attributes: str) -> Html:
    """`<name ...>children</name>`. Children that are not `Html` are escaped; `class_` stands for `class`.

    Whatever is not inline ends its line, so that a change in a page shows as a change of few lines.
    """
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    inner = "".join(child if isinstance(child, Html) else escape(child, quote=False) for child in children)
    end = "" if name in _INLINE else "\n"
    return Html(f"<{name}{given}>{inner}</{name}>{end}")


def form_page(form: Form) -> str:
    """The form as one HTML file with nothing to fetch.

    The full form fills one A4 page; the event form fills half of one and is printed twice, to be cut.
    """
    body = _full(form) if form.kind == "full" else Html(_event(form) + _cut() + _event(form, copy=True))
    head = tag(
        "head",
        Html('<meta charset="utf-8">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", form.title),
        tag("style", Html(_CSS)),
    )
    page = tag("html", head, tag("body", body, class_=form.kind), lang="en-GB")
    return f"<!DOCTYPE html>\n{page}"


def _full(form: Form) -> Html:
    words = form.words
    heads = (words.factor, words.question, words.decline, words.purpose)
    header = tag("thead", tag("tr", *(tag("th", text, scope="col") for text in heads)))
    rows = Html("".join(_rows(form)))
    return tag(
        "main",
        _top(form),
        _section("beside", form.beside),
        tag("table", header, tag("tbody", rows)),
        tag("div", *(_box(heading, text) for heading, text in form.boxes), class_="boxes"),
        _foot(form),
    )


def _rows(form: Form) -> Iterator[Html]:
    """One row per question; questions of one factor that follow each other share its first cell."""
    for _, group in groupby(form.items, key=lambda item: item.factor):
        items = list(group)
        notes = {item.note for item in items}
        shared = notes.pop() if len(notes) == 1 else ""
        for place, item in enumerate(items):
            factor = (_factor(item, len(items), shared),) if place == 0 else ()
            yield tag(
                "tr",
                *factor,
                _cell(replace(item, note="") if shared else item),
                _decline(item),
                _why(item, form.words.points_to),
            )


def _factor(item: Item, rows: int, note: str) -> Html:
    shown = item.stars or 0
    sign = tag("span", "★" * shown + "☆" * (3 - shown), class_="stars", role="img", aria_label=star_words(shown))
    said = tag("span", note, class_="note") if note else Html()
    return tag("th", f"{item.factor} ", sign, said, scope="rowgroup", rowspan=str(rows))


def _cell(item: Item) -> Html:
    content = _question(item)
    return tag("td", *content) if item.blank is None else tag("td", *content, class_="short")


def _decline(item: Item) -> Html:
    tick = tag("span", class_="tick", role="img", aria_label=item.decline) if item.decline else Html()
    return tag("td", tick, class_="decline")


def _why(item: Item, points_to: str) -> Html:
    support = tag("p", tag("b", f"{points_to}: "), ", ".join(item.support)) if item.support else Html()
    return tag("td", tag("p", item.purpose), support, class_="why")


def _event(form: Form, *, copy: bool = False) -> Html:
    ticks = Html("".join(tag("p", _tick(text), class_="talk") for text in form.ticks))
    children = (_top(form), _section("questions", form.items), ticks, _foot(form))
    # The second copy is the same form again: read aloud, it would only repeat.
    return tag("main", *children) if not copy else tag("div", *children, class_="copy", aria_hidden="true")


def _top(form: Form) -> Html:
    entries = (tag("p", f"{entry} ", tag("span", class_="line"), class_="entry") for entry in form.entries)
    return tag(
        "header",
        tag("h1", form.title),
        *(tag("p", text, class_="lead") for text in form.lead),
        tag("div", *entries, class_="entries"),
    )


def _section(name: str, items: tuple[Item, ...]) -> Html:
    if not items:
        return Html()
    return tag("div", *(tag("div", *_question(item, decline=True), class_="item") for item in items), class_=name)


def _question(item: Item, *, decline: bool = False) -> list[Html]:
    row = tag("span", f"{item.row} ", class_="row") if item.row and not decline else Html()
    note = tag("span", f" ({item.note})", class_="note") if item.note else Html()
    parts = [tag("p", row, item.ask, note, class_="ask")]
    if item.help:
        parts.append(tag("p", item.help, class_="help"))
    given = (*item.answers, item.decline) if decline and item.decline else item.answers
    answers = [tag("li", _tick(answer)) for answer in given]
    if item.blank is not None:
        answers.insert(0, tag("li", tag("span", class_="line"), f" {item.blank}".rstrip()))
    return [*parts, tag("ul", *answers, class_="answers")]


def _tick(text: str) -> Html:
    return Html(tag("span", class_="tick", aria_hidden="true") + escape(text, quote=False))


def _box(heading: str, help_line: str) -> Html:
    return tag("section", tag("h2", heading), tag("p", help_line, class_="help"), class_="box")


def _foot(form: Form) -> Html:
    return tag("footer", *(tag("p", line) for line in form.foot))


def _cut() -> Html:
    return tag("div", class_="cut", aria_hidden="true")


# Dark ink on white throughout (contrast above 7 to 1); one blue; nothing is said by colour alone. On paper
# the boxes to write in take what the questions leave: another font does not push the form onto a second page.
_CSS = """
*{box-sizing:border-box;margin:0;padding:0}
body{font:100%/1.35 Arial,Helvetica,"Liberation Sans",sans-serif;color:#1a1a1a;background:#fff;
max-width:64rem;margin:1rem auto;padding:0 1rem}
h1{font-size:1.5em;color:#003a70;line-height:1.15}
h2{font-size:1em;color:#003a70}
.lead{margin-top:.2em}
.entries{display:flex;flex-wrap:wrap;gap:.4em 1.5em;margin:.6em 0}
.entry{display:flex;flex:1 1 10em;align-items:flex-end;white-space:nowrap}
.entry .line{flex:1;margin-left:.4em}
.line{display:inline-block;min-width:9em;height:1.2em;border-bottom:1px solid #1a1a1a}
.beside{border:1px solid #003a70;padding:.3em .6em;margin-bottom:.6em}
.beside .item{display:flex;flex-wrap:wrap;gap:0 1.2em;padding:.1em 0}
.beside .help{order:1}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid #767676;padding:.16em .4em;text-align:left;vertical-align:top}
thead th{background:#e8f0f8;color:#003a70}
tbody th{font-weight:normal;overflow-wrap:break-word}
thead th:nth-child(1){width:10%}
thead th:nth-child(3){width:6%}
thead th:nth-child(4){width:39%}
.decline{text-align:center;vertical-align:middle}
.short .ask,.short .answers{display:inline-block;margin-right:1em}
.stars{display:block;color:#003a70;letter-spacing:.05em}
.ask{font-weight:bold}
.row,.note{font-weight:normal;color:#444}
.help{color:#444;font-size:.92em}
.answers{list-style:none;display:flex;flex-wrap:wrap;gap:.05em 1.1em}
.answers li{padding-left:1.2em;text-indent:-1.2em}
.tick{display:inline-block;width:.85em;height:.85em;border:1px solid #1a1a1a;
margin-right:.35em;vertical-align:-.08em}
.answers .line{margin-left:1.2em}
.boxes{display:grid;grid-template-columns:1fr 1fr;gap:.6em;margin-top:.6em;min-height:8em}
.box{border:1px solid #003a70;padding:.3em .5em}
.questions{columns:2;column-gap:1.8em;margin:.2em 0}
.questions .item{break-inside:avoid;padding-bottom:.7em}
.talk{font-weight:bold;margin:.3em 0}
footer{color:#444;font-size:.88em;margin-top:.6em}
.copy,.cut{display:none}
@page{size:A4 portrait;margin:7mm 9mm}
@media(max-width:40rem){.questions{columns:1}}
@media print{
.questions{columns:2}
body{font-size:7.5pt;line-height:1.16;max-width:none;margin:0;padding:0}
table{table-layout:fixed}
body.event{font-size:9.2pt;line-height:1.25}
td:last-child{font-size:.94em}
thead th{print-color-adjust:exact;-webkit-print-color-adjust:exact}
tr{break-inside:avoid}
.full main{display:flex;flex-direction:column;min-height:281mm}
.full .boxes{flex:1 1 auto;min-height:12mm}
.full .entries,.full footer,.full .beside{margin:.4em 0}
.event main,.copy{display:flex;flex-direction:column;min-height:136mm}
.questions{flex:1 1 auto}
.cut{display:block;height:5mm;margin-bottom:5mm;border-bottom:1px dashed #767676}
}
"""
