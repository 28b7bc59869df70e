"""Does the shipped model keep every rule of the design?"""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import triage
from tests.clients import answers_to, as_columns, choices, clients, grid_rows
from tests.property import checks, checks_people
from tests.worlds import examples
from triage.bundle import OUTPUTS
from triage.engine import Engine
from triage.scorecard import Scorecard

ENGINE = triage.load()
ANSWERS = answers_to(ENGINE)


def test_the_parts_add_up_to_the_figure_in_any_order(shipped: Engine) -> None:
    checks.check_additive(shipped, grid_rows(shipped, 3000, seed=1))


def test_the_most_extreme_clients_stay_within_the_released_range(shipped: Engine) -> None:
    tables = [shipped.bundle.tables[item.id] for item in shipped.features.inputs]
    values = [item.grid.values for item in shipped.features.inputs]
    ends = [[pick(grid, key=table.at) for grid, table in zip(values, tables, strict=True)] for pick in (min, max)]
    checks.check_additive(shipped, np.array(ends))


def test_a_client_gets_the_same_figure_alone_and_in_any_batch(shipped: Engine) -> None:
    checks.check_batches(shipped, grid_rows(shipped, 700, seed=2))


def test_the_order_of_the_list_changes_nobodys_figure(shipped: Engine) -> None:
    rows = grid_rows(shipped, 500, seed=3)
    order = np.random.default_rng(3).permutation(len(rows))
    one, other = shipped.bundle.run(rows), shipped.bundle.run(rows[order])
    for name in OUTPUTS:
        np.testing.assert_allclose(one[name][order], other[name], rtol=0, atol=checks.TIGHT)
    np.testing.assert_array_equal(one["logit"][order], other["logit"])


def test_eight_threads_that_share_an_engine_say_what_one_says(shipped: Engine) -> None:
    people = clients(shipped, 150, seed=4)
    alone = [shipped.score(person, on=checks.DAY).to_dict() for person in people]
    columns = as_columns(shipped, people)
    many = shipped.score_many(columns, on=checks.DAY)

    def work(turn: int) -> None:
        own = people[turn:] + people[:turn]
        assert [shipped.score(person, on=checks.DAY).to_dict() for person in own] == alone[turn:] + alone[:turn]
        found = shipped.score_many(columns, on=checks.DAY)
        np.testing.assert_array_equal(found.logit, many.logit)
        np.testing.assert_array_equal(found.contributions, many.contributions)
        np.testing.assert_array_equal(found.probability, many.probability)
        assert found.band.tolist() == many.band.tolist()
        assert [shipped.score(person).next_question for person in own[:5]]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))


def test_a_fresh_engine_used_at_once_by_many_threads_has_no_race() -> None:
    """What is worked out at first use (words, chances, spellings) is met by all threads at the same time."""
    engine = triage.load()
    person = {"age": 57, "qualifications": "scqf_5", "area": "Falkirk", "household": "partner", "vehicle": "no"}

    def work(_: int) -> tuple[object, ...]:
        score = engine.score(person, on=checks.DAY)
        return score.logit, score.band, score.sentences, score.next_question, score.chance_of_another_band

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(work, range(64)))) == 1


def test_model_points_and_tables_agree_on_every_value(shipped: Engine, scorecard: Scorecard) -> None:
    checks.check_one_model(shipped, scorecard)


def test_model_points_and_tables_agree_on_whole_clients(shipped: Engine, scorecard: Scorecard) -> None:
    checks.check_jointly(shipped, scorecard, grid_rows(shipped, 2000, seed=5))


def test_the_engine_says_of_each_answer_what_the_tables_say(shipped: Engine) -> None:
    checks.check_engine_gives_the_model(shipped)


def test_more_of_a_risk_never_lowers_the_figure_or_its_range(shipped: Engine) -> None:
    directed = [question for question in shipped.checklist.questions if checks.risk_order(shipped, question.id)[1]]
    assert len(directed) == 18, "the report states a direction for each question"
    checks.check_direction(shipped, [{}, *clients(shipped, 6, seed=6)])


def test_silence_contributes_nothing(shipped: Engine) -> None:
    checks.check_silence(shipped, clients(shipped, 200, seed=7, silent=0.5))


def test_leaving_out_any_question_widens_the_range_over_the_whole_population(
    shipped: Engine, scorecard: Scorecard, everybody: np.ndarray
) -> None:
    assert len(everybody) == 100_000
    checks.check_silence_widens(shipped, scorecard, everybody)


@given(person=ANSWERS)
@examples(60)
def test_each_question_is_answered_declined_too_early_or_not_asked(person: dict[str, object]) -> None:
    checks.check_kinds_of_silence(ENGINE, person)


@given(person=ANSWERS)
@examples(120)
def test_bands_follow_the_cut_offs_and_the_whole_range_is_said(person: dict[str, object]) -> None:
    checks_people.check_bands(ENGINE, person)


@given(person=ANSWERS)
@examples(20)
def test_health_answers_never_take_support_away(person: dict[str, object]) -> None:
    checks_people.check_special_only_raises(ENGINE, person)


def test_health_answers_raise_some_bands_and_say_so(shipped: Engine) -> None:
    """Without this, "never lower" would hold for an engine that ignores them."""
    people = clients(shipped, 300, seed=8, silent=0.1)
    special = checks_people.special_questions(shipped)
    best = {name: checks.ends_of_risk(shipped, name)[0] for name in special}
    worst = {name: checks.ends_of_risk(shipped, name)[1] for name in special}
    assert worst == {"physical_ability": "poor", "disability": "yes", "mental_ability": "poor"}
    with_worst = [shipped.score(person | worst, on=checks.DAY) for person in people]
    without = [shipped.score({k: v for k, v in person.items() if k not in worst}, on=checks.DAY) for person in people]
    with_best = [shipped.score(person | best, on=checks.DAY) for person in people]
    raised = [a.band != b.band for a, b in zip(with_worst, without, strict=True) if b.band is not None]
    assert 10 < sum(raised) < len(raised)
    for score, plain in zip(with_worst, without, strict=True):
        assert score.raised_by_special == (plain.band is not None and score.band != plain.band) or plain.band is None
        said = ENGINE.words.wording.band.raised_by_special in score.sentences
        assert said == (score.raised_by_special and score.band is not None)
    for good, plain in zip(with_best, without, strict=True):
        assert good.probability < plain.probability, "the score itself is untouched"
        assert plain.band is None or good.band == plain.band


@given(person=ANSWERS)
@examples(80)
def test_a_score_can_be_reproduced_from_its_own_data(person: dict[str, object]) -> None:
    checks_people.check_reproduces(ENGINE, person)


@given(people=st.lists(ANSWERS, min_size=1, max_size=6))
@examples(40)
def test_a_list_says_of_each_client_what_is_said_alone(people: list[dict[str, object]]) -> None:
    checks_people.check_one_is_many(ENGINE, people)


def test_a_long_list_says_of_each_client_what_is_said_alone(shipped: Engine) -> None:
    """People who answer most questions: their bands, and health answers that would lower one, meet every rule."""
    found = checks_people.check_one_is_many(shipped, clients(shipped, 400, seed=9, silent=0.08))
    assert {"standard", "enhanced", "intensive"} <= set(found.band)
    assert np.count_nonzero(found.band_logit > found.logit) > 50, "health answers that would have lowered the band"
    assert np.count_nonzero(found.lowest_place < found.highest_place) > 50, "ranges across a cut-off"


@given(person=ANSWERS)
@examples(60)
def test_the_words_name_their_source_and_their_label(person: dict[str, object]) -> None:
    checks_people.check_words(ENGINE, person)


def test_every_pair_of_answers_adds_up(shipped: Engine) -> None:
    """Two answers together say exactly the sum of what they say apart: nothing interacts."""
    asked = [(question.id, choices(shipped, question.id)[::17][:4]) for question in shipped.checklist.questions]
    baseline = shipped.bundle.manifest.baseline
    alone = {
        (name, answer): shipped.score({name: answer}).contributions[name]
        for name, answers in asked
        for answer in answers
    }
    for (one, first), (other, second) in itertools.combinations(alone, 2):
        if one != other:
            score = shipped.score({one: first, other: second})
            assert score.logit == baseline + alone[one, first] + alone[other, second]
