"""Shapes that use all of SHACL that the fast engine knows, and small graphs made at random for them."""

from __future__ import annotations

from functools import cache
from typing import Final

from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cicakg.checks.engines.shapes_graph import ShapesGraph
from cicakg.turtle import read_turtle
from cicakg.vocab import RDF_TYPE, term

PREFIXES: Final = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <http://e/> .
"""

VALUES: Final = """
ex:Values sh:targetClass ex:A ; sh:property
    [ sh:path ex:p ; sh:datatype xsd:integer ; sh:severity sh:Warning ; sh:message "One."@en, "Сан."@kk ],
    [ sh:path ex:q ; sh:datatype xsd:date ; sh:severity ex:Grave ],
    [ sh:path ex:r ; sh:datatype rdf:langString ],
    [ sh:path ex:q ; sh:datatype xsd:decimal ; sh:severity sh:Info ],
    [ sh:path ex:r ; sh:datatype xsd:string ; sh:maxCount 1 ],
    [ sh:path ex:p ; sh:nodeKind sh:IRI ],
    [ sh:path ex:q ; sh:nodeKind sh:Literal ],
    [ sh:path ex:r ; sh:nodeKind sh:IRIOrLiteral ],
    [ sh:path ex:p ; sh:nodeKind sh:BlankNode ],
    [ sh:path ex:p ; sh:class ex:B ],
    [ sh:path ex:p ; sh:minCount 1 ; sh:maxCount 2 ],
    [ sh:path ex:q ; sh:in ( ex:n0 1 "x" "x"@en "2020-01-01"^^xsd:date "1.5"^^xsd:decimal ) ],
    [ sh:path ex:q ; sh:hasValue ex:n1 ],
    [ sh:path ex:r ; sh:hasValue "x"@en ],
    [ sh:path ex:r ; sh:pattern "^x.*[0-9қ]?$" ],
    [ sh:path ex:p ; sh:pattern "N[0-3]$" ; sh:flags "i" ],
    [ sh:path ex:r ; sh:minLength 2 ; sh:maxLength 3 ],
    [ sh:path ex:r ; sh:languageIn ( "en" "kk" ) ],
    [ sh:path ex:r ; sh:uniqueLang true ] .
"""

COMPARED: Final = """
ex:Numbers sh:targetClass ex:A ; sh:property
    [ sh:path ex:n ; sh:minInclusive 1 ],
    [ sh:path ex:n ; sh:maxInclusive 2 ],
    [ sh:path ex:n ; sh:minExclusive 1 ],
    [ sh:path ex:n ; sh:maxExclusive 1.5 ],
    [ sh:path ex:d ; sh:minInclusive "2020-01-02"^^xsd:date ],
    [ sh:path ex:d ; sh:maxExclusive "2021-01-01"^^xsd:date ],
    [ sh:path ex:n ; sh:lessThan ex:m ],
    [ sh:path ex:n ; sh:lessThanOrEquals ex:m ],
    [ sh:path ex:d ; sh:lessThan ex:e ],
    [ sh:path ex:d ; sh:lessThanOrEquals ex:e ] .
"""

PAIRS: Final = """
ex:Pairs sh:targetClass ex:B ; sh:equals ex:p ; sh:disjoint ex:q ; sh:property
    [ sh:path ex:p ; sh:equals ex:q ],
    [ sh:path ex:p ; sh:disjoint ex:q ] .
"""

PATHS: Final = """
ex:Paths sh:targetSubjectsOf ex:p ; sh:property
    [ sh:path ( ex:p ex:q ) ; sh:maxCount 0 ],
    [ sh:path [ sh:alternativePath ( ex:p ex:r ) ] ; sh:nodeKind sh:IRI ],
    [ sh:path [ sh:inversePath ex:p ] ; sh:maxCount 1 ],
    [ sh:path [ sh:zeroOrMorePath ex:p ] ; sh:class ex:A ],
    [ sh:path [ sh:oneOrMorePath ex:p ] ; sh:maxCount 2 ; sh:in ( ex:n0 ex:n1 ) ],
    [ sh:path [ sh:zeroOrOnePath ex:q ] ; sh:nodeKind sh:IRI ],
    [ sh:path [ sh:zeroOrMorePath [ sh:inversePath ex:p ] ] ; sh:maxCount 2 ],
    [ sh:path ( ex:p [ sh:inversePath ex:q ] ) ; sh:class ex:C ],
    [ sh:path [ sh:alternativePath ( [ sh:inversePath ex:q ] ( ex:q ex:q ) ) ] ; sh:minCount 1 ],
    [ sh:path [ sh:oneOrMorePath [ sh:alternativePath ( ex:p ex:q ) ] ] ; sh:hasValue ex:n2 ],
    [ sh:path [ sh:inversePath [ sh:alternativePath ( ex:p ex:q ) ] ] ; sh:maxCount 0 ],
    [ sh:path ( rdf:type [ sh:zeroOrMorePath rdfs:subClassOf ] ) ; sh:hasValue ex:C ] .
"""

LOGIC: Final = """
ex:IsB sh:class ex:B .
ex:HasP sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:node ex:IsB ] .
ex:Off sh:deactivated true ; sh:property [ sh:path ex:p ; sh:maxCount 0 ] .
ex:Logic sh:targetClass ex:C ; sh:message "Logic." ;
    sh:and ( ex:IsB [ sh:not ex:HasP ] ) ;
    sh:or ( ex:IsB ex:HasP [ sh:nodeKind sh:Literal ] ) ;
    sh:xone ( ex:IsB ex:HasP [ sh:property [ sh:path ex:q ; sh:hasValue 1 ] ] ) ;
    sh:not [ sh:and ( ex:IsB ex:HasP ) ], ex:Off ;
    sh:node ex:HasP, ex:Off, [ sh:node ex:IsB ; sh:severity sh:Info ] ;
    sh:property [ sh:path ex:p ; sh:or ( [ sh:class ex:A ] [ sh:datatype xsd:integer ] ) ],
        [ sh:path ex:q ; sh:node [ sh:property [ sh:path ex:q ; sh:maxCount 0 ] ] ;
          sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:severity sh:Info ] ],
        [ sh:path ex:p ; sh:deactivated true ; sh:maxCount 0 ],
        [ sh:path ex:r ; sh:xone ( [ sh:datatype xsd:string ] [ sh:languageIn ( "en" ) ] ) ],
        [ sh:path ex:q ; sh:not [ sh:hasValue ex:n0 ] ] .
"""

COUNTED: Final = """
ex:Counted sh:targetClass ex:B ; sh:property
    [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:A ] ; sh:qualifiedMinCount 1 ],
    [ sh:path ex:p ; sh:qualifiedValueShape ex:IsB ; sh:qualifiedMaxCount 1 ; sh:qualifiedMinCount 1 ] .
ex:Disjoint sh:targetClass ex:C ; sh:property
    [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:A ] ; sh:qualifiedValueShapesDisjoint true ;
      sh:qualifiedMinCount 1 ],
    [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:B ] ; sh:qualifiedValueShapesDisjoint true ;
      sh:qualifiedMaxCount 1 ] .
"""

CLOSED: Final = """
ex:Closed sh:targetObjectsOf ex:p ; sh:closed true ; sh:ignoredProperties ( rdf:type ex:q ) ;
    sh:property [ sh:path ex:p ], [ sh:path [ sh:inversePath ex:r ] ; sh:maxCount 1 ] .
ex:Open sh:targetSubjectsOf ex:q ; sh:closed false ; sh:property [ sh:path ex:q ; sh:maxCount 1 ] .
"""

TARGETS: Final = """
ex:Named sh:targetNode ex:n0, ex:absent, 1, "x"@en, "2020-02-30"^^xsd:date ; sh:nodeKind sh:IRI ;
    sh:property [ sh:path ex:p ; sh:minCount 1 ] .
ex:A a rdfs:Class, sh:NodeShape ; sh:property [ sh:path ex:q ; sh:minCount 2 ] .
ex:PathWithTarget a sh:PropertyShape ; sh:path ex:q ; sh:targetClass ex:A ; sh:targetObjectsOf ex:q ;
    sh:maxCount 1 ; sh:datatype xsd:integer .
ex:Sleeping sh:targetNode ex:n0 ; sh:deactivated true ; sh:nodeKind sh:Literal .
ex:Chosen sh:target [ a sh:SPARQLTarget ; sh:prefixes ex:Names ;
        sh:select "SELECT ?this WHERE { ?this ex:q ?other . ?other a/rdfs:subClassOf* ex:B }" ] ;
    sh:nodeKind sh:Literal ; sh:property [ sh:path ex:r ; sh:minCount 1 ; sh:message "An r." ] .
ex:ChosenSleeping sh:deactivated true ; sh:nodeKind sh:Literal ; sh:target [ a sh:SPARQLTarget ;
        sh:select "SELECT ?this WHERE { ?this ?any ?other FILTER(isIRI(?this)) }" ] .
ex:ChosenTwice sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this WHERE { ?this <http://e/p> ?o }" ],
        [ a sh:SPARQLTarget ; sh:select "SELECT $this { $this <http://e/q> ?o }" ] ;
    sh:targetClass ex:A ; sh:class ex:C .
"""

QUERIES: Final = """
ex:Names sh:declare [ sh:prefix "ex" ; sh:namespace "http://e/"^^xsd:anyURI ],
    [ sh:prefix "rdfs" ; sh:namespace "http://www.w3.org/2000/01/rdf-schema#"^^xsd:anyURI ] .
ex:Asked sh:targetClass ex:A ; sh:severity sh:Warning ; sh:sparql
    [ sh:prefixes ex:Names ; sh:message "{?value} is a {$this}."@en, "Мәні {?value}."@kk, "No {?nothing}" ;
      sh:select "SELECT $this ?value WHERE { $this ex:p ?value . FILTER(?value != $this) }" ],
    [ sh:prefixes ex:Names ; sh:select '''
        SELECT $this ?path ?value WHERE { $this ?path ?value . FILTER EXISTS { ?value ?path $this } }''' ],
    [ sh:prefixes ex:Names ; sh:select '''
        SELECT DISTINCT $this WHERE { OPTIONAL { $this ex:r ?r } FILTER(!BOUND(?r)) }''' ],
    [ sh:prefixes ex:Names ; sh:select '''
        SELECT $this ?value WHERE { { $this ex:p ?value } UNION { ?value ex:q $this } }''' ],
    [ sh:prefixes ex:Names ; sh:deactivated true ; sh:select "SELECT $this WHERE { $this ?a ?b }" ],
    [ sh:prefixes ex:Names ; sh:message "m" ; sh:select '''
        SELECT ?this (?o AS ?value) WHERE { ?this ex:n ?o . FILTER NOT EXISTS { ?this ex:m ?o } }''' ],
    [ sh:prefixes ex:Names ; sh:select '''
        SELECT $this (COUNT(?o) AS ?count) WHERE { $this ex:p ?o } GROUP BY $this HAVING (COUNT(?o) > 1)''' ],
    [ sh:prefixes ex:Names ; sh:select '''
        SELECT $this ?value WHERE { $this ex:p+ ?value . BIND($this AS ?other) FILTER(?other = ?value) }''' ],
    [ sh:prefixes ex:Names ; sh:select '''
        SELECT $this WHERE { $this ex:d ?d ; ex:e ?e . FILTER(?e < ?d) }''' ] .
ex:AskedOfPath a sh:PropertyShape ; sh:path ex:q ; sh:targetSubjectsOf ex:q ; sh:message "Own."@en ; sh:sparql
    [ sh:prefixes ex:Names ; sh:select "SELECT $this ?value { $this ex:q ?value FILTER isIRI(?value) }" ],
    [ sh:prefixes ex:Names ; sh:select "SELECT $this WHERE { $this ex:q 1 }" ] .
ex:AskedOfWay a sh:PropertyShape ; sh:path ( ex:p ex:q ) ; sh:targetNode ex:n0 ; sh:sparql
    [ sh:prefixes ex:Names ; sh:select "SELECT $this ?value WHERE { $this ex:p/ex:q ?value }" ],
    [ sh:prefixes ex:Names ; sh:select "SELECT $this ?path WHERE { $this ?path ex:n1 }" ] .
ex:AskedOfSome sh:target [ a sh:SPARQLTarget ; sh:prefixes ex:Names ;
        sh:select "SELECT ?this WHERE { ?this ex:p ?o FILTER(?o = ex:n1 || ?o = 1) }" ] ;
    sh:targetObjectsOf ex:r ; sh:sparql
    [ sh:prefixes ex:Names ; sh:select "SELECT $this ?value WHERE { ?value ?any $this }" ] .
ex:B a rdfs:Class, sh:NodeShape ; sh:sparql
    [ sh:prefixes ex:Names ; sh:select "SELECT $this WHERE { $this a ex:A }" ] .
ex:AskedOfNobody a sh:NodeShape ; sh:sparql [ sh:select "SELECT $this WHERE { $this ?a ?b }" ] .
ex:AskedAsleep sh:deactivated true ; sh:targetClass ex:A ;
    sh:sparql [ sh:select "SELECT $this WHERE { $this ?a ?b }" ] .
"""

PARTS: Final = {
    "values": VALUES,
    "numbers": COMPARED,
    "pairs": PAIRS,
    "paths": PATHS,
    "logic": LOGIC,
    "counted": LOGIC.replace("sh:targetClass", "rdfs:seeAlso") + COUNTED,
    "closed": CLOSED,
    "targets": TARGETS + QUERIES.partition("ex:Asked ")[0],
    "queries": QUERIES,
}
"""The shapes by what they are about."""


@cache
def shapes(part: str) -> ShapesGraph:
    """Return the shapes of one of :data:`PARTS`."""
    return shapes_in(PARTS[part])


def shapes_in(text: str) -> ShapesGraph:
    """Return the shapes in *text*, Turtle that may use :data:`PREFIXES`."""
    return ShapesGraph(read_turtle((PREFIXES + text).encode()).statements)


def triples_in(text: str) -> list[Triple]:
    """Return the triples in *text*, Turtle that may use :data:`PREFIXES`."""
    return list(read_turtle((PREFIXES + text).encode()).statements)


def named(*names: str) -> list[NamedNode]:
    """Return the terms ``ex:NAME``."""
    return [NamedNode("http://e/" + one) for one in names]


NODES: Final = st.sampled_from(named("n0", "n1", "n2", "n3", "a\u0301қ", "x1"))
BLANK_NODES: Final = st.sampled_from([BlankNode("b"), BlankNode("b0"), BlankNode("zz")])
CLASSES: Final = st.sampled_from(named("A", "B", "C", "D"))

WORDS: Final = st.builds(
    lambda text, tag: Literal(text, language=tag) if tag else Literal(text),
    st.sampled_from(["", "x", "x1", "xқ", 'a "b"\\\n\tc', "🛶\u200f", "1", "true", "2020-01-01"]),
    st.sampled_from(["", "en", "en-gb", "kk", "kk-latn", "ms"]),
)


def typed(datatype: str, forms: str) -> st.SearchStrategy[Literal]:
    """Return a strategy for literals of *datatype* in each of *forms*."""
    return st.sampled_from([Literal(one, datatype=term(datatype)) for one in forms.split()])


INTEGERS: Final = typed("xsd:integer", "-1 0 1 2 3 10 99999999999999999999")
DECIMALS: Final = typed("xsd:decimal", "-0.5 0.5 1.5 2.25")
DATES: Final = typed("xsd:date", "2019-12-31 2020-01-01 2020-01-02 2020-12-31 2021-01-01")

NUMBERS: Final = st.one_of(INTEGERS, DECIMALS)
# In the forms that a store keeps: see test_literals_that_a_store_would_rewrite for the others.
LITERALS: Final = st.one_of(
    NUMBERS,
    DATES,
    typed("xsd:date", "2020-02-30 x 2020-1-1"),
    typed("xsd:integer", "x 1.5"),
    typed("xsd:boolean", "true false"),
    typed("xsd:gYear", "2020"),
    typed("xsd:double", "1.5"),
    typed("cica:unknown", "1 x"),
)


def statements(
    subjects: st.SearchStrategy[NamedNode | BlankNode],
    predicates: list[NamedNode],
    objects: st.SearchStrategy[NamedNode | BlankNode | Literal],
    most: int,
) -> st.SearchStrategy[list[Triple]]:
    """Return a strategy for up to *most* triples."""
    one = st.builds(Triple, subjects, st.sampled_from(predicates), objects)
    return st.lists(one, max_size=most)


def graphs(nodes: st.SearchStrategy[NamedNode | BlankNode] = NODES) -> st.SearchStrategy[list[Triple]]:
    """Return a strategy for small graphs about *nodes*: ex:p, q and r have values of all kinds; ex:n and m
    have numbers, ex:d and e dates, which are compared.
    """
    parts = [
        statements(nodes, [RDF_TYPE], CLASSES, 6),
        statements(CLASSES, [term("rdfs:subClassOf")], CLASSES, 4),
        statements(nodes, named("p", "q"), nodes, 8),
        statements(nodes, named("p", "q", "r"), st.one_of(LITERALS, WORDS), 5),
        statements(nodes, named("n", "m"), NUMBERS, 4),
        statements(nodes, named("d", "e"), DATES, 4),
    ]
    return st.tuples(*parts).map(lambda given: list(dict.fromkeys(one for some in given for one in some)))
