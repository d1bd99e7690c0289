"""The counts of a data set, taken once, when it is loaded or built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from cicakg.sparql.counting import Counts, Tally, values_of

_PREDICATES: Final = "SELECT ?k (COUNT(*) AS ?n) { ?s ?k ?o } GROUP BY ?k"
_CLASSES: Final = "SELECT ?k (COUNT(*) AS ?n) { ?s a ?k } GROUP BY ?k"
_GRAPHS: Final = "SELECT ?k (COUNT(*) AS ?n) { GRAPH ?k { ?s ?p ?o } } GROUP BY ?k"

# The engine reads a list of a thousand values in the time in which it counts ten thousand statements, and
# longer ones more than proportionally slower.
_MOST_LISTED: Final = 1000
_FEWEST_EACH: Final = 20
_ANY_BASE: Final = "http://base.example/a/b"


def take_counts(store: Store, fewest_each: int = _FEWEST_EACH) -> Counts:
    """Count what *store* holds, by the engine.

    What has fewer than *fewest_each* statements by term on average is not listed: asking is quicker.
    """
    triples, predicates = _tally(store, _PREDICATES, fewest_each)
    _, classes = _tally(store, _CLASSES, fewest_each)
    in_graphs, graphs = _tally(store, _GRAPHS, fewest_each)
    return Counts(triples, predicates, classes, in_graphs, graphs)


def counts_from(said: Mapping[str, Any] | None) -> Counts:
    """Return the counts that a manifest says, in the form of :func:`dataclasses.asdict`; none where it says
    none. Raises :class:`TypeError` where it is not of that form.
    """
    return Counts(**(said or {}))


def _tally(store: Store, query: str, fewest_each: int) -> tuple[int, Tally | None]:
    """Return how many statements *query* counts in all, and by term, if that can be listed."""
    total = 0
    found: dict[object, int] = {}
    for term, number in cast("QuerySolutions", store.query(query)):
        count = int(cast("Literal", number).value)
        total += count
        if len(found) <= _MOST_LISTED:
            found[term] = count
    if len(found) > min(_MOST_LISTED, total // fewest_each if fewest_each else _MOST_LISTED):
        return total, None
    return total, {str(term): count for term, count in found.items()} if _are_nameable(found) else None


def _are_nameable(terms: Mapping[object, int]) -> bool:
    """Whether the engine reads the terms in a query as they are in the data. Blank nodes it does not, and
    classes that are no IRIs are not worth the doubt.
    """
    if not all(isinstance(term, NamedNode) for term in terms):
        return False
    query = f"SELECT ?k {{ {values_of('?k', map(str, terms))} }}"
    try:
        read = cast("QuerySolutions", Store().query(query, base_iri=_ANY_BASE))
    except SyntaxError:
        return False
    return [term for (term,) in read] == [*terms]
