"""What does every row of a list come to, with the same figures as on the command line?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from triage.engine import Engine
from triage.lists.changes import Changes
from triage.lists.corrections import Typed, read_corrections
from triage.lists.desk.opened import open_list, wanted
from triage.lists.desk.people import RowMaker
from triage.lists.desk.row import AtTheEdge, Row, band_counts
from triage.lists.mapping import EMPTY as NO_CHOICES
from triage.lists.mapping import ColumnMapping
from triage.lists.run import Progress, chunks, prepare
from triage.lists.summary import Report, report_of

#: Rows between two words about the progress.
_STEP = 1_000


@dataclass(frozen=True)
class Scored:
    """A scored list.

    Attributes:
        rows: every row of the list, in its order.
        on: the day as on which it was scored.
        versions: the model, the checklist and the cut-offs that it was scored with.
        own: True for an output of this program that came back.
        statuses: how many rows have each status.
        bands: how many people are proposed for each band, by its id.
        edges: tied groups at the edges of the places.
        counts, in_bands, used, remarks: what there is to say of the list, in the sentences of an output: rows and
            people; bands; which column answered what; what was left out or found strange.
    """

    rows: tuple[Row, ...]
    on: date
    versions: Mapping[str, str]
    own: bool
    statuses: Mapping[str, int]
    bands: Mapping[str, int]
    edges: tuple[AtTheEdge, ...]
    counts: tuple[str, ...]
    in_bands: tuple[str, ...]
    used: tuple[str, ...]
    remarks: tuple[str, ...]


def score_rows(
    engine: Engine,
    path: Path,
    mapping: ColumnMapping = NO_CHOICES,
    on: date | None = None,
    progress: Progress | None = None,
    corrections: Typed | None = None,
) -> Scored:
    """Every row of the list at `path`, scored or with the reason why not.

    Args:
        engine: the model, checklist and cut-offs.
        path: the uploaded file.
        mapping: what a person said that the columns hold.
        on: the scoring date; None for that of an output that comes back, else for today.
        progress: is told how many rows of how many are done.
        corrections: answers that a person typed in the place of the list's, by place in the list and question; ""
            for "not given". The whole list is scored again, because places and partners depend on all of it.

    Raises:
        ListError: the list cannot be read, or the choices or corrections do not fit it.
    """
    plan, vocabulary = open_list(engine, path, mapping)
    changes = Changes(answers=read_corrections(engine, corrections or {}))
    maker = prepare(engine, plan, vocabulary, wanted(plan, engine, on), changes)
    report = report_of(maker)
    rows = RowMaker(maker)
    found: list[Row] = []
    for people, lines in chunks(maker, _STEP):
        found += rows.rows(people, lines)
        report.summary.add(people.rows, lines)
        if progress is not None:
            progress(len(found), plan.rows)
    return _scored(tuple(found), report, tuple(rows.edges.values()))


def _scored(rows: tuple[Row, ...], report: Report, edges: tuple[AtTheEdge, ...]) -> Scored:
    return Scored(
        rows,
        report.options.on,
        report.engine.versions.to_dict(),
        report.plan.own,
        Counter(row.status for row in rows),
        band_counts(rows, report.engine.points.ids),
        edges,
        tuple(report.counts()),
        tuple(report.bands()),
        tuple(report.used()),
        tuple(report.remarks()),
    )
