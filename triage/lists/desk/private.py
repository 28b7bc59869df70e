"""Who is meant in a row, as the list has it? Kept apart from everything else that is known of the row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from triage.features import fold
from triage.lists.dates import Century, read_date
from triage.lists.fields import UNTICKED
from triage.lists.lines import LineMaker
from triage.lists.names import SHEET
from triage.lists.people import People
from triage.lists.safety import REMOVED, cleaned
from triage.lists.tidy import Table
from triage.lists.vocabulary import Role, Vocabulary

#: Kinds of column that an output does not carry, and that tell people apart.
_ALSO = ("date_of_birth", "postcode")
_WANTS = "interests"
#: The key of a birth date that is certain.
BORN = "born"


class PrivateColumns:
    """The columns of one table that identify people or say what they asked for."""

    def __init__(self, maker: LineMaker, number: int) -> None:
        table = maker.plan.tables[number]
        self._vocabulary, self._on = maker.vocabulary, maker.options.on
        self._month_first = maker.facts.month_first[number]
        silent = maker.vocabulary.features.synonyms.not_given
        self._nothing = frozenset(fold(word) for word in silent) | UNTICKED
        if table.own:
            self._identity = _of_output(maker, number)
            self._wants: list[tuple[str, int]] = []
        else:
            self._identity = _of_list(table, maker.vocabulary)
            self._wants = _columns(table, (_WANTS,))

    def identity(self, cells: Mapping[str, Sequence[str | None]], at: int) -> dict[str, str]:
        """Who is meant in the row at `at`."""
        found: dict[str, str] = {}
        for kind, place in self._identity:
            text = clean(cells[f"c{place}"][at])
            if text:
                name, number = kind, 2
                while name in found:
                    name, number = f"{kind}_{number}", number + 1
                found[name] = text
                if kind == "date_of_birth" and BORN not in found and (born := self._born(text, place)):
                    found[BORN] = born.isoformat()
        return found

    def wants(self, cells: Mapping[str, Sequence[str | None]], at: int) -> dict[str, str]:
        """What the person of the row at `at` asked for, by heading."""
        found = {heading: clean(cells[f"c{place}"][at]) for heading, place in self._wants}
        return {heading: text for heading, text in found.items() if text and fold(text) not in self._nothing}

    def _born(self, text: str, place: int) -> date | None:
        found = read_date(text, Century.of_births(self._on))
        return None if found.slash and place in self._month_first else found.value


def clean(text: str | None) -> str:
    """The text of a cell without National Insurance numbers; "" where nothing else is there."""
    found = cleaned(text or "")
    return "" if found.strip() == REMOVED else found


def cells_of(people: People) -> dict[str, list[str | None]]:
    """The cells of a chunk by column, as lists: rows are looked at one by one."""
    frame = people.own.cells if people.own is not None else people.rows.cells
    return {str(name): values for name, values in frame.to_dict(as_series=False).items()}


def _of_list(table: Table, vocabulary: Vocabulary) -> list[tuple[str, int]]:
    return [
        (role.name, place)
        for place, role in enumerate(table.roles)
        if table.visible(place) and (vocabulary.identifies(role) or (role.kind == "column" and role.name in _ALSO))
    ]


def _of_output(maker: LineMaker, number: int) -> list[tuple[str, int]]:
    """The carried columns of an output, by the kind that their heading names, or else by the heading."""
    found = []
    for name, place in zip(maker.plan.names, maker.plan.carried[number], strict=True):
        role: Role = maker.vocabulary.role_of(name)
        if place is not None and name != SHEET:
            found.append((role.name if maker.vocabulary.identifies(role) else name, place))
    return found


def _columns(table: Table, kinds: Sequence[str]) -> list[tuple[str, int]]:
    names = table.headings.names if table.headings is not None else ()
    return [
        (names[place], place)
        for place, role in enumerate(table.roles)
        if role.kind == "column" and role.name in kinds and table.visible(place) and names
    ]
