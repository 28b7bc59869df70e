"""Which other words do people write for an answer, for "prefer not to say", or for nothing at all?"""

from __future__ import annotations

from dataclasses import field
from typing import Any

from triage.content import ContentFolder
from triage.errors import ContentError
from triage.schema import Content, content
from triage.yamlfile import read_yaml


@content
class Synonyms(Content):
    """The synonyms file. `headers` and what belongs to it is read by the attendance lists."""

    answers: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    declined: tuple[str, ...] = ()
    not_given: tuple[str, ...] = ()
    headers: dict[str, Any] = field(default_factory=dict)


def load_synonyms(folder: ContentFolder) -> Synonyms:
    """The synonyms that belong to a content folder.

    Raises:
        ContentError: the file has faults; all are named.
    """
    path = folder.find("synonyms.yaml")
    return read_yaml(path, Synonyms, ContentError) if path is not None else Synonyms()
