"""How do the lines of a chunk become rows with everything that a page needs?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from triage.engine import STATUSES, Score
from triage.lists.cells import Value
from triage.lists.desk.mending import Mending
from triage.lists.desk.private import PrivateColumns, cells_of, clean
from triage.lists.desk.row import FLAG_WORDS, AtTheEdge, Claimed, Private, Problem, Row, Said, SamePerson, Status
from triage.lists.facts import partners_of
from triage.lists.kinds import EMPTY, NO_HEADINGS
from triage.lists.lines import LineMaker, Lines
from triage.lists.names import OVERRIDES, SHEET, SHOWN
from triage.lists.overrides import PREFIX
from triage.lists.own import SEPARATOR
from triage.lists.people import People
from triage.lists.scoring import WITHOUT_FIGURES
from triage.lists.speak_first import SpeakFirst, groups

_FIGURES = ("logit", "probability", "lower", "upper")
_FLAGS = {words: name for name, words in FLAG_WORDS.items()}
_STATUSES: dict[str, Status] = {
    "proposed": "scored",
    "not_enough_answers": "not_enough_answers",
    "has_job": "has_job",
    "redeployed": "redeployed",
    "objected": "objected",
}
#: A figure that came back may have another last digit.
_TINY = 1e-6


class RowMaker:
    """Makes the rows of one list, chunk by chunk."""

    def __init__(self, maker: LineMaker) -> None:
        tables = range(len(maker.plan.tables))
        self.maker = maker
        self.private = [PrivateColumns(maker, number) for number in tables]
        self.mending = [Mending(maker, number) for number in tables]
        self.speak = SpeakFirst(maker.engine, (), True)
        edges = maker.proposal.edges if maker.proposal is not None else ()
        self.edges = {edge.logit: AtTheEdge(edge.band, edge.tied, edge.places_left) for edge in edges}
        self.points = maker.proposal.points if maker.proposal is not None else maker.engine.points

    def rows(self, people: People, lines: Lines) -> Iterator[Row]:
        """The rows of one chunk."""
        chunk = _Chunk(self, people, lines)
        return (chunk.row(at) for at in range(len(people.rows)))


class _Chunk:
    """One chunk, looked at row by row."""

    def __init__(self, rows: RowMaker, people: People, lines: Lines) -> None:
        self.rows, self.people, self.lines = rows, people, lines
        self.cells = cells_of(people)
        self.frame: dict[str, list[Any]] = lines.frame.to_dict(as_series=False)
        self.clients = {int(at): place for place, at in enumerate(people.clients)}
        self.groups = groups(lines)
        self.known = rows.mending[people.number].of_answers(people)
        self.partners: Mapping[int, tuple[int, str, int, str]] = {}
        if people.own is None:
            self.partners = partners_of(rows.maker.facts, rows.maker.plan, people.start, len(people.rows))

    def row(self, at: int) -> Row:
        """The row at `at`."""
        client = self.clients.get(at)
        sheet = self.frame[SHEET][at] if SHEET in self.frame else ""
        mending = self.rows.mending[self.people.number]
        known = self.known.get(client, {}) if client is not None else {}
        problems = tuple(mending.problems(self.frame["problem"][at], known, self.cells, at))
        common: dict[str, Any] = {
            "place": self.people.start + at,
            "sheet": sheet or "",
            "row": self.frame["row"][at],
            "problems": problems,
            "private": self._private(at, problems),
            "corrected": tuple(item.question for item in problems if item.about == "corrected"),
            "claimed": self._claimed(at),
        }
        if client is None:
            return Row(status=self._other(at), **common)
        return Row(**common, **self._of_client(at, client))

    def _other(self, at: int) -> Status:
        kinds: dict[int, Status] = {EMPTY: "empty", NO_HEADINGS: "not_read"}
        return kinds.get(int(self.people.kinds[at]), "not_a_client")

    def _of_client(self, at: int, client: int) -> dict[str, Any]:
        """What only people have."""
        columns = self.lines.columns
        code = int(columns.status_code[client])
        given = self._given(client)
        score = self._score(client, code, given)
        band = self.frame["proposed_band"][at]
        figures = {name: self.frame[name][at] for name in _FIGURES}
        unanswered = self.frame["unanswered"][at]
        group = int(self.groups[client])
        questions = self.rows.maker.engine.checklist.by_id
        return {
            "status": _STATUSES[STATUSES[code]],
            "flags": tuple(_FLAGS[words] for words in self.frame["status"][at].split(SEPARATOR)[1:]),
            "answers": {name: value for name, value in given.items() if name in questions},
            "context": {name: _plain(value) for name, value in given.items() if name not in questions},
            "figures": figures if figures["logit"] is not None else None,
            "score": score.to_dict() if score is not None else None,
            "kept": bool(self.people.kept[client]),
            "band": band,
            "bands_possible": self._possible(client, band),
            "edge": self._edge(client),
            "reasons": self._said(at, "reason", score),
            "strengths": self._said(at, "strength", score),
            "unanswered": tuple(unanswered.split(", ")) if unanswered else (),
            "speak": group if group >= 0 else None,
            "ask": self.rows.speak.ask(self.lines, client) if group >= 0 else (),
            "same_person": SamePerson(*self.partners[at]) if at in self.partners else None,
        }

    def _given(self, client: int) -> dict[str, Value]:
        """The answers, in the order of the checklist, as the engine takes them."""
        checklist, spaces, places = (
            self.rows.maker.engine.checklist,
            self.rows.maker.spaces,
            self.people.given.places,
        )
        found = {
            name: spaces[name].values[int(places[name][client])]
            for name in (*checklist.by_id, *checklist.context_by_id)
            if name in places
        }
        return {name: value for name, value in found.items() if value is not None}

    def _score(self, client: int, code: int, given: Mapping[str, Value]) -> Score | None:
        if code in WITHOUT_FIGURES:
            return None
        score = self.rows.maker.engine.score(given, on=self.rows.maker.options.on)
        logit = float(self.lines.columns.logit[client])
        return score if not self.people.kept[client] or abs(score.logit - logit) < _TINY else None

    def _possible(self, client: int, band: str | None) -> tuple[str, ...]:
        if band is None:
            return ()
        if self.people.kept[client]:
            return (band,)
        columns = self.lines.columns
        raised = float(columns.band_logit[client] - columns.logit[client])
        low, high = float(columns.lower_logit[client]) + raised, float(columns.upper_logit[client]) + raised
        return self.rows.points.reached(low, high)

    def _edge(self, client: int) -> AtTheEdge | None:
        if not self.lines.proposed.edge[client]:
            return None
        return self.rows.edges.get(float(self.lines.columns.band_logit[client]))

    def _said(self, at: int, kind: str, score: Score | None) -> tuple[Said, ...]:
        known = {item.text: item.question for item in (*score.reasons, *score.strengths)} if score is not None else {}
        texts = [self.frame[f"{kind}_{place + 1}"][at] for place in range(SHOWN)]
        return tuple(Said(known.get(text, ""), text) for text in texts if text)

    def _claimed(self, at: int) -> Claimed | None:
        claim = self.lines.claims.get(at)
        if claim is None or self.people.own is None:
            return None
        ids = self.rows.maker.engine.points.ids
        band = ids[claim.band] if claim.band is not None else None
        by = clean(self.frame[OVERRIDES[2]][at])
        return Claimed(band, claim.reason, clean(claim.note), by, claim.problem.removeprefix(PREFIX))

    def _private(self, at: int, problems: tuple[Problem, ...]) -> Private:
        columns, mending = self.rows.private[self.people.number], self.rows.mending[self.people.number]
        asked = [item.question for item in problems if item.about in ("answer", "corrected")]
        names = dict.fromkeys(name for target in asked for name in mending.columns(target, self.cells, at))
        shown = {heading: clean(text) for heading, text in mending.shown(list(names), self.cells, at)}
        wants = columns.wants(self.cells, at) if at in self.clients else {}
        return Private(columns.identity(self.cells, at), wants, shown)


def _plain(value: Value) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
