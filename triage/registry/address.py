"""Which model of which registry is meant?"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from triage.errors import TrackingError, UsageError

#: The tag of a version that says which bundle was registered: the SHA-256 of its manifest.
MANIFEST_TAG = "ltu.manifest_sha256"
#: Where the bundle stands among the files of a registered model.
BUNDLE_PATH = "artifacts/bundle"
#: The environment variables that say where the registry and its files are, as MLflow has them.
REGISTRY, TRACKING = "MLFLOW_REGISTRY_URI", "MLFLOW_TRACKING_URI"
#: The kinds of address that MLflow has for servers and databases.
_SERVER = re.compile(r"https?://[^/\s]|(postgresql|mysql|mssql)(\+\w+)?://|sqlite(\+\w+)?:///", re.IGNORECASE)
_ADDRESS = re.compile(r"models:/(?P<name>[^/@:]+)(?:@(?P<alias>[A-Za-z0-9_-]+)|/(?P<version>[1-9][0-9]{0,9}))")


@dataclass(frozen=True)
class ModelAddress:
    """A registered model by its name, and either an alias or a version."""

    name: str
    alias: str = ""
    version: str = ""

    @classmethod
    def parse(cls, text: str) -> ModelAddress:
        """The address that `text` spells.

        Raises:
            UsageError: it spells none.
        """
        found = _ADDRESS.fullmatch(text)
        if found is None:
            raise UsageError(
                f"'{text}' is not the address of a registered model. Write models:/ltu-triage@champion for the one in"
                " force, or models:/ltu-triage/3 for one version."
            )
        return cls(found["name"], found["alias"] or "", found["version"] or "")

    def __str__(self) -> str:
        return f"models:/{self.name}@{self.alias}" if self.alias else f"models:/{self.name}/{self.version}"


@dataclass(frozen=True)
class Servers:
    """Where the registry is, and the server that has its files.

    Attributes:
        registry: "http://127.0.0.1:5000", or "sqlite:///mlflow.db" for a database without a server.
        tracking: the same, of the server that stores files.
    """

    registry: str
    tracking: str

    @classmethod
    def of_environment(cls) -> Servers:
        """Where the environment says that they are.

        Raises:
            TrackingError: it does not say.
            UsageError: what it says is no address.
        """
        tracking = os.environ.get(TRACKING, "")
        registry = os.environ.get(REGISTRY, "") or tracking
        if not registry:
            raise TrackingError(
                f"It is not known where the registry of models is. Set {TRACKING}, for instance to"
                " http://127.0.0.1:5000, or name a bundle's folder instead."
            )
        for variable in (TRACKING, REGISTRY):
            if os.environ.get(variable) and not is_server(os.environ[variable]):
                # The address may hold a password, and nobody knows where in it.
                raise UsageError(
                    f"What stands in {variable} is no address of an MLflow server. Write it as http://127.0.0.1:5000,"
                    " or sqlite:///FILE for a database without a server."
                )
        return cls(registry, tracking or registry)

    @property
    def is_http(self) -> bool:
        """True for a server that is asked over HTTP."""
        return self.registry.startswith(("http://", "https://"))

    @property
    def shown(self) -> str:
        """The registry for people and for files: without a password."""
        return without_password(self.registry)


def is_server(address: str) -> bool:
    """True where `address` is spelled as that of an MLflow server or of a database."""
    try:
        parts = urlsplit(address)
        return bool(_SERVER.match(address)) and (parts.port is None or parts.port > 0)
    except ValueError:
        # A bracket that is not closed, or a port that is no number.
        return False


def without_password(address: str) -> str:
    """An address less the name and password that may stand in it."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return address if host == parts.netloc else urlunsplit(parts._replace(netloc=host))
