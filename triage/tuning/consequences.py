"""What would follow from each policy: for everybody, for each group, and beside the policy in force?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.evaluation.dimensions import Dimension
from triage.evaluation.figures import figure, rounded
from triage.evaluation.sample import Sample
from triage.tuning.candidates import Candidate, percent_of
from triage.tuning.deciding import Deciding
from triage.tuning.groups import Gap, Groups
from triage.tuning.intervals import told
from triage.tuning.sweep import EVERYBODY, Sweep, Swept

Array = NDArray[np.float64]
#: What is told of everybody at a policy's cut-off; sensitivity is the recall of everybody.
FIGURES = {
    "flagged": "flagged", "ppv": "ppv", "npv": "npv", "sensitivity": "recall", "missed": "missed", "in_vain": "in_vain",
}  # fmt: skip
#: A gap counts as widened from this estimate on, unless its interval shows more; smaller ones are everywhere by chance.
WIDENED = 0.02
#: The gaps that harm: who is missed, and who is flagged in vain. How many are flagged differs wherever risks differ.
_HARMS = ("recall", "false_positive_rate")


def bands_data(policy: Candidate, swept: Swept, groups: Groups) -> list[dict[str, Any]]:
    """Every band above the standard one: its cut-off, figures and counts, for everybody and by group."""
    found = []
    for band, edge in zip(policy.points.ids[1:], policy.points.edges, strict=True):
        place = swept.at(edge)
        cases = swept.cases[EVERYBODY][0]
        found.append({
            "id": band,
            "percent": percent_of(edge),
            "logit": float(edge) if np.isfinite(edge) else None,
            "figures": _figures(swept, place),
            "cases": int(cases[place + 1]),
            "cases_below": int(cases[0] - cases[place + 1]),
            "groups": groups.at(place),
        })  # fmt: skip
    return found


def gaps_data(policy: Candidate, swept: Swept, groups: Groups) -> list[dict[str, Any]]:
    """The two groups furthest apart, by dimension, band and rate."""
    return [
        {"dimension": item.id, "name": item.name, "band": band, "rate": rate, **gap.data()}
        for band, item, rate, gap in gaps_of(policy, swept, groups)
    ]


def gaps_of(policy: Candidate, swept: Swept, groups: Groups) -> Iterator[tuple[str, Dimension, str, Gap]]:
    """Every gap of a policy: band, dimension, rate, gap."""
    for band, edge in zip(policy.points.ids[1:], policy.points.edges, strict=True):
        for item, rate, gap in groups.gaps(swept.at(edge)):
            yield band, item, rate, gap


def widened_data(policy: Candidate, current: Candidate, swept: Swept, groups: Groups) -> list[dict[str, Any]]:
    """The gaps in recall and in vain flags that are wider than under the policy in force: by the estimate, or surely.

    The difference is paired: both gaps in the same resamples. `sure` is True where its 95% interval lies above 0.
    """
    before = {(band, item.id, rate): gap for band, item, rate, gap in gaps_of(current, swept, groups)}
    found = []
    for band, item, rate, after in gaps_of(policy, swept, groups):
        old = before.get((band, item.id, rate))
        if old is None or rate not in _HARMS:
            continue
        difference = figure(after.value - old.value, after.again - old.again)
        sure = difference["low"] is not None and difference["low"] > 0
        if sure or after.value - old.value >= WIDENED:
            found.append({
                "dimension": item.id, "name": item.name, "band": band, "rate": rate, "before": rounded(old.value),
                "after": rounded(after.value), "difference": difference, "sure": sure,
            })  # fmt: skip
    return found


def places_of(policy: Candidate, deciding: Deciding) -> NDArray[np.intp]:
    """[n] the place of each person's band under a policy; -1 where there are too few answers for one."""
    return np.where(deciding.banded, policy.points.places(deciding.logits()), -1)


def moved_data(policy: Candidate, current: Candidate, deciding: Deciding) -> dict[str, int]:
    """How many rows would get another band than now; people without a band stay without one."""
    change = places_of(policy, deciding) - places_of(current, deciding)
    counts = {"up": change > 0, "down": change < 0, "same": change == 0}
    return {name: int(np.count_nonzero(rows)) for name, rows in counts.items()}


@dataclass(frozen=True, eq=False)
class Less:
    """The policies as if the questions about one protected characteristic had not been asked.

    As many people are flagged as by each policy, so that workload is the same and only who they are differs.

    Attributes:
        characteristic: its name.
        questions: ids.
        cuts: by policy and band, the cut-off on the scores without these questions, log-odds.
        sweep: the sums at these cut-offs.
    """

    characteristic: str
    questions: tuple[str, ...]
    cuts: Mapping[tuple[str, str], float]
    sweep: Sweep

    def data(self, policy: Candidate, swept: Swept, groups: Groups) -> dict[str, Any]:
        """What would follow from a policy without these questions."""
        bands = []
        for band in policy.points.ids[1:]:
            place = swept.at(self.cuts[policy.id, band])
            gaps = [
                {"dimension": item.id, "name": item.name, "band": band, "rate": rate, **gap.data()}
                for item, rate, gap in groups.gaps(place)
            ]
            bands.append({"id": band, "figures": _figures(swept, place), "gaps": gaps})
        return {"characteristic": self.characteristic, "questions": list(self.questions), "bands": bands}


def less_of(
    characteristics: Mapping[str, tuple[str, ...]],
    policies: Sequence[Candidate],
    deciding: Deciding,
    found: Sequence[Dimension],
    sample: Sample,
) -> list[Less]:
    """One for each protected characteristic."""
    own, whole = sample.once.people[:, 0], deciding.logits()
    made = []
    for name, questions in characteristics.items():
        logits = deciding.logits(questions)
        cuts = {
            (policy.id, band): _same_share(whole >= edge, logits, deciding.banded, own)
            for policy in policies
            for band, edge in zip(policy.points.ids[1:], policy.points.edges, strict=True)
        }
        # Of these, groups are compared by recall, false positives and how many are flagged alone.
        sweep = Sweep(logits, deciding.banded, list(cuts.values()), found, sample, own_shares=False)
        made.append(Less(name, questions, cuts, sweep))
    return made


def _same_share(flagged: NDArray[np.bool_], logits: Array, banded: NDArray[np.bool_], own: Array) -> float:
    """The cut-off on `logits` at which the share of people is nearest to those flagged; equal scores stay together."""
    wanted = float(own[flagged & banded].sum())
    scores, place = np.unique(-logits[banded], return_inverse=True)
    sums = np.cumsum(np.bincount(place, own[banded], len(scores)))
    if wanted <= sums[0] / 2:
        return float(np.inf)
    return float(-scores[int(np.argmin(np.abs(sums - wanted)))])


def _figures(swept: Swept, place: int) -> dict[str, Any]:
    at = slice(place, place + 1)
    once, again = (sums[EVERYBODY].rates(0, at) for sums in (swept.once, swept.again))
    return {name: told(once[rate][0, 0], again[rate][0]) for name, rate in FIGURES.items()}
