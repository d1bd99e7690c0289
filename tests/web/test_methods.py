"""Methods over the wire: what reads answers, what would write is refused with its status and a sentence."""

from __future__ import annotations

import httpx
import pytest

QUERY = "/sparql?query=ASK%7B%7D"
ADDRESSES = (
    "/",
    "/query",
    "/id/cica",
    "/graph/entities",
    "/article/2020-kk-toy",
    "/ontology",
    "/health",
    "/.well-known/void",
    "/static/cicakg.css",
)
ENDPOINTS = ("/sparql", "/sparql/", "/sparql?default", "/sparql?graph=http%3A%2F%2Fexample.org%2Fg")
TURTLE = {"content-type": "text/turtle"}
# What differs from one answer to the next.
OWN = frozenset({"date", "x-request-id", "server-timing", "cicakg-cache"})


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_and_graphs_cannot_be_written(http: httpx.Client, method: str, address: str) -> None:
    """Graph Store writes by the graph's own address are 405, with what is allowed and why."""
    answer = http.request(method, address, content=b"<x:s> <x:p> <x:o> .", headers=TURTLE)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "method-not-allowed"
    assert method in problem["detail"]
    assert "read-only" in problem["detail"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("address", ENDPOINTS)
def test_the_endpoint_stores_no_graphs(http: httpx.Client, method: str, address: str) -> None:
    """Graph Store writes by the endpoint's address are 405 likewise."""
    answer = http.request(method, address, content=b"<x:s> <x:p> <x:o> .", headers=TURTLE)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    assert "read-only" in answer.json()["detail"]


@pytest.mark.parametrize(
    "content_type",
    [
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
        "multipart/form-data",
    ],
)
@pytest.mark.parametrize("address", ENDPOINTS)
def test_rdf_cannot_be_posted(http: httpx.Client, address: str, content_type: str) -> None:
    """POST is a method of the endpoint, RDF no type it takes: 415, and the sentence says what it does."""
    answer = http.post(address, content=b"<x:s> <x:p> <x:o> .", headers={"content-type": content_type})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")
    assert content_type in answer.json()["detail"]
    assert "only answers queries" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/sparql-update", b"INSERT DATA { <x:s> <x:p> <x:o> }"),
        ("application/x-www-form-urlencoded", b"update=CLEAR%20ALL"),
        ("application/sparql-query", b"PREFIX a: <x:> INSERT DATA { a:s a:p a:o }"),
    ],
)
def test_updates_are_refused(http: httpx.Client, content_type: str, body: bytes) -> None:
    """An update is understood and not done: 403, in all the ways one may come; the data stay."""
    answer = http.post("/sparql", content=body, headers={"content-type": content_type})
    assert (answer.status_code, answer.json()["code"]) == (403, "query-update-refused")
    asked = http.get("/sparql", params={"query": "ASK { <x:s> <x:p> <x:o> }"})
    assert asked.json()["boolean"] is False


@pytest.mark.parametrize(
    "address",
    [QUERY, "/sparql", "/sparql?query=ASK", "/sparql?query=CLEAR%20ALL", "/nothing", *ADDRESSES],
)
def test_head_says_what_get_says(http: httpx.Client, address: str) -> None:
    """RFC 9110, 9.3.2: same status and fields as GET, errors too, and no body."""
    by_get, by_head = http.get(address), http.head(address)
    assert by_head.status_code == by_get.status_code
    assert by_head.content == b""
    assert {k: v for k, v in by_head.headers.items() if k not in OWN} == {
        k: v for k, v in by_get.headers.items() if k not in OWN
    }


@pytest.mark.parametrize("address", [*ENDPOINTS, QUERY, *ADDRESSES])
def test_options_names_the_methods(http: httpx.Client, address: str) -> None:
    """OPTIONS says what an address takes, to browsers of other sites too, and has no body."""
    answer = http.options(address, headers={"origin": "https://x.example"})
    methods = "GET, HEAD, POST, OPTIONS" if address.startswith("/sparql") else "GET, HEAD, OPTIONS"
    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, methods, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
