"""What do tests share? Repeatable hypothesis profiles, and skips that fail where LTU_NO_SKIPS=1 says so."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator

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
    "tests.policies_case",
)

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


def pytest_itemcollected(item: pytest.Item) -> None:
    """Tests that share an MLflow server go to one process, with those that share learned models: some need both."""
    if {"sqlite_server", "postgres_server", "tracking_address"} & set(getattr(item, "fixturenames", ())):
        item.add_marker(pytest.mark.xdist_group("learned"))


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
