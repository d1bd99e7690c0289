"""What a reader of a finding needs beside its sentence: the other claim, the date, the classes taken.

A rule asks for them by ``rule:facts`` (see shapes/rules.ttl), for each of its findings when that is reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple, parse

from cicakg.checks.engines.asking import ShapeQuery, Term
from cicakg.checks.engines.plan import query_text
from cicakg.checks.engines.shapes_graph import ShapesGraph, sh
from cicakg.checks.locate import Locator, Place
from cicakg.checks.vocabulary import shorten
from cicakg.errors import CicakgError
from cicakg.model import Fact, Finding, ShaclResult
from cicakg.vocab import ARTICLE, BASE, ID

MOST_FINDINGS: Final = 2_000
"""For how many findings facts are asked; a person mends one after the other."""

MOST_ROWS: Final = 3
"""How many rows of several facts a finding has at most."""

MOST_VALUES: Final = 16
"""How many values it has where they differ in one thing only."""

MORE: Final = "more"
"""The name of the last fact, where there are more: how many rows or values are left out."""

_FACTS: Final = NamedNode(BASE + "shapes#facts")
_GIVEN: Final = frozenset({"this", "value"})
_VALUE: Final = re.compile(r"\$value\b")
_NUMBER: Final = re.compile("[0-9]+")
_Row = tuple[tuple[str, Term], ...]


def with_facts(
    findings: Iterable[Finding],
    shapes: Sequence[ShapesGraph],
    store: Callable[[], Store],
    locator: Locator,
    is_reported: Callable[[Finding], bool] = lambda _: True,
) -> list[Finding]:
    """Return *findings*, those that are reported with the facts that the rules in *shapes* ask for.

    They are asked of *store*, the triples that were judged; *locator* says where what they name stands.
    Raises :class:`CicakgError` (``shape-query``) for a query that cannot be asked.
    """
    queries = _Queries(shapes)
    asked = 0
    found = []
    for one in findings:
        texts = [(result, query) for result in one.results for query in queries[result.shape]]
        if texts and asked < MOST_FINDINGS and is_reported(one):
            asked += 1
            found.append(replace(one, facts=_facts(one, texts, store(), locator)))
        else:
            found.append(one)
    return found


def prepare_facts(shapes: ShapesGraph) -> None:
    """Look through the queries for facts, so that they can be kept with *shapes*; raises nothing."""
    for one in shapes.triples:
        if one.predicate == _FACTS:
            for text in shapes.texts(one.object, sh("select")):
                with suppress(CicakgError):
                    shapes.query(query_text(shapes, one.object, text.value))


class _Queries(dict[str, tuple[ShapeQuery, ...]]):
    """The queries for facts by the shape of their rule, in Turtle; each looked up when it is needed."""

    def __init__(self, shapes: Sequence[ShapesGraph]) -> None:
        super().__init__()
        self._shapes = shapes

    def __missing__(self, shape: str) -> tuple[ShapeQuery, ...]:
        self[shape] = tuple(
            graph.query(query_text(graph, node, text.value))
            for graph in self._shapes
            for node in graph.nodes(_term(shape), _FACTS)
            for text in graph.texts(node, sh("select"))
        )
        return self[shape]


def _facts(
    finding: Finding, asked: Iterable[tuple[ShaclResult, ShapeQuery]], store: Store, locator: Locator
) -> tuple[Fact, ...]:
    rows = sorted({row for result, query in asked for row in _rows(store, query, result)}, key=_order)
    namespaces = (ARTICLE, ID) if finding.focus.startswith(ID) else (ARTICLE,)
    places = _Places(locator, namespaces)
    if len({tuple(name for name, _ in row) for row in rows}) == 1:
        return tuple(_listed(rows, places))
    return tuple(_numbered(rows, places))


def _order(row: _Row) -> tuple[str, ...]:
    """Return what sorts rows as a person counts: ``<#c57>`` before ``<#c123>``."""
    return tuple(_NUMBER.sub(lambda found: found[0].zfill(10), str(term)) for _, term in row)


class _Places(NamedTuple):
    """Says where a node stands whose IRI begins with one of *namespaces*: of an entity, only another entity
    needs to know.
    """

    locator: Locator
    namespaces: tuple[str, ...]

    def of(self, node: NamedNode) -> Place | None:
        return self.locator.place(node) if node.value.startswith(self.namespaces) else None


def _rows(store: Store, query: ShapeQuery, result: ShaclResult) -> Iterator[_Row]:
    """Yield what the query finds; one that names ``$value`` is not asked of a result without a value."""
    bound = {"this": result.focus}
    if _VALUE.search(query.text):
        bound["value"] = result.value
    terms = {name: _term(one) for name, one in bound.items()}
    given = {name: one for name, one in terms.items() if one is not None}
    if len(given) < len(bound):
        return
    found = query.solutions_with(store, given)
    names = [one.value for one in found.variables]
    for solution in found:
        pairs = zip(names, solution, strict=True)
        row = tuple((name, one) for name, one in pairs if _is_fact(one) and name not in _GIVEN)
        if row:
            yield row


def _is_fact(term: Term | Triple | None) -> bool:
    return isinstance(term, NamedNode | Literal)


def _term(text: str) -> Term | None:
    """Return the term that is *text* in N-Triples, ``None`` for a node without a name."""
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    if not text.startswith('"'):
        return None
    (quad,) = parse(f"<urn:s> <urn:p> {text} .", format=RdfFormat.N_TRIPLES)
    return quad.object if isinstance(quad.object, Literal | NamedNode | BlankNode) else None


def _listed(rows: Sequence[_Row], places: _Places) -> Iterator[Fact]:
    """Yield the facts of rows with the same names: as one row, where they differ in one thing only."""
    columns = list(zip(*rows, strict=True))
    different = [number for number, column in enumerate(columns) if len(set(column)) > 1]
    if len(different) > 1:
        yield from _numbered(rows, places)
        return
    for column in columns:
        values = list(dict.fromkeys(column))
        yield from (_fact(name, term, places) for name, term in values[:MOST_VALUES])
        if len(values) > MOST_VALUES:
            yield Fact(MORE, str(len(values) - MOST_VALUES))


def _numbered(rows: Sequence[_Row], places: _Places) -> Iterator[Fact]:
    for number, row in enumerate(rows[:MOST_ROWS]):
        yield from (replace(_fact(name, term, places), row=number) for name, term in row)
    if len(rows) > MOST_ROWS:
        yield Fact(MORE, str(len(rows) - MOST_ROWS), row=MOST_ROWS)


def _fact(name: str, term: Term, places: _Places) -> Fact:
    if not isinstance(term, NamedNode):
        return Fact(name, _written(term))
    place = places.of(term)
    if place is None:
        return Fact(name, shorten(term.value), iri=term.value)
    return Fact(name, _node(term.value), place.file, place.position, term.value)


def _written(term: Term) -> str:
    tag = f"@{term.language}" if isinstance(term, Literal) and term.language else ""
    return f"{term.value}{tag}"


def _node(iri: str) -> str:
    """Return *iri* as its own file writes it: a claim as ``<#c57>``."""
    _, mark, name = iri.partition("#")
    return f"<#{name}>" if mark and iri.startswith(ARTICLE) else shorten(iri)
