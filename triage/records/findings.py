"""What did a check of the records find, in words that a manager understands?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "event_missing",  # a gap in the numbers
    "event_changed",  # its content does not fit its hash
    "event_forged",  # its mark was not made with the key
    "chain_broken",  # it does not follow the event before it
    "changes_altered",  # the list of changed rows does not fit the event
    "changes_alone",  # a list of changed rows without an event
    "row_changed",
    "row_added",
    "row_missing",
    "salt_missing",  # a row that cannot be checked any more
    "salt_left",  # an erased row of which something is left in the trail
    "erased_back",  # erased, and here again
    "tail_cut",  # events that were exported are not there
    "head_differs",  # the event that was exported is another one
    "no_heads",
    "ledger_damaged",  # a file beside the database
    "table_missing",
    "guard_missing",
    "guard_off",
    "guard_altered",
    "guard_strange",
]
#: So many findings of one kind are kept with their place; the others are counted.
KEPT = 20


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was left.

    Attributes:
        kind: a stable word for programs.
        words: what was found.
        seq: the event of the audit trail that it is about; None for none.
        table: the table; empty for none.
        row: the random id of the row; empty for none.
    """

    kind: Kind
    words: str
    seq: int | None = None
    table: str = ""
    row: str = ""


class Findings:
    """Collects findings. A rewritten trail has millions; the first of each kind say enough."""

    def __init__(self) -> None:
        self.kept: list[Finding] = []
        self.counts: Counter[Kind] = Counter()

    def add(self, kind: Kind, words: str, seq: int | None = None, table: str = "", row: object = "") -> None:
        """Note one finding."""
        self.counts[kind] += 1
        if self.counts[kind] <= KEPT:
            self.kept.append(Finding(kind, words, seq, table, str(row)))


@dataclass(frozen=True)
class Report:
    """What a check of the records found.

    Attributes:
        events: how many events the audit trail holds.
        rows: how many rows were compared with it.
        erased: how many rows it knows as erased.
        last_seq: the last event; 0 for an empty trail.
        last_at: when that was.
        heads: how many exported heads the trail was compared with.
        head_seq: the last event whose export was confirmed; what came later rests on the marks alone.
        findings: what is not as it was left, the first of each kind.
        counts: how often each kind was found.
        notes: what should be known, and is no alarm.
    """

    events: int = 0
    rows: int = 0
    erased: int = 0
    last_seq: int = 0
    last_at: str = ""
    heads: int = 0
    head_seq: int = 0
    findings: tuple[Finding, ...] = ()
    counts: dict[Kind, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """True where everything is as it was left."""
        return not self.findings

    def lines(self) -> list[str]:
        """The report as lines for people."""
        lines = [f"{self.events:,} events, {self.rows:,} rows, {self.erased:,} erased rows."]
        lines += [f"Note: {note}" for note in self.notes]
        for kind, count in self.counts.items():
            lines += [f"Found: {finding.words}" for finding in self.findings if finding.kind == kind]
            if count > KEPT:
                lines.append(f"  and {count - KEPT:,} more of this kind")
        total = sum(self.counts.values())
        lines.append("Everything is as it was left." if self.sound else f"Not as it was left: {total:,} findings.")
        return lines

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "sound": self.sound, "events": self.events, "rows": self.rows, "erased": self.erased,
            "last_seq": self.last_seq, "last_at": self.last_at, "heads": self.heads, "head_seq": self.head_seq,
            "counts": dict(self.counts), "notes": list(self.notes),
            "findings": [
                {"kind": f.kind, "words": f.words, "seq": f.seq, "table": f.table, "row": f.row} for f in self.findings
            ],
        }  # fmt: skip
