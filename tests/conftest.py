"""What all tests share: databases, a browser, and no skips where everything is required."""

import gc
from collections.abc import Generator

import pytest

from tests.missing import everything_required

pytest_plugins = ["tests.postgres", "tests.chromium"]

# A test belongs under the marker of the outside part that it, or a fixture of it, asks for.
MARKERS = {"postgres_server": "postgres", "browser": "browser"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in MARKERS:
                item.add_marker(MARKERS[fixture])


def pytest_collection_finish() -> None:
    # All that was imported stays: collections need not look at it again, thousands of times.
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and everything_required():
        report.outcome = "failed"
        report.longrepr = f"skipped, and PRODOPS_REQUIRE_ALL=1 allows no skips: {report.longrepr}"
    return report
