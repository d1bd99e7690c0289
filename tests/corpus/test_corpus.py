"""The files in their graphs, and what is derived from them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from cicakg.corpus import Corpus, read_corpus, read_source
from cicakg.errors import CicakgError
from cicakg.model import FileKind
from cicakg.paths import DatasetFolder
from cicakg.vocab import GRAPH_ENTITIES, GRAPH_FACTS, GRAPH_ONTOLOGY, OA_END, OA_START, PREFIXES, term

A = "https://w3id.org/cicakg/article/2020-kk-a"
G = NamedNode("https://w3id.org/cicakg/graph/2020-kk-a")
ONTOLOGY = "cica:memberCount cica:functionalInTime true ."
CLAIM = "a cica:Claim ; rdf:subject id:x ; rdf:predicate cica:place ; rdf:object id:y"
FACT = f"{CLAIM} ; cica:modality modality:fact"
STATUS = PREFIXES["concept"] + "status/"


def corpus_of(tmp_path: Path, article: str, ontology: str = ONTOLOGY, entities: str = "") -> Corpus:
    """Return the corpus of three files with these statements."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    for name, text in (
        ("data/articles/2020/2020-kk-a.ttl", f"@base <{A}> .\n{prefixes}{article}"),
        ("data/entities/places.ttl", prefixes + entities),
        ("ontology/cica.ttl", prefixes + ontology),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_corpus(DatasetFolder(tmp_path))


def test_each_kind_of_file_has_its_graph(tmp_path: Path) -> None:
    """An article has a graph of its own; entities and ontology have one each."""
    corpus = corpus_of(tmp_path, "<> a cica:Article .", entities="id:x a cica:Place .")
    graphs = {str(quad.subject): quad.graph_name for quad in corpus.quads()}
    assert graphs == {
        f"<{A}>": G,
        "<https://w3id.org/cicakg/id/x>": GRAPH_ENTITIES,
        "<https://w3id.org/cicakg/ontology#memberCount>": GRAPH_ONTOLOGY,
    }


def test_files_are_sorted_and_hidden_ones_left_out(tmp_path: Path) -> None:
    """The order is that of the paths; what an editor leaves behind is not read."""
    corpus_of(tmp_path, "")
    (tmp_path / "data" / "articles" / "2020" / ".2020-kk-a.ttl").write_text("not Turtle")
    files = read_corpus(DatasetFolder(tmp_path)).files
    assert [one.path.name for one in files] == ["2020-kk-a.ttl", "places.ttl", "cica.ttl"]


def test_a_span_gets_its_source_start_and_end_in_its_articles_graph(tmp_path: Path) -> None:
    """The IRI of a span is read by RFC 5147, once however often it stands there, wherever it stands."""
    corpus = corpus_of(
        tmp_path, "<#c1> cica:evidence <#char=2,13> , <#char=2,13> . <> cica:excludedPassage <#char=0,1> ."
    )
    derived = [quad for quad in corpus.quads() if "#char=" in str(quad.subject)]
    integer = term("xsd:integer")
    span = NamedNode(f"{A}#char=2,13")
    assert Counter(derived)[Quad(span, OA_START, Literal("2", datatype=integer), G)] == 1
    assert Quad(span, OA_END, Literal("13", datatype=integer), G) in derived
    assert Quad(span, term("oa:hasSource"), NamedNode(A), G) in derived
    assert Quad(span, term("rdf:type"), term("cica:Span"), G) in derived
    assert len(derived) == 8


@pytest.mark.parametrize(
    ("article", "is_fact"),
    [
        (f"<#c1> {CLAIM} ; cica:modality modality:fact .", True),
        (f"<#c1> {CLAIM} ; cica:modality modality:plan .", False),
        (f"<#c1> {CLAIM} ; cica:modality modality:fact , modality:plan .", False),
        (f"<#c1> {CLAIM} .", False),
        (f"<#c1> {CLAIM} ; cica:modality modality:fact ; cica:negated true .", False),
        (f"<#c1> {CLAIM} ; cica:modality modality:fact ; cica:negated false .", True),
        (f"<#c1> {FACT} ; cica:status <{STATUS}rejected> .", False),
        (f"<#c1> {FACT} ; cica:status <{STATUS}superseded> .", False),
        (f"<#c1> {FACT} ; cica:status <{STATUS}disputed> .", True),
        (f"<#c1> {CLAIM} , id:z ; cica:modality modality:fact .", False),
    ],
)
def test_only_a_claim_held_as_fact_gives_a_fact(tmp_path: Path, article: str, is_fact: bool) -> None:
    """Modality fact alone, not negated, not superseded or rejected (docs/annotating.md)."""
    x, y = NamedNode(PREFIXES["id"] + "x"), NamedNode(PREFIXES["id"] + "y")
    facts = list(corpus_of(tmp_path, article).facts())
    assert facts == ([Quad(x, term("cica:place"), y, GRAPH_FACTS)] if is_fact else [])


def test_a_changing_value_gives_no_fact(tmp_path: Path) -> None:
    """A predicate that the ontology marks as functional in time is an observation, not a fact."""
    claim = f"<#c1> {FACT} .".replace("cica:place", "cica:memberCount")
    assert list(corpus_of(tmp_path, claim).facts()) == []
    assert len(list(corpus_of(tmp_path, claim, ontology="").facts())) == 1


def test_facts_are_among_the_quads_and_every_quad_comes_once(tmp_path: Path) -> None:
    """Two claims of one fact give it once, and quads() includes it."""
    one = f"{CLAIM} ; cica:modality modality:fact ."
    corpus = corpus_of(tmp_path, f"<#c1> {one} <#c2> {one}")
    quads = list(corpus.quads())
    assert len(list(corpus.facts())) == 1
    assert set(corpus.facts()) < set(quads)
    assert len(quads) == len(set(quads))


def test_literals_keep_the_form_of_the_file(tmp_path: Path) -> None:
    """Nothing is normalised between the file and the quads."""
    corpus = corpus_of(tmp_path, '<#c1> rdf:object "1.50"^^xsd:decimal , 007 .')
    values = {quad.object.value for quad in corpus.quads() if isinstance(quad.object, Literal)}
    assert {"1.50", "007"} <= values


def test_a_broken_file_is_an_error_with_its_place(tmp_path: Path) -> None:
    """Reading strictly stops at the first fault and says where it is."""
    with pytest.raises(CicakgError) as caught:
        corpus_of(tmp_path, "<> a cica:Article")
    assert caught.value.code == "dataset-broken"
    assert "2020-kk-a.ttl:" in caught.value.detail


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """A file that is not there is a fault of the request, not a traceback."""
    with pytest.raises(CicakgError) as caught:
        read_source(tmp_path / "none.ttl", FileKind.ARTICLE)
    assert caught.value.code == "file-unreadable"
