"""How does the service do by now: have its people changed, do its figures come true, and is anybody left behind?

`monitor` gives plain data: what `monitoring.json` holds. Keys, stable within a `format`; a figure is {"value", "low",
"high"} with its 95% interval, shares are 0 to 1, None stands for what cannot be told or is hidden because it is small:

- `format`, `title`, `simulated` (everybody in the records is simulated), `on` (the day), `since`, `until`, `unit`
  ("month" or "week");
- `model`: `id`, `source`, `training`, `outcome`, `complement`, `horizon`, `horizon_weeks`; `checklist`;
  `cutoffs`: `version`, `names` (by band id); `rules`: the version of `monitoring.yaml`; `source`: where its sizes of
  drift come from;
- `policy`: None where nobody promoted the cut-offs; else its `version`, the `model` that its evidence is about, and
  `same_model` (exactly the one in force);
- `periods`: `name`, `words`, `start`, `step` (days from 1970), `people` (scored in it);
- `scores`: `people` (clients scored), `left_out` (with a job to go to), `checked` and `not_reproduced` (kept scores of
  the model in force, worked out again), `other_models` and `other_cutoffs` (rows of other versions);
- `drift`: `score`, `answers` and `unanswered` (lists); each has `id`, `name`, `first` and `latest` (periods), `periods`
  (`period`, `from_reference`, `from_first`; each None or `psi`, `by_chance`, `bound`, `size`, `may_be_chance`) and
  `groups` (`name` and the shares `reference`, `first`, `latest`);
- `missing`: `people`, `offices`, `early_counts_as_not_asked`, `questions` (`id`, `name`, `all` and `by_office`, with
  the counts `answered`, `declined`, `not_asked`, `too_early`);
- `changes`: `decisions`, `all`, `periods`, `offices`, `reasons` (lines with `name`, `same`, `more`, `less`,
  `decisions`, `share_more`, `share_less`) and `signs`;
- `outcomes`: `told`; where True `source`, counts and bounds (see `triage.evaluation.bounds`), the figures `observed`,
  `predicted`, `observed_over_expected`, `in_the_large`, `slope`, `auc`; `bands`, `cutpoints` and `groups` as in an
  evaluation, with `between_groups` for recall alone, of groups with enough cases; `as_decided` (as `cutpoints`, by the
  band that a person decided); `after_decision` (as `bands`, by what was decided beside what was proposed); where False
  `why`;
- `known`: `recorded`, `from_files`, `left_out` (rows of clients who were counted already), `outside` (rows of other
  days than those asked for, or of a day that is not known);
- `collected`: for each wanted group `id`, `name`, `from` ("checklist", "file" or ""), `dimensions` (ids in `groups`);
- `shadow`: None, or the challenger beside the model (see `triage.monitoring.shadow`);
- `alerts`: `id`, `level` ("stop", "act", "look"), `where`, `what`, `means`, `do`; the same as in `alerts.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from triage.casework.service import Service
from triage.engine import Engine
from triage.evaluation.figures import Progress
from triage.evaluation.scored import Scored, score_outcomes
from triage.evaluation.settings import Settings
from triage.monitoring.alerts import alerts
from triage.monitoring.changes import changes
from triage.monitoring.collected import collected
from triage.monitoring.counts import told_alone, told_parts
from triage.monitoring.drift import drift
from triage.monitoring.known import known_outcomes
from triage.monitoring.matured import matured
from triage.monitoring.missing import missing
from triage.monitoring.periods import Unit
from triage.monitoring.reading import Records, read_records
from triage.monitoring.rules import load_rules
from triage.monitoring.shadow import shadow, unheard
from triage.outcomes import Outcomes
from triage.records.actor import Actor

FORMAT = 1
#: Fewer resamples than for an evaluation: what is watched each month has to be quick.
SETTINGS = Settings(seed="monitor", resamples=200)
#: Tells how far a stage is; given the stage in words.
Stages = Callable[[str], Progress]


@dataclass(frozen=True)
class Wanted:
    """What is asked for.

    Attributes:
        unit: months or weeks.
        since, until: the first and the last day; the whole time up to today where None.
        files: outcomes from elsewhere, already read.
        challenger: another model to stand beside the one in force.
        simulated: everybody in the records is simulated.
        settings: seed and resamples of the intervals.
    """

    unit: Unit = "month"
    since: date | None = None
    until: date | None = None
    files: Sequence[Outcomes] = ()
    challenger: Engine | None = None
    simulated: bool = False
    settings: Settings = SETTINGS


def _nobody(_: int, __: int) -> None:
    """Nobody looks on."""


def _silent(_: str) -> Progress:
    return _nobody


def monitor(service: Service, actor: Actor, wanted: Wanted, stages: Stages = _silent) -> dict[str, Any]:
    """What the records and the outcomes say of the service, as plain data (see above).

    Nothing is changed in the records; the audit trail names who took the figures out.

    Args:
        service: the service, with the model in force.
        actor: an analyst or a manager.
        wanted: what is asked for.
        stages: gives, for a stage in words, what is told how far it is.

    Raises:
        AccessError: the actor is neither.
        CaseworkError: nobody was scored in that time.
        OutcomesError: simulated and real people would be mixed.
        ContentError: monitoring.yaml has faults.
    """
    engine = service.engines.now
    rules = load_rules(engine.checklist.folder)
    known = known_outcomes(
        service, actor, wanted.files, simulated=wanted.simulated, since=wanted.since, until=wanted.until,
        progress=stages("outcomes looked at"),
    )  # fmt: skip
    records = read_records(service, actor, wanted.unit, wanted.since, wanted.until, stages("scores read"))
    scored = score_outcomes(engine, unheard(records.people.inputs, records.people.states))
    moved = drift(engine, records, scored, rules.drift)
    data = {
        "format": FORMAT,
        **_head(engine, records, wanted, service.today),
        "rules": rules.version,
        "source": rules.drift.source,
        "policy": _policy(service, engine),
        "scores": _scores(engine, records, scored),
        "drift": {"score": moved.score, "answers": moved.answers, "unanswered": moved.unanswered},
        "missing": missing(engine, records),
        "changes": changes(service, records, rules.changes),
        "outcomes": matured(engine, known.outcomes, wanted.settings, rules.recall.least_cases, stages("resamples")),
        "known": {
            **told_parts({"recorded": known.recorded, "from_files": known.from_files}),
            "left_out": told_alone(known.left_out),
            "outside": told_alone(known.outside),
        },
        "collected": collected(engine.features, known.outcomes, rules),
        "shadow": _shadow(engine, records, scored, wanted),
    }
    governance = engine.cutoffs.file.governance
    review_date = governance.review_date if governance else None
    return {**data, "alerts": alerts(data, rules, review_date, service.today)}


def _head(engine: Engine, records: Records, wanted: Wanted, today: date) -> dict[str, Any]:
    manifest = engine.bundle.manifest
    label = manifest.label
    simulated = wanted.simulated
    counts = np.bincount(records.people.period, minlength=len(records.periods))
    people = told_parts({period.name: int(count) for period, count in zip(records.periods, counts, strict=True)})
    return {
        "title": f"{'Simulated people: ' if simulated else ''}how does {manifest.id} do?",
        "simulated": simulated,
        "on": today.isoformat(),
        "since": records.since.isoformat(),
        "until": records.until.isoformat(),
        "unit": wanted.unit,
        "model": {
            "id": manifest.id, "source": manifest.source, "training": manifest.training, "outcome": label.outcome,
            "complement": label.complement, "horizon": label.horizon, "horizon_weeks": label.horizon_weeks,
        },
        "checklist": engine.features.version,
        "cutoffs": {
            "version": engine.cutoffs.version, "names": {band.id: band.name for band in engine.cutoffs.bands},
        },
        "periods": [
            {
                "name": period.name, "words": period.words, "start": period.start.isoformat(), "step": period.step,
                "people": people[period.name],
            }
            for period in records.periods
        ],
    }  # fmt: skip


def _policy(service: Service, engine: Engine) -> dict[str, Any] | None:
    """The promoted policy that the cut-offs come from, and whether its evidence is about the model in force."""
    found = service.policy.of(engine)
    if found is None:
        return None
    return {
        "version": found.version,
        "model": found.record.evidence["model"]["id"],
        "same_model": found.is_about(engine.bundle),
    }


def _scores(engine: Engine, records: Records, scored: Scored) -> dict[str, Any]:
    """How many scores there are, and whether those of the model in force can be worked out again to the bit."""
    people = records.people
    bands = np.array([*engine.points.ids, ""], dtype=object)[scored.place]
    current = people.cutoffs == engine.cutoffs.version
    # The places of a list may give another band than the score alone.
    comparable = current & (not engine.cutoffs.has_capacity)
    wrong = people.own & ((people.logit != scored.logit) | (comparable & (people.band != bands)))
    own, same = (int(np.count_nonzero(rows)) for rows in (people.own, current))
    return {
        "people": told_alone(int(np.count_nonzero(people.last))),
        "left_out": told_alone(records.left_out),
        **told_parts({"checked": own, "other_models": len(people) - own}),
        "not_reproduced": int(np.count_nonzero(wrong)),
        "other_cutoffs": told_parts({"these": same, "others": len(people) - same})["others"],
    }


def _shadow(engine: Engine, records: Records, scored: Scored, wanted: Wanted) -> dict[str, Any] | None:
    if wanted.challenger is None:
        return None
    rows = np.flatnonzero(records.people.last)
    people = unheard(records.people.inputs[rows], records.people.states[rows])
    return shadow(engine, wanted.challenger, people, scored.take(rows), wanted.settings)
