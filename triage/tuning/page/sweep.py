"""What does every part of the page need to know of a sweep over the cut-offs?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from triage.evaluation.figures import Figure
from triage.tuning.page.numbers import tree

NOTHING: Figure = {"value": None, "low": None, "high": None}


@dataclass(frozen=True)
class Sweep:
    """The data of `tuning.json`, with the questions that the parts of the page ask of it."""

    data: dict[str, Any]

    def caption(self, text: str) -> str:
        """A caption that says so where the people are simulated."""
        return f"Simulated people. {text}" if self.data["simulated"] else text

    @property
    def outcome(self) -> str:
        """The outcome and its horizon: "not in paid work a year after their job ended"."""
        model = self.data["model"]
        return f"{model['outcome']} {model['horizon']}"

    @property
    def complement(self) -> str:
        """What the others were, as exactly: "in paid work a year after their job ended"."""
        model = self.data["model"]
        return f"{model['complement']} {model['horizon']}"

    @property
    def bands(self) -> list[dict[str, Any]]:
        """The bands that need a cut-off, from the lowest up."""
        found: list[dict[str, Any]] = self.data["bands"][1:]
        return found

    def offer(self, place: int) -> str:
        """How the offer of a band, or of one above it, is said."""
        name = f"“{self.bands[place]['name']}”"
        return name if place == len(self.bands) - 1 else f"{name} or more"

    def offer_of(self, band_id: str) -> str:
        """The same by the band's id."""
        return self.offer([band["id"] for band in self.bands].index(band_id))

    @cached_property
    def in_force(self) -> dict[str, Any]:
        """The policy in force."""
        wanted = self.data["in_force"]
        found: dict[str, Any] = next(policy for policy in self.data["policies"] if policy["id"] == wanted)
        return found

    @cached_property
    def last(self) -> int:
        """The last cut-off worth showing, in percent: the first that nobody reaches, or one above every policy."""
        people = self.data["counts"]["people"]
        reached = sum(1 for number in people if number)
        used = [band["percent"] for policy in self.data["policies"] for band in policy["bands"]]
        return min(len(people), max(reached + 1, len(self.bands) + 1, *(int(percent) + 1 for percent in used)))

    @property
    def percents(self) -> range:
        """The cut-offs that the page shows, in whole percent."""
        return range(1, self.last + 1)

    @property
    def steps(self) -> list[int]:
        """So many of them that a table of them is read at a glance."""
        size = next(size for size in (1, 2, 5, 10) if self.last <= 20 * size)
        return [percent for percent in self.percents if percent % size == 0]

    def starts(self, policy: dict[str, Any]) -> list[int]:
        """The whole percents nearest to a policy's cut-offs, each above the one before it."""
        found: list[int] = []
        for band in policy["bands"]:
            nearest = min(max(round(band["percent"]), 1), self.last)
            found.append(max(nearest, found[-1] + 1) if found else nearest)
        # Where the top of the scale pushes back, the lower ones make room.
        for place in range(len(found) - 1, -1, -1):
            found[place] = min(found[place], self.last - (len(found) - 1 - place))
        return found

    def people(self, percent: int) -> int:
        """How many rows reach a cut-off."""
        return int(self.data["counts"]["people"][percent - 1])

    def cases(self, percent: int) -> int:
        """How many known long-term cases reach a cut-off."""
        return int(self.data["counts"]["cases"][percent - 1])

    def cases_below(self, percent: int) -> int:
        """How many known long-term cases lie below a cut-off."""
        return int(self.data["counts"]["cases_below"][percent - 1])

    def has(self, name: str) -> bool:
        """Whether there is such a curve: a checklist without an age has no gap between ages."""
        curve = self.data["curves"].get(name)
        return curve is not None and any(value is not None for value in curve["value"])

    def at(self, name: str, percent: int) -> Figure:
        """A figure of everybody at a cut-off."""
        return point(self.data["curves"].get(name), percent)

    def tree(self, percent: int) -> list[int] | None:
        """Of 100 clients: found, in vain, missed and the others; None where it cannot be told."""
        return tree(*(self.at(name, percent)["value"] for name in ("flagged", "ppv", "missed")))

    @cached_property
    def dimensions(self) -> list[dict[str, Any]]:
        """The ways to group people: ages first."""
        return sorted(self.data["groups"], key=lambda item: item["id"] != "age")


def point(curve: dict[str, Any] | None, percent: int) -> Figure:
    """The figure of a curve at a cut-off."""
    if curve is None:
        return NOTHING
    value, low, high = (curve[key][percent - 1] for key in ("value", "low", "high"))
    return {"value": value, "low": low, "high": high}
