"""What does somebody who has just learned a model need to hear?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from triage.bundle.manifest import Manifest
from triage.learning.learn import Learned
from triage.learning.support import Without


def lines(learned: Learned, without: Without | None, manifest: Manifest) -> Iterator[str]:
    """A few sentences for a terminal: what was learned, from whom, and how well it does beside the evidence."""
    fitted, metrics = learned.fitted, manifest.metrics
    yield f"{manifest.id}: {manifest.training}."
    rate, label = manifest.base_rate, manifest.label
    yield f"Of 100, {100 * rate.value:.0f} were {label.outcome} {label.horizon}{_span(rate.plausible, 100)}."
    choice = fitted.choice
    if fitted.fell_back:
        yield (
            "The outcomes do not bear the fit out: its calibration slope reached a bound. The tables are those of the"
            " evidence, at the observed rate."
        )
    else:
        yield (
            f"The tables leave the evidence by {choice.multiple:g} times its stated spread, with {choice.rounds} trees;"
            f" calibration slope {fitted.affine.slope:.2f}."
        )
    beside = metrics["evidence_auc"]
    yield f"On people held out: AUC {_figure(metrics['auc'])}; the evidence alone {_figure(beside['figure'])}."
    yield f"The learned model is {beside['model_is']} in AUC (difference {_figure(beside['difference'])})."
    yield f"Calibration slope {_figure(metrics['slope'])}; expected calibration error {_figure(metrics['ece'])}."
    for top in metrics["top"]:
        yield f"Of the top {100 * top['share']:g}%, {_figure(top['ppv'], 100, 0)} in 100 were {label.outcome}."
    if without is not None:
        yield _about_support(without)


def _about_support(without: Without) -> str:
    told = f"{without.supported:,} rows are of people who were given support."
    if without.fitted is None:
        return f"{told} What the others teach cannot be said: {without.reason}"
    return f"{told} The card says how the tables differ without them."


def _figure(told: dict[str, Any], times: float = 1.0, digits: int = 3) -> str:
    """ "0.679 (0.654 to 0.705)"."""
    if told["value"] is None:
        return "not known"
    span = _span((told["low"], told["high"]), times, digits)
    return f"{_number(times * told['value'], digits)}{span}"


def _number(value: float, digits: int) -> str:
    """With a minus sign, and 0 without one."""
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def _span(ends: tuple[float | None, float | None], times: float = 1.0, digits: int = 0) -> str:
    low, high = ends
    if low is None or high is None:
        return ""
    return f" ({_number(times * low, digits)} to {_number(times * high, digits)})"
