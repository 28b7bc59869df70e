"""Is the shipped content checked in full, so that it may be loaded without the check?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from experiments.check_content import FILES, TARGET, checked_text
from triage.content import content_root
from triage.errors import ContentError
from triage.yamlfile import read_yaml


def test_the_kept_data_is_that_of_the_files_as_they_stand() -> None:
    """A stale file would cost every start a quarter of a second; run `make content` after editing content."""
    assert (content_root() / TARGET).read_text(encoding="utf-8") == checked_text(content_root())


def test_loading_the_shipped_engine_imports_neither_pydantic_nor_a_yaml_reader() -> None:
    code = "import sys, triage; triage.load(); print(sorted({'pydantic', 'yaml'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".yaml")])
def test_an_edited_copy_is_checked_in_full(name: str, tmp_path: Path) -> None:
    text = (content_root() / name).read_text(encoding="utf-8")
    copy = tmp_path / Path(name).name
    copy.write_text(f"{text}\nnot_a_field: 1\n", encoding="utf-8")
    with pytest.raises(ContentError, match="not_a_field"):
        read_yaml(copy, FILES[name], ContentError)
