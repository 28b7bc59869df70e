"""Does the wheel hold what it should, and nothing else? If not, a release breaks for all who install it."""

from __future__ import annotations

import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

from tests.packaging.building import ROOT, build
from triage._version import __version__

CONTENT = ("checklist", "features", "models")


def files_of(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def metadata_of(wheel: Path) -> dict[str, list[str]]:
    [text] = [data for name, data in files_of(wheel).items() if name.endswith(".dist-info/METADATA")]
    message = Parser().parsestr(text.decode("utf-8"))
    return {key: [str(value) for value in message.get_all(key, [])] for key in message}


def test_it_installs_one_top_level_name(wheel: Path) -> None:
    """A second name (tests, mlflow, models) would shadow somebody else's package."""
    top = {name.split("/")[0] for name in files_of(wheel)}
    assert top == {"triage", f"ltu_triage-{__version__}.dist-info"}


def test_it_carries_every_content_file_unchanged(wheel: Path) -> None:
    """A missing or altered file means that the installed engine cannot load, or scores otherwise."""
    files = files_of(wheel)
    packaged = {name.removeprefix("triage/_content/"): data for name, data in files.items() if "/_content/" in name}
    checkout = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for folder in CONTENT
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert packaged == checkout
    assert {name.split("/")[0] for name in packaged} == set(CONTENT)


def test_it_carries_every_module_and_every_file_of_the_pages(wheel: Path) -> None:
    """Without a template or a style, pages break where no test runs."""
    folders = [ROOT / "triage" / name for name in ("web/static", "web/templates", "tuning/page/static")]
    ours = [*(ROOT / "triage").rglob("*.py"), *(path for folder in folders for path in folder.rglob("*"))]
    assert {name for name in files_of(wheel) if name.startswith("triage/") and "/_content/" not in name} == {
        *(path.relative_to(ROOT).as_posix() for path in ours if path.is_file()),
        "triage/py.typed",
        "triage/records/migrations/script.py.mako",
    }


def test_it_carries_the_licence_and_the_notice(wheel: Path) -> None:
    """The Open Government Licence asks for the attribution wherever the content goes."""
    files = files_of(wheel)
    for name in ("LICENSE", "NOTICE"):
        assert files[f"ltu_triage-{__version__}.dist-info/licenses/{name}"] == (ROOT / name).read_bytes()


def test_it_offers_the_command(wheel: Path) -> None:
    entry_points = files_of(wheel)[f"ltu_triage-{__version__}.dist-info/entry_points.txt"].decode()
    assert "ltu-triage = triage.cli.main:main" in entry_points


def test_its_core_needs_four_libraries_and_pins_none(wheel: Path) -> None:
    """A pin or a fifth library makes the engine hard to embed beside other things."""
    core = [need for need in metadata_of(wheel)["Requires-Dist"] if "extra ==" not in need]
    assert sorted(need.split(">=")[0].lower() for need in core) == [
        "numpy",
        "onnxruntime",
        "pydantic",
        "pyyaml",
    ]
    assert all("<" not in need and "==" not in need for need in core)


def test_its_metadata_has_the_version_of_the_code_and_the_oldest_python(wheel: Path) -> None:
    metadata = metadata_of(wheel)
    assert metadata["Version"] == [__version__]
    assert metadata["Name"] == ["ltu-triage"]
    assert metadata["Requires-Python"] == [">=3.11"]


def test_the_source_distribution_builds_the_same_wheel(tmp_path: Path) -> None:
    """A distributor who builds from source would otherwise ship another engine, or none."""
    with tarfile.open(build(ROOT, "sdist", tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    [unpacked] = (tmp_path / "unpacked").iterdir()
    from_source = files_of(build(unpacked, "wheel", tmp_path / "second"))
    assert from_source == files_of(build(ROOT, "wheel", tmp_path / "first"))


def test_building_leaves_no_copy_of_the_content_in_the_checkout(wheel: Path) -> None:
    """A copy would silently win over the files that people edit."""
    assert wheel.exists()
    assert not (ROOT / "triage" / "_content").exists()
