"""What follows from each cut-off and each policy, how sure is that, and may it carry a promotion?

`tune` gives a `Tuning`; its `data` is what `tuning.json` holds. A figure is {"value", "low", "high"}: the estimate and
its 95% interval, None where it cannot be told. A curve is the same with a list for each, one entry for each cut-off.
Shares are 0 to 1, of the people who have a band; numbers have six significant digits. Keys, stable within a `format`:

- `format`, `title`, `simulated` (True where nobody in the file exists); `checklist`;
- `model`: `id`, `source`, `training`, `outcome`, `complement`, `horizon`, `horizon_weeks`, `manifest_sha256`;
- `people`: `source`, `sha256`, `rows`, `clients`, `known`, `cases`, `first_date`, `last_date`; `banded` rows,
  and rows with support beyond the standard, `supported`;
- `scores`: `how` ("never_learned", "unseen", "out_of_fold" or "asserted"), `asserted_by`, `why`;
- `settings`: `seed`, `resamples`, `least_people`, `least_cases`, and the rules of `triage.tuning.apart`;
- `bands` from the standard one up: `id`, `name`, `offers`; `in_force`: that policy's id, `in_force_version`,
  and `in_force_digest`, SHA-256 of its rules, so that another file of that version is told apart; `cautions`: `id`,
  `text`;
- `cutoffs`: 1 to 99, in percent of the probability that decides on bands; `curves` by name: `ppv`, `npv`,
  `sensitivity`, `flagged`, `missed`, `in_vain`, `false_positive_rate`, `net_benefit`, and `recall_gap_age` (None where
  the checklist asks no age);
- `counts`: at or above each cut-off `people`, rows, and `cases`, clients known to have the outcome, each of them once,
  at their highest score; `cases_below` the others of them. Rows without weight count among `people` alone;
- `indistinct`: neighbours that the events cannot tell apart, `from`, `to`, `why`; `equal`: runs that flag the same;
- `groups`: by dimension `id`, `name`, `source`, `groups` (`name`, `shown`; where shown `people`, `known`, `cases`,
  `curves`, `counts`; PPV, missed and in vain by the group's own follow-up);
- `policies`: `id`, `name`, `kind`, `bands` (`id`, `percent`, `logit`, `figures`, `cases`, `cases_below`, `groups`),
  `gaps`, `widened`, `moved`, `less`, `blocked` (`id`, `why`), `cutoffs_file`, `run`;
- `frontier`: see `triage.tuning.frontier`, with `policy`, the solved policy's id; `costs`: see `triage.tuning.costs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from triage.engine import Engine
from triage.errors import TuningError
from triage.evaluation.about import about
from triage.evaluation.dimensions import AGE, dimensions
from triage.evaluation.figures import Progress, figure
from triage.evaluation.sample import Sample, canonical
from triage.evaluation.settings import Settings
from triage.outcomes import Competing, Outcomes
from triage.outcomes.guards import supported
from triage.tuning import apart
from triage.tuning.candidates import Candidate, at_percents, in_force, with_own_ids
from triage.tuning.cautions import cautions
from triage.tuning.consequences import bands_data, gaps_data, less_of, moved_data, widened_data
from triage.tuning.costs import Costs
from triage.tuning.deciding import Deciding, characteristics
from triage.tuning.frontier import Frontier, frontier_of, groups_of
from triage.tuning.groups import Groups
from triage.tuning.intervals import Curve, curve
from triage.tuning.local import Local, local_data
from triage.tuning.movers import Movers, movers_of
from triage.tuning.solver import Wish
from triage.tuning.sweep import EVERYBODY, PERCENTS, Sweep, Swept, edge_of, run
from triage.tuning.unseen import Scores

FORMAT = 1
#: What holds where nothing else is said.
DEFAULTS = Settings(seed="tuning")
_MODEL = ("id", "source", "training", "outcome", "complement", "horizon", "horizon_weeks")
_PEOPLE = ("source", "rows", "clients", "known", "cases", "first_date", "last_date")
_CURVES = ("ppv", "npv", "flagged", "missed", "in_vain", "false_positive_rate")


@dataclass(frozen=True, eq=False)
class Tuning:
    """A finished tuning.

    Attributes:
        data: described in this module's docstring.
        movers: the clients whose band would change; they stay on this machine.
    """

    data: dict[str, Any]
    movers: Movers


@dataclass(frozen=True, eq=False)
class Asked:
    """What is compared with the policy in force.

    Attributes:
        candidates: policies that somebody proposes.
        wish: what the solver is asked for.
        local: partnerships with places of their own, for the band of the wish.
        costs: what a place and a missed case cost.
    """

    candidates: Sequence[Candidate] = ()
    wish: Wish | None = None
    local: Local | None = None
    costs: Costs | None = None


def tune(
    engine: Engine,
    outcomes: Outcomes,
    scores: Scores,
    *,
    asked: Asked | None = None,
    competing: Competing = "not_back",
    settings: Settings = DEFAULTS,
    digest: str = "",
    progress: Progress | None = None,
) -> Tuning:
    """Everything that can be said of cut-offs by what happened to people whose answers are known.

    Args:
        engine: the model with its checklist and the cut-offs in force.
        outcomes: what happened to n people, read with that checklist.
        scores: which scores are used, and why they may be (see `triage.tuning.unseen.scores_of`).
        asked: what is compared with the policy in force.
        competing: what a competing event before the horizon means.
        settings: seed, resamples, what is shown.
        digest: SHA-256 of the file of outcomes.
        progress: is told how many resamples are done, and of how many.

    Raises:
        TuningError: nobody has a band, or what is asked for cannot be worked out.
        EvaluationError: nobody's outcome is known, all fared alike, or the outcomes are of another checklist.
        CutoffsError: a policy cannot be used with this model.
    """
    deciding = Deciding.of(engine, outcomes, scores.held_out)
    order = canonical(outcomes, deciding.scored.logit)
    study = _Study(engine, outcomes.take(order), deciding.take(order), competing, settings)
    data = study.data(asked or Asked(), scores, digest, progress)
    return Tuning(data, movers_of(study.policies, outcomes, deciding))


class _Study:
    """The parts of one tuning."""

    def __init__(
        self, engine: Engine, people: Outcomes, deciding: Deciding, competing: Competing, settings: Settings
    ) -> None:
        self.engine, self.people, self.deciding, self.settings = engine, people, deciding, settings
        self.weeks = float(engine.bundle.manifest.label.horizon_weeks)
        self.competing = competing
        self.sample = Sample(people, self.weeks, competing, settings)
        self.found = dimensions(engine.features, people, settings)
        self.policies: list[Candidate] = [in_force(engine)]

    def data(self, asked: Asked, scores: Scores, digest: str, progress: Progress | None) -> dict[str, Any]:
        """What `tuning.json` holds."""
        frontier = self._frontier(asked)
        self.policies = self._policies(asked, frontier)
        told = characteristics(self.engine.checklist, self.engine.features, self.settings)
        less = less_of(told, self.policies, self.deciding, self.found, self.sample)
        edges = [edge_of(percent) for percent in PERCENTS]
        own = [edge for policy in self.policies for edge in policy.points.edges]
        sweep = Sweep(self.deciding.logits(), self.deciding.banded, [*edges, *own], self.found, self.sample)
        swept, *without = run([sweep, *(item.sweep for item in less)], self.sample, progress)
        groups, at = Groups(self.found, swept, self.settings), [swept.at(edge) for edge in edges]
        data = {
            **self._head(scores, digest),
            "cautions": [],
            "cutoffs": list(PERCENTS),
            "curves": self._curves(swept, groups, at),
            "counts": _counts(swept, at),
            **apart.neighbours(swept, PERCENTS, at),
            "groups": groups.data(at),
            "policies": [self._policy(policy, swept, groups) for policy in self.policies],
            "frontier": self._frontier_data(frontier),
            "costs": asked.costs.data() if asked.costs is not None else None,
        }
        for item, other in zip(less, without, strict=True):
            beside = Groups(self.found, other, self.settings)
            for policy, entry in zip(self.policies, data["policies"], strict=True):
                entry["less"].append(item.data(policy, other, beside))
        sample = self.engine.bundle.manifest.sample
        data["cautions"] = cautions(data, sample is not None and sample.simulated)
        return data

    def _head(self, scores: Scores, digest: str) -> dict[str, Any]:
        head = about(self.engine, self.people, self.sample, self.weeks, self.competing)
        manifest, settings = self.engine.bundle.manifest, self.settings
        start = "Simulated people: which" if self.people.simulated else "Which"
        return {
            "format": FORMAT,
            "title": f"{start} cut-offs for {manifest.id}?",
            "simulated": self.people.simulated,
            "model": {
                **{key: head["model"][key] for key in _MODEL},
                "manifest_sha256": self.engine.bundle.manifest_sha256,
            },
            "checklist": self.engine.features.version,
            "people": {
                **{key: head["people"][key] for key in _PEOPLE}, "sha256": digest,
                "banded": int(np.count_nonzero(self.deciding.banded)),
                "supported": int(np.count_nonzero(supported(self.people, self.engine.points.ids[0]))),
            },
            "scores": scores.data(),
            "settings": {
                "seed": settings.seed, "resamples": settings.resamples, "interval": 0.95, "competing": self.competing,
                "least_people": settings.least_people, "least_cases": settings.least_cases,
                "least_cases_in_all": apart.LEAST_CASES, "least_cases_at": apart.LEAST_AT,
                "least_cases_between": apart.LEAST_BETWEEN,
            },
            "bands": [
                {"id": band.id, "name": band.name, "offers": band.offers} for band in self.engine.cutoffs.bands
            ],
            "in_force": self.policies[0].id,
            "in_force_version": self.engine.versions.cutoffs,
            "in_force_digest": self.engine.versions.cutoffs_digest,
        }  # fmt: skip

    def _frontier(self, asked: Asked) -> Frontier | None:
        if asked.wish is None:
            if asked.local is not None:
                raise TuningError("Places of partnerships are shared out for a band: ask for places in all as well.")
            return None
        floor = asked.local.floor if asked.local is not None else None
        frontier = frontier_of(asked.wish, self.engine, self.deciding, self.found, self.sample, floor)
        if asked.local is not None:
            groups = groups_of(asked.wish, self.deciding, self.found, self.sample)
            below = (-np.inf, *self.engine.points.edges)[self.engine.points.ids.index(asked.wish.band) - 1]
            frontier.data["local"] = local_data(asked.local, self.people, self.deciding, self.sample, groups, below)
        return frontier

    def _policies(self, asked: Asked, frontier: Frontier | None) -> list[Candidate]:
        found = [*self.policies, *asked.candidates]
        if frontier is not None and frontier.chosen is not None:
            band = frontier.wish.band
            floor = {band: asked.local.floor} if asked.local is not None else None
            found.append(at_percents(self.engine, {band: frontier.chosen}, "solved", floor))
        if asked.costs is not None:
            found.append(at_percents(self.engine, {asked.costs.band: asked.costs.percent}, "cost"))
        return with_own_ids(found)

    def _frontier_data(self, frontier: Frontier | None) -> dict[str, Any] | None:
        if frontier is None:
            return None
        solved = next((policy.id for policy in self.policies if policy.kind == "solved"), None)
        return {**frontier.data, "policy": solved}

    def _curves(self, swept: Swept, groups: Groups, at: list[int]) -> dict[str, Curve | None]:
        once, again = (sums[EVERYBODY].rates(0) for sums in (swept.once, swept.again))
        told: dict[str, Curve | None] = {name: curve(once[name][at, 0], again[name][at]) for name in _CURVES}
        told["sensitivity"] = curve(once["recall"][at, 0], again["recall"][at])
        chance = np.array(PERCENTS)[:, None] / 100
        net = [cells["found"][at] - chance / (1 - chance) * cells["in_vain"][at] for cells in (once, again)]
        told["net_benefit"] = curve(net[0][:, 0], net[1])
        age = next((item for item in self.found if item.id == AGE), None)
        told["recall_gap_age"] = None
        if age is not None:
            gaps = groups.gap_curve(age, "recall", slice(None))
            points = [figure(np.nan, np.empty(0)) if gap is None else figure(gap.value, gap.again) for gap in gaps]
            told["recall_gap_age"] = {key: [points[k][key] for k in at] for key in ("value", "low", "high")}
        return told

    def _policy(self, policy: Candidate, swept: Swept, groups: Groups) -> dict[str, Any]:
        current, text = self.policies[0], policy.text(self.people.simulated)
        reasons = [*apart.blocked(policy, current, swept, self.engine.points.ids), *self._practice()]
        return {
            "id": policy.id,
            "name": policy.name,
            "kind": policy.kind,
            "bands": bands_data(policy, swept, groups),
            "gaps": gaps_data(policy, swept, groups),
            "widened": widened_data(policy, current, swept, groups),
            "moved": moved_data(policy, current, self.deciding),
            "less": [],
            "blocked": [{"id": name, "why": why} for name, why in reasons],
            "cutoffs_file": text,
            "run": "",
        }

    def _practice(self) -> list[tuple[str, str]]:
        """Real people scored by a model for practice. Where the people are simulated too, `simulated` says it all."""
        sample = self.engine.bundle.manifest.sample
        if sample is None or not sample.simulated or self.people.simulated:
            return []
        return [("learned_simulated", "The model learned from simulated people: no policy for clients can rest on it.")]


def _counts(swept: Swept, at: Sequence[int]) -> Mapping[str, list[int]]:
    rows, cases = swept.rows[EVERYBODY][0], swept.cases[EVERYBODY][0]
    return {
        "people": [int(rows[place + 1]) for place in at],
        "cases": [int(cases[place + 1]) for place in at],
        "cases_below": [int(cases[0] - cases[place + 1]) for place in at],
    }
