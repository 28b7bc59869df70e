"""What did each person on the list answer, and what could not be used?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.engine.answers import OBJECTS
from triage.lists import fields
from triage.lists.cells import Codes, Reader, Space
from triage.lists.names import ANSWER
from triage.lists.objections import ObjectionField, ObjectionSearch, objecting
from triage.lists.tidy import Rows, Table
from triage.lists.vocabulary import Role, Vocabulary

#: Columns that help to answer a question, in the order in which they are believed.
_HELPERS = (
    ("date_of_birth", "age"),
    ("age_band", "age"),
    ("postcode", "area"),
    ("town", "area"),
    ("finish_date", "job_ends"),
)
_RANKS = {
    "date_of_birth": 0,
    "question": 1,
    "option": 1,
    "context": 1,
    "finish_date": 2,
    "age_band": 3,
    "postcode": 3,
    "town": 4,
}
#: Columns up to this rank are exact, so that they should agree.
_SURE = 2


@dataclass(frozen=True)
class Given:
    """Answers of some rows.

    Attributes:
        places: by question or field, the place of each row's answer in its space (0: not given).
        problems: what could not be used, a text or null per row, by question or field.
        sources: for each of these the column that it is about, "" for several or none.
        unread: how many answers could not be used, by question or field.
    """

    places: Mapping[str, Codes]
    problems: Mapping[str, Sequence[pl.Series]]
    sources: Mapping[str, Sequence[str]]
    unread: Mapping[str, int]


@dataclass(frozen=True)
class Settings:
    """What reading answers depends on beside the list."""

    vocabulary: Vocabulary
    on: date
    same_ages: fields.SameAges


@dataclass
class AnswerSheet:
    """Reads the answers of one table. Spaces are shared with the other tables."""

    table: Table
    settings: Settings
    spaces: dict[str, Space]
    month_first: frozenset[int] = frozenset()
    readers: dict[str, list[tuple[int, str, Reader | ObjectionSearch]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found: list[tuple[int, int, str, Reader]] = []
        for place, role in enumerate(self._roles()):
            target = target_of(role, self.settings.vocabulary)
            read = self._reader(place, role, target) if target and self.table.visible(place) else None
            if target and read is not None:
                kind = role.name if role.kind == "column" else role.kind
                space = self.spaces.setdefault(target, Space())
                found.append((_RANKS[kind], place, target, Reader(read, space)))
        for rank, place, target, reader in sorted(found, key=lambda item: item[:2]):
            self.readers.setdefault(target, []).append((rank, f"c{place}", reader))
        self._search_comments()

    def _search_comments(self) -> None:
        """Comments are searched for objections to being scored, which count as if they stood in a column for it."""
        context = self.settings.vocabulary.checklist.context_by_id.get(OBJECTS)
        if context is None or self.table.own:
            return
        for place, role in enumerate(self.table.roles):
            if role.kind == "column" and role.name == "comments":
                search = ObjectionSearch(context, self.spaces.setdefault(OBJECTS, Space()))
                self.readers.setdefault(OBJECTS, []).append((_RANKS["context"], f"c{place}", search))

    def _roles(self) -> Sequence[Role]:
        """The roles of the columns; those of an output of this program are named by its columns."""
        if not self.table.own or self.table.headings is None:
            return self.table.roles
        roles = self.settings.vocabulary.roles
        names = self.table.headings.names
        return [roles[name.removeprefix(ANSWER)] if _answers(name, roles) else Role("ignored") for name in names]

    def _reader(self, place: int, role: Role, target: str) -> fields.Read | None:
        vocabulary, on = self.settings.vocabulary, self.settings.on
        checklist, features = vocabulary.checklist, vocabulary.features
        slashes = place not in self.month_first
        silent = fields.words_of(features.synonyms.not_given)
        same = self.settings.same_ages
        if target in checklist.context_by_id:
            context = checklist.context_by_id[target]
            if context.kind == "date":
                return fields.DateField(context.label, on, slashes, silent)
            if target == OBJECTS:
                return ObjectionField(context, fields.spellings_of(context, features), silent)
            return fields.ContextChoice(context, fields.spellings_of(context, features), silent)
        if target not in checklist.by_id:
            return None
        question = checklist.question(target)
        whole = fields.QuestionField(question, features, vocabulary.row_words("ditto"), same)
        choose: dict[str, Callable[[], fields.Read]] = {
            "date_of_birth": lambda: fields.BirthField(question, on, slashes, silent, same),
            "age_band": lambda: fields.BandField(question, whole, same),
            "postcode": lambda: fields.Silent(whole),
            "town": lambda: fields.Silent(whole),
        }
        if role.kind == "option":
            return fields.OptionField(question, role.option, whole)
        return choose[role.name]() if role.name in choose and role.kind == "column" else whole

    def read(self, rows: Rows) -> Given:
        """The answers of `rows`."""
        places: dict[str, Codes] = {}
        problems: dict[str, list[pl.Series]] = {}
        sources: dict[str, list[str]] = {}
        unread: dict[str, int] = {}
        for target, readers in self.readers.items():
            found = [(rank, *reader.column(rows.cells[name])) for rank, name, reader in readers]
            taken = believe([(rank, codes) for rank, codes, _ in found])
            if target == OBJECTS:
                taken = Believed(objecting([codes for _, codes, _ in found], self.spaces[target]), *_never(len(rows)))
            places[target] = taken.places
            said = [_unless(problem, codes, taken.places) for _, codes, problem in found if problem is not None]
            columns = [name for (_, name, _), (*_, problem) in zip(readers, found, strict=True) if problem is not None]
            label = label_of(self.settings.vocabulary, target)
            if taken.torn.any():
                said.append(_where(taken.torn, fields.not_given(label, "two columns give different answers")))
            blank = pl.Series(taken.places == 0)
            unread[target] = max((int((item.is_not_null() & blank).sum()) for item in said), default=0)
            if taken.differs.any():
                said.append(_where(taken.differs, f"{label}: two columns do not agree, and the surer one counts"))
            if said:
                problems[target] = said
                sources[target] = columns + [""] * (len(said) - len(columns))
        return Given(places, problems, sources, unread)


@dataclass(frozen=True)
class Believed:
    """One answer for each row out of several columns.

    Attributes:
        places: the answer that counts.
        torn: True where columns that are as sure as each other differ, so that none counts.
        differs: True where a less sure column says something else.
    """

    places: Codes
    torn: NDArray[np.bool_]
    differs: NDArray[np.bool_]


def believe(columns: Sequence[tuple[int, Codes]]) -> Believed:
    """What counts where several columns answer one question. Ranks and codes, the surest rank first."""
    taken = columns[0][1]
    torn, differs = _never(len(taken))
    if len(columns) == 1:
        return Believed(taken, torn, differs)
    taken = np.zeros_like(taken)
    for rank in sorted({rank for rank, _ in columns}):
        group, split = np.zeros_like(taken), torn & False
        for codes in (codes for at, codes in columns if at == rank):
            split |= (group > 0) & (codes > 0) & (codes != group)
            group = np.where(group > 0, group, codes)
        group = np.where(split, 0, group)
        torn |= split & (taken == 0)
        if rank <= _SURE:
            differs = differs | ((taken > 0) & (group > 0) & (group != taken))
        taken = np.where(taken > 0, taken, group)
    return Believed(taken, torn & (taken == 0), differs)


def target_of(role: Role, vocabulary: Vocabulary) -> str:
    """The question or field that a column with this role answers; "" for none.

    A postcode answers nothing while there is no directory to look it up in.
    """
    if role.kind in ("question", "option", "context"):
        return role.name
    if role.name == "postcode" and vocabulary.features.postcodes is None:
        return ""
    return dict(_HELPERS).get(role.name, "") if role.kind == "column" else ""


def label_of(vocabulary: Vocabulary, target: str) -> str:
    """What a question or field is called."""
    question = vocabulary.checklist.by_id.get(target)
    return question.label if question is not None else vocabulary.checklist.context_by_id[target].label


def _answers(name: str, roles: Mapping[str, Role]) -> bool:
    return name.startswith(ANSWER) and roles.get(name.removeprefix(ANSWER), Role("ignored")).kind in (
        "question",
        "context",
    )


def _where(mask: NDArray[np.bool_], text: str) -> pl.Series:
    """`text` where the mask is True, null elsewhere."""
    return pl.Series([text, None], dtype=pl.String).gather(pl.Series(np.where(mask, 0, 1)))


def _unless(problem: pl.Series, codes: Codes, places: Codes) -> pl.Series:
    """A problem of a column only where no other column has the answer that counts."""
    return problem.set(pl.Series((places > 0) & (codes != places)), None)


def _never(size: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    return np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
