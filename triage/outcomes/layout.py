"""Which column of an outcomes file is which? Exact after folding; anything nearer is only a suggestion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from triage.engine.answers import OBJECTS
from triage.errors import OutcomesError
from triage.faults import Fault, did_you_mean
from triage.features import Features, fold
from triage.lists.read.letters import column_letters
from triage.lists.safety import cleaned, restored
from triage.outcomes.sheets import Sheet
from triage.yamlfile import count

REQUIRED = ("client", "weeks", "outcome")
#: Optional columns that are kept as texts, and the other optional columns.
NOTES = ("band_proposed", "band_decided", "support", "model")
OPTIONAL = ("weight", "date", "support_start", "simulated", *NOTES)
GROUP = "group_"
_WORDS = {
    "client": "an id for each person that says nothing about them",
    "weeks": "weeks since the job ended until the first return to work, or until last heard of",
    "outcome": "what became of the person: paid_work, still_looking, lost_contact and so on",
}


@dataclass(frozen=True)
class Layout:
    """Where each column of a sheet goes, by its place.

    Attributes:
        fields: required and optional columns by name.
        answers: columns by question id.
        groups: further columns for the fairness tables, by their name without "group_".
        objects: the column that says who objects to being scored, or None.
        notes: sentences about columns that are not used.
    """

    fields: Mapping[str, int]
    answers: Mapping[str, int]
    groups: Mapping[str, int]
    objects: int | None
    notes: tuple[str, ...]


def choose_sheet(sheets: Sequence[Sheet], file: str) -> Sheet:
    """The one sheet with the required columns.

    Raises:
        OutcomesError: none has them, or several have.
    """
    if not sheets:
        raise OutcomesError(f"{file} has no rows. Check that the right file was chosen.")
    fitting = [sheet for sheet in sheets if not _missing(sheet)]
    if len(fitting) > 1:
        names = ", ".join(f"'{sheet.name}'" for sheet in fitting)
        raise OutcomesError(f"{file} has {len(fitting)} sheets of outcomes: {names}. Keep one and save it again.")
    if fitting:
        return fitting[0]
    best = min(sheets, key=lambda sheet: len(_missing(sheet)))
    where = f"{file}, sheet '{best.name}'" if len(sheets) > 1 else file
    known = [heading for heading in best.headings if heading]
    faults = [
        Fault(f"column '{name}'", f"it is missing. It holds {_WORDS[name]}.", did_you_mean(name, known))
        for name in _missing(best)
    ]
    raise OutcomesError(
        f"{where} is not a file of outcomes: {count(faults)}. Its first row must name the columns.", faults
    )


def _missing(sheet: Sheet) -> list[str]:
    found = {fold(heading) for heading in sheet.headings}
    return [name for name in REQUIRED if fold(name) not in found]


def layout_of(sheet: Sheet, features: Features, file: str) -> Layout:
    """Which column is which.

    Raises:
        OutcomesError: two columns mean the same (all are named), or the file was meant for another checklist.
    """
    checklist = features.checklist
    known = _known(features)
    found: dict[tuple[str, str], list[int]] = {}
    unknown: list[int] = []
    for place, heading in enumerate(sheet.headings):
        role = known.get(fold(restored(heading))) or _group(restored(heading))
        if role is None:
            unknown.append(place)
        else:
            found.setdefault(role, []).append(place)
    faults = [
        Fault(_named(sheet, places), f"{len(places)} columns mean '{role[1]}'.", "Keep one of them.")
        for role, places in found.items()
        if len(places) > 1
    ]
    if faults:
        raise OutcomesError(f"{file} cannot be used: {count(faults)} in its headings.", faults)
    _refuse_another(len(checklist.questions), sum(role[0] == "answer" for role in found), unknown, features, file)
    of_kind = {kind: {name: at[0] for (which, name), at in found.items() if which == kind} for kind in _KINDS}
    words = [text for text in (*known, *(question.label for question in checklist.questions)) if text]
    notes = [*_unknown_notes(sheet, unknown, words), *_unused_notes(of_kind["context"]), *_hidden_notes(sheet, unknown)]
    objects = of_kind["context"].get(OBJECTS)
    return Layout(of_kind["field"], of_kind["answer"], of_kind["group"], objects, tuple(notes))


def _refuse_another(asked: int, answered: int, unknown: Sequence[int], features: Features, file: str) -> None:
    """Refuse a file that was meant for another checklist: more columns are not known than are, and few questions are.

    Raises:
        OutcomesError: so it is.
    """
    if 2 * answered < asked and len(unknown) > answered:
        raise OutcomesError(
            f"{file} has columns for {answered} of the {asked} questions of the checklist '{features.checklist.id}',"
            f" and {len(unknown)} columns that it does not know. If the file belongs to another checklist, name its"
            " folder with --checklist. If not, name the columns by the questions' ids, and leave the others out."
        )


_KINDS = ("field", "answer", "group", "context")


def _known(features: Features) -> dict[str, tuple[str, str]]:
    """What each folded heading means: the contract's own columns first, then questions, then what is asked beside."""
    known = {fold(name): ("field", name) for name in (*REQUIRED, *OPTIONAL)}
    for question in features.checklist.questions:
        known.setdefault(fold(question.id), ("answer", question.id))
    for field in features.checklist.context:
        known.setdefault(fold(field.id), ("context", field.id))
    for question in features.checklist.questions:
        for text in (question.label, question.ask):
            known.setdefault(fold(text), ("answer", question.id))
    for field in features.checklist.context:
        known.setdefault(fold(field.label), ("context", field.id))
    return known


def _group(heading: str) -> tuple[str, str] | None:
    start, _, rest = fold(heading).partition(" ")
    return ("group", rest.replace(" ", "_")) if start == GROUP[:-1] and rest else None


def _named(sheet: Sheet, places: Iterable[int]) -> str:
    return ", ".join(f"column {column_letters(place)} '{sheet.headings[place]}'" for place in places)


def _unknown_notes(sheet: Sheet, unknown: Sequence[int], words: Sequence[str]) -> list[str]:
    notes = []
    for place in unknown:
        heading = cleaned(sheet.headings[place])
        if heading:
            hint = did_you_mean(fold(heading), words)
            notes.append(f"The column '{heading}' is not known and was left out. {hint}".strip())
    return notes


def _unused_notes(context: Mapping[str, int]) -> list[str]:
    names = [name for name in context if name != OBJECTS]
    return [f"The column '{name}' is not used for learning." for name in names]


def _hidden_notes(sheet: Sheet, unknown: Sequence[int]) -> list[str]:
    names = [sheet.headings[place] for place in sorted(sheet.hidden - {*unknown}) if place < len(sheet.headings)]
    return [f"The column '{name}' is hidden in the workbook, and was read." for name in names]
