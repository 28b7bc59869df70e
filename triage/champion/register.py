"""How does a bundle become a version of the registered model?

MLflow gets the bundle, and a small file of code that loads it (`from_code`). Nothing is pickled.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

from triage._version import __version__
from triage.bundle import Bundle
from triage.bundle.manifest import MANIFEST, SIGNATURE, digest
from triage.bundle.signing import signature_path
from triage.champion import names
from triage.engine import Engine, load
from triage.errors import TrackingError, UsageError
from triage.outcomes.seen import SEEN, Seen, training_folder
from triage.registry import is_address
from triage.tracking.about import LEARNING, TRAINING
from triage.tracking.client import Run, Tracking, told

_CODE = Path(__file__).with_name("from_code.py")


def register_bundle(
    tracking: Tracking,
    folder: str | Path,
    *,
    name: str = names.MODEL,
    run_id: str | None = None,
    checklist: str | Path | None = None,
    cutoffs: str | Path | None = None,
    areas: str | Path | None = None,
) -> str:
    """Register the bundle in `folder` as a new version with the alias "challenger".

    Args:
        tracking: the server.
        folder: a released bundle.
        name: of the registered model; made where there is none.
        run_id: the run that made the bundle; a new run where None.
        checklist: the folder of an organisation's own checklist and features; goes with the model.
        cutoffs: a cut-offs file; goes with the model.
        areas: a CSV of areas; goes with the model.

    Returns:
        The number of the version.

    Raises:
        UserError: the bundle cannot be trusted or does not fit, or is an address in a registry.
        TrackingError: the server does not take it.
    """
    if is_address(folder):
        raise UsageError(f"{folder} is registered already. Name the folder of a bundle.")
    engine = load(folder, checklist=checklist, cutoffs=cutoffs, areas=areas)
    beside = {"checklist": checklist, "cutoffs": cutoffs, "areas": areas}
    with tempfile.TemporaryDirectory(prefix="ltu-register-") as working:
        files = _files(engine, Path(folder), beside, Path(working))
        with told(tracking.address), _quietly():
            if run_id is not None:
                return _registered(tracking, engine, files, name, run_id, Path(working))
            tags = {**_tags(engine, Path(files["bundle"])), "ltu.kind": "learn"}
            with tracking.run(LEARNING, f"register {engine.bundle.version}", tags=tags) as run:
                _keep_training(run, Path(folder), engine.bundle)
                return _registered(tracking, engine, files, name, run.id, Path(working))


def _keep_training(run: Run, folder: Path, bundle: Bundle) -> None:
    """Keep the model's training record with the run, where it stands beside the bundle: it says whom it has seen."""
    beside = training_folder(folder)
    if _is_record(beside, bundle):
        run.folder(beside, TRAINING)


def has_record(folder: Path) -> bool:
    """True where it is known whom the model in `folder` has seen: its training record stands beside it, or nobody."""
    bundle = Bundle.load(folder)
    return bundle.manifest.source != "learned" or _is_record(training_folder(folder), bundle)


def _is_record(beside: Path, bundle: Bundle) -> bool:
    return (beside / SEEN).is_file() and Seen.load(beside).is_of(bundle)


def _files(engine: Engine, folder: Path, beside: Mapping[str, Any], working: Path) -> dict[str, str]:
    """The folders that go with the model, by name: the bundle with its own files alone, and the content given."""
    found = {"bundle": [*(folder / name for name in (MANIFEST, *engine.bundle.manifest.files)), folder / SIGNATURE]}
    for name, given in beside.items():
        if given is not None:
            path = Path(given)
            found[name] = _content_of(path) if path.is_dir() else [path, signature_path(path)]
    for name, paths in found.items():
        (working / name).mkdir()
        for path in paths:
            if path.is_file():
                shutil.copyfile(path, working / name / path.name)
    return {name: str(working / name) for name in found}


def _content_of(folder: Path) -> list[Path]:
    """The content files of a checklist's folder, and nothing else that lies there."""
    found = (path for path in sorted(folder.iterdir()) if path.suffix == ".yaml" or path.name == "areas.csv")
    return [path for path in found if path.name != "cutoffs.yaml"]


def _registered(
    tracking: Tracking, engine: Engine, files: Mapping[str, str], name: str, run_id: str, working: Path
) -> str:
    from mlflow.entities import LoggedModelOutput

    client, tags = tracking.client, _tags(engine, Path(files["bundle"]))
    experiment = client.get_run(run_id).info.experiment_id
    # A logged model's name may not hold these signs, which the id of a bundle may.
    spelled = engine.bundle.version.replace(".", "_")
    made = client.create_logged_model(experiment, spelled, source_run_id=run_id, tags=tags, model_type="scorecard")
    try:
        _save(engine, files, made, run_id, working / "model")
        client.log_model_artifacts(made.model_id, str(working / "model"))
    except BaseException:
        client.finalize_logged_model(made.model_id, "FAILED")
        raise
    client.finalize_logged_model(made.model_id, "READY")
    client.log_outputs(run_id, [LoggedModelOutput(made.model_id, step=0)])
    _make(tracking, name)
    source = f"models:/{made.model_id}"
    found = client.create_model_version(name, source, run_id=run_id, tags=tags, model_id=made.model_id)
    version = str(found.version)
    # By this tag MLflow's page of the run leads to the registered version.
    linked = json.dumps([{"name": name, "version": version}])
    client.set_logged_model_tags(made.model_id, {"mlflow.modelVersions": linked})
    client.set_registered_model_alias(name, names.CHALLENGER, version)
    return version


def _save(engine: Engine, files: Mapping[str, str], made: Any, run_id: str, target: Path) -> None:
    """Write the model as MLflow keeps it, to the new folder `target`."""
    # MLflow would else copy a project's files from whatever folder the command runs in.
    os.environ.setdefault("MLFLOW_UV_AUTO_DETECT", "false")
    from mlflow.models import Model
    from mlflow.pyfunc import save_model

    from triage.champion.signature import example_of, signature_of

    # MLflow notes where the file was; that of this installation is nobody's business.
    code = shutil.copyfile(_CODE, target.with_name(_CODE.name))
    where = made.artifact_location
    save_model(
        path=str(target),
        python_model=str(code),
        artifacts=dict(files),
        signature=signature_of(engine),
        input_example=example_of(engine),
        # Given in full: MLflow would else load the model to find out, and ask a package index.
        pip_requirements=[f"ltu-triage=={__version__}", f"mlflow=={version_of('mlflow')}"],
        model_config={"public_key": ""},
        metadata=_told_of(engine),
        mlflow_model=Model(artifact_path=where, model_uuid=made.model_id, run_id=run_id, model_id=made.model_id),
    )


def _told_of(engine: Engine) -> dict[str, Any]:
    """What a reader of the model's own file is told: what it estimates, for whom, and from what."""
    manifest = engine.bundle.manifest
    return {
        "model": manifest.id,
        "source": manifest.source,
        "training": manifest.training,
        "outcome": manifest.label.outcome,
        "horizon": manifest.label.horizon,
        "among": manifest.label.among,
        "checklist": engine.versions.checklist,
        "cutoffs": engine.versions.cutoffs,
        "permitted_use": engine.words.wording.permitted_use.short,
    }


def _tags(engine: Engine, bundle: Path) -> dict[str, str]:
    manifest = engine.bundle.manifest
    simulated = manifest.sample is not None and manifest.sample.simulated
    return {
        names.MANIFEST: digest((bundle / MANIFEST).read_bytes()),
        names.BUNDLE: manifest.id,
        names.SOURCE: manifest.source,
        names.CHECKLIST: engine.versions.checklist,
        names.CUTOFFS: engine.versions.cutoffs,
        names.CUTOFFS_DIGEST: engine.versions.cutoffs_digest,
        names.SIMULATED: "true" if simulated else "false",
    }


def _make(tracking: Tracking, name: str) -> None:
    """The registered model, where there is none of this name yet.

    Raises:
        TrackingError: it cannot have this name.
    """
    from mlflow.exceptions import MlflowException

    try:
        tracking.client.create_registered_model(name)
    except MlflowException as problem:
        if problem.error_code == "RESOURCE_ALREADY_EXISTS":
            return
        if problem.error_code == "INVALID_PARAMETER_VALUE":
            raise TrackingError(f"'{name}' cannot be the name of a registered model. Choose another.") from None
        raise


@contextmanager
def _quietly() -> Iterator[None]:
    """MLflow says what it does for information, and warns of its own type hints and of its use of pandas."""
    logger = logging.getLogger("mlflow")
    before = logger.level
    logger.setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)
