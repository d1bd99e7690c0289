"""Walking through a manifest: a node with what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

MF: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

Node = NamedNode | BlankNode


@dataclass(frozen=True)
class Resource:
    """One node of the graph in ``store``. Properties are named by their whole IRI."""

    store: Store
    node: Node

    @property
    def name(self) -> str:
        """The fragment of the node's IRI."""
        return str(self.node).rsplit("#", 1)[-1].rstrip(">")

    def texts(self, *properties: str) -> tuple[str, ...]:
        """The literals at the end of the path of *properties*, sorted."""
        return tuple(sorted(one.value for one in self._ends(*properties) if isinstance(one, Literal)))

    def text(self, *properties: str) -> str | None:
        """The first literal at the end of the path, ``None`` where there is none."""
        return next(iter(self.texts(*properties)), None)

    def resources(self, *properties: str) -> list[Resource]:
        """The nodes at the end of the path."""
        found = self._ends(*properties)
        return [Resource(self.store, one) for one in found if isinstance(one, NamedNode | BlankNode)]

    def resource(self, *properties: str) -> Resource | None:
        """The first node at the end of the path, ``None`` where there is none."""
        return next(iter(self.resources(*properties)), None)

    def iris(self, *properties: str) -> tuple[str, ...]:
        """The IRIs at the end of the path, sorted."""
        return tuple(sorted(one.value for one in self._ends(*properties) if isinstance(one, NamedNode)))

    def items(self, *properties: str) -> Iterator[Resource]:
        """Yield the items of the lists at the end of the path, in their order."""
        for place in self.resources(*properties):
            while place.node != NamedNode(f"{RDF}nil"):
                first, rest = place.resource(f"{RDF}first"), place.resource(f"{RDF}rest")
                assert first is not None
                assert rest is not None
                yield first
                place = rest  # noqa: PLW2901  # on to the next place of the list

    def _ends(self, *properties: str) -> list[object]:
        ends: list[object] = [self.node]
        for one in properties:
            ends = [end for start in ends if isinstance(start, Node) for end in self._objects(start, one)]
        return ends

    def _objects(self, subject: Node, predicate: str) -> list[object]:
        found = self.store.quads_for_pattern(subject, NamedNode(predicate), None)
        return [one.object for one in found]


def manifest_entries(path: Path, base: str) -> Iterator[Resource]:
    """Yield the tests that the manifest at *path* lists, in its order."""
    store = Store()
    store.load(path=path, format=RdfFormat.TURTLE, base_iri=base)
    for one in store.quads_for_pattern(None, NamedNode(f"{MF}entries"), None):
        assert isinstance(one.subject, Node)
        yield from Resource(store, one.subject).items(f"{MF}entries")
