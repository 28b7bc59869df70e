"""How is a score shown that was kept in a database?

With an engine of the same versions the score is worked out again from the kept grid values and compared to the bit:
what the page says is then what it said on the day. A difference means that the record or the content was changed, and
is an error.

With other versions nothing is worked out again. The figures, the contributions and the band's id are those of the
record. Its words are not in it, so: the sentences of the model are used where the model is still the same one, and
otherwise the page says that they are another model's, and says neither "we estimate" nor "were"; names of questions,
answers and bands are those in use today where the id is still known, else the id made readable, and the page says so.
What only an engine of those versions could tell (reasons, support, what is still worth asking) is left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from triage.checklist.services import Services
from triage.checklist.wording import fill
from triage.engine import Engine, Score, Versions
from triage.errors import RecordsError
from triage.web.result.figure import figure
from triage.web.result.said import WITHOUT_FIGURES, Names
from triage.web.result.shapes import BandView, ResultView
from triage.web.result.view import counts, kept_apart, no_figure, trust, versions_said, view_of
from triage.web.result.waterfall import waterfall

#: The last digit of a probability differs between machines; log-odds never do.
_TINY = 1e-12


@dataclass(frozen=True)
class Stored:
    """What a record holds of a score; the attributes are those of `Score`."""

    probability: float
    lower: float
    upper: float
    logit: float
    lower_logit: float
    upper_logit: float
    baseline: float
    contributions: Mapping[str, float]
    band: str | None
    bands_possible: tuple[str, ...]
    status: str
    answers: Mapping[str, str | float]
    inputs: tuple[float, ...]
    declined: tuple[str, ...]
    not_applicable: tuple[str, ...]
    context: Mapping[str, Any]
    versions: Versions


def read_stored(data: Mapping[str, Any]) -> Stored:
    """The score in `data`, which is a `Score.to_dict()`.

    Raises:
        RecordsError: something is missing or of another kind, or the contributions do not add up to the score.
    """
    try:
        figures = ("probability", "lower", "upper", "logit", "lower_logit", "upper_logit", "baseline")
        stored = Stored(
            **{name: float(data[name]) for name in figures},
            contributions={str(name): float(value) for name, value in data["contributions"].items()},
            band=data["band"],
            bands_possible=tuple(data["bands_possible"]),
            status=str(data["status"]),
            answers=dict(data["answers"]),
            inputs=tuple(math.nan if value is None else float(value) for value in data["inputs"]),
            declined=tuple(data["declined"]),
            not_applicable=tuple(data["not_applicable"]),
            context=dict(data["context"]),
            versions=Versions(**data["versions"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise RecordsError("This stored score is damaged, so it cannot be shown. Score the answers again.") from None
    if stored.baseline + sum(stored.contributions.values()) != stored.logit:
        raise RecordsError("The contributions of this stored score do not add up to it. Score the answers again.")
    return stored


def score_again(stored: Stored, engine: Engine) -> Score:
    """The score of a record, worked out again with the engine of the same versions and equal to the bit.

    Raises:
        RecordsError: the engine has other versions, or gives another figure or band than the record holds.
    """
    if stored.versions != engine.versions:
        raise RecordsError("A stored score can only be worked out again with the versions that it was made with.")
    if repr(stored.inputs) != repr(_encoded(stored, engine)):
        raise RecordsError("The answers of this stored score are not those that it was made from. Do not use it.")
    outputs = engine.score_inputs(stored.inputs)
    by_input = tuple(float(value) for value in outputs["contributions"])
    logit = float(outputs["logit"])
    band_logit = engine.band_logit(logit, by_input)
    proposed = engine.points.ids[engine.points.place(band_logit)]
    again = Score(
        stored.probability, stored.lower, stored.upper,
        logit, float(outputs["lower_logit"]), float(outputs["upper_logit"]), engine.bundle.manifest.baseline,
        proposed if stored.status == "proposed" else None, band_logit, stored.status,  # type: ignore[arg-type]
        MappingProxyType(dict(stored.answers)), stored.inputs, stored.declined, stored.not_applicable,
        MappingProxyType(dict(stored.context)), engine.versions, by_input, engine,
    )  # fmt: skip
    _check_same(stored, again, outputs)
    return again


def _encoded(stored: Stored, engine: Engine) -> tuple[float, ...]:
    """The grid values that the kept answers have; none where one of them is no answer of its question."""
    inputs = [math.nan] * len(engine.features.inputs)
    for name, answer in stored.answers.items():
        if name not in engine.checklist.by_id or engine.features.normalise(name, answer).value != answer:
            return ()
        for item in engine.features.inputs_of[name]:
            inputs[item.place] = item.value(answer)
    return tuple(inputs)


def _check_same(stored: Stored, again: Score, outputs: Mapping[str, Any]) -> None:
    exact = ("logit", "lower_logit", "upper_logit", "baseline", "contributions", "band", "bands_possible")
    near = ("probability", "lower", "upper")
    differs = [name for name in exact if getattr(stored, name) != getattr(again, name)]
    differs += [name for name in near if abs(getattr(stored, name) - float(outputs[name])) > _TINY]
    if differs:
        raise RecordsError(
            f"This stored score is not what the same versions give ({', '.join(differs)}). Do not use it: score the"
            " answers again, and have the records verified."
        )


def view_of_stored(
    data: Mapping[str, Any], engine: Engine, services: Services, on: date, *, apart: bool = False
) -> ResultView:
    """All that the result page says about a stored score (see above, and `view_of` for the arguments).

    Raises:
        RecordsError: the record is damaged, or differs from what an engine of the same versions gives.
    """
    stored = read_stored(data)
    if stored.versions == engine.versions:
        return view_of(score_again(stored, engine), engine, services, on, apart=apart)
    return _earlier(stored, engine, apart)


def _earlier(stored: Stored, engine: Engine, apart: bool) -> ResultView:
    words, names = engine.words.wording, Names(engine)
    shown = stored.status not in WITHOUT_FIGURES
    band = earlier_band(stored, engine)
    same_model = stored.versions.model == engine.versions.model
    made = {name: getattr(stored.versions, name) for name in ("model", "checklist", "cutoffs")}
    source = None if same_model else (fill(words.result_page.earlier_model, **made),)
    asked, answered = counts(stored.answers, engine)
    needs = "stated" if stored.context.get("complex_needs") else ""
    # Of a question that is not known today nobody knows whether it was a sensitive one.
    hidden = {*stored.answers} - {*engine.checklist.by_id} | kept_apart(engine) if apart else set()
    return ResultView(
        status=stored.status,
        heading=fill(words.result_page.heading, band=band.name) if band else _status(stored, engine),
        tag=words.result_page.proposed if band else "",
        undecided=words.result_page.undecided if band else "",
        lead="",
        band=band,
        warning=band.warning if band else "",
        raised="",
        next_steps=(),
        notes=(words.notes.judgement, words.notes.ask_for_more, words.band.everyone),
        answered="",
        earlier=fill(words.result_page.earlier, **made),
        sentences=(),
        figure=figure(stored, engine, asked - answered, asked) if shown else None,
        strengths=None,
        support=None,
        waterfall=waterfall(stored, names, words, hidden) if shown else None,
        unasked=None,
        trust=trust(needs, engine, source) if shown else no_figure(needs, engine),
        versions=versions_said(stored.versions, words),
        permitted_use=words.permitted_use.short,
    )


def earlier_band(stored: Stored, engine: Engine) -> BandView | None:
    """The proposed band of a record, by its name today; what it offered then is not in the record."""
    if stored.band is None:
        return None
    names, crossed = Names(engine), len(stored.bands_possible) > 1
    bands = names.bands(stored.bands_possible)
    warning = fill(engine.words.wording.band.crosses, bands=bands) if crossed else ""
    return BandView(stored.band, names.band(stored.band), "", warning)


def _status(stored: Stored, engine: Engine) -> str:
    words = engine.words.wording
    return {
        "has_job": words.status.has_job,
        "redeployed": words.status.redeployed,
    }.get(stored.status, words.result_page.heading_talk)
