"""Which triples a query looks at: what a change of others cannot alter.

The answers to a query are made of matches of its triple patterns and of nothing else
(https://www.w3.org/TR/sparql11-query/#sparqlDefinition). So they stay the same where no triple that comes or
goes can match one of them. A match is of no use either, where the patterns that have to match with it cannot:
``?claim rdf:subject ?one ; rdf:predicate cica:ordinal`` is not concerned by the subject of a claim that has
another predicate. "Not concerned" is only said where it is certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from cicakg.checks.changes import Changes, Term
from cicakg.checks.shape_lint.patterns import (
    Edge,
    Elsewhere,
    Filter,
    Group,
    Select,
    Triples,
    all_elements,
    inner_groups,
)
from cicakg.checks.shape_lint.query_parser import parse_select
from cicakg.checks.shape_lint.query_words import UnreadableQueryError
from cicakg.checks.shape_lint.reach import UNSTABLE
from cicakg.sparql.tokens import TokenKind, tokens
from cicakg.vocab import RDF_TYPE

_ABSOLUTE: Final = ":"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern: the variables of its ends, or the IRIs; its predicates, ``None`` where it can be any.

    An end is empty where it can be anything. Where it is not ``is_step``, it is a longer path, each of whose
    triples has one of the predicates. ``beside`` are those that have to match together with it.
    """

    start: str
    predicates: frozenset[NamedNode] | None
    end: str
    is_step: bool = True
    beside: tuple[Pattern, ...] = ()


@dataclass(frozen=True)
class Footprint:
    """The triple patterns of a query; ``None`` where it can look at anything."""

    patterns: tuple[Pattern, ...] | None

    def is_concerned(self, changes: Changes) -> bool:
        """Whether *changes* may change the answers."""
        if self.patterns is None:
            return True
        return any(_is_useful(one, triple, changes) for triple in changes.triples for one in self.patterns)


def _is_useful(pattern: Pattern, triple: Triple, changes: Changes) -> bool:
    """Whether *triple* may be a match of *pattern* in an answer."""
    if pattern.predicates is not None and triple.predicate not in pattern.predicates:
        return False
    if not pattern.is_step:
        return True
    bound: dict[str, Term] = {}
    for end, node in ((pattern.start, triple.subject), (pattern.end, triple.object)):
        if end.startswith("?"):
            if bound.setdefault(end, node) != node:
                return False
        elif end and (not isinstance(node, NamedNode) or node.value != end):
            return False
    return all(_can_match(one, bound, changes) for one in pattern.beside)


def _can_match(pattern: Pattern, bound: Mapping[str, Term], changes: Changes) -> bool:
    if not pattern.is_step or not {pattern.start, pattern.end} & bound.keys():
        return True
    start, end = (_term(one, bound) for one in (pattern.start, pattern.end))
    return changes.could_match(start, pattern.predicates, end)


def _term(end: str, bound: Mapping[str, Term]) -> Term | None:
    if not end or end.startswith("?"):
        return bound.get(end)
    return NamedNode(end)


def footprint_of(text: str) -> Footprint:
    """Return the footprint of the SELECT query *text*."""
    try:
        select = parse_select(text)
        reader = _Reader(_prefixes(text))
        if _may_differ(select, text):
            return Footprint(None)
        return Footprint(tuple(reader.patterns(Group((select,)), ())))
    except (UnreadableQueryError, _UnknownNameError):
        return Footprint(None)


def _may_differ(select: Select, text: str) -> bool:
    """Whether the query may answer differently on the same matches, or looks elsewhere."""
    elements = (select, *all_elements(select.group))
    if any(isinstance(one, Elsewhere) or (isinstance(one, Select) and one.cut) for one in elements):
        return True
    return any(one.is_word(*UNSTABLE, "BASE") for one in tokens(text))


class _UnknownNameError(Exception):
    """A name that cannot be written out."""


def _prefixes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    words = list(tokens(text))
    for number, one in enumerate(words[:-2]):
        if one.is_word("PREFIX"):
            found[words[number + 1].text.removesuffix(":")] = words[number + 2].text[1:-1]
    return found


@dataclass(frozen=True)
class _Reader:
    """Reads the patterns of a query with these prefixes."""

    prefixes: Mapping[str, str]

    def patterns(self, group: Group, around: tuple[Pattern, ...]) -> Iterator[Pattern]:
        """Yield the patterns of *group*; those *around* it match wherever it is looked at."""
        direct = [
            self._pattern(edge) for one in group.elements if isinstance(one, Triples) for edge in one.edges
        ]
        beside = (*direct, *around)
        for number, one in enumerate(direct):
            others = (*beside[:number], *beside[number + 1 :])
            yield Pattern(one.start, one.predicates, one.end, one.is_step, others)
        for element in group.elements:
            # What a FILTER asks is asked of the matches of its group; other groups are matched alone.
            inside = beside if isinstance(element, Filter) else ()
            for inner in inner_groups(element):
                yield from self.patterns(inner, inside)

    def _pattern(self, edge: Edge) -> Pattern:
        path = edge.path
        # Where a path may be empty, any node of the graph leads to itself.
        verbs = None if path.verbs is None or path.may_be_empty else frozenset(map(self._verb, path.verbs))
        return Pattern(self._end(edge.start.name), verbs, self._end(edge.end.name), path.is_step)

    def _verb(self, text: str) -> NamedNode:
        return RDF_TYPE if text == "a" else NamedNode(self._written_out(text))

    def _end(self, name: str) -> str:
        """Return a variable or an IRI; nothing for a blank node or a literal, which may be anything."""
        if name.startswith("?"):
            return name
        kinds = [one.kind for one in tokens(name)]
        if name.startswith("_:") or kinds not in ([TokenKind.IRI], [TokenKind.NAME]):
            return ""
        return self._written_out(name)

    def _written_out(self, text: str) -> str:
        prefix, _, local = text.partition(":")
        if "\\" in text:
            raise _UnknownNameError(text)
        if not text.startswith("<") and prefix in self.prefixes:
            return self.prefixes[prefix] + local
        if not text.startswith("<") or _ABSOLUTE not in text:
            raise _UnknownNameError(text)
        return text[1:-1]
