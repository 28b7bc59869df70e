"""What became of the clients of a partner's program, as rows of the learning contract, a part at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triage.casework.cases import require
from triage.casework.exporting import Chosen, chosen_of, client_digest, clients_with_outcomes, outcomes_of
from triage.casework.partners import place, read_place
from triage.casework.service import Service
from triage.outcomes.layout import OPTIONAL
from triage.outcomes.write import frame_of
from triage.records.actor import Actor
from triage.records.audit import Event

#: Nobody in this service is simulated, and everybody counts once.
_NEVER = ("weight", "simulated")
_KIND = "outcomes"


@dataclass(frozen=True)
class OutcomeRows:
    """Part of the rows.

    Attributes:
        rows: by the names of the contract's columns; None for an empty cell.
        after: where the next part begins; "" at the end.
    """

    rows: Sequence[Mapping[str, Any]]
    after: str


def rows(service: Service, actor: Actor, *, after: str = "", size: int = 50) -> OutcomeRows:
    """Rows of clients who were started with the actor's key, as an analyst's export has them.

    They come in the order of their digests, which says nothing. An outcome that is recorded meanwhile may be missed;
    it is there the next time.

    Raises:
        AccessError: the actor is no partner's program.
        CaseworkError: `after` was not made by this service.
    """
    require(actor, "partner")
    first = read_place(after)[1] if after else ""
    with service.database.read() as view:
        clients = clients_with_outcomes(service, view, actor.account)
    found = [chosen_of(service, client) for client in clients if client_digest(service, client.id) > first]
    chosen = [row for row in found if isinstance(row, Chosen)]
    part, more = chosen[:size], len(chosen) > size
    detail = {"what": _KIND, "rows": len(part)}
    with service.database.write(Event(actor, "exported", detail=detail, note=True)):
        pass
    end = place(_KIND, client_digest(service, part[-1].client.id)) if more else ""
    return OutcomeRows(_cells(service, part), end)


def _cells(service: Service, part: Sequence[Chosen]) -> list[dict[str, Any]]:
    """The cells of each row, with every column of the contract, so that all parts have the same ones."""
    if not part:
        return []
    engine = service.engines.now
    frame = frame_of(outcomes_of(service, engine, part, None), engine.features)
    empty = {name: None for name in OPTIONAL if name not in _NEVER}
    return [{**empty, **row} for row in frame.iter_rows(named=True)]
