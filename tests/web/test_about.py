"""Can everybody read what is kept of them, and does the logo show a picture and nothing else?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.browser import Keyboard, axe, picture, sideways, unseen
from tests.web.service import Live
from triage.web.settings import Brand, WebSettings

if TYPE_CHECKING:
    from playwright.sync_api import Page

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><rect width="80" height="40" fill="#002d54"/></svg>'
)


@pytest.fixture
def web_settings(tmp_path: Path) -> WebSettings:
    """A service with a name, a logo and somebody to ask."""
    (tmp_path / "logo.svg").write_text(SVG, encoding="utf-8")
    brand = Brand(name="Redundancy support <Falkirk>", logo="logo.svg", logo_text="Example Council")
    return WebSettings(brand, secure=False, demonstration=True, folder=tmp_path, contact="privacy@example.org")


def test_the_notice_says_what_is_kept_and_what_can_be_asked_for(live: Live) -> None:
    page = live.client().get("/privacy").text
    questions = live.service.engines.now.checklist.questions
    health = [question.label.lower() for question in questions if question.special_category]
    assert len(health) > 1
    assert ", ".join(health) in page
    for text in ("privacy@example.org", "3 years", "30 days", "10 working days", "Never an employer", "demonstration"):
        assert text in page
    assert all(line in page for line in live.service.engines.now.words.wording.permitted_use.text)
    assert 'type="checkbox"' not in page


def test_everybody_may_read_these_pages(live: Live) -> None:
    for who in ("", "adviser", "analyst", "administrator"):
        for path in ("/privacy", "/accessibility"):
            answer = live.client(who).get(path)
            assert (answer.status_code, answer.url.path) == (200, path)


def test_the_logo_is_shown_and_can_do_no_harm(live: Live) -> None:
    answer = live.client().get("/logo")
    assert answer.text == SVG
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    page = live.client().get("/privacy").text
    assert 'src="/logo" alt="Example Council"' in page
    assert "Redundancy support &lt;Falkirk&gt;" in page


class TestNoLogo:
    """What the logo must not give away."""

    @pytest.fixture(params=["", "nowhere.png", "keys/secret.key", "notes.html", "../outside.png", "linked.png"])
    def web_settings(self, request: pytest.FixtureRequest, tmp_path: Path) -> WebSettings:
        folder = tmp_path / "data"
        (folder / "keys").mkdir(parents=True)
        for path in (folder / "keys" / "secret.key", folder / "notes.html", tmp_path / "outside.png"):
            path.write_text("secret", encoding="utf-8")
        (folder / "linked.png").symlink_to(folder.parent / "outside.png")
        return WebSettings(Brand(logo=request.param), secure=False, folder=folder)

    def test_only_a_picture_of_the_data_folder_is_served(self, live: Live) -> None:
        answer = live.client().get("/logo")
        assert answer.status_code == 404
        assert "secret" not in answer.text


def test_the_pages_are_accessible(live: Live, new_page: Callable[..., Page]) -> None:
    page = new_page(base_url=live.address)
    found = {}
    for name in ("privacy", "accessibility"):
        page.goto(f"/{name}")
        found[name] = axe(page) + sideways(page) + unseen(Keyboard(page).walk())
        picture(page, name)
    assert found == {"privacy": [], "accessibility": []}
