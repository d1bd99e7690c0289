"""The OpenAPI document: FastAPI's own for the pages, and ``/sparql``, which is no FastAPI route, by hand."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from cicakg.sparql.formats import FORMATS, ResultKind, formats_of
from cicakg.sparql.request import Budget
from cicakg.web.problems import PROBLEMS

_PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}
_LANGUAGE: Final = {
    "name": "lang",
    "in": "query",
    "required": False,
    "description": "The language of labels (BCP 47); wins over Accept-Language.",
    "schema": {"type": "string"},
}
_HEADERS: Final = (
    ("Cicakg-Budget-Seconds", "Seconds this query might take.", "number"),
    ("Cicakg-Budget-Memory-Bytes", "Bytes of memory it might use.", "integer"),
    ("Cicakg-Budget-Result-Bytes", "Bytes its answer might have.", "integer"),
    ("Cicakg-Budget-Rows", "Rows its answer might have: solutions, or triples of a graph.", "integer"),
    ("Cicakg-Cache", "Whether the answer was kept: hit, miss, shared or off.", "string"),
    ("Cicakg-Snapshot", "The fingerprint of the data it comes from.", "string"),
)
_SPARQL_PROBLEMS: Final = (400, 403, 406, 408, 413, 414, 415, 422, 500, 503, 504, 507)


def make_openapi(app: FastAPI, version: str, budget: Budget, public_url: str | None) -> dict[str, Any]:
    """Return the whole document (https://spec.openapis.org/oas/v3.1.0)."""
    document = get_openapi(
        title="cicakg",
        version=version,
        summary="A multilingual, evidence-anchored knowledge graph of news about CICA",
        description=(
            "Read-only. Every answer is complete or an error (RFC 9457). A query may take "
            f"{budget.seconds:g} seconds and {budget.memory_bytes} bytes of memory, "
            f"its answer {budget.result_bytes} bytes and {budget.result_rows} rows."
        ),
        routes=app.routes,
        servers=[{"url": public_url}] if public_url else None,
    )
    document["paths"] = {"/sparql": _sparql_path(), **document.get("paths", {})}
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = _problem_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    _complete(document["paths"])
    return document


def _complete(paths: dict[str, Any]) -> None:
    """Say of FastAPI's operations what it cannot know: formats, languages, faults as problem documents."""
    for path, operations in paths.items():
        for operation in operations.values():
            if path == "/sparql":
                continue
            operation["responses"].pop("422", None)
            if operation["tags"] != ["Service"]:
                operation.setdefault("parameters", []).append(_LANGUAGE)
            if operation["tags"] == ["Resources"]:
                _add_formats(operation)
            if path == "/query":
                operation["parameters"] += [_query(), *_dataset(), _timeout()]
            operation["responses"]["4XX"] = _fault("A fault in the request.")
            operation["responses"]["5XX"] = _fault("A fault of the server, or a budget that was spent.")


def _add_formats(operation: dict[str, Any]) -> None:
    """A resource is a page or RDF at the same address."""
    names = {"type": "string", "enum": ["html", *(one.name for one in formats_of(ResultKind.GRAPH))]}
    operation["parameters"].append(_parameter("format", "The format of the answer; wins over Accept.", names))
    content = operation["responses"]["200"].setdefault("content", {})
    content.update({one.media_type: {} for one in formats_of(ResultKind.GRAPH)})
    operation["responses"]["304"] = {"description": "The caller holds this answer already."}


def _fault(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/problem+json": {"schema": _PROBLEM}}}


def _problem_schema() -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "type": "object",
        "description": "A problem document (RFC 9457). fix says what the caller can do.",
        "required": ["type", "title", "status", "detail", "instance", "code", "fix"],
        "properties": {
            "type": {**text, "format": "uri"},
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "instance": {**text, "format": "uri"},
            "code": {**text, "enum": sorted(PROBLEMS)},
            "fix": text,
        },
    }


def _sparql_path() -> dict[str, Any]:
    head = "SPARQL 1.1 Protocol, query operation (https://www.w3.org/TR/sparql11-protocol/)"
    body = {"type": "string", "description": "The query."}
    return {
        "get": {
            "tags": ["SPARQL"],
            "operationId": "sparql_get",
            "summary": "Ask a query; without one, the service description",
            "description": head,
            "parameters": [
                _query(),
                *_dataset(),
                *_options(),
            ],
            "responses": {**_results(), "303": {"description": "A browser is sent to the query page."}},
        },
        "post": {
            "tags": ["SPARQL"],
            "operationId": "sparql_post",
            "summary": "Ask a query",
            "description": head,
            "parameters": [*_dataset(), *_options()],
            "requestBody": {
                "required": True,
                "content": {
                    "application/sparql-query": {"schema": body},
                    "application/x-www-form-urlencoded": {"schema": _form()},
                },
            },
            "responses": _results(),
        },
    }


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _dataset() -> list[dict[str, Any]]:
    iris = {"type": "array", "items": {"type": "string", "format": "iri"}}
    return [
        _parameter(
            "default-graph-uri", "A graph of the default graph; may be repeated; replaces FROM.", iris
        ),
        _parameter("named-graph-uri", "A named graph; may be repeated; replaces FROM NAMED.", iris),
    ]


def _query() -> dict[str, Any]:
    return _parameter("query", "The query. Exactly one.", {"type": "string"})


def _timeout() -> dict[str, Any]:
    seconds = {"type": "number", "exclusiveMinimum": 0}
    return _parameter("timeout", "Seconds; lowers the time budget, never raises it.", seconds)


def _options() -> list[dict[str, Any]]:
    names = {"type": "string", "enum": [one.name for one in FORMATS]}
    return [_parameter("format", "The format of the answer; wins over Accept.", names), _timeout()]


def _form() -> dict[str, Any]:
    properties = {one["name"]: one["schema"] for one in (*_dataset(), *_options())}
    return {
        "type": "object",
        "required": ["query"],
        "properties": {"query": {"type": "string"}, **properties},
    }


def _results() -> dict[str, Any]:
    rows: dict[str, Any] = {one.media_type: {} for one in formats_of(ResultKind.SOLUTIONS)}
    graphs: dict[str, Any] = {one.media_type: {} for one in formats_of(ResultKind.GRAPH)}
    complete = {
        "description": "The complete answer.",
        "headers": {
            "ETag": {"description": "Changes with the data.", "schema": {"type": "string"}},
            **{name: {"description": said, "schema": {"type": kind}} for name, said, kind in _HEADERS},
        },
        "content": {**rows, **graphs},
    }
    titles = {
        status: "; ".join(one.title for one in PROBLEMS.values() if one.status == status)
        for status in _SPARQL_PROBLEMS
    }
    faults = {str(status): _fault(title) for status, title in titles.items()}
    return {"200": complete, "304": {"description": "The caller holds this answer already."}, **faults}
