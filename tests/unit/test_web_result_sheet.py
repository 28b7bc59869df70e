"""Does the client's sheet say the support first, what was used and what can be asked for, in plain words?"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.web.result_pages import DAY, ENGINE, FEW, HAS_JOB, HEAVY, PERSON, SERVICES, part
from triage.errors import CutoffsError, RecordsError
from triage.web.result import SheetView, sheet_of

WORDS = ENGINE.words.wording.sheet


def sheet(answers: dict[str, Any] | None = PERSON, **options: Any) -> SheetView:
    kept = json.loads(json.dumps(ENGINE.score(answers, on=DAY).to_dict())) if answers is not None else None
    return sheet_of(kept, ENGINE, SERVICES, DAY, **options)


def test_the_decided_support_comes_first() -> None:
    found = sheet(decided="enhanced")
    assert found.lead == WORDS.decided
    assert found.band is not None
    assert found.band.name == "PACE support plus a check-in"
    assert found.band.warning.endswith("You can ask to change this at any time.")
    html = part("sheet", sheet=found)
    assert html.index(found.band.name) < html.index(WORDS.services) < html.index(WORDS.used)


def test_a_proposal_is_called_one() -> None:
    found = sheet()
    assert found.lead == WORDS.proposed
    assert found.band is not None
    assert found.band.offers.startswith("Everything that PACE offers")
    assert found.band.warning.startswith("Your answers fit more than one kind of support")
    assert found.band.warning.endswith("Talk about which one is right for you.")


def test_the_number_is_there_only_if_it_is_wanted() -> None:
    without, wanted = sheet(), sheet(with_figure=True)
    assert (without.figure, without.range) == (None, "")
    assert "in 100" not in part("sheet", sheet=without)
    assert "log-odds" not in part("sheet", sheet=wanted)
    assert wanted.figure is not None
    assert wanted.figure.sentence == ENGINE.words.result(ENGINE.score(PERSON, on=DAY).probability)
    assert wanted.range == "The range is 8 to 20 in 100."


def test_what_was_used_is_the_answers_given_and_nothing_else() -> None:
    used = sheet().used
    given = {name for name, answer in PERSON.items() if answer != "declined" and name in ENGINE.checklist.by_id}
    assert [label for label, _ in used] == [q.label for q in ENGINE.checklist.questions if q.id in given]
    assert ("Age", "57 years") in used
    assert ("Driving licence", "full and clean") in used


def test_a_client_can_always_ask_for_more_a_review_and_no_score() -> None:
    for answers in (PERSON, HEAVY, FEW, HAS_JOB, None):
        text = part("sheet", sheet=sheet(answers))
        for words in ("more help", "somebody else to look at this again", "choose not to have a score", "keep every"):
            assert words in text


def test_a_client_who_objects_has_a_sheet_without_a_score() -> None:
    for earlier in (None, PERSON):
        found = sheet(earlier, objected=True, with_figure=True)
        assert (found.lead, found.band, found.figure, found.used) == (WORDS.objected, None, None, ())
        assert (found.scored, found.services) == (False, ())
        assert WORDS.used_nothing in part("sheet", sheet=found)
        assert WORDS.means not in part("sheet", sheet=found)
    assert sheet(None, objected=True, decided="enhanced").band is not None


def test_a_client_who_was_not_scored_yet_did_not_object() -> None:
    found = sheet(None, with_figure=True)
    assert (found.lead, found.band, found.figure, found.used) == (WORDS.by_talking, None, None, ())


@pytest.mark.parametrize(("answers", "lead"), [(FEW, "by_talking"), (HAS_JOB, "has_job")])
def test_without_a_band_the_support_is_agreed_by_talking(answers: dict[str, Any], lead: str) -> None:
    found = sheet(answers, with_figure=True)
    assert (found.band, found.lead) == (None, getattr(WORDS, lead))
    assert (found.figure is None) == (answers is HAS_JOB)


def test_what_was_agreed_and_whom_to_talk_to_are_given() -> None:
    found = sheet(agreed=["A CV workshop"], contacts=["Ann Example"], reference="K7QM-2XRD")
    html = part("sheet", sheet=found)
    assert all(text in html for text in ("A CV workshop", "Ann Example", "K7QM-2XRD", WORDS.agreed, WORDS.contact))
    assert WORDS.contact not in part("sheet", sheet=sheet())


def test_services_are_those_that_the_answers_point_to() -> None:
    assert "career_development" in {service.id for service in sheet().services}
    data = ENGINE.score(PERSON, on=DAY).to_dict()
    earlier = data | {"versions": data["versions"] | {"model": "evidence-2020.9"}}
    found = sheet_of(earlier, ENGINE, SERVICES, DAY, with_figure=True)
    assert found.services == ()
    assert found.figure is not None
    assert "We estimate" not in found.figure.sentence
    assert found.band is not None
    assert found.band.offers


def test_what_cannot_be_used_is_refused() -> None:
    with pytest.raises(CutoffsError, match="no band 'gold'"):
        sheet(decided="gold")
    with pytest.raises(RecordsError, match="damaged"):
        sheet_of({}, ENGINE, SERVICES, DAY)


def test_its_words_are_easy_to_read() -> None:
    """Reading age about 9 to 12: a Flesch-Kincaid grade of 4 to 7, and no sentence that is hard by itself."""
    texts = [text for text in vars(WORDS).values() if isinstance(text, str) and text.endswith(".")]
    texts += [*WORDS.means_text, *WORDS.choices_text]
    sentences = [part for text in texts for part in re.split(r"(?<=[.:])\s+", text) if part]
    assert len(sentences) > 25
    assert _grade(sentences) <= 6
    assert max(len(sentence.split()) for sentence in sentences) <= 20


def _grade(sentences: list[str]) -> float:
    words = [word for sentence in sentences for word in re.findall(r"[a-z']+", sentence.lower())]
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def _syllables(word: str) -> int:
    """Groups of vowels, without a silent e: near enough for a mean."""
    spoken = re.sub(r"(?<=[^aeiouyl])e$|(?<=[^aeiouytd])ed$", "", word)
    return max(len(re.findall(r"[aeiouy]+", spoken)), 1)


def test_the_measure_of_reading_can_fail() -> None:
    assert _grade(["The organisation's proportionality considerations necessitate supplementary documentation."]) > 15
