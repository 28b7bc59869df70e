"""Which texts are kept, and which references of an organisation say too much?"""

from __future__ import annotations

import pytest

from triage.casework.texts import check_client_reference, check_text
from triage.errors import CaseworkError

#: Nobody has these numbers: they are the reserved or invalid ones.
SAYS_WHO = {
    "Jane Smith": "a name",
    "SMITH": "a name",
    "Ó Dònaill, Seán": "a name",
    "O'Neil-Smith": "a name",
    "jane.smith@example.org": "an e-mail address",
    "ref jane@home 12": "an e-mail address",
    "07700 900123": "a telephone number",
    "+44 7700 900123": "a telephone number",
    "0044 7700 900123": "a telephone number",
    "+44 (0)131 496 0123": "a telephone number",
    "tel 0131-496-0123": "a telephone number",
    "QQ 12 34 56 C": "a National Insurance number",
    "qq123456c": "a National Insurance number",
    "ref-QQ-12-34-56-A": "a National Insurance number",
    "0101701234": "a CHI number",
    "010 170 1234": "a CHI number",
    "CHI 3112991234": "a CHI number",
    "smith 12/03/1970": "a date of birth",
}


@pytest.mark.parametrize(("text", "what"), SAYS_WHO.items())
def test_a_reference_that_says_who_somebody_is_is_refused(text: str, what: str) -> None:
    with pytest.raises(CaseworkError, match=f"looks like {what}") as refused:
        check_client_reference(text)
    [fault] = refused.value.faults
    assert fault.where == "client_reference"
    assert "own number" in fault.hint
    assert text not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["", "C-20417", "FK/2026/0031", "3201701234", "0013701234", "12345", "AB123456", "99 12 1", "'; DROP TABLE x; --1"],
)
def test_a_number_of_the_organisation_is_kept_as_it_is(text: str) -> None:
    assert check_client_reference(f"  {text} ") == text


@pytest.mark.parametrize("text", ["1" * 41, "A1\nB2", "A1\x00", "A1\u202e2", "A1\ud800"])
def test_a_reference_is_one_short_line_of_plain_signs(text: str) -> None:
    with pytest.raises(CaseworkError) as refused:
        check_client_reference(text)
    assert [fault.where for fault in refused.value.faults] == ["client_reference"]


def test_a_note_keeps_its_lines_and_its_signs() -> None:
    note = "  <script>alert(1)</script>\r\nÀ bientôt\t👍🏽  "
    assert check_text("note", note) == "<script>alert(1)</script>\nÀ bientôt\t👍🏽"


def test_a_note_may_have_two_thousand_letters_and_no_more() -> None:
    assert len(check_text("note", "a" * 2_000)) == 2_000
    with pytest.raises(CaseworkError, match="too long: 2,001 letters"):
        check_text("note", "a" * 2_001)


def test_a_text_that_is_needed_is_not_empty() -> None:
    with pytest.raises(CaseworkError, match="empty"):
        check_text("note", " \n ", needed=True)
