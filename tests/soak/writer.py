"""Writes records until somebody kills it, and says of each one that it is written, once that is so.

`python -m tests.soak.writer FOLDER URL`: two threads write groups of answers, a score and a decision, and erase some.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from tests.records_case import ADVISER, filled, place
from triage.records.actor import SYSTEM
from triage.records.audit import Event
from triage.records.database import Database, Work
from triage.records.erase import erase_rows
from triage.records.installation import Installation
from triage.records.plain import canonical, new_id
from triage.records.tables import answers, assessments, decisions, scores

QUESTIONS = ("age", "health", "vehicle")
#: Each group of so many is erased again.
ERASED = 2
THREADS = 2


def say(word: str, client: str, row_id: str) -> None:
    """One line, in one piece, on the pipe."""
    os.write(sys.stdout.fileno(), f"{word} {client} {row_id}\n".encode())


def group(database: Database, office: str) -> str:
    """A client's assessment; then their answers, a score and a decision, as advisers write them."""
    row = new_id()
    with database.write(Event(ADVISER, "assessment_started", row, office)) as work:
        work.insert(assessments, filled(assessments, id=row, office=office, state="open"))
    say("started", row, row)
    for question in QUESTIONS:
        with database.write(Event(ADVISER, "answer_saved", row, office)) as work:
            given = filled(answers, assessment=row, question=question, state="answered", value=canonical("x" * 500))
            work.insert(answers, given)
        say("answer", row, given["id"])
    with database.write(Event(ADVISER, "decision_recorded", row, office)) as work:
        decided = _decide(work, row)
    say("decision", row, decided)
    return row


def _decide(work: Work, row: str) -> str:
    score = work.insert(scores, filled(scores, assessment=row, number=1, data="y" * 3000))
    decided = work.insert(decisions, filled(decisions, assessment=row, score=score["id"], number=1))
    work.update(assessments, row, {"state": "decided"})
    return str(decided["id"])


def write(installation: Installation, database: Database) -> None:
    """Write for ever."""
    with database.write(Event(SYSTEM, "office_made")) as work:
        office, _ = place(work)
    number = 0
    while True:
        row = group(database, office)
        number += 1
        if number % ERASED == 0:
            say("erasing", row, row)
            with database.write(Event(SYSTEM, "records_erased")) as work:
                erase_rows(work, database.keys, row, installation.erasures)
            say("erased", row, row)


def main() -> None:
    """Start the threads."""
    installation = Installation(Path(sys.argv[1]), sys.argv[2])
    database = Database.open(installation.url, installation.keys())
    installation.make_ready(database)
    for _ in range(THREADS):
        threading.Thread(target=write, args=(installation, database)).start()


if __name__ == "__main__":
    main()
