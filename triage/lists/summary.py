"""What happened to the list, in counts and names of columns and never in anybody's data?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from triage.cutoffs import Proposal
from triage.engine import STATUSES, Engine
from triage.lists.answers import label_of, target_of
from triage.lists.facts import Facts
from triage.lists.kinds import ABOVE, CLIENT, EMPTY, HEADING, NO_HEADINGS, SECTION, STAFF, TOTAL
from triage.lists.lines import LineMaker, Lines, Options
from triage.lists.names import answer_fields
from triage.lists.plan import Plan
from triage.lists.safety import cleaned
from triage.lists.tidy import Rows
from triage.lists.vocabulary import Vocabulary

NOT_CLIENTS = {
    STAFF: "staff or partners",
    TOTAL: "totals",
    SECTION: "headings of sections",
    HEADING: "repeated headings",
    ABOVE: "above the headings",
}
_WHY = {
    "not_enough_answers": "not enough answers, so speak to them first",
    "has_job": "already has a job to go to",
    "redeployed": "moved to another job by the employer",
    "objected": "objected to being scored",
}


@dataclass
class Summary:
    """Counts over the whole list."""

    rows: int = 0
    kinds: Counter[int] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    bands: Counter[int] = field(default_factory=Counter)
    crossing: int = 0
    claimed: int = 0
    decided: Counter[str] = field(default_factory=Counter)
    not_applied: int = 0
    may_have_job: int = 0
    struck: int = 0
    same: int = 0
    coloured: int = 0
    hidden_rows: int = 0
    filled: int = 0
    moved: int = 0
    unread: Counter[str] = field(default_factory=Counter)
    insured: Counter[str] = field(default_factory=Counter)

    def add(self, rows: Rows, lines: Lines) -> None:
        """Counts one chunk."""
        self.rows += len(rows)
        for kind, count in _counts(lines.kinds):
            self.kinds[kind] += count
        for code, count in _counts(lines.columns.status_code):
            self.statuses[STATUSES[code]] += count
        for place, count in _counts(lines.proposed.place):
            self.bands[place] += count
        self.crossing += int(lines.proposed.crosses.sum())
        self.claimed += sum(claim.band is not None for claim in lines.claims.values())
        self.not_applied += sum(claim.band is None for claim in lines.claims.values())
        self.decided.update(decision.state for decision in lines.settled.values())
        job, struck, same = (int(flag.sum()) for flag in lines.flags)
        self.may_have_job, self.struck, self.same = self.may_have_job + job, self.struck + struck, self.same + same
        self.coloured += rows.coloured
        self.hidden_rows += rows.hidden
        self.filled += rows.filled
        self.moved += lines.moved
        self.unread.update(lines.unread)
        self.insured.update(lines.insured)

    @property
    def clients(self) -> int:
        """How many rows are clients."""
        return self.kinds[CLIENT]

    @property
    def scored(self) -> int:
        """How many clients have a proposed band."""
        return self.statuses["proposed"]

    @property
    def unscored(self) -> int:
        """How many clients, and rows that could not be read, have none."""
        return self.clients - self.scored + self.kinds[NO_HEADINGS]


@dataclass(frozen=True)
class Report:
    """A summary with what is needed to say it."""

    summary: Summary
    engine: Engine
    plan: Plan
    facts: Facts
    vocabulary: Vocabulary
    options: Options
    proposal: Proposal | None

    def lines(self) -> list[str]:
        """The summary for the terminal."""
        return [*self.counts(), "", *self.bands(), "", *self.used(), *self.remarks()]

    def counts(self) -> list[str]:
        """Rows, people scored, and why others are not."""
        found = self.summary
        rows = f"{found.rows:,} rows: {found.clients:,} clients, of whom {found.scored:,} scored"
        said = [rows]
        said += [f"  {found.statuses[name]:>7,}  {why}" for name, why in _WHY.items() if found.statuses[name]]
        others = [f"{found.kinds[kind]:,} {name}" for kind, name in NOT_CLIENTS.items() if found.kinds[kind]]
        if others:
            said.append(f"  Not clients: {', '.join(others)}")
        if found.kinds[EMPTY]:
            said.append(f"  Empty rows: {found.kinds[EMPTY]:,}")
        if found.kinds[NO_HEADINGS]:
            said.append(f"  Not read, no headings on the sheet: {found.kinds[NO_HEADINGS]:,}")
        return said

    def bands(self) -> list[str]:
        """People for each band, and where the band is not certain."""
        found = self.summary
        said = ["Proposed bands (a caseworker decides)"]
        for place, band in reversed(list(enumerate(self.engine.cutoffs.bands))):
            said.append(f"  {found.bands[place]:>7,}  {band.name}")
        if found.crossing:
            said.append(f"  For {found.crossing:,} the range reaches across a cut-off.")
        said += [f"  {text}" for text in self.edges()]
        if found.claimed or found.not_applied:
            said.append(f"  Overrides: {found.claimed:,} claimed, {found.not_applied:,} not applied.")
        if found.decided:
            confirmed, changed = found.decided["confirmed"], found.decided["overridden"]
            said.append(f"  Decided by a named person: {confirmed:,} confirmed, {changed:,} changed.")
        return said

    def edges(self) -> list[str]:
        """Which bands the places of this list decided, and tied groups at their edges."""
        if self.proposal is None:
            return []
        words = self.engine.words.wording.band.at_the_edge
        names = {band.id: band.name for band in self.engine.cutoffs.bands}
        shared = [(band.name, band.rule.capacity) for band in self.engine.cutoffs.bands if band.rule is not None]
        said = [
            f"{name}: {_people(places, 'place')} on this list decided who is proposed, and not a fixed cut-off."
            for name, places in reversed(shared)
            if places is not None
        ]
        for edge in self.proposal.edges:
            text = words.format(tied=edge.tied, places=edge.places_left)
            said.append(f"{names[edge.band]}: {text.replace(' 1 places are ', ' 1 place is ')}")
        return said

    def used(self) -> list[str]:
        """Which column was read for which question."""
        said = ["Columns read"]
        for table in self.plan.tables:
            if table.headings is None:
                continue
            if table.own:
                return [*said, "  an output of this program: rows without a changed answer stay as they are in it"]
            for place, (name, role) in enumerate(zip(table.headings.names, table.roles, strict=True)):
                target = target_of(role, self.vocabulary)
                if target and table.visible(place):
                    line = f"  {cleaned(name)} -> {label_of(self.vocabulary, target)}"
                    if line not in said:
                        said.append(line)
        return said if len(said) > 1 else ["No column answers a question of the checklist."]

    def remarks(self) -> list[str]:
        """What was left out, not understood, or found strange."""
        said = (*self._left_out(), *self._not_understood(), *self._strange(), *self._notes())
        return [cleaned(text) for text in said]

    def _left_out(self) -> Iterator[str]:
        left = [item for item in self.plan.left if item.why != "not used"]
        for why, group in groupby(sorted(left, key=lambda item: item.why), key=lambda item: item.why):
            names = _listed([item.heading or item.table for item in group])
            yield f"Left out ({why}): {names}"
        unused = [item.heading for item in self.plan.left if item.why == "not used"]
        if unused:
            yield f"Not used: {_listed(unused)}"
        for name, count in self.summary.insured.items():
            yield f"Left out of '{name}': {_people(count, 'National Insurance number')}"

    def _not_understood(self) -> Iterator[str]:
        allowed = answer_fields(self.engine.checklist, self.options.sensitive)
        apart = 0
        for name, count in self.summary.unread.items():
            if name not in allowed:
                apart += count
            elif count:
                label = label_of(self.vocabulary, name)
                yield f"{label}: {_people(count, 'answer')} not certain, so not used: see problem"
        if apart:
            said = _people(apart, "answer")
            yield f"Questions that are kept apart: {said} not certain, so not used (--include-sensitive)"
        yield from month_first(self.plan, self.facts)

    def _strange(self) -> Iterator[str]:
        found = self.summary
        if found.moved:
            clients = _people(found.moved, "client")
            yield (
                f"{clients} with another figure than in the file that came back: the model, the date or an answer is"
                " another, or the file was written without the answers that are kept apart."
            )
        if found.same:
            yield f"{_people(found.same, 'row')} may be the same person as another row: see problem. All were scored."
        if found.may_have_job:
            yield f"{_people(found.may_have_job, 'row')} may mean that somebody already has a job: ask."
        if found.struck:
            yield f"{_people(found.struck, 'client')} struck through on the list: ask."
        if found.coloured:
            colours = _people(found.coloured, "row")
            yield f"{colours} with a colour. Colours are not read: write in a column what they mean."
        if found.hidden_rows:
            yield f"{_people(found.hidden_rows, 'hidden row')} came out like the others."
        if found.filled:
            yield f"{_people(found.filled, 'ditto mark')} filled from the row above."
        yield from lost_zeros(self.facts)

    def _notes(self) -> Sequence[str]:
        return self.plan.source.notes


def month_first(plan: Plan, facts: Facts) -> Iterator[str]:
    """Columns whose dates are not all day first."""
    for table, columns in zip(plan.tables, facts.month_first, strict=True):
        for place in sorted(columns):
            heading = table.headings.names[place] if table.headings else ""
            yield f"'{heading}' has dates that are not day first, so none of its slash dates was used."


def lost_zeros(facts: Facts) -> Iterator[str]:
    """Columns whose numbers a spreadsheet may have shortened."""
    for name, count in facts.lost_zeros.items():
        yield f"'{name}': {_people(count, 'number')} may have lost leading zeros; kept as they are."


def report_of(maker: LineMaker) -> Report:
    """A report that has counted nothing yet."""
    return Report(Summary(), maker.engine, maker.plan, maker.facts, maker.vocabulary, maker.options, maker.proposal)


def _counts(values: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> list[tuple[int, int]]:
    found, counts = np.unique(values, return_counts=True)
    return [(int(item), int(count)) for item, count in zip(found, counts, strict=True)]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _people(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
