"""What came and went in a graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Changes:
    """What came and went; *store* holds what there is now."""

    store: Store
    added: frozenset[Triple]
    removed: frozenset[Triple]

    @property
    def triples(self) -> Iterator[Triple]:
        """All of it."""
        yield from self.added
        yield from self.removed

    def could_match(
        self, start: Term | None, predicates: frozenset[NamedNode] | None, end: Term | None
    ) -> bool:
        """Whether a triple like this is there or was there; in doubt it was."""
        if isinstance(end, Literal | Triple):  # of a literal, the store may have changed the form
            end = None
        if isinstance(start, Literal | Triple):
            return False
        for predicate in (None,) if predicates is None else predicates:
            if any(True for _ in self.store.quads_for_pattern(start, predicate, end)):
                return True
            if any(_is_like(one, start, predicate, end) for one in self.removed):
                return True
        return False

    def had(self, subject: Term, predicate: NamedNode) -> bool:
        """Whether there certainly was a triple of *subject* and *predicate* before."""
        if any(_is_like(one, subject, predicate, None) for one in self.removed):
            return True
        if isinstance(subject, Literal | Triple):
            return False
        now = self.store.quads_for_pattern(subject, predicate, None)
        new = sum(_is_like(one, subject, predicate, None) for one in self.added)
        return sum(1 for _ in now) > new


def _is_like(one: Triple, start: Term | None, predicate: NamedNode | None, end: Term | None) -> bool:
    return (
        (start is None or one.subject == start)
        and (predicate is None or one.predicate == predicate)
        and (end is None or one.object == end)
    )
