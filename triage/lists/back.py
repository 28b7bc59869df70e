"""What stays as it is when an output of this program comes back?

A row whose answers nobody changed keeps its figures, band and reasons as they stand in the file. Working them out
again could not give the same: answers that are kept apart counted, and they are not in the file. A short checksum
beside the answers tells whether somebody changed one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.cutoffs import Band
from triage.engine import STATUSES, Columns
from triage.engine.parts import Versions
from triage.errors import ListError
from triage.lists.names import CHECK, SHOWN
from triage.lists.own import OwnRows, day_of
from triage.lists.results import CROSSES, EDGE, LESS_RELIABLE, Flag, Proposed
from triage.lists.scoring import PROPOSED, WITHOUT_FIGURES

_NOT_ENOUGH = STATUSES.index("not_enough_answers")
_CODES = {name.replace("_", " "): code for code, name in enumerate(STATUSES)}
#: Columns that are taken over letter by letter.
_TEXTS = ("unanswered", *(f"{name}_{place + 1}" for name in ("reason", "strength") for place in range(SHOWN)))
_TINY = 1e-9
_FIGURES = ("logit", "probability", "lower", "upper")


def checksums(answers: Mapping[str, pl.Series]) -> pl.Series:
    """A short text for each row that changes when one of its answers does."""
    texts = pl.DataFrame(dict(answers)).select(pl.concat_str(pl.all().fill_null(""), separator="\x1f")).to_series()
    # It begins with a letter, so that no spreadsheet takes it for a number.
    found = [f"x{hashlib.blake2b(text.encode(), digest_size=6).hexdigest()}" for text in texts]
    return pl.Series(CHECK, found, dtype=pl.String)


class Back:
    """The clients among the rows of an output, and which of them stay as they are."""

    def __init__(self, own: OwnRows, clients: NDArray[np.int64], made: Versions, on: date) -> None:
        self._own, self._clients = own, clients
        before = [self.column(name) for name in ("model", "checklist", "cutoffs")]
        same = np.ones(len(clients), dtype=bool)
        for column, version in zip(before, (made.model, made.checklist, made.cutoffs), strict=True):
            same &= (column == version).fill_null(False).to_numpy()
        days = self.column("date")
        on_day = {text: day_of(text) == on for text in days.drop_nulls().unique().to_list()}
        same &= np.array([on_day.get(text, False) for text in days], dtype=bool)
        self.same: Flag = same & self.column("status").is_not_null().to_numpy()

    def column(self, name: str) -> pl.Series:
        """A column of the file, for the clients only."""
        return self._own.column(name).gather(pl.Series(self._clients)).alias(name)

    def kept(self, answers: Mapping[str, pl.Series]) -> Flag:
        """Which clients stay as they are: made with the same versions on the same day, and no answer changed."""
        if not self._own.answers:
            return self.same
        if self._own.whole:
            return np.zeros(len(self._clients), dtype=bool)
        unchanged: Flag = (self.column(CHECK) == checksums(answers)).fill_null(False).to_numpy()
        return self.same & unchanged

    def columns(self, fresh: Columns, kept: Flag, questions: tuple[str, ...]) -> Columns:
        """The engine's columns with what the file says of the clients who stay as they are."""
        logits = self.column("logit").cast(pl.Float64, strict=False)
        before = logits.fill_null(np.nan).to_numpy()
        logit = np.where(kept & ~(np.abs(before - fresh.logit) < _TINY), before, fresh.logit)
        band = np.where(kept, logit, fresh.band_logit)
        codes = np.where(kept, self._codes(fresh.status_code, logits), fresh.status_code).astype(np.int8)
        states = fresh.states.copy()
        for text in self.column("unanswered").unique().to_list():
            rows = kept & self.column("unanswered").fill_null("").eq(text or "").to_numpy()
            open_ = set((text or "").split(", "))
            states[rows] = [0 if name in open_ else 1 for name in questions]
        return replace(fresh, logit=logit, band_logit=band, status_code=codes, states=states)

    def _codes(self, fresh: NDArray[np.int8], logits: pl.Series) -> NDArray[np.int64]:
        banded = self.column("proposed_band").is_not_null().to_numpy()
        # Somebody with an override is "claimed" in the file; what they were before shows in the band and the figures.
        other = np.where(logits.is_null().to_numpy() & np.isin(fresh, WITHOUT_FIGURES), fresh, _NOT_ENOUGH)
        first = [(text or "").partition(";")[0] for text in self.column("status")]
        said = np.array([_CODES.get(text, -1) for text in first], dtype=np.int64)
        return np.where(banded, PROPOSED, np.where((said < 0) | (said == PROPOSED), other, said))

    def bands(self, fresh: Proposed, kept: Flag, bands: Sequence[Band]) -> Proposed:
        """The proposed bands, with those of the file for the clients who stay as they are."""
        return Proposed(
            np.where(kept, self.places(bands), fresh.place),
            np.where(kept, self._flag(CROSSES), fresh.crosses),
            np.where(kept, self._flag(EDGE), fresh.edge),
        )

    def less_reliable(self, fresh: Flag, kept: Flag) -> Flag:
        """Whose figures are less reliable."""
        found: Flag = np.where(kept, self._flag(LESS_RELIABLE), fresh)
        return found

    def _flag(self, words: str) -> Flag:
        return self._own.flag(words)[self._clients]

    def places(self, bands: Sequence[Band]) -> NDArray[np.int64]:
        """Places of the bands that the file proposes, -1 for none. A workbook has their names, a CSV their ids."""
        found = self.column("proposed_band")
        known: dict[str | None, int] = {None: -1}
        for text in found.drop_nulls().unique().to_list():
            fits = [at for at, band in enumerate(bands) if text in (band.id, band.name)]
            fits += [at for at, band in enumerate(bands) if text.startswith(f"{band.name} (")]
            if not fits:
                raise ListError("The column proposed_band holds a text that is no band of these cut-offs.")
            known[text] = fits[0]
        return np.array([known[text] for text in found], dtype=np.int64)

    def texts(self, fresh: dict[str, pl.Series], kept: Flag, said: Mapping[str, str]) -> dict[str, pl.Series]:
        """The figures, reasons and unanswered questions, from the file for the clients who stay as they are."""
        if not kept.any():
            return fresh
        found = dict(fresh)
        where = pl.Series(kept)
        for name in (*_FIGURES, *_TEXTS):
            column = self.column(name)
            if name in _TEXTS:
                self._refuse_apart(column.filter(where), said)
            if name in _FIGURES:
                column = column.cast(pl.Float64, strict=False)
                # A workbook keeps fifteen digits; where the answers give the figure, they give all of it.
                near = ((column - fresh[name]).abs() < _TINY).fill_null(False)
                column = fresh[name].zip_with(near, column)
            found[name] = column.zip_with(where, fresh[name])
        return found

    def _refuse_apart(self, column: pl.Series, said: Mapping[str, str]) -> None:
        for text in column.drop_nulls().unique().to_list():
            if any(part in said for part in (text, *text.split(", "))):
                raise ListError(
                    "The file holds reasons or questions that are kept apart. Add --include-sensitive and guard the"
                    " output, or score the first list again."
                )

    def fell(
        self, place: NDArray[np.int64], codes: NDArray[np.int8], kept: Flag, bands: tuple[Band, ...]
    ) -> dict[int, str]:
        """For each row whose band fell because it was scored again: what there is to say."""
        if self._own.whole or not self._own.answers:
            return {}
        before = self.places(bands)
        lower = (place < before) & ~kept & ~np.isin(codes, WITHOUT_FIGURES)
        return {
            int(self._clients[at]): f"Scored again and lower than {bands[before[at]].name}: answers that are kept apart"
            " did not count, because they are not in the file"
            for at in np.flatnonzero(lower).tolist()
        }
