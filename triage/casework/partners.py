"""Which assessments did a partner's program start? In the order in which they were started, a part at a time."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from triage.casework.cases import require
from triage.casework.service import Service
from triage.casework.texts import field_error
from triage.records.actor import Actor
from triage.records.database import Row
from triage.records.tables import assessments

MOST = 200
_APART = "\0"


@dataclass(frozen=True)
class Part:
    """Part of a list.

    Attributes:
        rows: the rows.
        after: where the next part begins; "" at the end.
    """

    rows: Sequence[Row]
    after: str


def started(
    service: Service, actor: Actor, *, state: str = "", practice: bool = False, after: str = "", size: int = 50
) -> Part:
    """The assessments of the actor's key, the newest first. One that is started meanwhile moves nothing.

    Args:
        service: the service.
        actor: a partner's program.
        state: only those in this state; "" for all.
        practice: only those of invented clients, or only the others.
        after: of the part before; "" for the first one.
        size: how many rows at most, 1 to `MOST`.

    Raises:
        AccessError: the actor is no partner's program.
        CaseworkError: `after` was not made by this service.
    """
    require(actor, "partner")
    c = assessments.c
    query = sa.select(assessments).where(
        c.office == actor.office, c.api_key == actor.account, c.practice == sa.literal(practice)
    )
    if state:
        query = query.where(c.state == state)
    if after:
        at, row_id = read_place(after)
        query = query.where(sa.or_(c.started_at < at, sa.and_(c.started_at == at, c.id > row_id)))
    with service.database.read() as view:
        rows = view.all(query.order_by(c.started_at.desc(), c.id).limit(size + 1))
    more = len(rows) > size
    return Part(rows[:size], place(rows[size - 1]["started_at"], rows[size - 1]["id"]) if more else "")


def place(*parts: str) -> str:
    """A place in a list, as a program sends it back."""
    return base64.urlsafe_b64encode(_APART.join(parts).encode()).decode().rstrip("=")


def read_place(text: str) -> tuple[str, str]:
    """What `place` wrote of two parts.

    Raises:
        CaseworkError: it was not made by `place`.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        first, second = data.decode("ascii").split(_APART)
    except (binascii.Error, ValueError):
        raise field_error("cursor", "This place in the list is not one.", "Send 'next' of the answer before.") from None
    return first, second
