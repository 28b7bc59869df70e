"""How does a row of a list leave the service? As plain data, without what names anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from triage.engine import Engine
from triage.lists.desk import FLAG_WORDS, WHY, Row
from triage.web.api.saying import Data, crossing

_CARRIED = ("place", "sheet", "row", "status", "bands_possible")
#: Statuses of people; a heading or a total needs no reason why it has no band.
_WITHOUT_BAND = ("not_enough_answers", "has_job", "redeployed")


@dataclass(frozen=True)
class _Person:
    """What sentences need to know of a person on a list."""

    status: str
    band: str | None
    bands_possible: tuple[str, ...]
    answers: Mapping[str, str | float]
    probability: float = 0.0
    lower: float = 0.0
    upper: float = 0.0
    raised_by_special: bool = False
    complex_needs: str = ""


def row_of(engine: Engine, row: Row, apart: frozenset[str]) -> Data:
    """One row. Where there are questions `apart`, their answers and every figure are left out."""
    band = engine.cutoffs.band(row.band) if row.band is not None else None
    person = _Person("proposed" if band else row.status, row.band, row.bands_possible, row.answers)
    said = engine.words.band(person) if band is not None or row.status in _WITHOUT_BAND else None
    return {
        **{name: getattr(row, name) for name in _CARRIED},
        "flags": [FLAG_WORDS[flag] for flag in row.flags],
        "answers": _without(row.answers, apart),
        "context": dict(row.context),
        "figures": _figures(row, apart),
        "band": None if band is None else {"id": band.id, "name": band.name, "offers": band.offers},
        "why_no_band": said if band is None else None,
        "crossing": crossing(engine, row.bands_possible),
        "edge": None if row.edge is None else asdict(row.edge),
        "reasons": _said(row.reasons, apart),
        "strengths": _said(row.strengths, apart),
        "sentences": _sentences(engine, row, said),
        "not_asked": [name for name in row.unanswered if name not in apart],
        "speak_first": None if row.speak is None else WHY[row.speak],
        "ask": [name for name in row.ask if name not in apart],
        "problems": [asdict(problem) for problem in row.problems if problem.question not in apart],
        "same_person": None if row.same_person is None else asdict(row.same_person),
    }


def _sentences(engine: Engine, row: Row, said: str | None) -> list[str]:
    found = [said] if said else []
    if row.figures is not None:
        words, figures = engine.words, row.figures
        found += [words.result(figures["probability"]), words.span(figures["lower"], figures["upper"])]
    return found


def _figures(row: Row, apart: frozenset[str]) -> Data | None:
    """The figures to the bit; None towards a body to which they would tell what is kept apart."""
    if row.figures is None or apart:
        return None
    return {**row.figures, "contributions": row.score["contributions"] if row.score is not None else None}


def _said(found: tuple[Any, ...], apart: frozenset[str]) -> list[Data]:
    """Where it is not known which question somebody's reason is about, it may be one that is kept apart."""
    return [asdict(item) for item in found if not apart or (item.question and item.question not in apart)]


def _without(given: Mapping[str, Any], apart: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in apart}
