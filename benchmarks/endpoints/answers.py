"""Whether two servers said the same: rows as a multiset, graphs as a set."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Final

from pyoxigraph import RdfFormat, parse

Rows = Counter[tuple[tuple[str, str], ...]]
_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"


def read_answer(body: bytes, is_graph: bool) -> Rows:
    """Return what *body*, JSON results or Turtle, says, whatever its order and layout."""
    if is_graph:
        return Counter(
            (("s", str(one.subject)), ("p", str(one.predicate)), ("o", str(one.object)))
            for one in {quad.triple for quad in parse(body, format=RdfFormat.TURTLE)}
        )
    said = json.loads(body)
    if "boolean" in said:
        return Counter({(("boolean", str(said["boolean"])),): 1})
    return Counter(
        tuple(sorted((name, _term(term)) for name, term in row.items()))
        for row in said["results"]["bindings"]
    )


def _term(term: dict[str, Any]) -> str:
    """Write a term in one way; ``typed-literal`` is the older name of a literal with a datatype."""
    if term["type"] == "uri":
        return f"<{term['value']}>"
    if term["type"] == "bnode":
        return "_:"
    datatype = term.get("datatype", _STRING)
    tag = term.get("xml:lang", "").lower()
    return f"{term['value']!r}@{tag}" if tag else f"{term['value']!r}^^{datatype}"


def difference(expected: Rows, found: Rows) -> str:
    """Say in what *found* differs from *expected*; nothing where it does not."""
    if found == expected:
        return ""
    missing, added = sum((expected - found).values()), sum((found - expected).values())
    counts = f"{found.total()} rows, not {expected.total()}" if found.total() != expected.total() else ""
    values = f"{missing} missing, {added} others"
    return "; ".join(one for one in (counts, values) if one)
