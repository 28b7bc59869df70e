"""Do the full form and the points come out of the printer on one A4 page, and the event form on half of one?

Needs Chromium (`chromium` on Debian): scripts/system-packages.sh installs it.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import triage
from triage.cli import checklist as door
from triage.cli.points_page import points_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-pdf-header-footer",
]  # fmt: skip
#: Wider than Arial by about a sixth: a stand-in for the fonts of other machines.
WIDE = "DejaVu Sans Condensed"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: run scripts/system-packages.sh"),
]


def pages(html: str, folder: Path) -> int:
    """Pages that `html` takes when it is printed."""
    assert CHROMIUM is not None
    source, target = folder / "form.html", folder / "form.pdf"
    source.write_text(html, encoding="utf-8")
    command = [CHROMIUM, *QUIET, f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={target}", source.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return len(re.findall(rb"/Type\s*/Page\b", target.read_bytes()))


@pytest.mark.parametrize("kind", ["full", "event"])
@pytest.mark.parametrize("font", ["Arial", WIDE])
def test_a_form_fits_its_paper(kind: str, font: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The event form is printed twice on its sheet, so that one page means half a page each."""
    parser = argparse.ArgumentParser()
    door.add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["checklist", "--form", kind])
    args.func(args)
    html = capsys.readouterr().out.replace("Arial", f'"{font}",Arial', 1)
    assert pages(html, tmp_path) == 1


@pytest.mark.parametrize("font", ["sans-serif", WIDE])
def test_the_whole_model_fits_one_page(font: str, tmp_path: Path) -> None:
    html = points_page(triage.load()).replace("sans-serif", f'"{font}",sans-serif', 1)
    assert pages(html, tmp_path) == 1


def test_a_form_that_is_too_long_is_noticed(tmp_path: Path) -> None:
    """The test above can fail."""
    assert pages("<p style='height:400mm'>long</p><p>end</p>", tmp_path) > 1
