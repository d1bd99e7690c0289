"""Hostile queries by shape: every production of the grammar nested or repeated, growth, patterns, numbers,
paths, aggregates, letters and dataset clauses. Each stands with the codes it may end with.

Beside :mod:`hostile_queries`, which holds those that are known to end, fill or freeze engines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from hostile_queries import CRASHED, CROSS, DEEP, EMPTY, SPENT, WRITTEN
from hostile_values import SYNTAX, Shape, datasets, letters, numbers

UNSUPPORTED: Final = frozenset({"query-unsupported"})
LARGE: Final = frozenset({"body-too-large"})
# No budget is in question.
READABLE: Final = SYNTAX | UNSUPPORTED | EMPTY | frozenset({"query-service-refused"})
# A few are within what a worker can do on a fast machine and over its budget on a slow one.
ANY: Final = DEEP | WRITTEN
WIDE: Final = DEEP | WRITTEN | LARGE

_P: Final = "<http://example.org/p>"
_Q: Final = "<http://example.org/q>"
_PAIR: Final = "?a ?b ?c . ?d ?e ?f"
_ALL: Final = "SELECT (COUNT(*) AS ?n)"


def _nest(opening: str, depth: int, middle: str, closing: str) -> str:
    return opening * depth + middle + closing * depth


def _repeat(count: int, each: Callable[[int], str], glue: str = " ") -> str:
    return glue.join(map(each, range(count)))


def _filter(expression: str) -> str:
    return f"ASK {{ FILTER({expression}) }}"


def _nested() -> Iterator[tuple[str, Shape]]:
    """Every recursive production, deeper than anybody writes."""
    expressions = {
        "unary minus and brackets": ("-(", "1", ")"),
        "not and brackets": ("!(", "true", ")"),
        "COALESCE": ("COALESCE(", "1", ",2)"),
        "IF in its condition": ("IF(", "true", ",true,false)"),
        "IF in its last branch": ("IF(false,1,", "1", ")"),
        "STR": ("STR(", "1", ")"),
        "CONCAT": ("CONCAT('a',", "'a'", ")"),
        "casts": ("<http://www.w3.org/2001/XMLSchema#string>(", "1", ")"),
        "IN": ("1 IN (", "1", ")"),
        "comparisons in brackets": ("(1 = ", "1", ")"),
        "EXISTS": ("EXISTS { FILTER(", "true", ") }"),
        "BOUND of nothing": ("STR(BOUND(?x) && ", "true", ")"),
    }
    for name, (opening, middle, closing) in expressions.items():
        for depth in (60, 4_000, 60_000):
            yield f"{name}, {depth} deep", (_filter(_nest(opening, depth, middle, closing)), ANY | LARGE)
    patterns = {
        "UNION": ("{ {} UNION ", "{ ?s ?p ?o }", " }"),
        "OPTIONAL beside patterns": ("?s ?p ?o OPTIONAL { ", "?s ?p ?o", " }"),
        "sub-selects with projection": ("{ SELECT ?s { ?s ?p ?o . ", "?s ?p ?o", " } }"),
        "sub-selects that count": ("{ SELECT (COUNT(*) AS ?n) { ", "?s ?p ?o", " } }"),
        "GRAPH in GRAPH": (f"GRAPH {_Q} {{ GRAPH ?g {{ ", "?s ?p ?o", " } }"),
        "MINUS beside EXISTS": ("?s ?p ?o MINUS { ?s ?p ?o FILTER EXISTS { ", "?s ?p ?o", " } }"),
        "quoted triples": ("<< ", f"{_P} {_P} {_P}", f" {_P} {_P} >>"),
        "triple terms": (f"?s {_P} <<( {_P} {_P} ", f"{_P} {_P} {_P}", " )>>"),
        "reified objects": (f"?s {_P} << ?s {_P} ", _P, " >>"),
    }
    for name, (opening, middle, closing) in patterns.items():
        tail = " ?p ?o" if name == "quoted triples" else ""
        for depth in (20, 3_000):
            yield f"{name}, {depth} deep", (f"ASK {{ {_nest(opening, depth, middle, closing)}{tail} }}", ANY)
    paths = {
        "inverse": ("^", _P, ""),
        "inverse in brackets": ("^(", _P, ")"),
        "optional of star of plus": ("(((", _P, ")?)*)+"),
        "alternatives": (f"({_P}|", _P, ")"),
        "sequences": (f"({_P}/", _P, ")"),
    }
    for name, (opening, middle, closing) in paths.items():
        for depth in (30, 8_000):
            yield (
                f"path of {name}, {depth} deep",
                (
                    f"ASK {{ ?s {_nest(opening, depth, middle, closing)} ?o }}",
                    ANY,
                ),
            )
    lists = _nest("(", 200, "1 2", " 3)")
    yield "collections of three", (f"ASK {{ {lists} ?p ?o }}", ANY)
    yield "property lists in collections", (f"ASK {{ {_nest(f'( [ {_P} ', 1500, '1', ' ] )')} ?p ?o }}", ANY)
    yield "template of blank nodes", (f"CONSTRUCT {{ {_nest(f'[ {_P} ', 3000, '1', ' ]')} }} {{ }}", ANY)


def _wide() -> Iterator[tuple[str, Shape]]:
    """As many of one thing as a body of 1 MiB holds, or more."""
    many = 100_000
    yield "UNIONs", (f"ASK {{ {'{} UNION ' * many}{{}} }}", WIDE)
    yield "patterns of one subject", (f"ASK {{ ?s {_repeat(30_000, lambda n: f'?p{n} ?o{n}', ';')} }}", WIDE)
    yield "objects of one predicate", (f"ASK {{ ?s {_P} {_repeat(many, str, ',')} }}", WIDE)
    yield "projected variables", (f"SELECT {_repeat(many, lambda n: f'?v{n}')} {{ }}", WIDE)
    yield "projected expressions", (f"SELECT {_repeat(20_000, lambda n: f'(?s+{n} AS ?v{n})')} {{}}", WIDE)
    yield "wide rows", (f"SELECT {_repeat(20_000, lambda n: f'?v{n}')} {{ {_PAIR} }}", WIDE)
    yield "keys of ORDER BY", (f"SELECT * {{ ?s ?p ?o }} ORDER BY {'?s ' * many}", WIDE)
    yield "keys of GROUP BY", (f"{_ALL} {{ ?s ?p ?o }} GROUP BY {'?s ' * many}", WIDE)
    yield "BINDs", (f"ASK {{ {_repeat(20_000, lambda n: f'BIND({n} AS ?v{n})')} }}", WIDE)
    yield (
        "BINDs in a chain",
        (
            f"ASK {{ BIND(1 AS ?v0) {_repeat(8_000, lambda n: f'BIND(?v{n}+1 AS ?v{n + 1})')} }}",
            WIDE,
        ),
    )
    undefined = f"VALUES (?a ?b) {{ {'(UNDEF 1)(1 UNDEF)' * 9_000} }}"
    cells = "(" + "1 " * 300 + ")"
    yield (
        "cells of VALUES",
        (
            f"ASK {{ VALUES ({_repeat(300, lambda n: f'?v{n}')}) {{ {cells * 1_000} }} }}",
            WIDE,
        ),
    )
    yield (
        "UNDEFs that join",
        (
            f"{_ALL} {{ {undefined} {undefined} }}",
            WIDE,
        ),
    )
    prefixes = _repeat(20_000, lambda n: f"PREFIX p{n}: <urn:{n}:>\n", "")
    yield "prefixes", (prefixes + "ASK {}", WIDE)
    yield "BASEs", ("BASE <http://example.org/a/>\n" + "BASE <b/>\n" * 20_000 + "ASK { <c> ?p ?o }", WIDE)
    yield "FILTERs", (f"ASK {{ ?s ?p ?o {_repeat(30_000, lambda n: f'FILTER(?s != {n})')} }}", WIDE)
    yield "OPTIONALs", (f"{_ALL} {{ {f'OPTIONAL {{ ?s {_P} ?o }} ' * 8_000} }}", WIDE)
    yield "MINUSes", (f"ASK {{ ?s ?p ?o {'MINUS { ?x ?y ?z } ' * 8_000} }}", WIDE)
    yield "NOT IN", (f"{_ALL} {{ {_PAIR} FILTER(?a NOT IN ({_repeat(90_000, str, ',')})) }}", WIDE)
    yield (
        "negated property set",
        (
            f"{_ALL} {{ ?s !({_repeat(15_000, lambda n: f'<urn:{n}>|^<urn:{n}>', '|')}) ?o }}",
            WIDE,
        ),
    )
    yield "aggregates", (f"SELECT {_repeat(9_000, lambda n: f'(SUM({n}) AS ?v{n})')} {{ ?s ?p ?o }}", WIDE)
    yield "ors of a variable", (f"ASK {{ ?s ?p ?o FILTER({'?s=?o||' * 50_000}?s=?o) }}", WIDE)
    yield "comments", ("#\n" * 400_000 + "ASK {}", EMPTY | SPENT)


def _growing() -> Iterator[tuple[str, Shape]]:
    """Little text that becomes very much."""
    squares = _repeat(12, lambda n: f"BIND(CONCAT(?x{n},?x{n},?x{n},?x{n},?x{n},?x{n},?x{n}) AS ?x{n + 1})")
    yield "CONCAT by seven", (f"SELECT (STRLEN(?x12) AS ?n) {{ BIND('abc' AS ?x0) {squares} }}", SPENT)
    yield (
        "ENCODE_FOR_URI of itself",
        (
            "SELECT (STRLEN(?x30) AS ?n) { BIND('%%%%%%%%' AS ?x0) "
            + _repeat(
                30, lambda n: f"BIND(ENCODE_FOR_URI(?x{n}) AS ?y{n}) BIND(CONCAT(?y{n},?y{n}) AS ?x{n + 1})"
            )
            + " }",
            SPENT,
        ),
    )
    yield (
        "REPLACE by groups",
        (
            "SELECT (STRLEN(?x9) AS ?n) { BIND('aaaaaaaa' AS ?x0) "
            + _repeat(9, lambda n: f"BIND(REPLACE(?x{n},'(a)','{'$1' * 10}') AS ?x{n + 1})")
            + " }",
            SPENT,
        ),
    )
    inner = f"{{ SELECT (GROUP_CONCAT(STR(?a)) AS ?t) {{ {_PAIR} FILTER(STRLEN(STR(?a)) > 0) }} }}"
    yield (
        "GROUP_CONCAT of GROUP_CONCAT",
        (
            f"SELECT (STRLEN(GROUP_CONCAT(?t)) AS ?n) {{ ?s ?p ?o {inner} }}",
            SPENT,
        ),
    )
    yield (
        "DISTINCT in GROUP_CONCAT",
        (
            f"SELECT (STRLEN(GROUP_CONCAT(DISTINCT CONCAT(STR(?a),STR(?d),STR(?g)))) AS ?n) {{ {CROSS} }}",
            SPENT,
        ),
    )
    yield "STRUUID storm", (f"SELECT (STRUUID() AS ?u) {{ {CROSS} }}", WRITTEN)
    yield "BNODE storm", (f"SELECT (BNODE() AS ?u) {{ {CROSS} }}", WRITTEN)
    yield "RAND sorted", (f"SELECT ?a {{ {CROSS} }} ORDER BY RAND()", SPENT)
    hashes = _nest("SHA512(CONCAT('x',", 40, "STR(?l)", "))")
    yield "SHA512 of SHA512", (f"{_ALL} {{ {CROSS} FILTER({hashes} != 'x') }}", SPENT)
    yield (
        "hashes of a big string",
        (
            "SELECT (SHA512(?x16) AS ?h) { BIND('0123456789abcdef' AS ?x0) "
            + _repeat(16, lambda n: f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})")
            + " }",
            EMPTY | SPENT,
        ),
    )
    yield (
        "template that explodes",
        (
            f"CONSTRUCT {{ {_repeat(2_000, lambda n: f'?a <urn:{n}> ?d .')} }} {{ {_PAIR} }}",
            WRITTEN,
        ),
    )
    yield "template of new blank nodes", (f"CONSTRUCT {{ [] {_P} [ {_P} [] ] }} {{ {CROSS} }}", WRITTEN)
    yield "DESCRIBE of everything", (f"DESCRIBE * {{ {_PAIR} }}", WRITTEN | EMPTY)
    yield "DESCRIBE of many names", (f"DESCRIBE {_repeat(20_000, lambda n: f'<urn:{n}>')}", WIDE)
    yield (
        "rows of one long text",
        (
            f"SELECT ?x {{ BIND('{'x' * 100_000}' AS ?x) {_PAIR} }}",
            WRITTEN,
        ),
    )
    yield (
        "variable of 1,000 letters in many rows",
        (f"SELECT * {{ ?{'v' * 1000} ?b ?c . ?d ?e ?f }}", WRITTEN),
    )


def _patterns() -> Iterator[tuple[str, Shape]]:
    """Regular expressions that backtrack, count, or are none."""
    for name, pattern in {
        "nested stars": "(((a*)*)*)*b",
        "alternatives that overlap": "(a|aa|aaa|a)+$",
        "huge count": "a{1000000}",
        "count of counts": "((a{0,1000}){0,1000}){0,1000}",
        "counted word characters": "\\\\w{5000}\\\\w{5000}",
        "huge class": "[" + "".join(chr(0x4E00 + one * 2) for one in range(8_000)) + "]",
        "many alternatives": _repeat(20_000, lambda n: f"a{n}", "|"),
        "back-reference": "(a)\\\\1",
        "look-ahead": "(?=a)",
        "look-behind": "(?<=a)b",
        "unclosed": "(((",
        "repeats of nothing": "()*(){1,1000}",
        "huge property classes": "(\\\\p{L}\\\\p{Nd}\\\\p{S}){3000}",
    }.items():
        yield f"regex, {name}", (_filter(f"REGEX('{'a' * 5000}', '{pattern}')"), ANY | UNSUPPORTED)
    yield (
        "regex of each row",
        (
            f"{_ALL} {{ {_PAIR} FILTER(REGEX(STR(?c), CONCAT('^(', STR(?f), ')+$'))) }}",
            SPENT | EMPTY,
        ),
    )
    yield "regex with every flag", (_filter("REGEX('a', 'A', 'smixqsmixq')"), EMPTY)
    yield "replacement that is none", (_filter("REPLACE('abc', '', '$9') = 'abc'"), EMPTY)


def _paths() -> Iterator[tuple[str, Shape]]:
    """Paths over everything."""
    any_step = f"({_P}|!{_P}|^{_P})"
    yield "stars in a row", (f"{_ALL} {{ ?a {any_step}*/{any_step}*/{any_step}* ?b }}", SPENT)
    yield "star of alternatives, twice", (f"{_ALL} {{ ?a ({_P}|{_Q})*/({_Q}|{_P})* ?b }}", SPENT | EMPTY)
    yield "plus of star of optional", (f"{_ALL} {{ ?a ((({_P}?)*)+)* ?b }}", SPENT | EMPTY)
    yield "plus to itself", (f"{_ALL} {{ ?a {any_step}+ ?a . ?b {any_step}+ ?b }}", SPENT | EMPTY)
    yield "negated set both ways", (f"{_ALL} {{ ?a !({_Q}|^{_Q})* ?b }}", SPENT | EMPTY)
    yield "optional steps", (f"{_ALL} {{ ?a {'/'.join([any_step + '?'] * 40)} ?b }}", SPENT | CRASHED)
    yield (
        "star from every graph",
        (f"{_ALL} {{ GRAPH ?g {{ ?a {any_step}* ?b }} GRAPH ?h {{ ?b {_P}* ?c }} }}", SPENT | EMPTY),
    )


# What is long may take longer to read, or to say what is wrong with it, than a query may take in all.
_LONG: Final = 100_000

SHAPES: Final[dict[str, Shape]] = {
    name: (query, codes | SPENT if len(query) > _LONG else codes)
    for part in (_nested, _wide, _growing, _patterns, numbers, _paths, letters, datasets)
    for name, (query, codes) in part()
}
