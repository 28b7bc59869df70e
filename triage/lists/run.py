"""How is a list made ready and gone through, whichever door it came in by?

Two passes over chunks: the first reads what must be known of the whole list, the second gives the rows. A capacity
needs the scores of everybody before the first band can be said, and so a pass of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np

from triage.cutoffs import Proposal
from triage.decisions import load_reasons
from triage.engine import Engine
from triage.lists.came_back import check_versions, check_wanted, made_with
from triage.lists.changes import NOTHING, Changes
from triage.lists.facts import gather
from triage.lists.lines import LineMaker, Lines, Options
from triage.lists.names import ANSWER
from triage.lists.overrides import OverrideRules
from triage.lists.own import own_date
from triage.lists.people import People
from triage.lists.plan import Plan
from triage.lists.scoring import PROPOSED, share_out
from triage.lists.tidy import tidy_rows
from triage.lists.vocabulary import Vocabulary

#: Rows to a chunk: more are no quicker and take more memory.
ROWS = 12_288
#: Chunks that are scored at the same time.
_AT_ONCE = 2
#: Told how many rows of how many are done.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Wanted:
    """What is asked for of a list.

    Attributes:
        on: the scoring date; None for that of an output that comes back, else for today.
        answers: write an `answer_<id>` for each question.
        sensitive: write the answers and reasons that are kept apart.
        size: rows to a chunk.
    """

    on: date | None = None
    answers: bool = False
    sensitive: bool = False
    size: int = ROWS


def prepare(
    engine: Engine, plan: Plan, vocabulary: Vocabulary, wanted: Wanted, changes: Changes = NOTHING
) -> LineMaker:
    """What makes the lines of this list, with the cut-off points that hold for the whole of it.

    Raises:
        ListError: an output that comes back cannot be used as asked for, or the changes do not fit the list.
    """
    maker = first_pass(engine, plan, vocabulary, wanted, changes)
    maker.proposal = _proposal(engine, maker, wanted.size) if engine.cutoffs.has_capacity else None
    return maker


def first_pass(
    engine: Engine, plan: Plan, vocabulary: Vocabulary, wanted: Wanted, changes: Changes = NOTHING
) -> LineMaker:
    """As `prepare`, for those who only read answers and need no bands."""
    on = scoring_date(plan, engine, wanted)
    changes.check_fits(plan, engine)
    facts = gather(plan, vocabulary, on, wanted.size)
    rules = OverrideRules(engine.cutoffs.bands, load_reasons(engine.checklist.folder).reasons)
    options = Options(on, wanted.answers, wanted.sensitive)
    return LineMaker(engine, plan, vocabulary, facts, options, rules, changes)


def scoring_date(plan: Plan, engine: Engine, wanted: Wanted) -> date:
    """The scoring date. That of an output that comes back, so that it is scored as it was, if it can be."""
    headings = plan.tables[0].headings
    if not plan.own or headings is None:
        return wanted.on or date.today()
    name = plan.source.path.name
    found = made_with(plan.tables[0], wanted.size)
    on = wanted.on or own_date(found["date"], name) or date.today()
    answers = any(heading.startswith(ANSWER) for heading in headings.names)
    check_versions(found, engine.versions, on, name, answers)
    check_wanted(headings.names, name, engine.checklist, wanted.answers, wanted.sensitive)
    return on


def chunks(maker: LineMaker, size: int) -> Iterator[tuple[People, Lines]]:
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
