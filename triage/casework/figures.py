"""How does the service do: who is offered what, are proposals looked at, and does anything wait too long?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from triage.casework import figures_tables as tables
from triage.casework.cases import require
from triage.casework.figures_facts import WEEKS, Period, read_facts
from triage.casework.figures_tables import Table
from triage.casework.offices import office_names
from triage.casework.service import Service
from triage.decisions.reasons import PLACES
from triage.errors import AccessError
from triage.records.actor import Actor
from triage.records.audit import Event

#: Of fewer decisions the share that was changed tells nothing.
ENOUGH = 50
#: Shares of changed proposals below and above which somebody should look.
SELDOM, OFTEN = 0.02, 0.40
_SELDOM = (
    f"{{office}}: fewer than {100 * SELDOM:.0f} in 100 proposals were changed. Are they looked at, or only confirmed?"
    " Ask advisers how they decide."
)
_OFTEN = (
    f"{{office}}: more than {100 * OFTEN:.0f} in 100 proposals were changed. Do they fit the clients here? Look at the"
    " reasons, and talk about the cut-offs."
)


@dataclass(frozen=True)
class Figures:
    """The figures of a period.

    Attributes:
        since: the first day.
        until: the day on which they were made.
        office: the name of the office; empty for all.
        warnings: what somebody should look into.
        tables: by their id.
    """

    since: date
    until: date
    office: str
    warnings: tuple[str, ...]
    tables: Mapping[str, Table]


def figures(service: Service, actor: Actor, weeks: int, office: str = "") -> Figures:
    """The figures of so many weeks, for managers and analysts; both see every office.

    Args:
        service: the service.
        actor: a manager or an analyst.
        weeks: one of `WEEKS`.
        office: the id of an office; empty for all.

    Raises:
        AccessError: the actor is neither, or there is no such office or period.
    """
    require(actor, "manager", "analyst")
    offices = office_names(service)
    if weeks not in WEEKS or (office and office not in offices):
        raise AccessError("There are no such figures.")
    period = Period(weeks, service.today)
    facts = read_facts(service, period, office)
    bands = {band.id: band.name for band in service.engines.now.cutoffs.bands}
    reasons = {reason.id: reason.text for reason in service.reasons.reasons}
    order = list(bands)
    # Where the places of an event decided, nobody thought the proposal wrong: the tool itself gives that reason.
    taken = [row for row in facts.taken if row["reason"] != PLACES]
    by_office = tables.directions(taken, "case_office", order, ("same", "more", "less"))
    by_reason = tables.directions(taken, "reason", order, ("more", "less"))
    changes = tables.changes_by_office(by_office, offices)
    made = (
        tables.by_week("decided", "Support decided", "People, by the last decision", facts.decided, bands, period),
        tables.by_week("proposed", "Support proposed", "People, by their last score", facts.scored, bands, period),
        changes,
        tables.changes_by_reason(by_reason, reasons, changes),
        tables.views(facts.views, order),
        tables.times(facts),
        tables.completion(facts.started),
        tables.waiting(facts, service.today),
    )
    warnings = tuple(_warnings(by_office, offices))
    by_id = {table.id: table for table in made}
    return Figures(period.mondays[0], service.today, offices.get(office, ""), warnings, by_id)


def _warnings(by_office: Mapping[str, Mapping[str, int]], names: Mapping[str, str]) -> Iterator[str]:
    """Near nought, nobody may be looking; very high, the proposals may be wrong."""
    for office, counts in sorted(by_office.items(), key=lambda item: names.get(item[0], item[0])):
        whole = sum(counts.values())
        changed = (whole - counts["same"]) / whole
        if whole >= ENOUGH and changed < SELDOM:
            yield _SELDOM.format(office=names.get(office, office))
        elif whole >= ENOUGH and changed > OFTEN:
            yield _OFTEN.format(office=names.get(office, office))


def note_export(service: Service, actor: Actor, weeks: int) -> None:
    """Note that figures were taken out of the service."""
    with service.database.write(Event(actor, "exported", detail={"what": "figures", "weeks": weeks}, note=True)):
        pass
