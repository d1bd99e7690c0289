"""The manifests of the W3C's SPARQL suites: which tests there are, and the data, query and result of each.

The vocabulary is described in the README of the suites
(https://w3c.github.io/rdf-tests/sparql/sparql11/).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

from pyoxigraph import NamedNode, Quad, parse

from w3c_sparql.resources import MF, RDF, Resource, manifest_entries

SUITES: Final = "w3c/rdf-tests/sparql"
"""Where the suites lie in the shared material."""

_QT: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_UT: Final = "http://www.w3.org/2009/sparql/tests/test-update#"
_ACTION: Final = f"{MF}action"
_FROM: Final = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)


class Kind(StrEnum):
    """What a test asks of an endpoint."""

    EVALUATION = "evaluation"
    CSV = "CSV"
    POSITIVE = "positive syntax"
    NEGATIVE = "negative syntax"
    UPDATE = "update"
    OTHER = "other"


_KINDS: Final = {
    "QueryEvaluationTest": Kind.EVALUATION,
    "CSVResultFormatTest": Kind.CSV,
    "PositiveSyntaxTest": Kind.POSITIVE,
    "PositiveSyntaxTest11": Kind.POSITIVE,
    "NegativeSyntaxTest": Kind.NEGATIVE,
    "NegativeSyntaxTest11": Kind.NEGATIVE,
    "UpdateEvaluationTest": Kind.UPDATE,
    "PositiveUpdateSyntaxTest11": Kind.UPDATE,
    "NegativeUpdateSyntaxTest11": Kind.UPDATE,
}


@dataclass(frozen=True)
class Case:
    """One test.

    ``name`` is folder and fragment (``aggregates/agg01``), ``suite`` the folder of the suite (``sparql11``);
    ``query`` and ``result`` are files; ``data`` and ``graphs`` the IRIs of the files that make the default
    graph and the named graphs; ``is_lax`` says that duplicates may be missing (REDUCED).
    """

    suite: str
    name: str
    title: str
    kind: Kind
    query: Path
    data: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    result: Path | None = None
    is_lax: bool = False

    @property
    def folder(self) -> str:
        """The folder of the manifest, without the suite."""
        return self.name.partition("/")[0]

    @property
    def host(self) -> str:
        """The host the files of the folder seem to lie on, and as which the server is asked: so a relative
        IRI in a query names the file beside it, as the suite means it.
        """
        return _host(self.suite, self.folder)

    @property
    def text(self) -> str:
        """The query as it stands in its file."""
        return self.query.read_bytes().decode("utf-8")

    @property
    def is_evaluation(self) -> bool:
        """Whether the query is evaluated over data, and its answer counts."""
        return self.kind in {Kind.EVALUATION, Kind.CSV}

    @property
    def is_update(self) -> bool:
        """Whether it is an update that the test would have run or refused."""
        return self.kind is Kind.UPDATE or self.query.suffix == ".ru"

    def from_clauses(self) -> tuple[str, ...]:
        """The graphs an evaluation test names in its query, with FROM and FROM NAMED."""
        if not self.is_evaluation:
            return ()
        return tuple(urljoin(f"http://{self.host}/", one) for one in _FROM.findall(self.text))


def _host(suite: str, folder: str) -> str:
    return f"{folder}.{suite}.test"


def read_suite(suite: Path) -> list[Case]:
    """Return every test of every folder of *suite* (``…/sparql11``), folder by folder."""
    return [case for path in sorted(suite.glob("*/manifest.ttl")) for case in _read_manifest(path)]


def _read_manifest(path: Path) -> Iterator[Case]:
    base = f"http://{_host(path.parent.parent.name, path.parent.name)}/manifest.ttl"
    return (_case(path.parent, test) for test in manifest_entries(path, base))


def _case(folder: Path, test: Resource) -> Case:
    query = test.iris(_ACTION, f"{_UT}request") or test.iris(_ACTION, f"{_QT}query") or test.iris(_ACTION)
    result = test.iris(f"{MF}result")
    kinds = (_KINDS.get(one.name) for one in test.resources(f"{RDF}type"))
    return Case(
        suite=folder.parent.name,
        name=f"{folder.name}/{test.name}",
        title=test.text(f"{MF}name") or "",
        kind=next((one for one in kinds if one), Kind.OTHER),
        query=folder / _file_name(query),
        data=test.iris(_ACTION, f"{_QT}data"),
        graphs=test.iris(_ACTION, f"{_QT}graphData"),
        result=folder / _file_name(result) if result else None,
        is_lax=f"{MF}LaxCardinality" in test.iris(f"{MF}resultCardinality"),
    )


def _file_name(iris: tuple[str, ...]) -> str:
    return urlsplit(iris[0]).path.removeprefix("/") if iris else ""


def file_of(suites: Path, iri: str) -> Path:
    """Return the file that *iri*, on the host of a folder, stands for."""
    parts = urlsplit(iri)
    folder, suite, _ = parts.netloc.split(".")
    return suites / suite / folder / parts.path.removeprefix("/")


def graph_quads(suites: Path, iris: Iterable[str], into: NamedNode | None = None) -> Iterator[Quad]:
    """Yield the triples of the files *iris* name, each in the graph of that name, or all in the graph
    *into*; blank nodes of two files differ.
    """
    for iri in iris:
        graph = into or NamedNode(iri)
        path = file_of(suites, iri)
        for quad in parse(path=path, base_iri=iri, rename_blank_nodes=True):
            yield Quad(quad.subject, quad.predicate, quad.object, graph)


def data_quads(suites: Path, cases: Iterable[Case]) -> Iterator[Quad]:
    """Yield all graphs that the evaluation tests among *cases* need, each named by its file."""
    wanted = (
        iri
        for case in cases
        if case.is_evaluation
        for iri in (*case.data, *case.graphs, *case.from_clauses())
    )
    return graph_quads(suites, dict.fromkeys(wanted))
