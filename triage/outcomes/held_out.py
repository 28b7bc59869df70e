"""What would a model say of the people it learned from, had it not seen them? Their out-of-fold log-odds, kept."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triage.errors import OutcomesError
from triage.outcomes.outcomes import Outcomes
from triage.outcomes.problems import counted
from triage.outcomes.seen import DAMAGED, Seen, contents, folded_clients, keyed, write_private

Array = NDArray[np.float64]
OUT_OF_FOLD = "out-of-fold.csv"
_COLUMNS = ("row", "logit")
_SIMULATED = "simulated"


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Out-of-fold log-odds of the people that a model learned from.

    Attributes:
        seen: who they are; its key is that of the digests.
        by_row: log-odds by the keyed digest of a row with its client.
    """

    seen: Seen
    by_row: Mapping[str, float] = field(repr=False)

    @classmethod
    def of(cls, seen: Seen, outcomes: Outcomes, logits: Array) -> HeldOut:
        """The record of these outcomes.

        Args:
            seen: the record of the same outcomes.
            outcomes: the n rows that were learned from.
            logits: [n] log-odds of each, by tables that were learned without the client.
        """
        return cls(seen, dict(zip(_rows(seen, outcomes), logits.tolist(), strict=True)))

    def logits(self, outcomes: Outcomes) -> Array:
        """[n] the out-of-fold log-odds of these rows.

        Raises:
            OutcomesError: a row was not learned from as it stands here.
        """
        found = [self.by_row.get(row) for row in _rows(self.seen, outcomes)]
        missing = sum(logit is None for logit in found)
        if missing:
            raise OutcomesError(
                f"{outcomes.source or 'The file'}: {counted(missing, 'row')} of {len(found):,} are not among those that"
                f" {self.seen.model} learned from, so there is no out-of-fold score of them. Give the file that it"
                " learned from, unchanged, or people of whom it has seen nobody."
            )
        return np.array(found, dtype=np.float64)

    def save(self, folder: Path) -> None:
        """Write `out-of-fold.csv` into `folder`, beside `seen.json`.

        Raises:
            UsageError: it is there already, or cannot be written.
        """
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        simulated = self.seen.simulated
        writer.writerow([*_COLUMNS, *([_SIMULATED] if simulated else [])])
        for row, logit in sorted(self.by_row.items()):
            writer.writerow([row, f"{logit:.17g}", *(["yes"] if simulated else [])])
        write_private(folder, OUT_OF_FOLD, text.getvalue())

    @classmethod
    def load(cls, folder: Path) -> HeldOut:
        """The record in `folder`.

        Raises:
            OutcomesError: there is none, or it cannot be read.
        """
        seen, path = Seen.load(folder), folder / OUT_OF_FOLD
        try:
            rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
            if tuple(rows[0][: len(_COLUMNS)]) != _COLUMNS:
                raise ValueError("the headings")
            return cls(seen, {row[0]: _logit(row[1]) for row in rows[1:]})
        except FileNotFoundError:
            raise OutcomesError(f"{folder} has no {OUT_OF_FOLD}: no out-of-fold scores were kept there.") from None
        except (OSError, ValueError, IndexError, csv.Error):
            raise OutcomesError(f"{path} {DAMAGED}") from None


def _rows(seen: Seen, outcomes: Outcomes) -> list[str]:
    """[n] the keyed digest of each row with its client."""
    pairs = zip(folded_clients(outcomes), contents(outcomes), strict=True)
    return [keyed(seen.key, client + b"\0" + content) for client, content in pairs]


def _logit(text: str) -> float:
    logit = float(text)
    if not math.isfinite(logit):
        raise ValueError("no finite number")
    return logit
