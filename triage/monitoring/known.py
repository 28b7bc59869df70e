"""Whose outcomes are known: those in the records, and those in files that came from elsewhere?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    """

    outcomes: Outcomes | None
    recorded: int
    from_files: int
    left_out: int


def known_outcomes(
    service: Service, actor: Actor, files: Sequence[Outcomes], *, simulated: bool, progress: Progress | None = None
) -> Known:
    """What became of clients. A client counts once: by the first file that has them, else by the records.

    What clients said of sex, ethnic group and the like on the equality page is never put beside it: only a column of a
    file can say it.

    Args:
        service: the service.
        actor: an analyst or a manager.
        files: outcomes that were read from files, in their order.
        simulated: everybody in the records is simulated.
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
    recorded = _recorded(service, simulated, progress)
    parts = [*files, *([recorded] if recorded is not None else [])]
    seen = set[str]()
    kept: list[Outcomes] = []
    for part in parts:
        rows = np.array([str(client) not in seen for client in part.client], dtype=np.bool_)
        seen |= {str(client) for client in part.client}
        kept.append(part.take(rows))
    sizes = [len(part) for part in kept]
    own = sizes[-1] if recorded is not None else 0
    left_out = sum(map(len, parts)) - sum(sizes)
    return Known(joined(kept) if sum(sizes) else None, own, sum(sizes) - own, left_out)


def _recorded(service: Service, simulated: bool, progress: Progress | None) -> Outcomes | None:
    with service.database.read() as view:
        clients = clients_with_outcomes(service, view)
    chosen = []
    for done, client in enumerate(clients):
        found = chosen_of(service, client)
        if isinstance(found, Chosen):
            chosen.append(found)
        if progress is not None and done % _EACH == 0:
            progress(done, len(clients))
    if not chosen:
        return None
    outcomes = outcomes_of(service, service.engines.now, chosen, None)
    return replace(outcomes, source="the records", simulated=simulated)


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
