"""A reader's browser for tests: a language, a width, and a page that notes what it must not do."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from serving import RunningServer

LANGUAGES = ("en", "ar", "kk", "ms", "ru")
WIDTHS = {"desktop": 1280, "phone": 360}
_MILLISECONDS = 60_000


@dataclass
class Watched:
    """A page, and what went wrong in it: requests to other hosts, breaches of the content security policy,
    errors.
    """

    page: Page
    host: str
    elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def note_request(self, request: Request) -> None:
        """Note a request that leaves the server."""
        parts = urlsplit(request.url)
        if parts.scheme != "data" and parts.netloc != self.host:
            self.elsewhere.append(request.url)

    def note_message(self, message: ConsoleMessage) -> None:
        """Note what the browser complains of, but the status of a page that is meant to be a fault."""
        if (
            message.type in {"error", "warning"}
            and "the server responded with a status of" not in message.text
        ):
            self.complaints.append(message.text)


def open_context(browser: Browser, language: str, width: int, **options: object) -> BrowserContext:
    """Return a browser of a reader of *language*, *width* CSS pixels wide."""
    context = browser.new_context(
        locale=language,
        viewport={"width": width, "height": 800},
        **options,  # type: ignore[arg-type]  # options of Playwright, as its documentation names them
    )
    context.set_default_timeout(_MILLISECONDS)
    return context


def watch(context: BrowserContext, server: RunningServer) -> Watched:
    """Return a new page that is watched."""
    watched = Watched(context.new_page(), urlsplit(server.address).netloc)
    watched.page.on("request", watched.note_request)
    watched.page.on("console", watched.note_message)
    watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    return watched
