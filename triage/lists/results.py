"""How do scores become the columns of the output?

Every text is made once for each answer that occurs, and looked up for the rows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.checklist import COMPLEX_NEEDS, DECLINED, Question
from triage.engine import STATUSES, Columns, Engine
from triage.engine.columns import top_places
from triage.engine.reasons import sentence
from triage.lists.cells import Codes, Space, Value
from triage.lists.names import ANSWER, SHOWN, answer_fields
from triage.lists.scoring import PROPOSED, WITHOUT_FIGURES

CROSSES = "range crosses a cut-off"
EDGE = "tied at the edge of the places"
MAY_HAVE_JOB = "may already have a job: ask"
STRUCK = "struck through on the list: ask"
CLAIMED = "claimed"
DECIDED = "decided"
LESS_RELIABLE = "less reliable here: use judgement"
#: What may stand behind a status, in this order.
FLAGS = (CROSSES, EDGE, LESS_RELIABLE, MAY_HAVE_JOB, STRUCK)

#: Below this, a table of all codes is smaller than the work of sorting them.
_FEW_CODES = 1 << 17

Flag = NDArray[np.bool_]


@dataclass(frozen=True)
class Proposed:
    """The proposed bands of some clients.

    Attributes:
        place: place of the proposed band, -1 where there is none.
        crosses: True where the range reaches another band.
        edge: True for a tied group at the edge of the places of a list.
    """

    place: NDArray[np.int64]
    crosses: Flag
    edge: Flag


def figures(columns: Columns) -> dict[str, pl.Series]:
    """The four figures; null where none is shown."""
    hidden = np.isin(columns.status_code, WITHOUT_FIGURES)
    found = {}
    ends = {"probability": columns.logit, "lower": columns.lower_logit, "upper": columns.upper_logit}
    # The model's own sigmoid differs in its last bit with the size of a batch; an output that is scored again must not.
    chances = {name: 1.0 / (1.0 + np.exp(-logits)) for name, logits in ends.items()}
    for name, array in {"logit": columns.logit, **chances}.items():
        values = pl.Series(name, array)
        found[name] = values.set(pl.Series(hidden), None) if hidden.any() else values
    return found


def status_words(status: NDArray[np.int8], claimed: Flag, settled: Flag, flags: Sequence[Flag]) -> pl.Series:
    """The status of each client in words, with what else there is to know behind it."""
    main = np.where(settled, len(STATUSES) + 1, np.where(claimed, len(STATUSES), status)).astype(np.int64)
    code = main.copy()
    for place, flag in enumerate(flags):
        code += (8 << place) * flag
    found, where = _distinct(code)
    words = [*(name.replace("_", " ") for name in STATUSES), CLAIMED, DECIDED]
    texts = [
        "; ".join([words[int(item) % 8], *(text for place, text in enumerate(FLAGS) if int(item) & (8 << place))])
        for item in found
    ]
    return pl.Series("status", texts).gather(pl.Series(where))


class Texts:
    """The texts of an output for one engine: reasons, strengths, questions without an answer, answers."""

    def __init__(self, engine: Engine, spaces: Mapping[str, Space], sensitive: bool) -> None:
        self._engine = engine
        self._spaces = spaces
        self._sensitive = sensitive
        questions = engine.checklist.questions
        self._shown = np.array([k for k, q in enumerate(questions) if sensitive or not q.kept_apart], dtype=np.int64)
        self._asked = np.array([k for k in self._shown.tolist() if questions[k].interview], dtype=np.int64)
        self._ids = [question.id for question in questions]

    def reasons(self, columns: Columns, places: Mapping[str, Codes]) -> dict[str, pl.Series]:
        """`reason_1` to `strength_3`. A reason that is kept apart leaves no gap: the next one moves up."""
        found: dict[str, pl.Series] = {}
        ratio = self._engine.cutoffs.file.reason_odds_ratio
        shown = columns.contributions[:, self._shown]
        quiet = np.isin(columns.status_code, WITHOUT_FIGURES)
        answered = self._answered(places, len(columns))
        for name, sign in (("reason", 1.0), ("strength", -1.0)):
            top = top_places(sign * shown, ratio)
            top[quiet] = -1
            texts, starts = self._sentences(sign)
            for slot in range(SHOWN):
                codes = _chosen(top[:, slot].astype(np.int64), answered, starts)
                found[f"{name}_{slot + 1}"] = texts.gather(pl.Series(codes)).alias(f"{name}_{slot + 1}")
        return found

    def complex_needs(self, columns: Columns, places: Mapping[str, Codes]) -> Flag:
        """True where several complex needs were ticked, or several factors weigh heavily at once.

        Factors of questions that are kept apart count only where those are written: else the flag would tell.
        """
        rules = self._engine.cutoffs.file
        factors = [self._engine.checklist.questions[k].factor for k in self._shown.tolist()]
        member = np.array([[name == factor for factor in dict.fromkeys(factors)] for name in factors], dtype=np.float64)
        weights = np.nan_to_num(columns.contributions[:, self._shown]) @ member
        heavy = np.count_nonzero(weights >= math.log(rules.reason_odds_ratio), axis=1)
        found: Flag = (heavy >= rules.complex_needs_from) & ~np.isin(columns.status_code, WITHOUT_FIGURES)
        if COMPLEX_NEEDS in places:
            stated = np.array([value == "yes" for value in self._spaces[COMPLEX_NEEDS].values])
            found |= stated[places[COMPLEX_NEEDS]]
        return found

    def kept_apart(self) -> dict[str, str]:
        """Each sentence and question id that may not be written in this output, with its question's id."""
        found: dict[str, str] = {}
        for question in self._engine.checklist.questions if not self._sensitive else ():
            if question.kept_apart:
                texts = [self._sentence(question, option, sign) for option in question.by_id for sign in (1.0, -1.0)]
                found |= {text: question.id for text in (question.id, *texts) if text}
        return found

    def _sentences(self, sign: float) -> tuple[pl.Series, NDArray[np.int64]]:
        """A sentence for each answer of each shown question, and where each question's start; place 0 is null."""
        texts: list[str | None] = [None]
        starts = []
        for k in self._shown.tolist():
            question = self._engine.checklist.questions[k]
            starts.append(len(texts))
            values = self._spaces[question.id].values if question.id in self._spaces else [None]
            texts.extend(self._sentence(question, value, sign) for value in values)
        return pl.Series(texts, dtype=pl.String), np.array(starts, dtype=np.int64)

    def _sentence(self, question: Question, value: Value | None, sign: float) -> str | None:
        features = self._engine.features
        if isinstance(value, float):
            return sentence(question, value, sign, features) if question.kind == "number" else None
        known = question.by_id if question.options else features.areas.by_code if features.areas is not None else ()
        # "declined" and "not applicable" move nothing, so that nothing is said about them.
        return sentence(question, value, sign, features) if isinstance(value, str) and value in known else None

    def _answered(self, places: Mapping[str, Codes], size: int) -> NDArray[np.int64]:
        """[shown questions, n] the place of each answer."""
        found = np.zeros((len(self._shown), size), dtype=np.int64)
        for row, k in enumerate(self._shown.tolist()):
            if self._ids[k] in places:
                found[row] = places[self._ids[k]]
        return found

    def unanswered(self, columns: Columns) -> pl.Series:
        """Ids of the interview's questions that were not asked, with commas."""
        texts = [self._ids[k] for k in self._asked.tolist()]
        bits = np.zeros(len(columns), dtype=np.int64)
        for place, k in enumerate(self._asked.tolist()):
            bits |= (columns.states[:, k] == 0).astype(np.int64) << place
        found, where = _distinct(bits)
        joined = [", ".join(text for k, text in enumerate(texts) if int(item) >> k & 1) or None for item in found]
        return pl.Series("unanswered", joined, dtype=pl.String).gather(pl.Series(where))

    def answers(self, places: Mapping[str, Codes], size: int, sensitive: bool) -> dict[str, pl.Series]:
        """`answer_<id>` for each question and field that may be written, with those kept apart or without."""
        found = {}
        for name in answer_fields(self._engine.checklist, sensitive):
            column = f"{ANSWER}{name}"
            if name not in places:
                found[column] = pl.Series(column, [None], dtype=pl.String).new_from_index(0, size)
                continue
            texts = [self._answer(name, value, sensitive) for value in self._spaces[name].values]
            found[column] = pl.Series(column, texts, dtype=pl.String).gather(pl.Series(places[name]))
        return found

    def _answer(self, name: str, value: Value | None, sensitive: bool) -> str | None:
        if value is None:
            return None
        if isinstance(value, float):
            return f"{value:g}" if value.is_integer() else repr(value)
        if isinstance(value, date):
            return value.isoformat()
        question = self._engine.checklist.by_id.get(name)
        option = question.by_id.get(value) if question is not None else None
        # Which option counts as declined can be a health answer ("cannot drive for a medical reason").
        if option is not None and option.counts_as == DECLINED and not sensitive:
            return DECLINED
        return value


def _distinct(codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different codes, none of them below 0, and for each row the place of its code among them."""
    highest = int(codes.max(initial=0))
    if highest >= _FEW_CODES:
        found, where = np.unique(codes, return_inverse=True)
        return found, where.reshape(-1)
    found = np.flatnonzero(np.bincount(codes, minlength=1))
    places = np.zeros(highest + 1, dtype=np.int64)
    places[found] = np.arange(len(found))
    return found, places[codes]


def _chosen(slots: NDArray[np.int64], answered: NDArray[np.int64], starts: NDArray[np.int64]) -> Codes:
    """The place of the sentence for the question in each row's slot; 0, the empty one, where there is none."""
    found: Codes = starts[slots] + answered[slots, np.arange(len(slots))]
    found[slots < 0] = 0
    return found


def proposed(columns: Columns, points: Any, edge: Flag) -> Proposed:
    """The proposed bands with the cut-off points of the list."""
    open_ = columns.status_code == PROPOSED
    raised = columns.band_logit - columns.logit
    place, low, high = (
        np.where(open_, points.places(np.nan_to_num(end)), -1)
        for end in (columns.band_logit, columns.lower_logit + raised, columns.upper_logit + raised)
    )
    return Proposed(place, open_ & (low != high), open_ & edge)
