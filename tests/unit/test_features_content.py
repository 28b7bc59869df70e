"""Do features, areas and synonyms say the same as the checklist, and does each word mean one thing?"""

from __future__ import annotations

import csv
import re

import pytest
import yaml

from triage.checklist import Checklist, Question
from triage.content import ContentFolder, content_root
from triage.features import Features
from triage.features.text import fold

CHECKLIST = Checklist.load()
FEATURES = Features.load(CHECKLIST)


def test_inputs_stand_in_the_order_of_the_questions() -> None:
    expected = [(question.id if question.id != "area" else "local_unemployment") for question in CHECKLIST.questions]
    assert [item.id for item in FEATURES.inputs] == expected


@pytest.mark.parametrize("question", [q for q in CHECKLIST.questions if q.kind == "choice"], ids=lambda q: q.id)
def test_codes_start_at_the_answer_of_lowest_risk_and_rise_in_equal_steps(question: Question) -> None:
    (item,) = FEATURES.inputs_of[question.id]
    assert question.direction is not None
    assert set(item.codes) == {option.id for option in question.ordered}
    in_order = [item.codes[option.id] for option in question.ordered]
    rising = list(range(len(in_order)))
    assert in_order == (rising if question.direction.risk == "rises" else rising[::-1])
    assert item.direction == "rises"


# ONS model-based unemployment 2021/22 (16 and over), and Census 2022 limited activity (16 to 64), by council.
COUNCILS = """
Aberdeen City 3.6 16.4, Aberdeenshire 3.0 15.7, Angus 3.1 19.7, Argyll and Bute 2.9 19.7, City of Edinburgh 3.1 16.2,
Clackmannanshire 3.4 22.7, Dumfries and Galloway 3.4 21.6, Dundee City 4.6 22.1, East Ayrshire 3.8 22.8,
East Dunbartonshire 2.9 16.1, East Lothian 2.8 18.1, East Renfrewshire 3.1 15.1, Falkirk 3.2 20.4, Fife 3.7 21.7,
Glasgow City 4.4 22.9, Highland 2.8 19.1, Inverclyde 3.5 24.9, Midlothian 2.3 18.9, Moray 3.2 18.3,
Na h-Eileanan Siar 2.6 18.5, North Ayrshire 4.0 24.0, North Lanarkshire 3.7 22.7, Orkney Islands 2.8 18.7,
Perth and Kinross 2.5 18.0, Renfrewshire 3.2 20.7, Scottish Borders 3.3 18.6, Shetland Islands 2.1 17.2,
South Ayrshire 3.8 21.0, South Lanarkshire 3.1 20.8, Stirling 3.1 17.9, West Dunbartonshire 3.6 23.8,
West Lothian 3.0 20.9
"""
# Codes that boundary changes of 2018 and 2019 replaced: Fife, Perth and Kinross, North Lanarkshire, Glasgow.
RETIRED = {"S12000015", "S12000024", "S12000044", "S12000046"}


def test_the_areas_are_the_32_councils_with_their_figures() -> None:
    path = ContentFolder().find("areas.csv")
    assert path is not None
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    figures = {row["name"]: (row["unemployment_rate"], row["limited_activity_share"]) for row in rows}
    expected = re.findall(r"([A-Z][^,\d]+) (\d\.\d) (\d+\.\d)", COUNCILS)
    assert figures == {name: (unemployment, limited) for name, unemployment, limited in expected}
    assert len(rows) == 32
    codes = {row["code"] for row in rows}
    assert len(codes) == 32
    assert not codes & RETIRED
    assert all(re.fullmatch(r"S120000\d\d", code) for code in codes)
    assert all(row["gaelic_name"] and row["source"] and row["year"] == "2021/22" for row in rows)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Western Isles", "S12000013"),
        ("comhairle nan eilean siar", "S12000013"),
        ("Glasgow", "S12000049"),
        ("GLASCHU", "S12000049"),
        ("edinburgh, city of", "S12000036"),
        ("Dumfries & Galloway", "S12000006"),
        ("Perth & Kinross Council", "S12000048"),
        ("Dun De", "S12000042"),
        ("Clacks", "S12000005"),
    ],
)
def test_usual_spellings_of_a_council_are_understood(written: str, code: str) -> None:
    assert FEATURES.normalise("area", written).value == code


@pytest.mark.parametrize(
    "written", ["Ayrshire", "Lanarkshire", "Perthshire", "Dunbartonshire", "Lothian", "Stirlingshire"]
)
def test_a_name_that_is_not_one_council_is_not_taken_for_one(written: str) -> None:
    assert FEATURES.normalise("area", written).state == "unknown"


SYNONYMS = yaml.safe_load((content_root() / "features" / "synonyms.yaml").read_text(encoding="utf-8"))
OPTIONS = {item.id: item.options for item in (*CHECKLIST.questions, *CHECKLIST.context)}


@pytest.mark.parametrize("field_id", SYNONYMS["answers"])
def test_no_word_means_two_answers_of_a_question(field_id: str) -> None:
    options = OPTIONS[field_id]
    owner: dict[str, str] = {}
    for option in options:
        for word in (option.id, option.text):
            assert owner.setdefault(fold(word), option.id) == option.id, word
    known = {option.id for option in options} or {"yes", "no"}
    assert set(SYNONYMS["answers"][field_id]) <= known
    for option_id, words in SYNONYMS["answers"][field_id].items():
        for word in words:
            assert owner.setdefault(fold(word), option_id) == option_id, word


def test_words_for_no_answer_are_answers_only_where_the_file_says_so() -> None:
    declined, not_given = ({fold(word) for word in SYNONYMS[name]} for name in ("declined", "not_given"))
    assert not declined & not_given
    taken = {
        field_id
        for field_id, options in SYNONYMS["answers"].items()
        for words in options.values()
        for word in words
        if fold(word) in declined | not_given
    }
    assert taken == {"expectation", "father_qualifications"}


def test_a_cross_is_never_an_answer() -> None:
    """On some sheets a cross means yes, on others no."""
    for question in CHECKLIST.questions:
        for cross in ("x", "X", "✗", "✘", "☒"):
            assert FEATURES.normalise(question.id, cross).state == "unknown"


def test_no_header_names_two_kinds_of_column() -> None:
    owner: dict[str, str] = {}
    headers = SYNONYMS["headers"]
    groups = {**headers["questions"], **headers["context"]}
    groups |= {name: column["words"] for name, column in headers["columns"].items()}
    for name, words in groups.items():
        for word in (name, *words):
            assert owner.setdefault(fold(word), name) == name, word
    assert set(headers["questions"]) == {question.id for question in CHECKLIST.questions}
    assert set(headers["context"]) == {field.id for field in CHECKLIST.context}
    assert {column["keep"] for column in headers["columns"].values()} == {"identifies", "context", "never"}


@pytest.mark.parametrize(
    "name", ["national_insurance", "pay", "absence", "sex", "ethnicity", "signature", "comments", "medical_details"]
)
def test_columns_that_support_does_not_need_are_never_kept(name: str) -> None:
    assert SYNONYMS["headers"]["columns"][name]["keep"] == "never"


@pytest.mark.parametrize(
    ("question", "written", "option"),
    [
        ("qualifications", "Nat 5", "scqf_5"),
        ("qualifications", "O-Grades", "scqf_5"),
        ("qualifications", "5 Highers", "scqf_6"),
        ("qualifications", "HNC", "scqf_7_8"),
        ("qualifications", "BA (Hons)", "scqf_9_plus"),
        ("qualifications", "SVQ3", "scqf_6"),
        ("driving_licence", "Full", "full_clean"),
        ("driving_licence", "✓", "full_clean"),
        ("driving_licence", "prov", "provisional"),
        ("vehicle", "N", "no"),
        ("dependants", "2 kids", "yes"),
        ("dependants", "weans", "yes"),
        ("household", "lone parent", "no_other_adult"),
        ("disability", "☑", "yes"),
    ],
)
def test_what_people_write_is_understood(question: str, written: str, option: str) -> None:
    assert FEATURES.normalise(question, written).value == option


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("qualifications", "standard grade"),
        ("qualifications", "level 6"),
        ("qualifications", "apprenticeship"),
        ("household", "single"),
        ("job_search", "yes"),
        ("vehicle", "company car"),
    ],
)
def test_what_could_mean_two_things_is_not_taken_for_one(question: str, written: str) -> None:
    assert FEATURES.normalise(question, written).state == "unknown"


@pytest.mark.parametrize(("written", "state"), [("PNTS", "declined"), ("tbc", "not_asked"), ("-", "not_asked")])
def test_declined_and_not_given_are_kept_apart(written: str, state: str) -> None:
    assert FEATURES.normalise("qualifications", written).state == state
