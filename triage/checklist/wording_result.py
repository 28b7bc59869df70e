"""Which sentences stand on the result page and on the client's sheet, beside those that every door uses?"""

from __future__ import annotations

from triage.checklist.sentences import (
    Bands,
    Chance,
    Count,
    Counts,
    Figures,
    Labelled,
    Moved,
    Odds,
    Plain,
    Questions,
    Range,
    Versioned,
)
from triage.schema import Content, content


@content
class ResultPageWords(Content):
    """The headings of the result page, and what stands under them."""

    proposed: Plain
    undecided: Plain
    heading: Bands
    heading_talk: Plain
    answered: Counts
    figure: Labelled
    filled: Figures
    open: Figures
    marks: Figures
    missing: Count
    strengths: Plain
    no_strengths: Plain
    support: Plain
    no_support: Plain
    offers: Plain
    unasked: Plain
    unasked_lead: Plain
    could_move: Range
    could_not_move: Range
    log_odds_between: Range
    chance: Chance
    nothing_open: Plain
    does_not_apply: Questions
    trust: Plain
    no_figure: Plain
    meaning: Plain
    versions: Versioned
    earlier: Versioned
    earlier_model: Versioned


@content
class WaterfallWords(Content):
    """The words around the table of what each answer contributes."""

    heading: Plain
    lead: Plain
    key: Plain
    answer: Plain
    log_odds: Plain
    odds: Plain
    times: Odds
    begin: Plain
    total: Plain
    kept_apart: Count
    rounded: Plain
    silent: Plain
    causes: Plain


@content
class ChangeWords(Content):
    """What is said after a change of circumstances."""

    heading: Plain
    lead: Plain
    question: Plain
    before: Plain
    after: Plain
    moved: Plain
    nothing: Plain
    figure: Moved
    range: Moved
    span: Range
    no_figure: Plain
    band: Moved
    same_band: Bands
    crossed: Bands
    no_band: Plain
    versions: Moved
    other_versions: Plain
    total: Plain
    declined: Plain
    not_asked: Plain
    too_early: Plain


@content
class SheetWords(Content):
    """The plain sheet for the client."""

    title: Plain
    proposed: Plain
    decided: Plain
    by_talking: Plain
    objected: Plain
    has_job: Plain
    crosses: Bands
    crosses_decided: Bands
    services: Plain
    services_lead: Plain
    every_service: Plain
    agreed: Plain
    figure: Plain
    figure_means: Plain
    used: Plain
    used_lead: Plain
    used_nothing: Plain
    means: Plain
    means_text: tuple[Plain, ...]
    choices: Plain
    choices_text: tuple[Plain, ...]
    only_for: Plain
    contact: Plain
