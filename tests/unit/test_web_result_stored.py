"""Is a stored score shown as it was, and is one that was changed, or made with other versions, never taken for that?"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.web.result_pages import DAY, ENGINE, FEW, HAS_JOB, HEAVY, PERSON, SERVICES, view
from triage.errors import RecordsError
from triage.numbers import UNIT
from triage.web.result import read_stored, score_again, view_of_stored

Data = dict[str, Any]


def kept(answers: Data = PERSON) -> Data:
    """What a database gives back."""
    data: Data = json.loads(json.dumps(ENGINE.score(answers, on=DAY).to_dict()))
    return data


def shown(data: Data, **options: Any) -> Any:
    return view_of_stored(data, ENGINE, SERVICES, DAY, **options)


@pytest.mark.parametrize("answers", [PERSON, HEAVY, FEW, HAS_JOB, {}])
def test_with_the_same_versions_the_page_is_the_same(answers: Data) -> None:
    assert shown(kept(answers)) == view(answers)
    assert shown(kept(answers), apart=True) == view(answers, apart=True)
    again = score_again(read_stored(kept(answers)), ENGINE)
    assert again.to_dict() == kept(answers)


def changed(name: str, value: Any) -> Callable[[Data], None]:
    return lambda data: data.__setitem__(name, value)


def within(name: str, key: Any, value: Any) -> Callable[[Data], None]:
    return lambda data: data[name].__setitem__(key, value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (changed("probability", 0.2), "not what the same versions give \\(probability\\)"),
        (changed("lower", 0.01), "\\(lower\\)"),
        (changed("upper_logit", 1.0), "\\(upper_logit\\)"),
        (changed("band", "intensive"), "\\(band\\)"),
        (changed("bands_possible", ["standard"]), "\\(bands_possible\\)"),
        (changed("status", "not_enough_answers"), "\\(band, bands_possible\\)"),
        (within("answers", "age", 30.0), "are not those that it was made from"),
        (within("answers", "area", "nowhere"), "are not those that it was made from"),
        (within("answers", "shoe_size", "9"), "are not those that it was made from"),
        (within("answers", "qualifications", "scqf_99"), "are not those that it was made from"),
        (within("inputs", 0, None), "are not those that it was made from"),
        (changed("inputs", []), "are not those that it was made from"),
        (changed("logit", -1.0), "do not add up to it"),
        (within("contributions", "age", UNIT), "do not add up to it"),
        (changed("answers", None), "is damaged"),
        (changed("versions", {}), "is damaged"),
        (changed("logit", "high"), "is damaged"),
        (lambda data: data.pop("baseline"), "is damaged"),
    ],
)
def test_a_record_that_was_changed_is_refused(change: Callable[[Data], None], message: str) -> None:
    data = kept()
    change(data)
    with pytest.raises(RecordsError, match=message):
        shown(data)


def test_contributions_that_were_moved_from_one_answer_to_another_are_refused() -> None:
    """They add up all the same."""
    data = kept()
    data["contributions"]["age"] -= UNIT
    data["contributions"]["area"] += UNIT
    with pytest.raises(RecordsError, match="\\(contributions\\)"):
        shown(data)


def test_another_last_digit_of_a_probability_is_none_of_anybodys_doing() -> None:
    data = kept()
    data["probability"] += 1e-15
    assert shown(data).figure == view(PERSON).figure


def test_other_cut_offs_leave_the_words_of_the_model_as_they_are() -> None:
    data = kept()
    data["versions"]["cutoffs"] = "pace-start-2025.1"
    found, now = shown(data), view(PERSON)
    assert "cut-offs pace-start-2025.1" in found.earlier
    assert (found.figure, found.waterfall) == (now.figure, now.waterfall)
    assert found.versions == "Model evidence-2026.1, checklist pace-2021.1, cut-offs pace-start-2025.1."
    assert found.heading == now.heading
    assert found.warning == now.warning
    # What the band offered then is not in the record.
    assert found.lead == ""
    assert (found.strengths, found.support, found.unasked) == (None, None, None)


def test_another_model_is_lent_no_words() -> None:
    """Rule 10: nobody here knows whether its figures were estimated or counted."""
    data = kept()
    data["versions"]["model"] = "evidence-2020.9"
    found = shown(data)
    text = repr(found)
    assert "We estimate" not in text
    assert " were " not in found.figure.sentence
    assert (found.figure.sentence, found.figure.filled) == ("About 13 in 100.", "")
    assert "the model evidence-2020.9, which is not the one in use today" in found.trust.source[0]
    assert sum(mark.filled for mark in found.figure.marks) == 13


def test_names_that_are_gone_are_made_readable() -> None:
    data = kept()
    data["versions"] |= {"checklist": "pace-2019.4", "cutoffs": "pace-start-2019.4"}
    data["band"], data["bands_possible"] = "gold_plus", ["gold_plus", "standard"]
    data["answers"] |= {"shoe_size": "very_large", "area": "W06000001", "qualifications": "phd"}
    data["contributions"]["shoe_size"] = 0.0
    found = shown(data)
    assert found.heading == "Proposed support: Gold plus"
    assert '"Gold plus" or "PACE support"' in found.warning
    rows = {step.label: step.answer for step in found.waterfall.steps}
    assert (rows["Shoe size"], rows["Council area"], rows["Highest qualification"]) == (
        "Very large",
        "W06000001",
        "Phd",
    )
    # Nobody knows today whether it was a sensitive question.
    paper = shown(data, apart=True)
    assert "Shoe size" not in {step.label for step in paper.waterfall.steps}


@pytest.mark.parametrize("answers", [FEW, HAS_JOB])
def test_without_a_band_an_earlier_score_has_none_either(answers: Data) -> None:
    data = kept(answers)
    data["versions"]["cutoffs"] = "pace-start-2025.1"
    found = shown(data)
    assert (found.band, found.tag, found.undecided) == (None, "", "")
    assert found.heading == view(answers).heading


def test_other_versions_are_never_worked_out_again() -> None:
    data = kept()
    data["versions"]["model"] = "evidence-2020.9"
    with pytest.raises(RecordsError, match="only be worked out again with the versions"):
        score_again(read_stored(data), ENGINE)
