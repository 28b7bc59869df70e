"""What does this organisation ask its clients? A checklist, loaded and ready to use."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path

from triage.checklist.schema import ChecklistFile, ContextField, Factor, Label, Question, Source
from triage.content import ContentFolder
from triage.errors import ContentError
from triage.faults import did_you_mean
from triage.yamlfile import read_yaml

#: Context fields that the engine understands when a checklist has them.
REDUNDANCY_STATUS, JOB_ENDS, COMPLEX_NEEDS = "redundancy_status", "job_ends", "complex_needs"


class Checklist:
    """A checklist: factors, questions in order, and what is asked beside them.

    Make one with `Checklist.load()`.
    """

    def __init__(self, file: ChecklistFile, folder: ContentFolder) -> None:
        self._file = file
        self.folder = folder
        self.questions: tuple[Question, ...] = file.questions
        self.factors: tuple[Factor, ...] = file.factors
        self.context: tuple[ContextField, ...] = file.context

    @classmethod
    def load(cls, folder: str | Path | None = None) -> Checklist:
        """The checklist of `folder` (the shipped one where None).

        Raises:
            ContentError: there is no `checklist.yaml`, or it has faults; all are named with their line.
        """
        content = ContentFolder(folder)
        path = content.find("checklist.yaml")
        if path is None:
            raise ContentError(f"There is no checklist.yaml in {content}. Give the folder that holds it.")
        return cls(read_yaml(path, ChecklistFile, ContentError), content)

    @property
    def id(self) -> str:
        """The checklist's id, for instance "pace"."""
        return self._file.id

    @property
    def version(self) -> str:
        """Id and version in one word, for instance "pace-2021.1"."""
        return f"{self._file.id}-{self._file.version}"

    @property
    def title(self) -> str:
        """The checklist's title."""
        return self._file.title

    @property
    def label(self) -> Label:
        """What is estimated, in words."""
        return self._file.label

    @property
    def source(self) -> Source:
        """Where the checklist comes from."""
        return self._file.source

    @cached_property
    def by_id(self) -> dict[str, Question]:
        """Questions by their id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def context_by_id(self) -> dict[str, ContextField]:
        """Context fields by their id."""
        return {field.id: field for field in self.context}

    @cached_property
    def event_form(self) -> tuple[Question, ...]:
        """The questions of the event form, in its order."""
        chosen = [question for question in self.questions if question.event_form is not None]
        return tuple(sorted(chosen, key=lambda question: question.event_form or 0))

    def question(self, question_id: str) -> Question:
        """The question with this id.

        Raises:
            ContentError: the checklist has no such question.
        """
        try:
            return self.by_id[question_id]
        except KeyError:
            hint = did_you_mean(question_id, self.by_id)
            message = f"The checklist {self.version} has no question '{question_id}'. {hint}"
            raise ContentError(message.strip()) from None

    def factor(self, factor_id: str) -> Factor:
        """The factor with this id, which the file's own check says is there."""
        return next(factor for factor in self.factors if factor.id == factor_id)


def applies(question: Question, status: str | None, job_ends: date | None, on: date) -> bool:
    """False while it is known to be too early to ask `question`.

    A question about job search applies once the job has ended and the stated number of weeks has passed.
    Where neither the status nor the date is known it applies: an answer that was given is then used.
    """
    weeks = question.not_applicable_until_weeks_after_job_ends
    if weeks is None:
        return True
    if status in ("at_risk", "under_notice"):
        return False
    return job_ends is None or (on - job_ends).days >= 7 * weeks
