"""/sparql over a pool that only plays: what reaches the workers, and what of HTTP comes back."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.types import ASGIApp, Message
from web_playing import AppClient, PlayedPool

from cicakg.errors import CicakgError
from cicakg.sparql.formats import ResultKind
from cicakg.web.app import create_app
from cicakg.web.site import Site

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
ASK = "/sparql?query=ASK%7B%7D"


def test_get_hands_the_query_over_unchanged(client: AppClient, pool: PlayedPool) -> None:
    """The worker gets the decoded query, the graphs and the lowered budget; nothing is trimmed."""
    path = (
        "/sparql?query=%20ASK%7B%7D%0A&default-graph-uri=urn:a&default-graph-uri=urn:b&named-graph-uri=urn:c"
    )
    assert client.get(path + "&timeout=0.5").status_code == 200
    asked = pool.asked[0]
    assert asked.query == " ASK{}\n"
    assert asked.default_graphs == ("urn:a", "urn:b")
    assert asked.named_graphs == ("urn:c",)
    assert asked.budget.seconds == 0.5


def test_address_is_the_base_of_relative_iris(client: AppClient, pool: PlayedPool) -> None:
    """RFC 3986, 5.1.3: relative IRIs in a query are resolved against the address that was asked."""
    client.get(ASK, host="kg.example:8000")
    assert pool.asked[0].base == "http://kg.example:8000/sparql"


def test_post_form_takes_graphs_from_address_and_body(client: AppClient, pool: PlayedPool) -> None:
    """The W3C protocol tests put the dataset of a form into the address; both places count."""
    body = b"query=ASK%7B%7D&default-graph-uri=urn:b"
    assert client.post("/sparql?default-graph-uri=urn:a", body, FORM).status_code == 200
    assert pool.asked[0].default_graphs == ("urn:a", "urn:b")


def test_post_direct_takes_the_body_as_it_is(client: AppClient, pool: PlayedPool) -> None:
    """A body of type application/sparql-query is the query: plus signs and percent signs stay."""
    body = "SELECT (1+1 AS ?x) { <http://e/%41> ?p 'قازاقستان' }".encode()
    assert client.post("/sparql", body, QUERY + '; charset="UTF-8"').status_code in {200, 500}
    assert pool.asked[0].query.encode() == body


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", "query-repeated"),
        ("/sparql?default-graph-uri=urn:a", "query-missing"),
        ("/sparql?query=%FF", "bad-encoding"),
        ("/sparql?query=%2", "bad-encoding"),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=people", "bad-parameter"),
        ("/sparql?query=ASK%7B%7D&timeout=soon", "bad-parameter"),
        ("/sparql?query=ASK%7B%7D&format=docx", "unknown-format"),
    ],
)
def test_bad_requests_are_400_and_reach_no_worker(
    client: AppClient, pool: PlayedPool, path: str, code: str
) -> None:
    """A request that is wrong in itself costs no worker."""
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert pool.asked == []


@pytest.mark.parametrize(
    ("path", "body", "content_type", "status", "code"),
    [
        ("/sparql", b"", FORM, 400, "query-missing"),
        ("/sparql", b"query=ASK%7B%7D&query=ASK%7B%7D", FORM, 400, "query-repeated"),
        ("/sparql?query=ASK%7B%7D", b"query=ASK%7B%7D", FORM, 400, "query-repeated"),
        ("/sparql?query=ASK%7B%7D", b"ASK{}", QUERY, 400, "query-repeated"),
        ("/sparql", b"query=%FF", FORM, 400, "bad-encoding"),
        ("/sparql", b"ASK {} # \xff", QUERY, 400, "bad-encoding"),
        ("/sparql", "ASK {}".encode("utf-16"), QUERY + ";charset=UTF-16", 400, "bad-encoding"),
        ("/sparql", b"ASK {}", "text/plain", 415, "unsupported-media-type"),
        ("/sparql", b"ASK {}", None, 415, "unsupported-media-type"),
        ("/sparql", b"{}", "application/json", 415, "unsupported-media-type"),
        ("/sparql", b"CLEAR ALL", "application/sparql-update", 403, "query-update-refused"),
        ("/sparql", b"update=CLEAR%20ALL", FORM, 403, "query-update-refused"),
        ("/sparql", b"query=ASK%7B%7D&update=CLEAR%20ALL", FORM, 403, "query-update-refused"),
        ("/sparql", b"x" * (1024 * 1024 + 1), QUERY, 413, "body-too-large"),
    ],
)
def test_bad_posts(
    client: AppClient,
    pool: PlayedPool,
    path: str,
    body: bytes,
    content_type: str | None,
    status: int,
    code: str,
) -> None:
    """Each wrong POST has its own status and reaches no worker."""
    answer = client.post(path, body, content_type)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert pool.asked == []


def test_update_by_get_is_refused_as_read_only(client: AppClient) -> None:
    """An update is refused with a sentence, whatever way it comes."""
    answer = client.get("/sparql?update=CLEAR%20ALL")
    assert answer.status_code == 403
    assert "update" in answer.json()["detail"]


def test_compressed_body_is_refused(client: AppClient) -> None:
    """A compressed body would get round the size limit; it is refused."""
    answer = client.post("/sparql", b"\x1f\x8b", QUERY, content_encoding="gzip")
    assert answer.status_code == 415


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_405_with_allow(client: AppClient, method: str) -> None:
    """RFC 9110, 15.5.6: a 405 says which methods there are."""
    answer = client.request(method, "/sparql")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_options_answers_with_methods_and_cors(client: AppClient) -> None:
    """A preflight learns what it may send."""
    answer = client.request(
        "OPTIONS", "/sparql", {"Origin": "https://x.example", "Access-Control-Request-Method": "POST"}
    )
    assert answer.status_code == 204
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "content-type" in answer.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in answer.headers


def test_answer_headers(client: AppClient, pool: PlayedPool) -> None:
    """An answer states its length, type with charset, budget, what it varies by, and who may read it."""
    answer = client.get(ASK, accept="application/sparql-results+json")
    headers = answer.headers
    assert headers["content-type"] == "application/sparql-results+json; charset=utf-8"
    assert headers["content-length"] == str(len(pool.body)) == str(len(answer.content))
    assert {"accept", "accept-encoding"} <= {name.strip().lower() for name in headers["vary"].split(",")}
    assert headers["cicakg-budget-seconds"] == "2"
    assert headers["cicakg-budget-memory-bytes"] == str(256 * 1024 * 1024)
    assert headers["cicakg-budget-result-bytes"] == str(4 * 1024 * 1024)
    assert headers["cicakg-budget-rows"] == "100000"
    assert headers["cicakg-snapshot"] == "f" * 64
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["access-control-allow-origin"] == "*"
    assert "etag" in headers["access-control-expose-headers"].lower()
    assert headers["server-timing"].startswith("query;dur=")


def test_head_is_get_without_the_body(client: AppClient) -> None:
    """RFC 9110, 9.3.2: the same header fields, no content."""
    got, head = client.get(ASK), client.request("HEAD", ASK)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "etag", "vary"):
        assert head.headers[name] == got.headers[name]


def test_large_answer_arrives_whole(client: AppClient, pool: PlayedPool) -> None:
    """An answer of several pieces is not cut, not doubled and not out of order."""
    pool.body = b"".join(b"%07d\n" % number for number in range(150_000))
    assert client.get(ASK).content == pool.body


def test_known_answer_is_304_and_costs_no_worker(client: AppClient, pool: PlayedPool) -> None:
    """RFC 9110, 13.1.2: If-None-Match with the tag, in a list, weakly compared, gives 304."""
    tag = client.get(ASK).headers["etag"]
    assert tag.startswith('W/"')
    for given in (tag, tag.removeprefix("W/"), f'"other", {tag}'):
        answer = client.get(ASK, if_none_match=given)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert len(pool.asked) == 1
    assert client.get(ASK, if_none_match='"other"').status_code == 200


def test_tag_depends_on_all_that_decides_the_answer(client: AppClient, site: Site) -> None:
    """Query, format, dataset and snapshot each change the entity tag; the time budget and layout do not."""
    paths = [
        ASK,
        "/sparql?query=ASK%7B%7B%7D%7D",
        ASK + "&default-graph-uri=urn:a",
        ASK + "&named-graph-uri=urn:a",
    ]
    tags = [client.get(path).headers["etag"] for path in paths]
    tags.append(client.get(ASK, accept="application/sparql-results+xml").headers["etag"])
    other = PlayedPool()
    other.info = type(other.info)("0" * 64, 42)
    tags.append(AppClient(create_app(other, site)).get(ASK).headers["etag"])
    assert len(set(tags)) == len(tags)
    assert client.get(ASK + "&timeout=1").headers["etag"] == tags[0]
    assert client.get("/sparql?query=%0A%23%20why%0AASK%7B%7D%20").headers["etag"] == tags[0]


@pytest.mark.parametrize(
    "query", ["SELECT (NOW() AS ?x) {}", "SELECT (rand() AS ?x) {}", "ASK { FILTER(\\u004eOW()) }"]
)
def test_answers_that_change_by_themselves_have_no_tag(
    client: AppClient, pool: PlayedPool, query: str
) -> None:
    """NOW, RAND and UUID differ from run to run: no cache may keep them."""
    pool.kind, pool.body = ResultKind.SOLUTIONS, b"{}"
    answer = client.post("/sparql", query.encode(), QUERY)
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_a_post_is_never_304(client: AppClient) -> None:
    """If-None-Match makes 304 of GET and HEAD only."""
    tag = client.get(ASK).headers["etag"]
    assert client.post("/sparql", b"ASK{}", QUERY, if_none_match=tag).status_code == 200


def test_nothing_acceptable_is_406_and_names_what_there_is(client: AppClient, pool: PlayedPool) -> None:
    """An Accept that no format fits is answered before any work."""
    answer = client.get(ASK, accept="image/png")
    assert (answer.status_code, answer.json()["code"]) == (406, "query-not-acceptable")
    assert "application/sparql-results+json" in answer.json()["fix"]
    assert pool.asked == []


def test_format_wins_over_accept(client: AppClient) -> None:
    """?format= decides, whatever Accept says."""
    answer = client.get(ASK + "&format=csv", accept="application/sparql-results+json")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def test_browser_is_sent_to_the_page(client: AppClient) -> None:
    """Who prefers HTML gets the query page, with every parameter kept as it was sent."""
    answer = client.get(ASK + "&default-graph-uri=urn:a", accept="text/html,*/*;q=0.8")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/query?query=ASK%7B%7D&default-graph-uri=urn:a"
    assert "accept" in answer.headers["vary"].lower()


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
@pytest.mark.parametrize("host", ["cica.example", "127.0.0.1:8123", "[::1]:80"])
def test_description_names_the_address_asked(client: AppClient, path: str, host: str) -> None:
    """Comunica uses a service only where sd:endpoint is exactly the address it asked."""
    answer = client.get(path, host=host, accept="application/n-triples")
    assert answer.status_code == 200
    assert f"service-description#endpoint> <http://{host}{path}>" in answer.text


def test_description_ignores_forwarded_headers(client: AppClient) -> None:
    """X-Forwarded-Host may be forged; only the operator's --public-url counts."""
    answer = client.get(
        "/sparql", x_forwarded_host="evil.example", x_forwarded_proto="https", accept="text/turtle"
    )
    assert "evil.example" not in answer.text


def test_description_uses_the_public_address(pool: PlayedPool, site: Site) -> None:
    """Behind a proxy the operator's address stands in the description."""
    public = Site(examples=site.examples, context={}, version="0", public_url="https://kg.example/cica")
    answer = AppClient(create_app(pool, public)).get("/sparql", accept="application/n-triples")
    assert "<https://kg.example/cica/sparql>" in answer.text


@pytest.mark.parametrize("host", ["evil.example/x", "a b", "<script>", "a@b"])
def test_strange_hosts_are_refused(client: AppClient, host: str) -> None:
    """A Host that is no host enters no answer."""
    answer = client.get("/sparql", host=host, accept="text/turtle")
    assert answer.status_code == 400
    assert "service-description" not in answer.text


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "text/turtle; charset=utf-8"),
        ("application/rdf+xml", "application/rdf+xml; charset=utf-8"),
        ("application/ld+json", "application/ld+json; charset=utf-8"),
    ],
)
def test_description_is_negotiated(client: AppClient, accept: str | None, content_type: str) -> None:
    """The service description comes in any RDF format, Turtle by default."""
    headers = {"accept": accept} if accept else {}
    assert client.get("/sparql", **headers).headers["content-type"] == content_type


def test_client_that_hangs_up_stops_its_query(pool: PlayedPool, site: Site) -> None:
    """A disconnect while a query runs cancels it, so its worker is free."""
    pool.waits = True
    sent = asyncio.run(_hang_up(create_app(pool, site), "/sparql", b"query=ASK%7B%7D"))
    assert pool.cancelled == 1
    assert sent == []


def test_client_that_leaves_a_page_stops_its_query(pool: PlayedPool, site: Site) -> None:
    """The same holds for the query page."""
    pool.waits = True
    asyncio.run(_hang_up(create_app(pool, site), "/query", b"query=ASK%7B%7D"))
    assert pool.cancelled == 1


async def _hang_up(app: ASGIApp, path: str, query: bytes) -> list[Any]:
    """Ask *app* and hang up after the request; return what it sent all the same."""
    sent: list[Any] = []
    received = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        message = next(received, None)
        if message is None:
            await asyncio.sleep(0.05)
        return message or {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"toy.test")],
        "server": ("toy.test", 80),
        "client": ("127.0.0.1", 1),
    }
    async with asyncio.timeout(10):
        await app(scope, receive, send)
    return sent


def test_fault_of_a_query_states_the_budget(client: AppClient, pool: PlayedPool) -> None:
    """A query over its budget is told what the budget was, as lowered by the caller."""
    pool.error = CicakgError("query-timeout", "It took too long.", "Ask for less.")
    answer = client.get(ASK + "&timeout=0.25")
    assert answer.status_code == 504
    assert answer.headers["cicakg-budget-seconds"] == "0.25"
    assert json.loads(answer.content)["fix"] == "Ask for less."
