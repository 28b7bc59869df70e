"""What does a version have to reach before it becomes the champion? The limits of the gates, as content."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated

from triage.content import content_root
from triage.errors import ContentError
from triage.schema import Content, as_data, content, within
from triage.yamlfile import read_yaml

Share = Annotated[float, within(ge=0, le=1)]


@content
class Cases(Content):
    """How many people known to have the outcome there must be at least."""

    least: Annotated[int, within(ge=1)]


@content
class Range(Content):
    """Where a figure may lie, and where the whole of its 95% interval must lie; both ends count."""

    value: tuple[float, float]
    interval: tuple[float, float]

    def __post_init__(self) -> None:
        if not self.interval[0] <= self.value[0] <= self.value[1] <= self.interval[1]:
            raise ValueError("each range must run upwards, and 'interval' must hold 'value'")


@content
class Calibration(Content):
    """Limits of the two figures of calibration."""

    slope: Range
    observed_over_expected: Range


@content
class Auc(Content):
    """How far below the champion's AUC the low end of the difference may lie."""

    margin: Share


@content
class GroupGaps(Content):
    """Limits of the difference in recall between groups; both shares."""

    widest: Share
    wider_than_champion: Share
    least_cases: Annotated[int, within(ge=5)]


@content
class Limits(Content):
    """The whole of a gates file."""

    id: str
    version: str
    cases: Cases
    calibration: Calibration
    auc: Auc
    groups: GroupGaps

    @property
    def name(self) -> str:
        """Its id and version, for people."""
        return f"{self.id}-{self.version}"

    @property
    def digest(self) -> str:
        """SHA-256 over all that the file says but its comments, in hexadecimal."""
        text = json.dumps(as_data(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def limits_path(given: Path | None = None) -> Path:
    """The file of limits: the one given, or the shipped one."""
    return given if given is not None else content_root() / "models" / "gates.yaml"


def read_limits(path: Path) -> Limits:
    """The limits in a file.

    Raises:
        ContentError: it has faults; all are named. Or it has the name of the shipped limits, and says something else.
    """
    found = read_yaml(path, Limits, ContentError)
    shipped = read_yaml(limits_path(), Limits, ContentError)
    if found.name == shipped.name and found.digest != shipped.digest:
        raise ContentError(
            f"{path} calls itself {found.name}, as the shipped limits do, and asks for something else. Give it an id of"
            " its own."
        )
    return found
