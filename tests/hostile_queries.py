"""Queries that end, fill, freeze or try to leave a query engine, each with the codes it may end with.

Which limit a query meets first is a matter of the machine's speed; that it ends with the word of one is not.
"""

from __future__ import annotations

from typing import Final

CROSS: Final = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
NUMBERS: Final = "1 " * 500_000
MANY: Final = ",".join(map(str, range(130_000)))
DOUBLED: Final = " ".join(f"BIND(CONCAT(?x{one}, ?x{one}) AS ?x{one + 1})" for one in range(28))
REPLACED: Final = " ".join(f"BIND(REPLACE(?x{one}, '(.)', '$1$1') AS ?x{one + 1})" for one in range(28))
STAR: Final = "(<http://example.org/p>|!<http://example.org/q>)*"
STEP: Final = "<http://example.org/p>"
APART: Final = " ".join(f"?s{one} <http://example.org/p> ?o{one} ." for one in range(60))
LOOSE: Final = " ".join(f"?s{one} ?p{one} ?o{one} ." for one in range(4_000))

CRASHED: Final = frozenset({"query-crashed-engine"})
SPENT: Final = frozenset({"query-memory", "query-timeout"})
WRITTEN: Final = SPENT | {"query-result-too-large", "query-too-many-rows"}
DEEP: Final = CRASHED | SPENT | {"query-syntax", "answered"}
REFUSED: Final = frozenset({"query-service-refused"})
# Reads nothing: what the server does not hold is an empty graph.
EMPTY: Final = frozenset({"answered"})


def _nested(opening: str, depth: int, middle: str = "", closing: str = "}") -> str:
    return opening * depth + middle + closing * depth


def _from(iri: str) -> str:
    return f"ASK FROM <{iri}> FROM NAMED <{iri}> {{ ?s ?p ?o }}"


def _service(iri: str) -> str:
    return f"SELECT * {{ SERVICE SILENT <{iri}> {{ ?s ?p ?o }} }}"


HOSTILE: Final[dict[str, tuple[str, frozenset[str]]]] = {
    # deeper than the engine's stack
    "nested groups": (f"SELECT * {_nested('{', 2300)}", CRASHED),
    "nested parentheses": (f"ASK {{ FILTER({_nested('(', 5000, '1', ')')}) }}", CRASHED),
    "nested nots": (f"ASK {{ FILTER({'!' * 100_000}true) }}", DEEP),
    "nested minus signs": (f"ASK {{ FILTER({'-' * 100_000}1 < 2) }}", DEEP),
    "nested OPTIONAL": (f"ASK {{ {_nested('OPTIONAL { ', 2000)} }}", DEEP),
    "nested NOT EXISTS": (f"ASK {{ {_nested('FILTER NOT EXISTS { ', 2000, '?s ?p ?o')} }}", DEEP),
    "nested MINUS": (f"ASK {{ ?s ?p ?o {_nested('MINUS { ?s ?p ?o ', 2000)} }}", DEEP),
    "nested GRAPH": (f"ASK {{ {_nested('GRAPH ?g { ', 2000, '?s ?p ?o')} }}", DEEP),
    "nested sub-selects": (f"SELECT * {_nested('{ SELECT * ', 1500, '{}')}", DEEP),
    "nested IF": (f"ASK {{ FILTER({_nested('IF(', 3000, '1', ',1,1)')} = 1) }}", DEEP),
    "nested collections": (f"ASK {{ {_nested('(', 5000, '1', ')')} ?p ?o }}", DEEP),
    "nested blank nodes": (f"ASK {{ {_nested('[ <urn:p> ', 5000, '1', ' ]')} ?p ?o }}", DEEP),
    "nested path": (f"ASK {{ ?s {_nested('(', 5000, STEP, ')*')} ?o }}", DEEP),
    "long path": (f"ASK {{ ?s {'/'.join([STEP] * 20_000)} ?o }}", DEEP),
    "path of alternatives": (f"ASK {{ ?s ({'|'.join([STEP] * 20_000)})* ?o }}", DEEP),
    "chain of UNION": (f"ASK {{ {' UNION '.join(['{ ?s ?p ?o }'] * 20_000)} }}", DEEP),
    "chain of AND": (f"ASK {{ FILTER({' && '.join(['true'] * 100_000)}) }}", DEEP),
    "chain of additions": (f"ASK {{ FILTER({'+'.join(['1'] * 100_000)} > 1) }}", DEEP),
    # longer than anybody waits
    "cross product, counted": (f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}", frozenset({"query-timeout"})),
    "cross product, written": (f"SELECT * {{ {CROSS} }}", WRITTEN),
    "cross product, as a graph": (f"CONSTRUCT {{ ?a ?e ?l }} {{ {CROSS} }}", WRITTEN),
    "cross product, sorted": (f"SELECT * {{ {CROSS} }} ORDER BY ?l ?a", SPENT),
    "cross product, distinct": (f"SELECT DISTINCT ?a ?d ?g {{ {CROSS} }}", WRITTEN),
    "cross product, grouped": (f"SELECT ?a ?d ?g (SAMPLE(?l) AS ?s) {{ {CROSS} }} GROUP BY ?a ?d ?g", SPENT),
    "cross product, described": (f"DESCRIBE ?a ?d ?g {{ {CROSS} }}", WRITTEN),
    "cross product, far away": (f"SELECT * {{ {CROSS} }} OFFSET 9000000000000 LIMIT 1", SPENT),
    "disconnected patterns": (f"SELECT (COUNT(*) AS ?n) {{ {APART} }}", SPENT | CRASHED),
    "very many patterns": (f"SELECT (COUNT(*) AS ?n) {{ {LOOSE} }}", SPENT | CRASHED),
    "path stars": (f"SELECT (COUNT(*) AS ?n) {{ ?a {STAR} ?b . ?c {STAR} ?d . ?e {STAR} ?f }}", SPENT),
    "everything optional": (
        "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"OPTIONAL {{ ?a{one} ?b ?c{one} }}" for one in range(8))
        + "}",
        SPENT,
    ),
    "not exists over all": (
        f"SELECT (COUNT(*) AS ?n) {{ {CROSS} FILTER NOT EXISTS {{ ?x {STAR} ?a . ?y {STAR} ?l }} }}",
        SPENT,
    ),
    # larger than the memory
    "CONCAT doubling": (f"SELECT ?x28 {{ BIND('0123456789abcdef' AS ?x0) {DOUBLED} }}", SPENT),
    "REPLACE doubling": (f"SELECT ?x28 {{ BIND('0123456789abcdef' AS ?x0) {REPLACED} }}", SPENT),
    "GROUP_CONCAT of all": (
        f"SELECT (STRLEN(GROUP_CONCAT(CONCAT(STR(?a), STR(?l)))) AS ?n) {{ {CROSS} }}",
        SPENT,
    ),
    "many VALUES": (f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {NUMBERS} }} {CROSS} }}", SPENT),
    "huge IN list": (f"ASK {{ {CROSS} FILTER(?l IN ({MANY})) }}", SPENT | CRASHED),
    # patterns that other engines need for ever for
    "huge regex": (
        f"SELECT (COUNT(*) AS ?n) {{ {CROSS} FILTER(REGEX(STR(?l), '(((a{{1,200}}){{1,200}}){{1,20}})b')) }}",
        SPENT,
    ),
    "catastrophic regex": (f"ASK {{ FILTER(REGEX('{'a' * 50_000}!', '^(a|a?)+$')) }}", SPENT | EMPTY),
    "backtracking regex": (
        f"ASK {{ FILTER(REGEX('{'a' * 40}', '{'a?' * 40}{'a' * 40}')) }}",
        SPENT | EMPTY,
    ),
    "regex of nested groups": (f"ASK {{ FILTER(REGEX('a', '{_nested('(', 20_000, 'a', ')')}')) }}", DEEP),
    # ways out
    "SERVICE to loopback": (_service("http://127.0.0.1:8000/sparql"), REFUSED),
    "SERVICE to loopback, IPv6": (_service("http://[::1]/"), REFUSED),
    "SERVICE to the cloud's metadata": (_service("http://169.254.169.254/latest/meta-data/"), REFUSED),
    "SERVICE to a file": (_service("file:///etc/passwd"), REFUSED),
    "SERVICE by a variable": (
        "SELECT * { VALUES ?g { <http://127.0.0.1/> } SERVICE ?g { ?s ?p ?o } }",
        REFUSED,
    ),
    "SERVICE, escaped": ("SELECT * { \\u0053ERVICE <http://127.0.0.1/> { ?s ?p ?o } }", REFUSED),
    "SERVICE after a comment": ("SELECT * { #\nSeRvIcE#\n<http://127.0.0.1/> { ?s ?p ?o } }", REFUSED),
    "FROM a file": (_from("file:///etc/passwd"), EMPTY),
    "FROM loopback": (_from("http://127.0.0.1:8000/"), EMPTY),
    "FROM the cloud's metadata": (_from("http://169.254.169.254/latest/meta-data/"), EMPTY),
    "FROM data in the address": (_from("data:text/turtle,x"), EMPTY),
    "LOAD": ("LOAD <http://127.0.0.1/>", frozenset({"query-update-refused"})),
}
