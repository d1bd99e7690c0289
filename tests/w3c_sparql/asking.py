"""Asking the server a test's query over HTTP, and asking the engine the same without the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import httpx
from pyoxigraph import (
    DefaultGraph,
    Quad,
    QueryBoolean,
    QuerySolutions,
    RdfFormat,
    Store,
)

from w3c_sparql.answers import Answer, Table, Term, read_csv, read_graph, read_json, read_tsv, read_xml
from w3c_sparql.manifests import Case, graph_quads

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

ROWS: Final[Mapping[str, Callable[[bytes], Answer]]] = {
    "application/sparql-results+json": read_json,
    "application/sparql-results+xml": read_xml,
    "text/tab-separated-values": read_tsv,
    "text/csv": read_csv,
}
"""The formats of rows, each with its reader; the first two can also say true and false."""

GRAPHS: Final[Mapping[str, Callable[[bytes], Answer]]] = {
    "text/turtle": lambda data: read_graph(data, RdfFormat.TURTLE),
    "application/n-triples": lambda data: read_graph(data, RdfFormat.N_TRIPLES),
    "application/rdf+xml": lambda data: read_graph(data, RdfFormat.RDF_XML),
    "application/ld+json": lambda data: read_graph(data, RdfFormat.JSON_LD),
}
"""The formats of graphs, each with its reader."""


class Client:
    """Asks one server, taking turns between the three ways the protocol has: the address, a form, a body."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=60)
        self._ways = cycle((self._by_address, self._by_form, self._by_body))

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def ask(self, case: Case, accept: str) -> httpx.Response:
        """Send the query of *case* with its data set; the answer is to come as *accept*."""
        return next(self._ways)(case, accept)

    def send(self, content_type: str, body: bytes) -> httpx.Response:
        """POST *body* to the endpoint."""
        return self._http.post("sparql", content=body, headers={"content-type": content_type})

    def _by_address(self, case: Case, accept: str) -> httpx.Response:
        parameters = (("query", case.text), *_dataset(case))
        return self._http.get("sparql", params=parameters, headers=_headers(case, accept))

    def _by_form(self, case: Case, accept: str) -> httpx.Response:
        body = urlencode([("query", case.text), *_dataset(case)]).encode()
        return self._http.post("sparql", content=body, headers=_headers(case, accept, FORM))

    def _by_body(self, case: Case, accept: str) -> httpx.Response:
        headers = _headers(case, accept, QUERY)
        body = case.query.read_bytes()
        return self._http.post("sparql", params=_dataset(case), content=body, headers=headers)


def _headers(case: Case, accept: str, content_type: str | None = None) -> dict[str, str]:
    sent = {"host": case.host, "accept": accept}
    return sent | {"content-type": content_type} if content_type else sent


def _dataset(case: Case) -> tuple[tuple[str, str], ...]:
    """The data set of *case* as parameters, none where its query says it with FROM. Where there are no data
    the default graph is one that nobody has, which is empty.
    """
    if case.from_clauses():
        return ()
    chosen = [("default-graph-uri", one) for one in case.data]
    chosen += [("named-graph-uri", one) for one in case.graphs]
    return tuple(chosen) or (("default-graph-uri", f"http://{case.host}/nothing"),)


@dataclass(frozen=True)
class Engine:
    """pyoxigraph by itself: every test gets a store of its own with its data where the suite wants them."""

    suites: Path

    def answer(self, case: Case) -> Answer:
        """Return the engine's answer to *case*; a query it refuses is a :class:`SyntaxError`."""
        results = self._store(case).query(case.text, base_iri=f"http://{case.host}/{case.query.name}")
        if isinstance(results, QueryBoolean):
            return bool(results)
        if isinstance(results, QuerySolutions):
            variables = tuple(results.variables)
            rows = (tuple(_plain(row[one]) for one in variables) for row in results)
            return Table(tuple(one.value for one in variables), tuple(rows))
        return frozenset(results)

    def _store(self, case: Case) -> Store:
        store = Store()
        store.extend(self._quads(case))
        return store

    def _quads(self, case: Case) -> Iterator[Quad]:
        for one in graph_quads(self.suites, case.data):
            yield Quad(one.subject, one.predicate, one.object, DefaultGraph())
        yield from graph_quads(self.suites, (*case.graphs, *case.from_clauses()))


def _plain(term: object) -> Term | None:
    assert term is None or isinstance(term, Term)
    return term
