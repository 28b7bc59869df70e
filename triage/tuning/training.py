"""Where is the record of whom a registered model has seen? Among the files of the run that it was learned in."""

from __future__ import annotations

from pathlib import Path

from triage.errors import TrackingError
from triage.registry.address import ModelAddress
from triage.tracking.about import TRAINING
from triage.tracking.client import Tracking, told


def fetch_training(model: str, tracking: Tracking, folder: Path) -> Path | None:
    """The training record of a registered model, fetched into `folder`; None where its run has kept none.

    Args:
        model: `models:/NAME@ALIAS` or `models:/NAME/VERSION`.
        tracking: the server.
        folder: an empty one.

    Raises:
        UsageError: `model` is no address.
        TrackingError: the server does not know the model, or does not give what it has. It is not taken for no record:
            somebody's word would then pass for a check that could have been made.
    """
    address = ModelAddress.parse(model)
    try:
        with told(tracking.address):
            return _fetched(address, tracking, folder)
    except TrackingError as problem:
        raise TrackingError(
            f"Whom {model} has seen cannot be looked up. {problem} Give the address of the server that has the model"
            " with --tracking, or name its training record with --training."
        ) from problem


def _fetched(address: ModelAddress, tracking: Tracking, folder: Path) -> Path | None:
    client = tracking.client
    if address.alias:
        version = client.get_model_version_by_alias(address.name, address.alias)
    else:
        version = client.get_model_version(address.name, address.version)
    if not version.run_id or TRAINING not in {item.path for item in client.list_artifacts(version.run_id)}:
        return None
    return Path(client.download_artifacts(version.run_id, TRAINING, str(folder)))
