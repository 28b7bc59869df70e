"""Which tables tell how the service does? Small counts are hidden, with others from which they could be worked out.

Nought is shown: that nobody was decided on in a week says nothing of anybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from triage.casework.figures_facts import Facts, Period, week_of
from triage.casework.suppression import TOTAL, hidden, hidden_parts
from triage.records.database import Row

#: Counts below it are hidden.
LEAST = 5
ALL = "All"
_NO_BAND = "No band"
#: What is no answer to a proposal: the caller leaves it out.
_BUT = "; those by the places of an event are left out"
#: What a line says beside its counts; None where they are hidden.
Texts = tuple[str | None, ...]
Counts = tuple[int | None, ...]


@dataclass(frozen=True)
class Line:
    """One row of a table: its counts, and texts that follow from them. None stands for what is not told."""

    label: str
    counts: Counts
    texts: Texts = ()


@dataclass(frozen=True)
class Table:
    """One table of figures.

    Attributes:
        id: its name for programs.
        title: its heading.
        about: what is counted.
        heading: what its rows are.
        columns: the headings of the counts.
        lines: the rows.
        texts: the headings of what follows from the counts.
        summed: True where the last row is the sum of the others.
    """

    id: str
    title: str
    about: str
    heading: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    texts: tuple[str, ...] = ()
    summed: bool = False

    @property
    def shows(self) -> bool:
        """False where nothing of it may be told."""
        return any(count is not None for line in self.lines for count in line.counts)


def by_week(name: str, title: str, about: str, rows: Sequence[Row], bands: Mapping[str, str], period: Period) -> Table:
    """People by band and week."""
    known = [*bands, *sorted({row["band"] for row in rows if row["band"]} - set(bands))]
    columns = {band: bands.get(band, band) for band in known}
    if any(row["band"] is None for row in rows):
        columns[""] = _NO_BAND
    counts = {week.isoformat(): dict.fromkeys(columns, 0) for week in period.mondays}
    for row in rows:
        counts[week_of(row["at"]).isoformat()][row["band"] or ""] += 1
    lines = _lines(counts, list(columns), lambda week: _week(date.fromisoformat(week)) if week else ALL)
    return Table(name, title, about, "Week from", (*columns.values(), ALL), lines, summed=True)


def direction(row: Row, order: Sequence[str]) -> str | None:
    """Whether a decision gave the "same" support as proposed, "more" or "less"; None where that cannot be said."""
    proposed, band = row["proposed_band"], row["band"]
    if proposed not in order or band not in order:
        return None
    step = order.index(band) - order.index(proposed)
    return "more" if step > 0 else "less" if step < 0 else "same"


def directions(rows: Sequence[Row], key: str, order: Sequence[str], of: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many decisions went which way, of those named in `of`, by a column of their rows."""
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        way = direction(row, order)
        if way is not None and way in of:
            counts.setdefault(row[key], dict.fromkeys(of, 0))[way] += 1
    return counts


def changes_by_office(counts: Mapping[str, Mapping[str, int]], names: Mapping[str, str]) -> Table:
    """Which share of the proposals was changed, each way, in each office."""
    ordered = {office: counts[office] for office in sorted(counts, key=lambda office: names.get(office, office))}
    ways = ("same", "more", "less")
    lines = _lines(ordered, ways, lambda office: names.get(office, office) if office else ALL, _shares)
    about = f"Decisions by which a person answered a proposal{_BUT}"
    columns = ("Confirmed", "More support", "Less support", ALL)
    texts = ("More support, share", "Less support, share")
    return Table(
        "changes_by_office", "Changed proposals by office", about, "Office", columns, lines, texts, summed=True
    )


def changes_by_reason(
    counts: Mapping[str, Mapping[str, int]], names: Mapping[str, str], offices: Table | None = None
) -> Table:
    """For which reasons proposals were changed.

    Args:
        counts: changes each way, by reason.
        names: what each reason says.
        offices: the table of the same changes by office, where it is told as well. A total that one hides and the other
            tells would give away what was hidden beside it.
    """
    known = _told_changes(offices)
    ordered = {name: counts[name] for name in [*names, *sorted(set(counts) - set(names))] if name in counts}
    lines = _lines(
        ordered, ("more", "less"), lambda reason: names.get(reason, reason) if reason else ALL, columns_known=known
    )
    if offices is not None and lines and lines[-1].counts[:2] != offices.lines[-1].counts[1:3]:
        lines = tuple(replace(line, counts=(None,) * len(line.counts)) for line in lines)
    about = f"Decisions by which a person changed a proposal{_BUT}"
    columns = ("More support", "Less support", ALL)
    return Table("changes_by_reason", "Changed proposals by reason", about, "Reason", columns, lines, summed=True)


def _told_changes(offices: Table | None) -> bool:
    """True where the table of offices tells how many changes there were each way, and neither is small."""
    told = () if offices is None or not offices.lines else offices.lines[-1].counts[1:3]
    return bool(told) and all(count is not None and count >= LEAST for count in told)


def views(rows: Sequence[Row], order: Sequence[str]) -> Table:
    """Whether what advisers had in mind before they saw the score was what was proposed, and what was decided."""
    lines = []
    for key, label in (("proposed", "What was proposed"), ("decided", "What was decided")):
        ways = Counter(
            direction({"proposed_band": row["band"], "band": row[key]}, order) for row in rows if row[key] is not None
        )
        parts = {way: ways[way] for way in ("same", "more", "less")}
        lines.append(Line(label, _parts(parts)))
    about = "Of bands that advisers had in mind before the score was shown"
    columns = ("The same", "More support than they had in mind", "Less support than they had in mind", ALL)
    return Table("views", "Your view first", about, "Compared with", columns, tuple(lines))


def completion(started: Sequence[Row]) -> Table:
    """How far the assessments came that were started."""
    stages = {
        "open": "Being asked", "scored": "Waits for a decision", "decided": "Decided",
        "objected": "Objected to being scored", "closed": "Closed",
    }  # fmt: skip
    states = Counter(row["state"] for row in started)
    *parts, whole = _parts({state: states[state] for state in stages})
    lines = [Line("Started", (whole,))]
    lines += [Line(label, (count,)) for label, count in zip(stages.values(), parts, strict=True)]
    lines.append(Line("Scored at any time", (_some(started, lambda row: row["scored_at"] is not None),)))
    lines.append(Line("Stopped before all was asked", (_some(started, lambda row: bool(row["stopped"])),)))
    about = "Assessments that were started in this time, as they stand today"
    return Table("completion", "How far assessments came", about, "Stage", ("Clients",), tuple(lines))


def times(facts: Facts) -> Table:
    """How long an interview and a look at the result take."""
    rows = (
        ("Start of the interview to the score", facts.minutes_to_score, facts.broken),
        ("First look at the result to the decision", facts.minutes_on_page, 0),
    )
    lines = []
    for label, minutes, left_out in rows:
        middle = f"{median(minutes):.1f}" if len(minutes) >= LEAST else None
        lines.append(Line(label, (_count(len(minutes)), _count(left_out)), (middle,)))
    about = "Interviews with a pause of more than 30 minutes are left out of the median"
    columns = ("Counted", "Left out")
    return Table("times", "Time taken", about, "From and to", columns, tuple(lines), ("Median, minutes",))


def waiting(facts: Facts, today: date) -> Table:
    """What waits for somebody, and what came of reviews."""
    late = [row for row in facts.actions if row["due"] < today.isoformat()]
    asked = [row for row in facts.reviews if row["state"] == "open"]
    late_reviews = [row for row in asked if row["due"] < today.isoformat()]
    changed = [row for row in facts.reviews if row["result"] == "changed"]
    upheld = [row for row in facts.reviews if row["result"] == "upheld"]
    rows = (
        ("Agreed actions that wait", facts.actions), ("Agreed actions overdue", late), ("Reviews that wait", asked),
        ("Reviews overdue", late_reviews), ("Reviews that changed the decision", changed),
        ("Reviews that upheld the decision", upheld),
    )  # fmt: skip
    lines = tuple(Line(label, (_count(len(found)),)) for label, found in rows)
    about = "Waiting today; reviews closed in this time"
    return Table("waiting", "What waits", about, "What", ("Number",), lines)


def _lines(
    counts: Mapping[str, Mapping[str, int]],
    columns: Sequence[str],
    name: Callable[[str], str],
    tell: Callable[[Counts], Texts] = lambda _: (),
    *,
    columns_known: bool = False,
) -> tuple[Line, ...]:
    """The lines of counts that add up, their sums last, with what must not be told hidden."""
    wholes = {column: sum(row[column] for row in counts.values()) for column in columns}
    enough = sum(wholes.values()) >= LEAST
    gaps = hidden(counts, LEAST, columns_known=columns_known, noughts=False) if enough else None
    lines = []
    for label, row in [*counts.items(), (TOTAL, wholes)]:
        cells = [*((column, row[column]) for column in columns), (TOTAL, sum(row.values()))]
        told = tuple(None if gaps is None or (label, column) in gaps else count for column, count in cells)
        lines.append(Line(name(label), told, tell(told)))
    return tuple(lines)


def _parts(parts: Mapping[str, int]) -> Counts:
    """Parts of a whole, and the whole, with what must not be told hidden."""
    whole = sum(parts.values())
    gaps = hidden_parts(parts, LEAST, noughts=False) if whole >= LEAST else frozenset(parts)
    return (*(None if name in gaps else count for name, count in parts.items()), whole if whole >= LEAST else None)


def _count(count: int) -> int | None:
    """A count that stands alone; None where it is small."""
    return None if 0 < count < LEAST else count


def _some(rows: Sequence[Row], holds: Callable[[Row], bool]) -> int | None:
    """How many rows something holds for; None where these are few, or the others are."""
    count = sum(map(holds, rows))
    others = len(rows) - count
    return None if 0 < count < LEAST or 0 < others < LEAST or not rows else count


def _shares(counts: Counts) -> Texts:
    """Which share went up, and which down."""
    _, more, less, whole = counts
    return tuple(None if part is None or not whole else f"{100 * part / whole:.0f}%" for part in (more, less))


def _week(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
