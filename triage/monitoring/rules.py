"""From which figure on should somebody look, and what should they do then?"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

from triage.checklist.schema import Id
from triage.content import ContentFolder
from triage.errors import ContentError
from triage.faults import did_you_mean
from triage.schema import Content, content, length, within
from triage.yamlfile import read_yaml

Text = Annotated[str, length(least=1)]
Share = Annotated[float, within(ge=0, le=1)]
#: Every alert that there is. The file says of each what it means and what to do.
ALERTS = (
    "not_reproduced", "review_date", "other_model", "score_drift", "score_reference", "answer_drift", "missing_drift",
    "calibration", "band_calibration", "recall_gap", "changed_seldom", "changed_often",
)  # fmt: skip
#: A period of fewer people could not be told without telling of single ones.
_FEWEST = 20


@content
class DriftRules(Content):
    """When a population stability index counts, and what its sizes mean."""

    look: Annotated[float, within(gt=0)]
    act: Annotated[float, within(gt=0)]
    chance: Annotated[float, within(ge=0.9, lt=1)]
    least_people: Annotated[int, within(ge=_FEWEST)]
    source: Text
    small: Text
    moderate: Text
    large: Text

    def __post_init__(self) -> None:
        if self.act <= self.look:
            raise ValueError("'act' must be above 'look'")

    def size(self, index: float) -> str:
        """ "small", "moderate" or "large"."""
        return "small" if index < self.look else "moderate" if index < self.act else "large"


@content
class CalibrationRules(Content):
    """Between which values of observed over expected nobody is called."""

    low: Annotated[float, within(gt=0, lt=1)]
    high: Annotated[float, within(gt=1)]
    why: Text


@content
class RecallRules(Content):
    """From which difference in recall between two groups somebody is called, and of how many cases in each."""

    gap: Share
    least_cases: Annotated[int, within(ge=5)]
    why: Text


@content
class ChangeRules(Content):
    """Shares of changed proposals below and above which somebody is called, and of how many decisions at least."""

    seldom: Share
    often: Share
    enough: Annotated[int, within(ge=_FEWEST)]
    why: Text

    def __post_init__(self) -> None:
        if self.often <= self.seldom:
            raise ValueError("'often' must be above 'seldom'")


@content
class WantedGroup(Content):
    """A way to group people by which recall should be told, and the columns that may hold it."""

    id: Id
    name: Text
    columns: Annotated[tuple[str, ...], length(least=1)]


@content
class AlertWords(Content):
    """What one alert means and what to do."""

    id: Id
    means: Text
    do: Text


@content
class Rules(Content):
    """The whole of `monitoring.yaml`."""

    version: str
    drift: DriftRules
    calibration: CalibrationRules
    recall: RecallRules
    changes: ChangeRules
    groups: tuple[WantedGroup, ...]
    alerts: tuple[AlertWords, ...]

    def __post_init__(self) -> None:
        ids = [alert.id for alert in self.alerts]
        problems = [f"the alert '{name}' is missing" for name in ALERTS if name not in ids]
        problems += [
            f"there is no alert '{name}'. {did_you_mean(name, ALERTS)}".strip() for name in ids if name not in ALERTS
        ]
        if len(set(ids)) < len(ids):
            problems.append("two alerts have the same id")
        if len({group.id for group in self.groups}) < len(self.groups):
            problems.append("two groups have the same id")
        if problems:
            raise ValueError("; ".join(problems))

    @cached_property
    def words(self) -> dict[str, AlertWords]:
        """What each alert means, by its id."""
        return {alert.id: alert for alert in self.alerts}


def load_rules(folder: ContentFolder | None = None) -> Rules:
    """The rules that belong to a content folder, the shipped ones where it has none of its own.

    Raises:
        ContentError: the file is missing or has faults; all are named with their line.
    """
    path = (folder or ContentFolder()).find("monitoring.yaml")
    if path is None:
        raise ContentError("There is no monitoring.yaml. It says when somebody should look.")
    return read_yaml(path, Rules, ContentError)
