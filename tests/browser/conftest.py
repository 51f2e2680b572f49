from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from callcenter.api import ui
from tests.asterisk.conftest import _asterisk, outside, story, system  # noqa: F401  the same stories, with a lawyer who sees
from tests.asterisk.harness import System
from tests.browser.seat import Browser, BrowserSeat, chromium


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Ended with the module: as long as it lives its thread has a running loop, and `asyncio.run` is refused."""
    if chromium() is None:
        pytest.skip("no Chromium is installed (apt-get install chromium)")
    if not (ui.DIST / "index.html").exists():
        pytest.skip("the screens are not built (make setup)")
    with sync_playwright() as running:
        yield running


@pytest.fixture
def screens(playwright: Playwright, system: System, tmp_path: Path) -> Iterator[Callable[..., Browser]]:  # noqa: F811
    """Opens browsers; each has a folder, a profile and a microphone of its own."""
    with ExitStack() as stack:
        count = 0

        def opened(kind: type[Browser] = Browser, **size: int) -> Browser:
            nonlocal count
            count += 1
            browser = kind(playwright, tmp_path / f"browser-{count}", system, **size)
            stack.callback(browser.close)
            return browser

        yield opened


@pytest.fixture
def lawyer(screens: Callable[..., Browser]) -> BrowserSeat:
    browser = screens(BrowserSeat)
    assert isinstance(browser, BrowserSeat)
    return browser
