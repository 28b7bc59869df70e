"""Does the evidence model say exactly what the literature page says? Worked out here again, another way."""

from __future__ import annotations

import hashlib
import itertools
import statistics
from decimal import Context, Decimal, localcontext
from functools import cache

import numpy as np
import pytest

from triage.bundle.release import release_evidence
from triage.checklist import Checklist
from triage.content import content_root
from triage.features import Features, Input
from triage.scorecard import Scorecard
from triage.scorecard.evidence import build_evidence, order_of
from triage.scorecard.recipe import Effect, Recipe, read_recipe
from triage.scorecard.reference import Reference

#: Odds ratios by answer, worst against best, and the range of the largest: the project's table of effect sizes.
TABLE: dict[str, tuple[dict[str, float], tuple[float, float]]] = {
    "driving_licence": ({"full_clean": 1.0, "full_points": 1.1, "provisional": 1.8, "none": 1.8}, (1.2, 2.6)),
    "vehicle": ({"yes": 1.0, "no": 1.2}, (1.0, 1.4)),
    "household": ({"partner": 1.0, "other_adults": 1.18, "no_other_adult": 1.4}, (1.1, 1.8)),
    "dependants": ({"no": 1.0, "yes": 1.2}, (1.0, 1.45)),
    "disability": ({"no": 1.0, "yes": 1.2}, (1.0, 1.45)),
    "parent_in_work": ({"yes": 1.0, "no": 1.15}, (1.0, 1.4)),
    "father_qualifications": ({"yes": 1.0, "no": 1.1}, (1.0, 1.3)),
}
#: Even log steps from the first answer to the last.
EVEN: dict[str, tuple[list[str], float, tuple[float, float]]] = {
    "qualifications": (["scqf_9_plus", "scqf_7_8", "scqf_6", "scqf_5", "scqf_1_4", "none"], 2.0, (1.6, 2.5)),
    "confidence": (
        ["very_confident", "fairly_confident", "not_very_confident", "not_at_all_confident"],
        1.35,
        (1.1, 1.65),
    ),
    "expectation": (["yes_definitely", "yes_probably", "unsure", "probably_not"], 1.35, (1.1, 1.65)),
    "attribution": (["mostly_effort", "mix", "mostly_luck"], 1.1, (1.0, 1.25)),
    "job_search": (["often", "sometimes", "not_yet"], 1.2, (1.0, 1.45)),
    "interviews": (["two_or_more", "one", "none"], 1.2, (1.0, 1.45)),
    "employer_contact": (["several", "one", "not_yet"], 1.2, (1.0, 1.45)),
    "physical_ability": (["good", "fair", "poor"], 1.35, (1.1, 1.65)),
    "mental_ability": (["good", "fair", "poor"], 1.35, (1.1, 1.65)),
}
AGES = {16: 1.0, 24: 1.0, 25: 1.3, 34: 1.3, 35: 1.5, 44: 1.5, 45: 2.0, 54: 2.0, 55: 2.2, 75: 2.2}


@cache
def made() -> tuple[Recipe, Features, Reference, Scorecard]:
    features = Features.load(Checklist.load())
    recipe = read_recipe(content_root() / "models" / "recipes" / "evidence.yaml")
    reference = Reference(recipe.reference, features)
    return recipe, features, reference, build_evidence(recipe, features, reference)


def item_of(name: str) -> Input:
    return next(item for item in made()[1].inputs if item.id == name)


def odds_ratio(name: str, one: float, other: float) -> float:
    table = made()[3].tables[item_of(name).place]
    return float(np.exp(table.at(one) - table.at(other)))


def answers() -> list[tuple[str, str, str, float]]:
    """Each answer against the best one of its question, with the stated odds ratio."""
    found = []
    for name, (ratios, _) in TABLE.items():
        best = next(iter(ratios))
        found += [(name, answer, best, ratio) for answer, ratio in ratios.items()]
    for name, (ordered, top, _) in EVEN.items():
        steps = len(ordered) - 1
        found += [(name, answer, ordered[0], top ** (place / steps)) for place, answer in enumerate(ordered)]
    return found


@pytest.mark.parametrize(("name", "answer", "best", "ratio"), answers())
def test_each_answer_counts_as_published(name: str, answer: str, best: str, ratio: float) -> None:
    codes = item_of(name).codes
    assert odds_ratio(name, codes[answer], codes[best]) == pytest.approx(ratio, rel=1e-10)


@pytest.mark.parametrize(("age", "ratio"), AGES.items())
def test_age_counts_as_published(age: int, ratio: float) -> None:
    assert odds_ratio("age", age, 20) == pytest.approx(ratio, rel=1e-10)


@pytest.mark.parametrize(
    ("rate", "share"), [(0, 0), (1.9, 0), (2, 0), (2.1, 1 / 30), (3.5, 0.5), (4.4, 0.8), (5, 1), (5.1, 1), (20, 1)]
)
def test_local_unemployment_is_log_linear_from_two_to_five_percent(rate: float, share: float) -> None:
    assert odds_ratio("local_unemployment", rate, 0) == pytest.approx(1.6**share, rel=1e-10)


def test_every_question_is_in_the_table() -> None:
    assert {*TABLE, *EVEN, "age", "local_unemployment"} == {item.id for item in made()[1].inputs}


def stated_ranges() -> dict[str, tuple[float, float]]:
    ranges = {name: span for name, (_, span) in TABLE.items()} | {name: span for name, (_, _, span) in EVEN.items()}
    return ranges | {"age": (1.5, 3.0), "local_unemployment": (1.2, 2.1)}


@pytest.mark.parametrize("name", stated_ranges())
def test_the_recipe_states_the_published_range(name: str) -> None:
    effect = next(effect for effect in made()[0].effects if effect.input == name)
    assert tuple(map(float, effect.range)) == stated_ranges()[name]
    assert effect.source


def test_the_base_rate_is_the_stated_assumption() -> None:
    recipe, _, _, scorecard = made()
    assert recipe.base_rate.value == Decimal("0.12")
    assert list(map(str, recipe.base_rate.plausible)) == ["0.08", "0.2"]
    assert recipe.base_rate.measured is False
    assert 1 / (1 + np.exp(-scorecard.baseline)) == pytest.approx(0.12, abs=1e-12)


def test_the_blocks_are_the_stated_ones() -> None:
    blocks = {block.inputs: block for block in made()[0].blocks}
    outlook = blocks["confidence", "expectation", "attribution"]
    assert (outlook.odds_ratio, outlook.range) == (Decimal("2.0"), (Decimal("1.2"), Decimal("3.0")))
    assert blocks["physical_ability", "disability", "mental_ability"].odds_ratio == Decimal("2.2")
    assert len(blocks) == 2


# ------------------------------------------------------------------------- the whole arithmetic once more


def quantile(k: int, size: int) -> Decimal:
    """The normal score of a draw, to six digits, as the model's own description says."""
    return Decimal(f"{statistics.NormalDist().inv_cdf((k + 0.5) / size):.6f}")


def shuffled(name: str, recipe: Recipe) -> list[Decimal]:
    size = recipe.draws.count
    keys = {k: hashlib.sha256(f"{recipe.draws.seed}:effect:{name}:{k}".encode()).digest() for k in range(size)}
    return [quantile(k, size) for k in sorted(keys, key=keys.__getitem__)]


def drawn_ratio(effect: Effect, z: Decimal) -> Decimal:
    """The odds ratio of one draw, on the odds scale: point times (end / point) to the power of the distance."""
    low, high = effect.range
    distance = abs(z) / Decimal("1.281551566")
    end = low if z < 0 else high
    return max(Decimal(1), effect.odds_ratio * (end / effect.odds_ratio) ** distance)


def shape(effect: Effect, item: Input) -> list[Decimal]:
    """How far up the odds ratio each grid value is, 0 to 1 on the log scale."""
    values = [Decimal(repr(value)) for value in item.grid.values]
    top = effect.odds_ratio.ln()
    if effect.even_steps:
        return [Decimal(place) / (len(values) - 1) for place in range(len(values))]
    if effect.log_linear:
        start, stop = effect.log_linear
        return [(min(max(value, start), stop) - start) / (stop - start) for value in values]
    if effect.from_values:
        return [max(ratio for start, ratio in effect.from_values if value >= start).ln() / top for value in values]
    by_code = {item.codes[answer]: ratio for answer, ratio in effect.answers.items()}
    return [by_code[value].ln() / top for value in item.grid.values]


def weights(item: Input, reference: Reference) -> list[Decimal]:
    found = dict.fromkeys(item.grid.values, Decimal(0))
    for answer, share in reference.shares[item.question.id]:
        found[item.value(answer)] += share
    return [found[value] / sum(found.values()) for value in item.grid.values]


def block_of(name: str, recipe: Recipe) -> tuple[str, list[Effect], tuple[Decimal, Decimal] | None]:
    effects = {effect.input: effect for effect in recipe.effects}
    for block in recipe.blocks:
        if name in block.inputs:
            return block.id, [effects[member] for member in block.inputs], block.range
    return name, [effects[name]], None


def by_hand(effect: Effect, item: Input) -> tuple[list[Decimal], list[list[Decimal]]]:
    """Point table and draws of one input, on the odds scale and in 60 digits; centred to a mean odds ratio of 1."""
    recipe, _, reference, _ = made()
    share = weights(item, reference)
    heights = shape(effect, item)
    name, members, span = block_of(item.id, recipe)
    tops = [effect.odds_ratio]
    for z in shuffled(name, recipe):
        ratio = drawn_ratio(effect, z)
        if span is not None:
            product = Decimal(1)
            for member in members:
                product *= member.odds_ratio
            together = drawn_ratio(Effect(input="x", odds_ratio=product, range=span, even_steps=True, source="x"), z)
            apart = sum((drawn_ratio(member, z).ln() for member in members), Decimal(0))
            ratio = ratio ** (together.ln() / apart) if apart else Decimal(1)
        tops.append(ratio)
    tables = []
    for top in tops:
        odds = [top**height for height in heights]
        mean = sum((weight * value for weight, value in zip(share, odds, strict=True)), Decimal(0))
        tables.append([(value / mean).ln() for value in odds])
    return tables[0], tables[1:]


@pytest.mark.parametrize("name", [effect.input for effect in made()[0].effects])
def test_points_and_draws_are_those_of_an_independent_calculation(name: str) -> None:
    """Every value of every table and draw is the nearest multiple of 2^-36 to one worked out another way."""
    recipe, _, _, scorecard = made()
    effect = next(effect for effect in recipe.effects if effect.input == name)
    item = item_of(name)
    table = scorecard.tables[item.place]
    with localcontext(Context(prec=60)):
        points, draws = by_hand(effect, item)
        for value, point, *drawn in zip(item.grid.values, points, *draws, strict=True):
            place = table.interval(value)
            assert table.points[place] * 2**36 == int((point * 2**36).to_integral_value())
            wanted = [int((one * 2**36).to_integral_value()) for one in drawn]
            assert (table.draws[place] * 2**36).tolist() == wanted


def test_the_mean_odds_ratio_over_the_reference_population_is_one() -> None:
    """Somebody who answers nothing gets the base rate, and not less."""
    _, features, reference, scorecard = made()
    for item in features.inputs:
        table = scorecard.tables[item.place]
        share = np.array([float(weight) for weight in weights(item, reference)])
        rows = [table.interval(value) for value in item.grid.values]
        assert np.dot(share, np.exp(np.array(table.points)[rows])) == pytest.approx(1, abs=1e-10)
        np.testing.assert_allclose(share @ np.exp(table.draws[rows]), 1, atol=1e-10)


def test_no_draw_points_the_other_way() -> None:
    _, features, _, scorecard = made()
    for item in features.inputs:
        assert np.all(np.diff(scorecard.tables[item.place].draws, axis=0) >= 0), item.id


@pytest.mark.parametrize("name", [name for name in stated_ranges() if block_of(name, made()[0])[2] is None])
def test_about_four_draws_in_five_lie_within_the_stated_range(name: str) -> None:
    table, (low, high) = made()[3].tables[item_of(name).place], stated_ranges()[name]
    ratios = np.exp(table.draws[-1] - table.draws[0])
    inside = np.mean((ratios >= low - 1e-9) & (ratios <= high + 1e-9))
    # Where the range starts at 1, everything below it is cut to 1 and so lies within.
    assert 0.75 <= inside <= (0.95 if low == 1 else 0.85)
    stated = next(effect.odds_ratio for effect in made()[0].effects if effect.input == name)
    assert np.median(ratios) == pytest.approx(float(stated), rel=0.05)


def test_a_block_keeps_its_own_range_and_moves_together() -> None:
    scorecard = made()[3]
    tops = [scorecard.tables[item_of(name).place].draws for name in ("confidence", "expectation", "attribution")]
    spans = [draws[-1] - draws[0] for draws in tops]
    together = np.exp(sum(spans))
    inside = np.mean((together >= 1.2 - 1e-9) & (together <= 3.0 + 1e-9))
    assert 0.7 <= inside <= 0.9
    for one, other in itertools.combinations(spans, 2):
        assert np.corrcoef(one, other)[0, 1] > 0.9
    apart = scorecard.tables[item_of("qualifications").place].draws
    assert abs(np.corrcoef(apart[-1] - apart[0], spans[0])[0, 1]) < 0.6


def test_the_order_of_draws_depends_on_its_words_alone() -> None:
    assert order_of("a", "b", 32) == order_of("a", "b", 32)
    assert sorted(order_of("a", "b", 32)) == list(range(32))
    assert order_of("a", "b", 32) != order_of("a", "c", 32) != order_of("b", "b", 32)


@pytest.mark.slow
@pytest.mark.parametrize("precision", [6, 200])
def test_a_callers_decimal_precision_changes_no_byte(precision: int) -> None:
    path = content_root() / "models" / "recipes" / "evidence.yaml"
    recipe, features, _, scorecard = made()
    with localcontext(Context(prec=precision)):
        files = release_evidence(path, features).files
        again = build_evidence(recipe, features, Reference(recipe.reference, features))
    assert files == release_evidence(path, features).files
    for one, other in zip(scorecard.tables, again.tables, strict=True):
        assert one.points == other.points
        np.testing.assert_array_equal(one.draws, other.draws)
        np.testing.assert_array_equal(one.missing_draws, other.missing_draws)
