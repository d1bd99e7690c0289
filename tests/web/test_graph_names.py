"""Named graphs whose IRIs are Arabic or Cyrillic, composed or decomposed, by every road a request has."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize
from web_playing import ServeData

NFC = unicodedata.normalize("NFC", "http://example.org/граф/Й")
NFD = unicodedata.normalize("NFD", NFC)
GRAPHS = {
    "http://example.org/رسم/قازاقستان": "arabic",
    unicodedata.normalize("NFC", "http://example.org/رسم/آسيا"): "arabic composed",
    unicodedata.normalize("NFD", "http://example.org/رسم/آسيا"): "arabic decomposed",
    NFC: "cyrillic composed",
    NFD: "cyrillic decomposed",
    "http://example.org/%D0%99": "escaped, which is another IRI",
}
ASK = "SELECT ?o { ?s <x:says> ?o }"
NAMED = "SELECT ?o { GRAPH ?g { ?s <x:says> ?o } }"
FORM = {"content-type": "application/x-www-form-urlencoded"}
BODY = {"content-type": "application/sparql-query"}
Road = Callable[[httpx.Client, str, str, str], httpx.Response]


def _raw(text: str) -> bytes:
    """Escape ASCII only, as who types an address into curl."""
    return "".join(quote(one, safe="") if one.isascii() else one for one in text).encode()


def _by_address(client: httpx.Client, query: str, name: str, graph: str) -> httpx.Response:
    return client.get(f"/sparql?query={quote(query, safe='')}&{name}={quote(graph, safe='')}")


def _by_lower_case_escapes(client: httpx.Client, query: str, name: str, graph: str) -> httpx.Response:
    escaped = "".join(f"%{byte:02x}" for byte in graph.encode())
    return client.get(f"/sparql?query={quote(query, safe='')}&{name}={escaped}")


def _by_form(client: httpx.Client, query: str, name: str, graph: str) -> httpx.Response:
    body = f"query={quote_plus(query)}&{name}={quote_plus(graph)}".encode()
    return client.post("/sparql", content=body, headers=FORM)


def _by_raw_form(client: httpx.Client, query: str, name: str, graph: str) -> httpx.Response:
    body = b"query=" + _raw(query) + b"&" + name.encode() + b"=" + _raw(graph)
    return client.post("/sparql", content=body, headers=FORM)


def _by_body(client: httpx.Client, query: str, name: str, graph: str) -> httpx.Response:
    address = f"/sparql?{name}={quote(graph, safe='')}"
    return client.post(address, content=query.encode(), headers=BODY)


@pytest.fixture(scope="module")
def client(serve_data: ServeData, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server with one triple in each graph, which says what the graph is."""
    says = NamedNode("x:says")
    quads = [Quad(NamedNode("x:s"), says, Literal(text), NamedNode(iri)) for iri, text in GRAPHS.items()]
    path = tmp_path_factory.mktemp("graphs") / "graphs.nq"
    path.write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    with httpx.Client(base_url=serve_data(path).address, timeout=20) as client:
        yield client


def _said(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["o"]["value"] for one in answer.json()["results"]["bindings"]]


@pytest.mark.parametrize(("graph", "text"), GRAPHS.items(), ids=GRAPHS.values())
class TestGraphNames:
    """The graph that was named answers, and none that looks like it."""

    @pytest.mark.parametrize("road", [_by_address, _by_lower_case_escapes, _by_form, _by_raw_form, _by_body])
    def test_as_parameter(self, client: httpx.Client, road: Road, graph: str, text: str) -> None:
        """default-graph-uri and named-graph-uri, decoded once and compared code point by code point."""
        assert _said(road(client, ASK, "default-graph-uri", graph)) == [text]
        assert _said(road(client, NAMED, "named-graph-uri", graph)) == [text]

    @pytest.mark.parametrize("clause", ["FROM <{}> {{ ?s", "{{ GRAPH <{}> {{ ?s"])
    def test_in_the_query(self, client: httpx.Client, clause: str, graph: str, text: str) -> None:
        """FROM and GRAPH in a query that comes as the body."""
        query = f"SELECT ?o {clause.format(graph)} <x:says> ?o }}" + "}" * clause.count("{{ GRAPH")
        assert _said(client.post("/sparql", content=query.encode(), headers=BODY)) == [text]
