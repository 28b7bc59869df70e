"""What does pyproject.toml declare?"""

from __future__ import annotations

import tomllib
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.building import ROOT

PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CORE = [Requirement(text) for text in PYPROJECT["project"]["dependencies"]]
EXTRAS = {
    name: [Requirement(text) for text in needs] for name, needs in PYPROJECT["project"]["optional-dependencies"].items()
}
DEV = [Requirement(text) for text in PYPROJECT["dependency-groups"]["dev"]]


def names(requirements: list[Requirement]) -> set[str]:
    """The normalised names of the distributions."""
    return {canonicalize_name(need.name) for need in requirements}
