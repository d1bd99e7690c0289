"""The W3C's protocol and Graph Store suites: requests with the answers they expect, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import httpx
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from w3c_sparql.resources import MF, Resource, manifest_entries

FOLDER: Final = Path("sparql11/protocol")
STORE_FOLDER: Final = Path("sparql11/graph-store-protocol")
_GRAPHS: Final = "http://kasei.us/2009/09/sparql/data/"
_HT: Final = "http://www.w3.org/2011/http#"
_CNT: Final = "http://www.w3.org/2011/content#"
_FORMATS: Final = {
    "boolean": ("application/sparql-results",),
    "tabular": ("application/sparql-results", "text/csv", "text/tab-separated-values"),
    "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"),
}


@dataclass(frozen=True)
class Exchange:
    """One request and what it has to be answered with: one of the classes of status (``2xx``), a boolean, a
    kind of format.
    """

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    statuses: frozenset[str]
    boolean: bool | None
    format: str | None

    def send(self, client: httpx.Client) -> httpx.Response:
        """Send the request."""
        return client.request(self.method, self.path, headers=list(self.headers), content=self.body)

    def fault(self, answer: httpx.Response) -> str:
        """Return what is wrong with *answer*, nothing where it is as expected."""
        said = answer.headers.get("content-type", "")
        if f"{answer.status_code // 100}xx" not in self.statuses:
            return f"{answer.status_code} instead of {' or '.join(sorted(self.statuses))}: {answer.text}"
        if self.format is not None and not said.startswith(_FORMATS[self.format]):
            return f"{said} is no format for a result that is {self.format}"
        if self.boolean is not None and answer.json()["boolean"] is not self.boolean:
            return f"{answer.text} instead of {self.boolean}"
        return ""


@dataclass(frozen=True)
class ProtocolCase:
    """One test: its name, its title, and its requests in their order."""

    name: str
    title: str
    exchanges: tuple[Exchange, ...]

    @property
    def writes(self) -> bool:
        """Whether the test wants data to be changed, and so is not one for a read-only endpoint."""
        return self.name.startswith("update")

    def fault(self, client: httpx.Client) -> str:
        """Return the first thing that is wrong. A test that writes has to be refused, with a sentence."""
        if self.writes:
            return refusal_fault(self.exchanges[0].send(client), {403})
        return next((fault for one in self.exchanges if (fault := one.fault(one.send(client)))), "")


def refusal_fault(answer: httpx.Response, statuses: set[int]) -> str:
    """Return what is wrong with *answer* as the refusal of something that writes."""
    if answer.status_code not in statuses:
        return f"{answer.status_code} instead of {statuses}"
    if answer.headers["content-type"] != "application/problem+json":
        return f"the refusal comes as {answer.headers['content-type']}"
    said = answer.json()
    is_told = said["fix"] and any(word in said["detail"] for word in ("read-only", "only answers queries"))
    if answer.status_code == 405 and "GET" not in answer.headers.get("allow", ""):
        return "the refusal does not say what is allowed"
    return "" if is_told else f"the refusal does not say why: {said}"


def store_fault(case: ProtocolCase, client: httpx.Client) -> str:
    """Return what is wrong with the refusals of a Graph Store test: what it would write, at the address of a
    graph and of the endpoint, changes nothing and says so.
    """
    answers = (replace(one, path=_ours(one.path)).send(client) for one in case.exchanges if _is_write(one))
    return "; ".join(fault for one in answers if (fault := refusal_fault(one, {405, 415})))


def _is_write(exchange: Exchange) -> bool:
    return exchange.method not in {"GET", "HEAD"}


def _ours(path: str) -> str:
    """Where the graph of the suite would be here: ``/gsp/person/1.ttl`` at ``/graph/1.ttl``, ``/gsp?…`` at
    the endpoint.
    """
    return f"/graph/{path.rpartition('/')[2]}" if path.startswith("/gsp/") else f"/sparql{path[4:]}"


def protocol_cases(suites: Path) -> list[ProtocolCase]:
    """Return the tests of the SPARQL protocol, by name."""
    return list(_cases(suites / FOLDER / "manifest.ttl"))


def store_cases(suites: Path) -> list[ProtocolCase]:
    """Return the tests of the Graph Store protocol that write, in both ways to name a graph."""
    paths = sorted((suites / STORE_FOLDER).glob("manifest-*.ttl"))
    cases = (case for path in paths for case in _cases(path))
    return [case for case in cases if any(_is_write(one) for one in case.exchanges)]


def protocol_quads(suites: Path) -> Iterator[Quad]:
    """Yield the data of the protocol suite, each file in the graph its tests name."""
    for path in sorted((suites / FOLDER).glob("data*.nt")):
        graph = NamedNode(f"{_GRAPHS}{path.stem}.rdf")
        for one in parse(path=path, format=RdfFormat.N_TRIPLES):
            yield Quad(one.subject, one.predicate, one.object, graph)


def _cases(manifest: Path) -> Iterator[ProtocolCase]:
    for test in manifest_entries(manifest, "http://suite.test/manifest"):
        exchanges = (_exchange(one) for one in test.items(f"{MF}action", f"{_HT}requests"))
        yield ProtocolCase(test.name, test.text(f"{MF}name") or "", tuple(exchanges))


def _exchange(request: Resource) -> Exchange:
    fields = request.items(f"{_HT}headers")
    headers = ((one.text(f"{_HT}fieldName") or "", one.text(f"{_HT}fieldValue") or "") for one in fields)
    body = request.text(f"{_HT}body", f"{_CNT}chars")
    encoding = request.text(f"{_HT}body", f"{_CNT}characterEncoding") or "utf-8"
    boolean = request.text(f"{_HT}resp", f"{MF}expectedBoolean")
    statuses = request.resources(f"{_HT}resp", f"{MF}expectedStatus")
    return Exchange(
        method=request.text(f"{_HT}methodName") or "",
        path=request.text(f"{_HT}absolutePath") or "",
        headers=(("user-agent", "w3c"), *headers),
        body=None if body is None else body.encode(encoding),
        statuses=frozenset(one.name.removeprefix("StatusCode") for one in statuses),
        boolean=None if boolean is None else boolean == "true",
        format=request.text(f"{_HT}resp", f"{MF}expectedFormat"),
    )
