"""Who decided what, when and why, and can the score behind it be reproduced to the bit?"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from triage.decisions.states import Action, State, check_can
from triage.engine import Engine
from triage.errors import DecisionError
from triage.faults import Fault
from triage.yamlfile import count


@dataclass(frozen=True)
class Decision:
    """One step in the life of a proposal. A record is never edited; another one follows it.

    Attributes:
        action: the step.
        state: the state after it.
        proposed_band: the band that the score proposed; None where there was none.
        band: the band decided; None where the step decides none.
        reason: a reason code; empty where none is needed.
        note: free words; never needed for a score to be reproduced.
        by: the name of the person who took the step.
        at: when, with its time zone.
        score: the score as data (`Score.to_dict`); None for a client who objects.
        withdraws: the id of the decision that this one withdraws, accepts or refuses.
        id: the record's own id.
    """

    action: Action
    state: State
    proposed_band: str | None
    band: str | None
    reason: str
    note: str
    by: str
    at: datetime
    score: Mapping[str, Any] | None
    withdraws: str = ""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __post_init__(self) -> None:
        texts = (self.by, self.reason, self.note, self.withdraws, self.id, self.action, self.state)
        if not all(isinstance(text, str) for text in texts) or not isinstance(self.at, datetime):
            raise DecisionError("This is not a decision record, or it is damaged.")
        if not any(sign.isalpha() for sign in self.by):
            raise DecisionError("A decision needs the name of the person who takes it.")
        if self.at.tzinfo is None:
            raise DecisionError("The time of a decision needs its time zone.")

    def to_json(self) -> str:
        """The record as one line of JSON; `Decision.from_json` gives it back unchanged."""
        data = asdict(self) | {"at": self.at.isoformat()}
        return json.dumps(data, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Decision:
        """The record in `text`.

        Raises:
            DecisionError: it is not a decision record.
        """
        try:
            data = json.loads(text)
            return cls(**(data | {"at": datetime.fromisoformat(data["at"])}))
        except (KeyError, TypeError, ValueError, RecursionError):
            raise DecisionError("This is not a decision record, or it is damaged.") from None


def state_of(history: Sequence[Decision]) -> State:
    """The state after `history`, the records of one score from the first to the last.

    Raises:
        DecisionError: a record does not follow from the ones before it.
    """
    state: State = "proposed"
    for place, record in enumerate(history, start=1):
        after = check_can(state, record.action)
        if after != record.state:
            raise DecisionError(f"Record {place} says '{record.state}', but '{record.action}' gives '{after}'.")
        state = after
    return state


def band_in_force(history: Sequence[Decision]) -> str | None:
    """The band that counts after `history`; None while no person has decided one."""
    state = state_of(history)
    return history[-1].band if history and state in ("confirmed", "overridden") else None


def check_reproduces(record: Decision, engine: Engine) -> None:
    """Score a record's inputs again and compare to the bit; probabilities to 1e-12.

    Raises:
        DecisionError: the engine has other versions, the record is damaged, or the engine gives another figure or
            band than the record holds; all are listed.
    """
    kept = record.score
    if kept is None:
        raise DecisionError("This record holds no score, so there is nothing to reproduce.")
    try:
        faults = _differences(record, kept, engine)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise DecisionError("The score in this record is damaged, so it cannot be reproduced.") from None
    if faults:
        raise DecisionError(f"The score cannot be reproduced: {count(faults)}.", faults)


def _differences(record: Decision, kept: Mapping[str, Any], engine: Engine) -> list[Fault]:
    if dict(kept["versions"]) != engine.versions.to_dict():
        needed = ", ".join(f"{name} {value}" for name, value in kept["versions"].items())
        raise DecisionError(f"This record was made with {needed}. Load exactly these to reproduce it.")
    inputs = [float("nan") if value is None else float(value) for value in kept["inputs"]]
    if len(inputs) != len(engine.features.inputs):
        raise ValueError("wrong number of inputs")
    outputs = engine.score_inputs(inputs)
    by_input = [float(value) for value in outputs["contributions"]]
    again = {name: float(outputs[name]) for name in ("logit", "lower_logit", "upper_logit")}
    again["baseline"] = engine.bundle.manifest.baseline
    differs = [name for name, value in again.items() if kept[name] != value]
    near = ("probability", "lower", "upper")
    differs += [name for name in near if abs(kept[name] - float(outputs[name])) > 1e-12]
    contributions = {name: sum(by_input[place] for place in places) for name, places in engine.places.items()}
    names = {**contributions, **kept["contributions"]}
    differs += [
        f"contribution of '{name}'" for name in names if kept["contributions"].get(name) != contributions.get(name)
    ]
    band = engine.points.ids[engine.points.place(engine.band_logit(again["logit"], by_input))]
    proposed = band if kept["status"] == "proposed" else None
    if not kept["band"] == record.proposed_band == proposed:
        differs.append("band")
    return [Fault(name, "it differs from the record.") for name in differs]
