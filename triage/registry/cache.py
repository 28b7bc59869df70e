"""Which models are kept on this machine, and which one did an alias mean when it was last seen?

The folder is `$LTU_CACHE`, or `ltu-triage` where programs keep what can be had again. It holds one folder for each
bundle, named by the SHA-256 of its manifest, and for each address of each registry a note of what it meant.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from triage.errors import TrackingError
from triage.registry.address import ModelAddress, Servers
from triage.registry.lookup import Registered

_PRIVATE = 0o700
#: How often a bundle is put in a place where others put theirs.
_TRIES = 10


def cache_folder() -> Path:
    """Where this machine keeps the bundles of a registry."""
    given = os.environ.get("LTU_CACHE")
    if given:
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ltu-triage"


@dataclass(frozen=True)
class Seen:
    """What an address meant when the registry last said so.

    Attributes:
        registry, address: what was asked, for people.
        version, manifest_sha256: what the registry said.
        at: when, in UTC.
    """

    registry: str
    address: str
    version: str
    manifest_sha256: str
    at: str


class Cache:
    """Bundles and notes in one folder, which only its owner can read. Each is put in its place at once or not at all.

    Raises:
        TrackingError: (each method that writes) the folder cannot be used.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or cache_folder()

    def bundle(self, manifest_sha256: str) -> Path:
        """The folder of the bundle whose manifest has this digest, whether or not it is there."""
        return self.folder / "models" / manifest_sha256

    def seen(self, address: ModelAddress, servers: Servers) -> Seen | None:
        """What the address meant last time; None where that is not known."""
        try:
            return Seen(**json.loads(self._note(address, servers).read_text(encoding="utf-8")))
        except (OSError, TypeError, ValueError):
            return None

    def note(self, address: ModelAddress, servers: Servers, found: Registered) -> None:
        """Write down what the address means now."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        seen = Seen(servers.shown, str(address), found.version, found.manifest_sha256, now)
        place = self._note(address, servers)
        with self._told():
            self._make(place.parent)
            handle, working = tempfile.mkstemp(prefix=".new-", dir=place.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(seen), file)
            Path(working).replace(place)

    @contextmanager
    def room(self) -> Iterator[Path]:
        """A new folder to put a bundle together in; gone at the end."""
        with self._told():
            self._make(self.folder / "models")
            working = Path(tempfile.mkdtemp(prefix=".new-", dir=self.folder / "models"))
        try:
            yield working
        finally:
            shutil.rmtree(working, ignore_errors=True)

    def take_in(self, made: Path, manifest_sha256: str, is_right: Callable[[], bool]) -> None:
        """Put a bundle in its place, instead of a damaged one that may be there.

        Others may do the same at this moment. What they have put there stays, if it is right.

        Args:
            made: the folder of the bundle, in a room of its own.
            manifest_sha256: the digest of its manifest.
            is_right: whether what stands in the place now is this bundle.
        """
        place = self.bundle(manifest_sha256)
        with self._told():
            made.chmod(_PRIVATE)
            for tried in range(_TRIES):
                try:
                    made.rename(place)
                    return
                except OSError:
                    # There is one already; or there was until a moment ago; or nothing can be written.
                    if tried + 1 == _TRIES:
                        raise
                if place.is_dir():
                    if is_right():
                        return
                    with suppress(FileNotFoundError):
                        place.rename(made.with_name(f"old-{tried}"))

    def _note(self, address: ModelAddress, servers: Servers) -> Path:
        asked = json.dumps([servers.shown, str(address)])
        return self.folder / "seen" / f"{hashlib.sha256(asked.encode()).hexdigest()}.json"

    def _make(self, folder: Path) -> None:
        for path in (self.folder, folder):
            path.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            raise TrackingError(
                f"The cache folder {self.folder} cannot be used: {problem.strerror}. Name another with LTU_CACHE."
            ) from None
