"""Many advisers hold interviews and record decisions at the same moment: is anything refused, lost or mixed up?"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from experiments.bench import simulate
from experiments.bench.advisers import hold, lost
from tests.databases import both
from tests.web.partners import make_key
from tests.web.service import Live
from triage.records.heads import export_head
from triage.records.verify import verify


def all_at_once(live: Live, folder: Path, advisers: int, rounds: int) -> None:
    secrets = [make_key(live)[1] for _ in range(advisers)]
    people = simulate.clients(live.service.engines.now, advisers * rounds)
    held = asyncio.run(hold(live.address, secrets, people))
    assert held.wrong == []
    assert len(held.decided) == advisers * rounds
    assert lost(live.service, held) == []
    export_head(live.service.database, folder / "heads.jsonl")
    assert verify(live.service.database, folder / "heads.jsonl").sound


@pytest.mark.slow
@both
def test_twelve_at_once(live: Live, tmp_path: Path) -> None:
    all_at_once(live, tmp_path, 12, 1)


@pytest.mark.soak
@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_fifty_at_once(live: Live, tmp_path: Path) -> None:
    all_at_once(live, tmp_path, 50, 3)
