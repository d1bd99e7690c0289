"""The W3C's federation tests (sparql11/service), each remote data set behind the name its manifest gives.

The names resolve to public addresses, and a connection to one of those is led to a server of the test. Three
of the seven are refused by choice: the endpoint of test 5 is a variable, and in tests 3 and 6 a SERVICE
stands inside another, which the other server would have to carry out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse_query_results,
)
from remote_playing import PlayedEndpoint, names_lead_to, over

from cicakg.errors import CicakgError
from cicakg.federation import Caller, FederatedPool, read_allowed
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import QueryRequest
from cicakg.workers import WorkerPool

PREFIXES = {
    "": "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/service/manifest#",
    "mf": "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#",
    "qt": "http://www.w3.org/2001/sw/DataAccess/tests/test-query#",
}
FILES = """SELECT ?query ?data ?result {
  :%s mf:result ?result ; mf:action ?a . ?a qt:query ?query OPTIONAL { ?a qt:data ?data }
}"""
REMOTES = "SELECT ?endpoint ?data { :%s mf:action/qt:serviceData [ qt:endpoint ?endpoint ; qt:data ?data ] }"


class Suite:
    """The manifest and its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._manifest = Store()
        self._manifest.load(path=folder / "manifest.ttl", format=RdfFormat.TURTLE, base_iri="file:///")

    def rows(self, query: str) -> list[dict[str, str]]:
        """Ask the manifest."""
        found = self._manifest.query(query, prefixes=PREFIXES)
        assert isinstance(found, QuerySolutions)
        names = [one.value for one in found.variables]
        rows = []
        for row in found:
            terms = {name: row[name] for name in names}
            rows.append({k: v.value for k, v in terms.items() if isinstance(v, NamedNode | Literal)})
        return rows

    def path(self, iri: str) -> Path:
        """Return the file a manifest names."""
        return self.folder / urlsplit(iri).path.lstrip("/")


@pytest.fixture(scope="module")
def suite(shared: Path) -> Suite:
    """The seven tests."""
    return Suite(shared / "w3c/rdf-tests/sparql/sparql11/service")


@pytest.mark.parametrize("name", ["service1", "service2", "service4a", "service7"])
def test_evaluation(suite: Suite, led: dict[str, int], tmp_path: Path, name: str) -> None:
    """The rows are those of the result file."""
    (files,) = suite.rows(FILES % name)
    found = _answer(suite, name, led, tmp_path)
    assert not isinstance(found, CicakgError), found
    assert _bag(found, QueryResultsFormat.JSON) == _bag(
        suite.path(files["result"]).read_bytes(), QueryResultsFormat.XML
    )


@pytest.mark.parametrize("name", ["service3", "service5", "service6"])
def test_refused_by_choice(suite: Suite, led: dict[str, int], tmp_path: Path, name: str) -> None:
    """What is not carried out is refused, not answered otherwise."""
    found = _answer(suite, name, led, tmp_path)
    assert isinstance(found, CicakgError)
    assert found.code == "query-service-refused"


def _answer(suite: Suite, name: str, led: dict[str, int], folder: Path) -> bytes | CicakgError:
    (files,) = suite.rows(FILES % name)
    data = folder / "local.ttl"
    data.write_bytes(suite.path(files["data"]).read_bytes() if "data" in files else b"")
    query = suite.path(files["query"]).read_text()
    with ExitStack() as stack:
        places = dict(_serve(suite, name, led, stack))
        allowed = [f"http://{host}/" for host in places] + ["http://invalid.endpoint.org/"]
        return asyncio.run(_run(data, query, Caller(read_allowed(allowed), None, names_lead_to(places))))


def _serve(suite: Suite, name: str, led: dict[str, int], stack: ExitStack) -> Iterator[tuple[str, list[str]]]:
    for number, remote in enumerate(suite.rows(REMOTES % name), 1):
        store = Store()
        store.load(path=suite.path(remote["data"]), format=RdfFormat.TURTLE)
        address = f"93.184.216.{number}"
        led[address] = stack.enter_context(PlayedEndpoint(over(store))).port
        yield str(urlsplit(remote["endpoint"]).hostname), [address]


async def _run(data: Path, query: str, caller: Caller) -> bytes | CicakgError:
    pool = await WorkerPool.start(data, 1)
    try:
        answer = await FederatedPool(pool, caller).run(QueryRequest(query, {ResultKind.SOLUTIONS: "json"}))
    except CicakgError as error:
        return error
    finally:
        caller.close()
        await pool.close()
    with answer.file as file:
        return file.read()


def _bag(body: bytes, written: QueryResultsFormat) -> list[list[tuple[str, str]]]:
    found = parse_query_results(body, written)
    assert isinstance(found, QuerySolutions)
    names = [one.value for one in found.variables]
    rows: Iterable[list[tuple[str, str]]] = (
        [(name, str(row[name])) for name in sorted(names) if row[name] is not None] for row in found
    )
    return sorted(rows)
