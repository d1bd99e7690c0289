"""The W3C SPARQL 1.1 protocol tests against the real server (``w3c/rdf-tests/sparql/sparql11/protocol``)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse, serialize
from web_playing import Live, ServeData

SUITE = (
    Path(os.environ.get("CICAKG_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    / "w3c/rdf-tests/sparql/sparql11/protocol"
)
GRAPHS = "http://kasei.us/2009/09/sparql/data/"
PREFIXES = """
PREFIX ht: <http://www.w3.org/2011/http#>
PREFIX cnt: <http://www.w3.org/2011/content#>
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
REQUEST = """SELECT ?path ?method ?text ?encoding ?name ?value ?boolean ?format ?status WHERE {
  %s mf:action/ht:requests/rdf:rest*/rdf:first ?request .
  ?request ht:absolutePath ?path ; ht:methodName ?method ; ht:resp ?response .
  ?response mf:expectedStatus ?status .
  OPTIONAL { ?request ht:body ?body . ?body cnt:chars ?text ; cnt:characterEncoding ?encoding }
  OPTIONAL { ?request ht:headers/rdf:rest*/rdf:first ?h . ?h ht:fieldName ?name ; ht:fieldValue ?value }
  OPTIONAL { ?response mf:expectedBoolean ?boolean }
  OPTIONAL { ?response mf:expectedFormat ?format }
}"""
FORMATS = {
    "boolean": ("application/sparql-results",),
    "tabular": ("application/sparql-results", "text/csv", "text/tab-separated-values"),
    "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"),
}


@dataclass
class Case:
    """One request of the suite and what it has to be answered with."""

    name: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: set[str]
    boolean: str | None
    format: str | None


def _manifest() -> Store | None:
    manifest = SUITE / "manifest.ttl"
    if not manifest.is_file():
        return None
    store = Store()
    store.load(path=manifest, format=RdfFormat.TURTLE, base_iri="http://suite.test/manifest")
    return store


def _cases() -> list[Any]:
    """The query tests and the refusals; what writes is not offered by a read-only endpoint."""
    store = _manifest()
    if store is None:
        return [pytest.param(None, marks=pytest.mark.skip("the W3C suites are not here"))]
    found: Any = store.query(
        PREFIXES + "SELECT ?test ?name { ?test a mf:ProtocolTest ; mf:name ?name } ORDER BY ?test"
    )
    tests = [(row["test"], row["test"].value.partition("#")[2]) for row in found]
    return [
        pytest.param(_case(store, test, name), id=name)
        for test, name in tests
        if not name.startswith("update")
    ]


def _case(store: Store, test: NamedNode, name: str) -> Case:
    found: Any = store.query(PREFIXES + REQUEST % test)
    rows = list(found)
    row = rows[0]
    body = None if row["text"] is None else row["text"].value.encode(row["encoding"].value)
    return Case(
        name=name,
        method=row["method"].value,
        path=row["path"].value,
        headers={one["name"].value: one["value"].value for one in rows if one["name"] is not None},
        body=body,
        statuses={one["status"].value.partition("StatusCode")[2] for one in rows},
        boolean=None if row["boolean"] is None else row["boolean"].value,
        format=None if row["format"] is None else row["format"].value,
    )


@pytest.fixture(scope="module")
def suite_server(serve_data: ServeData, tmp_path_factory: pytest.TempPathFactory) -> Live:
    """The data of the suite, each file in the graph its tests name."""
    quads = [
        Quad(one.subject, one.predicate, one.object, NamedNode(f"{GRAPHS}data{number}.rdf"))
        for number in (1, 2, 3)
        for one in parse(path=SUITE / f"data{number}.nt", format=RdfFormat.N_TRIPLES)
    ]
    path = tmp_path_factory.mktemp("suite") / "suite.nq"
    path.write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    return serve_data(path)


def test_the_suite_is_whole() -> None:
    """All 34 tests are there; the 7 that write are not for a read-only endpoint, all others are run."""
    store = _manifest()
    if store is None:
        pytest.skip("the W3C suites are not here")
    count: Any = store.query(PREFIXES + "SELECT (COUNT(*) AS ?n) { ?test a mf:ProtocolTest }")
    assert next(iter(count))["n"] == Literal(34)
    assert len(_cases()) == 27


@pytest.mark.parametrize("case", _cases())
def test_protocol(suite_server: Live, case: Case) -> None:
    """The answer has the status, the format and the boolean the suite expects."""
    headers = {"user-agent": "w3c", **case.headers}
    answer = httpx.request(
        case.method, suite_server.address + case.path, headers=headers, content=case.body, timeout=20
    )
    assert f"{answer.status_code // 100}xx" in case.statuses, answer.text
    if case.format is not None:
        assert answer.headers["content-type"].startswith(FORMATS[case.format])
    if case.boolean is not None:
        assert answer.json()["boolean"] is (case.boolean == "true")
