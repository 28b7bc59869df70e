"""What would happen at a cut-off, in words that a manager and a client would both understand?"""

from __future__ import annotations

from triage.evaluation.figures import Figure
from triage.tuning.page.numbers import percents
from triage.tuning.page.sweep import Sweep

#: Figures of everybody at a cut-off, as the tables name them; each is of 100 people.
FIGURES = {
    "flagged": "Offered it, of 100 clients (workload)",
    "ppv": "Long-term cases, of 100 offered it (PPV)",
    "sensitivity": "Offered it, of 100 long-term cases (recall)",
    "missed": "Long-term cases missed, of 100 clients",
    "in_vain": "Offered it in vain, of 100 clients",
    "npv": "Others, of 100 not offered it (NPV)",
    "net_benefit": "Net benefit, of 100 clients",
    "recall_gap_age": "Gap in recall between age bands, of 100",
}

#: Below so many of 100 the words are of 100 clients in the band.
_FEW = 10
UNTOLD = "too few outcomes to tell"

#: The four kinds of people in a picture of 100, in its order.
KINDS = (
    ("found", "found: offered it, and a long-term case"),
    ("vain", "offered it in vain: no long-term case"),
    ("missed", "missed: not offered it, and a long-term case"),
    ("rest", "not offered it, and no long-term case"),
)


def at_cutoff(sweep: Sweep, place: int, percent: int) -> str:
    """What a cut-off of a band would do to 100 clients, with the range and the number of long-term cases behind it."""
    offer, tree = sweep.offer(place), sweep.tree(percent)
    if not sweep.people(percent):
        return f"No client scores {percent}% or more: nobody would be offered {offer}."
    if tree is None:
        return f"At {percent}% the outcomes are too few to say what would follow."
    found, in_vain, missed, others = tree
    offered = found + in_vain
    first = f"Of 100 clients, {offered or 'fewer than 1'} would be offered {offer}."
    return " ".join((first, _right(sweep, percent, found, offered), _missed(sweep, percent, missed, missed + others)))


def _right(sweep: Sweep, percent: int, found: int, offered: int) -> str:
    told = sweep.at("ppv", percent)
    cases = f"from {counted(sweep.cases(percent), 'long-term case')}"
    if offered >= _FEW:
        some = _some(told, found, offered)
        these = f"{some[0].upper()}{some[1:]} of these {offered} {_was(some)}"
        return f"{these} {sweep.outcome} ({_range(told, offered)}{cases})."
    # One of three with a range of one to one says little: for a small band the words are of 100 such clients.
    right = round(100 * (told["value"] or 0.0))
    some = _some(told, right, 100)
    return f"Of 100 clients offered it, {some} {_was(some)} {sweep.outcome} ({_range(told, 100)}{cases})."


def _some(told: Figure, found: int, offered: int) -> str:
    """How many of those offered it; what only rounding makes none or all of them is not told as that."""
    share = told["value"] or 0.0
    if not found:
        return "fewer than 1" if share > 0 else "none"
    return "nearly all" if found == offered and share < 1 else str(found)


def _range(right: Figure, offered: int) -> str:
    """Of so many offered it, the long-term cases that the interval of the PPV allows for."""
    if right["low"] is None or right["high"] is None:
        return "no range, "
    return f"range {round(offered * right['low'])} to {round(offered * right['high'])}, "


def _missed(sweep: Sweep, percent: int, missed: int, others: int) -> str:
    if not others:
        return _hardly_any(sweep, percent)
    rest = f"Of the {others} other{'' if others == 1 else 's'}"
    if not missed:
        return f"{rest}, fewer than 1 was {sweep.outcome}: almost nobody would be missed."
    they = "that one" if missed == 1 else "they"
    return f"{rest}, {missed} {_was(str(missed))} {sweep.outcome} too: {they} would be missed."


def _hardly_any(sweep: Sweep, percent: int) -> str:
    """Where all 100 are offered it: everybody, or only rounded to that."""
    if sweep.cases_below(percent):
        return "Fewer than 1 of 100 would not be offered it; some long-term cases are among those."
    if (sweep.at("flagged", percent)["value"] or 0.0) < 1:
        return "Fewer than 1 of 100 would not be offered it; no long-term case is known among those."
    return "Everybody would be offered it, so nobody is missed."


def _was(people: str) -> str:
    return "was" if people in ("1", "fewer than 1") else "were"


def counted(many: int, what: str) -> str:
    """A count with its word: "1 long-term case", "1,204 long-term cases"."""
    return f"{many:,} {what}{'' if many == 1 else 's'}"


def marks(sweep: Sweep, percent: int) -> list[tuple[str, str]]:
    """What does not set a cut-off apart from its neighbours: a short name and a sentence each."""
    if not sweep.people(percent):
        return []
    found = [
        ("Equal", f"Every cut-off from {low}% to {high}% flags exactly the same people.")
        for low, high, _ in pairs(sweep, "equal")
        if low <= percent <= high
    ]
    return found + [
        ("Not told apart", f"The outcomes cannot tell {low}% from {high}%. {why}")
        for low, high, why in pairs(sweep, "indistinct")
        if low <= percent <= high
    ]


def told_from_next(sweep: Sweep, percent: int) -> str:
    """Whether the outcomes tell a cut-off from the next one up."""
    for kind, text in (("equal", "flags the same people"), ("indistinct", "too few outcomes")):
        if any(low <= percent < high for low, high, _ in pairs(sweep, kind)):
            return f"no: {text}"
    return "yes"


def pairs(sweep: Sweep, kind: str) -> list[tuple[int, int, str]]:
    """The cut-offs that are "equal" or "indistinct": from, to, and why."""
    return [(int(item["from"]), int(item["to"]), str(item.get("why", ""))) for item in sweep.data[kind]]


def short(sweep: Sweep, percent: int) -> str:
    """The same in one line, beside the slider."""
    tree = sweep.tree(percent)
    if not sweep.people(percent):
        return "nobody is offered it"
    if tree is None:
        return UNTOLD
    found, in_vain, missed, _ = tree
    if not found + in_vain:
        return f"fewer than 1 of 100 clients offered it, {missed} missed"
    return f"of 100 clients: {found + in_vain} offered it, {found} found, {in_vain} in vain, {missed} missed"


def in_force(sweep: Sweep) -> str:
    """The cut-offs in force in a line."""
    policy = sweep.in_force
    cuts = (f"{sweep.offer_of(band['id'])} from {percents(band['percent'])}" for band in policy["bands"])
    return f"{policy['name']}: {'; '.join(cuts)}."
