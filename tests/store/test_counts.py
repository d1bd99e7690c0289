"""What is counted of a data set when it is loaded or built."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad
from snapshots import build_snapshot_at, opened_on_disk

from cicakg.sparql.counting import Counts
from cicakg.store import Snapshot, SnapshotFolder, build_snapshot, open_file, open_snapshot_folder
from cicakg.store.counts import take_counts
from cicakg.store.manifest import NAME, read_manifest
from cicakg.vocab import RDF_TYPE


def node(name: str | int) -> NamedNode:
    """Return an IRI of *name*."""
    return NamedNode(f"urn:{name}")


def typed(count: int, value: NamedNode | BlankNode | Literal, graph: NamedNode | BlankNode) -> list[Quad]:
    """Return *count* statements that something is a *value*, in *graph*."""
    return [Quad(node(one), RDF_TYPE, value, graph) for one in range(count)]


def test_counts_are_those_of_the_merge_and_of_each_graph() -> None:
    """What two graphs share counts once in the default graph, and in each of them."""
    shared = [*typed(30, node("c"), node("g1")), *typed(30, node("c"), node("g2"))]
    outside = [Quad(node(one), node("p"), node("o"), DefaultGraph()) for one in range(25)]
    counts = build_snapshot([*shared, *outside]).counts
    assert counts == Counts(
        triples=55,
        predicates={f"<{RDF_TYPE.value}>": 30, "<urn:p>": 25},
        classes={"<urn:c>": 30},
        in_graphs=60,
        graphs={"<urn:g1>": 30, "<urn:g2>": 30},
    )


def test_what_has_few_statements_or_many_terms_is_not_listed() -> None:
    """A list the engine reads slower than it counts is not kept; the sums are."""
    few = build_snapshot([Quad(node(one), node(f"p{one}"), node("o"), node("g")) for one in range(40)])
    assert (few.counts.triples, few.counts.predicates) == (40, None)
    assert few.counts.graphs == {"<urn:g>": 40}
    many = build_snapshot([Quad(node(0), node(f"p{one}"), node("o"), node("g")) for one in range(1001)])
    counts = take_counts(many.store, fewest_each=0)
    assert (counts.triples, counts.predicates) == (1001, None)


@pytest.mark.parametrize("value", [BlankNode("c"), Literal("c")])
def test_classes_that_are_no_iris_are_not_listed(value: BlankNode | Literal) -> None:
    """A query cannot name a blank node, and one term that is not listed would be lost."""
    counts = build_snapshot([*typed(30, value, node("g")), *typed(30, node("c"), node("g"))]).counts
    assert (counts.triples, counts.classes) == (60, None)


def test_graphs_without_a_name_are_not_listed() -> None:
    """Nor are graphs whose name is a blank node; their statements count."""
    counts = build_snapshot([*typed(30, node("c"), BlankNode("g")), *typed(30, node("c"), node("g"))]).counts
    assert (counts.in_graphs, counts.graphs, counts.classes) == (60, None, {"<urn:c>": 30})


def test_counts_of_a_built_snapshot_are_those_of_its_file(tmp_path: Path) -> None:
    """Read from the file, asked on disk or read into memory, the counts are the same."""
    data = tmp_path / "data.nq"
    quads = [*typed(30, node("c"), node("g")), *typed(40, node("d"), node("g2"))]
    data.write_text("".join(f"{quad} .\n" for quad in quads))
    out = build_snapshot_at(tmp_path / "out", data)
    memory = open_snapshot_folder(SnapshotFolder(out, "memory"))
    assert isinstance(memory, Snapshot)
    with opened_on_disk(out) as disk:
        assert disk.counts == memory.counts == open_file(data).counts
        assert disk.counts.classes == {"<urn:c>": 30, "<urn:d>": 40}


def test_a_manifest_without_counts_knows_none(copied: Path) -> None:
    """A snapshot that was built before there were counts is opened, and the engine counts."""
    assert read_manifest(copied).counts.triples == 6
    said = json.loads((copied / NAME).read_bytes())
    said = {name: value for name, value in said.items() if name not in ("counts", "checksum")}
    canonical = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    said["checksum"] = hashlib.sha256(canonical.encode()).hexdigest()
    (copied / NAME).write_text(json.dumps(said))
    with opened_on_disk(copied) as disk:
        assert disk.counts == Counts()
