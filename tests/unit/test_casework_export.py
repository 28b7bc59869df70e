"""Do the outcomes of casework come out as a file that a model can learn from, with nobody's identity?"""

from __future__ import annotations

import csv
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.casework import ANSWERS, Desk
from tests.clients import clients
from tests.databases import both
from tests.unit.test_casework_assessments import trail
from triage.casework import actions, assessments, deciding, interview, outcomes, scoring
from triage.casework.exporting import client_digest
from triage.content import content_root
from triage.errors import AccessError, CaseworkError
from triage.learning import Settings, Start
from triage.learning.fit import fit
from triage.outcomes.guards import review
from triage.outcomes.read import read_outcomes
from triage.records.database import Row

pytestmark = both
KNOWN = date(2026, 4, 27)


def known(desk: Desk, row: Row, kind: str = "paid_work", weeks: int = 16, **more: Any) -> None:
    fields = {"kind": kind, "weeks": weeks, "known_on": KNOWN, "source": "survey", **more}
    outcomes.record(desk.service, desk["adviser"], row["id"], **fields)


def exported(desk: Desk, path: Path, **more: Any) -> tuple[outcomes.Exported, Any]:
    done = outcomes.export(desk.service, desk["analyst"], path, **more)
    return done, read_outcomes(path, desk.service.engines.now.features, on=KNOWN).outcomes


def same_inputs(read: Any, score: Row) -> bool:
    """True where the first row that was read has the grid values of a score that was kept."""
    kept = [np.nan if value is None else value for value in scoring.data_of(score)["inputs"]]
    return np.array_equal(read.inputs[0], kept, equal_nan=True)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_what_is_written_is_what_was_asked_decided_and_given(desk: Desk, tmp_path: Path, ending: str) -> None:
    given = {**ANSWERS, "disability": "declined"}
    row, score = desk.scored(given=given, client_reference="C-77")
    decision = deciding.override(
        desk.service, desk["adviser"], row["id"], score_id=score["id"], band="intensive", reason="other", note="Why."
    )
    desk.clock.move(days=7)
    for service_id in ("money", "rights"):
        action = actions.agree(
            desk.service, desk["adviser"], row["id"], service_id=service_id, partner_id="acas", due=KNOWN,
            decision_id=decision["id"],
        )  # fmt: skip
        actions.step(desk.service, desk["adviser"], action["id"], "started" if service_id == "money" else "accepted")
    desk.clock.move(days=49)
    known(desk, row)
    done, read = exported(desk, tmp_path / f"outcomes.{ending}", groups=lambda _: {"sex": "female"})
    assert (done.rows, done.left_out, len(read)) == (1, {}, 1)
    assert read.client.tolist() == [client_digest(desk.service, row["id"])]
    assert np.array_equal(
        read.inputs[0],
        [np.nan if value is None else value for value in scoring.data_of(score)["inputs"]],
        equal_nan=True,
    )
    names = [question.id for question in desk.service.engines.now.checklist.questions]
    states = dict(zip(names, read.states[0].tolist(), strict=True))
    assert (states["age"], states["disability"], states["vehicle"]) == (1, 2, 0)
    assert (read.weeks.tolist(), read.kind.tolist(), str(read.date[0])) == ([16.0], ["paid_work"], "2026-01-05")
    assert {name: cells.tolist() for name, cells in read.notes.items()} == {
        "band_proposed": ["enhanced"], "band_decided": ["intensive"], "support": ["money"],
        "model": [score["model"]],
    }  # fmt: skip
    assert read.support_start.tolist() == [9.0]
    assert {name: cells.tolist() for name, cells in read.groups.items()} == {"sex": ["female"]}
    event = trail(desk)[-1]
    assert (event["action"], json.loads(event["detail"])["rows"]) == ("exported", 1)


def test_no_reference_account_or_id_leaves_with_the_file(desk: Desk, tmp_path: Path) -> None:
    row, _, _ = desk.decided(client_reference="C-77")
    desk.clock.move(days=56)
    known(desk, row)
    path = tmp_path / "outcomes.csv"
    exported(desk, path)
    text = path.read_text(encoding="utf-8-sig")
    for secret in (row["id"], row["reference"], "C-77", desk["adviser"].account, desk["adviser"].name, row["office"]):
        assert secret not in text
    [line] = csv.DictReader(text.splitlines())
    assert len(line["client"]) == 64


def test_who_is_left_out_is_counted(desk: Desk, tmp_path: Path) -> None:
    counts, _, _ = desk.decided()
    objecting, _, _ = desk.decided()
    closed, _, _ = desk.decided()
    for row in (objecting, closed):
        assessments.object_to_scoring(desk.service, desk["adviser"], row["id"])
    assessments.close(desk.service, desk["adviser"], closed["id"], "other")
    again, _ = desk.scored()
    assessments.object_to_scoring(desk.service, desk["adviser"], again["id"])
    assessments.withdraw_objection(desk.service, desk["adviser"], again["id"])
    working, _ = desk.scored(context={"redundancy_status": "has_job"})
    mistaken, _ = desk.scored()
    desk.scored()  # Nothing is known of this client.
    people = [counts, objecting, closed, again, working, desk.decided(practice=True)[0], desk.answered()]
    desk.clock.move(days=56)
    for row in people:
        known(desk, row)
    known(desk, mistaken)
    [wrong] = outcomes.of(desk.service, desk["adviser"], mistaken["id"])
    outcomes.take_back(desk.service, desk["adviser"], wrong["id"])
    late, _ = desk.scored()
    known(desk, late, known_on=date(2026, 4, 26), weeks=15)
    done, read = exported(desk, tmp_path / "outcomes.csv")
    assert done.left_out == {"did_not_want_work": 1, "no_score": 3, "objected": 2, "practice": 1}
    assert read.client.tolist() == [client_digest(desk.service, counts["id"])]


def test_the_last_score_before_the_outcome_counts(desk: Desk, tmp_path: Path) -> None:
    row, _, _ = desk.decided()
    desk.clock.move(days=28)
    scoring.rescore_start(desk.service, desk["adviser"], row["id"], "change")
    interview.save_answer(desk.service, desk["adviser"], row["id"], "household", "partner")
    new = scoring.score(desk.service, desk["adviser"], row["id"])
    desk.clock.move(days=28)
    known(desk, row)
    scoring.rescore_start(desk.service, desk["adviser"], row["id"], "change")
    _, read = exported(desk, tmp_path / "outcomes.csv")
    assert same_inputs(read, new)
    # The decision before counts until another one is taken.
    assert read.notes["band_decided"].tolist() == ["enhanced"]


def test_support_after_the_outcome_is_no_part_of_it(desk: Desk, tmp_path: Path) -> None:
    row, _, _ = desk.decided()
    desk.clock.move(days=56)
    known(desk, row)
    desk.clock.move(days=1)
    action = actions.agree(
        desk.service, desk["adviser"], row["id"], service_id="money", partner_id="icas", due=date(2026, 5, 1)
    )
    actions.step(desk.service, desk["adviser"], action["id"], "finished")
    _, read = exported(desk, tmp_path / "outcomes.csv")
    assert read.notes["support"].tolist() == [""]
    assert not np.isfinite(read.support_start).any()


@pytest.mark.parametrize("who", ["adviser", "administrator", "partner"])
def test_only_an_analyst_or_a_manager_exports(desk: Desk, tmp_path: Path, who: str) -> None:
    path = tmp_path / "outcomes.csv"
    with pytest.raises(AccessError):
        outcomes.export(desk.service, desk[who], path)
    with pytest.raises(CaseworkError, match="Nothing can be exported"):
        outcomes.export(desk.service, desk["manager"], path)
    assert not path.exists()


def test_a_file_of_many_clients_can_be_learned_from(desk: Desk, tmp_path: Path) -> None:
    engine, dice = desk.service.engines.now, random.Random(7)
    kinds = [("paid_work", 4), ("paid_work", 12), ("still_looking", 16), ("lost_contact", 2), ("retired", 8)]
    people = clients(engine, 60, seed=3)
    for given in people:
        answers = {name: value for name, value in given.items() if value != "not_applicable"}
        row, _ = desk.scored(given=answers)
        kind, weeks = dice.choice(kinds)
        outcomes.record(
            desk.service, desk["adviser"], row["id"], kind=kind, weeks=min(weeks, 8), known_on=date(2026, 3, 2),
            source="client",
        )  # fmt: skip
    done, read = exported(desk, tmp_path / "outcomes.csv")
    assert done.rows == len(read) == 60
    remarks = review(read, engine.features, 6)
    assert not [remark.id for remark in remarks if remark.severity == "stop"]
    start = Start.of(content_root() / "models" / "recipes" / "evidence.yaml", engine.features)
    learned = fit(read, start, 6, Settings(repeats=1, rounds=5, threads=1))
    assert len(learned.tables.values) == len(engine.features.inputs)
