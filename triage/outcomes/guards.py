"""Can a model be learned from these outcomes, or judged by them, and what should people know first?"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
from numpy.typing import NDArray

from triage.features import Features
from triage.numbers import shortest
from triage.outcomes import checks
from triage.outcomes.alike import codes_of
from triage.outcomes.label import COMPETING, Competing, Label
from triage.outcomes.leakage import leaks
from triage.outcomes.outcomes import Outcomes
from triage.outcomes.problems import Remark, counted

#: More pairs of equal rows of different clients than chance gives, and so many at least.
_CHANCE_TIMES, _PAIRS = 3.0, 3
#: The columns that say who was given support.
SUPPORT_NOTES = ("support", "band_decided")
_ORDER = {"stop": 0, "warn": 1, "note": 2}


def review(
    outcomes: Outcomes,
    features: Features,
    horizon: float,
    *,
    competing: Competing = "not_back",
    accepted: Collection[str] = (),
    plausible_rate: tuple[float, float] | None = None,
    standard_band: str = "standard",
) -> tuple[Remark, ...]:
    """What speaks against learning from `outcomes`, or judging by them, at `horizon` weeks. "stop" comes first.

    Args:
        outcomes: the outcomes.
        features: the features of their checklist.
        horizon: weeks since the job ended.
        competing: what a competing event before the horizon means.
        accepted: ids of questions that somebody has checked were asked at intake, however well they tell the outcome.
        plausible_rate: between which shares, 0 to 1, the outcome is expected; None to expect nothing.
        standard_band: the id of the band with the standard support, as in "band_decided".
    """
    if not len(outcomes):
        return (Remark("no_rows", "stop", "There are no rows. Check that the right file was chosen."),)
    if not outcomes.weight.any():
        return (Remark("no_weight", "stop", "Every row weighs 0. Correct the column 'weight' or leave it out."),)
    label = outcomes.label(horizon, competing)
    found = [
        *checks.enough(outcomes, label),
        *leaks(outcomes, features, label, accepted),
        *checks.followed(outcomes, label, competing),
        *checks.follow_up_by_answer(outcomes, horizon, features, competing),
        *(checks.rate(label, outcomes, plausible_rate) if plausible_rate is not None else ()),
        *checks.columns(outcomes, features),
        *_doubles(outcomes),
        *_ends(outcomes, label),
        *_supported(outcomes, standard_band),
    ]
    if outcomes.simulated:
        found.append(Remark("simulated", "note", "The people in this file are simulated: nobody in it exists."))
    return tuple(sorted(found, key=lambda remark: _ORDER[remark.severity]))


def supported(outcomes: Outcomes, standard_band: str = "standard") -> NDArray[np.bool_]:
    """[n] True where support was received, or decided on beyond the standard: there the outcome may be its work."""
    received = np.zeros(len(outcomes), dtype=bool)
    for name in SUPPORT_NOTES:
        if name in outcomes.notes:
            cells = outcomes.notes[name]
            received |= (cells != "") & (cells != standard_band)
    return received


def _supported(outcomes: Outcomes, standard_band: str) -> Iterator[Remark]:
    rows = int(supported(outcomes, standard_band).sum())
    if rows:
        text = (
            f"{counted(rows, 'row')} of {len(outcomes):,} are of people who received support or were given a band "
            "above the standard one. Support changes outcomes: a risk that was met with support can look smaller than "
            "it is. Look at the results with and without these rows."
        )
        yield Remark("supported", "warn", text, {"rows": rows, "share": rows / len(outcomes)})


def _ends(outcomes: Outcomes, label: Label) -> Iterator[Remark]:
    """Competing events before the horizon, which count one way or the other."""
    rows = int(((outcomes.place == COMPETING) & (outcomes.weeks <= label.horizon)).sum())
    if rows:
        text = (
            f"In {counted(rows, 'row')} the search ended within {shortest(label.horizon)} weeks without a return "
            "to work (retired, died). By default these count as not back in work; look at the result with them lost "
            "from sight too."
        )
        yield Remark("competing", "note", text, {"rows": rows})


def _doubles(outcomes: Outcomes) -> Iterator[Remark]:
    """One client in several rows, the same row twice, and equal rows under different ids."""
    _, client, sizes = np.unique(outcomes.client.astype(str), return_inverse=True, return_counts=True)
    several = sizes[client] > 1
    if several.any():
        text = (
            f"There are several rows of {counted(int((sizes > 1).sum()), 'client')}, {int(several.sum()):,} in all. "
            "They are kept in one fold together."
        )
        yield Remark("several_rows", "note", text, {"clients": int((sizes > 1).sum()), "rows": int(several.sum())})
    answers = codes_of(outcomes.inputs, outcomes.states)
    spell = codes_of(outcomes.weeks, outcomes.place, outcomes.date.astype("datetime64[D]").astype(np.int64))
    both = codes_of(answers, spell)
    own = codes_of(both, client)
    repeated = int(len(own) - len(np.unique(own)))
    if repeated:
        text = (
            f"{counted(repeated, 'row')} repeat another row of the same client in every answer and outcome, and count "
            "twice. Take them out unless the client lost two jobs alike."
        )
        yield Remark("repeated_rows", "warn", text, {"rows": repeated})
    yield from _twins(answers, spell, both, own)


def _twins(
    answers: NDArray[np.int64], spell: NDArray[np.int64], both: NDArray[np.int64], own: NDArray[np.int64]
) -> Iterator[Remark]:
    """Equal rows of different clients, beyond what chance gives where answers and outcomes have nothing in common."""
    _, first = np.unique(own, return_index=True)
    pairs = _pairs(both[first])
    size = len(first)
    chance = _pairs(answers[first]) * _pairs(spell[first]) / max(size * (size - 1) / 2, 1)
    if pairs < _PAIRS or pairs <= _CHANCE_TIMES * chance + 4 * np.sqrt(chance):
        return
    _, place, sizes = np.unique(both[first], return_inverse=True, return_counts=True)
    rows = int((sizes[place] > 1).sum())
    text = (
        f"{counted(rows, 'row')} are equal to a row of another client in every answer, the weeks, the outcome and the "
        "date, which is more than chance gives. If one person has two ids, they may stand in two folds and flatter the "
        "result: give each person one id."
    )
    yield Remark("twins", "warn", text, {"rows": rows, "pairs": pairs, "by_chance": chance})


def _pairs(codes: NDArray[np.int64]) -> float:
    _, sizes = np.unique(codes, return_counts=True)
    return float((sizes * (sizes - 1.0) / 2).sum())
