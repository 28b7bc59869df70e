"""How does a client read what is held about them? One page that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from triage.checklist import Checklist
from triage.checklist.schema import Question

_STYLE = """
body { font: 11pt/1.4 sans-serif; color: #1a1a1a; margin: 1.5em auto; max-width: 50em; padding: 0 1em }
h1 { font-size: 1.6em } h2 { font-size: 1.2em; margin: 1.6em 0 .3em }
table { border-collapse: collapse; width: 100%; margin: 0 0 1em } caption { text-align: left }
td, th { border-bottom: 1px solid #767676; padding: .2em .4em; text-align: left; vertical-align: top }
th { width: 14em; font-weight: normal } td { overflow-wrap: anywhere }
@media print { table { break-inside: avoid } }
""".strip()
#: Random ids say nothing to anybody.
_IDS = frozenset(
    {"id", "assessment", "score", "decision", "action", "list", "event", "api_key", "first", "second", "withdraws"}
)


def subject_page(data: Mapping[str, Any], checklist: Checklist) -> str:
    """The page of `triage.records.subject.subject_access`, in the words of the checklist."""
    title = f"What is held about you: {data['reference']}"
    body = [f"<h1>{escape(title)}</h1>"]
    body.append(f"<p>Written on {escape(data['made_at'][:10])}. Staff are named by their role. Times are in UTC.</p>")
    for part in data["records"]:
        body.append(f"<h2>{escape(part['title'])}</h2>")
        body += [_table(_said(part["table"], row, checklist)) for row in part["rows"]]
    body.append("<h2>Who did something, and when</h2>")
    rows = [(_time(event["at"]), f"{event['what']}, by {event['who']}") for event in data["events"]]
    body.append(_table(rows))
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def _said(table: str, row: Mapping[str, Any], checklist: Checklist) -> list[tuple[str, str]]:
    """One row as names and values that a person can read."""
    question = checklist.by_id.get(str(row.get("question"))) if table == "answers" else None
    found = []
    for name, value in row.items():
        if name in _IDS:
            continue
        if question is not None and name == "question":
            value = question.label
        elif question is not None and name == "value":
            value = _answer(value, question)
        found += _plain(name.replace("_", " "), value)
    return found


def _answer(value: Any, question: Question) -> Any:
    option = question.by_id.get(str(value)) if question.options else None
    if option is not None:
        return option.spoken
    return f"{value} {question.number.unit}" if question.number is not None else value


def _plain(name: str, value: Any) -> list[tuple[str, str]]:
    """A value, or each value of data, with a name that says where it stands."""
    if isinstance(value, Mapping):
        inner = [_plain(f"{name}: {key}".replace("_", " "), item) for key, item in value.items() if key not in _IDS]
        return [pair for pairs in inner for pair in pairs]
    if isinstance(value, bool):
        return [(name, "yes" if value else "no")]
    if isinstance(value, Sequence) and not isinstance(value, str):
        if any(isinstance(item, Mapping | list) for item in value):
            inner = [_plain(f"{name} {place}", item) for place, item in enumerate(value, start=1)]
            return [pair for pairs in inner for pair in pairs]
        return [(name, ", ".join(map(str, value)))] if value else []
    if value is None or value == "":
        return []
    text = str(value)
    return [(name, _time(text) if name.endswith("at") else text)]


def _time(text: str) -> str:
    """A time to the minute; other text as it is."""
    return text[:16].replace("T", " ") if text[4:5] == "-" and text[10:11] == "T" else text


def _table(rows: Sequence[tuple[str, str]]) -> str:
    cells = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in rows)
    return f"<table>{cells}</table>"
