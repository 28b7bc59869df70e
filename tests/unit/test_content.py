"""Is the right content file found: an organisation's own first, the shipped one where that may be shared?"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import triage
from triage.content import ContentFolder, checked_data, content_root

ALL = (
    "checklist.yaml",
    "wording.yaml",
    "decisions.yaml",
    "services.yaml",
    "features.yaml",
    "synonyms.yaml",
    "areas.csv",
    "outcomes.yaml",
    "retention.yaml",
)


@pytest.mark.parametrize("name", ALL)
def test_every_kind_of_content_ships(name: str) -> None:
    path = ContentFolder().find(name)
    assert path is not None
    assert path.is_relative_to(content_root())


@pytest.mark.parametrize("name", ALL)
def test_an_organisations_own_file_comes_first(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("own")
    assert ContentFolder(tmp_path).find(name) == tmp_path / name


@pytest.mark.parametrize("name", ALL)
def test_only_what_suits_any_checklist_is_shared(name: str, tmp_path: Path) -> None:
    """Another organisation must never get the shipped questions, inputs, areas or services by forgetting a file."""
    found = ContentFolder(tmp_path).find(name)
    if name in ContentFolder.SHARED:
        assert found == ContentFolder().find(name)
    else:
        assert found is None


def test_a_folder_of_the_same_name_is_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "checklist.yaml").mkdir()
    assert ContentFolder(tmp_path).find("checklist.yaml") is None


def test_the_folder_is_named_in_messages(tmp_path: Path) -> None:
    assert str(ContentFolder(tmp_path)) == str(tmp_path)
    assert str(ContentFolder()) == "the shipped content"


def test_an_empty_folder_says_which_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(triage.UserError, match=r"no checklist\.yaml"):
        triage.load(checklist=tmp_path)


def test_checked_data_is_that_of_the_text_and_of_no_other() -> None:
    path = ContentFolder().find("decisions.yaml")
    assert path is not None
    text = path.read_text(encoding="utf-8")
    assert checked_data(text, "ReasonCodes") is not None
    assert checked_data(text, "CutoffsFile") is None
    assert checked_data(text + " ", "ReasonCodes") is None
    assert checked_data(hashlib.sha256(text.encode()).hexdigest(), "ReasonCodes") is None
