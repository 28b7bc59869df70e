"""What stands on the plain sheet that the client takes home? The support first; the figure only if it is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from triage.checklist.services import Services
from triage.checklist.wording import fill
from triage.checklist.wording_result import SheetWords
from triage.engine import Engine
from triage.engine.words import in_100
from triage.web.result.figure import figure
from triage.web.result.said import WITHOUT_FIGURES, Names
from triage.web.result.shapes import BandView, Figure, ServiceView
from triage.web.result.stored import Stored, earlier_band, read_stored, score_again
from triage.web.result.support import support
from triage.web.result.view import counts


@dataclass(frozen=True)
class SheetView:
    """The client's sheet.

    Attributes:
        words: its headings, and the sentences that stand on every sheet.
        reference: the generated reference, so that somebody can find the case again.
        lead: what the support below is: agreed, proposed, or still to be found by talking.
        band: what is agreed or proposed, with its warning; None where that is found by talking.
        services: those that the answers point to. How each is reached changes, so the adviser says that.
        agreed: what happens next, a line each.
        figure, range: the number and the ends of its range; None and empty where it is not wanted.
        used: questions that were answered, and the answers; nothing else is used.
        scored: False where nothing was worked out from the answers.
        contacts: whom to talk to, a line each.
    """

    words: SheetWords
    reference: str
    lead: str
    band: BandView | None
    services: tuple[ServiceView, ...]
    agreed: tuple[str, ...]
    figure: Figure | None
    range: str
    used: tuple[tuple[str, str], ...]
    scored: bool
    contacts: tuple[str, ...]

    @property
    def title(self) -> str:
        """For the page's h1."""
        return self.words.title


def sheet_of(
    score: Mapping[str, Any] | None,
    engine: Engine,
    services: Services,
    on: date,
    *,
    decided: str | None = None,
    objected: bool = False,
    with_figure: bool = False,
    reference: str = "",
    agreed: Sequence[str] = (),
    contacts: Sequence[str] = (),
) -> SheetView:
    """The sheet for a client.

    Args:
        score: `Score.to_dict()` as it was kept; None where there is none.
        engine: the engine in force.
        services: those beside the checklist.
        on: the day on which the sheet is made.
        decided: the band that a person decided; None while nothing is decided.
        objected: True for a client who objects to being scored: an earlier score is then not used.
        with_figure: True where the client wants to see the number.
        reference: the generated reference of the case.
        agreed: what happens next, a line each.
        contacts: whom to talk to, a line each.

    Raises:
        RecordsError: the stored score is damaged.
        CutoffsError: the cut-offs have no such band.
    """
    stored = read_stored(score) if score is not None and not objected else None
    told = stored if stored is not None and stored.status not in WITHOUT_FIGURES else None
    wanted = told if with_figure else None
    return SheetView(
        words=engine.words.wording.sheet,
        reference=reference,
        lead=_lead(stored, engine, decided, objected),
        band=_band(stored, engine, decided),
        services=_services(told, engine, services, on) if told else (),
        agreed=tuple(agreed),
        figure=_figure(wanted, engine) if wanted else None,
        range=_range(wanted, engine) if wanted else "",
        used=_used(told, engine) if told else (),
        scored=told is not None,
        contacts=tuple(contacts),
    )


def _lead(stored: Stored | None, engine: Engine, decided: str | None, objected: bool) -> str:
    words = engine.words.wording.sheet
    if decided is not None:
        return words.decided
    if objected:
        return words.objected
    if stored is not None and stored.status in WITHOUT_FIGURES:
        return words.has_job
    return words.proposed if stored is not None and stored.band is not None else words.by_talking


def _band(stored: Stored | None, engine: Engine, decided: str | None) -> BandView | None:
    """The band decided, else the one proposed; its warning where the range crosses a cut-off."""
    words, warning = engine.words.wording.sheet, ""
    if stored is not None and stored.band is not None and len(stored.bands_possible) > 1:
        template = words.crosses if decided is None else words.crosses_decided
        warning = fill(template, bands=Names(engine).bands(stored.bands_possible))
    if decided is not None:
        band = engine.cutoffs.band(decided)
        return BandView(band.id, band.name, band.offers, warning)
    proposed = earlier_band(stored, engine) if stored is not None else None
    if proposed is None or stored is None:
        return None
    same = stored.versions.cutoffs == engine.versions.cutoffs
    offers = engine.cutoffs.band(proposed.id).offers if same else ""
    return BandView(proposed.id, proposed.name, offers, warning)


def _used(stored: Stored, engine: Engine) -> tuple[tuple[str, str], ...]:
    names = Names(engine)
    return tuple(
        (names.label(name), names.answer(name, stored.answers[name]))
        for name in sorted(stored.answers, key=names.place)
    )


def _figure(stored: Stored, engine: Engine) -> Figure:
    asked, answered = counts(stored.answers, engine)
    return figure(stored, engine, asked - answered, asked)


def _range(stored: Stored, engine: Engine) -> str:
    ends = {"low": in_100(stored.lower), "high": in_100(stored.upper)}
    return fill(engine.words.wording.range.sentence, **ends)


def _services(stored: Stored, engine: Engine, services: Services, on: date) -> tuple[ServiceView, ...]:
    """Services that the answers point to; none where the versions that knew the reasons are gone."""
    if stored.versions != engine.versions:
        return ()
    return support(score_again(stored, engine), engine, services, on).services
