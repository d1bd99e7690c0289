"""Each client in every way it can ask: methods, result forms, IRIs in all scripts. An error is an error."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import urllib.error
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import rdflib
from client_names import NAMES
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rsparql import rsparql_command
from serving import RunningServer
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

NTH: Final = "SELECT ?n {{ <http://example.org/{name}> <http://example.org/nth> ?n }}"
ASK: Final = "ASK {{ <http://example.org/{name}> ?p ?o }}"
GRAPH: Final = "CONSTRUCT WHERE {{ <http://example.org/{name}> ?p ?o }}"
SLOW: Final = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
UPDATE: Final = "INSERT DATA { <urn:s> <urn:p> <urn:o> }"
READERS: Final = {TURTLE: "turtle", N3: "turtle", RDFXML: "xml", JSONLD: "json-ld"}
WAYS: Final = ("GET", "form", "body")

pytestmark = pytest.mark.xdist_group("clients")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def _triple(number: int) -> tuple[rdflib.URIRef, rdflib.URIRef, rdflib.Literal]:
    name = rdflib.URIRef(f"http://example.org/{NAMES[number]}")
    return name, rdflib.URIRef("http://example.org/nth"), rdflib.Literal(str(number))


class TestCurl:
    """curl, by the three ways of the protocol."""

    @staticmethod
    def ask(endpoint: str, query: str, way: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Ask *query*; the exit code is not 0 where the status is none of success."""
        sent = {
            "GET": ["-G", "--data-urlencode", f"query={query}"],
            "form": ["--data-urlencode", f"query={query}"],
            "body": ["-H", "Content-Type: application/sparql-query", "--data-binary", query],
        }[way]
        command = ["curl", "-sS", "--fail-with-body", endpoint, *sent, *options]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    @pytest.mark.parametrize("way", WAYS)
    def test_names_in_every_script(self, spelled: RunningServer, way: str) -> None:
        """Each spelling of a name is the IRI it was given as, and no other."""
        for number, name in enumerate(NAMES):
            done = self.ask(spelled.endpoint, NTH.format(name=name), way, "-H", "Accept: text/csv")
            assert done.stdout.split() == ["n", str(number)]

    def test_name_as_it_is_typed(self, spelled: RunningServer) -> None:
        """An address with raw letters, as a person types it, is understood."""
        for name in NAMES:
            target = ASK.format(name=name).translate({ord(one): f"%{ord(one):02X}" for one in " {}<>?"})
            command = [
                "curl",
                "-sS",
                "--fail",
                "-H",
                "Accept: text/csv",
                f"{spelled.endpoint}?query={target}",
            ]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60)
            assert done.stdout.split() == ["true"]

    @pytest.mark.parametrize("way", WAYS)
    @pytest.mark.parametrize(("query", "status"), [(SLOW, 504), (UPDATE, 403), ("SELECT", 400)])
    def test_an_error_is_an_error(self, spelled: RunningServer, way: str, query: str, status: int) -> None:
        """curl leaves with 22 (a status of 400 or more), and the body says why."""
        done = self.ask(spelled.endpoint, query, way)
        assert (done.returncode, json.loads(done.stdout)["status"]) == (22, status)

    def test_update_as_update(self, spelled: RunningServer) -> None:
        """The update operation of the protocol is refused in its own words."""
        command = [
            "curl",
            "-sS",
            "--fail-with-body",
            spelled.endpoint,
            "--data-urlencode",
            f"update={UPDATE}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert (done.returncode, json.loads(done.stdout)["code"]) == (22, "query-update-refused")


class TestSparqlWrapper:
    """SPARQLWrapper, by GET, POST form and POST body, with each format it knows."""

    @staticmethod
    def client(endpoint: str, query: str, way: str, written: str) -> SPARQLWrapper:
        """Return a client that is ready to ask."""
        client = SPARQLWrapper(endpoint)
        client.setMethod("GET" if way == "GET" else POST)
        client.setRequestMethod("postdirectly" if way == "body" else "urlencoded")
        client.setReturnFormat(written)
        client.setQuery(query)
        return client

    @pytest.mark.parametrize("way", WAYS)
    @pytest.mark.parametrize("written", [JSON, XML, CSV, TSV])
    def test_rows(self, spelled: RunningServer, way: str, written: str) -> None:
        """Rows come whole in each format of solutions."""
        for number, name in enumerate(NAMES):
            found: Any = self.client(spelled.endpoint, NTH.format(name=name), way, written).query().convert()
            if written == JSON:
                assert [row["n"]["value"] for row in found["results"]["bindings"]] == [str(number)]
            elif written == XML:
                assert f"<literal>{number}</literal>" in found.toxml()
            else:
                rows = list(csv.reader(io.StringIO(found.decode())))
                assert [row[0].strip('"?') for row in rows] == ["n", str(number)]

    @pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's reader of JSON-LD
    @pytest.mark.parametrize("way", WAYS)
    @pytest.mark.parametrize("written", [TURTLE, N3, RDFXML, JSONLD])
    def test_graphs(self, spelled: RunningServer, way: str, written: str) -> None:
        """A graph comes whole in each format of graphs."""
        for number, name in enumerate(NAMES):
            client = self.client(spelled.endpoint, GRAPH.format(name=name), way, written)
            raw: Any = client.query().response.read()  # what it makes of it itself is deprecated by rdflib
            found = rdflib.Graph().parse(data=raw, format=READERS[written])
            assert list(found) == [_triple(number)]

    @pytest.mark.parametrize("way", WAYS)
    def test_yes_or_no(self, spelled: RunningServer, way: str) -> None:
        """ASK is answered with the truth."""
        for name, is_there in ((NAMES[2], True), (NAMES[2] + "x", False)):
            found: Any = self.client(spelled.endpoint, ASK.format(name=name), way, JSON).query().convert()
            assert found["boolean"] is is_there

    @pytest.mark.parametrize("way", WAYS)
    def test_an_error_is_an_error(self, spelled: RunningServer, way: str) -> None:
        """Over its time, an update, and what is no query raise; none of them is an empty result."""
        with pytest.raises(urllib.error.HTTPError) as late:
            self.client(spelled.endpoint, SLOW, way, JSON).query()
        assert late.value.code == 504
        late.value.close()
        with pytest.raises(QueryBadFormed):
            self.client(spelled.endpoint, "SELECT * { ?s ?p }", way, JSON).query()

    def test_update(self, spelled: RunningServer) -> None:
        """An update is refused with 403."""
        with pytest.raises(urllib.error.HTTPError) as refused:
            self.client(spelled.endpoint, UPDATE, "form", JSON).query()
        assert refused.value.code == 403
        refused.value.close()


class TestRdflib:
    """rdflib's SPARQLStore, as a graph over the endpoint."""

    @pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
    @pytest.mark.parametrize("written", ["xml", "json", "csv"])
    def test_rows(self, spelled: RunningServer, method: Any, written: str) -> None:  # noqa: ANN401  # a literal type
        """Rows come whole by each method and in each format it reads."""
        graph = rdflib.Graph(SPARQLStore(spelled.endpoint, method=method, returnFormat=written))
        for number, name in enumerate(NAMES):
            rows: Any = graph.query(NTH.format(name=name))
            assert [str(row.n) for row in rows] == [str(number)]

    @pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
    def test_graph(self, spelled: RunningServer, method: Any) -> None:  # noqa: ANN401  # a literal type
        """Triple patterns and ASK, as a program asks a graph."""
        graph = rdflib.Graph(SPARQLStore(spelled.endpoint, method=method))
        for number in range(len(NAMES)):
            subject, predicate, value = _triple(number)
            assert list(graph.objects(subject, predicate)) == [value]
            assert (subject, predicate, value) in graph
            assert bool(graph.query(f"ASK {{ {subject.n3()} ?p ?o }}"))

    @pytest.mark.parametrize(("query", "status"), [(SLOW, 504), ("SELECT * { ?s ?p", 400), (UPDATE, 403)])
    def test_an_error_is_an_error(self, spelled: RunningServer, query: str, status: int) -> None:
        """Over its time, an update, and what is no query raise by GET. By POST rdflib returns the status and
        its phrase in the place of a result, which no program takes for an empty one.
        """
        with pytest.raises(ValueError, match="SPARQL query"):
            rdflib.Graph(SPARQLStore(spelled.endpoint, method="GET")).query(query)
        for method in ("POST", "POST_FORM"):
            store: Any = SPARQLStore(spelled.endpoint, method=method)
            found: Any = rdflib.Graph(store).query(query)
            assert found[0] == status
            assert not hasattr(found, "bindings")

    def test_store_cannot_be_written(self, spelled: RunningServer) -> None:
        """A store that is for reading only says so itself."""
        with pytest.raises(TypeError, match="read only"):
            rdflib.Graph(SPARQLStore(spelled.endpoint)).add(_triple(0))


class TestComunica:
    """Comunica in Node.js."""

    @staticmethod
    def ask(command: list[str], endpoint: str, query: str) -> subprocess.CompletedProcess[str]:
        """Ask *query* of the endpoint."""
        command = [*command, endpoint, query, "sparql"]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    def test_result_forms(self, spelled: RunningServer, comunica: list[str]) -> None:
        """Rows, yes or no, and graphs, with a name in each script."""
        for number, name in enumerate(NAMES):
            done = self.ask(comunica, spelled.endpoint, NTH.format(name=name))
            assert done.returncode == 0, done.stderr
            assert json.loads(done.stdout) == [{"n": str(number)}]
        assert json.loads(self.ask(comunica, spelled.endpoint, ASK.format(name=NAMES[3])).stdout) is True
        graph = self.ask(comunica, spelled.endpoint, GRAPH.format(name=NAMES[1])).stdout
        assert json.loads(graph) == [[str(term) for term in _triple(1)]]

    @pytest.mark.parametrize("query", [SLOW, UPDATE])
    def test_an_error_is_an_error(self, spelled: RunningServer, comunica: list[str], query: str) -> None:
        """Over its time, and an update end with an error, and print no result."""
        done = self.ask(comunica, spelled.endpoint, query)
        assert done.returncode != 0
        assert done.stdout == ""


@pytest.fixture(scope="session")
def rsparql(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run Jena's rsparql."""
    command = rsparql_command(tmp_path_factory.mktemp("jena"))
    if command is None:
        if os.environ.get("CI"):
            pytest.fail("Jena's rsparql is missing, and in CI it must not be")
        pytest.skip("Jena's rsparql (Debian: libapache-jena-java) is missing here")

    def run(endpoint: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        whole = [*command, "--service", endpoint, *arguments]
        return subprocess.run(whole, capture_output=True, text=True, timeout=120)

    return run


class TestJena:
    """Jena's rsparql: Java's own HTTP client, which offers HTTP/2 with each request."""

    @pytest.mark.parametrize("method", [[], ["--post"]])
    def test_rows(self, spelled: RunningServer, rsparql: Run, method: list[str], tmp_path: Path) -> None:
        """Rows come whole by GET and POST, with names in every script."""
        values = " ".join(f"(<http://example.org/{name}> '{number}')" for number, name in enumerate(NAMES))
        query = f"SELECT ?n {{ VALUES (?s ?n) {{ {values} }} ?s <http://example.org/nth> ?n }} ORDER BY ?n"
        file = tmp_path / "query.rq"
        file.write_text(query, encoding="utf-8")
        done = rsparql(spelled.endpoint, *method, "--results=CSV", f"--query={file}")
        assert done.stdout.split() == ["n", "0", "1", "2", "3"], done.stderr

    def test_other_forms(self, spelled: RunningServer, rsparql: Run) -> None:
        """ASK and CONSTRUCT."""
        assert "Yes" in rsparql(spelled.endpoint, "ASK { <urn:n1> <urn:p> <urn:n7> }").stdout
        done = rsparql(spelled.endpoint, "--results=ntriples", "CONSTRUCT WHERE { <urn:n1> ?p ?o }")
        graph = rdflib.Graph().parse(data=done.stdout, format="turtle")
        assert [str(term) for triple in graph for term in triple] == ["urn:n1", "urn:p", "urn:n7"], (
            done.stderr
        )

    def test_an_error_is_an_error(self, spelled: RunningServer, rsparql: Run) -> None:
        """Over its time it ends with an error that names the status, and prints no result."""
        done = rsparql(spelled.endpoint, "--results=CSV", SLOW)
        assert done.returncode != 0
        assert "504" in done.stderr
        assert "n\n" not in done.stdout
