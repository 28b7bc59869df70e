"""How far do the answers of many people move their scores? A beeswarm from shap, of people who do not exist.

It shows simulated people of the reference population and never those learned from: no client's answers stand in a
bundle. A dot is a contribution less the recorded mean of its question: that is the answer's Shapley value over the
reference population, as the model is additive.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.checklist.page import tag
from triage.features import Features
from triage.scorecard import Scorecard
from triage.scorecard.reference import Reference

Array = NDArray[np.float64]
BEESWARM = "beeswarm.svg"
PEOPLE = 1000
_SEED = 20260101
_PALE, _DARK = "#a9c6e3", "#04294f"
_INCHES, _ROW, _DPI = 9.5, 0.4, 150
_ALONG = "log-odds above or below the mean; grey: no answer\n{people} simulated people of the reference population"


@dataclass(frozen=True, eq=False)
class Swarm:
    """Shapley values and answers by question.

    Attributes:
        labels: of the questions.
        values: [people, questions] log-odds.
        answers: [people, questions] a number as it is, an option by its place in the checklist; NaN where missing.
    """

    labels: tuple[str, ...]
    values: Array
    answers: Array

    @classmethod
    def of(cls, scorecard: Scorecard, reference: Reference, means: Mapping[str, float]) -> Swarm:
        """The first 1,000 people of the reference population; without the questions that none of them answers."""
        features = reference.features
        inputs = reference.simulate()[:PEOPLE]
        parts = scorecard.contributions_many(inputs)
        questions = [question for question in features.checklist.questions if features.inputs_of[question.id]]
        values, answers = [], []
        for question in questions:
            places = [item.place for item in features.inputs_of[question.id]]
            values.append(parts[:, places].sum(axis=1) - means[question.id])
            answers.append(_answers(question.id, features, inputs))
        told = [k for k, column in enumerate(answers) if not np.isnan(column).all()]
        return cls(
            tuple(questions[k].label for k in told),
            np.column_stack([values[k] for k in told]),
            np.column_stack([answers[k] for k in told]),
        )


def _answers(question_id: str, features: Features, inputs: Array) -> Array:
    """What each person answered, as a number."""
    question, items = features.checklist.question(question_id), features.inputs_of[question_id]
    if question.kind != "choice":
        return inputs[:, items[0].place]
    found = np.full(len(inputs), np.nan)
    for place, option in enumerate(question.ordered):
        same = np.logical_and.reduce([inputs[:, item.place] == item.value(option.id) for item in items])
        # Options that the model cannot tell apart take the first one's place.
        found[same & np.isnan(found)] = place
    return found


def beeswarm_svg(heading: str, swarm: Swarm) -> str:
    """The picture as SVG; the same bytes again from the same model on the same machine."""
    import matplotlib as mpl
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

    # A figure of its own, outside pyplot: nothing global is drawn on.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "ltu-triage", "font.family": "sans-serif"}):
        figure = Figure(figsize=(_INCHES, 2.1 + _ROW * len(swarm.labels)), dpi=_DPI)
        figure.set_layout_engine("constrained", w_pad=0.12, h_pad=0.12)
        axes = figure.subplots()
        hue = LinearSegmentedColormap.from_list("one hue", [_PALE, _DARK])
        with _seeded():
            _dots(swarm, axes, hue)
        figure.suptitle(heading, x=0.01, ha="left", fontsize=14, fontweight="bold")
        axes.set_xlabel(_ALONG.format(people=f"{len(swarm.values):,}"), fontsize=11)
        bar = figure.colorbar(mpl.cm.ScalarMappable(cmap=hue), ax=axes, ticks=[0, 1], aspect=60)
        bar.set_ticklabels(["lowest number\nor first option", "highest number\nor last option"])
        bar.outline.set_visible(False)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return _with_words(buffer.getvalue(), heading, _said(swarm))


def load_shap() -> Any:
    """The library, without what it says of matplotlib while it is imported."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The set_(bad|over|under) function", PendingDeprecationWarning)
        import shap
    return shap


def _dots(swarm: Swarm, axes: Any, hue: Any) -> None:
    shap = load_shap()

    told = shap.Explanation(values=swarm.values, data=swarm.answers, feature_names=list(swarm.labels))
    shap.plots.beeswarm(
        told, max_display=None, color=hue, ax=axes, plot_size=None, color_bar=False, show=False, s=9,
        group_remaining_features=False,
    )  # fmt: skip


@contextmanager
def _seeded() -> Iterator[None]:
    """Shap scatters the dots with numpy's global generator: it is put back as it was."""
    state = np.random.get_state()
    np.random.seed(_SEED)
    try:
        yield
    finally:
        np.random.set_state(state)


def _said(swarm: Swarm) -> str:
    """The picture in words, for people who do not see it: the questions that move scores furthest come first."""
    size = np.abs(swarm.values).mean(axis=0)
    moves = "; ".join(f"{swarm.labels[k]} {size[k]:.2f}" for k in np.argsort(-size, kind="stable"))
    return (
        f"{len(swarm.values):,} simulated people of the reference population, a dot for each person and question. Dark"
        " dots are high numbers or late options, pale ones low or early, grey ones no answer. How far a question moves"
        f" the log-odds on average: {moves}."
    )


def _with_words(svg: str, heading: str, said: str) -> str:
    """The SVG with a title and a description for people who do not see it."""
    start = svg.index("<svg ") + len("<svg ")
    inside = svg.index(">", start) + 1
    words = tag("title", heading, id="title") + tag("desc", said, id="desc")
    return f'{svg[:start]}role="img" aria-labelledby="title desc" {svg[start:inside]}\n{words}{svg[inside:]}'
