"""Pages over the real dataset stay small enough for a slow line."""

from __future__ import annotations

import httpx
import pytest
from serving import RunningServer

from cicakg.web.wording import LANGUAGES

_MOST = 200_000
_ALL = "SELECT * { ?s ?p ?o }"
_RESOURCES = """SELECT DISTINCT ?page {
  { GRAPH ?page { ?s ?p ?o } } UNION { ?page a <https://w3id.org/cicakg/ontology#Article> }
  UNION { { SELECT (?entity AS ?page) (COUNT(*) AS ?n) {
    ?claim <http://www.w3.org/1999/02/22-rdf-syntax-ns#subject> ?entity
  } GROUP BY ?entity ORDER BY DESC(?n) LIMIT 5 } }
}"""


@pytest.fixture(scope="module")
def pages(server: RunningServer) -> list[str]:
    """The pages that grow with the data: lists, articles, graphs, entities much is said of, a result."""
    asked = {"query": _RESOURCES, "format": "csv"}
    found = httpx.get(server.endpoint, params=asked, timeout=30).text.split()[1:]
    assert len(found) >= 20
    lists = ["", "queries", "entities", "graphs", "docs", "ontology", f"query?query={_ALL}"]
    return [*lists, *(iri.removeprefix("https://w3id.org/cicakg/") for iri in found)]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_pages_are_under_200_kilobytes(server: RunningServer, pages: list[str], tag: str) -> None:
    """Without fonts and before compression, in every language: Cyrillic and Arabic letters take two bytes."""
    headers = {"accept": "text/html", "accept-language": tag, "accept-encoding": "identity"}
    with httpx.Client(base_url=server.address, headers=headers, timeout=60) as client:
        sizes = {page: len(client.get(f"/{page}").raise_for_status().content) for page in pages}
    assert {page: size for page, size in sizes.items() if size > _MOST} == {}
