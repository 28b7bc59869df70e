"""What goes well, where could support help, and who offers it?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from triage.checklist.services import Offer, Services
from triage.checklist.wording import Wording, fill
from triage.engine import Engine, Score
from triage.web.result.said import day
from triage.web.result.shapes import Help, OfferView, ServiceView, Strengths, Support


def strengths(score: Score, engine: Engine, apart: Collection[str] = ()) -> Strengths:
    """Answers that go with a quicker return to work, without those in `apart`."""
    words = engine.words.wording
    items = tuple(item.text for item in score.strengths if item.question not in apart)
    note = "" if items else words.result_page.no_strengths
    return Strengths(words.result_page.strengths, words.headings.strengths, items, note)


def support(score: Score, engine: Engine, services: Services, on: date, apart: Collection[str] = ()) -> Support:
    """Answers that go with a longer time out of work, what could help, and who offers that on the day `on`."""
    words = engine.words.wording
    known: dict[str, ServiceView] = {}
    reasons = []
    for reason in score.reasons:
        if reason.question in apart:
            continue
        question = engine.checklist.question(reason.question)
        for item in question.support:
            if item in services.by_id and item not in known:
                known[item] = service_view(services, item, on, words)
        found = tuple(known[item] for item in question.support if item in known)
        reasons.append(Help(reason.text, question.can_change, found))
    return Support(
        words.result_page.support,
        words.headings.reasons,
        words.headings.can_change,
        words.headings.support,
        tuple(reasons),
        words.result_page.offers,
        tuple(known.values()),
        _note(score, words) if not reasons else "",
        services.source if known else "",
    )


def service_view(services: Services, service_id: str, on: date, wording: Wording) -> ServiceView:
    """A service with the partners that offer it; what was checked on one day is said once for all of them."""
    service = services.by_id[service_id]
    offers = tuple(_offer(offer, services, on, wording) for offer in services.offers_of(service_id))
    said = {offer.checked for offer in offers}
    shared = said.pop() if len(said) == 1 else ""
    if shared:
        offers = tuple(replace(offer, checked="") for offer in offers)
    stale = any(offer.stale for offer in offers)
    return ServiceView(
        service.id, f"result-service-{service.id}", service.name, service.can_help_with, offers, shared, stale
    )


def _offer(offer: Offer, services: Services, on: date, wording: Wording) -> OfferView:
    words = wording.services
    days, stale = services.stale_after_days, offer.stale(on, services.stale_after_days)
    checked = fill(words.stale if stale else words.fresh, checked=day(offer.last_checked), days=days)
    reached = {"direct": words.direct, "through_members": words.through_members, "signpost": words.signpost}
    partner = services.partner_by_id[offer.partner].name
    return OfferView(partner, reached[offer.reached], offer.area, offer.contact, checked, stale)


def _note(score: Score, wording: Wording) -> str:
    """Why there is nothing to list: nothing stands out at all, or nothing that asks for support."""
    if not score.reasons and not score.strengths:
        return f"{wording.notes.nothing_stands_out} {wording.band.everyone}"
    return wording.result_page.no_support
