"""How is what people read compared with what they last agreed to read?

Golden files stand in `tests/golden/files/`. After a change that is meant, write them anew and read the difference:

    pytest tests/golden --refresh-golden
    git diff tests/golden/files
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

import pytest

FILES = Path(__file__).parent / "files"

Golden = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--refresh-golden", action="store_true", help="write the golden files anew, and fail where one has changed"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """`golden(name, text)` fails, with the lines that differ, unless `files/name` holds exactly `text`."""
    refresh = bool(request.config.getoption("--refresh-golden", default=False))

    def compare(name: str, text: str) -> None:
        path = FILES / name
        agreed = path.read_text(encoding="utf-8") if path.is_file() else ""
        if agreed == text:
            return
        if refresh:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        lines = difflib.unified_diff(agreed.splitlines(), text.splitlines(), f"agreed/{name}", f"now/{name}", "", "", 1)
        what = "written anew" if refresh else "not what was agreed (pytest tests/golden --refresh-golden)"
        pytest.fail(f"{name}: {what}\n" + "\n".join(list(lines)[:80]), pytrace=False)

    return compare
