"""What every engine is given and what it answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from cicakg.checks.engines.shapes_graph import ShapesGraph

if TYPE_CHECKING:
    from cicakg.checks.graphs import QueriedGraph

Term = NamedNode | BlankNode | Literal
Subject = NamedNode | BlankNode | Triple


class UnsupportedShapesError(Exception):
    """The shapes use something that this engine does not know; the message says what."""


class DataGraph:
    """The triples to be judged, in each of the forms an engine reads; a form is made when first asked for."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._given = triples

    @cached_property
    def triples(self) -> list[Triple]:
        """The triples, literals as they are written."""
        return list(self._given)

    @cached_property
    def store(self) -> Store:
        """The triples for queries. The store writes numbers and times in forms of its own."""
        store = Store()
        store.bulk_extend(Quad(one.subject, one.predicate, one.object) for one in self.triples)
        return store

    @cached_property
    def rdflib(self) -> QueriedGraph:
        """The triples as rdflib's."""
        from cicakg.checks.graphs import rdflib_graph  # noqa: PLC0415 - rdflib is needed by one engine only

        return rdflib_graph(self.triples)

    @cached_property
    def n_triples(self) -> str:
        """The triples as N-Triples."""
        return n_triples(self.triples)

    def about(self, node: Subject) -> Iterable[Triple]:
        """Return the triples whose subject is *node*."""
        return self._by_subject.get(node, ())

    @cached_property
    def _by_subject(self) -> dict[Subject, list[Triple]]:
        found: dict[Subject, list[Triple]] = {}
        for one in self.triples:
            found.setdefault(one.subject, []).append(one)
        return found

    def reached(self, nodes: Iterable[Subject]) -> dict[Subject, list[Triple]]:
        """Return the nodes that triples lead to from *nodes*, from subject to object, and these themselves,
        each with its triples.
        """
        found: dict[Subject, list[Triple]] = {}
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            if node not in found:
                found[node] = list(self.about(node))
                waiting.extend(
                    one.object for one in found[node] if isinstance(one.object, NamedNode | BlankNode)
                )
        return found


def n_triples(triples: Iterable[Triple]) -> str:
    """Return *triples* as N-Triples (https://www.w3.org/TR/n-triples/), in their order."""
    with BytesIO() as file:
        serialize(triples, file, RdfFormat.N_TRIPLES)
        return file.getvalue().decode()


@dataclass(frozen=True, slots=True)
class ShapeResult:
    """One result of a shape (https://www.w3.org/TR/shacl/#results-validation-result).

    ``path`` is the predicate of a result whose path is just one; ``path_text`` any path, in Turtle, empty
    where there is none. ``messages`` are the shape's own, none where it has none.
    """

    focus: Term
    path: NamedNode | None
    path_text: str
    value: Term | None
    component: str
    shape: NamedNode | BlankNode
    severity: NamedNode
    messages: tuple[Literal, ...] = ()


class Engine(Protocol):
    """Holds data against shapes."""

    def prepare(self, shapes: ShapesGraph) -> None:
        """Look *shapes* through, so that what is found can be kept with them; raises nothing."""
        ...

    def results(self, data: DataGraph, shapes: ShapesGraph) -> list[ShapeResult]:
        """Return the results, in no particular order; nothing is inferred, imported or fetched.

        Raises :class:`CicakgError` where the shapes cannot be run (``shapes-broken``, ``shape-query``).
        """
        ...
