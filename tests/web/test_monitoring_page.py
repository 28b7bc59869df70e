"""Can anybody read the monitoring page, at any width and without a network, and is what is simulated called so?"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import triage
from tests.casework import BEGIN
from tests.monitored import answer, changed, fill, over_months, own_desk, people
from tests.web.browser import Keyboard, NewPage, axe, picture, sideways, unseen
from tests.web.test_evaluation_page import Reader
from triage.evaluation import Settings
from triage.monitoring import Wanted, monitor
from triage.monitoring.page import monitoring_page
from triage.monitoring.rules import load_rules
from triage.monitoring.write import lines, write_monitoring

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, shipped_engine: triage.Engine
) -> dict[str, Any]:
    """Everything that the page can show: drift, changes, outcomes, a challenger, hidden counts, an odd name."""
    with own_desk(tmp_path_factory.mktemp("page"), sqlite_template, shipped_engine) as desk:
        ways = ("same", "same", "same", "more", "less")
        clients = [replace(client, way=ways[place % 5]) for place, client in enumerate(people(600))]
        fill(desk, changed(over_months(clients, 3), answer("age", 61), BEGIN + timedelta(days=56)))
        desk.clock.move(days=500)
        wanted = Wanted(simulated=True, challenger=shipped_engine, settings=Settings(resamples=20))
        found = monitor(desk.service, desk["analyst"], wanted)
    found["missing"]["offices"][0]["name"] = "<b>Falkirk</b> & more"
    return found


@pytest.fixture(scope="module")
def page(data: dict[str, Any]) -> Reader:
    reader = Reader()
    reader.feed(monitoring_page(data, load_rules().drift))
    reader.close()
    return reader


def test_the_page_works_in_a_browser_from_a_file(data: dict[str, Any], new_page: NewPage, tmp_path: Path) -> None:
    write_monitoring(data, load_rules().drift, tmp_path, False)
    view = new_page()
    view.goto((tmp_path / "monitoring.html").as_uri())
    assert axe(view) == []
    assert sideways(view) == []
    picture(view, "monitoring")
    view.set_viewport_size({"width": 320, "height": 800})
    stops = Keyboard(view).walk()
    assert len(stops) == view.locator(".wide").count()
    assert unseen(stops) == []


def test_tags_close_ids_are_single_and_headings_go_down_one_step(page: Reader) -> None:
    assert (page.wrong, page.open) == ([], [])
    ids = Counter(attrs["id"] for _, attrs in page.tags if "id" in attrs)
    assert [name for name, count in ids.items() if count > 1] == []
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    names = [attrs["aria-label"] for _, attrs in page.tags if attrs.get("role") == "region"]
    assert len(set(names)) == len(names)


def test_it_needs_nothing_from_elsewhere_and_runs_nothing(page: Reader, data: dict[str, Any]) -> None:
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "img", "iframe", "object"})
    text = monitoring_page(data, load_rules().drift)
    assert not re.search(r"http|@import|url\(|<b>", text)
    assert "&lt;b&gt;Falkirk&lt;/b&gt; &amp; more" in text


def test_simulated_people_are_called_so_everywhere(page: Reader, data: dict[str, Any]) -> None:
    assert page.text["title"][0].startswith("Simulated people")
    captions = page.text["caption"] + page.text["figcaption"]
    assert len(captions) > 15
    assert [text for text in captions if not text.startswith("Simulated people. ")] == []
    assert "simulated people" in lines(data)[0]
    real = monitoring_page({**data, "simulated": False, "title": "how does it do?"}, load_rules().drift)
    assert "Simulated people" not in real


def test_every_part_is_there_and_says_how_to_read_it(page: Reader, data: dict[str, Any]) -> None:
    assert page.text["h2"] == [
        "Read this first", "What calls for somebody to look?", "Are the scores spread as before?",
        "Are the answers as before?", "What stays unanswered?", "Do the figures come true?",
        "Whom do the cut-offs reach?", "What do advisers change?", "What would another model have said?",
        "How these figures were made",
    ]  # fmt: skip
    text = monitoring_page(data, load_rules().drift)
    for words in ("no proof of anything", "Not collected beside the outcomes", "never linked to a score",
                  "Yurdakul", "within chance", "Nothing of it was written to the records"):  # fmt: skip
        assert words.lower() in text.lower(), words
    plain = re.sub(r"<[^>]*>", " ", text[text.index("</style>") :]).lower()
    for word in ("high-risk", "failure", "barrier", "deficit", "nan", "none", "inf"):
        assert not re.search(rf"\b{word}\b", plain), word


def test_before_outcomes_and_decisions_the_page_says_that_it_cannot_tell(data: dict[str, Any]) -> None:
    early = {
        **data, "outcomes": {"told": False, "why": "No outcome is known yet."}, "alerts": [], "shadow": None,
        "changes": {**data["changes"], "decisions": None},
        "missing": {"people": None, "offices": [], "early_counts_as_not_asked": False, "questions": []},
    }  # fmt: skip
    text = monitoring_page(early, load_rules().drift)
    assert "That cannot be told yet. No outcome is known yet." in text
    assert "Nothing, by the rules in force." in text
    assert "Too few decisions were taken to tell." in text
    assert "What would another model have said?" not in text
