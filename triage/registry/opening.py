"""Is this a folder, or the address of a model in a registry? Either way: its bundle, checked.

Imported by whatever scores, so nothing here takes time: what asks a registry is imported when one is asked.
"""

from __future__ import annotations

from pathlib import Path

from triage.bundle import Bundle

_SCHEME = "models:/"


def is_address(where: str | Path | None) -> bool:
    """True for `models:/NAME@ALIAS` and the like; False for a folder."""
    return where is not None and str(where).startswith(_SCHEME)


def pinned(where: str, public_key: str | Path | None = None) -> str:
    """The address of the version that an address means now, so that several processes use the same one.

    Raises:
        UserError: see `open_bundle`.
    """
    from triage.registry.address import ModelAddress, Servers
    from triage.registry.resolve import resolve

    found = resolve(ModelAddress.parse(where), Servers.of_environment(), public_key)
    return str(ModelAddress(found.name, version=found.version))


def open_bundle(where: str | Path | None = None, *, public_key: str | Path | None = None) -> Bundle:
    """The bundle in a folder, or that of a registered model (the shipped evidence model where None).

    Args:
        where: a released bundle's folder, or `models:/NAME@ALIAS` or `models:/NAME/VERSION` of the registry that
            MLFLOW_REGISTRY_URI or MLFLOW_TRACKING_URI names.
        public_key: an Ed25519 public key in PEM; the bundle must then be signed with its private key.

    Raises:
        BundleError: the bundle cannot be trusted (see `Bundle.load`), or is not the one that was registered.
        TrackingError: the registry has no such model; or it does not answer, and nothing of it is kept here.
        UsageError: the address cannot be read, or it is not known where the registry is.
    """
    if where is None or not is_address(where):
        return Bundle.load(where, public_key=public_key)
    from triage.registry.address import ModelAddress, Servers
    from triage.registry.resolve import resolve

    return resolve(ModelAddress.parse(str(where)), Servers.of_environment(), public_key).bundle
