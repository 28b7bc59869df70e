"""Which clients would get another band than now?"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from triage.errors import UserError
from triage.lists.safety import is_dangerous
from triage.outcomes import Outcomes
from triage.outcomes.unusable import MARK
from triage.tuning.candidates import Candidate
from triage.tuning.consequences import places_of
from triage.tuning.deciding import Deciding

COLUMNS = ("client", "policy", "band_now", "band_then")


@dataclass(frozen=True, eq=False)
class Movers:
    """Clients whose band would change, in the order of the file; a client with two job losses may stand there twice.

    Attributes:
        rows: client as in the input file, policy, band now, band then.
        simulated: True where none of them exists.
    """

    rows: tuple[tuple[str, str, str, str], ...]
    simulated: bool

    def text(self) -> str:
        """As CSV; nothing in it can run as a formula."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        more = ("simulated",) if self.simulated else ()
        writer.writerow([*COLUMNS, *more])
        for client, *rest in self.rows:
            safe = f"'{client}" if is_dangerous(client) else client
            writer.writerow([safe, *rest, *(["yes"] if self.simulated else [])])
        return out.getvalue()

    def write(self, path: Path) -> None:
        """Write the CSV so that its owner alone can read it.

        Raises:
            UserError: it cannot be written.
        """
        try:
            path.unlink(missing_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(MARK + self.text().encode())
        except OSError as problem:
            raise UserError(f"{path} cannot be written: {problem.strerror}.") from None


def movers_of(policies: Sequence[Candidate], outcomes: Outcomes, deciding: Deciding) -> Movers:
    """The clients whose band each policy would change.

    Args:
        policies: the one in force first.
        outcomes: the people, in the order of the file.
        deciding: their scores, in the same order.
    """
    current, *others = policies
    ids, now = current.points.ids, places_of(current, deciding)
    found: list[tuple[str, str, str, str]] = []
    for policy in others:
        then = places_of(policy, deciding)
        rows = np.flatnonzero(then != now).tolist()
        found += [(str(outcomes.client[row]), policy.id, ids[now[row]], ids[then[row]]) for row in rows]
    return Movers(tuple(found), outcomes.simulated)
