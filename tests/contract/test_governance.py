"""Is the governance pack true to the model and the content as they are, and honest about being a draft?"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import triage
from experiments.governance import BLOCKS, PAGES, Pack, by_hand, filled
from tests.contract.pages import ROOT, name_of
from triage.cutoffs.governed import MARKER
from triage.records.periods import load_periods

DRAFT = (
    "**Draft.** This page is a starting point and not legal advice. Nothing on it is in force until your organisation"
    " has completed, checked and signed it."
)
DOCUMENTS = {
    "README",
    "accessibility-statement",
    "appropriate-policy",
    "data-protection-impact-assessment",
    "equality-impact-assessment",
    "lawful-basis",
    "stop-rule",
    "transparency-record",
}
FILES = sorted(PAGES.glob("*.md"))
#: The numbers that may be written by hand: the law, WCAG, and headings that others have numbered.
LAW = r"Articles? \d+[A-Z]?(\(\d\)(\([a-z]\))?)?((, | and | to )\d+[A-Z]?)*|(Act|Regulations) \d{4}|[Ss]ection \d+"
SCHEDULE = r"Schedule \d|Part \d|[Pp]aragraph \d+|regulation \d|\(No\. 2\)"
OTHERS = r"(WCAG|version|\(WCAG\) version) 2\.2|320 pixels|400%|Step \d|Tier \d"
BY_HAND = re.compile(rf"{LAW}|{SCHEDULE}|{OTHERS}")


def plain(text: str) -> str:
    """A text in one line, without the signs of a quotation."""
    return " ".join(text.replace("\n> ", "\n").replace("> **", "**", 1).split())


def figures(page: str) -> list[str]:
    """The numbers of a page outside its generated blocks, with a little of what stands around them."""
    text = re.sub(r"\]\([^)]*\)", "]", by_hand(page))
    text = re.sub(r"^\d+\. ", "", text, flags=re.MULTILINE)
    text = BY_HAND.sub("", " ".join(text.split()))
    return [text[max(0, found.start() - 30) : found.end() + 30] for found in re.finditer(r"\d+", text)]


def read(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return Pack(triage.load())


def test_every_document_is_there() -> None:
    assert {path.stem for path in FILES} == DOCUMENTS


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_figure_is_that_of_the_model_and_the_content(path: Path, pack: Pack) -> None:
    """The model or the content changed and a signed page tells of the old one. Run `make governance`."""
    page = path.read_text(encoding="utf-8")
    assert filled(page, pack) == page
    assert "<!-- generated: versions -->" in page or "<!-- generated:" not in page


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_figure_of_the_model_is_written_by_hand(path: Path) -> None:
    """Nobody would notice that it has gone stale."""
    assert not figures(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_page_says_first_that_it_is_a_draft_and_marks_what_is_to_fill_in(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    lines = page.splitlines()
    assert plain("\n".join(lines[2:4])) == DRAFT
    marked = re.findall(r"\*\*\[Your organisation(?:: [^]]+)?\]\*\*", page)
    assert marked
    named = by_hand(page).count("[Your organisation")
    assert named == len(marked), "every marker looks the same"
    assert not re.search(r"TODO|TBC|TBD|XXX|\[insert|lorem", page, flags=re.IGNORECASE)
    assert "](http://" not in page


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_link_is_dead(path: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if link.startswith("https://"):
            continue
        target, _, place = link.partition("#")
        found = path if not target else (path.parent / target)
        assert found.is_file(), link
        heads = re.findall(r"^#+ (.*)$", found.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert not place or place in {re.sub(r"[^\w\s-]", "", head.lower()).replace(" ", "-") for head in heads}, link


def test_the_first_page_leads_to_every_other() -> None:
    linked = set(re.findall(r"\]\(([a-z-]+)\.md\)", read("README")))
    assert linked == DOCUMENTS - {"README"}


def test_the_marker_is_the_one_that_the_service_refuses_in_cut_offs() -> None:
    assert f"**{MARKER} what is needed here]**" in read("README")


# ------------------------------------------------------------------------- what has to be said


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("data-protection-impact-assessment", ["Articles 22A to 22D", "Article 22B", "Article 21", "Article 35"]),
        ("data-protection-impact-assessment", [f"## Step {number}:" for number in range(1, 8)]),
        ("data-protection-impact-assessment", ["No client, adviser or disabled person has been consulted"]),
        ("equality-impact-assessment", ["Equality Act 2010", "section 149", "(Scotland) Regulations 2012", "publish"]),
        ("lawful-basis", ["Public task: Article 6(1)(e)", "Article 9(2)(g)", "Schedule 1", "## Why not consent"]),
        ("lawful-basis", ["practice, not legal advice", "Article 21", "Article 22B", "no consent box"]),
        ("appropriate-policy", ["paragraph 39", "Storage limitation", "Practice, not legal advice"]),
        ("accessibility-statement", ["no disabled person has tested this service", "axe-core", "screen reader"]),
        ("accessibility-statement", ["320 pixels", "400% zoom", "Keyboard alone", "This accessibility statement"]),
        ("accessibility-statement", ["## Enforcement procedure", "Equality Advisory and Support Service"]),
        ("stop-rule", ["ltu-triage suspend", "## Who", "## What goes on", "## How scoring starts again"]),
    ],
)
def test_a_page_says_what_it_is_there_for(name: str, says: list[str]) -> None:
    text = " ".join(read(name).split())
    for words in says:
        assert words in text, words


@pytest.mark.parametrize(
    "field",
    [
        "Name", "Description", "Website URL", "Contact email", "Organisation or department", "Team",
        "Senior responsible owner", "External supplier involvement", "Detailed description", "Scope", "Benefit",
        "Previous process", "Alternatives considered", "Process integration", "Provided information",
        "Frequency and scale of usage", "Human decisions and review", "Required training", "Appeals and review",
        "System architecture", "Phase", "Maintenance", "Model input", "Model output", "Model architecture",
        "Model performance", "Datasets and their purposes", "Impact assessments", "Risks",
    ],
)  # fmt: skip
def test_the_transparency_record_has_the_fields_of_the_standard(field: str) -> None:
    assert re.search(rf"^## {re.escape(field)}( \([^)]+\))?$", read("transparency-record"), flags=re.MULTILINE)


def test_each_characteristic_of_the_act_is_looked_at() -> None:
    page = read("equality-impact-assessment")
    for name in (
        "Age", "Disability", "Sex", "Race", "Pregnancy and maternity", "Religion or belief", "Sexual orientation",
        "Gender reassignment", "Marriage and civil partnership",
    ):  # fmt: skip
        assert re.search(rf"^\| {name}", page, flags=re.MULTILINE), name


def test_blocks_tell_the_whole_of_the_content(pack: Pack) -> None:
    """A question or a kind of record that nobody added to a table would be left out of the assessment."""
    for block in (pack.questions_asked(), pack.inputs()):
        assert len(block.splitlines()) == 2 + len(pack.questions)
    assert len(pack.retention().splitlines()) == 2 + len(load_periods().periods)
    asked = [question for question in pack.questions if question.special_category]
    assert len(pack.special().splitlines()) == 2 + len(asked) == 5
    used = "".join(path.read_text(encoding="utf-8") for path in FILES)
    assert all(f"<!-- generated: {name} -->" in used for name in BLOCKS), "a block that no page shows"


def test_the_largest_effect_of_a_question_is_that_of_its_published_odds_ratio(pack: Pack) -> None:
    """The table is worked out from the points that are applied; the card's odds ratios went into them."""
    card = pack.engine.bundle.card
    for row in pack.inputs().splitlines()[2:]:
        label, _, effect, span, _ = row.strip("| ").split(" | ")
        [stated] = re.findall(rf"^\| {re.escape(label)} \| ([\d.]+) \| {re.escape(span)} \|", card, flags=re.MULTILINE)
        assert float(effect) == pytest.approx(float(stated), abs=0.005), label


# ------------------------------------------------------------------------- the checks can fail


@pytest.mark.parametrize(
    "words", ["about 12 in 100", "AUC 0.64", "the top 8%", "kept for 30 days", "1 year", "an odds ratio of 2.2", "18"]
)
def test_a_figure_by_hand_is_found(words: str) -> None:
    assert figures(f"{read('stop-rule')}\nIt is {words}.\n")


def test_a_stale_block_is_found(pack: Pack) -> None:
    page = read("equality-impact-assessment")
    stale = page.replace("| age | Age |", "| age | Aged |")
    assert stale != filled(stale, pack) == page


def test_marks_that_do_not_match_are_refused(pack: Pack) -> None:
    with pytest.raises(ValueError, match="do not match"):
        filled("<!-- generated: limits -->\nWords\n", pack)
    with pytest.raises(ValueError, match="no block 'limit'"):
        filled("<!-- generated: limit -->\n<!-- end -->\n", pack)


def test_the_make_target_writes_them() -> None:
    told = subprocess.run(["make", "-n", "-C", ROOT, "governance"], capture_output=True, encoding="utf-8", check=True)
    assert "-m experiments.governance" in told.stdout
