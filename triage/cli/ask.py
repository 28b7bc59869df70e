"""How is a mapping shown to a person in a terminal, and how are the headings asked about that nobody knows?"""

from __future__ import annotations

from triage.engine import Engine
from triage.faults import did_you_mean
from triage.lists.plan import Ask, Plan
from triage.lists.safety import cleaned
from triage.lists.vocabulary import IGNORED, Role, Vocabulary


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
    vocabulary = Vocabulary(engine.checklist, engine.features)
    return lambda table, name: _ask_one(table, name, vocabulary)


def _ask_one(table: str, name: str, vocabulary: Vocabulary) -> Role:
    while True:
        answer = input(f"{table}: what is in '{name}'? (a question's id, ? for a list, Enter to leave it out) ").strip()
        if not answer:
            return IGNORED
        if answer == "?":
            print("  " + ", ".join(role for role in vocabulary.roles if "=" not in role))
            continue
        if answer in vocabulary.roles:
            return vocabulary.roles[answer]
        print(f"  There is no '{answer}'. {did_you_mean(answer, vocabulary.roles)}".rstrip())
