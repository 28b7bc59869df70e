"""Which service can help, which partner offers it, how is it reached, and when was that last checked?"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from triage.checklist.checklist import Checklist
from triage.checklist.schema import Id
from triage.errors import ContentError
from triage.faults import Fault, did_you_mean
from triage.schema import Content, content, within
from triage.yamlfile import count, read_yaml

Reached = Literal["direct", "through_members", "signpost"]


@content
class Service(Content):
    """One kind of help."""

    id: Id
    name: str
    can_help_with: str = ""


@content
class Partner(Content):
    """An organisation that offers services."""

    id: Id
    name: str


@content
class Offer(Content):
    """A service that a partner offers: how it is reached, where, by which contact, and when checked."""

    service: str
    partner: str
    reached: Reached
    area: str
    contact: str = ""
    last_checked: date

    def stale(self, on: date, after_days: int) -> bool:
        """True when the entry was last checked more than `after_days` days before `on`."""
        return (on - self.last_checked).days > after_days


@content
class Services(Content):
    """The services, partners and offers of a services file; all empty where there is no file."""

    source: str = ""
    stale_after_days: Annotated[int, within(ge=1)] = 365
    services: tuple[Service, ...] = ()
    partners: tuple[Partner, ...] = ()
    offers: tuple[Offer, ...] = ()

    def __post_init__(self) -> None:
        problems: list[str] = []
        for kind, known in (("service", self.services), ("partner", self.partners)):
            ids = [item.id for item in known]
            twice = sorted({i for i in ids if ids.count(i) > 1})
            problems.extend(f"the {kind} '{item}' stands here twice" for item in twice)
            strange = sorted({getattr(offer, kind) for offer in self.offers}.difference(ids))
            problems.extend(
                f"an offer names the unknown {kind} '{item}'. {did_you_mean(item, ids)}".strip() for item in strange
            )
        if problems:
            raise ValueError("; ".join(problems))

    @cached_property
    def by_id(self) -> dict[str, Service]:
        """Services by their id."""
        return {service.id: service for service in self.services}

    @cached_property
    def partner_by_id(self) -> dict[str, Partner]:
        """Partners by their id."""
        return {partner.id: partner for partner in self.partners}

    def names(self, service_ids: tuple[str, ...]) -> tuple[str, ...]:
        """The names of the services that are known here; the others are left out."""
        return tuple(self.by_id[item].name for item in service_ids if item in self.by_id)

    def offers_of(self, service_id: str) -> tuple[Offer, ...]:
        """The offers of one service, in the order of the file."""
        return tuple(offer for offer in self.offers if offer.service == service_id)


def load_services(checklist: Checklist) -> Services:
    """The services that stand beside `checklist`; none where there is no services file.

    Raises:
        ContentError: the file has faults, or a question points to a service that the file does not name.
    """
    path = checklist.folder.find("services.yaml")
    if path is None:
        return Services()
    services = read_yaml(path, Services, ContentError)
    faults = [
        Fault(
            f"checklist.yaml, question '{question.id}'",
            f"it points to the unknown service '{item}'.",
            did_you_mean(item, services.by_id),
        )
        for question in checklist.questions
        for item in question.support
        if item not in services.by_id
    ]
    if faults:
        raise ContentError(f"The support named in the checklist is not in {path.name}: {count(faults)}.", faults)
    return services
