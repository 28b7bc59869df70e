"""What should a person know about a list before they confirm how it is read?"""

from __future__ import annotations

from collections.abc import Iterator

from triage.lists.answers import label_of, target_of
from triage.lists.lines import LineMaker
from triage.lists.summary import lost_zeros, month_first
from triage.lists.tidy import Table
from triage.lists.vocabulary import Vocabulary


def warnings_of(maker: LineMaker) -> tuple[str, ...]:
    """The warnings, as sentences."""
    if maker.plan.own:
        return ("This is an output of this program. Rows without a changed answer stay as they are in it.",)
    tables = maker.plan.tables
    said = [*_few_answers(maker), *_nobody(tables, maker.vocabulary)]
    for table in tables:
        said += [*_no_headings(table), *_same_question(table, maker.vocabulary)]
    return (*dict.fromkeys(said), *month_first(maker.plan, maker.facts), *lost_zeros(maker.facts))


def _few_answers(maker: LineMaker) -> Iterator[str]:
    targets = {name for sheet in maker.sheets for name in sheet.readers}
    questions, least = targets & maker.engine.counted, maker.engine.at_least
    if not targets & {*maker.engine.checklist.by_id}:
        yield "No column answers a question of the checklist, so nobody on this list would have a band."
    elif len(questions) < least:
        yield (
            f"A band needs {least} answers, and the columns of this list answer {len(questions)} of those that count."
            " So nobody on it would have a band."
        )


def _nobody(tables: tuple[Table, ...], vocabulary: Vocabulary) -> Iterator[str]:
    if not any(vocabulary.identifies(role) for table in tables for role in table.roles):
        yield "No column says who somebody is, so people can only be found by the number of their row."


def _no_headings(table: Table) -> Iterator[str]:
    if table.headings is None:
        yield f"No row of headings was found on '{table.source.name}', so its {table.source.rows:,} rows are not read."


def _same_question(table: Table, vocabulary: Vocabulary) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for place, role in enumerate(table.roles):
        target = target_of(role, vocabulary)
        if target and role.kind != "option" and table.visible(place) and table.headings is not None:
            found.setdefault(target, []).append(table.headings.names[place])
    for target, names in found.items():
        if len(names) > 1:
            yield (
                f"{label_of(vocabulary, target)}: several columns answer this ({', '.join(names)}). Where they differ,"
                " the surest one counts, or none if two are as sure as each other."
            )
