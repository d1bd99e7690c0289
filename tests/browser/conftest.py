"""What the browser tests share: Debian's Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or the Chrome of a hosted runner. Where both are missing the tests fail in CI, and
    are skipped elsewhere. For a module at a time: while it is there its event loop counts as running, and
    other tests could start none.
    """
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing, and in CI it must not be")
        pytest.skip("Chromium is missing here: apt-get install chromium")
    # Root, as in a container, has no sandbox; the pages are our own.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=options)
        yield browser
        browser.close()
