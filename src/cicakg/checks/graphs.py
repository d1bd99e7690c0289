"""From our triples to the rdflib graphs that pySHACL reads, and back."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

from cicakg.checks.engines.asking import solutions_of
from cicakg.vocab import term

_STRING: Final = term("xsd:string")


class QueriedGraph(rdflib.Graph):
    """An rdflib graph in memory whose queries pyoxigraph answers, over the same triples.

    pySHACL walks the graph by rdflib, which is right and fast enough; its SPARQL is what rdflib is a
    hundred times too slow for. Nothing but these triples is read: a query with FROM or SERVICE is refused.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        super().__init__(bind_namespaces="none")
        held = list(triples)
        self._oxigraph = Store()
        self._oxigraph.bulk_extend(Quad(one.subject, one.predicate, one.object) for one in held)
        known = _KnownTerms()
        for one in held:
            self.store.add((known[one.subject], known[one.predicate], known[one.object]), self)

    def query(
        self,
        query_object: str | Query,
        processor: Any = "sparql",  # noqa: ANN401, ARG002 - the signature is rdflib's
        result: Any = "sparql",  # noqa: ANN401, ARG002
        initNs: Mapping[str, Any] | None = None,  # noqa: N803, ARG002
        initBindings: Mapping[str, Any] | None = None,  # noqa: N803
        use_store_provided: bool = True,  # noqa: ARG002
        **options: Any,  # noqa: ANN401, ARG002
    ) -> Result:
        """Answer a SELECT query; raises :class:`CicakgError` (``shape-query``) for one that cannot be
        asked.
        """
        bound = {str(name): from_rdflib(node) for name, node in (initBindings or {}).items()}
        return _result(solutions_of(self._oxigraph, str(query_object), bound))


class _KnownTerms(dict[NamedNode | BlankNode | Literal | Triple, rdflib.term.Identifier]):
    """The terms of a graph as rdflib's, each made once: most stand in many triples."""

    def __missing__(self, node: NamedNode | BlankNode | Literal | Triple) -> rdflib.term.Identifier:
        self[node] = found = to_rdflib(node)
        return found


def _result(solutions: QuerySolutions) -> Result:
    found = Result("SELECT")
    found.vars = [rdflib.Variable(one.value) for one in solutions.variables]
    found.bindings = [
        {
            rdflib.Variable(one.value): to_rdflib(value)
            for one in solutions.variables
            if (value := solution[one]) is not None
        }
        for solution in solutions
    ]
    return found


def rdflib_graph(triples: Iterable[Triple]) -> QueriedGraph:
    """Return *triples* as an rdflib graph in memory, literals as they are written."""
    with quiet_rdflib():
        return QueriedGraph(triples)


@contextmanager
def quiet_rdflib() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each literal that is not valid: such literals are findings."""
    logger = logging.getLogger("rdflib.term")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before


def to_rdflib(node: NamedNode | BlankNode | Literal | Triple) -> rdflib.term.Identifier:
    """Return an RDF 1.1 term as rdflib's; a triple term is a :class:`TypeError`."""
    if isinstance(node, NamedNode):
        return rdflib.URIRef(node.value)
    if isinstance(node, BlankNode):
        return rdflib.BNode(node.value)
    if isinstance(node, Literal):
        if node.language is not None:
            return rdflib.Literal(node.value, lang=node.language)
        if node.datatype == _STRING:
            return rdflib.Literal(node.value)  # rdflib tells "x" and "x"^^xsd:string apart; RDF 1.1 does not
        return rdflib.Literal(node.value, datatype=rdflib.URIRef(node.datatype.value), normalize=False)
    raise TypeError("a triple term is not RDF 1.1")


def from_rdflib(node: rdflib.term.Node) -> NamedNode | BlankNode | Literal:
    """Return rdflib's term as pyoxigraph's."""
    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    if not isinstance(node, rdflib.Literal):
        raise TypeError(f"{node!r} is not an RDF term")
    if node.language is not None:
        return Literal(str(node), language=node.language)
    if node.datatype is not None:
        return Literal(str(node), datatype=NamedNode(str(node.datatype)))
    return Literal(str(node))
