"""Which texts may be kept, and which references say too much about a person?"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from triage.errors import CaseworkError
from triage.faults import Fault

MOST_NOTE, MOST_REFERENCE, MOST_LINE = 2_000, 40, 200
#: Signs that turn the direction of writing, so that a text can look like another one.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INSTEAD = "Type your organisation's own number for the client, or leave this empty: a reference is made for you."

_EMAIL = re.compile(r"\S@\S")
#: Two letters, six digits and perhaps a last letter; wider than what is issued.
_NATIONAL_INSURANCE = re.compile(r"(?i)(?<![a-z])[a-z]{2}(?:[\s./-]{0,3}\d){6}[\s./-]{0,3}[a-d](?![a-z])")
_PHONE = re.compile(r"(?<!\d)(?:(?:\+|00)440?|0)[1-37]\d{8,9}(?!\d)")
_TEN_DIGITS = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})\d{4}(?!\d)")
_BIRTH = re.compile(r"(?<!\d)\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}(?!\d)")
_BETWEEN = re.compile(r"[\s().-]+")


def field_error(field: str, what: str, hint: str = "") -> CaseworkError:
    """A field that cannot be used as it is."""
    fault = Fault(field, what, hint)
    return CaseworkError(f"{what} {hint}".strip(), [fault])


def check_text(field: str, text: str, *, most: int = MOST_NOTE, needed: bool = False) -> str:
    """`text` as it may be kept: with plain line ends, and without spaces around it.

    Raises:
        CaseworkError: it is too long, is empty although it is needed, or has signs that cannot be read.
    """
    text = re.sub(r"\r\n?", "\n", text).strip()
    if len(text) > most:
        raise field_error(field, f"This text is too long: {len(text):,} letters.", f"Keep it to {most:,} at most.")
    for sign in text:
        if sign in _TURNING or (unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t"):
            raise field_error(field, "This text has signs that cannot be seen.", "Type it again in plain letters.")
    if needed and not text:
        raise field_error(field, "This is empty.", "Write a few words.")
    return text


def check_client_reference(text: str) -> str:
    """The organisation's own reference for a client, if it says nothing about the person; "" for none.

    Raises:
        CaseworkError: it looks like a name, an e-mail address, a telephone, National Insurance or CHI number, or a
            date of birth. The message does not repeat it.
    """
    field = "client_reference"
    text = check_text(field, text, most=MOST_REFERENCE)
    if not text.isprintable():
        raise field_error(field, "A reference is one line of plain signs.", _INSTEAD)
    if text and (what := _says_who(text)):
        raise field_error(field, f"This looks like {what}, and a reference must not say who somebody is.", _INSTEAD)
    return text


def _says_who(text: str) -> str:
    """What the text looks like that says who somebody is; "" for nothing."""
    joined = _BETWEEN.sub("", text)
    if _EMAIL.search(text):
        return "an e-mail address"
    if _NATIONAL_INSURANCE.search(text):
        return "a National Insurance number"
    if any(_is_day(*found.groups()) for found in _TEN_DIGITS.finditer(joined)):
        return "a CHI number"
    if _PHONE.search(joined):
        return "a telephone number"
    if _BIRTH.search(text):
        return "a date of birth"
    if not any(sign.isdigit() for sign in text):
        return "a name"
    return ""


def _is_day(day: str, month: str, year: str) -> bool:
    """True where two digits each are a day in this century or the last."""
    for century in (1900, 2000):
        try:
            date(century + int(year), int(month), int(day))
        except ValueError:
            continue
        return True
    return False
