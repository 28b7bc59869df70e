"""Is a file of equality questions checked, so that its answers can be counted?"""

from __future__ import annotations

from pathlib import Path

import pytest

from triage.casework.equality_questions import load_equality
from triage.content import ContentFolder, content_root
from triage.errors import ContentError


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("id: female", "id: male"),
        ("id: female", "id: declined"),
        ("id: disability", "id: sex"),
        (', group: "White"', ""),
    ],
)
def test_a_file_that_cannot_be_counted_is_refused(tmp_path: Path, before: str, after: str) -> None:
    text = (content_root() / "checklist" / "equality.yaml").read_text("utf-8")
    assert before in text
    (tmp_path / "equality.yaml").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=r"equality\.yaml"):
        load_equality(ContentFolder(tmp_path))


def test_another_organisation_need_not_have_questions_of_its_own(tmp_path: Path) -> None:
    assert load_equality(ContentFolder(tmp_path)) == load_equality()


def test_ethnic_groups_are_counted_by_their_heading() -> None:
    """Of a small group there are too few people to be told of at all."""
    ethnicity = load_equality().by_id["ethnicity"]
    assert len(ethnicity.groups) == 6
    assert ethnicity.group_of["roma"] == "White"
    assert load_equality().by_id["sex"].groups == ("Female", "Male")
