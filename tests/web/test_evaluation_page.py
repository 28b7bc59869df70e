"""Can everybody read the page of an evaluation: well-formed, in order, named, without network, script or colour?"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from tests.evaluation_people import displaced
from triage.evaluation import Settings, evaluate
from triage.evaluation.page import evaluation_page
from triage.evaluation.write import lines

VOID = {"meta"}


class Reader(HTMLParser):
    """Notes every tag with its attributes and text, and what is not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"{tag} at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if self.open and data.strip():
            self.text.setdefault(self.open[-1], []).append(data.strip())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    engine, outcomes = displaced(tmp_path_factory.mktemp("page"))
    notes = {"support": np.where(np.arange(len(outcomes)) % 3 == 0, "coaching", "").astype(object)}
    given = replace(outcomes, simulated=True, notes=notes, source="<made & up>.csv")
    return evaluate(engine, given, settings=Settings(resamples=40)).data


@pytest.fixture(scope="module")
def page(data: dict[str, Any]) -> Reader:
    reader = Reader()
    reader.feed(evaluation_page(data))
    reader.close()
    return reader


def test_every_tag_is_closed_in_order_and_every_id_is_one_of_a_kind(page: Reader) -> None:
    assert page.wrong == []
    assert page.open == []
    ids = Counter(attrs["id"] for _, attrs in page.tags if "id" in attrs)
    assert [name for name, count in ids.items() if count > 1] == []
    named = {attrs["aria-labelledby"] for _, attrs in page.tags if "aria-labelledby" in attrs}
    assert named <= set(ids)


def test_headings_go_down_one_step_at_a_time(page: Reader) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_it_is_in_british_english_and_needs_nothing_from_elsewhere(page: Reader, data: dict[str, Any]) -> None:
    assert ("html", {"lang": "en-GB"}) in page.tags
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "img", "iframe", "object"})
    text = evaluation_page(data)
    assert "http" not in text
    assert "@import" not in text
    assert "url(" not in text


def test_every_table_has_a_caption_and_scopes_and_every_plot_a_text(page: Reader) -> None:
    tables = sum(tag == "table" for tag, _ in page.tags)
    assert tables > 10
    assert len(page.text["caption"]) == tables
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in page.tags if tag == "th")
    drawings = [attrs for tag, attrs in page.tags if tag == "svg"]
    assert len(drawings) >= 4
    assert all(attrs["role"] == "img" and attrs["aria-label"] for attrs in drawings)
    assert len(page.text["figcaption"]) == len(drawings)


def test_what_scrolls_can_be_reached_by_keyboard_and_has_a_name_of_its_own(page: Reader) -> None:
    regions = [attrs for _, attrs in page.tags if attrs.get("role") == "region"]
    assert all(attrs["tabindex"] == "0" for attrs in regions)
    names = [attrs["aria-label"] for attrs in regions]
    assert len(set(names)) == len(names)


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_stands_out_and_no_hue_but_blue_is_used(data: dict[str, Any]) -> None:
    text = evaluation_page(data)
    for colour in set(re.findall(r"[{;]color:(#[0-9a-f]{3,6})", text)) | set(
        re.findall(r'<text[^>]*fill="(#\w+)"', text)
    ):
        assert 1.05 / (luminance(colour) + 0.05) >= 7, colour
    for colour in set(re.findall(r"#[0-9a-f]{6}\b", text)):
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        assert red <= green <= blue, f"{colour} is neither grey nor blue"


def test_simulated_people_are_called_so_in_the_title_and_every_caption(page: Reader) -> None:
    assert page.text["title"][0].startswith("Simulated people")
    assert page.text["h1"][0].startswith("Simulated people")
    own = [text for text in page.text["caption"] + page.text["figcaption"] if not text.startswith("Another model")]
    assert [text for text in own if not text.startswith("Simulated people. ")] == []


def test_the_dwp_figures_stand_last_as_an_inference_and_never_among_ours(page: Reader, data: dict[str, Any]) -> None:
    text = evaluation_page(data)
    at = text.index("DWP")
    assert at > text.index('id="method"')
    assert "inference" in text[at:]
    assert not any("DWP" in line for line in lines(data))


def test_it_opens_with_five_figures_and_speaks_of_people_with_answers_like_these(
    page: Reader, data: dict[str, Any]
) -> None:
    assert page.text["h2"][:2] == ["Read this first", "Five figures"]
    assert len(page.text["h3"][:5]) == 5
    text = evaluation_page(data).lower()
    assert "people with answers like these" in text
    for word in ("high-risk", "failure", "barrier", "deficit", "nan", "none", "inf"):
        assert not re.search(rf"\b{word}\b", re.sub(r"<[^>]*>", " ", text[text.index("</style>") :])), word


def test_words_of_the_file_are_shown_as_they_are_and_never_as_markup(page: Reader, data: dict[str, Any]) -> None:
    assert "&lt;made &amp; up&gt;.csv" in evaluation_page(data)
    assert any("<made & up>.csv" in text for text in page.text["p"])
