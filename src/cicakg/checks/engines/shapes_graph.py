"""A graph of shapes, indexed: what each node says, and what hangs together by lists and paths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cicakg.checks.engines.asking import ShapeQuery
from cicakg.vocab import PREFIXES, RDF_TYPE

SH: Final = PREFIXES["sh"]
_RDF: Final = PREFIXES["rdf"]
_FIRST: Final = NamedNode(_RDF + "first")
_REST: Final = NamedNode(_RDF + "rest")
_NIL: Final = NamedNode(_RDF + "nil")
_ALTERNATIVE: Final = NamedNode(SH + "alternativePath")
_MODIFIERS: Final = ("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")

Node = NamedNode | BlankNode
Value = NamedNode | BlankNode | Literal | Triple


@cache  # a plan of the shapes asks for some of them for every triple
def sh(name: str) -> NamedNode:
    """Return the term of SHACL called *name*."""
    return NamedNode(SH + name)


class ShapesGraph:
    """The triples of shapes, in their order, found by subject and predicate."""

    def __init__(self, triples: Iterable[Triple], queries: dict[str, ShapeQuery] | None = None) -> None:
        """*queries*, by their text, are those looked through before; new ones are added."""
        self.queries = {} if queries is None else queries
        self.triples = tuple(dict.fromkeys(triples))
        self._said: defaultdict[tuple[object, NamedNode], list[Value]] = defaultdict(list)
        for one in self.triples:
            self._said[one.subject, one.predicate].append(one.object)

    def query(self, text: str) -> ShapeQuery:
        """Return the query *text*, looked through once."""
        if text not in self.queries:
            self.queries[text] = ShapeQuery(text)
        return self.queries[text]

    def objects(self, node: object, predicate: NamedNode) -> list[Value]:
        """Return what *node* has for *predicate*."""
        return self._said.get((node, predicate), [])

    def nodes(self, node: object, predicate: NamedNode) -> list[Node]:
        """Return the nodes, not literals, that *node* has for *predicate*."""
        return [one for one in self.objects(node, predicate) if isinstance(one, NamedNode | BlankNode)]

    def texts(self, node: object, predicate: NamedNode) -> list[Literal]:
        """Return the literals that *node* has for *predicate*."""
        return [one for one in self.objects(node, predicate) if isinstance(one, Literal)]

    def has_type(self, node: object, kind: NamedNode) -> bool:
        """Whether *node* is said to be of class *kind*."""
        return kind in self.objects(node, RDF_TYPE)

    def is_true(self, node: object, predicate: NamedNode) -> bool:
        """Whether *node* has *predicate* with the value true."""
        return any(one.value in {"true", "1"} for one in self.texts(node, predicate))

    def items(self, head: object) -> Iterator[Value]:
        """Yield the items of the list that begins at *head*, each cell once: a cyclic one ends, too."""
        seen: set[object] = set()
        while head != _NIL and head not in seen:
            seen.add(head)
            yield from self.objects(head, _FIRST)
            head = next(iter(self.objects(head, _REST)), _NIL)

    def path_text(self, path: object, depth: int = 0) -> str:
        """Return a property path in Turtle (https://www.w3.org/TR/shacl/#property-paths).

        It is cut where it nests fifty deep, as one that leads back to itself does.
        """
        if isinstance(path, NamedNode):
            return str(path)
        if depth > 50:
            return "[]"
        if self.objects(path, _FIRST):
            return f"( {' '.join(self.path_text(one, depth + 1) for one in self.items(path))} )"
        parts = [
            f"sh:alternativePath {self.path_text(one, depth + 1)}" for one in self.nodes(path, _ALTERNATIVE)
        ]
        parts += [
            f"sh:{name} {self.path_text(one, depth + 1)}"
            for name in _MODIFIERS
            for one in self.nodes(path, sh(name))
        ]
        return f"[ {' ; '.join(parts)} ]"
