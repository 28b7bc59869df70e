"""What is said where a CSV cannot be read?"""

from __future__ import annotations

from triage.errors import ListError
from triage.lists.read.limits import Limits


def endless(name: str, line: int, limits: Limits) -> ListError:
    return ListError(
        f"{name}, line {line}: the line does not end within {limits.record_bytes / 2**20:,.0f} MB, so this is not "
        "a list of rows. Check that the right file was chosen."
    )


def too_wide(name: str, line: int, width: int, limits: Limits) -> ListError:
    return ListError(
        f"{name}, line {line}: there are {width:,} columns, and a list has at most {limits.columns:,}. Keep the "
        "columns that the list needs, and try again."
    )


def too_long(name: str, line: int | None, limits: Limits) -> ListError:
    where = f"{name}, line {line}" if line else name
    return ListError(
        f"{where}: a cell has more than {limits.cell_characters:,} characters. Shorten or empty it, and try again."
    )


def unclosed(name: str, line: int) -> ListError:
    return ListError(
        f'{name}, line {line}: a quotation mark (") opens a cell there and is never closed. Take the mark out, or '
        "close it, and try again."
    )


def swallowed(name: str, line: int) -> ListError:
    return ListError(
        f'{name}, line {line}: a quotation mark (") opens a cell there that closes in the middle of another row. '
        "Take the mark out, or close it on the same row, and try again."
    )


def no_rows(name: str) -> ListError:
    return ListError(f"{name} has no rows, only empty ones. Check that the right file was chosen.")
