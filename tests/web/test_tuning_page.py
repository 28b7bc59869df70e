"""Does a slider show exactly what the sweep says, to everybody: by mouse, keyboard, ear, on paper, without scripts?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.evaluation_people import displaced
from tests.tuning_people import made
from tests.tuning_sample import sample_data
from tests.web.browser import Keyboard, NewPage, axe, picture, sideways, unseen
from triage.evaluation import Settings
from triage.tuning import Scores, tune
from triage.tuning.page import tuning_page
from triage.tuning.page.groups import gap
from triage.tuning.page.numbers import of_100
from triage.tuning.page.sweep import Sweep, point
from triage.tuning.page.words import at_cutoff, marks, short

pytestmark = pytest.mark.slow

INTENSIVE = "Cut-off for “PACE support with your own adviser”"


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    """What `ltu-triage tune` wrote, of simulated people."""
    return made().data


@pytest.fixture(scope="module")
def sweep(data: dict[str, Any]) -> Sweep:
    return Sweep(data)


@pytest.fixture(scope="module")
def file(data: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> str:
    return put(tmp_path_factory.mktemp("tuning"), data)


def put(folder: Path, data: dict[str, Any]) -> str:
    """The page on a disk; returns its address."""
    path = folder / "tuning.html"
    path.write_text(tuning_page(data), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def page(new_page: NewPage, file: str) -> Page:
    """The page from a disk, with the network off."""
    found = new_page(offline=True)
    asked: list[str] = []
    found.context.on("request", lambda request: asked.append(request.url))
    found.goto(file)
    assert asked == [file]
    return found


def place(page: Page, band: int, show: str) -> Locator:
    return page.locator(f".cards [data-band='{band}'][data-show='{show}']")


def cell(page: Page, band: int, figure: str) -> Locator:
    return page.locator(f".cards td[data-band='{band}'][data-figure='{figure}']")


def test_every_stop_of_a_slider_shows_what_the_sweep_says(page: Page, sweep: Sweep) -> None:
    """A figure that the script rounds in its own way is another figure than the one in the table and in MLflow."""
    slider = page.get_by_label(INTENSIVE, exact=True)
    below = sweep.starts(sweep.in_force)[0]
    rows = [(item, group) for item in sweep.dimensions for group in item["groups"] if group["shown"]]
    for percent in range(below + 1, sweep.last + 1):
        slider.fill(str(percent))
        shown: dict[str, Any] = page.evaluate(ALL_OF_ONE)
        assert shown["told"] == at_cutoff(sweep, 1, percent)
        assert shown["short"] == short(sweep, percent)
        assert shown["marks"] == [f"{name}. {text}" for name, text in marks(sweep, percent)]
        assert shown["kinds"] == (sweep.tree(percent) or ["?"] * 4)
        for name, text in shown["figures"].items():
            assert text == of_100(sweep.at(name, percent)), (name, percent)
        assert shown["counts"] == {"cases": sweep.cases(percent), "below": sweep.cases_below(percent)}
        for (_, group), told in zip(rows, shown["rows"], strict=True):
            expected = {name: of_100(point(group["curves"][name], percent)) for name in told}
            assert told == expected, (group["name"], percent)
        assert shown["gaps"] == [gap(sweep, item, percent) for item in sweep.dimensions]
    assert set(shown["figures"]) >= {"flagged", "ppv", "sensitivity", "missed", "in_vain", "recall_gap_age"}


#: Everything that the second band shows: what is drawn is counted, what is written is read.
ALL_OF_ONE = """() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const one = show => document.querySelector(`[data-band="1"][data-show="${show}"]`);
  const named = (cells, key) => Object.fromEntries(cells.map(el => [el.dataset[key], el.textContent]));
  const kinds = all('.cards [data-band="1"][data-kind]').map(el => el.textContent);
  const drawn = ["found", "vain", "missed", "rest"].map(kind =>
    all(`svg[data-band="1"][data-show=hundred] use[href="#kind-${kind}"]`).length);
  if (kinds[0] !== "?" && kinds.some((many, place) => Number(many) !== drawn[place])) throw "drawn otherwise";
  return {
    told: one("told").textContent, short: one("short").textContent,
    marks: [...one("marks").children].map(el => el.textContent),
    kinds: kinds.map(many => many === "?" ? many : Number(many)),
    figures: named(all('td[data-band="1"][data-figure]:not([data-row])'), "figure"),
    counts: Object.fromEntries(all('td[data-band="1"][data-count]:not([data-row])')
      .map(el => [el.dataset.count, Number(el.textContent.replaceAll(",", ""))])),
    rows: [...new Set(all('[data-band="1"][data-row]').map(el => el.dataset.row))]
      .map(row => named(all(`[data-band="1"][data-row="${row}"][data-figure]`), "figure")),
    gaps: all('p[data-band="1"][data-gap]').map(el => el.textContent),
  };
}"""


def test_a_keyboard_moves_a_slider_and_what_it_means_is_said_when_it_rests(page: Page, sweep: Sweep) -> None:
    start = sweep.starts(sweep.in_force)[1]
    keyboard = Keyboard(page)
    keyboard.to(INTENSIVE)
    for _ in range(3):
        keyboard.press("ArrowRight")
    expect(place(page, 1, "told")).to_have_text(at_cutoff(sweep, 1, start + 3))
    status = page.get_by_role("status")
    expect(status).to_contain_text(f"{start + 3}%. {at_cutoff(sweep, 1, start + 3)}")
    slider = page.get_by_role("slider", name=INTENSIVE)
    expect(slider).to_have_attribute("aria-valuetext", f"{start + 3}%")
    keyboard.press("Home")
    below = sweep.starts(sweep.in_force)[0]
    expect(slider).to_have_value(str(below + 1))
    expect(status).to_contain_text("stays above “PACE support plus a check-in”")
    keyboard.to("Back to the policy in force")
    keyboard.press("Enter")
    expect(slider).to_have_value(str(start))
    expect(place(page, 1, "told")).to_have_text(at_cutoff(sweep, 1, start))


def test_a_number_is_typed_or_refused_in_words(page: Page, sweep: Sweep) -> None:
    number = page.get_by_label(f"{INTENSIVE}, in percent", exact=True)
    number.fill("25")
    expect(place(page, 1, "told")).to_have_text(at_cutoff(sweep, 1, 25))
    expect(page.get_by_label(INTENSIVE, exact=True)).to_have_value("25")
    for text in ("3", "25.5", "400", ""):
        number.fill(text)
        expect(number).to_have_attribute("aria-invalid", "true")
        expect(page.locator("#note-1")).to_contain_text("Give a whole number from")
        expect(place(page, 1, "told")).to_have_text(at_cutoff(sweep, 1, 25))
    number.fill("26")
    expect(page.locator("#note-1")).to_be_empty()


def test_a_week_of_clients_turns_shares_into_people(page: Page, sweep: Sweep) -> None:
    page.get_by_label("Clients in a week", exact=False).fill("250")
    told = sweep.at("flagged", sweep.starts(sweep.in_force)[0])
    value, low, high = ((250 * round(1000 * (told[key] or 0)) + 500) // 1000 for key in ("value", "low", "high"))
    row = page.get_by_role("row", name="Clients offered it in a week").first
    expect(row.locator("td").first).to_have_text(f"{value} ({low} to {high})")


def test_a_policy_is_put_on_the_sliders(page: Page, data: dict[str, Any], sweep: Sweep) -> None:
    policy = data["policies"][1]
    page.get_by_role("button", name=f"Put “{policy['name']}” on the sliders", exact=True).click()
    for band, percent in enumerate(sweep.starts(policy)):
        expect(place(page, band, "percent")).to_have_text(f"{percent}%")
    assert page.evaluate("document.activeElement.id") == "slider-0"


def test_a_line_in_every_plot_goes_along(page: Page) -> None:
    line = page.locator("g[data-band='1'][data-show='now']")
    before = [one.get_attribute("transform") for one in line.all()]
    page.get_by_label(INTENSIVE, exact=True).fill("30")
    after = [one.get_attribute("transform") for one in line.all()]
    assert len(before) >= 3
    assert all(one != other for one, other in zip(before, after, strict=True))
    expect(line.first.locator("text")).to_have_text("30%")


def test_it_has_no_accessibility_problem_in_any_state(new_page: NewPage, tmp_path: Path) -> None:
    """Every kind of part and of mark, on little data: axe-core looks at each cell."""
    page = new_page(offline=True)
    page.goto(put(tmp_path, sample_data(800, dimensions=(3, 2))))
    assert axe(page) == []
    page.get_by_label("Clients in a week", exact=False).fill("250")
    page.get_by_label(f"{INTENSIVE}, in percent", exact=True).fill("3")
    expect(page.locator("#note-1")).not_to_be_empty()
    assert axe(page) == []
    page.get_by_label(INTENSIVE, exact=True).fill("33")
    assert page.get_by_text("Not told apart.").count() > 0
    for details in page.locator("summary").all():
        details.click()
    assert axe(page) == []
    assert sideways(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert axe(page) == []


def test_it_fits_a_narrow_screen(page: Page) -> None:
    page.get_by_label(INTENSIVE, exact=True).fill("17")
    picture(page, "tuning")
    assert sideways(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    picture(page, "tuning-narrow")


def test_a_keyboard_reaches_everything_and_one_sees_where_it_is(page: Page) -> None:
    stops = Keyboard(page).walk()
    assert unseen(stops) == []
    controls = page.locator("input, button, summary, main a")
    assert controls.count() == sum(stop.tag in ("input", "button", "summary", "a") for stop in stops)


def test_without_scripts_everything_is_read_and_nothing_pretends_to_work(
    new_page: NewPage, file: str, sweep: Sweep
) -> None:
    page = new_page(script=False, offline=True)
    page.goto(file)
    assert page.locator("input, button, select").count() == 0
    assert page.locator("[role=status]").count() == 0
    for band, percent in enumerate(sweep.starts(sweep.in_force)):
        expect(place(page, band, "told")).to_have_text(at_cutoff(sweep, band, percent))
    steps = page.get_by_role("table", name="The cut-offs in steps")
    assert steps.locator("tbody th").all_inner_texts() == [f"{percent}%" for percent in sweep.steps]
    page.locator("summary", has_text="at every cut-off").first.click()
    every = page.get_by_role("table", name="Every cut-off. How often")
    assert every.locator("tbody tr").count() == sweep.last
    assert sideways(page) == []
    picture(page, "tuning-no-script")


def test_on_paper_there_is_the_page_and_nothing_to_click(page: Page, sweep: Sweep) -> None:
    page.get_by_label(INTENSIVE, exact=True).fill("27")
    page.emulate_media(media="print")
    expect(place(page, 1, "told")).to_be_visible()
    expect(place(page, 1, "percent")).to_have_text("27%")
    assert [part.is_visible() for part in page.locator("input, button, summary, nav").all()].count(True) == 0
    picture(page, "tuning-paper")


def test_the_largest_sweep_stays_small_and_quick_to_use(new_page: NewPage, tmp_path: Path) -> None:
    """99 cut-offs, eight ways to group people, sixty groups."""
    data = sample_data(4000, dimensions=(6, 32, 2, 4, 4, 4, 4, 4))
    for curve in data["curves"].values():
        curve["value"] = [0.123456 if value is None else value for value in curve["value"]]
    data["counts"]["people"] = [max(people, 1) for people in data["counts"]["people"]]
    file = put(tmp_path, data)
    assert sum(len(item["groups"]) for item in data["groups"]) >= 60
    assert (tmp_path / "tuning.html").stat().st_size < 6_000_000
    page = new_page(offline=True)
    page.goto(file)
    page.get_by_label(INTENSIVE, exact=True).fill("99")
    expect(place(page, 1, "percent")).to_have_text("99%")


def test_another_checklist_is_told_in_its_own_words(new_page: NewPage, tmp_path: Path) -> None:
    engine, outcomes = displaced(tmp_path)
    scores = Scores("never_learned", "", "The model has learned from nobody.")
    data = tune(engine, outcomes, scores, settings=Settings(seed="tuning", resamples=20)).data
    page = new_page(offline=True)
    page.goto(put(tmp_path, data))
    page.get_by_label("Cut-off for “Workforce office with a personal adviser”", exact=True).fill("38")
    expect(place(page, 1, "told")).to_contain_text("were still out of work 26 weeks after their job ended (range")
    assert "PACE" not in page.content()


HOSTILE = (
    "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">{0}&amp;'\u202e"
)


def test_names_from_a_file_are_text_and_never_markup(new_page: NewPage, tmp_path: Path) -> None:
    """Whoever fills in a column of the outcomes must not run anything where an analyst opens the page."""
    bands = tuple((id_, f"{HOSTILE}{id_}", HOSTILE) for id_ in ("standard", "enhanced", "intensive"))
    long = "x" * 400
    data = sample_data(
        800, dimensions=(3, 3), name=lambda way, group: f"{HOSTILE}{long}{way}{group}", bands=bands, title=HOSTILE
    )
    for policy in data["policies"]:
        policy["name"] = f"{HOSTILE}{policy['id']}"
    data["people"]["source"] = data["scores"]["why"] = HOSTILE
    page = new_page(offline=True)
    page.goto(put(tmp_path, data))
    assert page.title() != "taken"
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 2
    page.locator("#slider-1").fill("30")
    expect(place(page, 1, "told")).to_contain_text("onerror")
    assert page.locator("img").count() == 0
    assert page.title() != "taken"
    assert sideways(page) == []
    told = HOSTILE.replace("\u202e", "\ufffd")
    assert json.loads(page.locator("#data").text_content() or "")["bands"][0]["name"] == f"{told}enhanced"
    assert "\u202e" not in page.content()
    assert axe(page) == []
    handlers = (
        "[...document.querySelectorAll('*')].flatMap(el => el.getAttributeNames()).filter(one => /^on/.test(one))"
    )
    assert page.evaluate(handlers) == []
