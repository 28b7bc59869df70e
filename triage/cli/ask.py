"""How is a mapping shown to a person in a terminal, and how are the headings asked about that nobody knows?"""

from __future__ import annotations

from triage.engine import Engine
from triage.faults import did_you_mean
from triage.lists.plan import Ask, Plan
from triage.lists.safety import cleaned
from triage.lists.vocabulary import IGNORED, Role, Vocabulary

_STOP = "stop"
_HOW = "(a question's id, ? for a list, Enter to leave it out, stop to leave out the rest)"


def show_mapping(plan: Plan, vocabulary: Vocabulary) -> None:
    """Print which column is read for what, before anything is scored."""
    for table in plan.tables:
        if table.headings is None or table.own:
            continue
        print(f"{table.source.name}")
        for name, role in zip(table.headings.names, table.roles, strict=True):
            if name:
                print(f"  {cleaned(name)} -> {vocabulary.label(role) if role is not IGNORED else 'not used'}")
    print()


def ask_in_terminal(engine: Engine) -> Ask:
    """A function that asks what a column holds whose heading nobody knows."""
    return _Asker(Vocabulary(engine.checklist, engine.features))


class _Asker:
    """Asks about one heading after the other, until a person has had enough."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._stopped = False

    def __call__(self, table: str, name: str) -> Role:
        """What the column holds; nothing that is used where nobody says."""
        while not self._stopped:
            try:
                answer = input(f"{table}: what is in '{cleaned(name)}'? {_HOW} ").strip()
            except EOFError:
                print()
                answer = _STOP
            if answer == _STOP:
                self._stopped = True
            elif answer == "?":
                print("  " + ", ".join(role for role in self._vocabulary.roles if "=" not in role))
            elif answer in self._vocabulary.roles:
                return self._vocabulary.roles[answer]
            elif answer:
                print(f"  There is no '{answer}'. {did_you_mean(answer, self._vocabulary.roles)}".rstrip())
            else:
                return IGNORED
        return IGNORED
