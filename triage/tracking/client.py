"""How is a run kept on an MLflow server?

A thin, typed door to `MlflowClient`. It uses no state of the process, so several runs can be written side by side.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from triage.errors import TrackingError, UsageError
from triage.registry.database import trouble_with
from triage.tracking.address import check_address, first_line
from triage.tracking.address import shown as shown

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Metric

ADDRESS = "MLFLOW_TRACKING_URI"
EXTRA = "Tracking needs the extra: pip install 'ltu-triage[tuning]'."
#: What one request may carry.
_METRICS, _PARAMS, _PARAM_LENGTH = 1000, 100, 6000
#: MLflow's pages would else guess what an experiment is about, from what is in it.
_KIND = {"mlflow.experimentKind": "custom_model_development"}
#: Without it MLflow opens with its pages for language models, whatever the kind of the experiment.
_TRAINING_PAGES = "?workflowType=machine_learning"
#: A server that does not answer is told within seconds; MLflow itself would try for minutes.
_PATIENCE = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    # MLflow would print the address of each run among what a command says.
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}


def address_of(given: str | None) -> str | None:
    """The tracking address: the one given, else that of the environment; None where nothing is to be tracked.

    Raises:
        UsageError: the one given is empty.
    """
    if given is not None and not given.strip():
        raise UsageError(
            f"The address after --tracking is empty. Give one, as http://127.0.0.1:5000, or leave --tracking out: the"
            f" address in {ADDRESS} then counts, if there is one."
        )
    return given or os.environ.get(ADDRESS) or None


def open_tracking(address: str, *experiments: str) -> Tracking:
    """A door to the server or database at `address`, tried at once.

    Args:
        address: "http://127.0.0.1:5000", or "sqlite:///mlflow.db" for a database without a server.
        experiments: the names of those that will be written into; none of them may have been deleted.

    Raises:
        UsageError: the extra is not installed, or `address` is no address.
        TrackingError: nothing answers there, it is no MLflow server, or an experiment was deleted.
    """
    check_address(address)
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    for name, value in _PATIENCE.items():
        os.environ.setdefault(name, value)
    try:
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException
    except ImportError:
        # Without the library `import mlflow` may find a folder of that name, which holds no client.
        raise UsageError(EXTRA) from None
    if trouble := trouble_with(address):
        raise _no_server(address, trouble)
    try:
        client = MlflowClient(tracking_uri=address, registry_uri=address)
        client.search_experiments(max_results=1)
    except MlflowException as problem:
        raise _no_server(address, first_line(problem)) from None
    tracking = Tracking(address, client)
    for name in experiments:
        tracking.check_experiment(name)
    return tracking


def _no_server(address: str, why: str) -> TrackingError:
    return TrackingError(
        f"No MLflow server answers at {shown(address)}: {why.rstrip('.')}. Start one with 'make mlflow', or give"
        f" another address with --tracking or {ADDRESS}."
    )


class Tracking:
    """An open door to one tracking server and its registry.

    Attributes:
        address: where it is.
        client: MLflow's own client.
    """

    def __init__(self, address: str, client: MlflowClient) -> None:
        self.address = address
        self.client = client

    def experiment(self, name: str) -> str:
        """The id of the experiment with this name, made where there is none.

        Raises:
            TrackingError: somebody deleted it, and MLflow keeps the name for it.
        """
        from mlflow.exceptions import MlflowException

        found = self.client.get_experiment_by_name(name)
        if found is None:
            try:
                return str(self.client.create_experiment(name, tags=_KIND))
            except MlflowException:
                # Somebody else made it a moment ago.
                found = self.client.get_experiment_by_name(name)
        if found is None or found.lifecycle_stage != "active":
            raise self._deleted(name)
        return str(found.experiment_id)

    def check_experiment(self, name: str) -> None:
        """Refuse an experiment that was deleted, before the work whose result is meant for it.

        Raises:
            TrackingError: it was deleted, or the server does not answer.
        """
        with told(self.address):
            found = self.client.get_experiment_by_name(name)
        if found is not None and found.lifecycle_stage != "active":
            raise self._deleted(name)

    def _deleted(self, name: str) -> TrackingError:
        return TrackingError(f"The experiment '{name}' at {shown(self.address)} was deleted. Restore it there first.")

    @contextmanager
    def run(
        self, experiment: str, name: str, *, tags: Mapping[str, str] | None = None, parent: str | None = None
    ) -> Iterator[Run]:
        """A new run, finished at the end, or failed where an error passes through.

        Args:
            experiment: its name; made where there is none.
            name: of the run, for people.
            tags: words by which it can be found.
            parent: the id of the run that it belongs under.

        Raises:
            TrackingError: the server does not answer any more.
        """
        with told(self.address):
            under = {"mlflow.parentRunId": parent} if parent else {}
            made = self.client.create_run(self.experiment(experiment), tags={**(tags or {}), **under}, run_name=name)
            run, ended = Run(self, made.info.run_id), "FAILED"
            try:
                yield run
                ended = "FINISHED"
            finally:
                self.client.set_terminated(run.id, ended)


class Run:
    """One run on the server, to write into.

    Attributes:
        id: MLflow's id of it.
    """

    def __init__(self, tracking: Tracking, run_id: str) -> None:
        self._tracking = tracking
        self._client = tracking.client
        self.id = run_id

    @property
    def address(self) -> str:
        """Where people open it in a browser; for a database without a server, its id."""
        if not self._tracking.address.startswith("http"):
            return self.id
        experiment = self._client.get_run(self.id).info.experiment_id
        server = shown(self._tracking.address).rstrip("/")
        return f"{server}/#/experiments/{experiment}/runs/{self.id}{_TRAINING_PAGES}"

    def tags(self, values: Mapping[str, str]) -> None:
        """Words by which the run can be found."""
        for name, value in values.items():
            self._client.set_tag(self.id, name, value)

    def params(self, values: Mapping[str, Any]) -> None:
        """What was asked for; a long text is cut."""
        from mlflow.entities import Param

        found = [Param(name, str(value)[:_PARAM_LENGTH]) for name, value in values.items()]
        for start in range(0, len(found), _PARAMS):
            self._client.log_batch(self.id, params=found[start : start + _PARAMS])

    def metrics(self, values: Mapping[str, float | None], step: int = 0) -> None:
        """Figures by name; one that could not be computed is left out."""
        from mlflow.entities import Metric

        now = _now()
        self._batches([Metric(name, float(value), now, step) for name, value in values.items() if _told(value)])

    def figure(self, name: str, told: Mapping[str, float | None], step: int = 0) -> None:
        """A figure with its interval, as three metrics: `name`, `name.low` and `name.high`."""
        parts = {"value": name, "low": f"{name}.low", "high": f"{name}.high"}
        self.metrics({metric: told.get(key) for key, metric in parts.items()}, step)

    def figures(self, told: Mapping[str, Mapping[str, float | None]], step: int = 0) -> None:
        """Many figures with their intervals at once (see `figure`)."""
        parts = {"": "value", ".low": "low", ".high": "high"}
        self.metrics(
            {f"{name}{end}": figure.get(key) for name, figure in told.items() for end, key in parts.items()}, step
        )

    def curve(self, name: str, steps: Sequence[int], values: Sequence[float | None]) -> None:
        """One metric with a value at each step."""
        self.curves(steps, {name: values})

    def curves(self, steps: Sequence[int], curves: Mapping[str, Sequence[float | None]]) -> None:
        """Many metrics with a value at each step, in few requests."""
        from mlflow.entities import Metric

        now = _now()
        pairs = ((name, pair) for name, values in curves.items() for pair in zip(steps, values, strict=True))
        self._batches([Metric(name, float(value), now, step) for name, (step, value) in pairs if _told(value)])

    def text(self, path: str, text: str) -> None:
        """A text file among the run's artifacts."""
        self._client.log_text(self.id, text, path)

    def json(self, path: str, data: Any) -> None:
        """A JSON file among the run's artifacts."""
        self._client.log_dict(self.id, data, path)

    def file(self, local: Path, into: str | None = None) -> None:
        """A file among the run's artifacts, in the folder `into`."""
        self._client.log_artifact(self.id, str(local), into)

    def folder(self, local: Path, into: str | None = None) -> None:
        """What stands in a folder, among the run's artifacts."""
        self._client.log_artifacts(self.id, str(local), into)

    def data(
        self, name: str, digest: str, context: str, source: str = "", profile: Mapping[str, Any] | None = None
    ) -> None:
        """The data that the run used: a name and a digest, never the data.

        Args:
            name: the file's name, never a path.
            digest: its SHA-256 in hexadecimal; MLflow keeps 36 signs.
            context: what for: "training", "evaluation", "tuning".
            source: where it came from, in words.
            profile: what is known of the whole: how many rows, how many clients.
        """
        from mlflow.entities import Dataset, DatasetInput, InputTag

        data = Dataset(name, digest[:36], "local", source or name, profile=json.dumps(profile) if profile else None)
        self._client.log_inputs(self.id, [DatasetInput(data, [InputTag("mlflow.data.context", context)])])

    def _batches(self, metrics: Sequence[Metric]) -> None:
        for start in range(0, len(metrics), _METRICS):
            self._client.log_batch(self.id, metrics=metrics[start : start + _METRICS])


@contextmanager
def told(address: str) -> Iterator[None]:
    """Say in words what MLflow says in a traceback.

    Raises:
        TrackingError: the server failed or refused.
    """
    from mlflow.exceptions import MlflowException

    try:
        yield
    except (MlflowException, OSError) as problem:
        # Artifacts that are refused come as errors of `requests`, which are those of the operating system.
        raise TrackingError(f"The MLflow server at {shown(address)} did not do it: {first_line(problem)}") from problem


def _told(value: float | None) -> TypeGuard[float]:
    return value is not None and math.isfinite(value)


def _now() -> int:
    return int(time.time() * 1000)
