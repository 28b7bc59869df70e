"""Whose outcomes are known: those in the records, and those in files that came from elsewhere?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from triage.casework.cases import require
from triage.casework.exporting import Chosen, chosen_of, clients_with_outcomes, outcomes_of
from triage.casework.service import Service
from triage.errors import OutcomesError
from triage.evaluation.figures import Progress
from triage.outcomes import Outcomes
from triage.records.actor import Actor

#: How often progress is told.
_EACH = 500


@dataclass(frozen=True, eq=False)
class Known:
    """Outcomes of all sources together.

    Attributes:
        outcomes: one row for each job loss; None where there are none.
        recorded, from_files: how many rows came from where.
        left_out: rows of the records and of later files of clients who stand in a file before.
        outside: rows of other days than those that were asked for, or of a day that is not known.
    """

    outcomes: Outcomes | None
    recorded: int
    from_files: int
    left_out: int
    outside: int


def known_outcomes(
    service: Service, actor: Actor, files: Sequence[Outcomes], *, simulated: bool, since: date | None = None,
    until: date | None = None, progress: Progress | None = None,
) -> Known:  # fmt: skip
    """What became of clients. A client counts once: by the first file that has them, else by the records.

    What clients said of sex, ethnic group and the like on the equality page is never put beside it: only a column of a
    file can say it.

    Args:
        service: the service.
        actor: an analyst or a manager.
        files: outcomes that were read from files, in their order.
        simulated: everybody in the records is simulated.
        since, until: the first and the last day: of the score that an outcome of the records belongs to, and of the
            `date` of a file, on which the job ended. Every day, known or not, where both are None.
        progress: is told how many clients of the records are looked at, and of how many.

    Raises:
        AccessError: the actor may not read the records.
        OutcomesError: simulated and real people would be mixed.
    """
    require(actor, "analyst", "manager")
    for file in files:
        if file.simulated != simulated:
            one, other = ("simulated", "not said to be") if file.simulated else ("real", "said to be simulated")
            raise OutcomesError(
                f"The people in {file.source or 'a file'} are {one}, and those in the records are {other}. Give"
                " --simulated where everybody in the records is simulated, and only there, or leave the file out."
            )
    span = _Span(since, until)
    recorded, elsewhere = _recorded(service, simulated, span, progress)
    within = [file.take(span.holds(file.date)) for file in files]
    parts = [*within, *([recorded] if recorded is not None else [])]
    seen = set[str]()
    kept: list[Outcomes] = []
    for part in parts:
        rows = np.array([str(client) not in seen for client in part.client], dtype=np.bool_)
        seen |= {str(client) for client in part.client}
        kept.append(part.take(rows))
    sizes = [len(part) for part in kept]
    own = sizes[-1] if recorded is not None else 0
    left_out = sum(map(len, parts)) - sum(sizes)
    outside = elsewhere + sum(map(len, files)) - sum(map(len, within))
    return Known(joined(kept) if sum(sizes) else None, own, sum(sizes) - own, left_out, outside)


@dataclass(frozen=True)
class _Span:
    """Days from the first to the last; without end where one is None."""

    first: date | None
    last: date | None

    def holds(self, days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        """[n] True for a day in it; one that is not known is in it where it has no end at all."""
        if self.first is None and self.last is None:
            return np.ones(len(days), dtype=np.bool_)
        first = np.datetime64(self.first or date.min, "D")
        last = np.datetime64(self.last or date.max, "D")
        # A day that is not known compares with nothing.
        found: NDArray[np.bool_] = (days >= first) & (days <= last)
        return found


def _recorded(service: Service, simulated: bool, span: _Span, progress: Progress | None) -> tuple[Outcomes | None, int]:
    """The outcomes of the records that belong to scores of these days, and how many belong to others."""
    with service.database.read() as view:
        clients = clients_with_outcomes(service, view)
    chosen = []
    for done, client in enumerate(clients):
        found = chosen_of(service, client)
        if isinstance(found, Chosen):
            chosen.append(found)
        if progress is not None and done % _EACH == 0:
            progress(done, len(clients))
    days = np.array([found.score["scored_on"] for found in chosen], dtype="datetime64[D]")
    counted = [found for found, is_in in zip(chosen, span.holds(days), strict=True) if is_in]
    if not counted:
        return None, len(chosen)
    outcomes = outcomes_of(service, service.engines.now, counted, None)
    return replace(outcomes, source="the records", simulated=simulated), len(chosen) - len(counted)


def joined(parts: Sequence[Outcomes]) -> Outcomes:
    """Outcomes one after the other. A column that some do not have is "not stated" there."""
    one = parts[0]

    def texts(kind: str) -> dict[str, NDArray[np.object_]]:
        names = sorted({name for part in parts for name in getattr(part, kind)})
        return {
            name: np.concatenate([getattr(part, kind).get(name, _blank(len(part))) for part in parts]) for name in names
        }

    return Outcomes(
        client=np.concatenate([part.client for part in parts]),
        inputs=np.concatenate([part.inputs for part in parts]),
        states=np.concatenate([part.states for part in parts]),
        weeks=np.concatenate([part.weeks for part in parts]),
        kind=np.concatenate([part.kind for part in parts]),
        place=np.concatenate([part.place for part in parts]),
        weight=np.concatenate([part.weight for part in parts]),
        date=np.concatenate([part.date for part in parts]),
        groups=texts("groups"),
        notes=texts("notes"),
        support_start=np.concatenate([_starts(part) for part in parts]),
        simulated=one.simulated,
        source=" and ".join(dict.fromkeys(part.source for part in parts if len(part))),
    )


def _blank(size: int) -> NDArray[np.object_]:
    return np.full(size, "", dtype=object)


def _starts(part: Outcomes) -> NDArray[np.float64]:
    return part.support_start if len(part.support_start) == len(part) else np.full(len(part), np.nan)
