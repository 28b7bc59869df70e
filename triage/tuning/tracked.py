"""What of a tuning is kept on a tracking server? Curves by cut-off, and one run for each policy that is compared."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from triage.errors import TrackingError
from triage.evaluation.figures import Figure
from triage.policies.evidence import CUTOFFS, EVIDENCE
from triage.tracking.about import metric_name, run_name, tags_of, versions
from triage.tracking.candidates import EVIDENCE_TAG
from triage.tracking.client import Run, Tracking
from triage.tracking.data import DataFile
from triage.tuning.movers import Movers
from triage.tuning.write import HTML, JSON, MOVERS, as_json, evidence_of, page_of

EXPERIMENT = "ltu-triage tune"
TABLE = "policies-table.json"
_ENDS = {"": "value", ".low": "low", ".high": "high"}
#: Of each group, what is kept as a curve; the JSON file has the rest.
_OF_GROUPS = ("recall", "flagged", "in_vain")
#: So much of a name that somebody gave goes into that of a metric, which may have 250 signs.
_PART = 100
_RATES = ("flagged", "ppv", "npv", "sensitivity", "missed", "in_vain")


def keep_tuning(
    tracking: Tracking, data: dict[str, Any], file: DataFile, movers: Movers | None, parent: str | None = None
) -> str:
    """Make a run of a tuning with one run below it for each policy; returns where people open it.

    Each policy's `run` in `data` is set to the id of its run.

    Args:
        tracking: the server.
        data: of the tuning.
        file: the outcomes.
        movers: the clients whose band would change; None to keep them on this machine.
        parent: the run that this one belongs under.

    Raises:
        TrackingError: the server does not answer any more.
    """
    words = "\n\n".join(item["text"] for item in data["cautions"] if item["id"] != "simulated")
    tags = tags_of("tune", data["simulated"], words) | {"ltu.model": data["model"]["id"]}
    name = run_name(f"tune {data['model']['id']}", data["simulated"])
    with tracking.run(EXPERIMENT, name, tags=tags, parent=parent) as run:
        file.keep(run, "tuning")
        run.params(_params(data))
        run.metrics({f"people.{key}": data["people"][key] for key in ("rows", "clients", "known", "cases", "banded")})
        run.curves(data["cutoffs"], dict(_curves(data)))
        for policy in data["policies"]:
            _keep_policy(tracking, data, policy, file, run.id)
        _table(run, data)
        run.text(JSON, as_json(data))
        run.text(HTML, page_of(data))
        run.json("software.json", versions())
        if movers is not None:
            run.text(MOVERS, movers.text())
        return run.address


def _keep_policy(tracking: Tracking, data: dict[str, Any], policy: dict[str, Any], file: DataFile, parent: str) -> None:
    reasons = "\n\n".join(f"Cannot be promoted: {item['why']}" for item in policy["blocked"])
    tags = tags_of("policy", data["simulated"], reasons) | {
        "ltu.policy": policy["id"],
        "ltu.blocked": str(bool(policy["blocked"])).lower(),
        "ltu.model": data["model"]["id"],
    }
    name = run_name(policy["name"], data["simulated"])
    try:
        with tracking.run(EXPERIMENT, name, tags=tags, parent=parent) as run:
            policy["run"] = run.id
            file.keep(run, "tuning")
            _fill_policy(run, data, policy)
    except TrackingError:
        # A policy that names a run without its tag could not be promoted, from its folder neither.
        policy["run"] = ""
        raise


def _fill_policy(run: Run, data: dict[str, Any], policy: dict[str, Any]) -> None:
    run.params({"kind": policy["kind"], **{f"{band['id']}.percent": band["percent"] for band in policy["bands"]}})
    run.figures(dict(_figures(data, policy)))
    counts = {f"{band['id']}.{name}": band[name] for band in policy["bands"] for name in ("cases", "cases_below")}
    run.metrics({**counts, **{f"moved.{way}": count for way, count in policy["moved"].items()}})
    run.text(CUTOFFS, policy["cutoffs_file"])
    evidence = evidence_of(data, policy)
    run.text(EVIDENCE, as_json(evidence))
    # The tag stands in the database: whoever changes the file alone is found out.
    run.tags({EVIDENCE_TAG: evidence["digest"]})


def _params(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "model": data["model"]["id"],
        "outcomes": data["people"]["source"],
        "checklist": data["checklist"],
        "scores": data["scores"]["how"],
        "asserted_by": data["scores"]["asserted_by"],
        **{key: data["settings"][key] for key in ("seed", "resamples", "competing")},
    }


def _curves(data: Mapping[str, Any]) -> Iterator[tuple[str, list[float | None]]]:
    """Every curve that is kept, by the name of its metric."""
    for name, curve in data["curves"].items():
        if curve is not None:
            for end, part in _ENDS.items():
                yield f"{name}{end}", curve[part]
    yield "cases_at_or_above", data["counts"]["cases"]
    for item, way in zip(data["groups"], _ways(data).values(), strict=True):
        for group, name in zip(item["groups"], _parts(group["name"] for group in item["groups"]), strict=True):
            for rate in _OF_GROUPS if group["shown"] else ():
                yield f"groups/{way}/{name}.{rate}", group["curves"][rate]["value"]


def _ways(data: Mapping[str, Any]) -> dict[str, str]:
    """What stands in a metric's name for each way to group people, by its id."""
    ids = [item["id"] for item in data["groups"]]
    return dict(zip(ids, _parts(ids), strict=True))


def _parts(names: Iterable[str]) -> list[str]:
    """A part of a metric's name for each of the names that people gave, unlike the others and not too long."""
    found: list[str] = []
    for name in names:
        part = start = metric_name(name).replace("/", "_")[:_PART]
        number = 2
        while part in found:
            part, number = f"{start}-{number}", number + 1
        found.append(part)
    return found


def _figures(data: Mapping[str, Any], policy: Mapping[str, Any]) -> Iterator[tuple[str, Figure]]:
    ways = _ways(data)
    for band in policy["bands"]:
        for name in _RATES:
            yield metric_name(f"{band['id']}.{name}"), band["figures"][name]
    for item in policy["gaps"]:
        yield metric_name(f"gap_{ways[item['dimension']]}.{item['band']}.{item['rate']}"), item["difference"]


def _table(run: Run, data: Mapping[str, Any]) -> None:
    """The policies side by side, as MLflow shows tables."""
    columns = ["policy", "band", "percent", *_RATES, "cases", "cases_below", "up", "down", "blocked"]
    rows = [
        [
            policy["id"], band["id"], band["percent"], *(band["figures"][name]["value"] for name in _RATES),
            band["cases"], band["cases_below"], policy["moved"]["up"], policy["moved"]["down"], bool(policy["blocked"]),
        ]
        for policy in data["policies"]
        for band in policy["bands"]
    ]  # fmt: skip
    run.json(TABLE, {"columns": columns, "data": rows})
    run.tags({"mlflow.loggedArtifacts": json.dumps([{"path": TABLE, "type": "table"}])})
