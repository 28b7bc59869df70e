"""Can an output of this program that comes back be used, and what must be asked for?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from triage.checklist import Checklist
from triage.engine.parts import Versions
from triage.errors import ListError
from triage.lists.names import ANSWER, CHECK, FIXED, answer_fields
from triage.lists.own import own_date
from triage.lists.tidy import Table, plain_rows

MADE = ("model", "checklist", "cutoffs", "date")


def check_columns(names: Sequence[str], file: str, checklist: Checklist) -> None:
    """Raises ListError where the headings of an output lack a column that is needed, or hold a strange answer."""
    everything = [f"{ANSWER}{name}" for name in answer_fields(checklist, True)]
    open_ = [f"{ANSWER}{name}" for name in answer_fields(checklist, False)]
    answers = [name for name in names if name.startswith(ANSWER)]
    strange = [name for name in answers if name not in everything]
    if strange:
        raise ListError(
            f"{file} was scored with another checklist: this one has no question for {', '.join(strange)}."
            " Use that checklist (command line: --checklist), or score the first list again."
        )
    wanted = [*open_, CHECK] if answers else []
    if any(name in names for name in everything if name not in open_):
        wanted = everything
    missing = [name for name in (*FIXED, *wanted) if name not in names]
    if missing:
        raise ListError(
            f"{file} is an output of this program, but these columns are missing: {', '.join(missing)}."
            " Use the file as it was written, or score the first list again."
        )


def made_with(table: Table, size: int) -> dict[str, set[str]]:
    """The different texts of the columns that say what a score was made with."""
    assert table.headings is not None
    places = {name: f"c{table.headings.names.index(name)}" for name in MADE}
    found: dict[str, set[str]] = {name: set() for name in MADE}
    for rows in plain_rows(table, list(places.values()), size):
        for name, column in places.items():
            found[name] |= set(rows.cells[column].drop_nulls().unique().to_list())
    return found


def check_versions(found: Mapping[str, set[str]], versions: Versions, on: date, file: str, answers: bool) -> None:
    """Raises ListError where an output was scored with another checklist, or cannot be scored anew but would be."""
    if found["checklist"] - {versions.checklist}:
        others = ", ".join(sorted(found["checklist"] - {versions.checklist}))
        raise ListError(
            f"{file} was scored with the checklist {others}, and this is {versions.checklist}."
            " Use that checklist (command line: --checklist), or score the first list again."
        )
    if answers:
        return
    parts = ("model", "--model", {versions.model}), ("cutoffs", "--cutoffs", {versions.cutoffs})
    for name, option, known in parts:
        if found[name] - known:
            others = ", ".join(sorted(found[name] - known))
            here = f"{', '.join(known)} (command line: {option})"
            raise ListError(_without_answers(file, f"with {others}, and this is {here}"))
    before = own_date(found["date"], file)
    if before is not None and before != on:
        raise ListError(_without_answers(file, f"as on {before}, and this would be as on {on}"))


def _without_answers(file: str, why: str) -> str:
    return (
        f"{file} is an output without the answers, scored {why}. So its people cannot be scored again."
        " Score the first list again, with its answers (command line: --answers)."
    )


def check_wanted(names: Sequence[str], file: str, checklist: Checklist, answers: bool, sensitive: bool) -> None:
    """Raises ListError where answers are asked for that the file does not hold."""
    held = {name for name in names if name.startswith(ANSWER)}
    if answers and not held:
        raise ListError(f"{file} is an output without the answers, so none can be written. Leave --answers out.")
    if sensitive and held and any(f"{ANSWER}{name}" not in held for name in answer_fields(checklist, True)):
        raise ListError(
            f"{file} was written without the answers that are kept apart, so they cannot be written."
            " Leave --include-sensitive out, or score the first list again."
        )
