"""What do the scripts of a page add? A second click is not sent, what is left is counted, progress shows itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.web.gallery_pages import Served, gallery_page, serving


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("gallery")) as served:
        yield served


def test_two_clicks_send_a_form_once_and_the_back_button_lets_it_be_sent_again(gallery: Served, page: Page) -> None:
    gallery.sent.clear()
    page.goto(gallery.page("question"))
    page.get_by_label("No licence").check()
    button = page.get_by_role("button", name="Continue")
    button.evaluate("el => { el.click(); el.click(); el.click(); }")
    page.wait_for_url("**/finished.html")
    assert len(gallery.sent) == 1
    page.go_back()
    expect(button).not_to_have_attribute("aria-disabled", "true")
    page.get_by_label("No licence").check()
    button.click()
    page.wait_for_url("**/finished.html")
    assert len(gallery.sent) == 2


def test_a_button_with_a_value_sends_it(gallery: Served, page: Page) -> None:
    gallery.sent.clear()
    page.goto(gallery.page("question"))
    page.get_by_role("button", name="Save and come back later").click()
    page.wait_for_url("**/finished.html")
    assert "then=later" in gallery.sent[0]


def test_the_characters_that_are_left_are_counted_and_said(gallery: Served, page: Page) -> None:
    page.goto(gallery.page("parts"))
    note, left = page.get_by_label("Note"), page.locator("#limit-note")
    expect(left).to_have_text("Up to 200 characters")
    note.fill("x" * 199)
    expect(left).to_have_text("1 character left")
    note.fill("x" * 202)
    expect(left).to_have_text("2 characters too many")
    expect(page.locator("#limit-note + [aria-live=polite]")).to_have_text("2 characters too many")


def test_progress_shows_itself_and_ends_with_the_page_anew(gallery: Served, page: Page) -> None:
    html = gallery_page("parts").replace('data-refresh="2"', 'data-refresh="0.2"')
    page.goto(gallery.put("work", html))
    text = page.locator("#scoring-text")
    expect(text).to_have_text("312 of 500 rows are scored")
    assert not page.get_by_text("See how far it is now").is_visible()
    page.get_by_label("Client reference").fill("typed meanwhile")
    gallery.put("work", html.replace("312", "444"))
    expect(text).to_have_text("444 of 500 rows are scored")
    expect(page.locator("#scoring progress")).to_have_attribute("value", "444")
    expect(page.get_by_label("Client reference")).to_have_value("typed meanwhile")
    gallery.put("work", html.replace("312", "500").replace(' data-refresh="0.2"', ""))
    expect(text).to_have_text("500 of 500 rows are scored")
    expect(page.get_by_label("Client reference")).to_have_value("K7QM-2XRD")
