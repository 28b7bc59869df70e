"""How is a whole list scored, from the file to the file?

Two passes over chunks: the first reads what must be known of the whole list, the second writes. A capacity needs the
scores of everybody before the first band can be written, and so a pass of its own.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from triage.cutoffs import Proposal
from triage.decisions import load_reasons
from triage.engine import Engine, Score
from triage.errors import ListError, UsageError
from triage.lists.came_back import check_versions, check_wanted, made_with
from triage.lists.explain import Explainer
from triage.lists.facts import gather
from triage.lists.lines import LineMaker, Lines, Options
from triage.lists.mapping import EMPTY, ColumnMapping, load_mapping
from triage.lists.names import ANSWER
from triage.lists.overrides import OverrideRules
from triage.lists.own import own_date
from triage.lists.pages import about, meaning
from triage.lists.people import People
from triage.lists.plan import Ask, Plan, check_fits, make_plan
from triage.lists.read import open_source
from triage.lists.scoring import PROPOSED, share_out
from triage.lists.speak_first import SpeakFirst
from triage.lists.summary import Report, Summary
from triage.lists.tidy import tidy_rows
from triage.lists.vocabulary import Vocabulary
from triage.lists.write_csv import CsvSink

ENDINGS = (".csv", ".xlsx")
#: A name that says by itself that a file is sensitive; "not-sensitive" and "insensitive" do not.
_SAYS_SENSITIVE = re.compile(r"(?i)(?<!not[ _-])(?<!non[ _-])(?<!no[ _-])(?<![a-z])sensitive")
#: Rows to a chunk: more are no quicker and take more memory.
ROWS = 12_288
#: Chunks that are scored at the same time.
_AT_ONCE = 2
#: Told how many rows of how many are done.
Progress = Callable[[int, int], None]


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
    plan = _plan(request, vocabulary, mapping, ask)
    check_fits(plan, out)
    if planned is not None:
        planned(plan, vocabulary)
    on = _date(plan, engine, request)
    facts = gather(plan, vocabulary, on, request.size)
    rules = OverrideRules(engine.cutoffs.bands, load_reasons(engine.checklist.folder).reasons)
    options = Options(on, request.answers, request.sensitive)
    maker = LineMaker(engine, plan, vocabulary, facts, options, rules)
    maker.proposal = _proposal(engine, maker, request.size) if engine.cutoffs.has_capacity else None
    summary = Summary()
    report = Report(summary, engine, plan, facts, vocabulary, options, maker.proposal)
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


def _plan(request: Request, vocabulary: Vocabulary, mapping: ColumnMapping, ask: Ask | None) -> Plan:
    name = request.mapping.name if request.mapping is not None else ""
    return make_plan(open_source(request.path), vocabulary, mapping, name, ask)


def _date(plan: Plan, engine: Engine, request: Request) -> date:
    """The scoring date. That of an output that comes back, so that it is scored as it was, if it can be."""
    headings = plan.tables[0].headings
    if not plan.own or headings is None:
        return request.on or date.today()
    name = plan.source.path.name
    found = made_with(plan.tables[0], request.size)
    on = request.on or own_date(found["date"], name) or date.today()
    answers = any(heading.startswith(ANSWER) for heading in headings.names)
    check_versions(found, engine.versions, on, name, answers)
    check_wanted(headings.names, name, engine.checklist, request.answers, request.sensitive)
    return on


def _proposal(engine: Engine, maker: LineMaker, size: int) -> Proposal:
    logits = np.full(maker.plan.rows, np.nan)
    place = 0
    for number, table in enumerate(maker.plan.tables):
        for rows in tidy_rows(table, maker.vocabulary, size):
            people = maker.read(number, rows, place)
            columns = maker.score(people)
            found = columns.status_code == PROPOSED
            logits[place + people.clients[found]] = columns.band_logit[found]
            place += len(rows)
    return share_out(engine, logits[~np.isnan(logits)])


def _chunks(maker: LineMaker, size: int) -> Iterator[tuple[People, Lines]]:
    """The chunks in order. While one is scored, the next is read and the last written."""
    waiting: deque[tuple[People, Future[Lines]]] = deque()
    place = 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for number, table in enumerate(maker.plan.tables):
            for rows in tidy_rows(table, maker.vocabulary, size):
                people = maker.read(number, rows, place)
                waiting.append((people, pool.submit(maker.lines, people)))
                place += len(rows)
                if len(waiting) > _AT_ONCE:
                    done, lines = waiting.popleft()
                    yield done, lines.result()
        for done, lines in waiting:
            yield done, lines.result()


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
    sink: Any = _workbook(working, maker, carried) if workbook else CsvSink(working)
    with sink:
        empty = True
        for people, lines in _chunks(maker, size):
            sink.write(lines.frame)
            report.summary.add(people.rows, lines)
            explainer.look(people, lines)
            if workbook:
                speak.add(lines)
            if progress is not None:
                progress(report.summary.rows, maker.plan.rows)
            empty = False
        if empty:
            sink.write(pl.DataFrame(schema=dict.fromkeys(maker.names, pl.String)))
        if workbook:
            sink.speak_first(speak.lines)
            sink.first_page(about(report))
            sink.last_page(meaning(report))


def _workbook(working: Path, maker: LineMaker, carried: Sequence[str]) -> Any:
    # Imported where it is needed: that takes as long as scoring a short list.
    from triage.lists.write_xlsx import WorkbookSink

    return WorkbookSink(working, maker.names, carried, maker.engine.cutoffs.bands)


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
