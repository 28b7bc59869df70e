"""Do `ltu-triage checklist` and `ltu-triage services` do what is asked, and say plainly why when they cannot?"""

from __future__ import annotations

import argparse
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from triage.cli import checklist as door
from triage.errors import UserError

TINY = str(Path(__file__).parents[1] / "golden" / "tiny")


def run(*words: str) -> int:
    """The exit code of `ltu-triage WORDS`."""
    parser = argparse.ArgumentParser()
    door.add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(words)
    code = args.func(args)
    assert isinstance(code, int)
    return code


def test_json_gives_programs_every_question_and_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("checklist", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["id"], data["version"]) == ("pace", "pace-2021.1")
    assert len(data["questions"]) == 18
    assert data["questions"][3]["number"] == {"unit": "years", "from": 16, "to": 75, "whole": True}
    assert data["label"]["outcome"] == "not in paid work"


@pytest.mark.parametrize(
    ("name", "start"),
    [("form.html", "<!DOCTYPE"), ("form.HTM", "<!DOCTYPE"), ("form.txt", "Talking about")],
)
def test_a_form_is_written_in_the_kind_that_its_name_says(tmp_path: Path, name: str, start: str) -> None:
    assert run("checklist", "--form", "-o", str(tmp_path / name)) == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["checklist", "--form", "-o", "form.pdf"], "a form is written as .html or as .txt"),
        (["checklist", "--text"], "--text goes with --form"),
        (["checklist", "--checklist", "no-such-folder"], "There is no checklist.yaml in no-such-folder"),
        (["checklist", "-o", "no-such-folder/list.txt"], "cannot be written"),
        (["services", "--area", "Fif"], "There is no area 'Fif' here. Did you mean 'Fife'?"),
        (["services", "--area", "Narthtown", "--checklist", TINY], "Did you mean 'Northtown'"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(words: list[str], message: str) -> None:
    with pytest.raises(UserError) as caught:
        run(*words)
    assert message in str(caught.value)


def test_a_date_that_is_not_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("services", "--on", "31/10/2026")
    assert "Write it as 2026-10-31." in capsys.readouterr().err


def test_an_area_shows_its_own_offers_and_those_for_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    run("services", "--on", "2026-10-31")
    everywhere = capsys.readouterr().out
    run("services", "--on", "2026-10-31", "--area", "Eilean Siar")
    assert capsys.readouterr().out == everywhere
    run("services", "--checklist", TINY, "--area", "southtown", "--on", "2026-10-31")
    assert "Northtown" not in capsys.readouterr().out


def test_an_organisation_without_an_event_form_is_told(tmp_path: Path) -> None:
    text = (Path(TINY) / "checklist.yaml").read_text(encoding="utf-8")
    (tmp_path / "checklist.yaml").write_text(re.sub(r"    event_form: \d\n", "", text), encoding="utf-8")
    with pytest.raises(UserError, match="names no question for the event form"):
        run("checklist", "--form", "event", "--checklist", str(tmp_path))


class Page(HTMLParser):
    """Tags and addresses of a page, and whether every tag is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("words", [[], ["event"], ["--checklist", TINY], ["event", "--checklist", TINY]])
def test_a_form_is_one_sound_page_that_fetches_nothing(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """It opens on a computer with no network, and a screen reader finds its way."""
    run("checklist", "--form", *words)
    text = capsys.readouterr().out
    page = Page(text)
    assert page.open == []
    assert page.tags.count("h1") == (2 if "event" in words else 1), "the event form is printed twice on one sheet"
    assert ("lang", "en-GB") in page.attributes
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name in ("src", "href")]
    assert "url(" not in text
    assert "@import" not in text


def test_a_form_shows_no_score_and_no_points(capsys: pytest.CaptureFixture[str]) -> None:
    run("checklist", "--form", "--text")
    text = " ".join(capsys.readouterr().out.split())
    assert "There is no score to work out" in text
    assert "%" not in text
    assert "in 100" not in text


def luminance(colour: str) -> float:
    """Relative luminance of a colour such as #003a70 (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(sign * 2 for sign in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_ink_can_be_read_on_every_ground(capsys: pytest.CaptureFixture[str]) -> None:
    """Contrast of at least 7 to 1 for words (WCAG AAA; AA asks for 4.5)."""
    run("checklist", "--form")
    text = capsys.readouterr().out
    inks = set(re.findall(r"[^-]color:(#[0-9a-f]+)", text))
    grounds = set(re.findall(r"background:(#[0-9a-f]+)", text))
    assert inks
    assert grounds
    for ink in inks:
        for ground in grounds:
            dark, light = sorted((luminance(ink), luminance(ground)))
            assert (light + 0.05) / (dark + 0.05) >= 7, f"{ink} on {ground}"
