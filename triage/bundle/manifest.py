"""What does a released model say about itself?"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Literal

from triage.checklist import Label
from triage.content import checked_data
from triage.errors import BundleError
from triage.schema import Content, construct, content, validate, within

#: Raise when a reader of the old format would misread the new one; keep reading the old ones.
FORMAT = 1
MANIFEST, SIGNATURE = "manifest.json", "manifest.json.sig"
MODEL, POINTS, REFERENCE, PARITY, CARD = (
    "model.onnx",
    "points.csv",
    "reference.json",
    "parity.json",
    "card.md",
)
FILES = (MODEL, POINTS, REFERENCE, PARITY, CARD)


@content
class Interval(Content):
    """Which order statistics of the draws bound the interval, and the share of them that lies between."""

    draws: int
    lower_rank: int
    upper_rank: int
    nominal_coverage: float


@content
class StatedRate(Content):
    """The base rate, and whether anybody measured it."""

    value: float
    plausible: tuple[float, float]
    measured: bool
    source: str = ""


@content
class Sample(Content):
    """Whom a learned model learned from: how many people, and the days between which their jobs ended.

    `simulated`: nobody of them exists.
    """

    people: int
    first: str
    last: str
    simulated: bool = False


@content
class Manifest(Content):
    """The whole of `manifest.json`.

    `source` is "evidence" for a model that has seen no outcomes, and "learned" for one that has.
    """

    format: Annotated[int, within(ge=1)]
    id: str
    source: Literal["evidence", "learned"]
    checklist: str
    checklist_version: str
    contract_sha256: str
    label: Label
    base_rate: StatedRate
    training: str
    sample: Sample | None = None
    reference: str
    baseline: float
    interval: Interval
    metrics: dict[str, Any]
    files: dict[str, str]

    def __post_init__(self) -> None:
        if (self.source == "learned") != (self.sample is not None):
            raise ValueError("a learned model, and only that, says whom it learned from")


def read_manifest(folder: Path, sha256: str | None = None) -> Manifest:
    """The manifest of the bundle in `folder`; it must have the SHA-256 `sha256` where one is given.

    Raises:
        BundleError: it is not there, cannot be read, is another one, or has a format that this version does not know.
    """
    path = folder / MANIFEST
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise BundleError(f"{folder} is not a model bundle: it has no {MANIFEST}.") from None
    except (OSError, UnicodeDecodeError):
        raise BundleError(f"{path} cannot be read. Get the bundle again from where it was released.") from None
    if sha256 is not None and digest(text.encode()) != sha256:
        raise BundleError(f"{path} is not the manifest that was registered. Do not use it; register the bundle again.")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise BundleError(f"{path} is damaged (it is not JSON). Get the bundle again.") from None
    # First the format alone: a later one may have fields that this version does not know.
    found = data.get("format") if isinstance(data, dict) else None
    if isinstance(found, int) and found > FORMAT:
        raise BundleError(f"{folder.name} has format {found}; this version reads up to {FORMAT}. Upgrade.")
    if checked_data(text, Manifest.__name__) is not None:
        manifest: Manifest = construct(Manifest, data)
        return manifest
    return _validated(data, path)


def _validated(data: object, path: Path) -> Manifest:
    from pydantic import ValidationError

    try:
        return validate(Manifest, data)
    except ValidationError as problem:
        fields = ", ".join(".".join(map(str, error["loc"])) or "the file" for error in problem.errors())
        raise BundleError(f"{path} is damaged ({fields}). Get the bundle again.") from None


def digest(data: bytes) -> str:
    """SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
