"""Is an uploaded list small enough to be worked through in the service, and how is it read?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from triage.engine import Engine
from triage.errors import ListError
from triage.lists.desk.choices import CHOICES
from triage.lists.mapping import ColumnMapping
from triage.lists.names import ANSWER, answer_fields
from triage.lists.plan import Plan, make_plan
from triage.lists.read import Limits, open_source
from triage.lists.read.limits import MEBIBYTE
from triage.lists.run import Wanted
from triage.lists.vocabulary import Vocabulary

#: A list that comes in over the network: no larger than what a person can work through, and nothing to choke on.
UPLOAD = replace(
    Limits(),
    columns=500,
    record_bytes=MEBIBYTE,
    file_bytes=25 * MEBIBYTE,
    unpacked_bytes=200 * MEBIBYTE,
    shared_text_bytes=64 * MEBIBYTE,
)
MOST_ROWS = 20_000


def open_list(engine: Engine, path: Path, mapping: ColumnMapping, limits: Limits = UPLOAD) -> tuple[Plan, Vocabulary]:
    """The plan for an uploaded list.

    Raises:
        ListError: it cannot be read, is too long for the service, or the choices do not fit it.
    """
    vocabulary = Vocabulary(engine.checklist, engine.features)
    source = open_source(path, limits=limits)
    rows = sum(table.rows for table in source.tables)
    if rows > MOST_ROWS:
        raise ListError(
            f"{path.name} has {rows:,} rows, and a list in the service has at most {MOST_ROWS:,}. Split it, or score it"
            " with the command `ltu-triage score`, which takes any length."
        )
    return make_plan(source, vocabulary, mapping, CHOICES), vocabulary


def wanted(plan: Plan, engine: Engine, on: date | None) -> Wanted:
    """Everything that the list can give: those who work on it see the answers that are kept apart."""
    headings = plan.tables[0].headings
    if not plan.own or headings is None:
        return Wanted(on, sensitive=True)
    held = {name.removeprefix(ANSWER) for name in headings.names if name.startswith(ANSWER)}
    return Wanted(on, sensitive=not held or held >= {*answer_fields(engine.checklist, True)})
