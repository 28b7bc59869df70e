"""Where are the content files: in the installed package, or in the checkout that holds it?"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from triage.errors import Defect

_FOLDERS = ("checklist", "features", "models")


@lru_cache(maxsize=1)
def content_root() -> Path:
    """The folder that holds `checklist/`, `features/` and `models/`.

    The packaged copy comes first; the checkout counts only where its `pyproject.toml` stands beside it.

    Raises:
        Defect: neither is there, so the installation is broken.
    """
    package = Path(__file__).resolve().parent
    packaged = package / "_content"
    if packaged.is_dir():
        return packaged
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file() and all((checkout / name).is_dir() for name in _FOLDERS):
        return checkout
    raise Defect("The content files are missing from this installation. Install ltu-triage again.")


@lru_cache(maxsize=1)
def _checked() -> dict[tuple[str, str], Any]:
    path = content_root() / "models" / "checked.json"
    if not path.is_file():
        return {}
    return {(entry["kind"], entry["sha256"]): entry["data"] for entry in json.loads(path.read_bytes()).values()}


def checked_data(text: str, kind: str) -> Any:
    """The data of a content file that was checked in full, as a `kind`, when this version was released; else None."""
    return _checked().get((kind, hashlib.sha256(text.encode()).hexdigest()))


class ContentFolder:
    """The content files of one checklist: an organisation's own folder first, then the shipped ones.

    Args:
        folder: a folder that holds `checklist.yaml`, `features.yaml` and what goes with them side by side.
            None means the shipped content.
    """

    #: Files that another organisation may leave out because the shipped ones suit any checklist.
    SHARED = (
        "wording.yaml", "decisions.yaml", "synonyms.yaml", "outcomes.yaml", "retention.yaml", "equality.yaml",
        "monitoring.yaml",
    )  # fmt: skip

    def __init__(self, folder: str | Path | None = None) -> None:
        self.own = Path(folder) if folder is not None else None

    def find(self, name: str) -> Path | None:
        """The path of the content file `name`, or None where this content does not have one."""
        if self.own is None:
            return _shipped(name)
        path = self.own / name
        if path.is_file():
            return path
        return _shipped(name) if name in self.SHARED else None

    def __str__(self) -> str:
        return str(self.own) if self.own is not None else "the shipped content"


def _shipped(name: str) -> Path | None:
    for folder in ("checklist", "features"):
        path = content_root() / folder / name
        if path.is_file():
            return path
    return None
