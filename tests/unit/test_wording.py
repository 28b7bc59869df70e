"""Is a mistake in a sentence found when the file is read, and not when a client sits at the desk?"""

from __future__ import annotations

from pathlib import Path

import pytest

from triage.checklist import Checklist
from triage.checklist.wording import fill, label_words, load_wording
from triage.content import ContentFolder, content_root
from triage.errors import ContentError

SHIPPED = (content_root() / "checklist" / "wording.yaml").read_text(encoding="utf-8")


def changed(folder: Path, old: str, new: str) -> ContentFolder:
    """A content folder whose wording differs from the shipped one in one place."""
    assert SHIPPED.count(old) == 1
    (folder / "wording.yaml").write_text(SHIPPED.replace(old, new), encoding="utf-8")
    return ContentFolder(folder)


def test_a_folder_without_its_own_wording_takes_the_shipped_one(tmp_path: Path) -> None:
    assert load_wording(ContentFolder(tmp_path)) == load_wording(ContentFolder())


def test_a_result_is_said_in_the_words_of_the_label() -> None:
    checklist = Checklist.load()
    sentence = fill(load_wording(checklist.folder).result.evidence, n=12, m=88, **label_words(checklist.label))
    assert sentence == (
        "We estimate from published research that, of 100 people with answers like these, about 12 are not in paid "
        "work a year after their job ended and about 88 are in paid work."
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('short: "about {n} in 100"', 'short: "about {nn} in 100"', "the word {nn} is not known in this sentence"),
        ('short: "about {n} in 100"', 'short: "about {n in 100"', "a brace is open or closed"),
        ('scored: "Scored"', 'scored: "Scored {n}"', "It can use none."),
        ('  short: "about {n} in 100"\n', "", "'result.short': this is missing."),
        ('scored: "Scored"', 'scored: "Scored"\n  scores: "Scores"', "'status.scores': this is not a known field."),
    ],
)
def test_each_fault_of_a_sentence_is_named_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ContentError) as caught:
        load_wording(changed(tmp_path, old, new))
    assert message in str(caught.value)
    assert "wording.yaml, line " in str(caught.value)
