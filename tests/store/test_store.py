"""The snapshot: default graph, fingerprint, and what it refuses."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions

from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder
from cicakg.store import Snapshot, build_snapshot, dataset_quads, open_file, open_snapshot
from cicakg.vocab import GRAPH_QUERIES, GRAPH_VOID


def node(name: str) -> NamedNode:
    """Return a node of the tests."""
    return NamedNode("http://example.org/" + name)


S, P, OBJECT, G1, G2 = (node(name) for name in ("s", "p", "o", "g1", "g2"))


def count(snapshot: Snapshot, pattern: str) -> int:
    """Return how many solutions *pattern* has."""
    found = snapshot.store.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
    assert isinstance(found, QuerySolutions)
    (row,) = found
    return int(row["n"].value)


def test_default_graph_is_the_merge_of_all_graphs() -> None:
    """A triple that two graphs hold is counted once, and the graphs keep theirs."""
    snapshot = build_snapshot([Quad(S, P, OBJECT, G1), Quad(S, P, OBJECT, G2), Quad(S, P, S, G2)])
    assert count(snapshot, "?s ?p ?o") == 2
    assert count(snapshot, "GRAPH ?g { ?s ?p ?o }") == 3
    assert snapshot.quad_count == 3


def test_default_graph_is_no_named_graph() -> None:
    """``GRAPH ?g`` ranges over the named graphs only (SPARQL 1.1, section 13.3)."""
    snapshot = build_snapshot([Quad(S, P, OBJECT, G1), Quad(S, P, S, DefaultGraph())])
    found = snapshot.store.query("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
    assert isinstance(found, QuerySolutions)
    assert [row["g"] for row in found] == [G1]
    assert count(snapshot, "?s ?p ?o") == 2


def test_fingerprint_is_the_digest_of_the_sorted_lines() -> None:
    """Whoever has the N-Quads can compute it: SHA-256 over the sorted lines, each with its line feed."""
    lines = [
        '<http://example.org/s> <http://example.org/p> "б"@kk <http://example.org/g1> .\n',
        "<http://example.org/s> <http://example.org/p> <http://example.org/o> <http://example.org/g2> .\n",
    ]
    expected = hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()
    quads = [Quad(S, P, OBJECT, G2), Quad(S, P, Literal("б", language="kk"), G1)]
    assert build_snapshot(quads).fingerprint == expected


def test_fingerprint_does_not_depend_on_the_order() -> None:
    """The same quads in another order, some of them twice, are the same data set; one more is another."""
    quads = [Quad(node(f"s{one % 17}"), P, Literal(one), G1) for one in range(200)]
    shuffled = random.Random(5).sample(quads + quads[:20], 220)  # noqa: S311  # any order will do
    assert build_snapshot(quads).fingerprint == build_snapshot(shuffled).fingerprint
    assert build_snapshot(quads).fingerprint != build_snapshot([*quads, Quad(S, P, OBJECT, G1)]).fingerprint


def test_a_file_is_opened_as_it_stands(tmp_path: Path) -> None:
    """An RDF file of any format becomes a snapshot."""
    path = tmp_path / "some.trig"
    path.write_text("@prefix : <http://example.org/> . :g1 { :s :p :o }", encoding="utf-8")
    assert open_file(path).fingerprint == build_snapshot([Quad(S, P, OBJECT, G1)]).fingerprint


@pytest.mark.parametrize(("name", "content"), [("a.nq", b"no RDF"), ("a.xyz", b""), ("absent.nq", None)])
def test_a_file_that_is_no_rdf_is_refused(tmp_path: Path, name: str, content: bytes | None) -> None:
    """A broken, a strange and an absent file are each refused with the name of the file."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CicakgError, match=name) as caught:
        open_file(path)
    assert caught.value.code == "snapshot-unreadable"


def test_the_dataset_of_the_project(project: Path) -> None:
    """The project's own dataset opens, with its example queries and its description, and says so twice
    alike.
    """
    folder = DatasetFolder(project)
    snapshot = open_snapshot(folder)
    assert count(
        snapshot, f"GRAPH {GRAPH_QUERIES} {{ ?q a <http://www.w3.org/ns/shacl#SPARQLExecutable> }}"
    ) == len(list(folder.queries.glob("*.rq")))
    assert {one.subject for one in snapshot.description()} >= {NamedNode(GRAPH_VOID.value + "#dataset")}
    assert build_snapshot(reversed(dataset_quads(folder))).fingerprint == snapshot.fingerprint
    blank = snapshot.store.query("ASK { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }")
    assert not blank
