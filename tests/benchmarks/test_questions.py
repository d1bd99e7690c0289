"""The queries of the benchmark: asked of cicakg and of rdflib, they give the same rows."""

from __future__ import annotations

import pytest
from endpoints.answers import Rows, difference, read_answer
from endpoints.material import Material, make_material
from endpoints.questions import QUESTIONS, Question
from pyoxigraph import DefaultGraph
from rdflib import Graph

from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import QueryRequest
from cicakg.store import Snapshot, open_file
from cicakg.workers import run_once

_FORMATS = {ResultKind.SOLUTIONS: "json", ResultKind.BOOLEAN: "json", ResultKind.GRAPH: "turtle"}


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """The smallest material there is."""
    return make_material(tmp_path_factory.mktemp("material"), 3_000)


@pytest.fixture(scope="module")
def snapshot(material: Material) -> Snapshot:
    """What cicakg holds of it."""
    return open_file(material.named)


@pytest.fixture(scope="module")
def merge(material: Material) -> Graph:
    """The merge of its graphs as rdflib holds it."""
    return Graph().parse(data=material.merge.read_text(encoding="utf-8"), format="nt")


def _from_cicakg(snapshot: Snapshot, question: Question) -> Rows:
    answer = run_once(snapshot, QueryRequest(question.text, _FORMATS))
    with answer.file as file:
        return read_answer(file.read(), question.is_graph)


def _from_rdflib(merge: Graph, question: Question) -> Rows:
    body = merge.query(question.text).serialize(format="turtle" if question.is_graph else "json")
    assert body is not None
    return read_answer(body, question.is_graph)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.kind)
def test_two_engines_agree(snapshot: Snapshot, merge: Graph, question: Question) -> None:
    """Each query asks something of this data, and what it yields does not depend on who evaluates it; what
    describes a thing is the engine's own choice (SPARQL 1.1 Query, section 16.4), but ours is part of it.
    """
    found, expected = _from_cicakg(snapshot, question), _from_rdflib(merge, question)
    assert found.total() > 0
    assert found <= expected if question.kind == "describe" else difference(expected, found) == ""


def test_all_kinds_are_there() -> None:
    """Each kind stands once in the tables, and every small one is about one entity however much there is."""
    kinds = [one.kind for one in QUESTIONS]
    assert len(set(kinds)) == len(kinds) >= 12


def test_merge_is_that_of_the_graphs(material: Material) -> None:
    """What the other servers are loaded with is what cicakg makes of the named graphs by itself."""
    merge = set(material.merge.read_text(encoding="utf-8").splitlines())
    store = open_file(material.named).store
    found = {f"{quad.triple} ." for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}
    assert merge == found
    assert len(merge) == material.triples
