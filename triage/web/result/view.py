"""What does the result page say about one score?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from triage.checklist.services import Services
from triage.checklist.wording import Wording, fill, label_words
from triage.cutoffs import names as band_names
from triage.engine import Engine, Score, Versions
from triage.web.result.figure import figure
from triage.web.result.said import WITHOUT_FIGURES, Names
from triage.web.result.shapes import BandView, ResultView, Trust
from triage.web.result.support import strengths, support
from triage.web.result.unasked import ask_first, unasked
from triage.web.result.waterfall import waterfall


def view_of(score: Score, engine: Engine, services: Services, on: date, *, apart: bool = False) -> ResultView:
    """All that the result page says about a score.

    Args:
        score: a score that `engine` gave.
        engine: the engine in force.
        services: those beside the checklist; empty where there is no services file.
        on: the day on which the page is shown, which decides what was checked too long ago.
        apart: True for paper: health, attitude and family answers are one row together and are named nowhere.
    """
    words, hidden = engine.words.wording, kept_apart(engine) if apart else frozenset()
    asked, answered = counts(score.answers, engine)
    band = band_view(score, engine)
    shown = score.status not in WITHOUT_FIGURES
    return ResultView(
        status=score.status,
        heading=_heading(score, engine, band),
        tag=words.result_page.proposed if band else "",
        undecided=words.result_page.undecided if band else "",
        lead=band.offers if band else engine.words.band(score),
        band=band,
        warning=band.warning if band else "",
        raised=words.band.raised_by_special if band and score.raised_by_special and not apart else "",
        next_steps=tuple(filter(None, [ask_first(score, engine)])) if score.status == "not_enough_answers" else (),
        notes=_notes(engine) if band else (words.band.everyone,),
        answered=fill(words.result_page.answered, answered=answered, asked=asked),
        earlier="",
        sentences=tuple(text for text in score.sentences if not apart or text != words.band.raised_by_special),
        figure=figure(score, engine, asked - answered, asked) if shown else None,
        strengths=strengths(score, engine, hidden) if shown else None,
        support=support(score, engine, services, on, hidden) if shown else None,
        waterfall=waterfall(score, Names(engine), words, hidden) if shown else None,
        unasked=unasked(score, engine, hidden) if shown else None,
        trust=trust(score.complex_needs, engine) if shown else no_figure(score.complex_needs, engine),
        versions=versions_said(score.versions, words),
        permitted_use=words.permitted_use.short,
    )


def kept_apart(engine: Engine) -> frozenset[str]:
    """Questions whose answers stay off paper: health, attitudes, family background."""
    return frozenset(question.id for question in engine.checklist.questions if question.kept_apart)


def counts(answers: Collection[str], engine: Engine) -> tuple[int, int]:
    """How many questions the interview has, and how many of them these answers answer."""
    interview = {question.id for question in engine.checklist.questions if question.interview}
    return len(interview), len(interview.intersection(answers))


def band_view(score: Score, engine: Engine) -> BandView | None:
    """The proposed band with its warning; None where none is proposed."""
    if score.band is None:
        return None
    band, reached = engine.cutoffs.band(score.band), score.bands_possible
    warning = ""
    if len(reached) > 1:
        warning = fill(engine.words.wording.band.crosses, bands=band_names(engine.cutoffs, reached))
    return BandView(band.id, band.name, band.offers, warning)


def trust(complex_needs: str, engine: Engine, source: tuple[str, ...] | None = None) -> Trust:
    """How far to trust this; `source` where it is not the engine's own."""
    words = engine.words.wording
    notes = {"stated": words.notes.complex_needs, "suggested": words.notes.complex_needs_suggested}
    label = label_words(engine.bundle.manifest.label)
    limits = tuple(fill(text, **label) for text in words.limits)
    meaning = tuple(fill(text, **label) for text in words.meaning)
    said = engine.words.source() if source is None else source
    page = words.result_page
    return Trust(page.trust, notes.get(complex_needs, ""), said, limits, page.meaning, meaning)


def no_figure(complex_needs: str, engine: Engine) -> Trust:
    """In place of `trust` where there is no figure to trust: only what it may be used for is left to say."""
    found, heading = trust(complex_needs, engine), engine.words.wording.result_page.no_figure
    return replace(found, heading=heading, source=(), limits=(), meaning=())


def versions_said(versions: Versions, wording: Wording) -> str:
    """The versions behind a score, in one sentence."""
    page = wording.result_page
    return fill(page.versions, model=versions.model, checklist=versions.checklist, cutoffs=versions.cutoffs)


def _heading(score: Score, engine: Engine, band: BandView | None) -> str:
    words = engine.words.wording
    if band is not None:
        return fill(words.result_page.heading, band=band.name)
    if score.status in WITHOUT_FIGURES:
        return words.status.has_job if score.status == "has_job" else words.status.redeployed
    return words.result_page.heading_talk


def _notes(engine: Engine) -> tuple[str, ...]:
    words = engine.words.wording
    fallback = (words.band.capacity_one,) if engine.cutoffs.has_capacity else ()
    return (*fallback, words.notes.judgement, words.notes.ask_for_more, words.band.everyone)
