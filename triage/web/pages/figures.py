"""What do managers and analysts see of how the service does?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from fastapi import APIRouter, Request, Response

from triage.casework import figures, offices
from triage.casework.figures import Figures
from triage.casework.figures_facts import WEEKS
from triage.casework.figures_tables import LEAST
from triage.errors import AccessError
from triage.lists.safety import is_dangerous
from triage.web.figures_drawing import shares_chart, weeks_chart
from triage.web.pages import words
from triage.web.rendering import render
from triage.web.security.guard import actor_of, service_of

router = APIRouter()
#: The period where none is chosen.
USUAL = 13
NOT_SHOWN, TOO_LITTLE = "not shown", "There is too little to tell anything."


@router.get("/figures", name="figures")
def figures_page(request: Request) -> Response:
    """The figures of a period, for one office or all."""
    weeks, office = _chosen(request)
    found = figures.figures(service_of(request), actor_of(request), weeks, office)
    return render(
        request,
        "figures/figures.html",
        found=found,
        since=words.day(found.since),
        until=words.day(found.until),
        weeks=weeks,
        office=office,
        periods=[(str(number), f"{number} weeks") for number in WEEKS],
        offices=list(offices.office_names(service_of(request)).items()),
        least=LEAST,
        too_little=TOO_LITTLE,
        by_week=weeks_chart(found.tables["decided"]),
        shares=shares_chart(found.tables["changes_by_office"]),
    )


@router.get("/figures.csv", name="figures_csv")
def figures_csv(request: Request) -> Response:
    """The same figures as a file, with exactly what the page shows."""
    weeks, office = _chosen(request)
    found = figures.figures(service_of(request), actor_of(request), weeks, office)
    figures.note_export(service_of(request), actor_of(request), weeks)
    text = io.StringIO()
    csv.writer(text).writerows([("table", "row", "column", "value"), *_cells(found)])
    name = f"figures-{found.until.isoformat()}-{weeks}-weeks.csv"
    return Response(
        text.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _cells(found: Figures) -> Iterator[tuple[str, str, str, str]]:
    """Every cell that the page shows, one to a line."""
    yield "period", "from", "", found.since.isoformat()
    yield "period", "to", "", found.until.isoformat()
    yield "period", "office", "", _safe(found.office or "all")
    for warning in found.warnings:
        yield "warnings", "", "", _safe(warning)
    for table in found.tables.values():
        if not table.shows:
            yield _safe(table.title), "", "", TOO_LITTLE
        for line in table.lines if table.shows else ():
            columns = (*table.columns, *table.texts)
            for column, value in zip(columns, (*line.counts, *line.texts), strict=True):
                shown = NOT_SHOWN if value is None else str(value)
                yield _safe(table.title), _safe(line.label), _safe(column), shown


def _safe(text: str) -> str:
    """A text that no spreadsheet program takes for a formula."""
    return f"'{text}" if is_dangerous(text) else text


def _chosen(request: Request) -> tuple[int, str]:
    """The weeks and the office of the address.

    Raises:
        AccessError: the weeks are no number.
    """
    weeks = request.query_params.get("weeks") or str(USUAL)
    if not weeks.isascii() or not weeks.isdigit() or len(weeks) > 3:
        raise AccessError("There are no such figures.")
    return int(weeks), request.query_params.get("office", "")
