"""The queries as a published collection: in five languages, in one order, and covering the ontology."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF

from cicakg.examples import Example, read_examples
from cicakg.languages import direction
from cicakg.paths import DatasetFolder
from cicakg.vocab import CICA, PREFIXES

PROJECT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = read_examples(DatasetFolder(PROJECT))
LANGUAGES = {"en", "ar", "kk", "ms", "ru"}
DECLARED = re.compile(r"^PREFIX ([a-z-]+): <([^>]+)>$", re.MULTILINE)
NEVER_ALIKE = re.compile(r"\b(?:RAND|NOW|UUID|STRUUID|BNODE|SAMPLE)\s*\(", re.IGNORECASE)


def words(example: Example) -> str:
    """Return the query without its prologue, comments, strings and IRIs."""
    body = DECLARED.sub("", example.text)
    return re.sub(r'"[^"]*"|<[^<>\s]*>|^#.*$', "", body, flags=re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.slug)
def test_question_stands_in_the_five_languages(example: Example) -> None:
    """A reader of each language finds the question as a question, in the script of that language."""
    assert set(example.questions) == LANGUAGES
    for tag, question in example.questions.items():
        mark = "\u061f" if direction(tag) == "rtl" else "?"
        assert mark in question, tag
        script = {"ar": r"[\u0600-\u06FF]", "kk": r"[\u0400-\u04FF]", "ru": r"[\u0400-\u045F]"}.get(
            tag, r"[A-Za-z]"
        )
        letters = [letter for letter in question if letter.isalpha()]
        assert sum(bool(re.match(script, letter)) for letter in letters) > 0.9 * len(letters), tag
    assert len(set(example.questions.values())) == len(LANGUAGES)


def test_numbers_run_on_and_titles_differ() -> None:
    """The questions are numbered from 001 without a gap, and no two bear the same title."""
    assert [example.number for example in EXAMPLES] == [f"{n:03}" for n in range(1, len(EXAMPLES) + 1)]
    assert len({example.title for example in EXAMPLES}) == len(EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.slug)
def test_prefixes_are_written_out(example: Example) -> None:
    """A query can be pasted into any client: it declares the prefixes it uses, and no more."""
    declared = dict(DECLARED.findall(example.text))
    used = set(re.findall(r"(?<![\w:?$-])([a-z][a-z-]*):(?=[A-Za-z])", words(example)))
    assert used == set(declared)
    assert {prefix: PREFIXES[prefix] for prefix in declared if prefix in PREFIXES}.items() <= declared.items()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.slug)
def test_answer_comes_in_one_order(example: Example) -> None:
    """Each query sorts its rows and uses no function whose value differs from run to run."""
    assert re.search(r"^ORDER BY ", example.text, re.MULTILINE)
    assert not NEVER_ALIKE.search(words(example))
    assert "SELECT *" not in example.text


def test_every_property_serves_a_question(ontology: Graph) -> None:
    """A term stands in the ontology because somebody asks for it.

    Properties whose values change with time are asked for together, by their mark ``cica:functionalInTime``.
    """
    asked = {CICA + name for example in EXAMPLES for name in re.findall(r"\bcica:([a-z]\w*)", words(example))}
    if CICA + "functionalInTime" in asked:
        asked |= {str(one) for one in ontology.subjects(URIRef(CICA + "functionalInTime"), Literal(True))}
    kinds = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
    declared = {
        str(one)
        for kind in kinds
        for one in ontology.subjects(RDF.type, URIRef("http://www.w3.org/2002/07/owl#" + kind))
    }
    assert declared - asked == set()


def test_queries_name_no_term_the_ontology_lacks(ontology: Graph) -> None:
    """A misspelt term would give an empty answer without a word of warning."""
    named = {CICA + name for example in EXAMPLES for name in re.findall(r"\bcica:(\w+)", words(example))}
    assert named - {str(one) for one in set(ontology.subjects())} == set()


def test_queries_name_no_entity_or_concept_that_is_not_described(project: Path) -> None:
    """An entity or concept named in a query is one that the dataset describes."""
    described = Graph()
    for path in (*(project / "data" / "entities").glob("*.ttl"), project / "ontology" / "concepts.ttl"):
        described.parse(path, format="turtle")
    ours = "https://w3id.org/cicakg/"
    for example in EXAMPLES:
        prefixes = dict(DECLARED.findall(example.text))
        for prefix, local in re.findall(r"(?<![\w:?$-])([a-z][a-z-]*):([A-Za-z][\w-]*)", words(example)):
            iri = prefixes[prefix] + local
            if iri.startswith((ours + "id/", ours + "concept/")):
                assert (URIRef(iri), None, None) in described, f"{example.number}: {iri}"
