"""What ``cicakg load`` has put into an engine, as the engine's own status graph says it.

The status is one small graph beside the data: which loading it comes from, how far that is, the
fingerprint, and the graphs. A loading says ``loading`` there before it touches anything, and ``complete``
last of all; each has a number of its own. So two looks that show the same complete loading prove that the
data did not change between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from cicakg.vocab import BASE

STATUS_GRAPH: Final = BASE + "status"
MERGED_GRAPH: Final = BASE + "status/merged"
"""The RDF merge of all graphs: what a query sees that names no graph."""
NO_GRAPH: Final = BASE + "status/none"
"""A graph that is never there: named where a query's data set is to hold nothing."""

COMPLETE: Final = "complete"
LOADING: Final = "loading"

_LOAD: Final = NamedNode(BASE + "status#load")
_GRAPHS: Final = NamedNode(BASE + "status#graphs")
_TERM: Final = BASE + "status#"
_NAMED: Final = NamedNode(_TERM + "graph")
_SHARING: Final = NamedNode(_TERM + "sharing")

STATUS_QUERY: Final = f"SELECT ?property ?value WHERE {{ {_LOAD} ?property ?value }}"
GRAPHS_QUERY: Final = f"SELECT ?property ?value WHERE {{ {_GRAPHS} ?property ?value }}"


@dataclass(frozen=True, slots=True)
class Status:
    """How far which loading is. ``load`` is that loading's number; ``fingerprint`` and ``quad_count`` are
    those of the snapshot it puts there.
    """

    load: str
    state: str
    fingerprint: str
    quad_count: int

    @property
    def is_complete(self) -> bool:
        """Whether the data are all there."""
        return self.state == COMPLETE

    def completed(self) -> Status:
        """Return the status of the same loading when it is done."""
        return replace(self, state=COMPLETE)


@dataclass(frozen=True, slots=True)
class Holdings:
    """The named graphs of the dataset. ``sharing`` are those that have a triple in common with another: an
    engine reads several default graphs one after the other and would give such a triple twice.
    """

    graphs: frozenset[str] = frozenset()
    sharing: frozenset[str] = frozenset()


def status_triples(status: Status, holdings: Holdings) -> Iterator[Triple]:
    """Yield the status graph."""
    said = {
        "load": status.load,
        "state": status.state,
        "fingerprint": status.fingerprint,
        "quads": str(status.quad_count),
    }
    for name, value in said.items():
        yield Triple(_LOAD, NamedNode(_TERM + name), Literal(value))
    for predicate, graphs in ((_NAMED, holdings.graphs), (_SHARING, holdings.sharing)):
        yield from (Triple(_GRAPHS, predicate, NamedNode(one)) for one in sorted(graphs))


def read_status(answer: bytes) -> Status | None:
    """Return the status in *answer*, the JSON that :data:`STATUS_QUERY` brought; ``None`` where there is
    none. Raises :class:`SyntaxError` for what is no such answer.
    """
    said = {name.removeprefix(_TERM): value for name, value in _rows(answer)}
    load, quads = said.get("load", ""), said.get("quads", "")
    if not load or not quads.isascii() or not quads.isdigit():
        return None
    return Status(load, said.get("state", ""), said.get("fingerprint", ""), int(quads))


def read_holdings(answer: bytes) -> Holdings:
    """Return the graphs in *answer*, the JSON that :data:`GRAPHS_QUERY` brought; errors as
    :func:`read_status`.
    """
    rows = list(_rows(answer))
    return Holdings(_named(rows, _NAMED), _named(rows, _SHARING))


def _named(rows: Iterable[tuple[str, str]], predicate: NamedNode) -> frozenset[str]:
    return frozenset(value for name, value in rows if name == predicate.value)


def _rows(answer: bytes) -> Iterator[tuple[str, str]]:
    parsed = parse_query_results(answer, format=QueryResultsFormat.JSON)
    if not isinstance(parsed, QuerySolutions):
        raise SyntaxError("the answer holds no solutions")
    for row in parsed:
        name, value = row["property"], row["value"]
        if isinstance(name, NamedNode) and isinstance(value, NamedNode | Literal):
            yield name.value, value.value
