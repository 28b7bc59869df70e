"""What stands in the output for one chunk of the list?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.cutoffs import Proposal
from triage.engine import Columns, Engine
from triage.lists import results
from triage.lists.answers import AnswerSheet, Given, Settings, label_of
from triage.lists.cells import Codes, Space
from triage.lists.facts import Facts, override_cells, partner_words
from triage.lists.fields import same_points
from triage.lists.kinds import ABOVE, CLIENT, EMPTY, NO_HEADINGS, SAID, Kinds, RowRules
from triage.lists.names import ANSWER, FIXED, OVERRIDES, SHEET, answer_fields
from triage.lists.overrides import PREFIX, Claim, OverrideRules
from triage.lists.own import EMPTY_ROW, NOT_A_CLIENT, NOT_READ, SEPARATOR, OwnRows
from triage.lists.plan import Plan
from triage.lists.remarks import Remarks
from triage.lists.results import Flag, Proposed, Texts
from triage.lists.safety import has_national_insurance, without_national_insurance
from triage.lists.scoring import score_places
from triage.lists.tidy import Rows
from triage.lists.vocabulary import Vocabulary

FILLED_DOWN = f"{PREFIX}the same reason and name stand on many rows, please check each"


@dataclass(frozen=True)
class Options:
    """What is asked for beside the scores."""

    on: date
    answers: bool = False
    sensitive: bool = False


@dataclass(frozen=True)
class People:
    """The rows of one chunk with the clients among them.

    Attributes:
        number: which table.
        rows: the rows, which begin at the place `start` of the list.
        own: the same as an output of this program, where they are one.
        kinds: what each row is.
        clients: places of the clients among the rows.
        given: their answers.
    """

    number: int
    rows: Rows
    start: int
    own: OwnRows | None
    kinds: Kinds
    clients: NDArray[np.int64]
    given: Given


@dataclass(frozen=True)
class Lines:
    """The output of one chunk.

    Attributes:
        frame: the output's columns, one row for each row of the list.
        kinds: what each row is.
        clients: places of the clients among the rows.
        columns, proposed: the engine's columns and the bands of the clients.
        claims: what override columns come to, by place among the rows.
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
        allowed = answer_fields(self.engine.checklist, self.options.sensitive)
        everything = answer_fields(self.engine.checklist, True)
        self._apart = [label_of(self.vocabulary, name) for name in everything if name not in allowed]
        self._order = everything
        self._allowed = frozenset(allowed)

    @property
    def texts(self) -> Texts:
        """The texts of this output."""
        return self._texts

    def read(self, number: int, rows: Rows, start: int) -> People:
        """The clients among `rows` of the table `number` and their answers. Not for several threads at once."""
        own = OwnRows(rows) if rows.table.own else None
        kinds = own.kinds if own is not None else rows.kinds
        clients = np.flatnonzero(kinds == CLIENT)
        return People(number, rows, start, own, kinds, clients, self._given(number, rows, clients))

    def score(self, people: People) -> Columns:
        """The engine's columns for them."""
        return score_places(self.engine, people.given.places, self.spaces, self.options.on, len(people.clients))

    def _given(self, number: int, rows: Rows, clients: NDArray[np.int64]) -> Given:
        chosen = rows
        if len(clients) < len(rows):
            chosen = Rows(
                rows.table, rows.numbers[clients], rows.cells[clients], rows.kinds[clients], rows.struck[clients]
            )
        return self.sheets[number].read(chosen)

    def lines(self, people: People) -> Lines:
        """The lines of the rows in which `people` stand. For as many threads as one likes."""
        number, rows, start, own = people.number, people.rows, people.start, people.own
        kinds, clients, given = people.kinds, people.clients, people.given
        columns = self.score(people)
        bands = self._bands(columns)
        flags = self._flags(number, rows, own, clients)
        hard = self._texts.complex_needs(columns, given.places)
        claims = self._claims(rows, start, clients, bands) if own is not None else {}
        claimed = np.isin(clients, [at for at, claim in claims.items() if claim.band is not None])
        carried, insured = self._carried(number, rows, own)
        inner = {
            **results.figures(columns),
            "proposed_band": self._band_ids(bands.place),
            **self._texts.reasons(columns, given.places),
            "unanswered": self._texts.unanswered(columns),
            "status": results.status_words(columns.status_code, claimed, (bands.crosses, bands.edge, hard, *flags)),
        }
        if self.options.answers:
            inner |= self._texts.answers(given.places, len(clients))
        partners = None if own is not None else partner_words(self.facts, self.plan, start, kinds == CLIENT)
        frame = pl.DataFrame({**carried, "row": own.numbers if own is not None else pl.Series(rows.numbers)})
        frame = frame.with_columns(**self._outer(inner, clients, len(rows)))
        frame = frame.with_columns(
            status=_other_status(frame["status"], kinds),
            decided_band=self._decided(claims, len(rows)),
            problem=self._problems(number, rows, own, clients, kinds, given, partners, claims),
            **self._made_with(kinds),
            **{name: own.column(name) if own is not None else pl.lit(None, dtype=pl.String) for name in OVERRIDES},
        )
        same = (
            partners.is_not_null().to_numpy()[clients] if partners is not None else np.zeros(len(clients), dtype=bool)
        )
        moved = own.moved(frame["logit"]) if own is not None else 0
        return Lines(
            frame.select(self.names),
            kinds,
            clients,
            columns,
            bands,
            claims,
            (*flags, same),
            given.unread,
            moved,
            insured,
        )

    @property
    def names(self) -> list[str]:
        """The columns of the output, in order."""
        answers = [f"{ANSWER}{name}" for name in self._order if name in self._allowed] if self.options.answers else []
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

    def _flags(self, number: int, rows: Rows, own: OwnRows | None, clients: NDArray[np.int64]) -> tuple[Flag, Flag]:
        if own is not None:
            job, struck = own.flags
        else:
            job, struck = self._remarks[number].may_have_job(rows), rows.struck
        return job[clients], struck[clients]

    def _claims(self, rows: Rows, start: int, clients: NDArray[np.int64], bands: Proposed) -> dict[int, Claim]:
        where = {int(at): place for place, at in enumerate(clients)}
        claims: dict[int, Claim] = {}
        for at, (band, reason, by) in override_cells(rows):
            if at not in where:
                claims[at] = Claim(None, f"{PREFIX}not applied, the row is not a client")
                continue
            place = int(bands.place[where[at]])
            claim = self.rules.claim(band, reason, by, place if place >= 0 else None)
            if claim.band is not None and self.facts.fill_down.flagged(start + at, reason, by):
                claim = Claim(claim.band, SEPARATOR.join(text for text in (claim.problem, FILLED_DOWN) if text))
            claims[at] = claim
        return claims

    def _decided(self, claims: Mapping[int, Claim], height: int) -> pl.Series:
        decided: list[str | None] = [None] * height if claims else []
        for at, claim in claims.items():
            decided[at] = self.engine.points.ids[claim.band] if claim.band is not None else None
        if not claims:
            return pl.Series([None], dtype=pl.String).new_from_index(0, height)
        return pl.Series(decided, dtype=pl.String)

    def _carried(self, number: int, rows: Rows, own: OwnRows | None) -> tuple[dict[str, pl.Series], dict[str, int]]:
        """The carried columns, without National Insurance numbers, and how many there were in each."""
        cells = own.cells if own is not None else rows.cells
        found: dict[str, pl.Series] = {}
        insured: dict[str, int] = {}
        empty = pl.Series([None], dtype=pl.String).new_from_index(0, len(rows))
        if self.plan.several:
            found[SHEET] = pl.Series([rows.table.source.name]).new_from_index(0, len(rows))
        for name, place in zip(self.plan.names, self.plan.carried[number], strict=True):
            column = cells[f"c{place}"] if place is not None else empty
            has = column.to_frame("text").select(has_national_insurance(pl.col("text")))["text"]
            if has.any():
                insured[name] = int(has.sum())
                column = column.to_frame("text").select(without_national_insurance(pl.col("text"))).to_series()
            found[name] = column
        return found, insured

    def _outer(self, inner: Mapping[str, pl.Series], clients: NDArray[np.int64], height: int) -> dict[str, pl.Series]:
        """Columns of the clients as columns of all rows."""
        if len(clients) == height:
            return dict(inner)
        places = np.full(height, -1, dtype=np.int64)
        places[clients] = np.arange(len(clients))
        where = pl.Series(places)
        where = where.set(where < 0, None)
        return {name: column.gather(where) for name, column in inner.items()}

    def _problems(
        self,
        number: int,
        rows: Rows,
        own: OwnRows | None,
        clients: NDArray[np.int64],
        kinds: Kinds,
        given: Given,
        partners: pl.Series | None,
        claims: Mapping[int, Claim],
    ) -> pl.Series:
        answers = [series for name in self._order if name in self._allowed for series in given.problems.get(name, ())]
        items = list(self._outer({str(k): series for k, series in enumerate(answers)}, clients, len(rows)).values())
        if own is not None:
            return self._own_problems(own, items, clients, given.places, claims)
        if (kinds != CLIENT).any():
            items.insert(0, pl.Series([text or None for text in SAID], dtype=pl.String).gather(pl.Series(kinds)))
        items += self._remarks[number].problems(rows)
        if partners is not None:
            items.append(partners)
        return joined(items, len(rows))

    def _own_problems(
        self,
        own: OwnRows,
        items: Sequence[pl.Series],
        clients: NDArray[np.int64],
        places: Mapping[str, Codes],
        claims: Mapping[int, Claim],
    ) -> pl.Series:
        answered: dict[str, Flag] = {}
        for name, codes in places.items():
            flag = np.zeros(own.cells.height, dtype=bool)
            flag[clients] = codes > 0
            answered[label_of(self.vocabulary, name)] = flag
        found = own.problems(answered, self._apart)
        for series in items:
            for at in np.flatnonzero(series.is_not_null().to_numpy()).tolist():
                if series[at] not in found[at]:
                    found[at].append(series[at])
        for at, claim in claims.items():
            if claim.problem:
                found[at].append(claim.problem)
        return pl.Series([SEPARATOR.join(texts) or None for texts in found], dtype=pl.String)


def joined(items: Sequence[pl.Series], height: int) -> pl.Series:
    """Texts side by side as one; null where there is none."""
    if not items:
        return pl.Series([None], dtype=pl.String).new_from_index(0, height)
    frame = pl.DataFrame({str(place): series for place, series in enumerate(items)})
    text = pl.concat_str(pl.all(), separator=SEPARATOR, ignore_nulls=True)
    return frame.select(pl.when(text.str.len_bytes() > 0).then(text).alias("text"))["text"]


def _other_status(status: pl.Series, kinds: Kinds) -> pl.Series:
    """The status with what rows that are no clients are."""
    if (kinds == CLIENT).all():
        return status
    words = [None, EMPTY_ROW, *([NOT_A_CLIENT] * (ABOVE - EMPTY)), NOT_READ]
    assert len(words) == NO_HEADINGS + 1
    return status.fill_null(pl.Series(words, dtype=pl.String).gather(pl.Series(kinds)))
