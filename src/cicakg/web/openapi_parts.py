"""The parts of the OpenAPI document: parameters, headers, contents, faults.

Every value here is a new one, so that whoever takes it may add to it.
"""

from __future__ import annotations

from typing import Any, Final

from cicakg.sparql.formats import FORMATS, Format, ResultKind, formats_of
from cicakg.web.problems import PROBLEMS

Part = dict[str, Any]

_EXAMPLE_QUERY: Final = "ASK { id:cica ?p ?o }"
_TEXT: Final = {"type": "string"}
_COUNT: Final = {"type": "integer", "minimum": 0}
_HEADERS: Final[dict[str, tuple[str, Part]]] = {
    "Access-Control-Allow-Origin": ("Any web page may ask, without credentials.", {"const": "*"}),
    "X-Request-Id": ("Names this request in the server's log.", {**_TEXT, "format": "uuid"}),
    "Vary": ("What of the request decided the answer.", _TEXT),
    "Cache-Control": ("no-cache: keep it, and ask whether it still holds; no-store otherwise.", _TEXT),
    "ETag": ("Weak; decided by the data and the request. For If-None-Match.", {**_TEXT, "pattern": '^W/"'}),
    "Content-Encoding": ("By Accept-Encoding.", {**_TEXT, "enum": ["br", "gzip"]}),
    "Content-Language": ("The language of the page.", _TEXT),
    "Link": ("The other formats (alternate) and the IRI (canonical).", _TEXT),
    "Location": ("Where to go.", {**_TEXT, "format": "uri-reference"}),
    "Allow": ("The methods this address takes.", _TEXT),
    "Retry-After": ("Seconds to wait before asking again.", _COUNT),
    "Server-Timing": ("Milliseconds the query took.", {**_TEXT, "pattern": "^query;dur=[0-9.]+$"}),
    "Cicakg-Budget-Seconds": ("Seconds this query might take.", {"type": "number", "exclusiveMinimum": 0}),
    "Cicakg-Budget-Memory-Bytes": ("Bytes of memory it might use.", _COUNT),
    "Cicakg-Budget-Result-Bytes": ("Bytes its answer might have.", _COUNT),
    "Cicakg-Budget-Rows": ("Rows its answer might have: solutions, or triples of a graph.", _COUNT),
    "Cicakg-Cache": ("Whether the answer was kept.", {**_TEXT, "enum": ["hit", "miss", "shared", "off"]}),
    "Cicakg-Snapshot": ("The fingerprint of the data it comes from.", _TEXT),
}
_ALWAYS: Final = ("Access-Control-Allow-Origin", "X-Request-Id")
BUDGETS: Final = tuple(name for name in _HEADERS if name.startswith("Cicakg-Budget-"))
OF_AN_ANSWER: Final = (*BUDGETS, "Cicakg-Cache", "Cicakg-Snapshot", "Server-Timing")


def components() -> Part:
    """Return the schema of a problem, and every header that some answer has."""
    headers = {
        name: {"description": said, "required": name in _ALWAYS, "schema": schema}
        for name, (said, schema) in _HEADERS.items()
    }
    return {"schemas": {"Problem": _problem()}, "headers": headers}


def response(description: str, content: Part | None = None, *headers: str) -> Part:
    """Return a response; *headers* are those it has beside the ones of every answer."""
    named = {name: {"$ref": f"#/components/headers/{name}"} for name in (*_ALWAYS, *headers)}
    return {"description": description, "headers": named, **({"content": content} if content else {})}


def unchanged() -> Part:
    """Return the answer to who holds it already."""
    return response("The caller holds this answer already.", None, "ETag", "Vary", "Cache-Control")


def fault(description: str, *headers: str) -> Part:
    """Return a fault, as a problem document, a page or plain text, by ``Accept``."""
    schema = {"$ref": "#/components/schemas/Problem"}
    shapes = {"application/problem+json": {"schema": schema}, "text/html": {}, "text/plain": {}}
    return response(description, shapes, "Vary", "Cache-Control", *headers)


def faults_of(statuses: tuple[int, ...], *headers: str) -> Part:
    """Return the faults with *statuses*, each with what its codes mean."""
    own = {405: ("Allow",), 503: ("Retry-After",)}
    return {
        str(status): fault(
            "; ".join(one.title for one in PROBLEMS.values() if one.status == status),
            *own.get(status, ()),
            *headers,
        )
        for status in statuses
    }


def graphs() -> Part:
    """Return the formats of a graph as contents."""
    return _contents(formats_of(ResultKind.GRAPH))


def results() -> Part:
    """Return the formats of all results as contents."""
    return _contents(FORMATS)


def _contents(formats: tuple[Format, ...]) -> Part:
    found: Part = {one.media_type: {"schema": {"type": "string"}} for one in formats}
    known = {"application/sparql-results+json": _results_in_json(), "application/ld+json": {}}
    return {name: {"schema": known[name]} if name in known else value for name, value in found.items()}


def parameter(name: str, description: str, schema: Part, place: str = "query") -> Part:
    """Return a parameter that need not be there."""
    return {"name": name, "in": place, "required": False, "description": description, "schema": schema}


def conditions(is_page: bool) -> list[Part]:
    """Return the header fields that decide an answer; ``Accept`` and ``Content-Type`` stand in the contents
    (OpenAPI 3.1, section 4.8.12.1).
    """
    tag = parameter("If-None-Match", "Entity tags the caller holds.", _TEXT, "header")
    coding = parameter("Accept-Encoding", "br or gzip; with identity;q=0 alone it is 406.", _TEXT, "header")
    language = parameter("Accept-Language", "The language of the page and its labels.", _TEXT, "header")
    return [tag, coding, language] if is_page else [tag, coding]


def query(is_required: bool = False) -> Part:
    """Return the query parameter."""
    found = parameter("query", "The query. Exactly one.", {"type": "string", "format": "sparql"})
    return {**found, "required": is_required, "example": _EXAMPLE_QUERY}


def dataset() -> list[Part]:
    """Return the parameters of the data set."""
    iris = {"type": "array", "items": {"type": "string", "format": "iri"}}
    return [
        parameter("default-graph-uri", "A graph of the default graph; may be repeated; replaces FROM.", iris),
        parameter("named-graph-uri", "A named graph; may be repeated; replaces FROM NAMED.", iris),
    ]


def timeout() -> Part:
    """Return the time a caller gives."""
    seconds = {"type": "number", "minimum": 0.001}
    return parameter("timeout", "Seconds; lowers the time budget, never raises it.", seconds)


def result_format() -> Part:
    """Return the name of a format of any result."""
    return _format([one.name for one in FORMATS])


def page_format() -> Part:
    """Return the name of a format of a resource."""
    return _format(["html", *(one.name for one in formats_of(ResultKind.GRAPH))])


def _format(names: list[str]) -> Part:
    schema = {"type": "string", "enum": [*names, ""]}
    said = "The format of the answer; wins over Accept. Empty: as if it were not there."
    return parameter("format", said, schema)


def language() -> Part:
    """Return the language of a page."""
    schema = {"type": "string", "format": "language-tag"}
    said = "The language of labels (BCP 47); wins over Accept-Language. Empty: as if it were not there."
    return {**parameter("lang", said, schema), "example": "kk"}


def query_body() -> Part:
    """Return the body of a POST."""
    text = {"type": "string", "format": "sparql", "description": "The query."}
    # Of several formats, also in address and form together, the first that is known counts.
    names = {"type": "string", "description": "As in the address, which comes before the form."}
    fields = {**{one["name"]: one["schema"] for one in (*dataset(), timeout())}, "format": names}
    form = {"type": "object", "required": ["query"], "properties": {"query": text, **fields}}
    return {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": text, "example": _EXAMPLE_QUERY},
            "application/x-www-form-urlencoded": {"schema": form, "example": {"query": _EXAMPLE_QUERY}},
        },
    }


def _problem() -> Part:
    return {
        "type": "object",
        "description": "A problem document (RFC 9457). fix says what the caller can do.",
        "required": ["type", "title", "status", "detail", "instance", "code", "fix"],
        "properties": {
            "type": {**_TEXT, "format": "uri"},
            "title": _TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": _TEXT,
            "instance": {**_TEXT, "format": "uri"},
            "code": {**_TEXT, "enum": sorted(PROBLEMS)},
            "fix": _TEXT,
        },
    }


def _results_in_json() -> Part:
    """Return the schema of SPARQL 1.1 Query Results JSON Format, section 3; RDF 1.2 has objects as values."""
    term = {"type": "object", "required": ["type", "value"], "properties": {"type": _TEXT}}
    rows = {"type": "array", "items": {"type": "object", "additionalProperties": term}}
    return {
        "type": "object",
        "required": ["head"],
        "properties": {
            "head": {"type": "object"},
            "boolean": {"type": "boolean"},
            "results": {"type": "object", "required": ["bindings"], "properties": {"bindings": rows}},
        },
        "oneOf": [{"required": ["boolean"]}, {"required": ["results"]}],
    }
