"""Lists with plans for the places of an event, in the states in which a page can find them."""

from __future__ import annotations

from tests.places_case import TIED
from tests.web.service import Live
from triage.casework import events, list_scoring, lists, places, places_view
from triage.casework.events import EventDetails
from triage.casework.service import Service
from triage.records.actor import Actor


class PlacesStates(dict[str, str]):
    """Ids and addresses by the state that they are in: a part of `tests.web.states.Clients`."""

    live: Live
    service: Service
    adviser: Actor

    def __init__(self, live: Live) -> None:
        super().__init__()
        self.live, self.service, self.adviser = live, live.service, live.actor("adviser")

    def _list(self) -> str:
        """A scored list with four people of one score."""
        event = events.make(self.service, self.adviser, EventDetails("Invented Biscuits Ltd", self.service.today))
        row = lists.upload(self.service, self.adviser, event["id"], TIED.encode(), ".csv")
        list_scoring.work_out(
            self.service, self.adviser, list_scoring.start(self.service, self.adviser, row["id"], None, None)
        )
        return str(row["id"])

    def _plan(self) -> str:
        """The address of a plan for four places."""
        band, a_list = self.service.engines.now.points.ids[-1], type(self)(self.live)["list"]
        made = places.make(self.service, self.adviser, a_list, band=band, places=4, reserve=1)
        return f"{a_list}/places/{made['id']}"

    def _plan_row(self) -> str:
        """The address of a row of a plan, of somebody with the same score as others."""
        plan = self["plan"]
        seen = places_view.seen(self.service, self.adviser, *plan.split("/places/"), show="edge")
        return f"{plan}/rows/{seen.rows[0]['id']}"

    def _plan_withdrawn(self) -> str:
        """The address of a plan that was withdrawn."""
        plan = type(self)(self.live)["plan"]
        places.withdraw(self.service, self.adviser, *plan.split("/places/"), why="Fewer places than promised.")
        return plan
