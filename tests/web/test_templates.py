"""Is a page made safely, and of files that are what they are said to be?"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest
from jinja2.exceptions import UndefinedError

from tests.web.gallery_pages import ERRORS, GALLERY, gallery_page
from triage.web.templates import STATIC, Brand, Logo, environment, static

TEMPLATES = STATIC.parent / "templates"
PARTS = sorted(TEMPLATES.glob("parts/*.html"))
DESIGN_SYSTEM = STATIC / "design-system"
VENDOR = Path(__file__).parent / "vendor"


def page(body: str, **values: object) -> str:
    text = '{% extends "base.html" %}{% block title %}T{% endblock %}{% block main %}' + body + "{% endblock %}"
    return environment().from_string(text).render(**values)


def test_what_is_shown_is_never_markup() -> None:
    html = gallery_page("problems", errors={**ERRORS, "reference": "<script>alert(1)</script>"})
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    assert "Mr &lt;b&gt;Smith&lt;/b&gt;" in html


def test_a_value_cannot_leave_its_attribute() -> None:
    body = '{% from "parts/forms.html" import text_input %}{{ text_input("a", "A", value=value) }}'
    assert 'value="&#34; onfocus=&#34;x"' in page(body, value='" onfocus="x')


def test_a_value_that_is_missing_is_an_error_and_so_is_a_page_without_a_title() -> None:
    with pytest.raises(UndefinedError, match="absent"):
        page("{{ absent }}")
    with pytest.raises(UndefinedError, match="csrf"):
        page("{{ csrf_field() }}")
    with pytest.raises(Exception, match="Required block 'title'"):
        environment().from_string('{% extends "base.html" %}{% block main %}{% endblock %}').render()


def test_the_hidden_fields_need_no_import_and_allow_it() -> None:
    plain = page("{{ csrf_field() }}", csrf='to"ken')
    imported = page('{% from "parts/forms.html" import csrf_field %}{{ csrf_field() }}', csrf='to"ken')
    assert '<input type="hidden" name="csrf" value="to&#34;ken">' in plain
    assert plain == imported


def test_each_form_that_counts_once_has_an_id_of_its_own() -> None:
    found = re.findall(r'name="submission" value="([0-9a-f]{32})"', page("{{ once_field() }}{{ once_field() }}"))
    assert len(set(found)) == 2


def test_the_name_and_the_logo_are_those_of_the_deployment() -> None:
    assert "<title>T – Redundancy support checklist</title>" in page("x")
    assert "<img" not in page("x")
    html = page("x", brand=Brand("Falkirk support", Logo("/logo", "Falkirk <Council>")))
    assert "<title>T – Falkirk support</title>" in html
    assert 'src="/logo" alt="Falkirk &lt;Council&gt;"' in html


def test_the_address_of_a_static_file_changes_with_the_file() -> None:
    digest = sha256((STATIC / "ltu.css").read_bytes()).hexdigest()
    assert static("ltu.css") == f"/static/ltu.css?v={digest[:12]}"


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.stem)
def test_no_template_holds_a_script_or_a_style_or_asks_elsewhere(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    # A link asks for nothing until somebody follows it.
    text = re.sub(r'<a href="https://[^"{}]+">', "", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|https?://", text)
    assert re.findall(r"<script[^>]*>", text) == (
        ["<script src=\"{{ static('ltu.js') }}\" defer>"] if template.name == "base.html" else []
    )


def test_every_macro_is_in_the_gallery_and_says_what_it_takes() -> None:
    gallery = "".join(path.read_text(encoding="utf-8") for path in GALLERY.glob("*.html"))
    for part in PARTS:
        text = part.read_text(encoding="utf-8")
        assert text.startswith("{#"), part.name
        for name in re.findall(r"{% macro ([a-z]\w*)\(", text):
            if name in ("error_summary", "hidden"):  # base.html and the environment call them
                continue
            assert re.search(rf"\b{name}\(", gallery), f"{name} of {part.name}"
            assert re.search(rf"#}}\n{{% macro {name}\(", text), f"{name} of {part.name} has no comment"


def test_what_is_vendored_is_unchanged() -> None:
    for folder in (DESIGN_SYSTEM, VENDOR):
        readme = (folder / "README.md").read_text(encoding="utf-8")
        written = dict(re.findall(r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$", readme, flags=re.MULTILINE))
        there = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
        assert there.pop("README.md")
        assert written == there


def test_the_styles_ask_for_nothing_and_bring_no_font_and_no_picture() -> None:
    assert {path.suffix for path in STATIC.rglob("*") if path.is_file()} == {".css", ".js", ".md", ".txt"}
    for sheet in STATIC.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert "@import" not in text
        assert "@font-face" not in text
        assert [address for address in re.findall(r"url\(([^)]*)\)", text) if not address.startswith('"data:')] == []
