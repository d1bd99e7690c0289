"""What readers do: choose a language, keep it, go by keyboard, read without scripts, print."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import open_context
from playwright.sync_api import Browser, BrowserContext, expect
from serving import RunningServer

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser without scripts: all pages are to be useful so."""
    opened = open_context(chromium, "en", 1280, java_script_enabled=False)
    yield opened
    opened.close()


def test_a_language_once_chosen_stays(context: BrowserContext, server: RunningServer) -> None:
    """A click on a language shows the same page in it, and every page after that, without ?lang= in its
    address.
    """
    page = context.new_page()
    page.goto(f"{server.address}entities")
    page.get_by_role("link", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("heading", level=1)).to_have_text("الكيانات")
    page.get_by_role("link", name="أسئلة").click()
    expect(page).to_have_url(f"{server.address}queries")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    assert [(one["name"], one["value"]) for one in context.cookies() if "name" in one and "value" in one] == [
        ("lang", "ar")
    ]


def test_a_kazakh_reader_finds_an_answer_and_its_source(chromium: Browser, server: RunningServer) -> None:
    """From the home page over a question to an answer in a table, to the entity, to the characters of the
    article.
    """
    context = open_context(chromium, "kk", 360, java_script_enabled=False)
    page = context.new_page()
    page.goto(server.address)
    page.get_by_role("link", name="2023 жылы АӨСШК-ге кім төрағалық етті?").click()
    page.get_by_role("region", name="Сұраудың нәтижесі").get_by_role(
        "link", name="Қазақстан", exact=True
    ).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Қазақстан")
    page.locator(".source .span").first.click()
    expect(page.locator(":target")).to_be_visible()
    context.close()


def test_query_runs_without_scripts(context: BrowserContext, server: RunningServer) -> None:
    """The form is a plain one."""
    page = context.new_page()
    page.goto(f"{server.address}query")
    page.get_by_label("Query in SPARQL").fill("ASK { ?s ?p ?o }")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("Yes (true)")).to_be_visible()


def test_keyboard_skips_to_the_content_and_reaches_tables(chromium: Browser, server: RunningServer) -> None:
    """The first stop is the link past the header; a table that is wider than the window can be scrolled from
    the keyboard.
    """
    context = open_context(chromium, "ar", 360)
    page = context.new_page()
    page.goto(server.address)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    box = page.locator(".scroll").first
    box.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(400)
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    assert box.evaluate("box => box.scrollLeft") < 0
    context.close()


def test_fonts_of_ours_are_used(chromium: Browser, server: RunningServer) -> None:
    """Arabic is set in Naskh, Kazakh letters in Noto Sans, both from this server."""
    context = open_context(chromium, "ar", 1280)
    page = context.new_page()
    page.goto(f"{server.address}id/cica", wait_until="networkidle")
    loaded = page.evaluate(
        """[...document.fonts].filter(one => one.status == 'loaded')
             .map(one => one.family.replaceAll('"', ''))"""
    )
    assert {"Noto Sans", "Noto Naskh Arabic"} <= set(loaded)
    for letters, family in (("ӘҚҢӨҰҮҺ", "Noto Sans"), ("مؤتمر", "Noto Naskh Arabic")):
        assert page.evaluate(f"document.fonts.check('1em \"{family}\"', '{letters}')")
    context.close()


def test_page_prints_without_its_frame(chromium: Browser, server: RunningServer) -> None:
    """On paper there is the text, black on white, without links to click."""
    context = open_context(chromium, "kk", 1280, color_scheme="dark")
    page = context.new_page()
    page.goto(f"{server.address}id/dushanbe")
    page.emulate_media(media="print")
    expect(page.locator("header")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    context.close()


@pytest.mark.parametrize("language", ["ar", "kk", "en"])
def test_offsets_and_iris_read_left_to_right(chromium: Browser, server: RunningServer, language: str) -> None:
    """In every direction of the page the first character of an IRI, a code or a span is its leftmost."""
    context = open_context(chromium, language, 1280)
    page = context.new_page()
    page.goto(f"{server.address}article/2023-ar-senate-talks")
    for place in (".formats .name", ".source .span bdi"):
        direction = page.locator(place).first.evaluate(
            """one => {
              const range = document.createRange(), text = one.firstChild, end = text.length;
              range.setStart(text, 0); range.setEnd(text, 1);
              const first = range.getBoundingClientRect().left;
              range.setStart(text, end - 1); range.setEnd(text, end);
              return range.getBoundingClientRect().left - first;
            }"""
        )
        assert direction > 0, place
    context.close()
