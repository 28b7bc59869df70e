"""Is everything there that was acknowledged, and nothing by halves, when the process is killed in the middle?"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import both
from tests.packaging.building import ROOT
from tests.soak.writer import QUESTIONS
from triage.records.database import Database
from triage.records.heads import export_head
from triage.records.installation import Installation
from triage.records.tables import answers, assessments, decisions, scores
from triage.records.verify import verify

TABLES = {"started": assessments, "answer": answers, "decision": decisions}
#: A process is killed after so many lines at most, and up to so many seconds later: anywhere in a write.
LINES, LATER = 60, 0.03


def killed(installation: Installation, chance: random.Random) -> list[list[str]]:
    """Let a process write, kill it at some moment; returns every line that it had said."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.soak.writer", str(installation.folder), installation.url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(chance.randint(1, LINES))]
    time.sleep(chance.uniform(0, LATER))
    os.kill(process.pid, signal.SIGKILL)
    rest = process.stdout.read()
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    return [line.decode().split() for line in [*lines, *rest.splitlines(keepends=True)] if line.endswith(b"\n")]


def check(database: Database, said: list[list[str]]) -> None:
    """Every acknowledged row is there, unless its client was to be erased; and nothing stands by halves."""
    with database.read() as view:
        there = {word: {row["id"]: row for row in view.all(sa.select(table))} for word, table in TABLES.items()}
        scored = {row["assessment"] for row in view.all(sa.select(scores))}
    erasing = {client for word, client, _ in said if word == "erasing"}
    erased = {client for word, client, _ in said if word == "erased"}
    lost = [row_id for word, client, row_id in said if word in TABLES and client not in erasing
            and row_id not in there[word]]  # fmt: skip
    assert not lost
    assert not erased & set(there["started"])
    # A decision, its score and the new state of its assessment are one transaction.
    decided = {row["assessment"] for row in there["decision"].values()}
    assert decided == scored == {row_id for row_id, row in there["started"].items() if row["state"] == "decided"}
    asked = Counter(row["assessment"] for row in there["answer"].values())
    assert all(asked[client] == len(QUESTIONS) for client in decided)


@both
@pytest.mark.parametrize("kills", [pytest.param(10, marks=pytest.mark.slow), pytest.param(100, marks=pytest.mark.soak)])
def test_a_killed_process_loses_nothing_that_it_had_acknowledged(
    database: Database, database_address: str, tmp_path: Path, kills: int
) -> None:
    chance = random.Random(kills)
    installation = Installation(tmp_path, database_address)
    said: list[list[str]] = []
    for _ in range(kills):
        said += killed(installation, chance)
        # An erasure that was written down and not finished is done before anything is served.
        installation.make_ready(database)
        check(database, said)
        report = verify(database, installation.heads)
        assert report.sound, report.lines()
        export_head(database, installation.heads)
    words = Counter(word for word, _, _ in said)
    assert words["decision"]
    assert words["erased"]
