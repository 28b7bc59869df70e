"""Is it said what changed between two scores, and what each change moved?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.web.result_pages import DAY, ENGINE, FEW, HAS_JOB, HEAVY, PERSON
from triage.web.result import Changes, what_changed

WORDS = ENGINE.words.wording.changes


def changed(before: dict[str, Any], after: dict[str, Any], **versions: str) -> Changes:
    data = json.loads(json.dumps(ENGINE.score(before, on=DAY).to_dict()))
    data["versions"] |= versions
    return what_changed(data, ENGINE.score(after, on=DAY), ENGINE)


def test_each_answer_that_changed_is_named_with_what_it_moved() -> None:
    found = changed(PERSON, PERSON | {"disability": "no", "expectation": "declined", "confidence": "very_confident"})
    rows = {change.label: (change.before, change.after) for change in found.answers}
    assert rows == {
        "Confidence of being employed soon": ("no answer", "very confident"),
        "Expectation of finding work": ("yes, definitely", "preferred not to say"),
        "Disability": ("yes", "no"),
    }
    disability = next(change for change in found.answers if change.label == "Disability")
    assert disability.moved.startswith("−")
    assert found.other is None
    assert found.nothing == ""


def test_a_question_that_became_too_early_says_so() -> None:
    found = changed(PERSON, PERSON | {"redundancy_status": "at_risk"})
    assert {change.after for change in found.answers} == {WORDS.too_early}
    assert len(found.answers) == 3


def test_nothing_that_changed_is_said_too() -> None:
    found = changed(PERSON, PERSON)
    assert (found.answers, found.nothing, found.total.value) == ((), WORDS.nothing, 0.0)
    assert 'The proposed support is the same: "PACE support".' in found.sentences
    assert found.sentences[0] == "The figure was about 13 in 100 and is now about 13 in 100."


def test_a_band_that_moved_is_said_with_both_warnings() -> None:
    found = changed(PERSON, HEAVY)
    assert 'The proposed support was "PACE support" and is now "PACE support with your own adviser".' in found.sentences
    before = [text for text in found.sentences if text.startswith("Before, the range reached across a cut-off")]
    assert before == [
        "Before, the range reached across a cut-off, so it could have been"
        ' "PACE support" or "PACE support plus a check-in".'
    ]
    assert not any(text.startswith("The range reaches across") for text in found.sentences)
    back = changed(HEAVY, PERSON)
    assert any(text.startswith("The range reaches across a cut-off") for text in back.sentences)


@pytest.mark.parametrize(("before", "after"), [(PERSON, HAS_JOB), (HAS_JOB, PERSON)])
def test_without_a_figure_on_one_side_nothing_is_compared(before: dict[str, Any], after: dict[str, Any]) -> None:
    found = changed(before, after)
    assert found.sentences[0] == WORDS.no_figure
    assert " in 100" not in " ".join(found.sentences)
    assert found.total.moved == ""


def test_a_band_that_is_not_there_is_none() -> None:
    assert any('was none and is now "PACE support"' in text for text in changed(FEW, PERSON).sentences)
    assert any("was none and is now none" in text for text in changed(FEW, FEW).sentences)


def test_other_versions_are_named_and_what_they_count_differently_is_a_row() -> None:
    data = json.loads(json.dumps(ENGINE.score(PERSON, on=DAY).to_dict()))
    data["versions"]["model"] = "evidence-2020.9"
    data["contributions"]["age"] -= 0.25
    data["baseline"] += 0.125
    data["logit"] -= 0.125
    after = ENGINE.score(PERSON | {"disability": "no"}, on=DAY)
    found = what_changed(data, after, ENGINE)
    assert found.other is not None
    assert found.other.value == 0.125
    assert data["logit"] + sum(change.value for change in found.answers) + found.other.value == after.logit
    assert "Made with evidence-2020.9 before, and with evidence-2026.1 now." in found.sentences


def test_on_paper_sensitive_changes_are_one_row() -> None:
    before = ENGINE.score(PERSON, on=DAY).to_dict()
    after = ENGINE.score(PERSON | {"disability": "no", "vehicle": "no", "mental_ability": "good"}, on=DAY)
    found = what_changed(before, after, ENGINE, apart=True)
    assert [change.label for change in found.answers] == ["Motor vehicle", "Answers kept apart: 2"]
    assert found.answers[1].before == found.answers[1].after == ""
