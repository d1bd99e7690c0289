"""The shapes are held to rules themselves: each fault at its place, and sound shapes without a word."""

from __future__ import annotations

from pathlib import Path

import pytest
from shape_lint_cases import FILE, constraint, linted, place, select, shape
from shape_lint_faults import FAULTS, PATH, Fault
from toy_repository import Toy

from cicakg.checks.shape_catalogue import SHAPE_CATALOGUE
from cicakg.checks.shape_lint.findings import shape_lint_findings
from cicakg.checks.vocabulary import Vocabulary, vocabulary_of
from cicakg.corpus import read_corpus
from cicakg.paths import DatasetFolder
from cicakg.turtle import read_turtle


@pytest.fixture(scope="module")
def vocabulary(project: Path) -> Vocabulary:
    """The words of the dataset."""
    return vocabulary_of(read_corpus(DatasetFolder(project)).files, is_whole=True)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.code} {fault.said}"[:40])
def test_a_fault_is_found_where_it_stands(fault: Fault, vocabulary: Vocabulary) -> None:
    """Each fault of a shape is told by its rule, at its line and column, in words that name it."""
    found = [one for one in linted(fault.text, vocabulary) if one.code == fault.code]
    assert [(one.position.line, one.position.column) for one in found] == [place(fault.text)]
    assert fault.said in found[0].message
    assert found[0].file == FILE


def test_every_rule_is_planted() -> None:
    """There is no rule about shapes that nobody saw fire."""
    assert {one.code for one in FAULTS} | {"shape-case"} == set(SHAPE_CATALOGUE)


SOUND = [
    shape("a sh:NodeShape ; sh:in () ."),
    shape("a sh:NodeShape ; sh:node rule:Other . rule:Other a sh:NodeShape ; sh:nodeKind sh:IRI ."),
    shape("a sh:NodeShape ; sh:or ( rule:A rule:A [ sh:not rule:A ] ) . rule:A sh:nodeKind sh:IRI ."),
    shape(f"{PATH} sh:minCount 0 ; sh:maxCount 0 ; sh:minLength 3 ; sh:maxLength 3 ."),
    shape(
        f"{PATH} sh:minInclusive 1 ; sh:maxExclusive 1.5 ; sh:datatype xsd:decimal ; sh:nodeKind sh:Literal ."
    ),
    shape(f'{PATH} sh:minInclusive "2020-01-01"^^xsd:date ; sh:maxInclusive "2019-01-01"^^xsd:date .'),
    shape(f"{PATH} sh:class cica:Person ; sh:class cica:Agent ; sh:nodeKind sh:IRI ."),
    shape(f'{PATH} sh:datatype rdf:langString ; sh:uniqueLang true ; sh:languageIn ( "en" ) .'),
    shape(f'{PATH} sh:pattern "^[a-z]+(-[a-z]+)*$" ; sh:flags "i" .'),
    shape(f'{PATH} sh:pattern "a+b+" ; sh:flags "q" .'),
    shape(
        "a sh:PropertyShape ; sh:path ( rdf:subject [ sh:zeroOrMorePath skos:broader ] ) ; sh:maxCount 1 ."
    ),
    shape("a sh:PropertyShape ; sh:path [ sh:alternativePath ( rdf:subject rdf:object ) ] ; sh:maxCount 1 ."),
    shape("a sh:NodeShape ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ."),
    shape("a sh:NodeShape ; sh:in () .", "sh:targetSubjectsOf oa:exact ;"),
    shape("a sh:NodeShape ; sh:in () .", "sh:targetNode <https://w3id.org/cicakg/article/2031-ms-x> ;"),
    shape("a sh:NodeShape ; sh:in () .", "a owl:Class ;"),
    shape('a sh:NodeShape ; sh:in () ; sh:message "…"@ar , "…"@kk .'),
    select("SELECT ?this { ?this a ?c FILTER(REGEX(STR(?c), ?c) && STR(?c) != 'FROM SERVICE') # GRAPH\n }"),
    select("PREFIX x: <http://localhost/> SELECT DISTINCT * { ?this x:y ?c MINUS { ?this a ?c } }"),
    constraint("SELECT $this ?value { $this rdf:subject ?value FILTER NOT EXISTS { ?value a ?class } }"),
    constraint(
        "SELECT $this { { SELECT $this (COUNT(?v) AS ?n) { $this a ?v } GROUP BY $this } FILTER(?n > 1) }"
    ),
]


@pytest.mark.parametrize("text", SOUND)
def test_a_sound_shape_passes(text: str, vocabulary: Vocabulary) -> None:
    """What is right beside each fault causes no finding."""
    assert linted(text, vocabulary) == []


def test_the_shipped_shapes_are_sound(project: Path, vocabulary: Vocabulary) -> None:
    """The rules of this repository keep the rules about rules."""
    files = sorted((project / "shapes").glob("*.ttl"))
    documents = {path: read_turtle(path.read_bytes()) for path in files}
    assert len(documents) > 10
    assert list(shape_lint_findings(documents, vocabulary)) == []


def test_a_rule_without_its_cases_is_told_at_its_code(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """Where there is a folder of cases, a rule has a failing and a passing one."""
    path = tmp_path / "shapes" / "thing.ttl"
    cases = tmp_path / "tests" / "cases" / "thing"
    text = shape("a sh:NodeShape ; sh:in () .").replace('"thing"', '«"thing"')
    assert linted(text, vocabulary, path) == []
    cases.mkdir(parents=True)
    (cases / "pass.ttl").touch()
    (found,) = linted(text, vocabulary, path)
    assert found.code == "shape-case"
    assert "tests/cases/thing/fail.ttl" in found.message
    assert (found.position.line, found.position.column) == place(text)
    (cases / "fail.ttl").touch()
    assert linted(text, vocabulary, path) == []


def test_a_shape_for_all_articles_need_not_be_local(vocabulary: Vocabulary) -> None:
    """What needs other nodes stands in a file for all articles, and is sound there."""
    text = select("SELECT ?this { ?other cica:conflictsWith ?this }")
    assert linted(text, vocabulary, FILE.with_name("corpus-thing.ttl")) == []


def test_a_missing_word_is_no_fault_while_the_words_are_not_known(project: Path) -> None:
    """Where an entity file cannot be read, a target may only seem to match nothing."""
    files = read_corpus(DatasetFolder(project)).files
    text = shape("a sh:NodeShape ; sh:in () .", "sh:targetClass cica:Claims ;")
    assert linted(text, vocabulary_of(files, is_whole=False)) == []


@pytest.mark.parametrize(
    ("quote", "query"),
    [
        ('"', "SELECT ?this { ?this a ?c . ?this «foo ?c }"),
        ("'", 'SELECT ?this { ?this a \\"x\\" . ?this «foo ?c }'),
        ('"', "SELECT \\U0000003Fthis {\\n ?this a \\u003Fc . ?this «foo ?c }"),
        ("'''", "SELECT ?this {\n\n ?this a 'x' ;\t«foo ?c }"),
        ('"""', 'SELECT ?this {\r\n ?this a "x" .\r\n ?this «foo ?c }'),
    ],
)
def test_a_place_in_a_query_is_found_behind_quotes_and_escapes(
    quote: str, query: str, vocabulary: Vocabulary
) -> None:
    """Whatever quotation marks and escapes the literal is written with, the place is that in the file."""
    text = shape("a sh:NodeShape ; sh:in () .", f"sh:target [ sh:select {quote}{query}{quote} ] ;")
    found = [one for one in linted(text, vocabulary) if one.code == "shape-query-syntax"]
    assert [(one.position.line, one.position.column) for one in found] == [place(text)]


def test_faulty_shapes_are_not_run(toy: Toy) -> None:
    """A fault of the shapes is a finding, and the data are not said to conform to the others."""
    toy.write("shapes/thing.ttl", shape("a sh:NodeShape ; sh:node rule:Other ."))
    toy.replace("ms", "cica:modality modality:fact ;", "")
    report = toy.check()
    assert {one.code for one in report.findings} == {"shape-undefined"}
    assert [one.key for one in report.notes] == ["report/note-mend"]
