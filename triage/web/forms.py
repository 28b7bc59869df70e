"""What was typed into a form, and what is shown again where it cannot be used?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fastapi import Request

from triage.errors import CaseworkError, UserError
from triage.faults import Fault
from triage.web.security.guard import field, form_of

_PARTS = ("day", "month", "year")
#: Such as 5 of 12 figures; a longer text is no part of a date.
_MOST = 4


def choices(request: Request, name: str) -> tuple[str, ...]:
    """Every box of this name that was ticked."""
    return tuple(value for value in form_of(request).getlist(name) if isinstance(value, str))


def typed_day(request: Request, name: str) -> Mapping[str, str]:
    """The three parts of a date as they were typed, to be shown again."""
    return {part: field(request, f"{name}-{part}") for part in _PARTS}


def day_of(request: Request, name: str) -> date | None:
    """The date that was typed; None where nothing was.

    Raises:
        CaseworkError: there is no such day.
    """
    typed = typed_day(request, name)
    if not any(typed.values()):
        return None
    try:
        if not all(text.isascii() and text.isdigit() and len(text) <= _MOST for text in typed.values()):
            raise ValueError
        return date(*(int(typed[part]) for part in reversed(_PARTS)))
    except ValueError:
        problem = "There is no such day. Type the day, the month and the year in figures."
        raise CaseworkError(problem, [Fault(name, problem)]) from None


def submission_of(request: Request) -> str:
    """By which a second click on the same form is known."""
    return field(request, "submission")


def errors_of(problem: UserError, otherwise: str = "") -> dict[str, str]:
    """The message of each field; the message as a whole on the field `otherwise` where no field is at fault."""
    found = {fault.where: f"{fault.what} {fault.hint}".strip() for fault in problem.faults}
    return found or {otherwise: problem.message}
