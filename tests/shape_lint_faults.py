"""Files of shapes with one fault each, its place marked."""

from __future__ import annotations

from typing import NamedTuple

from shape_lint_cases import PREFIXES, RECORD, WORDS, constraint, facts, select, shape


class Fault(NamedTuple):
    """A file of shapes with one fault, its place marked, and the rule and a word of the finding."""

    code: str
    text: str
    said: str = ""


PATH = "a sh:PropertyShape ; sh:path dcterms:title ;"
REFERENCES = [
    Fault("shape-undefined", shape("a sh:NodeShape ; sh:node «rule:Other ."), "rule:Other"),
    Fault("shape-undefined", shape("a sh:NodeShape ; sh:or ( [ sh:nodeKind sh:IRI ] «rule:Other ) .")),
    Fault("shape-undefined", shape("a sh:NodeShape ; sh:not «rule:prefix-cica ."), "rule:prefix-cica"),
    Fault(
        "shape-undefined",
        shape(f"{PATH} sh:qualifiedMinCount 1 ; sh:qualifiedValueShape «rule:Thin ."),
    ),
    Fault("shape-recursive", shape("a sh:NodeShape ; sh:node «rule:Thing .")),
    Fault(
        "shape-recursive",
        shape("a sh:NodeShape ; sh:node rule:B . rule:B sh:and ( [ sh:node «rule:B ] ) ."),
        "rule:B",
    ),
    Fault("shape-unused", shape("a sh:NodeShape ; sh:in () .\n«rule:Other a sh:NodeShape ; sh:in () .")),
    Fault("shape-unused", shape("a sh:NodeShape ; sh:in () .\n  «[] sh:path dcterms:title .")),
    Fault("shape-unused", PREFIXES + f"«rule:Thing a sh:NodeShape ; sh:in () ; {RECORD} ."),
    Fault(
        "shape-list", shape("a sh:NodeShape ; sh:in «rule:l . rule:l rdf:first 1 ; rdf:rest rule:l ."), "back"
    ),
    Fault("shape-list", shape("a sh:NodeShape ; sh:in «rule:l . rule:l rdf:first 1 ."), "rdf:rest"),
    Fault("shape-list", shape("a sh:NodeShape ; sh:in «cica:Claim ."), "no list"),
]
TARGETS = [
    Fault(
        "shape-target", shape("a sh:NodeShape ; sh:in () .", "sh:targetClass «cica:Claims ;"), "cica:Claims"
    ),
    Fault("shape-target", shape("a sh:NodeShape ; sh:in () .", "sh:targetClass «cica:holder ;")),
    Fault("shape-target", shape("a sh:NodeShape ; sh:in () .", "sh:targetSubjectsOf «dcterms:titel ;")),
    Fault("shape-target", shape("a sh:NodeShape ; sh:in () .", "sh:targetNode «cica:Nothing ;"), "described"),
    Fault(
        "shape-target",
        shape("a sh:NodeShape ; sh:in () .", "sh:target «[ a sh:SPARQLTarget ] ;"),
        "sh:select",
    ),
]
PATHS = [
    Fault(
        "shape-path", shape("a sh:PropertyShape ; sh:path «dcterms:titel ; sh:maxCount 1 ."), "dcterms:titel"
    ),
    Fault(
        "shape-path", shape("a sh:PropertyShape ; sh:path ( rdf:subject «dcterms:titel ) ; sh:maxCount 1 .")
    ),
    Fault("shape-path", shape('a sh:PropertyShape ; sh:path «"title" ; sh:maxCount 1 .'), "no path"),
    Fault("shape-path", shape("a sh:PropertyShape ; sh:path «( rdf:subject ) ; sh:maxCount 1 .")),
    Fault(
        "shape-path",
        shape("a sh:PropertyShape ; sh:path rule:p ; sh:in () . rule:p sh:zeroOrMorePath «rule:p ."),
        "contains itself",
    ),
    Fault("shape-path", shape(f"{PATH} sh:maxCount 1 ; sh:path «rdf:subject ."), "second"),
    Fault("shape-path", shape("a sh:NodeShape ; «sh:path rdf:subject ; sh:maxCount 1 ."), "sh:NodeShape"),
    Fault("shape-path", shape("a «sh:PropertyShape ; sh:in () ."), "without sh:path"),
    Fault("shape-path", shape("a sh:NodeShape ; sh:property «[ sh:nodeKind sh:IRI ] ."), "without sh:path"),
]
RECORDS = [
    Fault(
        "shape-code",
        PREFIXES + f"«rule:Thing a sh:NodeShape ; sh:targetClass cica:Claim ; sh:in () ; {WORDS} .",
    ),
    Fault(
        "shape-code",
        shape("a sh:NodeShape ; sh:in () .").replace('rule:code "thing"', 'rule:code «"Thing_One"'),
        "Thing_One",
    ),
    Fault(
        "shape-code",
        shape("a sh:NodeShape ; sh:in () .").replace('rule:code "thing"', 'rule:code «"others"'),
        "rule:Others",
    ),
    Fault("shape-code", shape('a sh:NodeShape ; sh:in () ; rule:code «"thing-two" .'), "second"),
    Fault(
        "shape-code",
        shape("a sh:NodeShape ; sh:in () .").replace('rule:code "thing"', 'rule:code «"blank-node"'),
        "check",
    ),
    Fault(
        "shape-code",
        shape(
            "a sh:NodeShape ; sh:in () .\nrule:Two a sh:NodeShape ; sh:targetClass cica:Claim ; sh:in () ;"
            f' {WORDS} ; rule:code «"thing" .'
        ),
        "another shape",
    ),
    Fault(
        "shape-record",
        shape("a sh:NodeShape ; sh:in () .")
        .replace("rule:Thing", "«rule:Thing")
        .replace('"It matters."@en', '"Es muss."@de'),
        "rule:why",
    ),
    Fault("shape-record", shape('a sh:NodeShape ; sh:in () ; rule:fix «"Or so."@en .'), "second time"),
    Fault(
        "shape-record", shape("a sh:NodeShape ; sh:in () .").replace('"It is so."@en', '«"  "@en'), "empty"
    ),
    Fault(
        "shape-record",
        shape("a sh:NodeShape ; sh:in () .")
        .replace("rule:Thing", "«rule:Thing")
        .replace("sh:severity sh:Violation ;", ""),
        "no sh:severity",
    ),
    Fault(
        "shape-record",
        shape("a sh:NodeShape ; sh:in () .").replace("sh:Violation", "«sh:Violated"),
        "none of",
    ),
    Fault("shape-record", shape("a sh:NodeShape ; sh:in () ; sh:severity «sh:Info ."), "second sh:severity"),
]
REFUSED = [
    Fault(
        "shape-refused",
        shape("a sh:NodeShape ; sh:in () .\nrule:all «owl:imports <http://localhost/x> ."),
        "owl:imports",
    ),
    Fault("shape-refused", shape("a sh:NodeShape ; sh:in () ; «sh:js [] ."), "sh:js"),
    Fault("shape-refused", shape("a sh:NodeShape ; sh:in () ; «sh:rule [] ."), "sh:rule"),
    Fault(
        "shape-refused",
        shape("a sh:NodeShape ; sh:in () ; «sh:entailment <http://www.w3.org/ns/entailment/RDFS> ."),
    ),
    Fault("shape-refused", shape("a sh:NodeShape ; sh:in () ; «sh:shapesGraph <http://localhost/x> .")),
]
CONSTRAINTS = [
    Fault(
        "shape-constraint",
        shape(f"{PATH} sh:minCount «2 ; sh:maxCount 1 ."),
        "sh:minCount 2 is more than sh:maxCount 1",
    ),
    Fault("shape-constraint", shape(f"{PATH} sh:minExclusive «5 ; sh:maxInclusive 5.0 .")),
    Fault("shape-constraint", shape(f"{PATH} sh:minLength «9 ; sh:maxLength 8 .")),
    Fault("shape-constraint", shape(f"{PATH} sh:minCount «-1 ."), "whole number"),
    Fault("shape-constraint", shape(f'{PATH} sh:maxCount «"1" .'), "whole number"),
    Fault("shape-constraint", shape(f'{PATH} sh:uniqueLang «"true" .'), "neither true nor false"),
    Fault(
        "shape-constraint",
        shape(f"{PATH} sh:datatype xsd:string ; sh:datatype «xsd:date ."),
        "second sh:datatype",
    ),
    Fault("shape-constraint", shape("a sh:NodeShape ; «sh:minCount 1 ."), "without sh:path"),
    Fault("shape-constraint", shape(f"{PATH} sh:nodeKind «sh:Iri ."), "no node kind"),
    Fault(
        "shape-constraint",
        shape(f"{PATH} sh:nodeKind «sh:IRI ; sh:datatype xsd:string ."),
        "Nothing has both",
    ),
    Fault("shape-constraint", shape(f"{PATH} sh:class «cica:Person ; sh:datatype xsd:string .")),
    Fault("shape-constraint", shape(f"{PATH} sh:class cica:Person ; sh:nodeKind «sh:Literal .")),
    Fault("shape-constraint", shape(f'{PATH} «sh:flags "i" .'), "without sh:pattern"),
    Fault("shape-constraint", shape(f"{PATH} «sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] .")),
    Fault("shape-constraint", shape("a sh:NodeShape ; «sh:ignoredProperties ( rdf:type ) .")),
    Fault("shape-constraint", shape("a sh:NodeShape ; sh:sparql «[ a sh:SPARQLConstraint ] ."), "sh:select"),
]
PATTERNS = [
    Fault("shape-pattern", shape(f'{PATH} sh:pattern «"[0-9" .'), "no regular expression"),
    Fault("shape-pattern", shape(f'{PATH} sh:pattern «"(?=x)y" .'), "no regular expression"),
    Fault("shape-pattern", shape(f'{PATH} sh:pattern "x" ; sh:flags «"ig" .'), "ig"),
    Fault("shape-pattern", shape(f"{PATH} sh:pattern «rule:Thing ."), "no text"),
    Fault("shape-pattern", select('SELECT ?this { ?this a ?c FILTER(REGEX(STR(?c), «"[0-9", "i")) }')),
    Fault("shape-pattern", select('SELECT ?this { ?this a ?c FILTER(REGEX(STR(?c), "x", «"ig")) }'), "flags"),
    Fault("shape-pattern-risk", shape(f'{PATH} sh:pattern «"^([A-Za-z]+ ?)+$" .')),
    Fault(
        "shape-pattern-risk",
        shape(f'{PATH} sh:pattern «"(a|Ab?)*c" ; sh:flags "i" .').replace("(a|Ab?)*c", "(a+|A+)*c"),
    ),
    Fault(
        "shape-pattern-risk", select('SELECT ?this {\n  ?this a ?c\n FILTER(REGEX(STR(?c), «"^(x+x+)+y")) }')
    ),
    Fault(
        "shape-pattern-risk",
        select('SELECT ?this { ?this a ?c BIND(REPLACE(STR(?c), «"(.*)*x", "") AS ?d) }'),
    ),
    Fault("shape-pattern-risk", shape(f'{PATH} sh:pattern «"{"x" * 300}" .'), "too large"),
]
QUERIES = [
    Fault(
        "shape-prefixes",
        select("SELECT ?this { ?this a ?c }").replace("prefixes rule:Prefixes", "prefixes «rule:Prefix"),
    ),
    Fault(
        "shape-prefixes",
        shape(
            "a sh:NodeShape ; sh:in () .\nrule:Prefixes sh:declare «rule:prefix-x ."
            ' rule:prefix-x sh:prefix "x" .'
        ),
        "rule:prefix-x",
    ),
    Fault(
        "shape-prefixes",
        shape(
            "a sh:NodeShape ; sh:in () .\nrule:Prefixes sh:declare «rule:prefix-x ."
            ' rule:prefix-x sh:prefix "rdf" ; sh:namespace "http://localhost/"^^xsd:anyURI .'
        ),
        "elsewhere",
    ),
    Fault("shape-query-syntax", select("SELECT ?this {\n  ?this cica:modality «}"), "}"),
    Fault("shape-query-syntax", facts("SELECT $this ?other {\n  $this cica:conflictsWith «}"), "}"),
    Fault(
        "shape-query-reach",
        facts("SELECT $this ?x { «SERVICE <http://localhost/> { $this a ?x } }"),
        "SERVICE",
    ),
    Fault("shape-query-form", facts("«SELECT ?other { $this cica:conflictsWith ?other }")),
    Fault("shape-query-syntax", select("\r\n\tSELECT ?this { ?this «skos:prefLabel ?label }"), "skos:"),
    Fault(
        "shape-query-syntax", select("SELECT ?this { ?this a ?c FILTER(«STRLENGTH(?c) > 1) }"), "STRLENGTH"
    ),
    Fault(
        "shape-query-syntax",
        select("SELECT ?this { ?this a ?c FILTER('𝒳' != STR(?c)) ?this «foo ?bar }"),
        "foo",
    ),
    Fault("shape-query-syntax", select("SELECT ?this { ?this a ?c } «} {"), ""),
    Fault("shape-query-syntax", select("PREFIX x: <http://localhost/> «ASK { ?this a x:y }"), "no SELECT"),
    Fault("shape-query-syntax", select("SELECT ?this { ?this a ?c " + "{" * 59 + "«{" + "}" * 61), "nest"),
    Fault(
        "shape-query-syntax",
        select("SELECT ?this { ?this a ?c " + ". ?a ?b ?c " * 498 + ". ?a «?b ?c }"),
        "more than",
    ),
    Fault("shape-query-syntax", select("SELECT ?this { ?this a ?c . «\\\\u003Fthis a ?d }"), "escape"),
    Fault(
        "shape-query-syntax",
        shape("a sh:NodeShape ; sh:in () .", "sh:target [ sh:select «rule:Thing ] ;"),
        "no SELECT",
    ),
    Fault("shape-query-reach", select("SELECT ?this «FROM <http://localhost/x> { ?this a ?c }"), "FROM"),
    Fault("shape-query-reach", select("SELECT ?this «from named <file:///x> { ?this a ?c }"), "FROM"),
    Fault(
        "shape-query-reach", select("SELECT ?this { ?this a ?c\n «SERVICE <http://localhost/x> { ?c a ?d } }")
    ),
    Fault(
        "shape-query-reach", select("SELECT ?this { «GRAPH <http://localhost/x> { ?this a ?c } }"), "GRAPH"
    ),
    Fault("shape-query-form", select("«SELECT ?that { ?that a ?c BIND(?that AS ?this) }"), "hand on"),
    Fault(
        "shape-query-form", constraint("SELECT $this { $this a ?c «MINUS { $this a cica:Claim } }"), "MINUS"
    ),
    Fault(
        "shape-query-form", constraint("SELECT $this { $this a ?c . VALUES «?c { cica:Claim } }"), "VALUES"
    ),
    Fault(
        "shape-query-form",
        constraint(
            "SELECT $this { $this a ?c { «SELECT ?c (COUNT(?d) AS ?n) { $this a ?c , ?d } GROUP BY ?c } }"
        ),
        "inner SELECT",
    ),
    Fault("shape-query-form", constraint("«SELECT (?c AS ?this) { ?x a ?c }"), "another"),
    Fault(
        "shape-local",
        select("SELECT ?this {\n ?this a cica:Claim . «?other cica:conflictsWith ?this }"),
        "?other",
    ),
    Fault(
        "shape-local", shape("a sh:PropertyShape ; sh:path [ «sh:inversePath rdf:subject ] ; sh:maxCount 1 .")
    ),
    Fault("shape-local", shape("a sh:NodeShape ; sh:in () .", "«sh:targetObjectsOf rdf:subject ;")),
]
FAULTS = [
    *REFERENCES, *TARGETS, *PATHS, *RECORDS, *REFUSED, *CONSTRAINTS, *PATTERNS, *QUERIES
]  # fmt: skip
