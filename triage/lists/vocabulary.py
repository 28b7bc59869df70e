"""Which words stand at the head of a column, and which words in a row say that it is not a client?"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from pydantic import ValidationError

from triage.checklist import Checklist
from triage.errors import ContentError
from triage.faults import Fault
from triage.features import Features, fold
from triage.schema import Content, content, validate

IGNORE = "ignore"
Kind = Literal["question", "option", "context", "column", "ignored"]


@content
class ColumnWords(Content):
    """One kind of column that is not a question: whether it is carried, and the headers that name it."""

    keep: Literal["identifies", "context", "never"]
    answers: str = ""
    words: tuple[str, ...] = ()


@content
class HeaderWords(Content):
    """The `headers` part of a synonyms file."""

    questions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    context: dict[str, tuple[str, ...]] = field(default_factory=dict)
    columns: dict[str, ColumnWords] = field(default_factory=dict)
    rows: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Role:
    """What a column holds.

    Attributes:
        kind: a question, one option of a question (a column to tick), something asked beside the questions,
            another kind of column that the synonyms name, or nothing that is used.
        name: the id of the question, of the field, or of the kind of column.
        option: the option to tick.
    """

    kind: Kind
    name: str = ""
    option: str = ""

    def __str__(self) -> str:
        return f"{self.name}={self.option}" if self.kind == "option" else (self.name or IGNORE)


IGNORED = Role("ignored")


class Vocabulary:
    """The words of headers and rows, together with the checklist that they belong to."""

    def __init__(self, checklist: Checklist, features: Features) -> None:
        self.checklist = checklist
        self.features = features
        self.words = _words(features)

    @cached_property
    def roles(self) -> dict[str, Role]:
        """Every role by the text that stands for it in a mapping file."""
        roles = {name: Role("column", name) for name in self.words.columns}
        roles |= {asked.id: Role("context", asked.id) for asked in self.checklist.context}
        roles |= {question.id: Role("question", question.id) for question in self.checklist.questions}
        for question in self.checklist.questions:
            for option in question.options:
                role = Role("option", question.id, option.id)
                roles[str(role)] = role
        return roles | {IGNORE: IGNORED}

    @cached_property
    def by_header(self) -> dict[str, Role]:
        """The role of each known header, by its folded text. A question's own words win."""
        found: dict[str, Role] = {}
        for question in self.checklist.questions:
            role = Role("question", question.id)
            _add(found, role, (question.id, question.label, question.ask))
            _add(found, role, self.words.questions.get(question.id, ()))
        for asked in self.checklist.context:
            role = Role("context", asked.id)
            _add(found, role, (asked.id, asked.label, asked.ask, *self.words.context.get(asked.id, ())))
        for name, column in self.words.columns.items():
            _add(found, Role("column", name), (name, *column.words))
        return found

    @cached_property
    def options_by_header(self) -> dict[str, Role]:
        """The question and option that a header alone can mean ("No qualifications"); ambiguous ones left out."""
        found: dict[str, set[Role]] = {}
        for question in self.checklist.questions:
            for option in question.options:
                role = Role("option", question.id, option.id)
                for text in (option.text, option.spoken):
                    found.setdefault(fold(text), set()).add(role)
        return {text: next(iter(roles)) for text, roles in found.items() if len(roles) == 1 and " " in text}

    def role_of(self, header: str) -> Role:
        """The role of a column with this header, exact after folding; `IGNORED` where nobody knows it."""
        text = fold(header)
        return self.by_header.get(text) or self.options_by_header.get(text) or IGNORED

    def role_of_pair(self, upper: str, lower: str) -> Role:
        """The role of a column whose header stands in two rows: together, the lower one, an option, the upper."""
        if not lower or not upper:
            return self.role_of(upper or lower)
        joined = self.role_of(f"{upper} {lower}")
        if joined is not IGNORED:
            return joined
        above = self.role_of(upper)
        if above.kind == "question":
            reading = self.features.normalise(above.name, lower)
            if isinstance(reading.value, str) and reading.value in self.checklist.question(above.name).by_id:
                return Role("option", above.name, reading.value)
        return self.role_of(lower)

    def identifies(self, role: Role) -> bool:
        """True for a column that is carried to the output so that people find the row."""
        return role.kind == "column" and self.words.columns[role.name].keep == "identifies"

    def never_kept(self, role: Role) -> bool:
        """True for a column that is dropped and named in the summary without its content."""
        return role.kind == "column" and self.words.columns[role.name].keep == "never"

    def row_words(self, name: str) -> frozenset[str]:
        """The folded words of one kind of row: `total`, `staff`, `ditto`, `repeated`."""
        return frozenset(fold(word) for word in self.words.rows.get(name, ()))

    def label(self, role: Role) -> str:
        """The role in words for people."""
        if role.kind in ("question", "option"):
            question = self.checklist.question(role.name)
            return f"{question.label}: {question.by_id[role.option].text}" if role.option else question.label
        if role.kind == "context":
            return self.checklist.context_by_id[role.name].label
        return role.name.replace("_", " ").capitalize()


def _words(features: Features) -> HeaderWords:
    try:
        return validate(HeaderWords, features.synonyms.headers)
    except ValidationError as problem:
        faults = [
            Fault("synonyms.yaml", f"headers.{'.'.join(str(step) for step in item['loc'])}: {item['msg']}.")
            for item in problem.errors(include_url=False)
        ]
        raise ContentError("synonyms.yaml cannot be used.", faults) from None


def _add(found: dict[str, Role], role: Role, words: tuple[str, ...]) -> None:
    for word in words:
        if text := fold(word):
            found.setdefault(text, role)
