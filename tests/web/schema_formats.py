"""What schemathesis makes for the formats that only this interface has: queries, language tags, IRIs; and how
it sends a query as a body.

Loaded by its name in SCHEMATHESIS_HOOKS.
"""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import strategies as st

QUERIES = (
    "ASK {}",
    "ASK { id:cica ?p ?o }",
    "SELECT * { ?s ?p ?o } LIMIT 3",
    "SELECT (COUNT(*) AS ?n) { ?s a cica:Claim } # Қазақстан",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3",
    "DESCRIBE id:cica",
    "PREFIX : <urn:> SELECT ?o { ?s skos:prefLabel ?o FILTER(LANG(?o) = 'ar') } ORDER BY ?o LIMIT 2",
)
TAGS = ("en", "ar", "kk", "ms", "ru", "kk-Latn", "zh-Hant-TW", "")
IRIS = (
    "https://w3id.org/cicakg/graph/facts",
    "urn:x:y",
    "http://example.org/Қазақстан",
    "file:///etc/passwd",
)


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: schemathesis.Case[Any]) -> bool:
    """Leave out a data set without a query: 400 is right, and no schema says that one asks for the other."""
    asked = case.query or {}
    is_query_wanted = case.path == "/sparql" and case.method == "GET" and "query" not in asked
    return not (is_query_wanted and any(name.endswith("-graph-uri") for name in asked))


@schemathesis.serializer("application/sparql-query")
def write_query(context: schemathesis.SerializationContext, value: object) -> bytes:
    """Return *value* as the body of a POST: the query itself, whatever it is."""
    return str(value).encode("utf-8", "surrogatepass")


schemathesis.openapi.format("sparql", st.sampled_from(QUERIES))
schemathesis.openapi.format("language-tag", st.sampled_from(TAGS))
schemathesis.openapi.format("iri", st.sampled_from(IRIS))
