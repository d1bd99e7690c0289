"""Choosing a language: what the link sets, where it leads, and which of ?lang=, cookie and header wins."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from web_playing import AppClient, PlayedPool

from cicakg.errors import CicakgError
from cicakg.web.app import create_app
from cicakg.web.site import Site

PAGE = "text/html"


def _language(text: str) -> tuple[str, str]:
    found = re.search(r'<html lang="([a-z]+)" dir="([a-z]+)">', text)
    assert found is not None
    return found[1], found[2]


def test_link_keeps_the_language_and_leads_back(client: AppClient) -> None:
    """The cookie holds the language and nothing else, goes to this server only, and is not for scripts."""
    answer = client.get("/language/ar?to=/queries%3Fx%3D1%26lang%3Dkk")
    assert (answer.status_code, answer.headers["location"]) == (303, "/queries?x=1&lang=ar")
    value, *attributes = answer.headers["set-cookie"].split("; ")
    assert value == "lang=ar"
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=31536000"} <= set(attributes)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "to",
    [
        "https://example.org/",
        "//example.org/",
        "/%5Cexample.org",
        "%5C%5Cexample.org",
        "javascript:alert(1)",
        "queries",
        "/a%0Ab",
        "/%09/example.org",
        "%2F%2Fexample.org",
    ],
)
def test_link_leads_nowhere_else(client: AppClient, to: str) -> None:
    """An address on another host, or none at all, is refused, and no cookie is set."""
    answer = client.get(f"/language/ar?to={to}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-parameter")
    assert "set-cookie" not in answer.headers


def test_percent_signs_of_the_address_stay(client: AppClient) -> None:
    """What looks like another host only when decoded is a path of this one."""
    answer = client.get("/language/ar?to=/%252Fexample.org")
    assert answer.headers["location"] == "/%2Fexample.org?lang=ar"


def test_unknown_language_is_not_kept(client: AppClient) -> None:
    """Only a language the pages come in can be chosen."""
    answer = client.get("/language/de?to=/")
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("path", "cookie", "accepted", "expected"),
    [
        ("/queries", "", "", "en"),
        ("/queries", "", "ms", "ms"),
        ("/queries", "lang=kk", "ms", "kk"),
        ("/queries?lang=ru", "lang=kk", "ms", "ru"),
        ("/queries?lang=de", "lang=kk", "ms", "kk"),
        ("/queries", "lang=de", "ms", "ms"),
        ("/queries", "other=ar", "", "en"),
        # Indonesian is no Malay, Egyptian Arabic is Arabic
        ("/queries", "", "id", "en"),
        ("/queries", "", "ar-EG", "ar"),
    ],
)
def test_which_language_wins(client: AppClient, path: str, cookie: str, accepted: str, expected: str) -> None:
    """?lang= wins over the cookie, the cookie over Accept-Language, that over English; the page says so."""
    answer = client.get(path, accept=PAGE, accept_language=accepted, cookie=cookie)
    assert _language(answer.text) == (expected, "rtl" if expected == "ar" else "ltr")
    assert answer.headers["content-language"] == expected
    assert "set-cookie" not in answer.headers
    assert "Cookie" in answer.headers["vary"]


def test_links_carry_the_language_only_where_no_cookie_does(client: AppClient) -> None:
    """A reader who was sent a link keeps its language without a cookie; one who chose it gets plain links."""
    sent = client.get("/queries?lang=ar", accept=PAGE).text
    chosen = client.get("/queries?lang=ar", accept=PAGE, cookie="lang=ar").text
    assert 'href="/entities?lang=ar"' in sent
    assert 'href="/entities"' in chosen


def test_cookie_counts_for_the_entity_tag(client: AppClient) -> None:
    """A page in one language is never taken for the same page in another."""
    tags = [client.get("/queries", accept=PAGE, cookie=f"lang={tag}").headers["etag"] for tag in ("ar", "kk")]
    assert tags[0] != tags[1]
    known = client.get("/queries", accept=PAGE, cookie="lang=ar", if_none_match=tags[0])
    assert known.status_code == 304


def test_switches_lead_to_the_same_page(client: AppClient) -> None:
    """Each page offers all five languages for its own address, whatever its parameters hold."""
    text = client.get("/queries?x=%3Cb%3E%26&lang=ar", accept=PAGE).text
    links = re.findall(r'href="(/language/[^"]+)"', text)
    assert len(links) == 5
    target = client.get(links[2].replace("&amp;", "&")).headers["location"]
    assert target == "/queries?x=%3Cb%3E%26&lang=kk"


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ar", "لا يوجد شيء على هذا العنوان"),
        ("kk", "Бұл мекенжайда ештеңе жоқ"),
        ("en", "There is nothing at this address"),
    ],
)
def test_faults_are_told_in_the_reader_s_language(client: AppClient, language: str, title: str) -> None:
    """A problem page has the words of the reader, and the English details are marked as English."""
    answer = client.get("/nothing", accept=PAGE, accept_language=language)
    assert answer.status_code == 404
    assert f"<h1>{title}</h1>" in answer.text
    assert _language(answer.text)[0] == answer.headers["content-language"] == language
    assert '<bdi lang="en" dir="ltr">There is nothing at /nothing.</bdi>' in answer.text
    assert "Cookie" in answer.headers["vary"]


def test_fault_in_the_language_itself_is_told_on_a_page(client: AppClient) -> None:
    """?lang= with what is no tag is a fault, and the page that says so chooses a language without it."""
    answer = client.get("/queries?lang=nonsense-tag-x", accept=PAGE, accept_language="ru")
    assert answer.status_code == 400
    assert _language(answer.text) == ("ru", "ltr")


def test_our_own_fault_is_told_in_the_reader_s_language(client: AppClient, pool: PlayedPool) -> None:
    """Our own fault on a page has words, too: nothing of the cause, in the reader's language."""
    pool.error = RuntimeError("secret")
    answer = client.get("/id/x", accept=PAGE, accept_language="kk")
    assert (answer.status_code, _language(answer.text)[0]) == (500, "kk")
    assert "secret" not in answer.text
    pool.error = CicakgError("query-timeout", "What is wrong.", "What to do.")
    assert "Сұрау уақыт шегінен асты" in client.get("/id/x", accept=PAGE, accept_language="kk").text


def test_fault_without_words_is_told_in_english(pool: PlayedPool, site: Site) -> None:
    """A code that is newer than the words does not turn a fault into a worse one."""
    known = site.wordings["ru"]
    words = {key: text for key, text in known.words.items() if not key.endswith("/not-found")}
    client = AppClient(
        create_app(pool, replace(site, wordings={**site.wordings, "ru": replace(known, words=words)}))
    )
    answer = client.get("/nothing", accept=PAGE, accept_language="ru")
    assert answer.status_code == 404
    assert '<h1><bdi lang="en" dir="ltr">There is nothing at this address</bdi></h1>' in answer.text
