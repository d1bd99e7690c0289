"""Level 1, literals: valid for their datatype, and written as the store keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from cicakg.checks.catalogue import LITERAL_CANONICAL, LITERAL_FORM
from cicakg.checks.vocabulary import shorten
from cicakg.corpus import SourceFile
from cicakg.model import Finding
from cicakg.vocab import PREFIXES, RDF_PREDICATE

_XSD: Final = PREFIXES["xsd"]
_TEXT: Final = frozenset({_XSD + "string", PREFIXES["rdf"] + "langString"})


def literal_findings(file: SourceFile) -> Iterator[Finding]:
    """Yield the typed literals of *file* that are not valid, or that the store would change."""
    for one in file.document.triples:
        literal = one.triple.object
        if not isinstance(literal, Literal) or literal.datatype.value in _TEXT:
            continue
        focus = str(getattr(one.triple.subject, "value", ""))
        if not is_valid(literal):
            yield LITERAL_FORM.finding(
                file.path,
                one.object,
                focus,
                literal=_shown(literal),
                datatype=shorten(literal.datatype.value),
            )
            continue
        stored = as_stored(literal)
        if stored != literal:
            fix = f"Write {_written(stored)}."
            yield LITERAL_CANONICAL.finding(
                file.path, one.object, focus, fix=fix, literal=_shown(literal), stored=_shown(stored)
            )


def is_valid(literal: Literal) -> bool:
    """Whether the text of *literal* fits its datatype, as XPath's constructor functions see it.

    (https://www.w3.org/TR/xpath-functions/#casting). A datatype that has no such function fits everything.
    """
    query = f"SELECT (<{literal.datatype.value}>({Literal(literal.value)}) AS ?value) WHERE {{}}"
    try:
        rows = Store().query(query)
    except RuntimeError:
        return True
    return isinstance(rows, QuerySolutions) and any(row["value"] is not None for row in rows)


def as_stored(literal: Literal) -> Literal:
    """Return what comes back when *literal* is put into the store."""
    store = Store()
    store.add(Quad(RDF_PREDICATE, RDF_PREDICATE, literal))
    stored = next(iter(store)).object
    if not isinstance(stored, Literal):
        raise TypeError("the store returned no literal")
    return stored


def _shown(literal: Literal) -> str:
    return f'"{literal.value}"^^{shorten(literal.datatype.value)}'


def _written(literal: Literal) -> str:
    datatype = literal.datatype
    is_bare = datatype in (NamedNode(_XSD + "integer"), NamedNode(_XSD + "boolean"))
    return literal.value if is_bare else _shown(literal)
