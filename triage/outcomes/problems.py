"""What is wrong with an outcomes file, or should be known about it, and does learning have to stop for it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from triage.faults import Fault

Severity = Literal["stop", "warn", "note"]
#: How many row numbers a sentence names.
SHOWN_ROWS = 5


@dataclass(frozen=True)
class Remark:
    """One thing that people should know before they learn from outcomes.

    Attributes:
        id: a stable word for programs.
        severity: "stop": nothing can be learned from this as it stands; "warn": look at it; "note": for information.
        text: what it is, where, and what to do, in sentences.
        figures: the numbers behind it, by name.
    """

    id: str
    severity: Severity
    text: str
    figures: Mapping[str, float | int | str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Unusable:
    """A row that is not among the outcomes, and why.

    Attributes:
        row: the number that a person sees: the row of the sheet or the line of the CSV; in Parquet from 1.
        client: the client's id as it stands in the file, "" where there is none.
        faults: everything that is wrong with the row. No fault repeats a cell.
    """

    row: int
    client: str
    faults: tuple[Fault, ...]

    @property
    def reason(self) -> str:
        """All faults in one line."""
        return " ".join(
            str(Fault("", f"{fault.where.partition(', ')[2]}: {fault.what}", fault.hint)) for fault in self.faults
        )


def reasons(unusable: Sequence[Unusable], named: bool = True) -> list[Fault]:
    """How often each fault occurs, the most frequent first, with the first rows where they are to be `named`."""
    rows: dict[str, list[int]] = {}
    hints: dict[str, Counter[str]] = {}
    for item in unusable:
        for fault in item.faults:
            key = f"{fault.where.partition(', ')[2]}: {fault.what}"
            rows.setdefault(key, []).append(item.row)
            hints.setdefault(key, Counter())[fault.hint] += 1
    ordered = sorted(rows.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return [
        Fault(
            "",
            f"{key} {in_rows(found) if named else counted(len(found), 'row') + '.'}",
            hints[key].most_common(1)[0][0],
        )
        for key, found in ordered
    ]


def in_rows(rows: Sequence[int]) -> str:
    """ "3 rows (12, 15, 19)." or "812 rows (first 2, 3, 4, 5, 6)."."""
    shown = ", ".join(str(row) for row in rows[:SHOWN_ROWS])
    first = "first " if len(rows) > SHOWN_ROWS else ""
    return f"{counted(len(rows), 'row')} ({first}{shown})."


def counted(number: int, thing: str) -> str:
    """ "1 row" or "1,203 rows"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
