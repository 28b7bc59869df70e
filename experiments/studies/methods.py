"""Which methods do the studies compare? Ours, and the others under the names that the results give them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from experiments.studies.cohort import Array, Cohort
from experiments.studies.comparators import Method, Scorer
from experiments.studies.tuning import METHODS as OTHERS
from triage.features import Features
from triage.learning import Settings, Start, fit

WORDS = {
    "ours": "our learner",
    "logistic": "logistic regression",
    "lightgbm": "LightGBM, default settings",
    "lightgbm_tuned": "LightGBM, tuned",
    "ebm": "EBM, default settings",
    "ebm_additive": "EBM, default settings without interactions",
    "ebm_tuned": "EBM, tuned, without interactions",
    "evidence": "evidence tables, untrained",
    "age": "age alone",
}
#: Those that "the best of the others" is taken from.
RIVALS = ("logistic", "lightgbm", "lightgbm_tuned", "ebm", "ebm_additive", "ebm_tuned")


#: The learner's defaults; one thread, as the other methods have. The result is the same with any number.
SETTINGS = Settings(threads=1)


@lru_cache(maxsize=8)
def start_of(recipe: Path, features: Features) -> Start:
    """The start from evidence, made once for each recipe."""
    return Start.of(recipe, features)


def ours(cohort: Cohort, settings: Settings = SETTINGS) -> Scorer:
    """Our learner, as `ltu-triage learn` runs it, without the draws."""
    start = start_of(cohort.recipe, cohort.features)
    fitted = fit(cohort.outcomes, start, cohort.horizon, settings)

    def score(people: Cohort) -> Array:
        return fitted.logits(people.outcomes.inputs)

    return score


METHODS: dict[str, Method] = {"ours": ours, **OTHERS}
