"""A dataset put into an engine, such that nobody takes a part of it for the whole.

The status graph says ``loading`` before anything else is touched and ``complete`` after everything has been
counted. A loading that breaks off leaves ``loading`` behind, and the graphs it knew of; the next one begins
anew and removes what is not of its dataset.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import uuid4

import httpx
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from cicakg.errors import CicakgError
from cicakg.remote.answers import ACCEPTED, read_head
from cicakg.remote.dialects import Dialect, dialect_of
from cicakg.remote.engine import encode_form
from cicakg.remote.faults import spoken
from cicakg.remote.holdings import (
    GRAPHS_QUERY,
    LOADING,
    MERGED_GRAPH,
    STATUS_GRAPH,
    STATUS_QUERY,
    Holdings,
    Status,
    read_holdings,
    read_status,
    status_triples,
)
from cicakg.remote.writers import GraphWriter, send
from cicakg.sparql.formats import ResultKind
from cicakg.store import build_snapshot

Progress: TypeAlias = Callable[[str], None]

_COUNT: Final = "SELECT (COUNT(*) AS ?count) WHERE { ?s ?p ?o }"


@dataclass(frozen=True, slots=True)
class Shipment:
    """A dataset ready to be loaded: the triples of each graph, the merge of all among them."""

    graphs: Mapping[str, Sequence[Triple]]
    holdings: Holdings
    fingerprint: str
    quad_count: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loading did: the graphs written and those removed, the statements in the dataset's graphs; all
    empty where the engine held the dataset already.
    """

    written: int
    removed: int
    quad_count: int


class QueryEndpoint:
    """The engine's query endpoint at *address*, for questions of the loading itself."""

    def __init__(self, http: httpx.Client, address: str) -> None:
        self._http = http
        self._address = address

    def ask(self, query: str, graph: str) -> bytes:
        """Return the JSON answer to the SELECT *query* on *graph*."""
        return self._ask(query, graph).content

    def dialect(self) -> Dialect:
        """Return how the engine has to be spoken to."""
        return dialect_of(self._ask(STATUS_QUERY, STATUS_GRAPH).headers.get("server", ""))

    def _ask(self, query: str, graph: str) -> httpx.Response:
        headers = {
            "Accept": ACCEPTED[ResultKind.SOLUTIONS],
            "Content-Type": "application/x-www-form-urlencoded",
        }
        form = encode_form(query, [graph])
        request = self._http.build_request("POST", self._address, content=form, headers=headers)
        response = send(self._http, request, "a query")
        read_head(response, ResultKind.SOLUTIONS)
        return response


def make_shipment(quads: Iterable[Quad]) -> Shipment:
    """Return *quads* (:func:`cicakg.store.dataset_quads`) as they are to be loaded.

    Raises :class:`CicakgError` (``load-impossible``) for what an engine cannot hold unchanged.
    """
    graphs: dict[str, dict[Triple, None]] = {}
    everything = list(quads)
    for quad in everything:
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            raise _impossible(f"{quad.subject} is a blank node, which would be another in every piece")
        if not isinstance(quad.graph_name, NamedNode):
            raise _impossible(f"a statement about {quad.subject} stands in no graph")
        graphs.setdefault(quad.graph_name.value, {})[quad.triple] = None
    merged = {triple: None for triples in graphs.values() for triple in triples}
    snapshot = build_snapshot(everything)
    holdings = Holdings(frozenset(graphs), _sharing(graphs))
    whole = {name: tuple(triples) for name, triples in (*sorted(graphs.items()), (MERGED_GRAPH, merged))}
    return Shipment(whole, holdings, snapshot.fingerprint, snapshot.quad_count)


def _sharing(graphs: Mapping[str, Iterable[Triple]]) -> frozenset[str]:
    """Return the graphs that have a triple in common with another."""
    holders = Counter(triple for triples in graphs.values() for triple in triples)
    return frozenset(name for name, triples in graphs.items() if any(holders[one] > 1 for one in triples))


def _impossible(reason: str) -> CicakgError:
    return CicakgError("load-impossible", f"The dataset cannot be loaded: {reason}.", "Run cicakg check.")


def load(
    shipment: Shipment,
    endpoint: QueryEndpoint,
    writer: GraphWriter,
    note: Progress = lambda _: None,
    *,
    again: bool = False,
) -> Loaded:
    """Make the engine hold *shipment* and nothing else of ours. Told *again*, it does so even where the
    engine says it holds it. *note* is told what is being done.

    Raises :class:`CicakgError` where that fails; the engine's data then count as being loaded.
    """
    before, held = _held(endpoint)
    if before is not None and before.is_complete and before.fingerprint == shipment.fingerprint and not again:
        return Loaded(0, 0, 0)
    status = Status(uuid4().hex, LOADING, shipment.fingerprint, shipment.quad_count)
    gone = sorted(held.graphs - shipment.holdings.graphs)
    # While it goes on, the graphs that are to be removed are still known to whoever comes after it.
    meanwhile = Holdings(held.graphs | shipment.holdings.graphs)
    writer.replace(STATUS_GRAPH, status_triples(status, meanwhile))
    for place, (name, triples) in enumerate(shipment.graphs.items(), 1):
        note(f"writing graph {place} of {len(shipment.graphs)}")
        writer.replace(name, triples)
    for name in gone:
        note(f"removing {name}")
        writer.remove(name)
    note("counting")
    _check(shipment, status, endpoint)
    writer.replace(STATUS_GRAPH, status_triples(status.completed(), shipment.holdings))
    return Loaded(len(shipment.graphs), len(gone), shipment.quad_count)


def _held(endpoint: QueryEndpoint) -> tuple[Status | None, Holdings]:
    """Return what a loading before this one says."""
    try:
        status = read_status(endpoint.ask(STATUS_QUERY, STATUS_GRAPH))
        return status, read_holdings(endpoint.ask(GRAPHS_QUERY, STATUS_GRAPH))
    except (SyntaxError, ValueError) as error:
        raise _not_loaded(f"what it says of its graphs cannot be read ({spoken(str(error))})") from error


def _check(shipment: Shipment, status: Status, endpoint: QueryEndpoint) -> None:
    """Make sure that each graph has its triples, and that no other loading came between."""
    for name, triples in shipment.graphs.items():
        found = _count(endpoint.ask(_COUNT, name))
        if found != len(triples):
            raise _not_loaded(f"of the {len(triples)} triples of the graph {name} it holds {found}")
    if read_status(endpoint.ask(STATUS_QUERY, STATUS_GRAPH)) != status:
        raise _not_loaded("another loading is at work there")


def _count(answer: bytes) -> int:
    found = parse_query_results(answer, format=QueryResultsFormat.JSON)
    value = next(iter(found))["count"] if isinstance(found, QuerySolutions) else None
    return int(value.value) if isinstance(value, Literal) else -1


def _not_loaded(reason: str) -> CicakgError:
    return CicakgError(
        "load-incomplete",
        f"The engine does not hold the dataset as it is: {reason}.",
        "Run the same command again, and alone; until it succeeds no server answers from these data.",
    )
