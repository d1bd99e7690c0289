"""A set of triples to look things up in: what a CONSTRUCT query brought."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from cicakg.vocab import term
from cicakg.web.asking import Term


class Description:
    """Triples by subject and by property."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples: tuple[Triple, ...] = tuple(triples)
        self._objects: dict[tuple[str, str], list[Term]] = {}
        self._properties: dict[str, dict[str, NamedNode]] = {}
        for one in self.triples:
            subject, predicate = str(one.subject), one.predicate
            self._objects.setdefault((subject, predicate.value), []).append(one.object)
            self._properties.setdefault(subject, {})[predicate.value] = predicate

    def objects(self, subject: Term, curie: str) -> list[Term]:
        """Return the values of a property, given as a prefixed name, in a stable order."""
        return self.values(subject, term(curie))

    def values(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """Return the values of *predicate* in a stable order."""
        return sorted(self._objects.get((str(subject), predicate.value), ()), key=str)

    def nodes(self, subject: Term, curie: str) -> list[NamedNode]:
        """Return the values of a property that are IRIs."""
        return [one for one in self.objects(subject, curie) if isinstance(one, NamedNode)]

    def node(self, subject: Term, curie: str) -> NamedNode | None:
        """Return the first value of a property that is an IRI."""
        return next(iter(self.nodes(subject, curie)), None)

    def literals(self, subject: Term, curie: str) -> list[Literal]:
        """Return the values of a property that are literals."""
        return [one for one in self.objects(subject, curie) if isinstance(one, Literal)]

    def text(self, subject: Term, curie: str) -> str:
        """Return the first literal of a property as text, empty where there is none."""
        return next((one.value for one in self.literals(subject, curie)), "")

    def number(self, subject: Term, curie: str) -> int:
        """Return the first literal of a property as a whole number; 0 where there is none that is one."""
        text = self.text(subject, curie)
        return int(text) if text.isascii() and text.isdigit() else 0

    def properties(self, subject: Term) -> list[NamedNode]:
        """Return the properties *subject* has, sorted by IRI."""
        return [node for _, node in sorted(self._properties.get(str(subject), {}).items())]

    def instances(self, curie: str) -> list[NamedNode]:
        """Return the subjects of a class, given as a prefixed name, sorted by IRI."""
        found = {
            one.subject
            for one in self.triples
            if one.predicate == term("rdf:type")
            and one.object == term(curie)
            and isinstance(one.subject, NamedNode)
        }
        return sorted(found, key=lambda node: node.value)

    def terms(self) -> Iterator[Term]:
        """Yield every subject, predicate and object."""
        for one in self.triples:
            yield from (one.subject, one.predicate, one.object)
