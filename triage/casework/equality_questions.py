"""What is asked for equality monitoring, and under which groups are the answers counted?"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

from triage.checklist.schema import DECLINED, Id
from triage.content import ContentFolder
from triage.errors import ContentError
from triage.schema import Content, content, length
from triage.yamlfile import read_yaml

Text = Annotated[str, length(least=1)]


@content
class EqualityOption(Content):
    """One answer. `group`: the heading under which it stands, and is counted."""

    id: Id
    text: Text
    group: str = ""


@content
class EqualityQuestion(Content):
    """One question. `label` is what tables call it; `source` says where its wording comes from."""

    id: Id
    label: Text
    ask: Text
    hint: str = ""
    source: str = ""
    options: Annotated[tuple[EqualityOption, ...], length(least=2)]

    def __post_init__(self) -> None:
        ids = [option.id for option in self.options]
        if len(set(ids)) < len(ids) or DECLINED in ids:
            raise ValueError(f"in '{self.id}' two options have the same id, or one is '{DECLINED}'")
        if len({bool(option.group) for option in self.options}) > 1:
            raise ValueError(f"in '{self.id}' either each option has a group, or none")

    @cached_property
    def group_of(self) -> dict[str, str]:
        """The words under which each option is counted, by its id."""
        return {option.id: option.group or option.text for option in self.options}

    @property
    def sections(self) -> tuple[tuple[str, tuple[EqualityOption, ...]], ...]:
        """The options as they stand on the page: under each heading its own. Without groups there is one, unnamed."""
        headings = dict.fromkeys(option.group for option in self.options)
        return tuple((name, tuple(option for option in self.options if option.group == name)) for name in headings)

    @property
    def groups(self) -> tuple[str, ...]:
        """The words under which answers are counted, in their order."""
        return tuple(dict.fromkeys(self.group_of.values()))


@content
class EqualityQuestions(Content):
    """The equality monitoring file. `declined` is the answer of somebody who would rather not say."""

    version: str
    intro: Annotated[tuple[str, ...], length(least=1)]
    declined: Text
    questions: Annotated[tuple[EqualityQuestion, ...], length(least=1)]

    def __post_init__(self) -> None:
        if len(self.by_id) < len(self.questions):
            raise ValueError("two questions have the same id")

    @cached_property
    def by_id(self) -> dict[str, EqualityQuestion]:
        """Questions by their id."""
        return {question.id: question for question in self.questions}


def load_equality(folder: ContentFolder | None = None) -> EqualityQuestions:
    """The questions that belong to a content folder, the shipped ones where it has none of its own.

    Raises:
        ContentError: the file is missing or has faults; all are named with their line.
    """
    path = (folder or ContentFolder()).find("equality.yaml")
    if path is None:
        raise ContentError("There is no equality.yaml. It holds the questions of equality monitoring.")
    return read_yaml(path, EqualityQuestions, ContentError)
