"""What of this is kept on a tracking server? Figures over time, one run a period, and the files. Nothing of one person.

The figures of each period stand twice: in its own run, and in the run of the whole report, where they make lines. Their
step is the day on which the period begins, counted from 1970, so that the lines of several reports lie on one axis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from triage.evaluation.figures import Figure
from triage.evaluation.write import as_json
from triage.monitoring.page import monitoring_page
from triage.monitoring.rules import DriftRules
from triage.monitoring.write import ALERTS, HTML, JSON, alerts_json
from triage.tracking.about import metric_name, run_name, tags_of, versions
from triage.tracking.client import Run, Tracking
from triage.tracking.data import DataFile

EXPERIMENT = "ltu-triage monitor"
#: The tag that names the period of a run.
PERIOD = "ltu.period"
#: The tag that says whether the period was over when its figures were kept: "true" or "false".
OVER = "ltu.over"
_MOST = 5000
_LEVELS = ("stop", "act", "look")


def keep_monitoring(
    tracking: Tracking, data: dict[str, Any], rules: DriftRules, files: Sequence[DataFile], in_part: bool,
    parent: str | None = None,
) -> str:  # fmt: skip
    """Make a run of the report and one below it for each period; returns where people open the first.

    Args:
        tracking: the server.
        data: what was found.
        rules: when a change counts.
        files: the outcomes that came from files.
        in_part: something could not be used.
        parent: the run that the report belongs under.

    Raises:
        TrackingError: the server does not answer any more.
    """
    simulated, model = data["simulated"], data["model"]["id"]
    words = "\n\n".join(f"{item['where']}: {item['what']}" for item in data["alerts"])
    about = {"ltu.model": model, "ltu.alerts": str(len(data["alerts"]))}
    span = f"{data['since']} to {data['until']}"
    with tracking.run(
        EXPERIMENT,
        run_name(f"monitor {span}", simulated),
        tags=tags_of("monitor", simulated, words) | about,
        parent=parent,
    ) as run:
        for file in files:
            file.keep(run, "monitoring")
        given = {key: data[key] for key in ("checklist", "since", "until", "unit", "rules")}
        run.params({"model": model, "cutoffs": data["cutoffs"]["version"], **given})
        last = data["periods"][-1]["step"]
        run.metrics(
            {f"alerts.{level}": sum(item["level"] == level for item in data["alerts"]) for level in _LEVELS}, last
        )
        run.figures({metric_name(name): told for name, told in _figures(data)}, last)
        _periods(tracking, run, data)
        run.text(JSON, as_json(data))
        run.text(HTML, monitoring_page(data, rules))
        run.text(ALERTS, alerts_json(data, in_part))
        run.json("software.json", versions())
        return run.address


def _periods(tracking: Tracking, run: Run, data: dict[str, Any]) -> None:
    """A point for each period in the run of the report, and a run of its own for each that does not have one yet.

    The last period may still go on, so that its figures are others next time: what is kept of it stands for nothing.
    """
    simulated, model = data["simulated"], data["model"]["id"]
    first = data["drift"]["score"]["first"] or ""
    same = {"ltu.model": model, "ltu.first": first, "ltu.unit": data["unit"], "simulated": str(simulated).lower()}
    there = _kept_before(tracking, same | {OVER: "true"})
    for place, period in enumerate(data["periods"], start=1):
        figures = period_metrics(data, period["name"])
        run.metrics(figures, period["step"])
        over = place < len(data["periods"])
        if period["people"] == 0 or (over and period["name"] in there):
            continue
        tags = tags_of("monitor", simulated) | same | {PERIOD: period["name"], OVER: str(over).lower()}
        name = run_name(f"{period['name']} {model}", simulated)
        with tracking.run(EXPERIMENT, name, tags=tags, parent=run.id) as part:
            part.metrics(figures, period["step"])


def _kept_before(tracking: Tracking, same: Mapping[str, str]) -> set[str]:
    """The periods that have a run with these tags: of the same model, beside the same first period, when over."""
    wanted = " and ".join(f"tags.`{name}` = '{value}'" for name, value in same.items())
    found = tracking.client.search_runs(
        [tracking.experiment(EXPERIMENT)], f"{wanted} and attributes.status = 'FINISHED'", max_results=_MOST
    )
    return {run.data.tags[PERIOD] for run in found if PERIOD in run.data.tags}


def period_metrics(data: dict[str, Any], name: str) -> dict[str, float | None]:
    """The figures of one period by the names of their metrics; what is hidden or cannot be told is None."""
    [period] = [item for item in data["periods"] if item["name"] == name]
    found: dict[str, float | None] = {"people": period["people"]}
    drift = data["drift"]
    kinds = {
        "drift.score": [drift["score"]],
        "drift.answers": drift["answers"],
        "drift.unanswered": drift["unanswered"],
    }
    for kind, items in kinds.items():
        for item in items:
            [row] = [row for row in item["periods"] if row["period"] == name]
            prefix = f"{kind}/{item['id']}" if item["id"] else kind
            for beside in ("from_first", "from_reference"):
                told = row[beside]
                found[metric_name(f"{prefix}.{beside}")] = told and told["psi"]
                found[metric_name(f"{prefix}.{beside}.chance")] = told and told["bound"]
    changed = next((row for row in data["changes"]["periods"] if row["name"] == name), None)
    for way in ("more", "less"):
        found[f"changes.{way}"] = changed[f"share_{way}"] if changed else None
    return found


def _figures(data: dict[str, Any]) -> Iterator[tuple[str, Figure]]:
    """What outcomes say, by the names of their metrics."""
    told = data["outcomes"]
    if not told["told"]:
        return
    for key in ("observed", "predicted", "observed_over_expected", "in_the_large", "slope", "auc"):
        yield key, told[key]
    for band in told["bands"]:
        if band["shown"]:
            yield f"band_{band['id'] or 'none'}.observed_over_expected", band["observed_over_expected"]
    for item in told["groups"]:
        for group in item["groups"]:
            if group["shown"]:
                for cut, rates in group["cutoffs"].items():
                    yield f"recall/{item['id']}.{group['name']}.{cut}", rates["recall"]
