"""Which policies are compared: the one in force, and those that somebody proposes?"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from triage.cutoffs import Band, Cutoffs, CutoffsFile, CutPoints
from triage.cutoffs.schema import LevelRule, Rule
from triage.engine import Engine
from triage.errors import TuningError
from triage.evaluation.figures import rounded
from triage.faults import Fault, did_you_mean
from triage.numbers import logistic
from triage.schema import as_data
from triage.tuning.sweep import edge_of

Kind = Literal["in_force", "given", "solved", "cost"]
IN_FORCE = "in-force"
_REMARK = "# A candidate from tuning. Nobody has promoted it, and the version is that of the cut-offs it was made from."
_SIMULATED = "# It was tuned on simulated people: for a demonstration only."


@dataclass(frozen=True, eq=False)
class Candidate:
    """One policy among those that are compared.

    Attributes:
        id: a word for it, unlike any other; small letters, digits, '.', '_' and '-'.
        name: for people.
        kind: where it comes from.
        file: the whole cut-offs file, without governance.
        points: its cut-off points for the model.
    """

    id: str
    name: str
    kind: Kind
    file: CutoffsFile
    points: CutPoints

    def text(self, simulated: bool) -> str:
        """The cut-offs file that a promotion would sign, as YAML."""
        return f"{_REMARK}\n{_SIMULATED}\n{_yaml(self.file)}" if simulated else f"{_REMARK}\n{_yaml(self.file)}"


def in_force(engine: Engine) -> Candidate:
    """The policy that the engine proposes bands by."""
    file = replace(engine.cutoffs.file, governance=None)
    return Candidate(IN_FORCE, f"In force: {engine.cutoffs.version}", "in_force", file, engine.points)


def from_file(path: Path, engine: Engine) -> Candidate:
    """The policy in a cut-offs file.

    Raises:
        CutoffsError: the file has faults, or does not fit the checklist or the model.
        TuningError: its bands, or its rule for too few answers, are not those in force: consequences would not be
            comparable.
    """
    cutoffs = Cutoffs.load(path)
    cutoffs.check_fits(engine.checklist)
    faults = []
    ids, wanted = [band.id for band in cutoffs.bands], list(engine.points.ids)
    if ids != wanted:
        faults.append(Fault("bands", f"they are {', '.join(ids)}, and those in force are {', '.join(wanted)}."))
    if cutoffs.file.enough_answers != engine.cutoffs.file.enough_answers:
        faults.append(Fault("enough_answers", "it is another rule than the one in force, so other people have a band."))
    if faults:
        raise TuningError(f"{path.name} cannot be compared with the cut-offs in force. Change one thing.", faults)
    file = replace(cutoffs.file, governance=None)
    return Candidate(_word(cutoffs.version), f"{cutoffs.file.title} ({cutoffs.version})", "given", file,
                     cutoffs.at(engine.bundle))  # fmt: skip


def at_percents(
    engine: Engine, percents: Mapping[str, Decimal], kind: Kind = "given", floor: Mapping[str, Decimal] | None = None
) -> Candidate:
    """The policy in force with the cut-offs of some bands replaced.

    A band whose rule is a capacity keeps it: the cut-off for a single client is replaced.

    Args:
        engine: holds the policy in force.
        percents: by band, the cut-off in percent of the probability that decides on bands; above 0, below 100.
        kind: where it comes from.
        floor: by band, a national floor in percent.

    Raises:
        TuningError: a band is not there, a band would be easier to reach than the one below it, or a national floor
            lies below a cut-off: the policy would offer more than its name says.
    """
    for band, percent in percents.items():
        check_band(engine, band)
        if not 0 < percent < 100:
            raise TuningError(f"A cut-off of {percent}% cannot be used: it lies between 0 and 100, for instance 12.5.")
    bands = tuple(_moved(band, percents.get(band.id)) for band in engine.cutoffs.bands)
    floors = {band: LevelRule(probability=percent / 100) for band, percent in (floor or {}).items()}
    current = engine.cutoffs.file
    said = ", ".join(f"{engine.cutoffs.band(band).name} from {plain(at)}%" for band, at in percents.items())
    try:
        file = replace(
            current, title=said, bands=bands, governance=None, national_floor={**current.national_floor, **floors}
        )
    except ValueError as problem:
        raise TuningError(f"These cut-offs do not go together ({said}): {problem}. Move that one too.") from None
    points = Cutoffs(file, "").at(engine.bundle)
    _check_floors(points, percents)
    words = [word for band, at in percents.items() for word in (band, plain(at))]
    id_ = _word("-".join([{"given": "at", "in_force": IN_FORCE}.get(kind, kind), *words]))
    return Candidate(id_, f"{_HOW[kind]}: {said}", kind, file, points)


def _check_floors(points: CutPoints, percents: Mapping[str, Decimal]) -> None:
    for band, percent in percents.items():
        place = points.ids.index(band) - 1
        if points.floors[place] < edge_of(percent):
            raise TuningError(
                f"The national floor of {percent_of(points.floors[place]):.4g}% for '{band}' lies below"
                f" {plain(percent)}%: whoever reaches the floor is offered a place anyway. Move the floor, or take a"
                " cut-off that is no higher."
            )


_HOW: Mapping[Kind, str] = {"given": "Proposed", "solved": "Solved", "cost": "By costs", "in_force": "In force"}


def check_band(engine: Engine, band: str) -> int:
    """The place of a band that a cut-off can be set for.

    Raises:
        TuningError: there is no such band, or it is everybody's.
    """
    ids = engine.points.ids
    if band not in ids:
        meant = did_you_mean(band, ids[1:]) or f"The bands with a cut-off are {', '.join(ids[1:])}."
        raise TuningError(f"There is no band '{band}'. {meant}")
    if band == ids[0]:
        raise TuningError(f"The band '{band}' is everybody's: it has no cut-off. Name one of {', '.join(ids[1:])}.")
    return ids.index(band)


def with_own_ids(candidates: list[Candidate]) -> list[Candidate]:
    """The same with ids unlike each other: the second of an id gets a number."""
    found: list[Candidate] = []
    for item in candidates:
        taken, id_, number = {other.id for other in found}, item.id, 2
        while id_ in taken:
            id_, number = f"{item.id}-{number}", number + 1
        found.append(replace(item, id=id_))
    return found


def percent_of(edge: float) -> float:
    """A cut-off on the log-odds scale in percent; 100 where nobody reaches it."""
    return 100.0 if edge == math.inf else rounded(100 * logistic(max(edge, -700.0))) or 0.0


def plain(percent: Decimal) -> str:
    """A number as people write it, without needless noughts."""
    return f"{percent.normalize():f}"


def _moved(band: Band, percent: Decimal | None) -> Band:
    if percent is None or band.rule is None:
        return band
    probability = (percent / 100).normalize()
    if band.rule.capacity is not None:
        rule = Rule(capacity=band.rule.capacity, fallback=LevelRule(probability=probability))
    else:
        rule = Rule(probability=probability)
    return replace(band, rule=rule)


def _word(text: str) -> str:
    return re.sub("[^a-z0-9._-]+", "-", text.lower()).strip("-.")[:60] or "policy"


def _yaml(file: CutoffsFile) -> str:
    """The file as YAML that reads back to the same."""
    import yaml

    return str(yaml.safe_dump(_plain(as_data(file)), sort_keys=False, allow_unicode=True, width=1000))


def _plain(data: Any) -> Any:
    """Without what is not set, and with numbers that YAML knows. A float of at most 15 digits reads back the same."""
    if isinstance(data, Mapping):
        kept = {key: _plain(value) for key, value in data.items() if value is not None}
        return {key: value for key, value in kept.items() if value not in ({}, [], "")}
    if isinstance(data, list):
        return [_plain(item) for item in data]
    if isinstance(data, Decimal):
        return int(data) if data == data.to_integral_value() else float(data)
    return data
