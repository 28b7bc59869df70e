"""How is the whole model laid out so that it fits one page and can be checked by hand?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape

from triage.bundle.points import PointsRow
from triage.engine import Engine
from triage.engine.words import in_100
from triage.numbers import logistic

#: Longer tables, such as one row for each tenth of a percent, are shown at a few places.
_LONGEST, _PLACES = 12, 7
_TEXT_WIDTH = 96


@dataclass(frozen=True)
class Line:
    """One line of the page: an answer, its points in log-odds, and the odds ratio that they stand for."""

    answer: str
    points: float
    odds_ratio: float


def blocks(engine: Engine) -> list[tuple[str, list[Line]]]:
    """For each input: its question's label and its lines."""
    found = []
    for item in engine.features.inputs:
        rows = _joined([row for row in engine.bundle.points if row.input == item.id], bool(item.codes))
        label = item.question.label
        if len(engine.features.inputs_of[item.question.id]) > 1:
            label = f"{label} ({item.id})"
        if len(rows) > _LONGEST:
            label = f"{label}, {_PLACES} of its {len(rows)} steps"
        found.append((label, [_line(engine, row) for row in _some(rows)]))
    return found


def _joined(rows: Sequence[PointsRow], choice: bool) -> list[PointsRow]:
    """Numbers that count the same as one row: in a learned table neighbours may differ in their range alone."""
    found: list[PointsRow] = []
    for row in rows:
        if found and not choice and found[-1].points == row.points:
            found[-1] = replace(found[-1], stop=row.stop)
        else:
            found.append(row)
    return found


def _some(rows: Sequence[PointsRow]) -> Iterable[PointsRow]:
    if len(rows) <= _LONGEST:
        return rows
    places = {round(k * (len(rows) - 1) / (_PLACES - 1)) for k in range(_PLACES)}
    return [rows[place] for place in sorted(places)]


def _line(engine: Engine, row: PointsRow) -> Line:
    question = engine.checklist.question(row.question)
    item = next(item for item in engine.features.inputs if item.id == row.input)
    if item.codes:
        answer = " or ".join(question.by_id[name].spoken for name in row.answers.split(";"))
    elif row.start == row.stop:
        answer = f"{row.start:g} {item.grid.unit}"
    elif row.start == item.grid.values[0]:
        answer = f"up to {row.stop:g} {item.grid.unit}"
    elif row.stop == item.grid.values[-1]:
        answer = f"{row.start:g} {item.grid.unit} and above"
    else:
        answer = f"{row.start:g} to {row.stop:g} {item.grid.unit}"
    return Line(answer, row.points, row.odds_ratio)


def lead(engine: Engine) -> list[str]:
    """The sentences over the table."""
    manifest = engine.bundle.manifest
    base = manifest.baseline
    return [
        f"Start at {base:+.3f} ({in_100(logistic(base))} in 100). Add the points of each answer. No answer: 0.",
        "The sum is the log-odds of the outcome; the table under the points turns it into people out of 100.",
        engine.words.source()[-1],
    ]


def scale() -> list[tuple[str, int]]:
    """Sums of points, and the people out of 100 that they stand for."""
    return [(f"{value:+.1f}", in_100(logistic(value))) for value in (-3.5, -3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0)]


def points_text(engine: Engine) -> str:
    """The page as text."""
    manifest = engine.bundle.manifest
    lines = [f"{manifest.id}: of 100 people, how many are {manifest.label.outcome} {manifest.label.horizon}", ""]
    lines += [*lead(engine), ""]
    for label, rows in blocks(engine):
        lines.append(label)
        lines += [_text_line(row) for row in rows]
    lines += ["", "Sum       " + "".join(f"{text:>8}" for text, _ in scale())]
    lines.append("In 100    " + "".join(f"{people:>8}" for _, people in scale()))
    return "\n".join(lines) + "\n"


def _text_line(row: Line) -> str:
    figures = f"{row.points:+.3f}  x{row.odds_ratio:.2f}"
    answer = row.answer if len(row.answer) < _TEXT_WIDTH - 22 else row.answer[: _TEXT_WIDTH - 25] + "..."
    return f"  {answer:{_TEXT_WIDTH - 20}}{figures:>18}"


_STYLE = """
@page { size: A4; margin: 12mm }
body { font: 8.5pt/1.25 sans-serif; color: #1a1a1a; margin: 1.5em auto; max-width: 62em; padding: 0 1em }
h1 { font-size: 1.6em; margin: 0 0 .4em } h2 { font-size: 1em; margin: 0 0 .1em }
.blocks { columns: 2; column-gap: 2em; margin-bottom: 1em } .block { break-inside: avoid; margin: 0 0 .7em }
table { border-collapse: collapse; width: 100% } caption { text-align: left; font-weight: bold }
td, th { border-bottom: 1px solid #767676; padding: .1em .3em; text-align: left; font-weight: normal }
td.n { width: 4.5em; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 7.5pt } }
@media (max-width: 40em) { .blocks { columns: 1 } }
""".strip()


def points_page(engine: Engine) -> str:
    """The page as self-contained HTML that prints on one A4 sheet."""
    manifest = engine.bundle.manifest
    title = f"{manifest.id}: of 100 people, how many are {manifest.label.outcome} {manifest.label.horizon}"
    body = [f"<h1>{escape(title)}</h1>", *(f"<p>{escape(sentence)}</p>" for sentence in lead(engine))]
    body.append('<div class="blocks">')
    body += [_html_block(label, rows) for label, rows in blocks(engine)]
    body += ["</div>", _html_scale()]
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def _html_block(label: str, rows: Iterable[Line]) -> str:
    cells = "".join(
        f'<tr><th scope="row">{escape(row.answer)}</th><td class="n">{row.points:+.3f}</td>'
        f'<td class="n">&times; {row.odds_ratio:.2f}</td></tr>'
        for row in rows
    )
    return f'<div class="block"><table><caption>{escape(label)}</caption>{cells}</table></div>'


def _html_scale() -> str:
    sums = "".join(f'<td class="n">{text}</td>' for text, _ in scale())
    people = "".join(f'<td class="n">{count}</td>' for _, count in scale())
    return (
        f'<table><caption>From points to people</caption><tr><th scope="row">Sum of points</th>{sums}</tr>'
        f'<tr><th scope="row">People out of 100</th>{people}</tr></table>'
    )
