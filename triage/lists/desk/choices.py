"""What may a person say that a column holds, and how does that become a mapping?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from triage.engine import Engine
from triage.errors import ListError
from triage.faults import Fault
from triage.features import fold
from triage.lists.mapping import ColumnMapping, mapping_of
from triage.lists.vocabulary import Role, Vocabulary
from triage.yamlfile import count

#: What the choices are called in a message.
CHOICES = "The list of columns"
Group = Literal["answers", "ticks", "beside", "identifies", "other", "never", "ignored"]
#: The groups in the order in which a page offers them, with what each does, in words.
GROUPS: dict[Group, str] = {
    "answers": "Answers a question of the checklist",
    "beside": "Asked beside the checklist",
    "identifies": "Says who somebody is",
    "other": "Helps to read the list",
    "ticks": "A column to tick one answer",
    "never": "Never kept",
    "ignored": "Not used",
}


@dataclass(frozen=True)
class RoleChoice:
    """Something that a column may hold: the text for a mapping, the words for people, and its group."""

    id: str
    label: str
    group: Group


def roles(engine: Engine) -> tuple[RoleChoice, ...]:
    """Everything that a column may hold, group by group and in the order of the checklist."""
    vocabulary = Vocabulary(engine.checklist, engine.features)
    found = [choice_of(role, vocabulary) for role in vocabulary.roles.values()]
    order = list(GROUPS)
    return tuple(sorted(found, key=lambda choice: order.index(choice.group)))


def choice_of(role: Role, vocabulary: Vocabulary) -> RoleChoice:
    """A role as a choice."""
    label = GROUPS["ignored"] if role.kind == "ignored" else vocabulary.label(role)
    return RoleChoice(str(role), label, _group(role, vocabulary))


def mapping_from(engine: Engine, choices: Mapping[str, str]) -> ColumnMapping:
    """The mapping that a person chose: by heading, as the list has it, the id of a `RoleChoice`.

    Raises:
        ListError: there is no such role, or one heading has two; all are named.
    """
    mapping = mapping_of(choices, Vocabulary(engine.checklist, engine.features), CHOICES)
    given: dict[str, set[str]] = {}
    for heading, role in choices.items():
        given.setdefault(fold(heading), set()).add(role)
    torn = [mapping.headings[heading] for heading, ids in given.items() if len(ids) > 1]
    twice = [Fault(f"'{heading}'", "it is given two roles.") for heading in torn]
    if twice:
        raise ListError(f"{CHOICES} cannot be used: {count(twice)}.", twice)
    return mapping


def choices_of(mapping: ColumnMapping) -> dict[str, str]:
    """The choices that a mapping stands for, to be kept and used again."""
    return {heading: str(mapping.roles[folded]) for folded, heading in mapping.headings.items()}


def _group(role: Role, vocabulary: Vocabulary) -> Group:
    groups: dict[str, Group] = {"question": "answers", "option": "ticks", "context": "beside", "ignored": "ignored"}
    if role.kind != "column":
        return groups[role.kind]
    if vocabulary.never_kept(role):
        return "never"
    return "identifies" if vocabulary.identifies(role) else "other"
