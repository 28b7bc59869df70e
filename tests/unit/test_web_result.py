"""Does the result page say what there is to say of each kind of score, strengths first, and nothing else?"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import yaml

import triage
from experiments import displaced_evidence as study
from tests.web.result_pages import DAY, ENGINE, FEW, HAS_JOB, HEAVY, PERSON, SERVICES, view
from triage.checklist.services import Services, load_services
from triage.content import content_root

WORDS = ENGINE.words.wording


# --- the heading, and what stands under it


def test_a_proposal_is_headed_by_the_support_that_it_offers() -> None:
    found, band = view(PERSON), ENGINE.cutoffs.band("standard")
    assert found.heading == f"Proposed support: {band.name}"
    assert (found.lead, found.tag) == (band.offers, "Proposed")
    assert "Nothing is decided" in found.undecided
    assert found.answered == "Questions answered: 12 of 16."
    assert '"PACE support" or "PACE support plus a check-in"' in found.warning


def test_without_enough_answers_there_is_a_next_step_and_no_band() -> None:
    found = view(FEW)
    assert (found.status, found.band, found.tag, found.warning) == ("not_enough_answers", None, "", "")
    assert found.heading == WORDS.result_page.heading_talk
    assert "2 of 16 questions" in found.lead
    [ask] = found.next_steps
    assert ask.startswith("Ask first: ")
    labels = ask.removeprefix("Ask first: ").removesuffix(".").split(", ")
    # Five answers are enough, and two are there.
    assert len(labels) == 3
    assert found.unasked is not None
    assert set(labels) <= {item.label for item in found.unasked.items}
    assert found.unasked.chance == ""


def test_a_neutral_answer_still_leaves_as_many_to_ask() -> None:
    """It counts as an answer, and says nothing."""
    [ask] = view(FEW | {"qualifications": "other"}).next_steps
    assert len(ask.split(", ")) == 3


def test_where_all_was_declined_there_is_nothing_to_ask_first() -> None:
    found = view({question.id: "declined" for question in ENGINE.checklist.questions})
    assert found.next_steps == ()
    assert found.unasked is not None
    assert (found.unasked.items, found.unasked.next) == ((), WORDS.result_page.nothing_open)
    [declined] = found.unasked.settled
    assert declined.endswith("This is never held against anyone.")


@pytest.mark.parametrize("status", ["has_job", "redeployed"])
def test_somebody_with_a_job_has_no_figure_at_all(status: str) -> None:
    found = view(PERSON | {"redundancy_status": status})
    assert (found.figure, found.waterfall, found.unasked, found.strengths, found.support) == (None,) * 5
    assert found.heading == getattr(WORDS.status, status)
    assert found.lead == getattr(WORDS.notes, status)
    assert found.band is None
    assert (found.trust.source, found.trust.limits, found.trust.meaning) == ((), (), ())
    assert found.notes == (WORDS.band.everyone,)
    assert view(HAS_JOB).status == "has_job"


def test_health_answers_that_raise_the_band_are_said_to() -> None:
    people = [PERSON | {"age": age, "physical_ability": "poor"} for age in range(16, 75)]
    raised = [answers for answers in people if view(answers).raised]
    assert 0 < len(raised) < len(people)
    assert view(raised[0]).raised == WORDS.band.raised_by_special
    assert view(raised[0], apart=True).raised == ""
    assert WORDS.band.raised_by_special not in view(raised[0], apart=True).sentences
    assert WORDS.band.raised_by_special in view(raised[0]).sentences


def test_complex_needs_are_said_stated_or_suggested() -> None:
    assert view(PERSON | {"complex_needs": "yes"}).trust.complex_needs == WORDS.notes.complex_needs
    assert view(HEAVY).trust.complex_needs == WORDS.notes.complex_needs_suggested
    assert view(PERSON).trust.complex_needs == ""


# --- strengths, and where support could help


def test_strengths_are_sentences_of_the_checklist() -> None:
    found = view(PERSON).strengths
    assert found is not None
    assert found.items[0] == "Driving licence: full and clean"
    assert found.note == ""
    none = view(HEAVY).strengths
    assert none is not None
    assert (none.items, none.note) == ((), WORDS.result_page.no_strengths)


def test_each_reason_has_what_could_help_and_each_service_stands_once() -> None:
    found = view(PERSON).support
    assert found is not None
    assert [reason.text for reason in found.reasons][1] == "Highest qualification: National 5 or similar (SCQF 5)"
    assert found.reasons[1].can_change == ENGINE.checklist.question("qualifications").can_change
    assert {service.id for reason in found.reasons for service in reason.services} == {s.id for s in found.services}
    assert len({service.anchor for service in found.services}) == len(found.services)
    career = next(service for service in found.services if service.id == "career_development")
    sds = next(offer for offer in career.offers if offer.partner == "Skills Development Scotland")
    assert (sds.reached, sds.contact) == ("direct", "PACE helpline 0800 917 8000")
    # All were checked on one day, so it is said once.
    assert career.checked == "check before use: last checked 31 January 2021, more than 365 days ago"
    assert career.stale
    assert {offer.checked for offer in career.offers} == {""}


def test_an_offer_that_was_checked_lately_says_when() -> None:
    offers = tuple(
        dataclasses.replace(offer, last_checked=DAY) if offer.partner == "sds" else offer for offer in SERVICES.offers
    )
    found = view(PERSON, services=dataclasses.replace(SERVICES, offers=offers)).support
    assert found is not None
    career = next(service for service in found.services if service.id == "career_development")
    said = {offer.partner: (offer.checked, offer.stale) for offer in career.offers}
    assert said["Skills Development Scotland"] == ("last checked 21 November 2026", False)
    assert said["DWP / Jobcentre Plus"][1]
    assert career.checked == ""


def test_nothing_that_stands_out_is_a_result() -> None:
    found = view({"age": 40, "area": "Falkirk", "vehicle": "yes", "qualifications": "other", "dependants": "no"})
    quiet = view({"area": "Falkirk", "interviews": "one"})
    assert found.strengths is not None
    assert quiet.support is not None
    assert quiet.strengths is not None
    assert quiet.support.note == f"{WORDS.notes.nothing_stands_out} {WORDS.band.everyone}"
    assert (quiet.support.services, quiet.support.source) == ((), "")


def test_without_a_services_file_the_reasons_stand_alone() -> None:
    found = view(PERSON, services=Services()).support
    assert found is not None
    assert found.reasons
    assert (found.services, found.source) == ((), "")
    assert all(reason.services == () for reason in found.reasons)


def test_a_second_checklist_is_said_in_its_own_words(tmp_path: Path) -> None:
    engine = study.build_engine(tmp_path / "bundle")
    found = view(
        {
            "age": 52,
            "tenure": 12,
            "schooling": "less_than_12",
            "state_unemployment": 7.2,
            "reason_for_loss": "other",
            "blue_collar": "yes",
        },
        engine,
        services=load_services(engine.checklist),
    )
    assert found.heading.startswith("Proposed support: Workforce office")
    assert found.figure is not None
    assert "still out of work 26 weeks after their job ended" in found.figure.sentence
    assert found.waterfall is not None
    rows = {(step.label, step.answer): step for step in found.waterfall.steps}
    assert ("Unemployment rate in the state", "7.2%") in rows
    neutral = rows["Why the job ended", "another reason"]
    assert (neutral.value, neutral.log_odds, neutral.odds, neutral.bar) == (0.0, "0.00", "times 1.00", "")
    assert "PACE" not in repr(found)


def test_cut_offs_with_places_say_that_the_fallback_rule_was_used(tmp_path: Path) -> None:
    data = yaml.safe_load((content_root() / "models" / "cutoffs" / "default.yaml").read_text(encoding="utf-8"))
    data["bands"][2]["rule"] = {"capacity": 5, "fallback": {"share": 8}}
    (tmp_path / "cutoffs.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    engine = triage.load(cutoffs=tmp_path / "cutoffs.yaml")
    assert WORDS.band.capacity_one in view(PERSON, engine).notes
    assert WORDS.band.capacity_one not in view(PERSON).notes
