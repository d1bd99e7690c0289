"""What the tests of the shapes' lint share: a sound rule to break, and the mark of the place."""

from __future__ import annotations

from pathlib import Path

from cicakg.checks.shape_lint.findings import shape_lint_findings
from cicakg.checks.vocabulary import Vocabulary
from cicakg.model import Finding
from cicakg.turtle import read_turtle

MARK = "«"
FILE = Path("/nowhere/shapes/thing.ttl")
PREFIXES = """@prefix cica: <https://w3id.org/cicakg/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rule: <https://w3id.org/cicakg/shapes#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
rule:Prefixes sh:declare rule:prefix-cica , rule:prefix-rdf .
rule:prefix-cica sh:prefix "cica" ; sh:namespace "https://w3id.org/cicakg/ontology#"^^xsd:anyURI .
rule:prefix-rdf sh:prefix "rdf" ; sh:namespace "http://www.w3.org/1999/02/22-rdf-syntax-ns#"^^xsd:anyURI .
"""
WORDS = """sh:severity sh:Violation ; sh:message "It is not so."@en ; rule:what "It is so."@en ;
    rule:why "It matters."@en ; rule:example "<#c01> ."@en ; rule:fix "Make it so."@en"""
RECORD = f'{WORDS} ; rule:code "thing"'


def shape(body: str, target: str = "sh:targetClass cica:Claim ;") -> str:
    """Return a file with one rule: its record, *target*, and *body*."""
    return f"{PREFIXES}rule:Thing {target}\n    {RECORD} ;\n    {body}"


def select(query: str) -> str:
    """Return a file with one rule whose target is *query*."""
    target = f'sh:target [ sh:prefixes rule:Prefixes ; sh:select """{query}""" ] ;'
    return shape("a sh:NodeShape ; sh:in () .", target)


def constraint(query: str) -> str:
    """Return a file with one rule whose constraint is *query*."""
    return shape(f'a sh:NodeShape ; sh:sparql [ sh:prefixes rule:Prefixes ; sh:select """{query}""" ] .')


def facts(query: str) -> str:
    """Return a file with one rule that asks for facts by *query*."""
    return shape(
        f'a sh:NodeShape ; sh:in () ; rule:facts [ sh:prefixes rule:Prefixes ; sh:select """{query}""" ] .'
    )


def linted(marked: str, vocabulary: Vocabulary, path: Path = FILE) -> list[Finding]:
    """Return the findings of the lint on the text *marked*, its mark taken out, as the file *path*."""
    document = read_turtle(marked.replace(MARK, "").encode())
    return list(shape_lint_findings({path: document}, vocabulary))


def place(marked: str) -> tuple[int, int]:
    """Return line and column of the mark, counted in the plainest way."""
    before, mark, _ = marked.partition(MARK)
    assert mark
    return before.count("\n") + 1, len(before) - before.rfind("\n")
