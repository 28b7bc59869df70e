"""Are retention periods read as written, and is every file refused that would keep too much, too long or too little?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from triage.content import ContentFolder, content_root
from triage.errors import ContentError
from triage.records.periods import KINDS, load_periods

SHIPPED = content_root() / "checklist" / "retention.yaml"
#: What was agreed, in words. A longer period needs a better reason than it has now.
AGREED = {
    "list_identities": "30 days",
    "uploads": "30 days",
    "lists": "1 year",
    "assessments": "3 years",
    "equality_monitoring": "3 years",
    "reviews": "3 years",
    "audit": "7 years",
    "sessions": "1 day",
    "practice": "7 days",
    "held_forms": "1 hour",
}
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def raw() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    return data


def written(tmp_path: Path, data: Any) -> Path:
    path = tmp_path / "retention.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return path


def with_period(which: str, **changes: Any) -> dict[str, Any]:
    """The shipped file with one period changed; `...` takes a field away."""
    data = raw()
    [period] = [period for period in data["periods"] if period["kind"] == which]
    period.update(changes)
    for name in [name for name, value in period.items() if value is ...]:
        del period[name]
    return data


def test_the_shipped_periods_are_those_agreed() -> None:
    periods = load_periods()
    assert {kind: periods.of(kind).words for kind in KINDS} == AGREED
    assert set(AGREED) == set(KINDS) == set(periods.by_kind)


def test_every_period_says_what_it_holds_when_it_starts_and_why() -> None:
    for period in load_periods().periods:
        assert period.why.endswith("."), period.kind
        assert len(period.counts_from.split()) >= 2, period.kind
        assert period.holds[0].isupper(), period.kind


@pytest.mark.parametrize(
    ("kind", "before"),
    [
        ("held_forms", datetime(2026, 11, 2, 8, 30, tzinfo=UTC)),
        ("sessions", datetime(2026, 11, 1, 9, 30, tzinfo=UTC)),
        ("list_identities", datetime(2026, 10, 3, 9, 30, tzinfo=UTC)),
        ("uploads", datetime(2026, 10, 3, 9, 30, tzinfo=UTC)),
        ("assessments", datetime(2023, 11, 2, 9, 30, tzinfo=UTC)),
        ("equality_monitoring", datetime(2023, 11, 2, 9, 30, tzinfo=UTC)),
    ],
)
def test_what_is_older_than_this_has_been_kept_long_enough(kind: str, before: datetime) -> None:
    assert load_periods().before(kind, NOW) == before


@pytest.mark.parametrize(
    ("now", "years", "then"),
    [
        (datetime(2028, 2, 29), 3, datetime(2025, 2, 28)),
        (datetime(2028, 2, 29), 4, datetime(2024, 2, 29)),
        (datetime(2104, 2, 29), 4, datetime(2100, 2, 28)),
    ],
)
def test_a_year_before_a_leap_day_is_the_day_before_it(
    tmp_path: Path, now: datetime, years: int, then: datetime
) -> None:
    data = with_period("audit", keep={"years": years})
    for kind in ("assessments", "reviews", "lists"):
        [period] = [period for period in data["periods"] if period["kind"] == kind]
        period["keep"] = {"years": 1}
    assert load_periods(path=written(tmp_path, data)).before("audit", now) == then


@pytest.mark.parametrize(
    ("kind", "changes", "says"),
    [
        ("lists", {"kind": "listz"}, "Did you mean 'lists'?"),
        ("lists", {"kind": "reviews"}, "'reviews' stands here twice; there is no period for 'lists'"),
        ("lists", {"keep": ...}, "give either 'keep' or 'same_as'"),
        ("lists", {"same_as": "audit"}, "give either 'keep' or 'same_as'"),
        ("lists", {"keep": {}}, "give one of 'hours', 'days' and 'years'"),
        ("lists", {"keep": {"days": 3, "years": 1}}, "give one of 'hours', 'days' and 'years'"),
        ("lists", {"keep": {"days": 0}}, "at least 1"),
        ("lists", {"keep": {"years": 101}}, "at most 100"),
        ("lists", {"keep": {"days": 29}}, "'list_identities' must not be kept longer than 'lists'"),
        ("uploads", {"same_as": "equality_monitoring"}, "'uploads' must take its period from a kind"),
        ("uploads", {"same_as": "lists"}, "'uploads' must not be kept longer than 'list_identities'"),
        ("equality_monitoring", {"same_as": "audit"}, "must not be kept longer than 'assessments'"),
        ("assessments", {"keep": {"years": 8}}, "'assessments' must not be kept longer than 'audit'"),
        ("lists", {"why": ""}, "this is empty"),
        ("lists", {"why": ...}, "this is missing"),
        ("lists", {"colour": "red"}, "not a known field"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, kind: str, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ContentError) as caught:
        load_periods(path=written(tmp_path, with_period(kind, **changes)))
    assert says in str(caught.value)
    assert all("retention.yaml, line " in fault.where for fault in caught.value.faults)


def test_an_organisations_own_file_comes_first(tmp_path: Path) -> None:
    written(tmp_path, with_period("list_identities", keep={"days": 14}))
    own = load_periods(ContentFolder(tmp_path))
    assert own.of("list_identities").words == own.of("uploads").words == "14 days"
    assert load_periods(ContentFolder(tmp_path / "without")).of("list_identities").words == "30 days"


def test_an_unknown_kind_gets_a_suggestion() -> None:
    with pytest.raises(ContentError, match="Did you mean 'audit'"):
        load_periods().of("audits")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="There is no file"):
        load_periods(path=tmp_path / "retention.yaml")
