"""What do the packaging tests share? The wheel, and an environment with the wheel alone."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.packaging.building import ROOT, Installed, build, run


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel installed as a user would, without extras, at the versions of the lock."""
    home = tmp_path_factory.mktemp("installed")
    lock = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")
    versions = home / "versions.txt"
    versions.write_text("\n".join(re.findall(r"^[a-zA-Z][^\\\n]*", lock, flags=re.MULTILINE)), encoding="utf-8")
    run(sys.executable, "-m", "venv", home / "venv", cwd=home)
    python = home / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--constraint", versions, wheel, cwd=home)
    return Installed(bin=python.parent, cwd=tmp_path_factory.mktemp("elsewhere"))
