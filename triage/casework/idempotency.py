"""Was this request sent before? Then its answer is given again, and nothing is done a second time.

A program names a request with an idempotency key. The key is taken before anything is done, and given back where
nothing was; so of two requests at the same time one is answered, and the other one is told to wait. Answers are kept
for a day. They are no records, and are erased with the client whom they tell of.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from triage.casework.service import Service
from triage.records.plain import moment
from triage.records.tables import idempotent

KEPT = timedelta(days=1)
#: Whoever has not answered after so long will not answer any more: its process ended.
LOST = timedelta(seconds=60)
_WAITING = 0
#: The length of the mark before an answer that is kept, which shows that it is ours.
_MARK = 64


@dataclass(frozen=True)
class Taken:
    """What became of a key.

    Attributes:
        state: "new" where the request is to be done now; "kept" where its answer is there; "busy" where another one
            is just being done; "other" where the key was used for another request.
        id: of the key's row.
        submission: names the request in casework, the same after a process has ended in the middle of it.
        status, body: the answer that is kept.
    """

    state: Literal["new", "kept", "busy", "other"]
    id: str
    submission: str = ""
    status: int = 0
    body: str = ""


def take(service: Service, api_key: str, name: str, request: bytes) -> Taken:
    """Take an idempotency key for a request.

    Args:
        service: the service.
        api_key: the id of the partner's key; another partner's names are others.
        name: what the program calls the request.
        request: everything that makes it this request.
    """
    keys = service.database.keys
    row_id = keys.digest("idempotency key", f"{api_key}\0{name}")
    digest = keys.digest("idempotent request", request.hex())
    for _ in range(2):
        try:
            with service.database.scratch() as connection:
                return _take(service, connection, {"id": row_id, "api_key": api_key, "digest": digest})
        except IntegrityError:
            # Another request with this key was a moment quicker: now its row can be seen.
            continue
    return Taken("busy", row_id)


def _take(service: Service, connection: Connection, new: Mapping[str, Any]) -> Taken:
    at = service.clock()
    connection.execute(sa.delete(idempotent).where(idempotent.c.made_at < moment(at - KEPT)))
    row = connection.execute(sa.select(idempotent).where(idempotent.c.id == new["id"])).mappings().first()
    if row is None:
        made_at = moment(at)
        values = {**new, "status": _WAITING, "body": made_at, "made_at": made_at}
        connection.execute(sa.insert(idempotent).values(values))
        return Taken("new", new["id"], _submission(service, new["id"], made_at))
    if row["digest"] != new["digest"]:
        return Taken("other", new["id"])
    if row["status"] != _WAITING:
        mark, body = row["body"][:_MARK], row["body"][_MARK:]
        # Somebody who can write to the database must not put words into the service's mouth.
        if not hmac.compare_digest(mark.encode(), _mark(service, row["id"], row["status"], body).encode()):
            return Taken("busy", new["id"])
        return Taken("kept", new["id"], status=row["status"], body=body)
    lost = sa.update(idempotent).where(
        idempotent.c.id == new["id"], idempotent.c.status == _WAITING, idempotent.c.body < moment(at - LOST)
    )
    if connection.execute(lost.values(body=moment(at))).rowcount:
        return Taken("new", new["id"], _submission(service, new["id"], row["made_at"]))
    return Taken("busy", new["id"])


def _submission(service: Service, row_id: str, made_at: str) -> str:
    return service.database.keys.digest("submission", f"{row_id}\0{made_at}")


def _mark(service: Service, row_id: str, status: int, body: str) -> str:
    return service.database.keys.digest("idempotent answer", f"{row_id}\0{status}\0{body}")


def keep(service: Service, taken: Taken, status: int, body: str) -> None:
    """Keep the answer of a request that was done."""
    values = {"status": status, "body": _mark(service, taken.id, status, body) + body}
    with service.database.scratch() as connection:
        connection.execute(sa.update(idempotent).where(idempotent.c.id == taken.id).values(values))


def give_back(service: Service, taken: Taken) -> None:
    """Nothing was done: the key can be used again."""
    with service.database.scratch() as connection:
        waiting = (idempotent.c.id == taken.id, idempotent.c.status == _WAITING)
        connection.execute(sa.delete(idempotent).where(*waiting))
