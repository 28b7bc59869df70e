"""How is a whole list scored, from the file to the file?"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from triage.engine import Engine, Score
from triage.errors import ListError, UsageError
from triage.lists.changes import NOTHING, Changes
from triage.lists.explain import Explainer
from triage.lists.in_order import InOrder
from triage.lists.lines import LineMaker
from triage.lists.mapping import EMPTY, load_mapping
from triage.lists.pages import about, meaning
from triage.lists.plan import Ask, Plan, check_fits, make_plan
from triage.lists.read import open_source
from triage.lists.run import ROWS, Progress, Wanted, chunks, prepare
from triage.lists.speak_first import SpeakFirst
from triage.lists.summary import Report, report_of
from triage.lists.vocabulary import Vocabulary
from triage.lists.write_csv import CsvSink

ENDINGS = (".csv", ".xlsx")
#: A name that says by itself that a file is sensitive; "not-sensitive" and "insensitive" do not.
_SAYS_SENSITIVE = re.compile(r"(?i)(?<!not[ _-])(?<!non[ _-])(?<!no[ _-])(?<![a-z])sensitive")


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Attributes:
        path: the list.
        out: the output; its ending says which kind.
        on: the scoring date; None for that of an output that comes back, else for today.
        mapping: a mapping file.
        answers: write an `answer_<id>` for each question.
        sensitive: write the answers and reasons that are kept apart.
        explain: the row to explain, or "first".
        size: rows to a chunk.
    """

    path: Path
    out: Path
    on: date | None = None
    mapping: Path | None = None
    answers: bool = False
    sensitive: bool = False
    explain: str = ""
    size: int = ROWS


@dataclass(frozen=True)
class Outcome:
    """What came of it: where the output is, what to say, the score that was to be explained, or why it cannot be."""

    out: Path
    report: Report
    explained: tuple[str, Score] | None
    unexplained: str = ""


def score_list(
    engine: Engine,
    request: Request,
    ask: Ask | None = None,
    progress: Progress | None = None,
    planned: Callable[[Plan, Vocabulary], None] | None = None,
) -> Outcome:
    """Scores a list and writes the output.

    Args:
        engine: the model, checklist and cut-offs.
        request: what is asked for.
        ask: asks a person about headings that nobody knows.
        progress: is told how far it is.
        planned: is shown the plan before anything is scored.

    Raises:
        ListError: nothing could be scored or written.
        UsageError: the output's name cannot be used.
    """
    out = output_path(request)
    vocabulary = Vocabulary(engine.checklist, engine.features)
    mapping = load_mapping(request.mapping, vocabulary) if request.mapping is not None else EMPTY
    name = request.mapping.name if request.mapping is not None else ""
    plan = make_plan(open_source(request.path), vocabulary, mapping, name, ask)
    if planned is not None:
        check_fits(plan, out)
        planned(plan, vocabulary)
    return write_list(engine, request, plan, vocabulary, progress=progress)


def write_list(
    engine: Engine,
    request: Request,
    plan: Plan,
    vocabulary: Vocabulary,
    changes: Changes = NOTHING,
    progress: Progress | None = None,
) -> Outcome:
    """Scores the list that `plan` describes, with what people decided or corrected beside it, and writes the output.

    Raises:
        ListError: nothing could be scored or written, or the changes do not fit the list.
        UsageError: the output's name cannot be used.
    """
    out = output_path(request)
    check_fits(plan, out)
    wanted = Wanted(request.on, request.answers, request.sensitive, request.size)
    maker = prepare(engine, plan, vocabulary, wanted, changes)
    report = report_of(maker)
    explainer = Explainer(maker, request.explain)
    with _written(out) as working:
        _write(working, out, maker, report, explainer, request.size, progress)
    return Outcome(out, report, explainer.found(), explainer.problem)


def output_path(request: Request) -> Path:
    """Where the output goes: its name says so where it holds what is kept apart.

    Raises:
        UsageError: the ending is neither .csv nor .xlsx, the folder is not there, or the list would be overwritten.
    """
    out = request.out
    if out.suffix.lower() not in ENDINGS:
        raise UsageError(f"'{out.name}' must end in .csv or .xlsx: the ending says what is written.")
    if request.sensitive and not _SAYS_SENSITIVE.search(out.stem):
        out = out.with_name(f"{out.stem}-sensitive{out.suffix}")
    if not out.parent.is_dir():
        raise UsageError(f"There is no folder {out.parent} to write to.")
    if out.exists() and request.path.exists() and out.samefile(request.path):
        raise UsageError("The output would overwrite the list. Give another name with -o.")
    return out


def _write(
    working: Path,
    out: Path,
    maker: LineMaker,
    report: Report,
    explainer: Explainer,
    size: int,
    progress: Progress | None,
) -> None:
    workbook = out.suffix.lower() == ".xlsx"
    carried = maker.names[: maker.names.index("row")]
    speak = SpeakFirst(maker.engine, carried, maker.options.sensitive)
    ordered = InOrder(maker.engine, maker.proposal, carried) if maker.proposal is not None else None
    sink: Any = _workbook(working, maker, carried) if workbook else CsvSink(working)
    with sink:
        empty = True
        for people, lines in chunks(maker, size):
            sink.write(lines.frame)
            report.summary.add(people.rows, lines)
            explainer.look(people, lines)
            if workbook:
                speak.add(lines)
                if ordered is not None:
                    ordered.add(lines)
            if progress is not None:
                progress(report.summary.rows, maker.plan.rows)
            empty = False
        if empty:
            sink.write(pl.DataFrame(schema=dict.fromkeys(maker.names, pl.String)))
        if workbook:
            sink.speak_first(speak.lines)
            if ordered is not None:
                sink.in_order(ordered.headings, ordered.lines)
            sink.first_page(about(report))
            sink.last_page(meaning(report))


def _workbook(working: Path, maker: LineMaker, carried: Sequence[str]) -> Any:
    # Imported where it is needed: that takes as long as scoring a short list.
    from triage.lists.write_xlsx import WorkbookSink

    return WorkbookSink(working, maker.names, carried, maker.engine.cutoffs.bands, maker.proposal is not None)


class _written:
    """A file that takes its name only when it is whole."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._working = out.with_name(f".{out.stem}.{os.getpid()}{out.suffix}")

    def __enter__(self) -> Path:
        return self._working

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            try:
                self._working.replace(self._out)
                return
            except OSError as problem:
                raise ListError(f"{self._out} cannot be written: {problem.strerror}.") from None
            finally:
                with suppress(OSError):
                    self._working.unlink()
        with suppress(OSError):
            self._working.unlink()
