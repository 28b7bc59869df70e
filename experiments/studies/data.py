"""Who are the displaced workers, and what do the studies know about each?

Data: tests/data/cps_dws_jobless.csv (its README has source and licence). Three sets of inputs: the nineteen of the
checklist in tests/data/displaced; six like those of the shipped checklist; and all thirty-seven that are known when the
job is lost. `ui` is known only afterwards and is in none of them.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.displaced_evidence import FOLDER, answers_of, read_people
from experiments.studies.checklists import edited, enlarged, finer, reduced
from experiments.studies.cohort import Array, Cohort
from triage.checklist import Checklist
from triage.engine.encode_columns import ColumnEncoder
from triage.features import Features
from triage.outcomes.label import BACK, OUT
from triage.outcomes.outcomes import Outcomes

HORIZON = 26.0
#: The columns of the table behind the nineteen inputs.
NINETEEN = (
    *("age", "tenure", "logwage", "slack", "abolpos", "explose", "bluecoll", "schlt12", "schgt12", "married"),
    *("houshead", "child", "ychild", "stateur", "smsa", "reprate", "disrate", "female", "nonwhite"),
)
SIX = ("age", "schlt12", "schgt12", "married", "child", "stateur")
_SIX_INPUTS = ("age", "school_below_12", "school_above_12", "married", "has_children", "state_unemployment")
INDUSTRY = ("mining", "constr", "transp", "trade", "fire", "services", "pubadmin")
YEAR = ("year85", "year87", "year89")
REGION = ("midatl", "encen", "wncen", "southatl", "escen", "wscen", "mountain", "pacific")
DUMMIES = (*INDUSTRY, *YEAR, *REGION)
SETS = {"19": NINETEEN, "6": SIX, "37": (*NINETEEN, *DUMMIES)}


def displaced(inputs: str, folder: Path) -> Cohort:
    """The 3,343 people with one set of inputs ("19", "6" or "37").

    Args:
        inputs: the set.
        folder: an empty folder for the checklist of the set, where it is not the one in tests/data/displaced.
    """
    people = dict(read_people())
    cells: dict[str, Array | list[str]] = dict(answers_of(people))
    if inputs == "6":
        edited(FOLDER, folder, reduced(_SIX_INPUTS))
    elif inputs == "37":
        edited(FOLDER, folder, enlarged({name: float(people[name].mean()) for name in DUMMIES}))
        cells |= {name: ["yes" if cell else "no" for cell in people[name]] for name in DUMMIES}
    source = FOLDER if inputs == "19" else folder
    features = Features.load(Checklist.load(source))
    raw = np.column_stack([people[name] for name in SETS[inputs]])
    outcomes = _outcomes(features, cells, people["spell"], people["censor4"] == 1)
    rows = np.arange(len(raw))
    return Cohort(outcomes, raw, SETS[inputs], features, source / "evidence.yaml", HORIZON, rows)


def on_finer_grid(cohort: Cohort, folder: Path) -> Cohort:
    """The same people with the nineteen inputs on grids with ten values for each one that the checklist has.

    Age and years in the job are whole numbers in the table: their grids stay.
    """
    features = Features.load(Checklist.load(edited(FOLDER, folder, finer)))
    states, inputs = encoded(features, dict(answers_of(read_people())))
    outcomes = replace(cohort.outcomes, inputs=inputs[cohort.rows], states=states[cohort.rows])
    return replace(cohort, outcomes=outcomes, features=features, recipe=folder / "evidence.yaml")


def _outcomes(
    features: Features, cells: dict[str, Array | list[str]], spell: Array, censored: NDArray[np.bool_]
) -> Outcomes:
    """Spells are in steps of two weeks. Who is in none of the censored columns counts as back in work."""
    states, inputs = encoded(features, cells)
    size = len(spell)
    return Outcomes(
        client=np.array([f"dws-{row:04d}" for row in range(size)], dtype=object),
        inputs=inputs,
        states=states,
        weeks=2.0 * spell,
        kind=np.where(censored, "still_looking", "paid_work").astype(object),
        place=np.where(censored, OUT, BACK).astype(np.int8),
        weight=np.ones(size),
        date=np.full(size, np.datetime64("NaT"), dtype="datetime64[D]"),
        support_start=np.full(size, np.nan),
        source="cps_dws_jobless.csv",
    )


def encoded(features: Features, cells: dict[str, Array | list[str]]) -> tuple[NDArray[np.int8], Array]:
    """States [n, questions] and grid values [n, inputs] of answers by question."""
    encoder, size = ColumnEncoder(features), len(next(iter(cells.values())))
    states = np.empty((size, len(features.checklist.questions)), dtype=np.int8)
    inputs = np.empty((size, len(features.inputs)))
    for place, question in enumerate(features.checklist.questions):
        states[:, place], values = encoder.question(question, cells[question.id])
        inputs[:, [item.place for item in features.inputs_of[question.id]]] = values
    return states, inputs


@functools.cache
def surveyed_in_1992() -> NDArray[np.bool_]:
    """[3343] True for the people of the survey of January 1992: their job was lost in none of the three other years."""
    people = read_people()
    found: NDArray[np.bool_] = np.all([people[name] == 0 for name in YEAR], axis=0)
    return found
