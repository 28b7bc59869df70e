"""Which text does a person see for the number that a cell stores?"""

from __future__ import annotations

from datetime import date, timedelta

from triage.lists.read.styles import Style

DAY = 86_400
LAST_SERIAL = 2_958_466  # 10000-01-01


def number_text(raw: str) -> str:
    """A number with at most 15 significant digits, whole ones without a decimal point."""
    if raw.isdigit() and len(raw) <= 15:
        return str(int(raw))
    value = float(raw)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return format(value, ".15g").upper()


def styled_text(raw: str, style: Style, since_1904: bool) -> tuple[str, bool]:
    """The text of a number in its format, and whether it is a real date. Raises ValueError for what is no number."""
    if style.kind == "plain":
        return number_text(raw), False
    if style.kind == "zeros":
        text = number_text(raw)
        return (text.zfill(style.digits) if text.isdigit() else text), False
    return moment_text(float(raw), style, since_1904) or (number_text(raw), False)


def moment_text(serial: float, style: Style, since_1904: bool) -> tuple[str, bool] | None:
    """A date, a date with its time, or a time of day; None where the number is no moment that Excel shows."""
    if not 0 <= serial < LAST_SERIAL:
        return None
    days, seconds = divmod(round(serial * DAY), DAY)
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if style.kind == "time":
        hours = days * 24 + seconds // 3600
        return f"{hours:02d}{clock[2:]}", False
    if days == 0 and not since_1904:
        return clock, False
    day = day_of(days, since_1904).isoformat()
    return (f"{day} {clock}" if seconds else day), True


def day_of(days: int, since_1904: bool) -> date:
    """The date of a serial number. Excel counts a 29 February 1900 that never was: before it, all is one day off."""
    if since_1904:
        return date(1904, 1, 1) + timedelta(days)
    return date(1899, 12, 31 if days < 60 else 30) + timedelta(days)
