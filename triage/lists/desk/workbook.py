"""What is downloaded: the list as the command `score` writes it, with what was decided and corrected in the service?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from triage.checklist import Checklist
from triage.engine import Engine
from triage.engine.answers import OBJECTS
from triage.errors import ListError
from triage.lists.cells import Value
from triage.lists.changes import Changes, Decided
from triage.lists.corrections import Typed, read_corrections
from triage.lists.desk.opened import open_list
from triage.lists.mapping import ColumnMapping
from triage.lists.objections import YES
from triage.lists.run import Progress
from triage.lists.score import Request, write_list


def workbook(
    engine: Engine,
    path: Path,
    mapping: ColumnMapping,
    out: Path,
    on: date | None = None,
    decisions: Mapping[int, Decided] | None = None,
    corrections: Typed | None = None,
    answers: bool = False,
    sensitive: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Writes the output of the list at `path` and returns where it is.

    Args:
        engine: the model, checklist and cut-offs.
        path: the uploaded file.
        mapping: what a person said that the columns hold.
        out: where to write; it ends in .xlsx or .csv. With `sensitive` the name that is returned says so.
        on: the scoring date, the same as in `score_rows`.
        decisions: the last decision about each row, by its place in the list. They stand in the columns for overrides,
            so that a list that is uploaded again claims them as they were. Who objected has no figures.
        corrections: as in `score_rows`. The corrected answer counts; with `answers` it is written, and read again.
        answers, sensitive: as the options `--answers` and `--include-sensitive` of the command.
        progress: is told how many rows of how many are done.

    Raises:
        ListError: the list cannot be read or written, or the changes do not fit it.
        UsageError: the output's name cannot be used.
    """
    decided = decisions or {}
    typed = read_corrections(engine, corrections or {})
    objected = [place for place, decision in decided.items() if decision.state == "objected"]
    changes = Changes(decided, _with_objections(typed, objected, engine.checklist))
    plan, vocabulary = open_list(engine, path, mapping)
    request = Request(path, out, on, answers=answers, sensitive=sensitive)
    return write_list(engine, request, plan, vocabulary, changes, progress).out


def _with_objections(
    typed: dict[int, dict[str, Value | None]], objected: list[int], checklist: Checklist
) -> dict[int, dict[str, Value | None]]:
    """The corrections with "objects to being scored" for those who did."""
    if objected and OBJECTS not in checklist.context_by_id:
        raise ListError(f"The checklist {checklist.version} has no '{OBJECTS}', so a list cannot say who objected.")
    return typed | {place: {**typed.get(place, {}), OBJECTS: YES} for place in objected}
