"""The result and RDF formats the endpoint, the command line and the export know, in one table.

Sources: SPARQL 1.1 Query Results JSON (https://www.w3.org/TR/sparql11-results-json/), XML
(https://www.w3.org/TR/rdf-sparql-XMLres/), CSV and TSV (https://www.w3.org/TR/sparql11-results-csv-tsv/);
the media type registrations of the RDF formats.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pyoxigraph import QueryResultsFormat, RdfFormat


class ResultKind(StrEnum):
    """What a query yields: SELECT solutions, an ASK boolean, or a CONSTRUCT or DESCRIBE graph."""

    SOLUTIONS = "solutions"
    BOOLEAN = "boolean"
    GRAPH = "graph"


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a result.

    ``name`` is what ``?format=`` and ``--format`` take; ``media_type`` what ``Accept`` is matched against;
    ``content_type`` what the response says; ``extension`` the file name ending without a dot; ``kinds`` the
    results it can write; ``aliases`` further media types that mean the same.
    """

    name: str
    media_type: str
    content_type: str
    extension: str
    kinds: frozenset[ResultKind]
    engine: QueryResultsFormat | RdfFormat
    aliases: tuple[str, ...] = ()

    @property
    def iri(self) -> str:
        """The format's name in http://www.w3.org/ns/formats/, for service descriptions."""
        # The engine has another IRI for this one, which is in no registry.
        return "http://www.w3.org/ns/formats/JSON-LD" if self.engine == RdfFormat.JSON_LD else self.engine.iri


_ROWS: Final = frozenset({ResultKind.SOLUTIONS, ResultKind.BOOLEAN})
_GRAPH: Final = frozenset({ResultKind.GRAPH})

# R reads Cyrillic wrongly unless the charset stands in the header, so every text format says it.
_UTF8: Final = "; charset=utf-8"


def _rows(name: str, media_type: str, extension: str, engine: QueryResultsFormat, *aliases: str) -> Format:
    return Format(name, media_type, media_type + _UTF8, extension, _ROWS, engine, aliases)


def _graph(name: str, media_type: str, extension: str, engine: RdfFormat, *aliases: str) -> Format:
    return Format(name, media_type, media_type + _UTF8, extension, _GRAPH, engine, aliases)


# In the server's order of preference: the first of each kind answers ``*/*``.
FORMATS: Final[tuple[Format, ...]] = (
    _rows("json", "application/sparql-results+json", "srj", QueryResultsFormat.JSON, "application/json"),
    _rows(
        "xml", "application/sparql-results+xml", "srx", QueryResultsFormat.XML, "application/xml", "text/xml"
    ),
    _rows("csv", "text/csv", "csv", QueryResultsFormat.CSV),
    _rows("tsv", "text/tab-separated-values", "tsv", QueryResultsFormat.TSV),
    _graph("turtle", "text/turtle", "ttl", RdfFormat.TURTLE, "application/turtle", "application/x-turtle"),
    _graph("ntriples", "application/n-triples", "nt", RdfFormat.N_TRIPLES, "text/plain"),
    _graph("jsonld", "application/ld+json", "jsonld", RdfFormat.JSON_LD, "application/json"),
    _graph("rdfxml", "application/rdf+xml", "rdf", RdfFormat.RDF_XML, "application/xml", "text/xml"),
    _graph("trig", "application/trig", "trig", RdfFormat.TRIG, "application/x-trig"),
    _graph("nquads", "application/n-quads", "nq", RdfFormat.N_QUADS),
)


def formats_of(kind: ResultKind) -> tuple[Format, ...]:
    """Return the formats that can write *kind*, in order of preference."""
    return tuple(one for one in FORMATS if kind in one.kinds)


def format_named(name: str) -> Format | None:
    """Return the format called *name* (as in ``?format=``), or ``None``."""
    return next((one for one in FORMATS if one.name == name), None)
