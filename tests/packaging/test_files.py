"""Do the project's own files agree with each other: folders, scripts, make targets, pages?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.building import ROOT


def test_the_mlflow_folder_holds_no_python() -> None:
    """With a Python file, `import mlflow` could find this folder and not the library."""
    assert not [path for path in (ROOT / "mlflow").rglob("*") if path.suffix in {".py", ".pyc", ".pyi", ".so"}]


def test_the_content_folders_hold_no_python() -> None:
    for folder in ("checklist", "features", "models"):
        assert not list((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize(
    "script", [".ci/run", "scripts/bootstrap.sh", "scripts/mlflow-server.sh", "scripts/system-packages.sh"]
)
def test_a_script_can_be_run_and_is_valid(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["bash", "-n", ROOT / script], check=True)


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_that_a_page_links_to_exists(page: Path) -> None:
    """A reader follows a link to nothing."""
    links = re.findall(r"\]\(<?([^)#\s>]+)", page.read_text(encoding="utf-8"))
    local = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert not [link for link in local if not (page.parent / link).exists()]


def test_every_file_that_the_readme_names_exists() -> None:
    """Paths in backticks with a folder of this repository in front."""
    folders = "triage|checklist|features|models|experiments|tests|mlflow|docs|requirements|scripts"
    named = re.findall(rf"`((?:{folders})/[\w./-]*)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert named
    assert not [path for path in named if not (ROOT / path).exists()]


def test_every_make_target_that_a_page_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    for page in pages():
        named = re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert set(named) <= targets, page.name


@pytest.mark.slow
def test_a_skipped_test_fails_where_skips_are_not_allowed(tmp_path: Path) -> None:
    """Continuous integration would pass although a test never ran."""
    conftest = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    # Without the fixtures for browsers, databases and servers, which take seconds to import.
    lean = re.sub(r"^pytest_plugins = \(.*?^\)$", "", conftest, flags=re.DOTALL | re.MULTILINE)
    assert len(lean) < len(conftest)
    (tmp_path / "conftest.py").write_text(lean, encoding="utf-8")
    (tmp_path / "test_one.py").write_text("import pytest\n\ndef test_it():\n    pytest.skip('no such thing')\n")
    (tmp_path / "test_two.py").write_text("import pytest\n\npytest.importorskip('no_such_library')\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]
    results = {}
    for value in ("0", "1"):
        env = os.environ | {"LTU_NO_SKIPS": value, "PYTHONPATH": str(ROOT)}
        results[value] = subprocess.run(
            [*command, "--continue-on-collection-errors"],
            env=env,
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
    assert "2 skipped" in results["0"].stdout
    assert results["1"].returncode == 1
    assert "no such thing" in results["1"].stdout
    assert "no_such_library" in results["1"].stdout
