"""Level 1, literals: valid for their datatype, and written as the store keeps them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from cicakg.checks.catalogue import LITERAL_CANONICAL, LITERAL_FORM
from cicakg.checks.vocabulary import shorten
from cicakg.corpus import SourceFile
from cicakg.model import Finding
from cicakg.vocab import PREFIXES, RDF_PREDICATE

_XSD: Final = PREFIXES["xsd"]
_ANY: Final = re.compile("", re.DOTALL)
_MONTH: Final = "(?:0[1-9]|1[0-2])"
# Forms that are valid and canonical at a glance (https://www.w3.org/TR/xmlschema11-2/); others are looked at.
_PLAIN: Final = {
    NamedNode(_XSD + "string"): _ANY,
    NamedNode(PREFIXES["rdf"] + "langString"): _ANY,
    NamedNode(_XSD + "integer"): re.compile(r"0\Z|-?[1-9][0-9]{0,16}\Z"),
    NamedNode(_XSD + "boolean"): re.compile(r"true\Z|false\Z"),
    NamedNode(_XSD + "date"): re.compile(rf"[1-9][0-9]{{3}}-{_MONTH}-(?:0[1-9]|1[0-9]|2[0-8])\Z"),
    NamedNode(_XSD + "gYearMonth"): re.compile(rf"[1-9][0-9]{{3}}-{_MONTH}\Z"),
    NamedNode(_XSD + "gYear"): re.compile(r"[1-9][0-9]{3}\Z"),
}


def literal_findings(file: SourceFile) -> Iterator[Finding]:
    """Yield the typed literals of *file* that are not valid, or that the store would change."""
    for number, statement in enumerate(file.document.statements):
        literal = statement.object
        if not isinstance(literal, Literal) or is_plain(literal):
            continue
        stored = as_stored(literal)
        if is_valid(literal) and stored == literal:
            continue
        one = file.document.triples[number]
        focus = str(getattr(statement.subject, "value", ""))
        if not is_valid(literal):
            yield LITERAL_FORM.finding(
                file.path,
                one.object,
                focus,
                literal=_shown(literal),
                datatype=shorten(literal.datatype.value),
            )
            continue
        yield LITERAL_CANONICAL.finding(
            file.path,
            one.object,
            focus,
            case="write",
            literal=_shown(literal),
            stored=_shown(stored),
            written=_written(stored),
        )


def is_plain(literal: Literal) -> bool:
    """Whether *literal* is at a glance valid and what the store keeps."""
    form = _PLAIN.get(literal.datatype)
    return form is not None and form.match(literal.value) is not None


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
