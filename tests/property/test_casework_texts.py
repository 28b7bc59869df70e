"""Whatever somebody types: is a reference kept as it is, or refused with a reason? And is a review due on time?"""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from triage.casework.reviews import working_days_after
from triage.casework.texts import MOST_NOTE, MOST_REFERENCE, check_client_reference, check_text
from triage.errors import CaseworkError

NAMES = st.from_regex(r"[A-Za-zÀ-ÿ]{2,12}(?:[ ,.'-]{1,2}[A-Za-zÀ-ÿ]{2,12}){0,2}", fullmatch=True)


def refusal(text: str) -> CaseworkError | None:
    """Why a reference is refused; None where it is kept as it is."""
    try:
        kept = check_client_reference(text)
    except CaseworkError as refused:
        return refused
    assert kept == text.strip()
    return None


@given(st.text(max_size=60))
def test_a_reference_is_kept_as_it_is_or_refused_by_name(text: str) -> None:
    refused = refusal(text)
    if refused is not None:
        assert [fault.where for fault in refused.faults] == ["client_reference"]
        return
    kept = text.strip()
    assert kept == "" or (len(kept) <= MOST_REFERENCE and kept.isprintable() and any(map(str.isdigit, kept)))


@given(NAMES)
def test_no_name_is_a_reference(name: str) -> None:
    refused = refusal(name)
    assert refused is not None
    assert "like a name" in refused.message


@given(st.dates(date(1910, 1, 1), date(2025, 12, 31)), st.integers(0, 9999), st.sampled_from(("", " ", "-")))
def test_no_chi_number_is_a_reference(born: date, rest: int, between: str) -> None:
    refused = refusal(f"{born:%d%m%y}{between}{rest:04}")
    assert refused is not None
    assert "CHI" in refused.message


@given(st.text(max_size=MOST_NOTE))
def test_what_is_kept_of_a_note_is_kept_again_as_it_is(text: str) -> None:
    try:
        kept = check_text("note", text)
    except CaseworkError:
        return
    kept.encode()
    assert "\x00" not in kept
    assert check_text("note", kept) == kept


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 40))
def test_a_review_is_due_after_so_many_working_days(day: date, days: int) -> None:
    due = working_days_after(day, days)
    assert due.weekday() < 5
    between = [day + timedelta(days=step) for step in range(1, (due - day).days + 1)]
    assert sum(one.weekday() < 5 for one in between) == days
