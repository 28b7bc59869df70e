"""What do tests share? Repeatable hypothesis profiles, and skips that fail where LTU_NO_SKIPS=1 says so."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = (
    "tests.databases",
    "tests.web.browser",
    "tests.web.service",
    "tests.provider",
    "tests.casework",
    "tests.installations",
    "tests.mlflow_server",
    "tests.registered",
    "tests.policies_case",
    "tests.web.people",
)

ROOT = Path(__file__).parent

# Repeatable: a run says something about the change, never about the day. No deadline: machines differ.
settings.register_profile("default", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", settings.get_profile("default"), derandomize=False, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_configure(config: pytest.Config) -> None:
    """Tests, and the programs that they start, see nothing of this machine's records, models and servers."""
    folder = tempfile.mkdtemp(prefix="ltu-data-")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ["LTU_DATA"] = folder
    os.environ["LTU_CACHE"] = f"{folder}/cache"
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    for name in ("LTU_DATABASE", "MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI"):
        os.environ.pop(name, None)


_SERVERS = frozenset({"sqlite_server", "postgres_server", "tracking_address"})
_STARTED = frozenset({"database", "postgres", "sqlite_template", "browser_driver", "provider", *_SERVERS})


def pytest_itemcollected(item: pytest.Item) -> None:
    """What is dear to start is started once: the tests of one file go to one process, and so do those of a group.

    Tests that use an MLflow server join those that use learned models: some need both.
    """
    needed = set(getattr(item, "fixturenames", ()))
    if needed & _STARTED:
        item.add_marker(pytest.mark.slow)
    if needed & _SERVERS:
        item.add_marker(pytest.mark.xdist_group("learned"))
    elif item.get_closest_marker("xdist_group") is None:
        item.add_marker(pytest.mark.xdist_group(item.path.relative_to(ROOT).as_posix()))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take long start first, so that no process is left waiting for one of them at the end."""
    slow = Counter(group_of(item) for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[group_of(item)])


def group_of(item: pytest.Item) -> str:
    """The group of a test: those of one group run in one process."""
    found = item.get_closest_marker("xdist_group")
    return str(found.args[0]) if found else ""


NO_SKIPS = os.environ.get("LTU_NO_SKIPS") == "1"


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip, of a test or of a whole module, into a failure that names the skip's reason."""
    if not NO_SKIPS or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"LTU_NO_SKIPS=1 does not allow this: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    fail_if_skipped(report)
    return report
