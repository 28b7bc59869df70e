"""Learning after triage: if support works, does a model that learns from supported people unlearn a risk?

Everybody here is simulated. The evidence is true of them, and support multiplies the odds of being still out of work.
In round 1 the evidence model proposes bands. A model learns from what became of these people, proposes the bands of the
next cohort, and so on for three rounds. Learned on everybody, on everybody where support does nothing (what chance and
the learner's caution do alone), and on those without more than the standard support.

    python -m experiments.feedback --replicates 5 --out out/feedback.json
    python -m experiments.feedback --tables out/feedback.json

Reported for each question: how much of its true effect is kept, which is the slope of what was learned on the truth
over the answers of the reference population. 1 is all of it. "Plain" is a logistic regression that knows the true shape
of every effect, starts from nothing and is not held back: what the outcomes say before evidence speaks against it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.checklist import Checklist
from triage.content import content_root
from triage.features import Features
from triage.learning import Settings as Learning
from triage.learning import Start, fit
from triage.learning.tables import Tables, places_of
from triage.outcomes import Outcomes
from triage.scorecard.expected import expected_auc
from triage.simulation import Cohort, Support, World, simulate

Array = NDArray[np.float64]
RECIPE = content_root() / "models" / "recipes" / "evidence.yaml"
ROUNDS, FRESH = 3, 50_000
#: The shares of the shipped cut-offs: the top 30% get more support, the top 8% the most.
SHARES, BANDS = (0.30, 0.08), ("standard", "enhanced", "intensive")
CHAINS = {
    "learned on everybody": "all",
    "support does nothing": "control",
    "without the supported": "unsupported",
}


@dataclass(frozen=True, eq=False)
class TablePolicy:
    """Proposes bands by a model's tables, at the shipped shares of the reference population and by the shipped rules.

    Attributes:
        tables: the model.
        version: its name.
        features: of the checklist.
        edges: the cut-off points.
    """

    tables: Tables
    version: str
    features: Features
    edges: Array

    ids = BANDS

    @classmethod
    def of(cls, tables: Tables, version: str, start: Start) -> TablePolicy:
        """The policy that proposes more support to the top 30% of the reference population."""
        people = start.reference.simulate()
        logits = band_logits(tables, people, start.features)
        return cls(tables, version, start.features, np.quantile(logits, [1 - share for share in SHARES]))

    def places(self, inputs: Array, states: NDArray[np.int8]) -> NDArray[np.intp]:
        """The band of each person; none with fewer than five answers."""
        few = np.count_nonzero(states == 1, axis=1) < 5
        bands = np.searchsorted(self.edges, band_logits(self.tables, inputs, self.features), side="right")
        return np.where(few, -1, bands)


def band_logits(tables: Tables, inputs: Array, features: Features) -> Array:
    """Log-odds that decide on bands: answers about health never lower them."""
    places = places_of(inputs, features)
    special = sum(
        (
            tables.values[item.place][places[:, item.place]]
            for item in features.inputs
            if item.question.special_category
        ),
        np.zeros(len(inputs)),
    )
    found: Array = tables.logits(places) + np.maximum(-special, 0.0)
    return found


@dataclass(frozen=True, eq=False)
class Study:
    """What every round needs.

    Attributes:
        world: what is true.
        start: where learning starts.
        fresh: people who are not learned from, by whom every model is judged.
        best: their chance of the outcome given their answers, without support.
    """

    world: World
    start: Start
    fresh: Outcomes
    best: Array

    @classmethod
    def of(cls, features: Features) -> Study:
        """The study of the shipped checklist."""
        world = World.of(RECIPE, features)
        fresh = simulate(FRESH, "feedback-fresh", world).outcomes
        return cls(world, Start.of(RECIPE, features), fresh, world.best_possible(fresh.inputs))

    def kept(self, tables: Tables) -> dict[str, float]:
        """By question, the slope of the model's log-odds on the true ones over the reference population."""
        found = {}
        for item in self.world.features.inputs:
            share = self.start.shares[item.place]
            true = self.start.tables.values[item.place][:-1]
            learned = tables.values[item.place][:-1]
            away = share * (true - share @ true)
            found[item.question.id] = float(away @ learned / (away @ true))
        return found

    def odds_ratios(self) -> dict[str, float]:
        """By question, the true odds ratio of the worst against the best answer in the reference population."""
        found = {}
        for item in self.world.features.inputs:
            true = self.start.tables.values[item.place][:-1][self.start.shares[item.place] > 0]
            found[item.question.id] = float(np.exp(true.max() - true.min()))
        return found

    def judged(self, tables: Tables) -> dict[str, Any]:
        """What a model is worth for people who have had no support yet."""
        score = tables.logits(places_of(self.fresh.inputs, self.world.features))
        reached = TablePolicy.of(tables, "", self.start).places(self.fresh.inputs, self.fresh.states) > 0
        high = self.best >= np.quantile(self.best, 1 - SHARES[0])
        chance = 1 / (1 + np.exp(-score))
        slope = np.polyfit(np.log(self.best / (1 - self.best)), score, 1)[0]
        return {
            "kept": self.kept(tables),
            "kept_together": float(slope),
            "auc": expected_auc(score, self.best),
            "auc_best": expected_auc(self.best, self.best),
            "high_risk_reached": float(reached[high].mean()),
            "mean_said": float(chance.mean()),
            "mean_true": float(self.best.mean()),
            "high_risk_said": float(chance[high].mean()),
            "high_risk_true": float(self.best[high].mean()),
        }


def plain(study: Study, outcomes: Outcomes) -> dict[str, float]:
    """By question, the coefficient of the true effect in a logistic regression without a penalty."""
    from sklearn.linear_model import LogisticRegression

    features, label = study.world.features, outcomes.label(study.world.horizon)
    effects = study.world.scorecard.contributions_many(outcomes.inputs)
    known = label.weight > 0
    # Newton steps do not stop early where a column varies little.
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10)
    model.fit(effects[known], label.outcome[known], sample_weight=label.weight[known])
    return {item.question.id: float(model.coef_[0, item.place]) for item in features.inputs}


def one_round(study: Study, cohort: Cohort, chain: str, number: int) -> tuple[Tables, dict[str, Any]]:
    """The model learned from one cohort, and what it is worth."""
    outcomes = cohort.outcomes
    helped = outcomes.notes["support"] != ""
    used = outcomes.take(~helped) if chain == "unsupported" else outcomes
    learned = fit(used, study.start, study.world.horizon, Learning(seed=f"feedback-{number}", threads=1))
    facts = {
        "people": len(used),
        "supported": float(helped.mean()),
        "true_rate": float(cohort.untreated.mean()),
        "rate_with_support": float(cohort.chance.mean()),
        "calibration_slope": learned.affine.slope,
        "fell_back": learned.fell_back,
        "plain": plain(study, used),
    }
    return learned.tables, study.judged(learned.tables) | facts


def one_chain(study: Study, chain: str, people: int, factor: float, replicate: int) -> list[dict[str, Any]]:
    """Three rounds of triage and learning; each round learns from its own cohort alone."""
    tables, rounds = study.start.tables, []
    for number in range(1, ROUNDS + 1):
        policy = TablePolicy.of(tables, f"round-{number}", study.start)
        support = Support(policy, 1.0 if chain == "control" else factor)
        cohort = simulate(people, f"feedback-{replicate}-{number}", study.world, support)
        tables, found = one_round(study, cohort, chain, number)
        rounds.append(found)
    return rounds


def run(people: int, factor: float, replicates: Sequence[int], out: Path) -> None:
    """Run replicates and keep each as soon as it is there; those that the file has are not run again."""
    asked = {"simulated": True, "people": people, "factor": factor}
    result: dict[str, Any] = json.loads(out.read_text()) if out.is_file() else asked | {"replicates": {}}
    if {name: result[name] for name in asked} != asked:
        raise SystemExit(f"{out} was made with other settings. Choose another file.")
    study = Study.of(Features.load(Checklist.load()))
    result["evidence"] = study.judged(study.start.tables)
    result["odds_ratios"] = study.odds_ratios()
    for replicate in replicates:
        if str(replicate) not in result["replicates"]:
            chains = {c: one_chain(study, c, people, factor, replicate) for c in CHAINS.values()}
            result["replicates"][str(replicate)] = chains
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(json.dumps(result, indent=1) + "\n")
            print(f"replicate {replicate} is done", flush=True)


def spread(values: Sequence[float], digits: int = 2) -> str:
    """The mean over the replicates with two standard errors."""
    found = np.array(values)
    error = 2 * found.std(ddof=1) / np.sqrt(len(found)) if len(found) > 1 else np.nan
    return f"{found.mean():.{digits}f} ± {error:.{digits}f}"


def tables_of(result: dict[str, Any]) -> str:
    """The result as Markdown tables."""
    replicates = list(result["replicates"].values())
    head = f"{len(replicates)} replicates of {result['people']:,} simulated people a round, factor {result['factor']}."
    parts = [head, _summary(result["evidence"], replicates)]
    for name, key in (("Ours", "kept"), ("Plain", "plain")):
        parts += [f"{name}, round {ROUNDS}: share of each true effect kept", _by_question(result, key)]
    return "\n\n".join(parts)


def _summary(evidence: dict[str, Any], replicates: Sequence[dict[str, Any]]) -> str:
    """Each chain and round in a row, the truth and the evidence model in the first two."""
    columns = (
        ("all effects together, share kept", "kept_together", 2),
        ("AUC", "auc", 4),
        ("of the truly highest 30%, offered more support", "high_risk_reached", 3),
        ("their mean chance, as said", "high_risk_said", 3),
        ("everybody's mean chance, as said", "mean_said", 3),
    )
    truth = (
        "1",
        f"{evidence['auc_best']:.4f}",
        "",
        f"{evidence['high_risk_true']:.3f}",
        f"{evidence['mean_true']:.3f}",
    )
    lines = ["| | " + " | ".join(words for words, _, _ in columns) + " |", "|" + " --- |" * (1 + len(columns))]
    lines += ["| the truth, without support | " + " | ".join(truth) + " |"]
    lines += ["| the evidence model | " + " | ".join(f"{evidence[key]:.{d}f}" for _, key, d in columns) + " |"]
    for words, chain in CHAINS.items():
        for number in range(ROUNDS):
            cells = [spread([found[chain][number][key] for found in replicates], d) for _, key, d in columns]
            lines.append(f"| {words}, round {number + 1} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _by_question(result: dict[str, Any], key: str) -> str:
    """For each question what the last round kept, and the paired difference that working support makes."""
    replicates = list(result["replicates"].values())
    last = [{chain: rounds[-1][key] for chain, rounds in found.items()} for found in replicates]
    lines = ["| question | true odds ratio | " + " | ".join(CHAINS) + " | unlearned |", "|" + " --- |" * 6]
    for question, ratio in result["odds_ratios"].items():
        cells = [spread([found[chain][question] for found in last]) for chain in CHAINS.values()]
        lost = spread([found["control"][question] - found["all"][question] for found in last])
        lines.append(f"| {question} | {ratio:.2f} | " + " | ".join([*cells, lost]) + " |")
    means = [{c: float(np.mean([found[c][q] for q in result["odds_ratios"]])) for c in found} for found in last]
    cells = [spread([found[chain] for found in means]) for chain in CHAINS.values()]
    lost = spread([found["control"] - found["all"] for found in means])
    return "\n".join([*lines, "| mean of the questions | | " + " | ".join([*cells, lost]) + " |"])


def main(argv: Sequence[str] | None = None) -> None:
    """Run the study, or show what it found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--people", type=int, default=20_000, help="in each round (20,000)")
    parser.add_argument("--factor", type=float, default=0.6, help="what support multiplies the odds by (0.6)")
    parser.add_argument("--replicates", type=int, default=5, help="how often (5)")
    parser.add_argument("--out", type=Path, default=Path("out/feedback.json"), help="the result; it can be continued")
    parser.add_argument("--tables", type=Path, help="show the result in this file and stop")
    asked = parser.parse_args(argv)
    if asked.tables is None:
        run(asked.people, asked.factor, range(1, asked.replicates + 1), asked.out)
    print(tables_of(json.loads((asked.tables or asked.out).read_text())))


if __name__ == "__main__":
    main()
