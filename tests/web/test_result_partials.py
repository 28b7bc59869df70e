"""Can everybody read the result: seen, heard, narrow, on paper, in set colours; and does nothing in it ever run?"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import triage
from tests.web.browser import NewPage, axe, picture, sideways
from tests.web.gallery_pages import Served, serving
from tests.web.result_pages import (
    DAY,
    ENGINE,
    FEW,
    HAS_JOB,
    HEAVY,
    PERSON,
    SERVICES,
    part,
    result_page,
    sheet_page,
    view,
)
from triage.content import content_root
from triage.web.result import sheet_of, view_of, view_of_stored, what_changed

SCRIPT = "<script>document.title='hacked'</script>\"'&{}"


def pages() -> dict[str, str]:
    """Every part in every state."""
    score, before = ENGINE.score(PERSON, on=DAY), ENGINE.score(PERSON | {"disability": "no"}, on=DAY).to_dict()
    kept = score.to_dict()
    earlier = kept | {"versions": kept["versions"] | {"model": "evidence-2020.9"}}
    told: dict[str, Any] = {
        "agreed": ["Career development with Skills Development Scotland, by 3 December 2026"],
        "contacts": ["Morag Example, Falkirk office", "Telephone 0800 000 0000"],
        "reference": "K7QM-2XRD",
    }
    return {
        "result": result_page(view(PERSON), what_changed(before, score, ENGINE)),
        "result-heavy": result_page(view(HEAVY)),
        "result-few": result_page(view(FEW)),
        "result-job": result_page(view(HAS_JOB)),
        "result-paper": result_page(view(PERSON, apart=True), printed=True),
        "result-earlier": result_page(view_of_stored(earlier, ENGINE, SERVICES, DAY)),
        "result-none": result_page(view({})),
        "sheet": sheet_page(sheet_of(kept, ENGINE, SERVICES, DAY, decided="enhanced", with_figure=True, **told)),
        "sheet-objected": sheet_page(sheet_of(None, ENGINE, SERVICES, DAY, objected=True, **told)),
    }


NAMES = tuple(pages())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("result")) as found:
        for name, html in pages().items():
            found.put(name, html)
        yield found


@pytest.mark.parametrize("name", NAMES)
def test_no_part_has_an_accessibility_problem_wide_or_narrow(name: str, served: Served, page: Page) -> None:
    page.goto(served.page(name))
    assert axe(page) == []
    picture(page, f"parts-{name}")
    page.set_viewport_size({"width": 320, "height": 800})
    assert axe(page) == []
    assert sideways(page) == []
    picture(page, f"parts-{name}-narrow")


def test_the_picture_is_heard_and_the_bars_are_a_table(served: Served, page: Page) -> None:
    page.goto(served.page("result"))
    image = page.get_by_role("img", name="about 13 in 100")
    assert image.count() == 1
    assert image.locator("desc").text_content() == view(PERSON).figure.description  # type: ignore[union-attr]
    assert image.locator("rect").count() + image.locator("circle").count() == 100
    assert image.locator("rect").count() == 13
    table = page.get_by_role("table", name="How each answer moved the figure")
    rows = table.get_by_role("row")
    fall = view(PERSON).waterfall
    assert fall is not None
    assert rows.count() == len(fall.steps) + 1
    for place, step in enumerate(fall.steps, start=1):
        said = re.sub(r"\s+", " ", rows.nth(place).inner_text())
        assert said.endswith(f"{step.log_odds} {step.odds}")
        assert step.label in said
        assert step.answer in said


def test_up_and_down_differ_without_colour(served: Served, page: Page) -> None:
    """By fill, and by the side on which the point is; the same where the system sets the colours."""
    for colours in ("none", "active"):
        page.emulate_media(forced_colors=colours)  # type: ignore[arg-type]
        page.goto(served.page("result"))
        fills = "all => all.map(el => getComputedStyle(el).fill)"
        up = page.locator(".result-bar__up").evaluate_all(fills)
        down = page.locator(".result-bar__down").evaluate_all(fills)
        assert set(down) == {"none"}
        assert len(set(up)) == 1
        # The marks stand out against what is behind them.
        ink = page.locator(".result-marks").evaluate("el => getComputedStyle(el).color")
        ground = page.locator(".result-figure").evaluate("el => getComputedStyle(el).backgroundColor")
        assert ink != ground
        assert set(page.locator(".result-marks rect").evaluate_all(fills)) == {ink}
        drawn = page.locator(".result-marks svg, .result-key svg, .result-bar svg").evaluate_all(
            "all => all.map(el => getComputedStyle(el).color)"
        )
        text = page.locator(".result-figure__sentence").evaluate("el => getComputedStyle(el).color")
        assert set(drawn) == {text if colours == "active" else ink}
        picture(page, f"parts-result-colours-{colours}")


def test_a_link_to_a_service_opens_it(served: Served, new_page: NewPage) -> None:
    page = new_page(script=False)
    page.goto(served.page("result"))
    link = page.locator(".result-list a").first
    name = link.inner_text()
    partners = page.locator(".result-service", has=page.get_by_text(name, exact=True)).locator(".result-offers")
    assert not partners.is_visible()
    link.click()
    assert partners.is_visible()
    assert "Skills Development Scotland" in partners.inner_text()


def test_on_paper_everything_is_open_and_in_black(served: Served, page: Page) -> None:
    page.goto(served.page("result-paper"))
    page.emulate_media(media="print")
    for offers in page.locator(".result-offers").all():
        assert offers.is_visible()
    for summary in page.locator(".result-service summary").all():
        assert summary.is_visible()
    assert page.locator(".result-marks").evaluate("el => getComputedStyle(el).color") == "rgb(0, 0, 0)"
    page.goto(served.page("sheet"))
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) <= 2


def test_the_band_never_stands_without_its_warning() -> None:
    """Rule 5, in the parts by themselves: a page may take one and leave the others."""
    found = view(PERSON)
    assert found.warning
    assert found.warning.replace('"', "&#34;") in part("headline", view=found)
    for name in ("figure", "strengths", "support", "waterfall", "unasked"):
        assert found.band is not None
        assert found.band.name not in part(name, view=found)


# --- hostile content


@pytest.fixture
def hostile(tmp_path: Path) -> triage.Engine:
    """An engine whose areas and bands are called by scripts."""
    root = content_root()
    areas = (root / "features" / "areas.csv").read_text(encoding="utf-8").replace("Falkirk", f'"{quoted(SCRIPT)}"', 1)
    (tmp_path / "areas.csv").write_text(areas, encoding="utf-8")
    cutoffs = (root / "models" / "cutoffs" / "default.yaml").read_text(encoding="utf-8")
    for name in ("PACE support", "Everything that PACE offers to everyone: information, events"):
        assert f'"{name}' in cutoffs
        cutoffs = cutoffs.replace(f'"{name}', f'"{SCRIPT.replace(chr(34), chr(92) + chr(34))}{name}')
    (tmp_path / "cutoffs.yaml").write_text(cutoffs, encoding="utf-8")
    return triage.load(areas=tmp_path / "areas.csv", cutoffs=tmp_path / "cutoffs.yaml")


def quoted(text: str) -> str:
    return text.replace('"', '""')


def test_nothing_that_is_shown_runs(hostile: triage.Engine, served: Served, page: Page) -> None:
    score = hostile.score(PERSON | {"area": "S12000014"}, on=DAY)
    services = dataclasses.replace(
        SERVICES,
        source=SCRIPT,
        services=tuple(dataclasses.replace(item, name=SCRIPT, can_help_with=SCRIPT) for item in SERVICES.services),
        partners=tuple(dataclasses.replace(item, name=SCRIPT) for item in SERVICES.partners),
        offers=tuple(dataclasses.replace(item, contact=SCRIPT, area=SCRIPT) for item in SERVICES.offers),
    )
    kept = score.to_dict()
    bad = kept | {
        "versions": {"model": SCRIPT, "checklist": SCRIPT, "cutoffs": SCRIPT},
        "answers": kept["answers"] | {SCRIPT: SCRIPT, "qualifications": SCRIPT, "area": SCRIPT},
        "contributions": kept["contributions"] | {SCRIPT: 0.0},
        "band": SCRIPT,
        "bands_possible": [SCRIPT, "standard"],
    }
    sheet = {"agreed": [SCRIPT], "contacts": [SCRIPT], "reference": SCRIPT, "with_figure": True}
    found = {
        "hostile": result_page(view_of(score, hostile, services, DAY), what_changed(bad, score, hostile)),
        "hostile-earlier": result_page(view_of_stored(bad, hostile, services, DAY)),
        "hostile-sheet": sheet_page(sheet_of(kept, hostile, services, DAY, **sheet)),
        "hostile-sheet-earlier": sheet_page(sheet_of(bad, hostile, services, DAY, **sheet)),
    }
    for name, html in found.items():
        assert "<script>document" not in html
        assert html.count("&lt;script&gt;document") > 3, name
        page.goto(served.put(name, html))
        assert "hacked" not in page.title()
        assert sideways(page) == [], name
