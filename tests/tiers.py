"""Which tests run here, and in which order: slow ones on request, browser ones with a browser. A pytest plugin."""

import os
import shutil
from typing import Any

import pytest

NO_BROWSER = "no Chromium on this machine"
#: Fixtures of a module that take many seconds: the product itself, the demo world, the reference data.
DEAR = {"product", "said"}
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked slow as well")


def pytest_configure(config: pytest.Config) -> None:
    # Registered here, after Playwright's own plugin, so that this fixture is the one that counts.
    config.pluginmanager.register(Browser(), "banked-browser")


class Browser:
    @pytest.fixture(scope="session")
    def browser_type_launch_args(self, browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
        """The system's Chromium, so that nothing is downloaded; without a sandbox, because CI is root."""
        return {**browser_type_launch_args, "executable_path": chromium(), "args": SWITCHES}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=_length)
    for item in items:
        if item.get_closest_marker("slow") and not config.getoption("--slow"):
            item.add_marker(pytest.mark.skip(reason="slow: run with --slow"))
    browsers = [item for item in items if _needs_browser(item)]
    if browsers and not chromium():
        if os.environ.get("REQUIRE_BROWSER") == "1":
            raise pytest.UsageError("REQUIRE_BROWSER=1, but there is no Chromium: apt-get install chromium")
        for item in browsers:
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    missed = [report for report in terminalreporter.stats.get("skipped", []) if NO_BROWSER in str(report.longrepr)]
    if missed:
        terminalreporter.section("BROWSER TESTS WERE NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(f"{len(missed)} tests need a browser and were skipped: {NO_BROWSER}.")
        terminalreporter.line("On Debian: sudo apt-get install chromium. REQUIRE_BROWSER=1 makes this a failure.")


def _length(item: pytest.Item) -> int:
    """Long ones first: begun last, one would keep its process busy while the other has nothing left to do."""
    if item.get_closest_marker("slow"):
        return 0
    return 1 if DEAR & _fixtures(item) else 2


def _needs_browser(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("browser") or _fixtures(item) & {"page", "context", "browser"})


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))
