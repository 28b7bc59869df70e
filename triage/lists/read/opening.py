"""Which reader does a file need?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from triage.lists.read.csv_file import open_csv
from triage.lists.read.limits import Limits
from triage.lists.read.ole import check_ole
from triage.lists.read.sniff import look
from triage.lists.read.source import Source
from triage.lists.read.xlsx_file import open_xlsx
from triage.lists.safety import cleaned

WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt", ".xlsb", ".ods", ".numbers")


DEFAULT_LIMITS = Limits()


def open_source(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> Source:
    """The list in `path`, by its content and whatever its ending says.

    Raises:
        ListError: it cannot be read; the message says what, where and what to do.
    """
    source = _opened(path, limits)
    tables = tuple(replace(table, name=cleaned(table.name)) for table in source.tables)
    return replace(source, tables=tables)


def _opened(path: Path, limits: Limits) -> Source:
    container = look(path, limits)
    is_workbook = path.suffix.lower() in WORKBOOK_ENDINGS
    if container == "text":
        source = open_csv(path, limits)
        return noted(source, f"Its name ends in {path.suffix}, but it holds plain text.") if is_workbook else source
    if container == "ole":
        check_ole(path)
    source = open_xlsx(path, limits) if container == "zip" else _open_xls(path, limits)
    if is_workbook:
        return source
    ending = f"ends in {path.suffix}" if path.suffix else "has no ending"
    return noted(source, f"Its name {ending}, but it is an Excel workbook.")


def _open_xls(path: Path, limits: Limits) -> Source:
    # Imported where it is needed: few lists are as old as that.
    from triage.lists.read.xls_file import open_xls

    return open_xls(path, limits)


def noted(source: Source, note: str) -> Source:
    return replace(source, notes=(*source.notes, note))
