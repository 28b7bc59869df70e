"""A mapping that is saved over the list destroys it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.unit.lists.tools import write
from triage.cli.main import main

LIST = "Surname,Age\nMacExample,44\n"


@pytest.mark.parametrize("name", ["list.csv", "out.csv", "./list.csv", "link.yaml"])
def test_a_mapping_is_not_saved_over_the_list_or_the_output(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, LIST)
    os.link(path, tmp_path / "link.yaml")
    args = ["score", str(path), "-o", str(tmp_path / "out.csv"), "--save-mapping", str(tmp_path / name)]
    assert main(args) == 2
    assert path.read_text(encoding="utf-8") == LIST
    assert not (tmp_path / "out.csv").exists()
