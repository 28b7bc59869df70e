"""Which version has this alias, and which bundle was registered as that version?

Asked over MLflow's REST API with the standard library: importing MLflow takes seconds, and a start may not.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, unquote, urlencode, urlsplit
from urllib.request import Request, urlopen

from triage.errors import TrackingError
from triage.registry.address import MANIFEST_TAG, ModelAddress, Servers, without_password

_API = "/api/2.0/mlflow"
_MOST_BYTES = 1_000_000
#: What a registry says when it knows that something is not there.
NOT_THERE = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Registered:
    """A version of a registered model.

    Attributes:
        name: of the model.
        version: its number.
        manifest_sha256: of the manifest of the bundle that was registered, in hexadecimal.
    """

    name: str
    version: str
    manifest_sha256: str


@dataclass(frozen=True)
class NoAnswer:
    """The registry did not say: `why`, in a few words."""

    why: str


def look_up(address: ModelAddress, servers: Servers, patience: float) -> Registered | NoAnswer:
    """What the registry says of this address.

    Args:
        address: the model.
        servers: where to ask; a database without a server is asked through MLflow.
        patience: seconds in which a server has to answer.

    Raises:
        TrackingError: the registry has no such model, alias or version, or it was not registered by this tool.
    """
    if not servers.is_http:
        from triage.registry.download import look_up_in_database

        return look_up_in_database(address, servers)
    if address.alias:
        path, asked = "/registered-models/alias", {"name": address.name, "alias": address.alias}
    else:
        path, asked = "/model-versions/get", {"name": address.name, "version": address.version}
    found = _asked(f"{servers.registry.rstrip('/')}{_API}{path}?{urlencode(asked)}", patience)
    if isinstance(found, NoAnswer):
        return found
    if found.get("error_code") in NOT_THERE:
        raise not_there(address, servers)
    version = found.get("model_version")
    if not isinstance(version, dict):
        return NoAnswer("what answers is no MLflow registry")
    tags = {str(tag.get("key")): str(tag.get("value")) for tag in version.get("tags") or ()}
    return registered(address, servers, str(version.get("version")), tags)


def registered(address: ModelAddress, servers: Servers, version: str, tags: Mapping[str, str]) -> Registered:
    """The version with its digest.

    Raises:
        TrackingError: nothing says which bundle it is.
    """
    digest = tags.get(MANIFEST_TAG, "")
    # The digest becomes a folder's name, so nothing but a digest will do.
    if not _DIGEST.fullmatch(digest) or not version.isdigit():
        raise TrackingError(
            f"Version {version} of {address.name} at {servers.shown} does not say which bundle it is (the tag"
            f" {MANIFEST_TAG}), so it cannot be checked. Register the bundle with 'ltu-triage model register'."
        )
    return Registered(address.name, version, digest)


def not_there(address: ModelAddress, servers: Servers) -> TrackingError:
    """The error that says what is missing there and how it comes about."""
    what = f"an alias '{address.alias}'" if address.alias else f"a version {address.version}"
    return TrackingError(
        f"The registry at {servers.shown} has no model '{address.name}' with {what}. 'ltu-triage model registered'"
        " lists what is there, and 'ltu-triage model promote' makes a version the champion."
    )


def _asked(url: str, patience: float) -> dict[str, Any] | NoAnswer:
    """The JSON that a GET gives, that of an error included."""
    # The address of a registry is http or https: `Servers.is_http`.
    request = Request(without_password(url), headers=_headers(url))  # noqa: S310
    try:
        with urlopen(request, timeout=patience) as answer:  # noqa: S310
            data = json.loads(answer.read(_MOST_BYTES))
    except HTTPError as problem:
        with problem:
            data = _said(problem)
        if not isinstance(data, dict) or data.get("error_code") not in NOT_THERE:
            return NoAnswer(f"it answers with status {problem.code}")
    except URLError as problem:
        return NoAnswer(_reason(problem.reason))
    except (OSError, HTTPException, ValueError) as problem:
        return NoAnswer(_reason(problem))
    return data if isinstance(data, dict) else NoAnswer("what answers is no MLflow registry")


def _said(problem: HTTPError) -> Any:
    try:
        return json.loads(problem.read(_MOST_BYTES))
    except (OSError, HTTPException, ValueError):
        return None


def _reason(problem: object) -> str:
    if isinstance(problem, TimeoutError):
        return "it does not answer in time"
    if isinstance(problem, OSError):
        return (problem.strerror or str(problem) or type(problem).__name__).lower()
    return str(problem) if isinstance(problem, str) else "what answers is no MLflow registry"


def _headers(url: str) -> dict[str, str]:
    """Who asks, by the same environment variables as MLflow's own client, or as the address has it."""
    token = os.environ.get("MLFLOW_TRACKING_TOKEN", "")
    parts = urlsplit(url)
    # What stands in an address may be spelled with percent signs.
    name = unquote(parts.username or "") or os.environ.get("MLFLOW_TRACKING_USERNAME", "")
    word = unquote(parts.password or "") or os.environ.get("MLFLOW_TRACKING_PASSWORD", "")
    if name:
        # As MLflow's client: a name and password go before a token.
        pair = base64.b64encode(f"{name}:{word}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
    return {"Authorization": f"Bearer {quote(token, safe='-._~+/=')}"} if token else {}
