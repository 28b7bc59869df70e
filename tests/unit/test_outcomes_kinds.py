"""Does the file of outcomes hold what the label needs, and may an organisation have its own?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from triage.content import ContentFolder, content_root
from triage.errors import ContentError
from triage.outcomes import load_kinds

SHIPPED = content_root() / "checklist" / "outcomes.yaml"
BACK = {"paid_work", "self_employed", "temporary_seasonal"}
COMPETING = {"retired", "died"}


def test_the_eleven_outcomes_have_the_places_that_the_rules_state() -> None:
    kinds = load_kinds().kinds
    assert len(kinds) == 11
    assert {kind.id for kind in kinds if kind.place == "back"} == BACK
    assert {kind.id for kind in kinds if kind.place == "competing"} == COMPETING
    assert [kind.id for kind in kinds if kind.without_weeks] == ["lost_contact"]


def test_the_stated_length_of_a_return_is_in_its_words() -> None:
    kinds = load_kinds()
    assert f"at least {kinds.least_weeks} weeks" in kinds.least_words


def test_words_that_may_mean_several_outcomes_mean_none() -> None:
    known = load_kinds().by_spelling
    assert not {"not working", "inactive", "early retirement", "agency", "contract", "closed", "other"} & set(known)


def test_an_organisation_may_have_its_own_and_else_the_shipped_one_counts(tmp_path: Path) -> None:
    assert load_kinds(ContentFolder(tmp_path)) == load_kinds()
    data = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    data["kinds"] = [data["kinds"][0], {"id": "gap_year", "text": "A year abroad", "place": "out"}]
    (tmp_path / "outcomes.yaml").write_text(yaml.safe_dump(data))
    assert set(load_kinds(ContentFolder(tmp_path)).by_id) == {"paid_work", "gap_year"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kinds": [{"id": "a", "text": "A", "place": "back"}] * 2}, "two outcomes have the id 'a'"),
        (
            {"kinds": [{"id": "a", "text": "A", "place": "back"}, {"id": "b", "text": "a", "place": "out"}]},
            "names two outcomes",
        ),
        (
            {"kinds": [{"id": "a", "text": "A", "place": "out"}, {"id": "b", "text": "B", "place": "out"}]},
            "the place 'back'",
        ),
        (
            {
                "kinds": [
                    {"id": "a", "text": "A", "place": "back", "without_weeks": True},
                    {"id": "b", "text": "B", "place": "out"},
                ]
            },
            "needs weeks",
        ),
        ({"kinds": [{"id": "a", "text": "A", "place": "bakc"}, {"id": "b", "text": "B", "place": "out"}]}, "back"),
        ({"least_weeks": 0}, "at least 1"),
    ],
)
def test_a_file_with_faults_is_refused(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    data = yaml.safe_load(SHIPPED.read_text(encoding="utf-8")) | change
    (tmp_path / "outcomes.yaml").write_text(yaml.safe_dump(data))
    with pytest.raises(ContentError, match=said):
        load_kinds(ContentFolder(tmp_path))
