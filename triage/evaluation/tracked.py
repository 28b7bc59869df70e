"""What of an evaluation is kept on a tracking server? Its figures with their intervals, curves, and its pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from triage.bundle.manifest import CARD
from triage.evaluation.figures import Figure
from triage.evaluation.groups import RATES
from triage.evaluation.page import evaluation_page
from triage.evaluation.write import HTML, JSON, as_json
from triage.tracking.about import metric_name, run_name, tags_of, versions
from triage.tracking.client import Run, Tracking
from triage.tracking.data import DataFile

EXPERIMENT = "ltu-triage evaluate"


def keep_evaluation(
    tracking: Tracking, data: dict[str, Any], file: DataFile, bundle: Path, parent: str | None = None
) -> str:
    """Make a run of an evaluation; returns where people open it.

    Args:
        tracking: the server.
        data: of the evaluation.
        file: the outcomes that the model was judged by.
        bundle: the folder of the model; left out where it is an address in a registry.
        parent: the run that this one belongs under.

    Raises:
        TrackingError: the server does not answer any more.
    """
    words = "\n\n".join(item["text"] for item in data["cautions"] if item["id"] != "simulated")
    tags = tags_of("evaluate", data["simulated"], words) | {"ltu.model": data["model"]["id"]}
    name = run_name(f"evaluate {data['model']['id']}", data["simulated"])
    with tracking.run(EXPERIMENT, name, tags=tags, parent=parent) as run:
        file.keep(run, "evaluation")
        run.params(_params(data))
        run.figures(dict(_figures(data)))
        run.metrics({f"people.{key}": data["people"][key] for key in ("rows", "clients", "known", "cases")})
        _curves(run, data)
        run.text(JSON, as_json(data))
        run.text(HTML, evaluation_page(data))
        run.json("software.json", versions())
        if bundle.is_dir():
            keep_bundle(run, bundle)
        return run.address


def keep_bundle(run: Run, bundle: Path) -> None:
    """Keep a bundle, and beside it what people look at first: its card and its pictures."""
    run.folder(bundle, "bundle")
    for path in (bundle / CARD, *sorted(bundle.glob("*.svg"))):
        run.file(path, "plots" if path.suffix == ".svg" else None)


def main_figures(main: Mapping[str, Any]) -> Iterator[tuple[str, Figure]]:
    """The figures of `triage.evaluation.judge`, by the names of their metrics."""
    for key, told in main.items():
        if isinstance(told, dict) and "value" in told:
            yield key, told
    for place in ("top", "lowest"):
        for row in main[place]:
            for key, told in row.items():
                if key != "share":
                    yield f"{place}_{100 * row['share']:g}.{key}", told


def _params(data: Mapping[str, Any]) -> dict[str, Any]:
    settings = data["settings"]
    return {
        "model": data["model"]["id"],
        "outcomes": data["people"]["source"],
        "checklist": data["checklist"],
        "cutoffs": data["cutoffs"]["version"],
        "horizon_weeks": f"{data['horizon_weeks']:g}",
        **{key: settings[key] for key in ("seed", "resamples", "competing")},
    }


def _figures(data: Mapping[str, Any]) -> Iterator[tuple[str, Figure]]:
    yield from main_figures(data["main"])
    for band in data["cutpoints"]:
        for key in band:
            if key != "id":
                yield metric_name(f"band_{band['id']}.{key}"), band[key]
    for item in data["comparators"]:
        yield metric_name(f"beside_{item['id']}.auc_difference"), item["auc"]["difference"]
    for item in data["groups"]:
        for band, rates in item["between_groups"].items():
            for key in RATES:
                if rates[key] is not None:
                    yield metric_name(f"gap_{item['id']}.{band}.{key}"), rates[key]


def _curves(run: Run, data: Mapping[str, Any]) -> None:
    """Net benefit by the probability at which people act, in percent; calibration by tenths of the scores."""
    rows = data["decision_curve"]
    percents = [round(100 * row["threshold"]) for row in rows]
    for name, key in (("net_benefit", "net"), ("net_benefit_of_everybody", "everybody")):
        for end, part in (("", "value"), (".low", "low"), (".high", "high")):
            run.curve(f"curves/{name}{end}", percents, [row[key][part] for row in rows])
    tenths = data["main"]["curve"]
    for key in ("predicted", "observed"):
        values = [row[key]["value"] for row in tenths]
        run.curve(f"curves/calibration_{key}", range(1, len(tenths) + 1), values)
