"""How does an address become a bundle that can be trusted, also while the registry is down?

The registry says which version is meant and which bundle that is. A bundle that is kept here is used as it is, after
the same checks as any other. One that is not comes from the registry's files, and has to be the one that was
registered. While the registry does not answer, what it said last is used, and a warning says so.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from triage.bundle import Bundle
from triage.errors import BundleError, TrackingError
from triage.registry.address import ModelAddress, Servers
from triage.registry.cache import Cache
from triage.registry.lookup import NoAnswer, Registered, look_up

_LOG = logging.getLogger("triage.registry")
#: Seconds in which a registry has to answer where its last answer is known, and where it is not.
_QUICK, _PATIENT = 0.5, 15.0


@dataclass(frozen=True)
class Resolved:
    """A bundle with the version that it has in the registry."""

    bundle: Bundle
    name: str
    version: str


def resolve(
    address: ModelAddress, servers: Servers, public_key: str | Path | None = None, cache: Cache | None = None
) -> Resolved:
    """The bundle that an address means, checked against what was registered.

    Args:
        address: the model.
        servers: its registry.
        public_key: an Ed25519 public key in PEM; the bundle must then be signed with its private key.
        cache: where bundles are kept; that of this machine where None.

    Raises:
        BundleError: the bundle is not the one that was registered, or cannot be trusted (see `Bundle.load`).
        TrackingError: the registry has no such model; or it does not answer, and nothing of it is kept here.
    """
    return _Search(address, servers, public_key, cache or Cache()).found()


class _Search:
    """One search for one address."""

    def __init__(self, address: ModelAddress, servers: Servers, public_key: str | Path | None, cache: Cache) -> None:
        self._address, self._servers, self._key, self._cache = address, servers, public_key, cache
        self._seen = cache.seen(address, servers)

    def found(self) -> Resolved:
        """What the registry says, or what it said last."""
        said = look_up(self._address, self._servers, _QUICK if self._seen else _PATIENT)
        if isinstance(said, NoAnswer):
            return self._kept(said)
        found = self._here(said) or self._fetched(said)
        if isinstance(found, NoAnswer):
            return self._kept(found)
        self._note(said)
        return Resolved(found, said.name, said.version)

    def _note(self, said: Registered) -> None:
        """Write down what the registry said, for the alias and for the version that it means."""
        try:
            for address in {self._address, ModelAddress(said.name, version=said.version)}:
                self._cache.note(address, self._servers, said)
        except TrackingError as problem:
            # The model is here and is right; only the next start could not do without the registry.
            _LOG.warning("%s", problem.message)

    def _here(self, said: Registered) -> Bundle | None:
        """The bundle from the cache; None where it is not there, or not any more what it was."""
        folder = self._cache.bundle(said.manifest_sha256)
        if not folder.is_dir():
            return None
        try:
            return self._load(folder, said.manifest_sha256)
        except BundleError as problem:
            _LOG.warning("%s in the cache is not used, and is fetched again: %s", self._address, problem.message)
            return None

    def _fetched(self, said: Registered) -> Bundle | NoAnswer:
        """The bundle from the registry's files; it comes into the cache only where it is the one registered."""
        from triage.registry.download import download

        with self._cache.room() as room:
            place = download(said, self._servers, room)
            if isinstance(place, NoAnswer):
                return place
            bundle = self._load(place, said.manifest_sha256)
            self._cache.take_in(place, said.manifest_sha256, lambda: self._is_right(said.manifest_sha256))
        return bundle

    def _kept(self, why: NoAnswer) -> Resolved:
        """What the registry said last, with a warning."""
        seen = self._seen
        if seen is None or not self._cache.bundle(seen.manifest_sha256).is_dir():
            raise TrackingError(
                f"The registry at {self._servers.shown} does not give {self._address}: {why.why}. Nothing of it is kept"
                " on this machine. Start the registry, or name a bundle's folder instead."
            )
        bundle = self._load(self._cache.bundle(seen.manifest_sha256), seen.manifest_sha256)
        _LOG.warning(
            "The registry at %s does not give %s: %s. Version %s (%s) is used, as it was seen there at %s.",
            *(self._servers.shown, self._address, why.why, seen.version, bundle.version, seen.at),
        )
        return Resolved(bundle, self._address.name, seen.version)

    def _is_right(self, manifest_sha256: str) -> bool:
        """Whether the cache holds this bundle by now: others may fetch it at the same time."""
        try:
            self._load(self._cache.bundle(manifest_sha256), manifest_sha256)
        except BundleError:
            return False
        return True

    def _load(self, folder: Path, manifest_sha256: str) -> Bundle:
        return Bundle.load(folder, public_key=self._key, manifest_sha256=manifest_sha256)
