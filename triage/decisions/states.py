"""Which step may follow which? The whole life of a proposal as one literal table."""

from __future__ import annotations

from typing import Literal

from triage.errors import DecisionError

State = Literal["proposed", "claimed", "confirmed", "overridden", "withdrawn", "objected"]
Action = Literal["claim", "accept", "refuse", "confirm", "override", "ask", "withdraw", "object"]

#: (state, action) -> next state. `claim` is an override that came back in a spreadsheet: it counts once the
#: person whose name it carries accepts it. `ask` is the client asking for more, at any time. After `withdrawn` the
#: proposal stands again.
TRANSITIONS: dict[tuple[State, Action], State] = {
    ("proposed", "confirm"): "confirmed",
    ("proposed", "override"): "overridden",
    ("proposed", "ask"): "overridden",
    ("proposed", "claim"): "claimed",
    ("proposed", "object"): "objected",
    ("claimed", "accept"): "overridden",
    ("claimed", "refuse"): "proposed",
    ("claimed", "object"): "objected",
    ("confirmed", "ask"): "overridden",
    ("confirmed", "withdraw"): "withdrawn",
    ("confirmed", "object"): "objected",
    ("overridden", "ask"): "overridden",
    ("overridden", "withdraw"): "withdrawn",
    ("overridden", "object"): "objected",
    ("withdrawn", "confirm"): "confirmed",
    ("withdrawn", "override"): "overridden",
    ("withdrawn", "ask"): "overridden",
    ("withdrawn", "claim"): "claimed",
    ("withdrawn", "object"): "objected",
    ("objected", "withdraw"): "withdrawn",
}


def can(state: State, action: Action) -> bool:
    """True if `action` may follow in `state`."""
    return (state, action) in TRANSITIONS


def check_can(state: State, action: Action) -> State:
    """The state after `action`.

    Raises:
        DecisionError: `action` may not follow in `state`; the message names what may.
    """
    try:
        return TRANSITIONS[(state, action)]
    except KeyError:
        open_to = ", ".join(sorted(step for before, step in TRANSITIONS if before == state))
        raise DecisionError(f"This is {state}, so '{action}' is not possible. Possible: {open_to}.") from None


def diagram() -> str:
    """The table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", "    [*] --> proposed"]
    lines += [f"    {before} --> {after}: {action}" for (before, action), after in TRANSITIONS.items()]
    return "\n".join(lines) + "\n"
