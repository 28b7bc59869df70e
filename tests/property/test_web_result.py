"""Does the result page keep the rules of the design for whatever is answered, with any checklist and any model?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments import displaced_evidence as study
from tests import learned_model
from tests.clients import answers_to, clients
from tests.property import checks_result
from tests.strategies import worlds
from tests.worlds import World, examples
from triage.engine import Engine


@given(data=st.data())
@examples(60)
def test_the_shipped_content(data: st.DataObject, shipped: Engine) -> None:
    before, person = (data.draw(answers_to(shipped)) for _ in range(2))
    checks_result.check_person(shipped, person, before)


@given(world=worlds(), data=st.data())
@examples(12)
def test_any_content(world: World, data: st.DataObject) -> None:
    """Questions with several inputs, neutral answers, areas without a figure, bands that are hard to reach."""
    with world.build() as built:
        for person in data.draw(st.lists(answers_to(built.engine), min_size=1, max_size=4)):
            checks_result.check_person(built.engine, person, data.draw(answers_to(built.engine)))


@pytest.fixture(scope="module")
def displaced(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return study.build_engine(tmp_path_factory.mktemp("displaced") / "bundle")


def test_a_second_checklist_without_services(displaced: Engine) -> None:
    people = clients(displaced, 30, seed=5)
    for before, person in zip(people[::2], people[1::2], strict=True):
        checks_result.check_person(displaced, person, before)


def test_what_an_answer_could_do_is_what_answers_do(shipped: Engine) -> None:
    """The ends that are named are reached, and never passed, wherever people give every answer."""
    score = shipped.score({"age": 40}, on=checks_result.DAY)
    for name in score.unanswered:
        low, high = (
            float(end) for end in (shipped.unknowns.worth[name][0].min(), shipped.unknowns.worth[name][0].max())
        )
        least, most = checks_result.extremes(shipped, name)
        assert least <= low <= high <= most
        if shipped.checklist.question(name).kind == "choice":
            assert (low, high) == (least, most)


@pytest.mark.slow
@learned_model.GROUP
@pytest.mark.parametrize("model", [learned_model.pace, learned_model.displaced])
def test_a_learned_model(model: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    found = model()  # type: ignore[operator]
    engine = found.load(tmp_path_factory.mktemp("learned") / "bundle")
    people = clients(engine, 16, seed=7)
    for before, person in zip(people[::2], people[1::2], strict=True):
        checks_result.check_person(engine, person, before)
