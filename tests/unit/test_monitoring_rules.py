"""Are the rules content, with every fault named, and do they cover every alert?"""

from __future__ import annotations

from pathlib import Path

import pytest

from triage.content import ContentFolder, content_root
from triage.errors import ContentError
from triage.monitoring.rules import ALERTS, load_rules

SHIPPED = content_root() / "checklist" / "monitoring.yaml"


def test_every_alert_says_what_it_means_and_what_to_do() -> None:
    rules = load_rules()
    assert set(rules.words) == set(ALERTS)
    assert rules.drift.look == 0.10
    assert rules.drift.act == 0.25
    assert [rules.drift.size(index) for index in (0.0999, 0.1, 0.2499, 0.25)] == [
        "small", "moderate", "moderate", "large",
    ]  # fmt: skip


def test_an_organisations_own_rules_come_first_and_the_shipped_ones_suit_any_checklist(tmp_path: Path) -> None:
    assert load_rules(ContentFolder(tmp_path)).version == load_rules().version
    own = tmp_path / "monitoring.yaml"
    own.write_text(SHIPPED.read_text("utf-8").replace("look: 0.10", "look: 0.05"), "utf-8")
    assert load_rules(ContentFolder(tmp_path)).drift.look == 0.05


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("act: 0.25", "act: 0.05", "'act' must be above 'look'"),
        ("often: 0.40", "often: 0.01", "'often' must be above 'seldom'"),
        ("chance: 0.999", "chance: 0.5", "at least 0.9"),
        ("least_people: 50", "least_people: 5", "at least 20"),
        ("- id: recall_gap", "- id: recall_gaps", "Did you mean 'recall_gap'"),
        ("{id: sex,", "{id: age,", "two groups have the same id"),
    ],
)
def test_a_fault_is_named(old: str, new: str, fault: str, tmp_path: Path) -> None:
    text = SHIPPED.read_text("utf-8")
    assert old in text
    (tmp_path / "monitoring.yaml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ContentError, match=r"monitoring\.yaml") as problem:
        load_rules(ContentFolder(tmp_path))
    assert fault in str(problem.value)


def test_the_guide_says_of_every_alert_what_to_do() -> None:
    """Somebody is called at night by a word that stands on no page."""
    guide = (content_root() / "docs" / "guides" / "monitoring.md").read_text("utf-8")
    assert [name for name in ALERTS if f"| `{name}` |" not in guide] == []
