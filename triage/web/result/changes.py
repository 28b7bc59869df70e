"""What changed between two scores of one client, and how much did each change move the figure?

The rows add up exactly: the changed answers, and what other versions of the model count differently, make the
difference between the two scores to the bit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from triage.checklist.wording import fill
from triage.engine import Engine, Score
from triage.engine.words import in_100
from triage.web.result.said import WITHOUT_FIGURES, Names, signed
from triage.web.result.stored import Stored, read_stored
from triage.web.result.view import kept_apart


@dataclass(frozen=True)
class Change:
    """One answer that is not what it was. `value` is exact log-odds; `moved` is empty where there is no figure."""

    label: str
    before: str
    after: str
    value: float
    moved: str


@dataclass(frozen=True)
class Changes:
    """What changed since the score before.

    Attributes:
        columns: the headings of question, before, after, and what that moved.
        answers: the answers that changed, in the order of the checklist.
        other: what other versions count differently; None where nothing is.
        total: all changes together.
        sentences: how the figure, its range and the band moved, each band with its warning; and other versions.
    """

    heading: str
    lead: str
    columns: tuple[str, str, str, str]
    answers: tuple[Change, ...]
    other: Change | None
    total: Change
    nothing: str
    sentences: tuple[str, ...]


def what_changed(before: Mapping[str, Any], after: Score, engine: Engine, *, apart: bool = False) -> Changes:
    """What changed from a stored score to a newer one.

    Args:
        before: `Score.to_dict()` of the earlier score, of any versions.
        after: the newer score, which `engine` gave.
        engine: the engine in force.
        apart: True for paper: changes of health, attitude and family answers are one row together.

    Raises:
        RecordsError: the stored score is damaged.
    """
    old, words = read_stored(before), engine.words.wording.changes
    shown = old.status not in WITHOUT_FIGURES and after.status not in WITHOUT_FIGURES
    found = _Found(old, after, engine, shown)
    answers = found.rows(kept_apart(engine) if apart else frozenset())
    difference = after.logit - old.logit
    other = difference - sum(change.value for change in answers)
    return Changes(
        words.heading,
        words.lead,
        (words.question, words.before, words.after, words.moved),
        answers,
        found.row(words.other_versions, "", "", other) if other else None,
        found.row(words.total, "", "", difference),
        "" if answers else words.nothing,
        (*_figures(old, after, engine, shown), *_bands(old, after, engine), *_versions(old, after, engine)),
    )


@dataclass(frozen=True)
class _Found:
    """Reads what was said of a question in either score."""

    old: Stored
    new: Score
    engine: Engine
    shown: bool

    def rows(self, apart: Collection[str]) -> tuple[Change, ...]:
        names = Names(self.engine)
        asked = {*self.old.contributions, *self.new.contributions}
        changed = [name for name in sorted(asked, key=names.place) if self._said(name, True) != self._said(name, False)]
        rows = [
            self.row(names.label(name), self._said(name, True), self._said(name, False), self._moved(name))
            for name in changed
            if name not in apart
        ]
        if hidden := [name for name in changed if name in apart]:
            label = fill(self.engine.words.wording.waterfall.kept_apart, count=len(hidden))
            rows.append(self.row(label, "", "", sum(map(self._moved, hidden))))
        return tuple(rows)

    def row(self, label: str, before: str, after: str, value: float) -> Change:
        return Change(label, before, after, value, signed(value) if self.shown else "")

    def _said(self, name: str, earlier: bool) -> str:
        score: Stored | Score = self.old if earlier else self.new
        words = self.engine.words.wording.changes
        if name in score.answers:
            return Names(self.engine).answer(name, score.answers[name])
        if name in score.declined:
            return words.declined
        return words.too_early if name in score.not_applicable else words.not_asked

    def _moved(self, name: str) -> float:
        return self.new.contributions.get(name, 0.0) - self.old.contributions.get(name, 0.0)


def _figures(old: Stored, new: Score, engine: Engine, shown: bool) -> tuple[str, ...]:
    words = engine.words.wording.changes
    if not shown:
        return (words.no_figure,)
    ends = [fill(words.span, low=in_100(score.lower), high=in_100(score.upper)) for score in (old, new)]
    return (
        fill(words.figure, before=in_100(old.probability), after=in_100(new.probability)),
        fill(words.range, before=ends[0], after=ends[1]),
    )


def _bands(old: Stored, new: Score, engine: Engine) -> tuple[str, ...]:
    """How the band moved, and for either score that its range crosses a cut-off where it does."""
    words, names = engine.words.wording, Names(engine)
    before, after = (names.bands((score.band,)) if score.band else words.changes.no_band for score in (old, new))
    said = fill(words.changes.band, before=before, after=after)
    if before == after and new.band is not None:
        said = fill(words.changes.same_band, band=after)
    crossed = (words.changes.crossed, old.bands_possible), (words.band.crosses, new.bands_possible)
    return said, *(fill(text, bands=names.bands(bands)) for text, bands in crossed if len(bands) > 1)


def _versions(old: Stored, new: Score, engine: Engine) -> tuple[str, ...]:
    words = engine.words.wording.changes
    pairs = [(getattr(old.versions, name), getattr(new.versions, name)) for name in ("model", "checklist", "cutoffs")]
    return tuple(fill(words.versions, before=before, after=after) for before, after in pairs if before != after)
