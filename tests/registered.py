"""Registered models for the tests: a bundle in the registry of a real server, under a name of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.lost_server import way_that_breaks
from tests.mlflow_server import Server
from triage.bundle import shipped_bundle
from triage.bundle.manifest import MANIFEST
from triage.champion.aliases import Versions
from triage.champion.register import register_bundle
from triage.tracking.client import Tracking, open_tracking

_NUMBERS = count(1)


def fresh_name() -> str:
    """The name of a registered model that nobody else uses."""
    return f"model-{next(_NUMBERS)}"


@dataclass(frozen=True, eq=False)
class Registry:
    """A registered model on a server, and where this machine keeps what it fetched."""

    server: Server
    name: str
    cache: Path

    @property
    def address(self) -> str:
        """What a program names to get the challenger."""
        return f"models:/{self.name}@challenger"

    @property
    def tracking(self) -> Tracking:
        """The door to the server."""
        return open_tracking(self.server.address)

    @property
    def versions(self) -> Versions:
        """Its versions."""
        return Versions(self.tracking, self.name)

    def register(self, folder: Path | None = None) -> str:
        """Register a bundle, the shipped one where none is given."""
        return register_bundle(self.tracking, folder or shipped_bundle(), name=self.name)

    def stored(self, name: str, version: str = "1") -> Path:
        """A file of a version's bundle as it lies in the server's artifacts."""
        where = self.tracking.client.get_model_version_download_uri(self.name, version)
        return self.server.artifacts / where.removeprefix("mlflow-artifacts:/") / "artifacts" / "bundle" / name

    def kept(self) -> list[Path]:
        """The bundles that this machine keeps."""
        return sorted(path for path in (self.cache / "models").iterdir() if path.is_dir())


def bundle_called(name: str, folder: Path, learned: bool = False) -> Path:
    """The shipped model under another id, in the new folder `folder`: a version of its own that is as good.

    `learned`: it says of itself that it has learned from people, who do not exist.
    """
    shutil.copytree(shipped_bundle(), folder)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    people = {"people": 1300, "first": "2020-01-01", "last": "2021-01-01", "simulated": True}
    more = {"source": "learned", "sample": people} if learned else {}
    (folder / MANIFEST).write_text(json.dumps(manifest | {"id": name} | more), encoding="utf-8")
    return folder


@pytest.fixture
def registry(sqlite_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A registered model of a new name, without a version yet, and an empty cache; the environment names the server."""
    cache = tmp_path / "cache"
    monkeypatch.setenv("LTU_CACHE", str(cache))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", sqlite_server.address)
    monkeypatch.delenv("MLFLOW_REGISTRY_URI", raising=False)
    return Registry(sqlite_server, fresh_name(), cache)


@pytest.fixture
def patch() -> Iterator[pytest.MonkeyPatch]:
    """What is changed by it is put back before that of `monkeypatch`."""
    with pytest.MonkeyPatch.context() as found:
        yield found


@contextmanager
def reachable(registry: Registry, patch: pytest.MonkeyPatch, requests: int = 1_000_000) -> Iterator[None]:
    """The server answers so many requests at an address where afterwards nothing answers."""
    patch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with way_that_breaks(registry.server.address, requests) as way:
        patch.setenv("MLFLOW_TRACKING_URI", way)
        yield


def warned(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The warnings of the registry."""
    return [record.getMessage() for record in caplog.records if record.name == "triage.registry"]
