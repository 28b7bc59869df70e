"""What is there to know or to mend about each row, where does it stand, and what could be meant?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from triage.checklist import DECLINED
from triage.engine import Engine
from triage.lists.answers import label_of
from triage.lists.corrections import CORRECTED
from triage.lists.desk.row import About, Problem
from triage.lists.facts import SAME_PERSON
from triage.lists.fields import CONFIRM_MEANT, NOT_GIVEN
from triage.lists.kinds import SAID
from triage.lists.lines import LineMaker
from triage.lists.names import ANSWER, answer_fields
from triage.lists.overrides import PREFIX
from triage.lists.own import SEPARATOR
from triage.lists.people import People

Cells = Mapping[str, Sequence[str | None]]


class Mending:
    """The problems of one table's rows."""

    def __init__(self, maker: LineMaker, number: int) -> None:
        table = maker.plan.tables[number]
        self._maker, self._table = maker, table
        self._names = table.headings.names if table.headings is not None else ()
        self._columns = {
            target: [name for _, name, _ in readers] for target, readers in maker.sheets[number].readers.items()
        }
        fields = answer_fields(maker.engine.checklist, True)
        self._meant: dict[tuple[str, str], str] = {}
        self._labels = {f"{label_of(maker.vocabulary, name)}: ": name for name in fields}

    def of_answers(self, people: People) -> dict[int, dict[str, tuple[str, str]]]:
        """By client: each problem of an answer, with its question and the column that it is about."""
        found: dict[int, dict[str, tuple[str, str]]] = {}
        for target, series in people.given.problems.items():
            for texts, source in zip(series, people.given.sources[target], strict=True):
                for at in texts.is_not_null().arg_true().to_list():
                    found.setdefault(at, {}).setdefault(texts[at], (target, source))
        return found

    def problems(self, text: str | None, known: Mapping[str, tuple[str, str]], cells: Cells, at: int) -> list[Problem]:
        """The parts of a row's problem.

        Args:
            text: the problem as an output has it.
            known: problems of answers, with their question and column.
            cells, at: the row.
        """
        return [self._problem(item, known, cells, at) for item in (text or "").split(SEPARATOR) if item]

    def columns(self, target: str, cells: Cells, at: int) -> list[str]:
        """The columns that say something about a question in this row."""
        return [name for name in self._columns.get(target, ()) if cells[name][at] is not None]

    def shown(self, names: Sequence[str], cells: Cells, at: int) -> Iterator[tuple[str, str]]:
        """Headings and texts of columns, but for those of which nothing may be kept."""
        for name in names:
            role, text = self._table.roles[int(name[1:])], cells[name][at]
            if text is not None and not self._maker.vocabulary.never_kept(role):
                yield self._names[int(name[1:])], text

    def _problem(self, item: str, known: Mapping[str, tuple[str, str]], cells: Cells, at: int) -> Problem:
        target, source = known.get(item) or (self._asked(item), "")
        if not target:
            return Problem(item, _about(item))
        names = [source] if source else self.columns(target, cells, at)
        headings = tuple(self._names[int(name[1:])] for name in names)
        about: About = "corrected" if item.endswith(CORRECTED) else "answer"
        return Problem(item, about, target, headings, self._suggested(item, target, source, cells, at))

    def _suggested(self, item: str, target: str, source: str, cells: Cells, at: int) -> str:
        if not source or not item.endswith(f"{CONFIRM_MEANT} {NOT_GIVEN}"):
            return ""
        key = target, cells[source][at] or ""
        if key not in self._meant:
            self._meant[key] = suggested(self._maker.engine, *key)
        return self._meant[key]

    def _asked(self, item: str) -> str:
        """The question of a problem that came back in an output."""
        if not self._table.own or not any(name.startswith(ANSWER) for name in self._names):
            return ""
        return next((name for label, name in self._labels.items() if item.startswith(label)), "")


def _about(item: str) -> About:
    if item in SAID:
        return "row"
    if item.startswith(PREFIX):
        return "override"
    return "same_person" if item.startswith(SAME_PERSON) else "check"


def suggested(engine: Engine, question: str, text: str) -> str:
    """The answer that may have been meant; "" for none, or for one that can speak of health."""
    suggestion = engine.features.normalise(question, text).suggestion
    option = engine.checklist.question(question).by_id.get(suggestion)
    return "" if option is not None and option.counts_as == DECLINED else suggestion
