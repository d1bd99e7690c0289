"""The OpenAPI document: FastAPI's own for the pages, and ``/sparql``, which is no FastAPI route, by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from cicakg.sparql.request import Budget
from cicakg.web import openapi_parts as parts
from cicakg.web.openapi_parts import Part
from cicakg.web.site import Site
from cicakg.web.wording import LANGUAGES

_PROTOCOL: Final = "SPARQL 1.1 Protocol, query operation (https://www.w3.org/TR/sparql11-protocol/)"
_SPARQL_FAULTS: Final = (400, 403, 405, 406, 408, 413, 414, 415, 422, 431, 500, 502, 503, 504, 507)
_NOT_KEPT: Final = frozenset({"/query", "/health", "/ready", "/metrics"})
_JSON: Final = "application/json"
# What the addresses for programs answer with.
_CONTENTS: Final[dict[str, Part]] = {
    "/health": {_JSON: {"schema": {"type": "object", "required": ["status", "fingerprint", "version"]}}},
    "/ready": {_JSON: {"schema": {"type": "object", "required": ["status", "quads"]}}},
    "/metrics": {"text/plain": {"schema": {"type": "string"}}},
    "/context.jsonld": {"application/ld+json": {"schema": {"type": "object", "required": ["@context"]}}},
    "/guideline/1": {"text/plain": {"schema": {"type": "string"}}},
    "/openapi.json": {_JSON: {"schema": {"type": "object", "required": ["openapi", "info", "paths"]}}},
}
# One thing of each kind in the dataset. Another RDF file has none of them, and its document no example.
_EXAMPLES: Final = {
    "/id/{slug}": {"slug": "cica"},
    "/article/{slug}": {"slug": "2024-ar-regional-cooperation"},
    "/concept/{scheme}": {"scheme": "modality"},
    "/concept/{scheme}/{slug}": {"scheme": "modality", "slug": "plan"},
    "/ontology/{version}": {"version": "0.1.0"},
    "/graph/{name}": {"name": "facts"},
    "/query/{name}": {"name": "001-who-chaired-cica-in-2023"},
}


def make_openapi(app: FastAPI, site: Site) -> dict[str, Any]:
    """Return the whole document (https://spec.openapis.org/oas/v3.1.0) of *app* over *site*."""
    document = get_openapi(
        title="cicakg",
        version=site.version,
        summary="A multilingual, evidence-anchored knowledge graph of news about CICA",
        description=_describe(site.budget, site.services),
        routes=app.routes,
        servers=[{"url": site.public_url or "/"}],
        license_info={"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
    )
    own = {"/sparql": _sparql(), "/.well-known/void": _void()}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            _complete(path, operation, has_examples=bool(site.examples))
    document["paths"] = {**own, **document["paths"]}
    document["components"] = parts.components()
    return document


def _describe(budget: Budget, services: tuple[str, ...]) -> str:
    return (
        "Read-only. Every answer is complete or an error (RFC 9457). A query may take "
        f"{budget.seconds:g} seconds and {budget.memory_bytes} bytes of memory, "
        f"its answer {budget.result_bytes} bytes and {budget.result_rows} rows. {_said_of(services)} "
        "HEAD is GET without the body at every address; OPTIONS says which methods it takes."
    )


def _said_of(services: tuple[str, ...]) -> str:
    if not services:
        return "SERVICE is refused."
    return f"SERVICE may call what begins with {', '.join(services)}; such an answer is never kept."


def _sparql() -> Part:
    options = [*parts.dataset(), parts.result_format(), parts.timeout(), *parts.conditions(is_page=False)]
    browser = parts.response("A browser is sent to the query page.", None, "Location", "Vary")
    return {
        "get": {
            "tags": ["SPARQL"],
            "operationId": "sparql_get",
            "summary": "Ask a query; without one, the service description",
            "description": _PROTOCOL,
            "parameters": [parts.query(), *options],
            "responses": {**_answers(), "303": browser, "304": parts.unchanged()},
        },
        "post": {
            "tags": ["SPARQL"],
            "operationId": "sparql_post",
            "summary": "Ask a query",
            "description": _PROTOCOL,
            # If-None-Match is for GET and HEAD (RFC 9110, section 13.1.2).
            "parameters": [one for one in options if one["name"] != "If-None-Match"],
            "requestBody": parts.query_body(),
            "responses": _answers(),
        },
    }


def _answers() -> Part:
    headers = ("ETag", "Vary", "Cache-Control", "Content-Encoding", *parts.OF_AN_ANSWER)
    whole = parts.response("The complete answer.", parts.results(), *headers)
    return {"200": whole, **parts.faults_of(_SPARQL_FAULTS, *parts.BUDGETS)}


def _void() -> Part:
    found = parts.response("Where the VoID description is.", None, "Location")
    return {
        "get": {
            "tags": ["Service"],
            "operationId": "void_get",
            "summary": "Leads to the VoID description",
            "description": "https://www.w3.org/TR/void/, section 7.2",
            "responses": {"303": found, **_faults()},
        }
    }


def _switch() -> Part:
    """Return what choosing a language takes and gives."""
    tags = {"type": "string", "enum": [*LANGUAGES]}
    tag = {**parts.parameter("tag", "The language of the interface.", tags, "path"), "required": True}
    place = {"type": "string", "pattern": r"^(/([A-Za-z0-9][A-Za-z0-9/_.-]*)?)?$"}
    to = parts.parameter("to", "The path of the page to lead back to.", place)
    found = parts.response("Back to the page, with the language kept in a cookie.", None, "Location")
    return {"parameters": [{**tag, "example": "kk"}, to], "responses": {"303": found, **_faults()}}


def _complete(path: str, operation: Part, has_examples: bool) -> None:
    """Say of one of FastAPI's operations what it cannot know: formats, headers, faults."""
    if path == "/language/{tag}":
        operation.update(_switch())
        return
    is_page, is_resource = operation["tags"] != ["Service"], operation["tags"] == ["Resources"]
    found = [*operation.get("parameters", []), *(_page_parameters(path, is_resource) if is_page else [])]
    if path not in _NOT_KEPT:
        found += parts.conditions(is_page)
    if has_examples:
        examples = _EXAMPLES.get(path, {})
        found = [{**one, **_example(examples, one["name"])} for one in found]
    operation["parameters"] = found
    operation["responses"] = {"200": _whole(path, is_page, is_resource), **_faults()}
    if path not in _NOT_KEPT:
        operation["responses"]["304"] = parts.unchanged()


def _example(examples: Mapping[str, str], name: str) -> Part:
    return {"example": examples[name]} if name in examples else {}


def _page_parameters(path: str, is_resource: bool) -> list[Part]:
    own = [parts.query(), *parts.dataset(), parts.timeout()] if path == "/query" else []
    return [parts.language(), *([parts.page_format()] if is_resource else []), *own]


def _whole(path: str, is_page: bool, is_resource: bool) -> Part:
    headers = ["Cache-Control", "Content-Encoding", *(["ETag"] if path not in _NOT_KEPT else [])]
    if not is_page:
        return parts.response("The complete answer.", _CONTENTS[path], *headers)
    content: Part = {"text/html": {"schema": {"type": "string"}}, **(parts.graphs() if is_resource else {})}
    headers += ["Vary", "Content-Language", *(["Link"] if is_resource else [])]
    return parts.response("The complete answer.", content, *headers)


def _faults() -> Part:
    return {
        "4XX": parts.fault("A fault in the request.", "Allow"),
        "5XX": parts.fault("A fault of the server, or a budget that was spent.", "Retry-After"),
    }
