"""Whatever people do, in whatever order: do the rules of casework hold after each step, on both databases?"""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.casework import ANSWERS, Desk
from tests.casework_story import STEPS, Story
from tests.databases import both
from tests.strategies import worlds
from tests.worlds import World, examples
from triage.casework import interview
from triage.engine import Engine
from triage.records.verify import verify

#: Steps that lead somewhere stand in the list more often.
LIKELY = ("answer", "score", "score", "confirm", "override", "rescore", "answer", "answer")
PLAYED = st.lists(st.tuples(st.sampled_from((*STEPS, *LIKELY)), st.integers(0, 10_000)), min_size=5, max_size=25)
#: The fixtures are made once; each story has a client of its own.
SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def played(desk: Desk, engines: list[Engine], steps: list[tuple[str, int]], *, answered: bool) -> Story:
    desk.service.engines.replace(engines[0])
    story = Story(desk, engines, desk.opened(context={}))
    if answered:
        for row in interview.save_answers(desk.service, desk["adviser"], story.row["id"], ANSWERS):
            story.answers[row["question"]] = (row["state"], row["value"])
    story.play(steps)
    story.suspend(0)  # For the next story.
    return story


@both
@given(steps=PLAYED, answered=st.booleans())
@settings(examples(40), suppress_health_check=SHARED)
def test_the_rules_hold_after_any_step(
    desk: Desk, shipped_engine: Engine, other_cutoffs: Engine, steps: list[tuple[str, int]], answered: bool
) -> None:
    played(desk, [shipped_engine, other_cutoffs], steps, answered=answered)


@both
@given(stories=st.lists(PLAYED, min_size=2, max_size=4))
@settings(examples(3), suppress_health_check=SHARED)
def test_the_audit_trail_vouches_for_all_of_it(
    desk: Desk, shipped_engine: Engine, tmp_path: Path, stories: list[list[tuple[str, int]]]
) -> None:
    for steps in stories:
        played(desk, [shipped_engine], steps, answered=True)
    found = verify(desk.service.database, tmp_path / "heads.jsonl").findings
    assert [finding.kind for finding in found] == ["no_heads"]  # None was exported.


@given(world=worlds(), steps=PLAYED)
@settings(examples(8), suppress_health_check=SHARED)
def test_they_hold_for_the_checklist_of_any_organisation(
    desk: Desk, world: World, steps: list[tuple[str, int]]
) -> None:
    with world.build() as built:
        played(desk, [built.engine], steps, answered=False)


def test_a_story_reaches_every_step(desk: Desk, shipped_engine: Engine) -> None:
    """The steps above are not all refused: one story in which each is taken."""
    steps = [
        ("answer", 10), ("details", 0), ("score", 0), ("claim", 6), ("refuse", 0), ("confirm", 0), ("ask_for_more", 0),
        ("agree", 3), ("step", 9), ("ask_for_review", 0), ("answer_review", 1), ("withdraw", 0), ("claim", 8),
        ("accept", 1), ("rescore", 0), ("object", 0), ("withdraw_objection", 0), ("close", 0), ("reopen", 0),
        ("wait", 3), ("outcome", 0), ("suspend", 1), ("suspend", 0), ("replace_engine", 0), ("score", 1),
        ("override", 0),
    ]  # fmt: skip
    story = played(desk, [shipped_engine], steps, answered=True)
    assert story.refused == []
    assert set(story.done) == set(STEPS)
