"""What is there to say about each row: what it is, what could not be used, and what a person should know?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from triage.lists.answers import label_of
from triage.lists.kinds import CLIENT, SAID
from triage.lists.names import answer_fields
from triage.lists.overrides import Claim
from triage.lists.own import SEPARATOR, OwnRows
from triage.lists.people import People
from triage.lists.remarks import Remarks
from triage.lists.results import Flag
from triage.lists.vocabulary import Vocabulary


@dataclass(frozen=True)
class Problems:
    """Writes the column `problem`. Nothing is said there about answers that the output leaves out."""

    vocabulary: Vocabulary
    sensitive: bool

    def of_list(self, people: People, remarks: Remarks, partners: pl.Series | None) -> pl.Series:
        """The problems of a list that comes for the first time."""
        items = self._of_answers(people)
        if (people.kinds != CLIENT).any():
            said = pl.Series([text or None for text in SAID], dtype=pl.String)
            items.insert(0, said.gather(pl.Series(people.kinds)))
        items += remarks.problems(people.rows)
        if partners is not None:
            items.append(partners)
        return joined(items, len(people.rows))

    def of_output(
        self, people: People, own: OwnRows, claims: Mapping[int, Claim], fell: Mapping[int, str]
    ) -> pl.Series:
        """The problems of an output that comes back: those that still hold, and the new ones."""
        found = own.problems(self._answered(people), self._apart)
        for series in self._of_answers(people):
            for at in np.flatnonzero(series.is_not_null().to_numpy()).tolist():
                if series[at] not in found[at]:
                    found[at].append(series[at])
        for at, text in fell.items():
            found[at].append(text)
        for at, claim in claims.items():
            if claim.problem:
                found[at].append(claim.problem)
        return pl.Series([SEPARATOR.join(texts) or None for texts in found], dtype=pl.String)

    @property
    def _written(self) -> tuple[str, ...]:
        return answer_fields(self.vocabulary.checklist, self.sensitive)

    @property
    def _apart(self) -> list[str]:
        everything = answer_fields(self.vocabulary.checklist, True)
        return [label_of(self.vocabulary, name) for name in everything if name not in self._written]

    def _of_answers(self, people: People) -> list[pl.Series]:
        items = [series for name in self._written for series in people.given.problems.get(name, ())]
        return list(people.spread({str(place): series for place, series in enumerate(items)}).values())

    def _answered(self, people: People) -> dict[str, Flag]:
        """By label, in which rows the question has an answer."""
        found: dict[str, Flag] = {}
        for name, codes in people.given.places.items():
            flag = np.zeros(len(people.rows), dtype=bool)
            flag[people.clients] = codes > 0
            found[label_of(self.vocabulary, name)] = flag
        return found


def joined(items: Sequence[pl.Series], height: int) -> pl.Series:
    """Texts side by side as one; null where there is none."""
    if not items:
        return pl.Series([None], dtype=pl.String).new_from_index(0, height)
    frame = pl.DataFrame({str(place): series for place, series in enumerate(items)})
    text = pl.concat_str(pl.all(), separator=SEPARATOR, ignore_nulls=True)
    return frame.select(pl.when(text.str.len_bytes() > 0).then(text).alias("text"))["text"]
