"""What is known of one row of a scored list, as plain data, with what identifies somebody apart from the rest?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from triage.lists.results import CROSSES, EDGE, LESS_RELIABLE, MAY_HAVE_JOB, STRUCK

Status = Literal[
    "scored", "not_enough_answers", "has_job", "redeployed", "objected", "not_a_client", "empty", "not_read"
]
#: Statuses of people; the others are rows that are nobody's.
CLIENTS = ("scored", "not_enough_answers", "has_job", "redeployed", "objected")
About = Literal["row", "answer", "corrected", "check", "same_person", "override"]
#: What else there is to know of somebody, with the words that an output has for it.
FLAG_WORDS = {
    "crosses": CROSSES,
    "edge": EDGE,
    "less_reliable": LESS_RELIABLE,
    "may_have_job": MAY_HAVE_JOB,
    "struck": STRUCK,
}


@dataclass(frozen=True)
class Problem:
    """One thing to know or to mend about a row.

    Attributes:
        text: in words, as an output has it; it repeats nothing of anybody's own words.
        about: the row itself, an answer that can be corrected, one that was, something to check, another row that may
            be the same person, or an override that was claimed.
        question: the question or field, for an answer.
        columns: the headings of the columns that it is about; `Private.cells` has what stands there.
        suggestion: the id of the answer that may have been meant; "" for none.
    """

    text: str
    about: About
    question: str = ""
    columns: tuple[str, ...] = ()
    suggestion: str = ""


@dataclass(frozen=True)
class Said:
    """A reason or a strength in words, with its question; "" where an output that came back does not say which."""

    question: str
    text: str


@dataclass(frozen=True)
class Claimed:
    """A decision that the spreadsheet claims. It counts when the person it names accepts it.

    Attributes:
        band: the id of the band; None where it cannot be applied, and `problem` says why.
        reason: a reason code, or "confirmed" for the proposed band.
        note: what was written behind the reason.
        by: the person it names.
        problem: what is wrong or missing; "" for nothing.
    """

    band: str | None
    reason: str
    note: str
    by: str
    problem: str


@dataclass(frozen=True)
class SamePerson:
    """Another row of this list that may be the same person, and why."""

    place: int
    sheet: str
    row: int
    why: str


@dataclass(frozen=True)
class AtTheEdge:
    """A tied group that does not fit into the places left: the band, how many share the score, places left."""

    band: str
    tied: int
    places_left: int


@dataclass(frozen=True)
class Private:
    """What identifies somebody or may: to be kept apart from the row, and erased after its time.

    Attributes:
        identity: cells as the list has them, by kind of column ("surname", "mobile", a second one "mobile_2"); with
            "born", the birth date as 1975-04-03, where it is certain.
        wants: what somebody asked for, by heading.
        cells: what stands in the columns of problems and of corrected answers, by heading.
    """

    identity: Mapping[str, str] = field(default_factory=dict)
    wants: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One row of a list.

    Attributes:
        place: its place in the list, from 0; decisions and corrections are given by it.
        sheet, row: where a person finds it.
        status: `scored`, or why there is no band.
        flags: what else there is to know, of `FLAG_WORDS`.
        answers: as they were understood, by question: an option, an area's code, a number, "declined",
            "not_applicable".
        context: what was asked beside the questions; days as 2026-10-31, "yes" and "no".
        figures: log-odds, chance and range as an output has them; None where none are shown.
        score: `Score.to_dict()` of these answers; None where there are no figures, or where those of an output that
            came back rest on answers that are not in it.
        kept: True where figures and band stand as they came back.
        band: the band proposed for this list; with places on the list it may differ from that of `score`.
        bands_possible: every band that the range reaches.
        edge: the tied group at the edge of the places to which the person belongs.
        reasons, strengths: the strongest first, at most three each.
        unanswered: questions that were not asked.
        speak: the place of the reason in `WHY` to speak to this person first; None for no such reason.
        ask: what to ask first, for those people.
        problems: what there is to know or to mend.
        claimed: a decision that the list claims.
        same_person: another row that may be the same person.
        corrected: the questions whose answers were corrected by hand.
        private: what is kept apart; not in `to_dict`.
    """

    place: int
    sheet: str
    row: int
    status: Status
    flags: tuple[str, ...] = ()
    answers: Mapping[str, str | float] = field(default_factory=dict)
    context: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, float] | None = None
    score: Mapping[str, Any] | None = None
    kept: bool = False
    band: str | None = None
    bands_possible: tuple[str, ...] = ()
    edge: AtTheEdge | None = None
    reasons: tuple[Said, ...] = ()
    strengths: tuple[Said, ...] = ()
    unanswered: tuple[str, ...] = ()
    speak: int | None = None
    ask: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    claimed: Claimed | None = None
    same_person: SamePerson | None = None
    corrected: tuple[str, ...] = ()
    private: Private = Private()

    @property
    def client(self) -> bool:
        """True for a person, False for a heading, a total, somebody's staff or an empty row."""
        return self.status in CLIENTS

    @property
    def given(self) -> dict[str, str | float]:
        """Answers and what was asked beside them, as `Engine.score` takes them."""
        return {**self.answers, **self.context}

    @property
    def to_mend(self) -> tuple[Problem, ...]:
        """The problems that a corrected answer mends."""
        return tuple(problem for problem in self.problems if problem.about == "answer")

    def to_dict(self) -> dict[str, Any]:
        """The row as plain data for JSON, without what is kept apart."""
        # The score is plain data already, and the largest part by far: it is not copied.
        data = asdict(replace(self, score=None, private=Private())) | {"score": self.score}
        del data["private"]
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], private: Mapping[str, Mapping[str, str]] | None = None) -> Row:
        """The row that `to_dict` gave, with what was kept apart, where that is still there."""
        made = dict(data)
        for name, kind in (("edge", AtTheEdge), ("claimed", Claimed), ("same_person", SamePerson)):
            made[name] = kind(**made[name]) if made[name] is not None else None
        for name in ("reasons", "strengths"):
            made[name] = tuple(Said(**item) for item in made[name])
        made["problems"] = tuple(Problem(**item | {"columns": tuple(item["columns"])}) for item in made["problems"])
        for name in ("flags", "bands_possible", "unanswered", "ask", "corrected"):
            made[name] = tuple(made[name])
        return cls(**made | {"private": Private(**private) if private is not None else Private()})


def speak_first(rows: Iterable[Row]) -> list[Row]:
    """The people to speak to first: too few answers, then a range across a cut-off, then tied at the edge."""
    chosen = [row for row in rows if row.speak is not None]
    return sorted(chosen, key=lambda row: (row.speak, row.place))


def band_counts(rows: Iterable[Row], bands: Iterable[str]) -> dict[str, int]:
    """How many people are proposed for each of `bands`."""
    counts = dict.fromkeys(bands, 0)
    for row in rows:
        if row.band is not None:
            counts[row.band] += 1
    return counts
