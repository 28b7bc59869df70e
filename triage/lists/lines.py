"""What stands in the output for one chunk of the list?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.cutoffs import Proposal
from triage.engine import Columns, Engine
from triage.lists import results
from triage.lists.answers import AnswerSheet, Given, Settings
from triage.lists.back import Back, checksums
from triage.lists.cells import Space
from triage.lists.changes import NOTHING, Changes, Decided
from triage.lists.claims import beside, claims_of, decided, override_texts
from triage.lists.facts import Facts, partner_words
from triage.lists.fields import same_points
from triage.lists.kinds import ABOVE, CLIENT, EMPTY, NO_HEADINGS, Kinds, RowRules
from triage.lists.names import ANSWER, CHECK, FIXED, OVERRIDES, SHEET, answer_fields
from triage.lists.overrides import Claim, OverrideRules
from triage.lists.own import EMPTY_ROW, NOT_A_CLIENT, NOT_READ, OwnRows
from triage.lists.people import People
from triage.lists.plan import Plan
from triage.lists.problems import Problems
from triage.lists.remarks import Remarks
from triage.lists.results import Flag, Proposed, Texts
from triage.lists.safety import has_national_insurance, without_numbers
from triage.lists.scoring import score_places
from triage.lists.tidy import Rows
from triage.lists.vocabulary import Vocabulary


@dataclass(frozen=True)
class Options:
    """What is asked for beside the scores."""

    on: date
    answers: bool = False
    sensitive: bool = False


@dataclass(frozen=True)
class Lines:
    """The output of one chunk.

    Attributes:
        frame: the output's columns, one row for each row of the list.
        kinds: what each row is.
        clients: places of the clients among the rows.
        columns, proposed: the engine's columns and the bands of the clients.
        claims: what override columns come to, by place among the rows.
        settled: what was decided beside the file, by place among the rows.
        flags: for each client: may have a job, struck through, may be somebody else's row as well.
        unread: how many answers could not be used, by question or field.
        moved: how many clients have another figure than in the output that came back.
        insured: how many cells held a National Insurance number, by carried column.
    """

    frame: pl.DataFrame
    kinds: Kinds
    clients: NDArray[np.int64]
    columns: Columns
    proposed: Proposed
    claims: Mapping[int, Claim]
    settled: Mapping[int, Decided]
    flags: tuple[Flag, Flag, Flag]
    unread: Mapping[str, int]
    moved: int
    insured: Mapping[str, int]


@dataclass
class LineMaker:
    """Makes the output's lines, chunk by chunk, for one list and one engine."""

    engine: Engine
    plan: Plan
    vocabulary: Vocabulary
    facts: Facts
    options: Options
    rules: OverrideRules
    changes: Changes = NOTHING
    spaces: dict[str, Space] = field(default_factory=dict)
    proposal: Proposal | None = None

    def __post_init__(self) -> None:
        def same(first: int, last: int) -> bool:
            return same_points(self.engine.score_many, first, last)

        settings = Settings(self.vocabulary, self.options.on, same)
        self.sheets = [
            AnswerSheet(table, settings, self.spaces, first)
            for table, first in zip(self.plan.tables, self.facts.month_first, strict=True)
        ]
        self._remarks = [
            Remarks(
                RowRules(table.roles, table.headings.parts if table.headings else (), self.vocabulary),
                table.headings.names if table.headings else (),
            )
            for table in self.plan.tables
        ]
        self._texts = Texts(self.engine, self.spaces, self.options.sensitive)
        self._apart = self._texts.kept_apart()
        self._said = Problems(self.vocabulary, self.options.sensitive)

    def read(self, number: int, rows: Rows, start: int) -> People:
        """The clients among `rows` of the table `number` and their answers. Not for several threads at once."""
        own = OwnRows(rows, frozenset(answer_fields(self.engine.checklist, True))) if rows.table.own else None
        kinds = own.kinds if own is not None else rows.kinds
        clients = np.flatnonzero(kinds == CLIENT)
        given = self._given(number, rows, clients)
        given = self.changes.apply(given, rows, start, clients, self.spaces, self.vocabulary)
        back, kept = None, np.zeros(len(clients), dtype=bool)
        if own is not None:
            back = Back(own, clients, self.engine.versions, self.options.on)
            kept = back.kept(self._texts.answers(given.places, len(clients), False))
        return People(number, rows, start, own, kinds, clients, given, back, kept)

    def score(self, people: People) -> Columns:
        """The engine's columns for them."""
        found = score_places(self.engine, people.given.places, self.spaces, self.options.on, len(people.clients))
        return found if people.back is None else people.back.columns(found, people.kept, found.questions)

    def _given(self, number: int, rows: Rows, clients: NDArray[np.int64]) -> Given:
        chosen = rows
        if len(clients) < len(rows):
            chosen = Rows(
                rows.table, rows.numbers[clients], rows.cells[clients], rows.kinds[clients], rows.struck[clients]
            )
        return self.sheets[number].read(chosen)

    def lines(self, people: People) -> Lines:
        """The lines of the rows in which `people` stand. For as many threads as one likes."""
        columns = self.score(people)
        bands = self._bands(columns)
        if people.back is not None:
            bands = people.back.bands(bands, people.kept, self.engine.cutoffs.bands)
        flags = self._flags(people)
        taken = self.changes.within(people.start, len(people.rows))
        claims = beside(claims_of(people, bands, self.rules, self.facts.fill_down), taken, self.engine.points.ids)
        settled = {at: decision for at, decision in taken.items() if decision.settled}
        carried, insured = self._carried(people)
        numbers = people.own.numbers if people.own is not None else pl.Series(people.rows.numbers)
        frame = pl.DataFrame({**carried, "row": numbers})
        frame = frame.with_columns(**people.spread(self._of_clients(people, columns, bands, (claims, settled), flags)))
        fell: Mapping[int, str] = {}
        if people.back is not None:
            fell = people.back.fell(bands.place, columns.status_code, people.kept, self.engine.cutoffs.bands)
        partners = None
        if people.own is None:
            partners = partner_words(self.facts, self.plan, people.start, people.kinds == CLIENT)
        of_rows = self._of_rows(people, frame["status"], (claims, taken), partners, fell)
        frame = frame.with_columns(**of_rows).select(self.names)
        moved = people.own.moved(frame["logit"]) if people.own is not None else 0
        same = np.zeros(len(people.clients), dtype=bool)
        if partners is not None:
            same = partners.is_not_null().to_numpy()[people.clients]
        return Lines(
            frame,
            people.kinds,
            people.clients,
            columns,
            bands,
            claims,
            settled,
            (*flags, same),
            people.given.unread,
            moved,
            insured,
        )

    def _of_clients(
        self,
        people: People,
        columns: Columns,
        bands: Proposed,
        said: tuple[Mapping[int, Claim], Mapping[int, Decided]],
        flags: tuple[Flag, Flag],
    ) -> dict[str, pl.Series]:
        """The columns that only clients have."""
        places = people.given.places
        claimed = np.isin(people.clients, [at for at, claim in said[0].items() if claim.band is not None])
        settled = np.isin(people.clients, list(said[1]))
        hard = self._texts.complex_needs(columns, places)
        if people.back is not None:
            hard = people.back.less_reliable(hard, people.kept)
        found = {
            **results.figures(columns),
            "proposed_band": self._band_ids(bands.place),
            **self._texts.reasons(columns, places),
            "unanswered": self._texts.unanswered(columns),
            "status": results.status_words(
                columns.status_code, claimed, settled, (bands.crosses, bands.edge, hard, *flags)
            ),
        }
        if people.back is not None:
            found = people.back.texts(found, people.kept, self._apart)
        return found | self._answers(people)

    def _answers(self, people: People) -> dict[str, pl.Series]:
        if not self.options.answers:
            return {}
        places, size = people.given.places, len(people.clients)
        open_ = self._texts.answers(places, size, False)
        return {**self._texts.answers(places, size, self.options.sensitive), CHECK: checksums(open_)}

    def _of_rows(
        self,
        people: People,
        status: pl.Series,
        said: tuple[Mapping[int, Claim], Mapping[int, Decided]],
        partners: pl.Series | None,
        fell: Mapping[int, str],
    ) -> dict[str, pl.Series | pl.Expr]:
        """The columns that every row has."""
        own, (claims, taken) = people.own, said
        if own is None:
            problem = self._said.of_list(people, self._remarks[people.number], partners)
        else:
            problem = self._said.of_output(people, own, claims, fell)
        return {
            "status": _other_status(status, people.kinds),
            "decided_band": decided(claims, taken, self.engine.points.ids, len(people.rows)),
            "problem": problem,
            **self._made_with(people.kinds),
            **override_texts(people, taken),
        }

    @property
    def names(self) -> list[str]:
        """The columns of the output, in order."""
        written = answer_fields(self.engine.checklist, self.options.sensitive) if self.options.answers else ()
        answers = [*(f"{ANSWER}{name}" for name in written), *([CHECK] if self.options.answers else [])]
        sheet = [SHEET] if self.plan.several else []
        return [*sheet, *self.plan.names, *FIXED, *answers, *OVERRIDES]

    def _made_with(self, kinds: Kinds) -> dict[str, pl.Expr]:
        """Versions and date, where there is a client."""
        versions = self.engine.versions
        made = (versions.model, versions.checklist, versions.cutoffs, self.options.on.isoformat())
        client = pl.lit(pl.Series(kinds == CLIENT))
        values = (pl.lit(text) if (kinds == CLIENT).all() else pl.when(client).then(pl.lit(text)) for text in made)
        return dict(zip(("model", "checklist", "cutoffs", "date"), values, strict=True))

    def _bands(self, columns: Columns) -> Proposed:
        if self.proposal is None:
            return results.proposed(columns, self.engine.points, np.zeros(len(columns), dtype=bool))
        return results.proposed(columns, self.proposal.points, self.proposal.at_the_edge(columns.band_logit))

    def _band_ids(self, places: NDArray[np.int64]) -> pl.Series:
        return pl.Series([*self.engine.points.ids, None], dtype=pl.String).gather(
            pl.Series(np.where(places < 0, len(self.engine.points.ids), places))
        )

    def _flags(self, people: People) -> tuple[Flag, Flag]:
        """For each client: a comment says that they may have a job; the row was struck through."""
        if people.own is not None:
            job, struck = people.own.flags
        else:
            job, struck = self._remarks[people.number].may_have_job(people.rows), people.rows.struck
        return job[people.clients], struck[people.clients]

    def _carried(self, people: People) -> tuple[dict[str, pl.Series], dict[str, int]]:
        """The carried columns, without National Insurance numbers, and how many there were in each."""
        rows = people.rows
        cells = people.own.cells if people.own is not None else rows.cells
        found: dict[str, pl.Series] = {}
        insured: dict[str, int] = {}
        empty = pl.Series([None], dtype=pl.String).new_from_index(0, len(rows))
        if self.plan.several:
            found[SHEET] = pl.Series([rows.table.source.name]).new_from_index(0, len(rows))
        for name, place in zip(self.plan.names, self.plan.carried[people.number], strict=True):
            column = cells[f"c{place}"] if place is not None else empty
            has = column.to_frame("text").select(has_national_insurance(pl.col("text")))["text"]
            if has.any():
                insured[name] = int(has.sum())
                column = without_numbers(column)
            found[name] = column
        return found, insured


def _other_status(status: pl.Series, kinds: Kinds) -> pl.Series:
    """The status with what rows that are no clients are."""
    if (kinds == CLIENT).all():
        return status
    words = [None, EMPTY_ROW, *([NOT_A_CLIENT] * (ABOVE - EMPTY)), NOT_READ]
    assert len(words) == NO_HEADINGS + 1
    return status.fill_null(pl.Series(words, dtype=pl.String).gather(pl.Series(kinds)))
