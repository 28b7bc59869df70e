"""How is a decision said on a page, and what is wrong with one that was typed?"""

from __future__ import annotations

from triage.casework.service import Service
from triage.casework.standing import Standing, record_of
from triage.decisions import band_in_force
from triage.decisions.reasons import ASKED_FOR_MORE, PLACES
from triage.records.database import Row
from triage.web.pages import words

#: States in which a person has decided on the score that is shown.
DECIDED = ("confirmed", "overridden")


def decision_of(service: Service, row: Row | None) -> dict[str, str] | None:
    """A decision for a page: what, by whom, when, why."""
    if row is None:
        return None
    record = record_of(row)
    known = band_names(service)
    reasons = {reason.id: reason.text for reason in service.reasons.reasons}
    return {
        "what": words.DECISIONS[record.action],
        "band": known.get(record.band or "", record.band or ""),
        "by": record.by,
        "at": words.moment(row["at"]),
        "reason": reasons.get(record.reason, record.reason),
        "note": record.note,
    }


def band_names(service: Service) -> dict[str, str]:
    """What each band in force is called, from the standard one up."""
    return {band.id: band.name for band in service.engines.now.cutoffs.bands}


def next_up(service: Service, standing: Standing, proposed: str | None) -> str:
    """The band that a client gets who asks for more; empty where there is none above."""
    ids = list(band_names(service))
    now = band_in_force(standing.history) or proposed
    place = ids.index(now) if now in ids else 0
    return ids[place + 1] if place + 1 < len(ids) else ""


def reason_choices(service: Service) -> list[tuple[str, str]]:
    """The reasons for another band. A client who asks for more is a choice of its own, and places are of a plan."""
    return [
        (reason.id, f"{reason.text} (with a note)" if reason.note == "required" else reason.text)
        for reason in service.reasons.reasons
        if reason.id not in (ASKED_FOR_MORE, PLACES)
    ]


def change_faults(
    service: Service, proposed: str | None, band: str, reason: str, note: str, field: str = "decision"
) -> dict[str, str]:
    """What is wrong with a change of the proposed band, by field; nothing where the rules allow it.

    `field` is the one in which the band is chosen.
    """
    ids = list(band_names(service))
    code = next((item for item in service.reasons.reasons if item.id == reason), None)
    if band not in ids:
        return {field: "Choose one of the kinds of support that are listed."}
    if code is None:
        return {"reason": "Choose a reason for another support than the proposed one."}
    up = ids.index(band) > (ids.index(proposed) if proposed in ids else 0)
    if proposed in ids and ("up" if up else "down") not in code.directions:
        more = "more" if code.directions == ("up",) else "less"
        return {"reason": f"This reason is one for {more} support. Choose another one."}
    if code.note == "required" and not note:
        return {"note": f"This reason needs a few words. {code.help}".strip()}
    return {}
