"""The competency questions, read and as data."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from cicakg.errors import CicakgError
from cicakg.examples import example_quads, read_examples
from cicakg.paths import DatasetFolder
from cicakg.vocab import GRAPH_QUERIES, RDF_TYPE, term

GOOD = """# title: Who holds what
# question@en: Who holds what?
# question@ar: من يشغل ماذا؟
# keywords: tenure, holder
# A free comment: it is no header.

PREFIX cica: <https://w3id.org/cicakg/ontology#>
SELECT * WHERE { ?t cica:holder ?who }
"""


@pytest.fixture
def folder(tmp_path: Path) -> DatasetFolder:
    """A dataset without queries."""
    (tmp_path / "queries").mkdir()
    return DatasetFolder(tmp_path)


def write(folder: DatasetFolder, text: str, name: str = "007-who-holds-what.rq") -> Path:
    """Put a query file into *folder*."""
    path = folder.queries / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_query_file_is_read(folder: DatasetFolder) -> None:
    """Name, headers and query end up where they belong, and the question keeps each of its languages."""
    path = write(folder, GOOD)
    (one,) = read_examples(folder)
    assert (one.number, one.slug, one.title, one.path) == ("007", "who-holds-what", "Who holds what", path)
    assert one.questions == {"en": "Who holds what?", "ar": "من يشغل ماذا؟"}
    assert one.keywords == ("tenure", "holder")
    assert one.text == GOOD[GOOD.index("# A free") :]


def test_examples_are_data_as_in_sparql_examples(folder: DatasetFolder) -> None:
    """A query is a SHACL SPARQL executable with its question as a comment in each language."""
    write(folder, GOOD)
    (one,) = read_examples(folder)
    node = NamedNode("https://w3id.org/cicakg/query/007-who-holds-what")
    quads = set(example_quads([one]))
    assert {
        Quad(node, RDF_TYPE, term("sh:SPARQLExecutable"), GRAPH_QUERIES),
        Quad(node, RDF_TYPE, term("sh:SPARQLSelectExecutable"), GRAPH_QUERIES),
        Quad(node, term("sh:select"), Literal(one.text), GRAPH_QUERIES),
        Quad(node, term("rdfs:comment"), Literal("من يشغل ماذا؟", language="ar"), GRAPH_QUERIES),
        Quad(node, term("schema:keywords"), Literal("tenure"), GRAPH_QUERIES),
        Quad(node, term("schema:target"), NamedNode("https://w3id.org/cicakg/sparql"), GRAPH_QUERIES),
    } <= quads


@pytest.mark.parametrize(
    ("query", "kind", "predicate"),
    [
        ("ASK { ?s ?p ?o }", "SPARQLAskExecutable", "ask"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "SPARQLConstructExecutable", "construct"),
    ],
)
def test_other_forms_have_their_own_terms(
    folder: DatasetFolder, query: str, kind: str, predicate: str
) -> None:
    """ASK and CONSTRUCT queries carry the classes and properties SHACL has for them."""
    write(folder, GOOD[: GOOD.index("PREFIX")] + query)
    said = {(one.predicate, one.object) for one in example_quads(read_examples(folder))}
    assert (RDF_TYPE, term(f"sh:{kind}")) in said
    assert term(f"sh:{predicate}") in {one for one, _ in said}


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("# title: Who holds what\n", "", 1, "“title” is missing"),
        ("# question@en: Who holds what?\n", "", 1, "“question@en” is missing"),
        ("# keywords: tenure, holder\n", "", 1, "“keywords” is missing"),
        ("# keywords: tenure, holder", "# keyword: tenure", 4, "no header “keyword”"),
        ("@ar", "@ar-", 3, "no standard tag"),
        ("@ar", "", 3, "no standard tag"),
        ("@ar", "@kk-Cyrl", 3, "no standard tag"),
        ("@ar", "@en", 3, "twice in “en”"),
        ("# title: Who holds what", "# title:", 1, "“title” is empty"),
        ("# title: Who", "# title@en: Who", 1, "takes no language"),
        ("# keywords: tenure, holder", "# title: Again", 4, "“title” stands there twice"),
    ],
)
def test_a_malformed_header_is_named_with_file_and_line(
    folder: DatasetFolder, old: str, new: str, line: int, said: str
) -> None:
    """Whoever wrote the header reads where it is wrong and what is wrong."""
    path = write(folder, GOOD.replace(old, new, 1))
    with pytest.raises(CicakgError) as caught:
        read_examples(folder)
    assert caught.value.code == "example-malformed"
    assert f"{path}, line {line}: " in caught.value.detail
    assert said in caught.value.detail


@pytest.mark.parametrize(
    "query", ["", "DELETE WHERE { ?s ?p ?o }", "SELECT * { SERVICE <x:a> {} }", "nothing"]
)
def test_an_example_is_a_query_that_runs_here(folder: DatasetFolder, query: str) -> None:
    """An update, a call to another server, and no query at all are no examples."""
    path = write(folder, GOOD[: GOOD.index("PREFIX")] + query)
    with pytest.raises(CicakgError, match=path.name) as caught:
        read_examples(folder)
    assert caught.value.code == "example-malformed"


def test_names_and_numbers(folder: DatasetFolder) -> None:
    """A file is named by its number and words, and a number names one file."""
    path = write(folder, GOOD, "7-Who.rq")
    with pytest.raises(CicakgError, match=r"7-Who\.rq, line 1: the name"):
        read_examples(folder)
    path.unlink()
    write(folder, GOOD, "007-a.rq")
    write(folder, GOOD, "007-b.rq")
    with pytest.raises(CicakgError, match=r"007-b\.rq, line 1: the number 007 is taken by 007-a\.rq"):
        read_examples(folder)


def test_a_file_that_is_no_text(folder: DatasetFolder) -> None:
    """Bytes that are no UTF-8 are refused with the file's name."""
    (folder.queries / "001-a.rq").write_bytes(b"\xff\xfe")
    with pytest.raises(CicakgError, match=r"001-a\.rq") as caught:
        read_examples(folder)
    assert caught.value.code == "example-unreadable"
