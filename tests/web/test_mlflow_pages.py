"""Does an analyst find in MLflow's own pages what was learned and judged, without knowing the code?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.learning_people import texts, write_content, write_rows
from tests.mlflow_server import Server
from tests.web.browser import OURS, WIDE, picture
from triage.cli.main import main
from triage.tracking.client import open_tracking

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

pytestmark = pytest.mark.slow
#: MLflow's pages are large: the first takes a while where other tests run beside this one.
_PATIENCE = 60_000


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on which nothing may be asked of another machine; MLflow's own warnings are not ours to judge."""
    context = browser.new_context(
        viewport={"width": WIDE[0], "height": WIDE[1]}, locale="en-GB", reduced_motion="reduce"
    )
    asked: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("data:", "blob:", *(f"http://{host}:" for host in OURS))):
            asked.append(request.url)

    context.on("request", note)
    context.set_default_timeout(_PATIENCE)
    yield context.new_page()
    context.close()
    assert asked == [], "the server's pages tell somebody outside"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, sqlite_server: Server) -> str:
    """A server that keeps a learning, an evaluation and a tuning; its address."""
    tmp_path = tmp_path_factory.mktemp("desk")
    content = write_content(tmp_path / "content")
    people = write_rows(tmp_path / "people.csv", texts(np.random.default_rng(0), 60))
    model, few = str(tmp_path / "model"), ["--resamples", "100"]
    kept = ["--checklist", str(content), "--tracking", sqlite_server.address]
    assert main(["learn", str(people), "-o", model, "--name", "seen-in-pages", *kept]) == 0
    assert main(["evaluate", model, str(people), *few, *kept]) == 0
    tuned = ["-o", str(tmp_path / "tuned"), "--out-of-fold", "--at", "enhanced=40"]
    assert main(["tune", str(people), "--model", model, *tuned, *few, *kept]) == 0
    return sqlite_server.address


def open_run(page: Page, address: str, kind: str, run: str) -> None:
    """As an analyst does: from the list of experiments to the runs of one, to a run."""
    page.goto(f"{address}/#/experiments")
    page.get_by_text("Model training", exact=True).click()
    page.get_by_role("link", name=f"ltu-triage {kind}", exact=True).click()
    row = page.get_by_text(run).first
    row.wait_for()
    picture(page, f"mlflow-{kind}-runs")
    row.click()
    page.get_by_text("nobody in these data exists").wait_for()


def test_the_address_that_a_command_prints_opens_among_the_runs(page: Page, sqlite_server: Server) -> None:
    with open_tracking(sqlite_server.address).run("ltu-triage looked at", "a run") as run:
        page.goto(run.address)
        page.get_by_role("link", name="Runs", exact=True).first.wait_for()
        assert not page.get_by_text("Judges", exact=True).is_visible(), "these are the pages for language models"


def see_curve(page: Page, name: str) -> None:
    """Among the charts of a run there is one of this figure, drawn by cut-off in percent."""
    page.get_by_placeholder("Search metric charts").fill(name)
    page.get_by_text(name, exact=True).wait_for()
    page.locator(".js-plotly-plot .scatterlayer path").first.wait_for()


def test_an_analyst_finds_a_run_its_curves_and_its_report(page: Page, desk: str) -> None:
    open_run(page, desk, "evaluate", "evaluate simulated-seen-in-pages (simulated people)")
    page.get_by_text(re.compile(r"people\.csv \([0-9a-f]{36}\)")).wait_for()
    picture(page, "mlflow-evaluation")
    page.get_by_text("Model metrics", exact=True).click()
    see_curve(page, "net_benefit")
    picture(page, "mlflow-evaluation-curves")
    page.get_by_text("Artifacts", exact=True).click()
    page.get_by_text("evaluation.html", exact=True).click()
    report = page.frame_locator("iframe")
    report.get_by_role("heading", name="Simulated people: how good is simulated-seen-in-pages?").wait_for()
    report.get_by_text("Everybody in these data is simulated.").wait_for()
    picture(page, "mlflow-evaluation-report")


def test_an_analyst_finds_what_was_learned_and_whom_the_model_has_seen(page: Page, desk: str) -> None:
    open_run(page, desk, "learn", "learn simulated-seen-in-pages (simulated people)")
    page.get_by_text("Artifacts", exact=True).click()
    page.get_by_text("training", exact=True).click()
    page.get_by_text("seen.json", exact=True).wait_for()
    page.get_by_text("plots", exact=True).click()
    page.get_by_text("shapes.svg", exact=True).click()
    page.locator("img[src^='blob:'], img[src*='shapes.svg'], svg text").first.wait_for()
    picture(page, "mlflow-learning-shapes")


def test_an_analyst_sees_the_curves_of_a_sweep_and_the_page_that_goes_with_it(page: Page, desk: str) -> None:
    open_run(page, desk, "tune", "tune simulated-seen-in-pages (simulated people)")
    page.get_by_text("Model metrics", exact=True).click()
    for name in ("sensitivity", "flagged", "ppv"):
        see_curve(page, name)
    picture(page, "mlflow-tuning-curves")
    page.get_by_text("Artifacts", exact=True).click()
    page.get_by_text("tuning.html", exact=True).click()
    page.frame_locator("iframe").get_by_text(re.compile("imulated")).first.wait_for()
    picture(page, "mlflow-tuning-page")
