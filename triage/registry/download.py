"""How do a registered bundle's files come here? Through MLflow, which is imported for that alone."""

from __future__ import annotations

import os
from pathlib import Path

from triage.errors import TrackingError, UsageError
from triage.registry.address import BUNDLE_PATH, ModelAddress, Servers
from triage.registry.database import trouble_with
from triage.registry.lookup import NOT_THERE, NoAnswer, Registered, not_there, registered

_EXTRA = "Models of a registry need the extra: pip install 'ltu-triage[tuning]'."
_SQLITE = "sqlite:///"
#: No telemetry, no bars, and no patience of minutes with a server that does not answer.
_QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
}


def look_up_in_database(address: ModelAddress, servers: Servers) -> Registered | NoAnswer:
    """What a database without a server says of an address.

    Raises:
        UsageError: the extra is not installed.
        TrackingError: the registry has no such model, alias or version.
    """
    _prepare()
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    if servers.registry.startswith(_SQLITE) and not Path(servers.registry.removeprefix(_SQLITE)).is_file():
        # MLflow would make an empty one, and say that the model is not there.
        return NoAnswer("there is no such database")
    if trouble := trouble_with(servers.registry):
        return NoAnswer(f"the database cannot be used ({trouble})")
    try:
        client = MlflowClient(tracking_uri=servers.tracking, registry_uri=servers.registry)
        if address.alias:
            found = client.get_model_version_by_alias(address.name, address.alias)
        else:
            found = client.get_model_version(address.name, address.version)
    except MlflowException as problem:
        if problem.error_code in NOT_THERE:
            raise not_there(address, servers) from None
        return NoAnswer("the database cannot be read")
    return registered(address, servers, str(found.version), found.tags)


def download(found: Registered, servers: Servers, into: Path) -> Path | NoAnswer:
    """The bundle of a version, in a folder under `into`; not checked.

    Raises:
        UsageError: the extra is not installed.
        TrackingError: the version has no bundle among its files.
    """
    _prepare()
    from mlflow import MlflowClient
    from mlflow.artifacts import download_artifacts
    from mlflow.exceptions import MlflowException

    if trouble := trouble_with(servers.tracking):
        return NoAnswer(f"the database that knows its files cannot be used ({trouble})")
    try:
        client = MlflowClient(tracking_uri=servers.tracking, registry_uri=servers.registry)
        source = client.get_model_version_download_uri(found.name, found.version)
        place = download_artifacts(
            artifact_uri=f"{source}/{BUNDLE_PATH}", dst_path=str(into), tracking_uri=servers.tracking
        )
    except (MlflowException, OSError) as problem:
        return NoAnswer(f"its files cannot be had ({type(problem).__name__})")
    if not Path(place).is_dir():
        raise TrackingError(
            f"Version {found.version} of {found.name} at {servers.shown} has no bundle among its files. Register the"
            " bundle again with 'ltu-triage model register'."
        )
    return Path(place)


def _prepare() -> None:
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    try:
        # Without the library `import mlflow` may find a folder of that name, which holds no client.
        from mlflow import MlflowClient  # noqa: F401
    except ImportError:
        raise UsageError(_EXTRA) from None
