"""Who on two lists of one event is one person?"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from triage.casework import events, list_matches, lists
from triage.casework.list_matches import Offered
from triage.errors import CaseworkError
from triage.lists import desk
from triage.web.pages import list_words, words
from triage.web.rendering import go, render
from triage.web.security.guard import actor_of, field, service_of

router = APIRouter()
_ANSWERS = {"offered": "", "same": "One person", "different": "Two people"}


@router.get("/lists/{list_id}/matches", name="list_matches")
def matches(request: Request, list_id: str) -> Response:
    """The pairs of a list."""
    service, actor = service_of(request), actor_of(request)
    row = lists.find(service, actor, list_id)
    found = [_pair(item) for item in list_matches.of_list(service, actor, list_id)]
    return render(
        request, "lists/matches.html", row=row, found=found, event=events.find(service, actor, row["event"]),
        day=words.day, practice=row["practice"], back=f"/lists/{list_id}",
    )  # fmt: skip


@router.post("/lists/{list_id}/matches/{match_id}", name="list_match_post")
def answer(request: Request, list_id: str, match_id: str) -> Response:
    """A person says whether a pair is one person."""
    then, version = field(request, "then"), field(request, "version")
    if then not in ("same", "different"):
        raise CaseworkError("Choose whether it is one person or two.")
    known = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
    list_matches.answer(service_of(request), actor_of(request), list_id, match_id, then == "same", known)
    return go(f"/lists/{list_id}/matches", "saved", request)


def _pair(item: Offered) -> dict[str, Any]:
    one, other = ({**dict(_facts(end["names"])), "Client": end["reference"]} for end in (item.one, item.other))
    labels = dict.fromkeys([*one, *other])
    uploaded = [words.moment(end["uploaded_at"]) for end in (item.one, item.other)]
    lines = [(label, one.get(label, ""), other.get(label, "")) for label in labels]
    return {
        "id": item.id, "version": item.version, "sure": item.sure, "answer": _ANSWERS[item.state],
        "title": f"Clients {item.one['reference']} and {item.other['reference']}",
        "lines": [("List uploaded on", *uploaded), *lines],
        "reasons": _sentence(item.reasons), "against": ", ".join(item.against),
    }  # fmt: skip


def _facts(names: dict[str, str]) -> list[tuple[str, str]]:
    return list_words.identity_of(desk.Private(identity=names))


def _sentence(parts: tuple[str, ...]) -> str:
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."
