"""Which column of the list answers which question, and who says so?

A mapping is suggested from the headings, can be saved, changed in a text editor, and used again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from triage.errors import ListError, UsageError
from triage.faults import Fault, did_you_mean
from triage.features import fold
from triage.lists.headers import Headings
from triage.lists.vocabulary import IGNORED, Role, Vocabulary
from triage.yamlfile import count, parse_yaml, read_text

_HEAD = """\
# Which column of an attendance list holds what. Written by ltu-triage, to be changed by hand where it is wrong.
# On the left the heading as it stands in the list; on the right one of:
#   the id of a question             (ltu-triage checklist shows them)
#   question=option                  for a column in which people tick one option
#   a kind of column                 {kinds}
#   ignore                           not used
"""


@dataclass(frozen=True)
class ColumnMapping:
    """A mapping file: roles by folded heading, and the headings as the file gives them."""

    roles: Mapping[str, Role]
    headings: Mapping[str, str]

    @property
    def known(self) -> frozenset[str]:
        """The folded headings."""
        return frozenset(self.roles)


EMPTY = ColumnMapping({}, {})


def load_mapping(path: Path, vocabulary: Vocabulary) -> ColumnMapping:
    """The mapping in a YAML file.

    Raises:
        ListError: the file cannot be read, or names a question or a kind that does not exist; all are named.
    """
    data = parse_yaml(read_text(path, ListError), path, ListError)
    columns = data.get("columns") if isinstance(data, dict) else None
    if not isinstance(columns, dict) or not columns:
        raise ListError(f"{path.name} is not a mapping. It needs 'columns:' with a heading and a question a line.")
    return mapping_of(columns, vocabulary, path.name)


def mapping_of(columns: Mapping[Any, Any], vocabulary: Vocabulary, name: str) -> ColumnMapping:
    """The mapping that gives each heading the role of this text.

    Args:
        columns: by heading, what its columns hold, as in a mapping file.
        vocabulary: the roles that there are.
        name: what the mapping is called in a message.

    Raises:
        ListError: there is no such role; all are named.
    """
    faults: list[Fault] = []
    roles: dict[str, Role] = {}
    for heading, wanted in columns.items():
        role = vocabulary.roles.get(_text(wanted))
        if role is None:
            hint = did_you_mean(_text(wanted), vocabulary.roles)
            what = f"there is no question and no kind of column '{_text(wanted)}'."
            faults.append(Fault(f"{name}, '{heading}'", what, hint))
        else:
            roles[fold(str(heading))] = role
    if faults:
        raise ListError(f"{name} cannot be used: {count(faults)}.", faults)
    return ColumnMapping(roles, {fold(str(heading)): str(heading) for heading in columns})


def check_mapping(mapping: ColumnMapping, found: Sequence[Headings], name: str) -> None:
    """Raises ListError where the mapping names headings that no table of the list has; all are named."""
    present = {fold(heading): heading for table in found for heading in table.names if heading}
    faults = [
        Fault(f"{name}, '{heading}'", "the list has no such heading.", did_you_mean(heading, present.values()))
        for folded, heading in mapping.headings.items()
        if folded not in present
    ]
    if faults:
        raise ListError(f"{name} does not fit this list: {count(faults)}.", faults)


def apply_mapping(headings: Headings, mapping: ColumnMapping) -> tuple[Role, ...]:
    """The role of each column: the mapping's where it names the heading, else the suggested one."""
    pairs = zip(headings.names, headings.roles, strict=True)
    return tuple(mapping.roles.get(fold(name), role) if name else IGNORED for name, role in pairs)


def save_mapping(path: Path, tables: Sequence[tuple[Headings, Sequence[Role]]], vocabulary: Vocabulary) -> None:
    """Writes the mapping of all tables as YAML, each heading once, in the order of the list."""
    columns: dict[str, str] = {}
    for headings, roles in tables:
        for name, role in zip(headings.names, roles, strict=True):
            if name and all(fold(name) != fold(known) for known in columns):
                columns[name] = str(role)
    kinds = ", ".join(vocabulary.words.columns)
    body: str = yaml.safe_dump({"columns": columns}, allow_unicode=True, sort_keys=False, width=110)
    try:
        path.write_text(_HEAD.format(kinds=_wrapped(kinds)) + body, encoding="utf-8")
    except OSError as problem:
        raise ListError(f"The mapping cannot be written to {path}: {problem.strerror}.") from None


def check_target(path: Path, others: Sequence[Path]) -> None:
    """Raises UsageError where a mapping would be written over the list, the output, or the mapping that is read."""
    for other in others:
        if path.resolve() == other.resolve() or (path.exists() and other.exists() and path.samefile(other)):
            raise UsageError(f"--save-mapping would overwrite {other.name}. Give another name.")


def _wrapped(text: str) -> str:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > 70:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return ("\n#" + " " * 34).join(lines)


def _text(wanted: Any) -> str:
    return str(wanted).strip() if wanted is not None else "ignore"
