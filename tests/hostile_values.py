"""Hostile values: numbers, dates, letters and dataset clauses at the end of what there is, each with the
codes it may end with.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hostile_queries import CRASHED, CROSS, EMPTY, SPENT, WRITTEN

Shape = tuple[str, frozenset[str]]

SYNTAX: Final = frozenset({"query-syntax"})


def numbers() -> Iterator[tuple[str, Shape]]:
    """Numbers and dates beyond what a machine word holds."""
    decimal = "<http://www.w3.org/2001/XMLSchema#decimal>"
    when = "<http://www.w3.org/2001/XMLSchema#dateTime>"
    for name, expression in {
        "integer overflow": "9223372036854775807 + 1 > 0",
        "integer underflow": "-9223372036854775808 - 1 < 0",
        "product overflow": "9223372036854775807 * 9223372036854775807 > 0",
        "negated least": "-(-9223372036854775808) > 0",
        "division by zero": "1/0 = 1/0",
        "least divided by minus one": "-9223372036854775808 / -1 > 0",
        "ABS of the least": "ABS(-9223372036854775808) > 0",
        "decimal overflow": f"{decimal}('170141183460469231731') * 1000000000.5 > 0",
        "huge integer": f"{'9' * 100_000} > 1",
        "huge decimal": f"0.{'3' * 100_000} > 0",
        "huge exponent": "1e999999999 > 1",
        "tiny exponent": "1e-999999999 >= 0",
        "date of year a billion": f"{when}('999999999999-01-01T00:00:00Z') > NOW()",
        "date before all": f"{when}('-999999999999-01-01T00:00:00Z') < NOW()",
        "month of no date": f"MONTH({when}('2024-13-45T99:99:99Z')) = 1",
        "duration of ages": "'P99999999999999999999Y'^^<http://www.w3.org/2001/XMLSchema#duration> = 1",
        "time zone far away": f"TZ({when}('2024-01-01T00:00:00+99:99')) = ''",
        "SUBSTR from afar": "SUBSTR('abc', -9223372036854775808, 9223372036854775807) = 'abc'",
        "SUBSTR of NaN": "SUBSTR('abc', 0e0/0e0) = ''",
        "ROUND of infinity": "ROUND(1e999) > 1",
    }.items():
        yield name, (f"ASK {{ FILTER({expression}) }}", EMPTY | SYNTAX)
    yield "LIMIT beyond", ("SELECT * { ?s ?p ?o } LIMIT 18446744073709551616", EMPTY | SYNTAX)
    yield "LIMIT of the largest", ("SELECT * { ?s ?p ?o } LIMIT 18446744073709551615", EMPTY | WRITTEN)
    yield "OFFSET of the largest", ("SELECT * { ?s ?p ?o } OFFSET 18446744073709551615", EMPTY)
    yield (
        "LIMIT and OFFSET of the largest",
        (
            "SELECT * { ?s ?p ?o } ORDER BY ?o OFFSET 18446744073709551615 LIMIT 18446744073709551615",
            EMPTY,
        ),
    )
    yield "LIMIT below zero", ("SELECT * { ?s ?p ?o } LIMIT -1", SYNTAX)
    yield "sums beyond", ("SELECT (SUM(9223372036854775807) AS ?n) { ?s ?p ?o }", EMPTY)
    yield "average of nothing", ("SELECT (AVG(?x) AS ?n) (MAX(?x) AS ?m) { FILTER(false) }", EMPTY)
    yield "SAMPLE of a product", (f"SELECT (SAMPLE(?l) AS ?n) {{ {CROSS} }}", SPENT | EMPTY)
    yield "COUNT DISTINCT of a product", (f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {CROSS} }}", SPENT)
    yield "MIN of a product", (f"SELECT (MIN(CONCAT(STR(?a),STR(?l))) AS ?n) {{ {CROSS} }}", SPENT)
    yield (
        "HAVING over groups of one",
        (
            f"SELECT ?a ?d ?g {{ {CROSS} }} GROUP BY ?a ?d ?g HAVING(COUNT(DISTINCT ?l) > 5000)",
            SPENT,
        ),
    )


def letters() -> Iterator[tuple[str, Shape]]:
    """What stands in texts, names and comments."""
    yield "NUL in a text", ("ASK { FILTER('a\0b' = 'a\\u0000b') }", EMPTY | SYNTAX)
    yield "NUL in an IRI", ("ASK { <http://example.org/\0> ?p ?o }", SYNTAX)
    yield "NUL between", ("ASK\0{}", SYNTAX)
    yield "surrogate by escape", ("ASK { <http://example.org/\\uD800> ?p ?o }", SYNTAX)
    yield "surrogates as a pair", ("ASK { FILTER('\\uD83D\\uDE00' != '') }", SYNTAX)
    yield "escape beyond Unicode", ("ASK { FILTER('\\U00110000' != '') }", SYNTAX)
    yield "escape that closes", ("ASK { FILTER('\\u0027 = '') }", EMPTY | SYNTAX)
    yield "directions in a comment", ("ASK {} #\u202e\u2066\u2069\u202c", EMPTY)
    yield "directions between words", ("ASK \u202e {}", SYNTAX)
    yield "byte order mark", ("\ufeffASK {}", EMPTY | SYNTAX)
    yield "no-break spaces", ("ASK\u00a0{}", SYNTAX)
    yield "comment of a megabyte", ("#" + "x" * 1_000_000 + "\nASK {}", EMPTY)
    yield "IRI of a megabyte", (f"ASK {{ <urn:{'x' * 1_000_000}> ?p ?o }}", EMPTY)
    yield "variable of a megabyte", (f"SELECT ?{'x' * 1_000_000} {{ }}", EMPTY | WRITTEN)
    yield "prefix of a megabyte", (f"PREFIX {'x' * 500_000}: <urn:{'y' * 400_000}> ASK {{}}", EMPTY)
    yield "text of a megabyte", (f"ASK {{ FILTER('{'é' * 500_000}' = '') }}", EMPTY)
    yield "language tag of 100,000", (f"ASK {{ FILTER(LANG('a'@{'a-' * 50_000}a) = '') }}", EMPTY | SYNTAX)
    yield "unclosed quotation marks", ("ASK { FILTER(" + "'\"" * 200_000, SYNTAX)
    yield "unclosed long text", ("ASK { FILTER('''" + "''" * 200_000 + "x", SYNTAX)
    yield "backslashes", ("ASK { FILTER('" + "\\\\" * 400_000 + "' = '') }", EMPTY)
    yield "open brackets", ("(" * 500_000, SYNTAX | CRASHED)
    yield "open angle brackets", ("ASK { FILTER(1 " + "< " * 300_000, SYNTAX | CRASHED)
    yield "words without end", ("ASK " * 200_000, SYNTAX)
    yield "line breaks", ("\r\n" * 400_000 + "nonsense", SYNTAX)
    yield "apostrophes in IRIs", ("ASK { " + "<a'b> " * 100_000, SYNTAX)


def datasets() -> Iterator[tuple[str, Shape]]:
    """Dataset clauses: many, relative, and of other schemes. Nothing is read."""
    graphs = " ".join(f"FROM <http://example.org/g{n}>" for n in range(10_000))
    named = " ".join(f"FROM NAMED <http://example.org/g{n}>" for n in range(10_000))
    yield "FROM ten thousand", (f"ASK {graphs} {{ ?s ?p ?o }}", EMPTY | SPENT)
    yield "FROM NAMED ten thousand", (f"ASK {named} {{ GRAPH ?g {{ ?s ?p ?o }} }}", EMPTY | SPENT)
    yield "FROM both", (f"ASK {graphs} {named} {{ GRAPH ?g {{ ?s ?p ?o }} }}", EMPTY | SPENT)
    for name, iri in {
        "a relative address": "../../../../etc/passwd",
        "an empty address": "",
        "javascript": "javascript:alert(1)",
        "a Windows share": "file://///server/share",
        "gopher": "gopher://127.0.0.1:8000/_GET",
        "jar": "jar:file:///x!/y",
        "the server itself": "/sparql?query=ASK%20%7B%7D",
    }.items():
        yield f"FROM {name}", (f"ASK FROM <{iri}> FROM NAMED <{iri}> {{ ?s ?p ?o }}", EMPTY)
    yield "FROM by an escaped word", ("ASK \\u0046ROM <file:///etc/passwd> { ?s ?p ?o }", EMPTY)
    yield (
        "SERVICE in EXISTS",
        (
            "ASK { FILTER NOT EXISTS { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } }",
            frozenset({"query-service-refused"}),
        ),
    )
    yield (
        "SERVICE behind an unclosed text",
        (
            "ASK { <a'b> ?p ?o . SERVICE <http://127.0.0.1/> { ?s ?p 'x' } }",
            frozenset({"query-service-refused"}) | SYNTAX,
        ),
    )


# What ASK has to say where it says anything (SPARQL 1.1, 17.3 and 17.4): an error in a filter is no solution.
RIGHT: Final = {
    "unary minus and brackets, 60 deep": True,
    "not and brackets, 60 deep": True,
    "COALESCE, 60 deep": True,
    "IF in its condition, 60 deep": True,
    "IF in its last branch, 60 deep": True,
    "STR, 60 deep": True,
    "comparisons in brackets, 60 deep": False,  # a number equals no boolean
    "EXISTS, 60 deep": True,
    "UNION, 20 deep": True,
    "integer overflow": False,
    "integer underflow": False,
    "product overflow": False,
    "division by zero": False,
    "huge exponent": True,  # infinity
    "tiny exponent": True,  # zero
    "month of no date": False,
    "SUBSTR from afar": False,  # the piece ends before the text begins
    "NUL in a text": True,
    "directions in a comment": True,
    "comment of a megabyte": True,
    "prefix of a megabyte": True,
    "text of a megabyte": False,
    "FROM javascript": False,
    "FROM the server itself": False,
    "FROM by an escaped word": False,
}
