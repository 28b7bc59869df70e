"""Any sequence of steps of casework on one client, with what must hold after each of them.

A step may be refused with a plain message; it may never break. What was acknowledged must be there afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from tests.casework import Desk
from tests.clients import choices
from triage.casework import actions, assessments, deciding, interview, outcomes, reviews, scoring, suspension
from triage.casework.actions import NOT_TAKEN_UP, OTHER, STATES
from triage.casework.interview import DECLINED, NOT_ASKED
from triage.casework.standing import Standing, record_of, standing_of
from triage.decisions import check_reproduces, state_of
from triage.engine import Engine
from triage.errors import UserError
from triage.records.actor import PEOPLE
from triage.records.database import Row
from triage.records.plain import canonical
from triage.records.tables import accounts, action_steps, decisions, scores
from triage.records.tables import actions as action_table

WHO = ("adviser", "second_adviser", "manager")
DECIDED = ("confirm", "override", "ask", "accept")


@dataclass
class Story:
    """What happens to one client.

    Attributes:
        desk: where.
        engines: engines that may be in force.
        row: the assessment.
        answers: what was acknowledged of this round, by question.
        kept: rows that were acknowledged and never change, by table and id.
        done: which steps were not refused.
        refused: the messages of those that were.
    """

    desk: Desk
    engines: list[Engine]
    row: Row
    answers: dict[str, tuple[str, Any]] = field(default_factory=dict)
    kept: dict[tuple[str, str], Row] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def play(self, steps: list[tuple[str, int]]) -> None:
        """Take the steps, and look after each."""
        for name, choice in steps:
            try:
                getattr(self, name)(choice)
                self.done.append(name)
            except UserError as refused:
                self.refused.append(refused.message)
            self.look()
        assert all(self.refused)

    # ------------------------------------------------------------------------------------------------- steps

    @property
    def _of(self) -> tuple[Any, Any, str]:
        return self.desk.service, self.desk[WHO[0]], self.row["id"]

    def _by(self, choice: int) -> tuple[Any, Any, str]:
        return self.desk.service, self.desk[WHO[choice % len(WHO)]], self.row["id"]

    def answer(self, choice: int) -> None:
        engine = self.desk.service.engines.now
        question = engine.checklist.questions[choice % len(engine.checklist.questions)].id
        known = [*choices(engine, question), DECLINED, NOT_ASKED, "nonsense", "not_applicable"]
        saved = interview.save_answer(*self._by(choice), question, known[choice // 7 % len(known)])
        self.answers[question] = (saved["state"], saved["value"])

    def details(self, choice: int) -> None:
        fields = self.desk.service.engines.now.checklist.context_by_id
        values = {
            "redundancy_status": ["at_risk", "left", "has_job", ""], "job_ends": ["2026-01-05", "2026-09-01", ""],
            "complex_needs": ["yes", "no", ""],
        }  # fmt: skip
        context = {name: told[choice % len(told)] for name, told in values.items() if name in fields}
        assessments.set_details(*self._by(choice), context=context, language=f"Language {choice % 3}")

    def score(self, choice: int) -> None:
        made = scoring.score(*self._by(choice))
        self._keep("scores", {column.name: made[column.name] for column in scores.c})

    def rescore(self, choice: int) -> None:
        before = self.desk.row(self.row)["round"]
        if scoring.rescore_start(*self._by(choice), "change")["round"] == before:
            return
        engine = self.desk.service.engines.now
        attitudes = {question.id for question in engine.checklist.questions if question.sensitivity == "attitude"}
        self.answers = {
            name: told for name, told in self.answers.items() if name not in attitudes and told[0] != "not_asked"
        }

    def confirm(self, choice: int) -> None:
        self._decide(deciding.confirm, choice)

    def override(self, choice: int) -> None:
        bands = [band.id for band in self.desk.service.engines.now.cutoffs.bands]
        self._decide(
            deciding.override, choice, band=bands[choice // 3 % len(bands)], reason="other", note=f"Note {choice}."
        )

    def ask_for_more(self, choice: int) -> None:
        self._decide(deciding.ask_for_more, choice)

    def withdraw(self, choice: int) -> None:
        self._decide(deciding.withdraw, choice)

    def claim(self, choice: int) -> None:
        bands = [band.id for band in self.desk.service.engines.now.cutoffs.bands]
        named = self.desk[WHO[choice // 5 % len(WHO)]].name
        self._decide(deciding.claim, choice, band=bands[choice // 3 % len(bands)], reason="other", named=named)

    def accept(self, choice: int) -> None:
        self._decide(deciding.accept_claim, choice)

    def refuse(self, choice: int) -> None:
        self._decide(deciding.refuse_claim, choice)

    def _decide(self, use: Callable[..., Row], choice: int, **more: Any) -> None:
        made = scoring.history(*self._of)
        seen = made[-1 - choice // 11 % min(2, len(made))] if made else {"id": "none"}
        # Now and then the same form is sent again.
        form = f"{self.row['id']}-{use.__name__}-{choice % 40}"
        self._keep("decisions", use(*self._by(choice), score_id=seen["id"], submission=form, **more))

    def object(self, choice: int) -> None:
        assessments.object_to_scoring(*self._by(choice))

    def withdraw_objection(self, choice: int) -> None:
        assessments.withdraw_objection(*self._by(choice))

    def close(self, choice: int) -> None:
        assessments.close(*self._by(choice), "other")

    def reopen(self, choice: int) -> None:
        assessments.reopen(*self._by(choice))

    def agree(self, choice: int) -> None:
        due = self.desk.service.today + timedelta(days=choice % 9 - 1)
        in_force = self._standing().in_force if choice % 2 else None
        decision = in_force["id"] if in_force else None
        actions.agree(*self._by(choice), service_id=OTHER, who="Somebody", note="Help.", due=due, decision_id=decision)

    def step(self, choice: int) -> None:
        agreed = actions.of(*self._of)
        if agreed:
            state = (*STATES, NOT_TAKEN_UP)[choice // 3 % 6]
            service, actor, _ = self._by(choice)
            actions.step(service, actor, agreed[choice % len(agreed)]["id"], state)

    def ask_for_review(self, choice: int) -> None:
        reviews.ask(*self._by(choice), "Look again.")

    def answer_review(self, choice: int) -> None:
        waiting = [row for row in reviews.of(*self._of) if row["state"] == "open"]
        if waiting:
            service, actor, _ = self._by(choice)
            bands = ["", *(band.id for band in self.desk.service.engines.now.cutoffs.bands)]
            result = ("upheld", "changed")[choice // 3 % 2]
            band = bands[choice // 7 % len(bands)] if result == "changed" else ""
            closed = reviews.close(
                service, actor, waiting[0]["id"], result=result, note="Seen.", band=band, reason="other"
            )  # type: ignore[arg-type]
            with service.database.read() as view:
                first = view.find(decisions, closed["decision"]) if closed["decision"] else None
            assert actor.account != (first["by"] if first else self.row["adviser"])

    def outcome(self, choice: int) -> None:
        kind = ("paid_work", "still_looking", "lost_contact")[choice % 3]
        today = self.desk.service.today
        outcomes.record(*self._by(choice), kind=kind, weeks=choice % 20, known_on=today, source="client")

    def wait(self, choice: int) -> None:
        self.desk.clock.move(days=choice % 50)

    def suspend(self, choice: int) -> None:
        service = self.desk.service
        if suspension.current(service) is None and choice % 2:
            suspension.suspend(service, self.desk["administrator"], "Being checked.")
        else:
            suspension.resume(service, self.desk["administrator"])

    def replace_engine(self, choice: int) -> None:
        self.desk.service.engines.replace(self.engines[choice % len(self.engines)])

    # --------------------------------------------------------------------------------------------- what holds

    def _keep(self, table: str, row: Row) -> None:
        before = self.kept.setdefault((table, row["id"]), row)
        assert before == row

    def _standing(self) -> Standing:
        with self.desk.service.database.read() as view:
            return standing_of(view, self.desk.row(self.row))

    def look(self) -> None:
        """Everything that must hold after any step."""
        standing, now = self._standing(), self.desk.row(self.row)
        assert now["state"] in ("closed", standing.state)
        self._look_at_answers()
        self._look_at_rows(standing)
        self._look_at_force(standing)
        self._look_at_actions()
        interview.draft(*self._of)

    def _look_at_answers(self) -> None:
        told = interview.answers_of(*self._of)
        found = {
            name: (answer.state, None if answer.value is None else canonical(answer.value))
            for name, answer in told.items()
        }
        assert found == self.answers

    def _look_at_rows(self, standing: Standing) -> None:
        with self.desk.service.database.read() as view:
            for (table, row_id), row in self.kept.items():
                assert view.get({"scores": scores, "decisions": decisions}[table], row_id) == row
            people = {row["id"] for row in view.all(sa.select(accounts)) if row["role"] in PEOPLE}
            made = view.all(sa.select(scores).where(scores.c.assessment == self.row["id"]))
        assert [row["number"] for row in standing.rows] == list(range(1, len(standing.rows) + 1))
        assert {row["by"] for row in standing.rows} <= people
        for about in {row["score"] for row in standing.rows}:
            state_of([record_of(row) for row in standing.rows if row["score"] == about])
        for row in made:
            scoring.rebuilt(self.desk.service, row)

    def _look_at_force(self, standing: Standing) -> None:
        latest = scoring.latest(*self._of)
        if standing.state == "objected":
            assert (latest, standing.in_force, standing.band) == (None, None, None)
        if standing.in_force is None:
            assert standing.band is None
            return
        record = record_of(standing.in_force)
        assert record.action in DECIDED
        assert record.by in [self.desk[who].name for who in WHO]
        assert standing.band == record.band is not None
        score = record.score
        assert score is not None
        [engine] = [one for one in self.engines if one.versions.cutoffs == score["versions"]["cutoffs"]]
        check_reproduces(record, engine)

    def _look_at_actions(self) -> None:
        with self.desk.service.database.read() as view:
            agreed = view.all(sa.select(action_table).where(action_table.c.assessment == self.row["id"]))
            steps = view.all(sa.select(action_steps))
        for action in agreed:
            taken = sorted((one["at"], one["state"]) for one in steps if one["action"] == action["id"])
            assert action["state"] in [state for _, state in taken]


STEPS = tuple(
    name for name, what in vars(Story).items() if callable(what) and not name.startswith("_")
    and name not in ("play", "look")
)  # fmt: skip
