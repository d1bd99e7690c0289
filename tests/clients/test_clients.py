"""The clients researchers use get right answers from the running server: curl, rdflib, SPARQLWrapper,
Comunica.
"""

from __future__ import annotations

import json
import subprocess
from typing import Any, Protocol

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

KAZAKHSTAN = "https://w3id.org/cicakg/id/kazakhstan"

# Articles 2024-ar-regional-cooperation and 2024-ar-chairmanship-to-azerbaijan: Kazakhstan held the chair
# 2022-2024.
CHAIR_IN_2023 = """
PREFIX cica: <https://w3id.org/cicakg/ontology#>
PREFIX id: <https://w3id.org/cicakg/id/>
SELECT DISTINCT ?holder WHERE {
  ?term a cica:Chairmanship ; cica:organization id:cica ; cica:holder ?holder ;
        cica:startDate ?start ; cica:endDate ?end .
  FILTER(SUBSTR(STR(?start), 1, 4) <= "2023" && SUBSTR(STR(?end), 1, 4) >= "2023")
}
"""


class Server(Protocol):
    """What these tests need of the running server."""

    @property
    def endpoint(self) -> str: ...


@pytest.mark.xdist_group("server")
class TestClients:
    """Each client asks who chaired CICA in 2023."""

    def test_curl(self, server: Server) -> None:
        """Plain curl gets CSV with the one right row when it asks for text/csv."""
        command = [
            "curl",
            "-sS",
            "--fail",
            server.endpoint,
            "-H",
            "Accept: text/csv",
            "--data-urlencode",
            f"query={CHAIR_IN_2023}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        assert done.stdout.split() == ["holder", KAZAKHSTAN]

    def test_rdflib_sparqlstore(self, server: Server) -> None:
        """rdflib's SPARQLStore works as a read-only graph over the endpoint."""
        graph = rdflib.Graph(SPARQLStore(server.endpoint))
        assert [str(row[0]) for row in graph.query(CHAIR_IN_2023)] == [KAZAKHSTAN]  # type: ignore[index]
        labels = set(graph.objects(rdflib.URIRef(KAZAKHSTAN), rdflib.SKOS.prefLabel))
        assert rdflib.Literal("Қазақстан", lang="kk") in labels

    @pytest.mark.parametrize("method", ["GET", POST])
    def test_sparqlwrapper(self, server: Server, method: str) -> None:
        """SPARQLWrapper gets JSON solutions by GET and by POST."""
        client = SPARQLWrapper(server.endpoint)
        client.setMethod(method)
        client.setReturnFormat(JSON)
        client.setQuery(CHAIR_IN_2023)
        answer: Any = client.query().convert()
        assert [row["holder"]["value"] for row in answer["results"]["bindings"]] == [KAZAKHSTAN]

    def test_sparqlwrapper_construct(self, server: Server) -> None:
        """SPARQLWrapper gets the graph of a CONSTRUCT as Turtle."""
        client = SPARQLWrapper(server.endpoint)
        client.setReturnFormat(TURTLE)
        client.setQuery(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ <{KAZAKHSTAN}> }} ?s ?p ?o }}")
        raw: Any = client.query().convert()
        graph = rdflib.Graph().parse(data=raw, format="turtle")
        assert (
            rdflib.URIRef(KAZAKHSTAN),
            rdflib.RDF.type,
            rdflib.URIRef("https://w3id.org/cicakg/ontology#State"),
        ) in graph

    @pytest.mark.parametrize("kind", [None, "sparql"])
    def test_comunica(self, server: Server, comunica: list[str], kind: str | None) -> None:
        """Comunica finds the endpoint by its service description, and when told that it is one."""
        command = [*comunica, server.endpoint, CHAIR_IN_2023, *([kind] if kind else [])]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == [{"holder": KAZAKHSTAN}]
