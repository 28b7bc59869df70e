"""Do the shipped content files say what their sources say, in words that read well and mean one thing?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from triage.checklist import Checklist, Question
from triage.checklist.services import load_services
from triage.checklist.wording import load_wording
from triage.content import ContentFolder, content_root

CHECKLIST = Checklist.load()
ROOT = content_root()
FILES = sorted([*(ROOT / "checklist").glob("*.yaml"), *(ROOT / "features").glob("*.*")])

# Rocket Science 2021, section 2.3.4: row, question, factor, stars, whether the row says "may", words of the direction.
REPORT = [
    ("1", "qualifications", "Qualifications", 3, False, "Lower or no", "substantially higher"),
    ("2a", "driving_licence", "Driving licence and vehicle", 3, False, "Holding", "substantially lower"),
    ("2b", "vehicle", "Driving licence and vehicle", 3, True, "Owning", "may be slightly lower"),
    ("3", "age", "Age", 3, False, "rises with age", "under 25 lowest, 45 and over highest"),
    ("4", "household", "Household", 3, False, "Living alone", "higher"),
    ("5", "dependants", "Dependants", 3, False, "Having dependants under 18", "higher"),
    ("6a", "confidence", "Confidence and outlook", 3, False, "Less confident", "higher"),
    ("6b", "expectation", "Confidence and outlook", 3, False, "Lower expectation", "higher"),
    ("6c", "attribution", "Confidence and outlook", 3, False, "luck", "higher"),
    ("7", "area", "Area", 2, False, "Higher local unemployment", "higher"),
    ("8a", "job_search", "Job search", 2, True, "Greater", "may be lower"),
    ("8b", "interviews", "Job search", 2, True, "More", "may be lower"),
    ("8c", "employer_contact", "Job search", 2, True, "More", "may be lower"),
    ("9a", "physical_ability", "Health and ability", 2, True, "Poorer self-rated physical", "may be higher"),
    ("9b", "disability", "Health and ability", 2, True, "Having a disability", "may be higher"),
    ("9c", "mental_ability", "Health and ability", 2, True, "Poorer self-rated mental", "may be higher"),
    ("10a", "parent_in_work", "Family background", 1, True, "in paid work until the age of 16", "may be lower"),
    ("10b", "father_qualifications", "Family background", 1, True, "A-levels", "may be slightly lower"),
]
SENSITIVE = {
    "special_category": {"physical_ability", "disability", "mental_ability"},
    "attitude": {"confidence", "expectation", "attribution"},
    "family_background": {"parent_in_work", "father_qualifications"},
    "job_search": {"job_search", "interviews", "employer_contact"},
}
# Words that speak of people as problems, of bands as colours, or of a page that readers do not have.
NOT_SAID = re.compile(
    r"barrier|deficit|failure|high[- ]risk|hard[- ]to[- ]help|traffic light|(?-i:\bRAG\b|EVIDENCE)", re.IGNORECASE
)


def raw(name: str) -> Any:
    """A shipped YAML file as plain data."""
    path = ContentFolder().find(name)
    assert path is not None
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_questions_are_those_of_the_report_in_its_order() -> None:
    assert [(question.row, question.id) for question in CHECKLIST.questions] == [row[:2] for row in REPORT]
    assert len(CHECKLIST.factors) == 10
    assert CHECKLIST.version == "pace-2021.1"


@pytest.mark.parametrize("row", REPORT, ids=lambda row: row[1])
def test_stars_and_hedges_are_those_of_the_report(row: tuple[str, str, str, int, bool, str, str]) -> None:
    """A policy reader who compares with the report finds no claim made stronger or weaker."""
    _, question_id, factor_name, stars, may, what, hedge = row
    question = CHECKLIST.question(question_id)
    factor = CHECKLIST.factor(question.factor)
    assert (factor.name, factor.stars) == (factor_name, stars)
    assert question.direction is not None
    words = question.direction.words
    assert question.direction.may is may
    assert what in words
    assert hedge in words
    for strength in ("may", "substantially", "slightly"):
        assert (strength in words.split()) == (strength in hedge.split()), words


def test_sensitive_questions_are_marked_and_can_be_declined() -> None:
    marked = {
        kind: {question.id for question in CHECKLIST.questions if question.sensitivity == kind} for kind in SENSITIVE
    }
    assert marked == SENSITIVE
    assert all(question.decline for question in CHECKLIST.questions), "nothing on the checklist is compulsory"


def test_only_family_background_is_off_the_default_interview() -> None:
    assert {question.id for question in CHECKLIST.questions if not question.interview} == SENSITIVE["family_background"]


def test_only_job_search_waits_for_four_weeks_after_the_job() -> None:
    weeks = {q.id: q.not_applicable_until_weeks_after_job_ends for q in CHECKLIST.questions}
    assert {key: value for key, value in weeks.items() if value is not None} == dict.fromkeys(
        SENSITIVE["job_search"], 4
    )


def test_the_event_form_asks_at_most_six_questions_and_none_that_is_sensitive() -> None:
    assert 1 <= len(CHECKLIST.event_form) <= 6
    assert {question.sensitivity for question in CHECKLIST.event_form} == {"none"}


def spoken(question: Question) -> list[str]:
    """Every answer of a question as it is said."""
    if question.kind == "area":
        return ["Na h-Eileanan Siar", "City of Edinburgh"]
    return ["16", "57"] if question.kind == "number" else [option.spoken for option in question.options]


@pytest.mark.parametrize("question", CHECKLIST.questions, ids=lambda question: question.id)
def test_every_reason_and_strength_reads_well(question: Question) -> None:
    for template in (question.reason, question.strength):
        assert template.count("{answer}") == 1
        for answer in spoken(question):
            sentence = template.format(answer=answer)
            assert re.fullmatch(r"[A-Z][^{}\n]{5,110}[^\s.:,;]", sentence), sentence
            assert "  " not in sentence
            assert not re.search(r"\b(\w+):? \1\b", sentence), f"a word stands twice in a row: {sentence}"


@pytest.mark.parametrize("question", CHECKLIST.questions, ids=lambda question: question.id)
def test_every_question_is_asked_plainly(question: Question) -> None:
    assert question.ask.endswith("?")
    assert len(question.ask.split()) <= 20, "long questions are hard to hear"
    for text in (question.help, question.can_change):
        assert not text or text.endswith("."), text
        assert all(len(sentence.split()) <= 30 for sentence in re.split(r"(?<=[.:])\s", text)), text
    assert question.support, "every answer points to some support"
    assert question.source.startswith("Rocket Science 2021, section 2.3.4, row ")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_content_speaks_of_people_as_problems(path: Path) -> None:
    found = NOT_SAID.findall(path.read_text(encoding="utf-8"))
    assert not found, found


# Rocket Science 2021, section 2.2.2: which partner offers which of the twelve services, in their order there.
OFFERED = {
    "acas": "...x......xx",
    "cas_pension_wise": "......xxxxxx",
    "business_gateway": ".x.xxx....xx",
    "colleges_scotland": "xxxxxx..x.xx",
    "dwp": "xx....xxxx..",
    "hmrc": "......xxx...",
    "icas": "........x...",
    "sds": "xxxxxx....xx",
    "slaed": "xxxxxx......",
    "stf": "xxxxx.....xx",
    "scottish_union_learning": "xxxxxx..x.xx",
}


def test_services_and_partners_are_those_of_the_report() -> None:
    services = load_services(CHECKLIST)
    ids = [service.id for service in services.services]
    assert len(ids) == 12
    offered = {
        partner.id: "".join(
            "x" if any(offer.partner == partner.id for offer in services.offers_of(service)) else "." for service in ids
        )
        for partner in services.partners
    }
    assert offered == OFFERED
    assert len(services.offers) == "".join(OFFERED.values()).count("x") == 64
    assert services.stale_after_days == 365
    assert {offer.last_checked.isoformat() for offer in services.offers} == {"2021-01-31"}
    assert {offer.reached for offer in services.offers_of("mental_health")} == {"signpost"}


def test_support_that_somebody_asks_for_is_only_ever_added() -> None:
    reasons = {reason["id"]: reason for reason in raw("decisions.yaml")["reasons"]}
    assert list(reasons) == [
        "several_complex_needs",
        "client_asked_for_more",
        "recent_change",
        "not_on_checklist",
        "answer_wrong",
        "places_of_an_event",
        "other",
    ]
    assert reasons["client_asked_for_more"]["directions"] == ["up"]
    assert reasons["several_complex_needs"]["directions"] == ["up"]
    assert reasons["several_complex_needs"]["note"] == "optional", "no detail of a need is asked for"
    assert reasons["other"]["note"] == "required"


def test_only_a_model_that_saw_outcomes_says_what_was() -> None:
    wording = load_wording(CHECKLIST.folder)
    assert wording.result.evidence.startswith("We estimate from published research")
    assert " were " not in wording.result.evidence
    assert " were " in wording.result.learned
    assert all(word in wording.result.learned for word in ("{sample}", "{first}", "{last}"))
    assert "PACE" not in str(raw("wording.yaml")), "the sentences serve every checklist"


def test_the_permitted_use_is_said_in_full() -> None:
    use = load_wording(CHECKLIST.folder).permitted_use
    for word in ("support", "conditionality", "sanctions", "employment", "selection for redundancy"):
        assert word in use.short
    assert "No employer may see" in " ".join(use.text)
