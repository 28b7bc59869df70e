"""Where is the record of whom a registered model has seen? Among the files of the run that it was learned in."""

from __future__ import annotations

from pathlib import Path

from triage.errors import TrackingError
from triage.registry.address import ModelAddress
from triage.tracking.client import Tracking, told

#: The folder of a learning's run that says whom the model has seen.
TRAINING = "training"


def fetch_training(model: str, tracking: Tracking, folder: Path) -> Path | None:
    """The training record of a registered model, fetched into `folder`; None where the server has none.

    Args:
        model: `models:/NAME@ALIAS` or `models:/NAME/VERSION`.
        tracking: the server.
        folder: an empty one.

    Raises:
        UsageError: `model` is no address.
    """
    address, client = ModelAddress.parse(model), tracking.client
    try:
        with told(tracking.address):
            if address.alias:
                version = client.get_model_version_by_alias(address.name, address.alias)
            else:
                version = client.get_model_version(address.name, address.version)
            if not version.run_id:
                return None
            return Path(client.download_artifacts(version.run_id, TRAINING, str(folder)))
    except TrackingError:
        return None
