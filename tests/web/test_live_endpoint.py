"""The endpoint as it is: uvicorn, real workers, bytes on a socket."""

from __future__ import annotations

import json
import select
import socket
import time
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import httpx
import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.term import Literal as RdflibLiteral
from rdflib.term import URIRef
from SPARQLWrapper import GET, JSON, JSONLD, POST, POSTDIRECTLY, RDFXML, TSV, XML, SPARQLWrapper
from web_playing import Live

from cicakg.sparql.formats import ResultKind, formats_of

FORM = "application/x-www-form-urlencoded"
NFC = "http://example.org/Й"
NFD = "http://example.org/" + unicodedata.normalize("NFD", "Й")
# What the toy data says of IRIs in other scripts, composed and decomposed.
LABELS = {
    "http://example.org/قازاقستان": "عربي",
    "http://example.org/Қазақстан": "кирилл",
    NFC: "NFC",
    NFD: "NFD",
}
HOSTS = """PREFIX cica: <https://w3id.org/cicakg/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
COUNT = HOSTS + "SELECT (COUNT(*) AS ?n) { ?claim a cica:Claim }"
HEAVY = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(6)) + " }"


def _ask_label(iri: str) -> str:
    return f"SELECT ?label {{ <{iri}> <http://www.w3.org/2000/01/rdf-schema#label> ?label }}"


def _only_ascii_quoted(text: str) -> bytes:
    return "".join(quote(one, safe="") if one.isascii() else one for one in text).encode()


def _one(answer: bytes) -> str:
    bindings = json.loads(answer)["results"]["bindings"]
    assert len(bindings) == 1
    value: str = bindings[0]["label"]["value"]
    return value


def _exchange(
    port: int, request: bytes, pieces: Iterable[bytes] = (), pause: float = 0.0
) -> tuple[int, bytes]:
    """Send raw bytes and return the status and the body of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as link:
        link.sendall(request)
        for piece in pieces:
            time.sleep(pause)
            link.sendall(piece)
        received = b""
        while chunk := link.recv(65536):
            received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), body


def _request(method: str, target: bytes, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    fields = {"Host": "toy.test", "Connection": "close", **(headers or {})}
    if body:
        fields["Content-Length"] = str(len(body))
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return method.encode() + b" " + target + b" HTTP/1.1\r\n" + lines.encode() + b"\r\n" + body


@pytest.mark.parametrize(("iri", "label"), LABELS.items())
class TestOtherScripts:
    """Arabic, Cyrillic, composed and decomposed IRIs arrive as they were sent, whatever the way."""

    def test_percent_encoded_in_the_address(self, live: Live, iri: str, label: str) -> None:
        """GET with the query percent-encoded."""
        target = b"/sparql?query=" + quote(_ask_label(iri), safe="").encode()
        assert _one(_exchange(live.port, _request("GET", target))[1]) == label

    def test_raw_in_the_address(self, live: Live, iri: str, label: str) -> None:
        """GET with raw UTF-8 bytes in the address, as curl sends what one types."""
        target = b"/sparql?query=" + _only_ascii_quoted(_ask_label(iri))
        assert _one(_exchange(live.port, _request("GET", target))[1]) == label

    def test_form(self, live: Live, iri: str, label: str) -> None:
        """POST as a form, percent-encoded."""
        body = b"query=" + quote_plus(_ask_label(iri)).encode()
        assert (
            _one(_exchange(live.port, _request("POST", b"/sparql", {"Content-Type": FORM}, body))[1]) == label
        )

    def test_raw_form(self, live: Live, iri: str, label: str) -> None:
        """POST as a form with raw UTF-8 bytes."""
        body = b"query=" + _only_ascii_quoted(_ask_label(iri))
        assert (
            _one(_exchange(live.port, _request("POST", b"/sparql", {"Content-Type": FORM}, body))[1]) == label
        )

    def test_body(self, live: Live, iri: str, label: str) -> None:
        """POST with the query as the body."""
        headers = {"Content-Type": "application/sparql-query"}
        request = _request("POST", b"/sparql", headers, _ask_label(iri).encode())
        assert _one(_exchange(live.port, request)[1]) == label

    def test_in_each_row_format(self, http: httpx.Client, iri: str, label: str) -> None:
        """JSON, XML, CSV and TSV all carry the label and say UTF-8."""
        for one in formats_of(ResultKind.SOLUTIONS):
            answer = http.get("/sparql", params={"query": _ask_label(iri), "format": one.name})
            assert answer.headers["content-type"] == one.media_type + "; charset=utf-8"
            assert label in answer.content.decode("utf-8")


def test_rows_in_each_format_say_the_same(http: httpx.Client) -> None:
    """JSON, XML and TSV read back to the same count; CSV has it as its only value."""
    for name, engine in (
        ("json", QueryResultsFormat.JSON),
        ("xml", QueryResultsFormat.XML),
        ("tsv", QueryResultsFormat.TSV),
    ):
        answer = http.get("/sparql", params={"query": COUNT}, headers={"accept": f"{_media_type(name)}"})
        rows = parse_query_results(answer.content, engine)
        assert [str(row["n"].value) for row in rows] == ["3"]  # type: ignore[union-attr]
    answer = http.get("/sparql", params={"query": COUNT}, headers={"accept": "text/csv"})
    assert answer.text.split() == ["n", "3"]


def _media_type(name: str) -> str:
    return next(one.media_type for one in formats_of(ResultKind.SOLUTIONS) if one.name == name)


def test_graph_in_each_format_is_the_same_graph(http: httpx.Client) -> None:
    """CONSTRUCT in each RDF format reads back to the same three triples."""
    query = HOSTS + "CONSTRUCT { ?c rdf:predicate ?p } { ?c a cica:Claim ; rdf:predicate ?p }"
    graphs = []
    for one in formats_of(ResultKind.GRAPH):
        answer = http.get("/sparql", params={"query": query}, headers={"accept": one.media_type})
        assert answer.headers["content-type"] == one.content_type
        assert isinstance(one.engine, RdfFormat)
        graphs.append({quad.triple for quad in parse(answer.content, format=one.engine)})
    assert len(graphs[0]) == 3
    assert all(graph == graphs[0] for graph in graphs)


def test_select_as_turtle_is_406(http: httpx.Client) -> None:
    """Rows cannot be written as RDF; the answer says what can be had."""
    answer = http.get("/sparql", params={"query": COUNT}, headers={"accept": "text/turtle"})
    assert (answer.status_code, answer.json()["code"]) == (406, "query-not-acceptable")


def test_syntax_fault_is_400_with_its_place(http: httpx.Client) -> None:
    """A query that is no SPARQL is the caller's fault and says where."""
    answer = http.get("/sparql", params={"query": "SELECT * WHERE { ?s ?p }"})
    assert (answer.status_code, answer.json()["code"]) == (400, "query-syntax")
    assert "1" in answer.json()["detail"]


def test_update_and_service_are_refused(http: httpx.Client) -> None:
    """An update in the place of a query is no query; SERVICE is not followed."""
    update = http.get("/sparql", params={"query": "DELETE WHERE { ?s ?p ?o }"})
    assert update.status_code in {400, 403}
    service = http.get("/sparql", params={"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"})
    assert (service.status_code, service.json()["code"]) == (403, "query-service-refused")


def test_heavy_query_is_ended_and_others_are_answered_meanwhile(live: Live) -> None:
    """A query over its time is a 504; a small one from another client does not wait for it."""
    heavy = urlencode({"query": HEAVY, "timeout": "3"}).encode()
    with socket.create_connection(("127.0.0.1", live.port), timeout=20) as link:
        link.sendall(_request("GET", b"/sparql?" + heavy))
        assert httpx.get(live.address + "/health", timeout=5).status_code == 200
        small = httpx.get(live.address + "/sparql", params={"query": "ASK {}"}, timeout=5)
        assert small.json()["boolean"] is True
        assert select.select([link], [], [], 0)[0] == [], "the heavy one is still at work"
        received = b""
        while chunk := link.recv(65536):
            received += chunk
    assert received.startswith(b"HTTP/1.1 504 ")
    assert b'"query-timeout"' in received


def test_query_that_ends_its_engine_is_an_error_and_the_next_is_answered(http: httpx.Client) -> None:
    """Nested groups overflow the engine's stack; only its process dies."""
    nested = "SELECT * " + "{" * 20_000 + "}" * 20_000
    answer = http.post("/sparql", content=nested, headers={"content-type": "application/sparql-query"})
    assert answer.status_code in {400, 500}
    assert answer.headers["content-type"] == "application/problem+json"
    assert http.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


def test_chunked_body_is_bounded(live: Live) -> None:
    """A body without a Content-Length is bounded all the same."""
    head = _request("POST", b"/sparql", {"Content-Type": FORM, "Transfer-Encoding": "chunked"})
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    status, body = _exchange_until_answer(live.port, head, [chunk] * 17)
    assert (status, json.loads(body)["code"]) == (413, "body-too-large")


def test_slow_body_is_ended(live: Live) -> None:
    """A body that comes a byte at a time is not waited for beyond its deadline."""
    head = _request("POST", b"/sparql", {"Content-Type": FORM, "Content-Length": "100"})
    started = time.monotonic()
    status, body = _exchange_until_answer(live.port, head, [b"q"] * 8, pause=0.2)
    assert (status, json.loads(body)["code"]) == (408, "body-too-slow")
    assert time.monotonic() - started < 5


def _exchange_until_answer(
    port: int, head: bytes, pieces: Iterable[bytes], pause: float = 0.0
) -> tuple[int, bytes]:
    """Send pieces until the server answers and closes, as it may before it has all of them."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as link:
        link.sendall(head)
        try:
            for piece in pieces:
                time.sleep(pause)
                link.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        received = b""
        try:
            while chunk := link.recv(65536):
                received += chunk
        except ConnectionResetError:
            pass
    head_, _, body = received.partition(b"\r\n\r\n")
    return int(head_.split(b" ")[1]), body


def test_long_address_is_414(live: Live) -> None:
    """An address beyond its bound has its own status; it lies below where the HTTP parser gives up."""
    target = b"/sparql?query=" + b"x" * 61 * 1024
    assert _exchange_until_answer(live.port, _request("GET", target), [])[0] == 414


@pytest.mark.parametrize("target", [b"/sparql?query=ASK%0d%0aX-Evil:%201{}", b"/id/%0d%0aX-Evil:%201"])
def test_no_header_comes_in_by_the_address(live: Live, target: bytes) -> None:
    """Line breaks in a parameter never become header fields, not even on the way to the query page."""
    request = _request("GET", target, {"Accept": "text/html"})
    with socket.create_connection(("127.0.0.1", live.port), timeout=20) as link:
        link.sendall(request)
        received = b""
        while chunk := link.recv(65536):
            received += chunk
    assert b"\r\nx-evil" not in received.partition(b"\r\n\r\n")[0].lower()


@pytest.mark.parametrize(
    "path", ["/", "/query", "/id/toyland", "/ontology", "/health", "/openapi.json", "/static/cicakg.css"]
)
def test_head_on_every_kind_of_page(live: Live, path: str) -> None:
    """HEAD answers as GET does, without a body."""
    status, body = _exchange(live.port, _request("HEAD", path.encode(), {"Accept": "text/html"}))
    assert (status, body) == (200, b"")


def test_raw_bytes_in_a_path_are_no_fault_of_ours(live: Live) -> None:
    """Names are ASCII; any other path is not found or refused, never a 500."""
    for target in ("/id/Қазақстан".encode(), b"/id/%D0%9A", b"/id/%FF"):
        assert _exchange(live.port, _request("GET", target))[0] in {400, 404}


def test_health_and_ready(http: httpx.Client) -> None:
    """/health speaks for the server, /ready for a worker."""
    assert http.get("/health").json()["status"] == "ok"
    assert http.get("/ready").json()["status"] == "ready"


class TestClients:
    """Clients researchers use, as they come."""

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_rdflib_store(self, live: Live, method: str) -> None:
        """rdflib's SPARQLStore finds a label by an Arabic IRI."""
        store = SPARQLStore(f"{live.address}/sparql", method=method)
        found = list(store.query(_ask_label("http://example.org/قازاقستان")))
        assert found == [(RdflibLiteral("عربي", lang="ar"),)]

    def test_rdflib_store_triples(self, live: Live) -> None:
        """rdflib's SPARQLStore walks triples by pattern."""
        store = SPARQLStore(f"{live.address}/sparql")
        label = URIRef("http://www.w3.org/2000/01/rdf-schema#label")
        found = [triple for triple, _ in store.triples((URIRef(NFD), label, None))]
        assert [str(value) for _, _, value in found] == ["NFD"]

    @pytest.mark.parametrize("method", [GET, POST])
    @pytest.mark.parametrize("form", [JSON, XML, TSV])
    def test_sparqlwrapper_rows(self, live: Live, method: str, form: str) -> None:
        """SPARQLWrapper sends its format in three parameters and several spellings; rows come back."""
        wrapper = SPARQLWrapper(f"{live.address}/sparql")
        wrapper.setQuery(_ask_label(NFC))
        wrapper.setMethod(method)
        wrapper.setReturnFormat(form)
        answer = wrapper.query()
        assert "NFC" in answer.response.read().decode()

    def test_sparqlwrapper_direct_post(self, live: Live) -> None:
        """SPARQLWrapper with the query as the body keeps its parameters in the address."""
        wrapper = SPARQLWrapper(f"{live.address}/sparql")
        wrapper.setQuery(_ask_label("http://example.org/Қазақстан"))
        wrapper.setMethod(POST)
        wrapper.setRequestMethod(POSTDIRECTLY)
        wrapper.setReturnFormat(JSON)
        answer: Any = wrapper.queryAndConvert()
        assert answer["results"]["bindings"][0]["label"]["value"] == "кирилл"

    @pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
    @pytest.mark.parametrize("form", [XML, RDFXML, JSONLD])
    def test_sparqlwrapper_graphs(self, live: Live, form: str) -> None:
        """CONSTRUCT by SPARQLWrapper becomes an rdflib graph, also where it asks for "xml"."""
        wrapper = SPARQLWrapper(f"{live.address}/sparql")
        wrapper.setQuery(f"CONSTRUCT {{ <{NFC}> ?p ?o }} {{ <{NFC}> ?p ?o }}")
        wrapper.setReturnFormat(form)
        graph: Any = wrapper.queryAndConvert()
        assert len(graph) == 1
