"""How does a score leave the service? As plain data, without what this key must not have."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from triage.checklist.wording import label_words
from triage.cutoffs import names
from triage.engine import Engine, Reason, Score

Data = dict[str, Any]
#: Statuses for which no figure is shown: the label of the model is not about these people.
WITHOUT_FIGURES = ("has_job", "redeployed")


@lru_cache(maxsize=64)
def terms(engine: Engine, on: date, valid_days: int) -> Data:
    """What every score carries."""
    return {**terms_of(engine), "scored_on": on.isoformat(), "valid_until": (on + timedelta(valid_days)).isoformat()}


@lru_cache(maxsize=4)
def terms_of(engine: Engine) -> Data:
    """What every score of an engine carries, but for its days."""
    now, wording = engine.versions, engine.words.wording
    words = label_words(engine.bundle.manifest.label)
    return {
        "versions": {"model": now.model, "checklist": now.checklist, "cutoffs": now.cutoffs},
        "label": f"{words['outcome']} {words['horizon']}",
        "source": engine.bundle.manifest.source,
        "permitted_use": " ".join(wording.permitted_use.text),
    }


def scored(engine: Engine, score: Score, apart: frozenset[str]) -> Data:
    """What is said about one client. Where there are questions `apart`, their answers and every figure are left out."""
    band = engine.cutoffs.band(score.band) if score.band is not None else None
    sentences, possible = score.sentences, score.bands_possible
    shown = score.status not in WITHOUT_FIGURES
    return {
        "status": score.status,
        "band": {"id": band.id, "name": band.name, "offers": band.offers} if band is not None else None,
        "why_no_band": sentences[0] if band is None else None,
        "bands_possible": possible,
        "crossing": crossing(engine, possible),
        "figures": _figures(score) if shown and not apart else None,
        "reasons": _said(score.reasons, apart) if shown else [],
        "strengths": _said(score.strengths, apart) if shown else [],
        "sentences": sentences,
        "raised_by_special": score.band is not None and score.raised_by_special,
        "complex_needs": score.complex_needs,
        "declined": _without(score.declined, apart),
        "not_applicable": _without(score.not_applicable, apart),
        "not_asked": _without(score.unanswered, apart),
    }


def next_of(score: Score, apart: frozenset[str]) -> Data:
    """What to ask next. A question that is kept apart from this key is not named, and a chance is told roughly."""
    question, chance = score.next_question, score.chance_of_another_band
    return {
        "question": None if question in apart else question,
        "chance_of_another_band": round(chance, 2) if apart else chance,
        "enough_is_known": score.enough_is_known,
    }


def _figures(score: Score) -> Data:
    return {
        "probability": score.probability,
        "lower": score.lower,
        "upper": score.upper,
        "logit": score.logit,
        "lower_logit": score.lower_logit,
        "upper_logit": score.upper_logit,
        "baseline": score.baseline,
        "contributions": dict(score.contributions),
    }


def crossing(engine: Engine, possible: tuple[str, ...]) -> str | None:
    """What is said where a range reaches across a cut-off; None where it does not."""
    if len(possible) < 2:
        return None
    return _crossing_words(engine, possible)


@lru_cache(maxsize=64)
def _crossing_words(engine: Engine, possible: tuple[str, ...]) -> str:
    return engine.words.wording.band.crosses.format(bands=names(engine.cutoffs, possible))


def _said(found: Iterable[Reason], apart: frozenset[str]) -> list[Data]:
    return [
        {"question": item.question, "text": item.text, "log_odds": item.log_odds, "odds_ratio": item.odds_ratio}
        for item in found
        if item.question not in apart
    ]


def _without(questions: Iterable[str], apart: frozenset[str]) -> list[str]:
    return [name for name in questions if name not in apart]
