"""Which sentences do all doors use for a result, its range, its band and its limits?"""

from __future__ import annotations

from typing import Annotated

from triage.checklist.schema import Label
from triage.checklist.sentences import (
    LABEL,
    Bands,
    Base,
    Checked,
    Counts,
    Coverage,
    Figures,
    Labelled,
    Learned,
    Places,
    Plain,
    Questions,
    Range,
    Weeks,
    words,
)
from triage.checklist.wording_result import ChangeWords, ResultPageWords, SheetWords, WaterfallWords
from triage.content import ContentFolder
from triage.errors import ContentError
from triage.schema import Content, content
from triage.yamlfile import read_yaml


@content
class ResultWords(Content):
    """How a result is said: `evidence` by a model that has seen no outcomes, `learned` by one that has."""

    evidence: Figures
    learned: Learned
    among: Labelled
    short: Figures
    fewer_than_one: Plain
    more_than_99: Plain
    base_evidence: Base
    base_learned: Base
    source_evidence: Plain
    source_learned: Learned


@content
class RangeWords(Content):
    """What the range is, why there is one, and what it leaves out."""

    sentence: Range
    reason_evidence: Coverage
    reason_learned: Coverage
    reason_missing: Plain
    not_included: Plain


@content
class BandWords(Content):
    """What is said with a proposed band, or in place of one."""

    proposed: Bands
    crosses: Bands
    not_enough: Counts
    not_enough_next: Questions
    raised_by_special: Plain
    capacity_one: Plain
    at_the_edge: Places
    share: Plain
    everyone: Plain


@content
class StatusWords(Content):
    """Each status of a person or of a row."""

    scored: Plain
    not_enough_answers: Plain
    has_job: Plain
    redeployed: Plain
    objected: Plain
    not_a_client: Plain
    empty: Plain
    problem: Plain


@content
class NoteWords(Content):
    """What is said where somebody is not scored, or is scored with care."""

    has_job: Plain
    redeployed: Plain
    objected: Plain
    complex_needs: Plain
    complex_needs_suggested: Plain
    nothing_stands_out: Plain
    not_applicable_yet: Annotated[str, words("weeks", "questions")]
    declined: Questions
    declined_count: Counts
    not_asked: Questions
    ask_for_more: Plain
    judgement: Plain
    next_question: Questions
    enough_known: Plain


@content
class HeadingWords(Content):
    """Headings over reasons, strengths, support, and what could help."""

    reasons: Plain
    strengths: Plain
    support: Plain
    can_change: Plain


@content
class PermittedUse(Content):
    """What the tool may be used for: one line, and in full."""

    short: Plain
    text: tuple[Plain, ...]


@content
class ChecklistWords(Content):
    """The words around a checklist that is printed to read."""

    about: Labelled
    beside: Plain
    risk: Plain
    help: Plain
    support: Plain
    source: Plain
    stars: Plain
    off_interview: Plain
    not_yet: Weeks
    counts_as_declined: Plain
    neutral: Plain
    any_number: Plain
    whole_number: Plain
    area: Plain
    date: Plain
    special_category: Plain
    attitude: Plain
    family_background: Plain
    job_search: Plain


@content
class FormWords(Content):
    """The words of the paper forms."""

    full_title: Plain
    full_lead: Plain
    full_how: Plain
    stars: Plain
    not_yet: Weeks
    optional: Plain
    judgement: Plain
    judgement_help: Plain
    agreed: Plain
    agreed_help: Plain
    event_title: Plain
    event_lead: Plain
    event_privacy: Plain
    event_talk: Plain
    name: Plain
    date: Plain
    adviser: Plain
    decline: Plain
    answer_yes: Plain
    answer_no: Plain
    factor: Plain
    question: Plain
    purpose: Plain
    points_to: Plain


@content
class ServiceWords(Content):
    """How an offer of a service is described."""

    stale: Checked
    fresh: Checked
    direct: Plain
    through_members: Plain
    signpost: Plain
    count: Annotated[str, words("offers", "stale", "on")]
    source: Plain
    nobody: Plain
    local: Plain


@content
class Wording(Content):
    """Every sentence of the wording file, by its group."""

    version: str
    result: ResultWords
    range: RangeWords
    band: BandWords
    status: StatusWords
    notes: NoteWords
    headings: HeadingWords
    permitted_use: PermittedUse
    meaning: tuple[Labelled, ...]
    limits: tuple[Labelled, ...]
    checklist: ChecklistWords
    forms: FormWords
    services: ServiceWords
    result_page: ResultPageWords
    waterfall: WaterfallWords
    changes: ChangeWords
    sheet: SheetWords


def load_wording(folder: ContentFolder) -> Wording:
    """The sentences that belong to a content folder, the shipped ones where it has none of its own.

    Raises:
        ContentError: the file has faults; all are named with their line.
    """
    path = folder.find("wording.yaml")
    if path is None:
        raise ContentError(f"There is no wording.yaml in {folder}.")
    return read_yaml(path, Wording, ContentError)


def fill(sentence: str, **words: object) -> str:
    """`sentence` with its words filled in; words that it does not use are ignored."""
    return sentence.format(**words)


def label_words(label: Label) -> dict[str, str]:
    """The words of a checklist's label, for `fill`."""
    return {name: getattr(label, name) for name in LABEL}
