"""Which version is the champion, and how does another become it without a moment in which none is?

An alias is written in one request, so there is always one champion: the old one until the new one is written. What a
roll back needs is written before that. A promotion that is cut short leaves the old champion or the new one, and the
next promotion or roll back puts the rest right (`mend`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from triage.champion import names
from triage.errors import TrackingError
from triage.registry.address import without_password
from triage.tracking.client import Tracking, told

#: Written where a champion replaced nobody.
_NONE = "none"


class Versions:
    """The versions of one registered model, and its aliases.

    Raises:
        TrackingError: (each method) the server does not answer, or does not have what is asked for.
    """

    def __init__(self, tracking: Tracking, name: str) -> None:
        self.tracking, self.name = tracking, name
        self._client = tracking.client
        self._where = without_password(tracking.address)

    def aliases(self) -> dict[str, str]:
        """The version of each alias."""
        with told(self.tracking.address):
            return {alias: str(version) for alias, version in self._model().aliases.items()}

    def all(self) -> list[Any]:
        """Every version, the newest first, as MLflow has them."""
        with told(self.tracking.address):
            self._model()
            found = self._client.search_model_versions(f"name='{self.name}'")
            return sorted(found, key=lambda item: -int(item.version))

    def number(self, word: str) -> str:
        """The version that a number or an alias names."""
        if word.isdigit():
            self.get(word)
            return word
        known = self.aliases()
        if word not in known:
            raise TrackingError(
                f"No version of {self.name} has the alias '{word}'. 'ltu-triage model registered' lists them."
            )
        return known[word]

    def get(self, version: str) -> Any:
        """A version, as MLflow has it."""
        from mlflow.exceptions import MlflowException

        try:
            return self._client.get_model_version(self.name, version)
        except MlflowException as problem:
            if problem.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise TrackingError(f"The MLflow server at {self._where} did not answer.") from problem
            raise TrackingError(
                f"There is no version {version} of {self.name}. 'ltu-triage model registered' lists them."
            ) from None

    def tag(self, version: str, tags: dict[str, str]) -> None:
        """Write tags of a version."""
        with told(self.tracking.address):
            for key, text in tags.items():
                self._client.set_model_version_tag(self.name, version, key, text)

    def untag(self, version: str, keys: Iterable[str]) -> None:
        """Take tags of a version away."""
        with told(self.tracking.address):
            for key in keys:
                self._client.delete_model_version_tag(self.name, version, key)

    def point(self, alias: str, version: str) -> None:
        """Let an alias mean a version, in one request."""
        with told(self.tracking.address):
            self._client.set_registered_model_alias(self.name, alias, version)

    def forget(self, alias: str) -> None:
        """Take an alias away."""
        with told(self.tracking.address):
            self._client.delete_registered_model_alias(self.name, alias)

    def _model(self) -> Any:
        from mlflow.exceptions import MlflowException

        try:
            return self._client.get_registered_model(self.name)
        except MlflowException as problem:
            if problem.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise
            raise TrackingError(
                f"There is no registered model '{self.name}' at {self._where}. Register a bundle with"
                " 'ltu-triage model register FOLDER'."
            ) from None


def mend(versions: Versions) -> bool:
    """Put right what a promotion or a roll back that was cut short has left; False where nothing was.

    Such a thing leaves "previous" at the champion itself. What the champion once replaced is written on it.
    """
    known = versions.aliases()
    champion = known.get(names.CHAMPION)
    if champion is None or known.get(names.PREVIOUS) != champion:
        return False
    _point_previous(versions, champion)
    return True


def put_in_force(
    versions: Versions, version: str, tags: dict[str, str], known: Mapping[str, str] | None = None
) -> str | None:
    """Make a version the champion, and the old champion the previous one; returns the old one, if there was one.

    Args:
        versions: of the registered model.
        version: the new champion.
        tags: what is written on the version before: who, why, and what the gates said.
        known: the version of each alias, as the promotion was decided by it; read now where None.

    Raises:
        TrackingError: another version has become the champion meanwhile.
    """
    known = versions.aliases() if known is None else known
    old = known.get(names.CHAMPION)
    versions.tag(version, tags | {names.AT: _now(), names.REPLACED: old or _NONE})
    check_champion(versions, old)
    if old is not None:
        versions.point(names.PREVIOUS, old)
        check_champion(versions, old)
    # MLflow cannot compare and set in one request: whoever comes between the check and this line is still overwritten.
    versions.point(names.CHAMPION, version)
    if known.get(names.CHALLENGER) == version:
        versions.forget(names.CHALLENGER)
    return old


def check_champion(versions: Versions, champion: str | None) -> dict[str, str]:
    """Refuse where the champion is another version than `champion`; returns the version of each alias.

    Raises:
        TrackingError: another version has become the champion meanwhile.
    """
    known = versions.aliases()
    if known.get(names.CHAMPION) != champion:
        raise TrackingError(
            f"Another version of {versions.name} has become the champion while this one was judged. Promote it again:"
            " it has to be compared with the new champion."
        )
    return known


def roll_back(versions: Versions, by: str, why: str) -> tuple[str, str]:
    """Make the previous version the champion again; returns the version that was champion, and the one that is.

    Raises:
        TrackingError: there is none to go back to, or a change that was cut short before has been put right instead.
    """
    mended = mend(versions)
    known = versions.aliases()
    champion, previous = known.get(names.CHAMPION), known.get(names.PREVIOUS)
    if mended:
        # Whoever gives the command again after it broke off wants to go back once.
        raise TrackingError(
            f"A promotion or a roll back of {versions.name} was cut short before. That is put right now: version"
            f" {champion} is the champion. Give the command again to go back from it."
        )
    if champion is None or previous is None:
        missing = names.CHAMPION if champion is None else names.PREVIOUS
        raise TrackingError(
            f"{versions.name} has no version with the alias '{missing}', so there is nothing to go back to: the"
            " champion replaced none, or somebody deleted that one. 'ltu-triage model registered' lists the versions."
        )
    versions.get(previous)
    versions.tag(champion, {names.BACK_BY: by, names.BACK_WHY: why, names.BACK_AT: _now()})
    versions.point(names.CHAMPION, previous)
    _point_previous(versions, previous)
    return champion, previous


def _point_previous(versions: Versions, champion: str) -> None:
    """Let "previous" mean what the champion once replaced; nothing where it replaced none, or that was deleted."""
    replaced = versions.get(champion).tags.get(names.REPLACED, _NONE)
    there = {str(item.version) for item in versions.all()}
    if replaced in there and replaced != champion:
        versions.point(names.PREVIOUS, replaced)
    else:
        versions.forget(names.PREVIOUS)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
