"""The queries the servers are asked: one of each kind the example queries of the dataset are made of.

All of them ask the default graph, which is the merge of all graphs. Where a result has an order or a limit,
the order leaves no ties, so that every server that is right gives the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

_PREFIXES: Final = {
    "cica": "https://w3id.org/cicakg/ontology#",
    "dcterms": "http://purl.org/dc/terms/",
    "id": "https://w3id.org/cicakg/id/",
    "modality": "https://w3id.org/cicakg/concept/modality/",
    "oa": "http://www.w3.org/ns/oa#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
_ROWS: Final = "application/sparql-results+json"
_GRAPH: Final = "text/turtle"
_ARTICLE: Final = "<https://w3id.org/cicakg/article/2031-ms-river-council-7>"


@dataclass(frozen=True, slots=True)
class Question:
    """A query: its kind, its text with all prefixes declared, and whether its answer grows with the data.

    ``is_small`` says that the answer concerns one entity however much data there is; the mix for throughput
    is made of those.
    """

    kind: str
    text: str
    is_small: bool = False

    @property
    def is_graph(self) -> bool:
        """Whether the answer is a graph."""
        return self.kind in {"construct", "describe"}

    @property
    def accept(self) -> str:
        """The media type asked for, one that all servers can write."""
        return _GRAPH if self.is_graph else _ROWS

    def path(self, endpoint: str, extra: str = "") -> str:
        """Return the address to GET at a server whose endpoint is at the path *endpoint*."""
        return f"{endpoint}?query={quote(self.text, safe='')}{extra}"


def _question(kind: str, body: str, is_small: bool = False) -> Question:
    used = (f"PREFIX {name}: <{iri}>" for name, iri in _PREFIXES.items() if f"{name}:" in body)
    return Question(kind, "\n".join([*used, body]), is_small)


QUESTIONS: Final = (
    _question("ask", "ASK { id:river-council-7 ?p ?o }", is_small=True),
    _question("lookup of one entity", "SELECT ?p ?o { id:river-council-7 ?p ?o }", is_small=True),
    _question(
        "claims with evidence of one article",
        "SELECT ?claim ?subject ?predicate ?object ?start ?end { "
        f"?span oa:hasSource {_ARTICLE} ; oa:start ?start ; oa:end ?end . "
        "?claim cica:evidence ?span ; rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object }",
        is_small=True,
    ),
    _question(
        "join of three",
        "SELECT ?meeting ?article ?publisher { ?claim rdf:object id:aminah-yusof-7 ; rdf:subject ?meeting ; "
        "cica:evidence ?span . ?span oa:hasSource ?article . ?article dcterms:publisher ?publisher }",
        is_small=True,
    ),
    _question(
        "path",
        "SELECT DISTINCT ?article { ?claim rdf:subject|rdf:object id:river-council-7 . "
        "?claim cica:evidence/oa:hasSource ?article }",
        is_small=True,
    ),
    _question(
        "construct",
        "CONSTRUCT { ?s ?p ?o } { ?claim rdf:subject id:river-council-first-session-7 ; rdf:subject ?s ; "
        "rdf:predicate ?p ; rdf:object ?o ; cica:modality modality:fact }",
        is_small=True,
    ),
    _question("describe", "DESCRIBE id:river-council-7", is_small=True),
    _question(
        "labels in a language",
        "SELECT ?person ?label { ?person a cica:Person ; skos:prefLabel ?label "
        'FILTER(LANGMATCHES(LANG(?label), "ar")) }',
    ),
    _question(
        "optional",
        "SELECT ?claim ?count ?asOf { ?claim rdf:predicate cica:memberCount ; rdf:object ?count "
        "OPTIONAL { ?claim cica:asOf ?asOf } }",
    ),
    _question(
        "filter by regex",
        "SELECT ?thing ?label { ?thing skos:prefLabel ?label "
        'FILTER(REGEX(STR(?label), "^river council [0-9]$", "i")) }',
    ),
    _question("distinct", "SELECT DISTINCT ?predicate { ?claim rdf:predicate ?predicate }"),
    _question("count", "SELECT (COUNT(*) AS ?n) { ?claim a cica:Claim }"),
    _question(
        "order by with limit",
        "SELECT ?span ?start { ?span oa:start ?start } ORDER BY DESC(?start) ?span LIMIT 10",
    ),
    _question("group by over everything", "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"),
)
