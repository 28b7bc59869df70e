"""How well do evidence tables that saw no outcome rank real displaced workers? One figure, whatever it is.

Data: tests/data/cps_dws_jobless.csv, 3,343 people (its README has source and licence). Model: the recipe in
tests/data/displaced, built as it stands. Outcome: still out of work 26 weeks after the job was lost. 37.5% of the
spells are censored, so people are weighted by the inverse probability that their outcome is known (Kaplan-Meier).

    python -m experiments.displaced_evidence

Nothing is learned here and nothing is chosen. The range beside an AUC is the middle 95% of 500 resamples of people.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import triage
from triage.bundle.release import release_evidence
from triage.checklist import Checklist
from triage.features import Features

Array = NDArray[np.float64]
DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
FOLDER = DATA / "displaced"
#: 26 weeks in the two-week steps of `spell`.
HORIZON = 13
RESAMPLES = 500
_YES_NO = {"expected_loss": "explose", "blue_collar": "bluecoll", "married": "married"}
_YES_NO |= {"head_of_household": "houshead", "city": "smsa"}


def read_people(path: Path = DATA / "cps_dws_jobless.csv") -> dict[str, Array]:
    """The columns of the table by name, [3343] each."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def answers_of(people: Mapping[str, Array]) -> dict[str, Array | list[str]]:
    """What each person would have answered to the questions of tests/data/displaced, by question.

    The file holds single precision: a rate of 6.6 stands there as 6.59999, so rates are rounded to four digits.
    """
    columns: dict[str, Array | list[str]] = {
        "age": people["age"],
        "tenure": people["tenure"],
        "weekly_pay": np.round(np.exp(people["logwage"]), 2),
        "state_unemployment": np.round(people["stateur"], 4),
        "replacement_rate": np.round(100 * people["reprate"], 4),
        "disregard_rate": np.round(100 * people["disrate"], 4),
        "schooling": _chosen(people["schlt12"], people["schgt12"], ("twelve", "less_than_12", "more_than_12")),
        "reason_for_loss": _chosen(
            people["slack"], people["abolpos"], ("plant_closed", "slack_work", "position_abolished")
        ),
        "children": _chosen(people["child"] - people["ychild"], people["ychild"], ("none", "older", "young")),
        "sex": ["woman" if value else "man" for value in people["female"]],
        "race": ["not_white" if value else "white" for value in people["nonwhite"]],
    }
    return columns | {name: ["yes" if cell else "no" for cell in people[column]] for name, column in _YES_NO.items()}


def _chosen(first: Array, second: Array, options: tuple[str, str, str]) -> list[str]:
    """One answer for two indicators that exclude each other: neither, the first, the second."""
    return [options[int(one) + 2 * int(two)] for one, two in zip(first, second, strict=True)]


def build_engine(out: Path) -> triage.Engine:
    """An engine for the folder's checklist, with its bundle released to the new folder `out`."""
    features = Features.load(Checklist.load(FOLDER))
    release_evidence(FOLDER / "evidence.yaml", features).write(out)
    return triage.load(out, checklist=FOLDER, cutoffs=FOLDER / "cutoffs.yaml")


def known_weights(spell: Array, censored: NDArray[np.bool_], horizon: int) -> Array:
    """Inverse probability that the outcome at `horizon` is known, 0 where it is not.

    The chance of not being censored is the Kaplan-Meier estimate with censoring as the event; at equal times people go
    back to work first. The weighted share still out of work then equals the Kaplan-Meier estimate of that share.
    """
    staying = np.ones(int(spell.max()) + 1)
    for step in range(1, len(staying)):
        ended = np.count_nonzero((spell == step) & ~censored)
        at_risk = np.count_nonzero(spell >= step) - ended
        lost = np.count_nonzero((spell == step) & censored)
        staying[step] = staying[step - 1] * (1 - lost / at_risk if at_risk else 1)
    beyond = spell > horizon
    last = np.where(beyond, horizon, spell - 1).astype(int)
    return np.where(beyond | ~censored, 1 / np.maximum(staying[last], 1e-12), 0.0)


def auc(score: Array, outcome: NDArray[np.bool_], weight: Array) -> float:
    """The weighted chance that somebody with the outcome scores higher than somebody without; a tie counts a half."""
    order = np.argsort(score, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(score[order]) != 0])
    ill = np.add.reduceat((weight * outcome)[order], starts)
    well = np.add.reduceat((weight * ~outcome)[order], starts)
    return float(np.sum(ill * (np.cumsum(well) - well / 2)) / (ill.sum() * well.sum()))


def with_range(score: Array, outcome: NDArray[np.bool_], weight: Array) -> str:
    """The AUC with the middle 95% of its resamples, as text."""
    random = np.random.default_rng(26)
    picks = (random.integers(0, len(score), len(score)) for _ in range(RESAMPLES))
    low, high = np.quantile([auc(score[k], outcome[k], weight[k]) for k in picks], [0.025, 0.975])
    return f"{auc(score, outcome, weight):.3f} ({low:.3f} to {high:.3f})"


def main() -> None:
    """Print the figures."""
    people = read_people()
    spell, censored = people["spell"], people["censor4"] == 1
    outcome, weight = spell > HORIZON, known_weights(spell, censored, HORIZON)
    columns = answers_of(people)
    with tempfile.TemporaryDirectory() as folder:
        engine = build_engine(Path(folder) / "bundle")
        form = {question.id for question in engine.checklist.event_form}
        kept = {
            "all sixteen questions": set(columns),
            "default interview (without sex and race)": set(columns) - {"sex", "race"},
            "event form": form,
            "age alone": {"age"},
        }
        scores = {
            words: engine.score_many({name: columns[name] for name in columns if name in names})
            for words, names in kept.items()
        }
    print(f"{len(spell):,} people; outcome known for {np.count_nonzero(weight):,}")
    print(f"still out of work after 26 weeks: {np.average(outcome, weights=weight):.3f}")
    for words, found in scores.items():
        mean = np.average(found.probability, weights=weight)
        print(f"AUC {with_range(found.logit, outcome, weight)}; mean probability {mean:.3f}: {words}")
    print(f"AUC {with_range(people['age'], outcome, weight)}: age in years, for comparison")


if __name__ == "__main__":
    main()
