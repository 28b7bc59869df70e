"""What does the result page show? Every text is ready: a template prints it and works nothing out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["up", "down", "none"]


@dataclass(frozen=True)
class Mark:
    """One of the hundred marks: a square where it is filled, a circle where it is open."""

    x: int
    y: int
    filled: bool


@dataclass(frozen=True)
class Figure:
    """The risk out of 100, its range, and the picture of a hundred people.

    Attributes:
        in_100: how many marks are filled; the number that the sentence says.
        sentence: in the words of the label and of the model's source.
        notes: whom it is about, and what it compares with.
        range: the ends, why there is a range, and how many questions have no answer.
        title, description: what somebody hears who does not see the picture.
        filled, open: what the two kinds of marks stand for; empty where the label is no longer known.
    """

    heading: str
    in_100: int
    sentence: str
    notes: tuple[str, ...]
    range: tuple[str, ...]
    title: str
    description: str
    marks: tuple[Mark, ...]
    filled: str
    open: str


@dataclass(frozen=True)
class Strengths:
    """Answers that go with a quicker return to work; `note` where none stands out."""

    heading: str
    lead: str
    items: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class OfferView:
    """A partner that offers a service. `checked` is empty where the service says it for all its offers."""

    partner: str
    reached: str
    area: str
    contact: str
    checked: str
    stale: bool


@dataclass(frozen=True)
class ServiceView:
    """A service that an answer points to, once on the page. `anchor` is the id of its place there."""

    id: str
    anchor: str
    name: str
    helps: str
    offers: tuple[OfferView, ...]
    checked: str
    stale: bool


@dataclass(frozen=True)
class Help:
    """An answer with what could help, and the services that it points to."""

    text: str
    can_change: str
    services: tuple[ServiceView, ...]


@dataclass(frozen=True)
class Support:
    """Where support could help; `note` where no answer points to any."""

    heading: str
    lead: str
    could_help: str
    points_to: str
    reasons: tuple[Help, ...]
    offers: str
    services: tuple[ServiceView, ...]
    note: str
    source: str


@dataclass(frozen=True)
class Step:
    """One row of the waterfall.

    Attributes:
        kind: the starting point, an answer, the answers kept apart as one, or the total.
        label, answer: the question and what was answered.
        value: exact log-odds: of the row where it is an answer, so far where it is the start or the total.
        log_odds, odds: `value` in figures, and what the odds are multiplied by.
        direction: which way it moves the figure.
        bar: the corners of the bar, for `points` of a polygon; empty where there is no bar to see.
        x: where the row ends on the scale.
    """

    kind: Literal["start", "answer", "apart", "total"]
    label: str
    answer: str
    value: float
    log_odds: str
    odds: str
    direction: Direction
    bar: str
    x: str


@dataclass(frozen=True)
class Waterfall:
    """The exact contributions, from the starting point to the total.

    Attributes:
        columns: the headings of answer, log-odds and odds.
        start_x: the starting point on the scale.
        width, height: of each row's drawing.
    """

    heading: str
    lead: str
    key: str
    columns: tuple[str, str, str]
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    start_x: str
    width: int
    height: int


@dataclass(frozen=True)
class OpenQuestion:
    """A question that was not asked. `low` and `high` are the exact log-odds that an answer could contribute."""

    id: str
    label: str
    ask: str
    low: float
    high: float
    moves: str
    log_odds: str
    next: bool


@dataclass(frozen=True)
class Unasked:
    """What is not known, what it could change, and what to ask next.

    Attributes:
        items: questions that can still be asked, those that could move the figure most first.
        next: the next question, or that nothing is left.
        enough: that enough is known, where it is; `chance` gives the figure for that.
        settled: what was declined, what it is too early for, and what does not apply.
    """

    heading: str
    lead: str
    items: tuple[OpenQuestion, ...]
    next: str
    enough: str
    chance: str
    settled: tuple[str, ...]


@dataclass(frozen=True)
class Trust:
    """How far to trust this: complex needs first, then the source, then the limits."""

    heading: str
    complex_needs: str
    source: tuple[str, ...]
    limits: tuple[str, ...]
    meaning_heading: str
    meaning: tuple[str, ...]


@dataclass(frozen=True)
class BandView:
    """A band of support with what it offers.

    Where the range crosses a cut-off, `warning` says so; it belongs to the band wherever that is shown.
    """

    id: str
    name: str
    offers: str
    warning: str


@dataclass(frozen=True)
class ResultView:
    """The whole result. A part that there is nothing to say about is None.

    Attributes:
        status: the score's status.
        heading: for the page's h1: the proposed support, or the next step where there is none.
        tag, undecided: what is said under the heading while nothing is decided.
        lead: what the band offers, or why there is none.
        band: the proposed band with its warning; None where none is proposed.
        warning: that of the band; empty where the range stays within one band.
        raised: that health or disability answers raise the band.
        next_steps: what to do where there is no band.
        notes: what holds for each proposal.
        answered: how many questions of the interview were answered.
        earlier: that this was made with versions that are no longer in force.
        sentences: all that the score says, the most important first.
    """

    status: str
    heading: str
    tag: str
    undecided: str
    lead: str
    band: BandView | None
    warning: str
    raised: str
    next_steps: tuple[str, ...]
    notes: tuple[str, ...]
    answered: str
    earlier: str
    sentences: tuple[str, ...]
    figure: Figure | None
    strengths: Strengths | None
    support: Support | None
    waterfall: Waterfall | None
    unasked: Unasked | None
    trust: Trust
    versions: str
    permitted_use: str
