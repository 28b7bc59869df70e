"""How an adviser goes through an interview in a browser: with the mouse, or with the keyboard alone."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.web.browser import Keyboard
from tests.web.service import Client

if TYPE_CHECKING:
    from playwright.sync_api import Page

SAVE = "Save and go on"


def button(page: Page, name: str) -> None:
    """Press the button with this name."""
    page.get_by_role("button", name=name, exact=True).click()


def client_of(page: Page) -> str:
    """The id of the client whose page this is."""
    found = re.search(r"/clients/([0-9a-f]{32})", page.url)
    assert found, page.url
    return found[1]


def kind_of(page: Page) -> str:
    """How the question of the page is answered: radio, text or select-one."""
    return str(page.locator("#answer").evaluate("el => el.type"))


@dataclass
class Mouse:
    """Goes through an interview with the mouse; counts pages and clicks, and keeps the questions in their order."""

    page: Page
    pages: int = 0
    clicks: int = 0
    asked: list[str] = field(default_factory=list)

    def press(self, name: str) -> None:
        """Press a button that leads to another page."""
        button(self.page, name)
        self.clicks += 1
        self.pages += 1

    def choose(self, label: str) -> None:
        """Choose one of several."""
        self.page.get_by_label(label, exact=True).check()
        self.clicks += 1

    def begin(self) -> None:
        """From the work list to the first question."""
        self.page.goto("/")
        self.page.get_by_role("link", name="Start an interview").click()
        self.choose("By telephone")
        self.press("Go on")
        self.press("I have told the client: go on")
        self.choose("My job has ended")
        for part, text in (("Day", "29"), ("Month", "5"), ("Year", "2026")):
            self.page.get_by_label(part, exact=True).fill(text)
        self.press("Go on to the questions")

    def answer(self) -> None:
        """Give the first answer of the question, or 44, or Falkirk."""
        self.asked.append(self.page.url.rpartition("/")[2])
        kind = kind_of(self.page)
        if kind == "radio":
            self.page.locator("#answer").check()
        elif kind == "text":
            self.page.locator("#answer").fill("44")
        else:
            self.page.locator("#answer").select_option(label="Falkirk")
        self.clicks += 1
        self.press(SAVE)

    def all_questions(self) -> None:
        """Answer until the answers are to be checked."""
        while "/questions/" in self.page.url:
            self.answer()


class Hands:
    """Goes through an interview with the keyboard alone, and looks where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = Keyboard(page)

    def go(self, name: str) -> None:
        """Tab to a link or a button, and press it."""
        self.keys.to(name)
        with self.page.expect_navigation():
            self.keys.press("Enter")

    def choose(self, first: str, wanted: str) -> None:
        """Tab to a group by its first choice, and go down to the wanted one."""
        self.keys.to(first)
        self.keys.press("Space")
        for _ in range(10):
            if self.page.evaluate("document.activeElement.labels[0].innerText").strip() == wanted:
                return
            self.keys.press("ArrowDown")
        raise AssertionError(f"the arrow keys do not reach {wanted!r}")

    def type(self, label: str, text: str) -> None:
        """Tab to a field, and type."""
        self.keys.to(label)
        self.page.keyboard.type(text)

    def answer(self) -> None:
        """The first answer of the question, or 44, or the first area; Enter sends it."""
        label = self.page.locator("#answer").evaluate("el => el.labels[0].innerText.replace(/\\s+/g, ' ').trim()")
        kind = kind_of(self.page)
        self.keys.to(label)
        if kind == "radio":
            self.keys.press("Space")
        elif kind == "text":
            self.page.keyboard.type("44")
        else:
            self.keys.press("ArrowDown")
            self.keys.to(SAVE)
        with self.page.expect_navigation():
            self.keys.press("Enter")


def first_answer(page: str) -> str:
    """The first of the choices of a question, or a number that fits."""
    chosen = re.search(r'<input[^>]*name="answer"[^>]*type="radio" value="([^"]+)"', page)
    if chosen:
        return html.unescape(chosen[1])
    listed = re.search(r'<option value="([^"]+)"', page)
    return html.unescape(listed[1]) if listed else "40"


def hold(adviser: Client) -> str:
    """A whole interview without a browser; the client's id."""
    at = adviser.send_form("/clients/new", {"held": "phone"})
    at = adviser.send_form(str(at.url.path), {})
    at = adviser.send_form(str(at.url.path), {})
    while "/questions/" in at.url.path:
        address = str(at.url.path)
        at = adviser.send_form(address, {"answer": first_answer(at.text), "then": "next"}, to=address)
        assert at.status_code == 200, (address, at.text)
    return at.url.path.split("/")[2]
