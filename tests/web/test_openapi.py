"""The OpenAPI document: whole, and true to the application."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route
from web_playing import AppClient

from cicakg.sparql.formats import FORMATS
from cicakg.web.problems import PROBLEMS

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


@pytest.fixture
def document(client: AppClient) -> dict[str, Any]:
    """The document as served."""
    answer = client.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, Any] = answer.json()
    return found


def test_document_has_what_openapi_requires(document: dict[str, Any]) -> None:
    """OpenAPI 3.1, 4.8: version, info, and operations whose ids are unique and whose responses are
    described.
    """
    assert re.fullmatch(r"3\.1\.[0-9]+", document["openapi"])
    assert document["info"]["title"]
    assert document["info"]["version"]
    ids = []
    for path, operations in document["paths"].items():
        assert path.startswith("/")
        assert set(operations) <= METHODS
        for operation in operations.values():
            ids.append(operation["operationId"])
            assert operation["responses"]
            assert all("description" in one for one in operation["responses"].values())
            named = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
            assert named == set(re.findall(r"\{([a-z]+)\}", path))
            pairs = [(one["name"], one["in"]) for one in operation.get("parameters", [])]
            assert len(pairs) == len(set(pairs))
    assert len(ids) == len(set(ids))


def test_every_reference_is_defined(document: dict[str, Any]) -> None:
    """No $ref leads nowhere."""

    def references(value: Any) -> list[str]:  # noqa: ANN401  # JSON
        if isinstance(value, dict):
            own = [value["$ref"]] if "$ref" in value else []
            return own + [one for part in value.values() for one in references(part)]
        return [one for part in value for one in references(part)] if isinstance(value, list) else []

    found = references(document)
    assert found
    for reference in set(found):
        place: Any = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def test_every_route_is_documented(client: AppClient, document: dict[str, Any]) -> None:
    """A route that nobody documented fails here."""
    aliases = {"/sparql/"}
    paths = {route.path for route in client.app.router.routes if isinstance(route, Route)} - aliases
    assert paths == set(document["paths"])


def test_sparql_is_documented_by_hand_in_full(document: dict[str, Any]) -> None:
    """Both methods, every parameter, every format and every status of the endpoint stand there."""
    operations = document["paths"]["/sparql"]
    assert set(operations) == {"get", "post"}
    names = {one["name"] for one in operations["get"]["parameters"] if one["in"] == "query"}
    assert names == {"query", "default-graph-uri", "named-graph-uri", "format", "timeout"}
    assert set(operations["get"]["responses"]["200"]["content"]) == {one.media_type for one in FORMATS}
    bodies = operations["post"]["requestBody"]["content"]
    assert set(bodies) == {"application/sparql-query", "application/x-www-form-urlencoded"}
    statuses = {
        one.status for code, one in PROBLEMS.items() if code.startswith(("query-", "server-", "body-"))
    }
    assert {str(status) for status in statuses} <= set(operations["get"]["responses"])


def test_docs_page_shows_every_path(client: AppClient, document: dict[str, Any]) -> None:
    """/docs is made from the document and needs no script."""
    page = client.get("/docs", accept="text/html").text
    for path in document["paths"]:
        assert f">{path}</bdi>" in page
    assert "<script" not in page


def test_context_is_json_ld(client: AppClient) -> None:
    """The context is served as JSON-LD, readable from any page."""
    answer = client.get("/context.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["@context"]["cica"] == "https://w3id.org/cicakg/ontology#"


def test_every_address_and_parameter_is_in_the_documentation(project: Path, document: dict[str, Any]) -> None:
    """docs/api.md names every address and every parameter of the endpoint."""
    text = (project / "docs" / "api.md").read_text()
    for path in document["paths"]:
        start = "/" + path.split("/")[1]
        assert f"`{start}" in text or f" {start}" in text, path
    for one in document["paths"]["/sparql"]["get"]["parameters"]:
        assert f"`{one['name']}`" in text
