"""The outline of a query: form, data set, and what it would reach."""

from __future__ import annotations

import pytest

from cicakg.errors import CicakgError
from cicakg.model import Position
from cicakg.sparql.outline import outline, read_outline
from cicakg.vocab import PREFIXES

NO_PREFIXES: dict[str, str] = {}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service ?p ?o }",
        "SELECT $SERVICE { $SERVICE ?p ?o }",
        "SELECT * { ?s ex:SERVICE ?o }",
        "SELECT * { ?s service:x ?o }",
        "SELECT * { ?s <http://example.org/SERVICE> 'SERVICE', \"service\" }",
        'SELECT * { ?s ?p \'\'\'SERVICE <x> {}\'\'\', """"SERVICE" <x>""" }',
        "SELECT * { ?s ?p 'it\\'s SERVICE' } # SERVICE <x> {}",
        "SELECT * { _:SERVICE ?p 'a'@service }",
        "SELECT * { ?s ?p '\\u0027SERVICE' }",
        "ASK { ?s ?p ex:a.SERVICE }",
    ],
)
def test_service_that_is_none(query: str) -> None:
    """The word in a variable, a name, an IRI, a string of any kind, a language tag or a comment calls
    nobody.
    """
    assert read_outline(query).service is None


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", Position(1, 12)),
        ("SELECT * {\n  service silent ?x {} }", Position(2, 3)),
        ("SELECT * {?s ?p true.SERVICE<http://example.org/>{}}", Position(1, 22)),
        ("SELECT * {?s ?p 5.SERVICE <http://example.org/> {}}", Position(1, 19)),
        ("SELECT * { S\\u0045RVICE <http://example.org/> {} }", Position(1, 12)),
        ("SELECT * { ?s ?p '#' SERVICE ?x {} }", Position(1, 22)),
        ("SELECT * { ?s ?p <http://e/#> . SERVICE ?x {} }", Position(1, 33)),
        ("SELECT * { ?s ?p '\\u005C' SERVICE ?x {} # '\n }", Position(1, 27)),
        ("SELECT * { { SELECT * { # '\n SERVICE ?x {} } } }", Position(2, 2)),
    ],
)
def test_service_is_refused_with_its_place(query: str, place: Position) -> None:
    """A query that would call another server is refused, wherever and however the word is written."""
    assert outline(query, NO_PREFIXES).service == place
    with pytest.raises(CicakgError, match=f"line {place.line}, column {place.column}") as caught:
        read_outline(query)
    assert caught.value.code == "query-service-refused"


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a> <b> <c> }",
        "PREFIX ex: <http://e/> # SELECT\nDELETE WHERE { ?s ?p ?o }",
        "BASE <http://e/> LOAD <file:///etc/passwd>",
        "clear all",
        "DROP GRAPH <x>",
        "CREATE GRAPH <x>",
        "COPY DEFAULT TO <x>",
        "MOVE DEFAULT TO <x>",
        "ADD DEFAULT TO <x>",
        "WITH <x> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "\\u0049NSERT DATA {}",
    ],
)
def test_update_is_refused(update: str) -> None:
    """A text whose first keyword after the prologue is an update's is refused as one."""
    with pytest.raises(CicakgError) as caught:
        read_outline(update)
    assert caught.value.code == "query-update-refused"


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * { ?s ex:insert 'DELETE' }", "SELECT"),
        ("PREFIX select: <x:> ask {}", "ASK"),
        ("# INSERT\nCONSTRUCT WHERE { ?insert ?p ?o }", "CONSTRUCT"),
        ('VERSION "1.2" DESCRIBE <x:a>', "DESCRIBE"),
        ("", ""),
        ("{", ""),
    ],
)
def test_form_is_the_first_keyword_after_the_prologue(query: str, form: str) -> None:
    """Prefix names, comments and versions before it, and update words after it, do not count."""
    assert read_outline(query).form == form


def test_dataset_clauses_are_resolved() -> None:
    """FROM and FROM NAMED IRIs are resolved against BASE (RFC 3986, section 5.4) and prefixes, each once,
    in order.
    """
    query = """
        BASE <http://a/b/c/d;p?q> PREFIX g: <../g/> prefix : <x:y/>
        CONSTRUCT { ?s ?p ?o } FROM g:one FROM <../g/one> from <?y> FROM NAMED :n\\-1 FROM NAMED <#s>
        WHERE { GRAPH ?from { ?s ?p 'FROM <no>' } }
    """
    seen = outline(query, NO_PREFIXES)
    assert seen.default_graphs == ("http://a/b/g/one", "http://a/b/c/d;p?y")
    assert seen.named_graphs == ("x:y/n-1", "http://a/b/c/d;p?q#s")
    assert seen.has_graph


def test_predeclared_prefixes_and_escapes_in_dataset_clauses() -> None:
    """A prefix declared beforehand counts, the query's own wins, and an escaped character is that
    character.
    """
    assert read_outline("ASK FROM graph:facts {}").default_graphs == (PREFIXES["graph"] + "facts",)
    assert read_outline("PREFIX graph: <x:> ASK FROM graph:a {}").default_graphs == ("x:a",)
    assert read_outline("ASK FROM <x:\\u0436> {}").default_graphs == ("x:ж",)


@pytest.mark.parametrize(
    "query", ["ASK FROM nope:a {}", "ASK FROM <rel> {}", "ASK FROM", "ASK FROM NAMED", "PREFIX x: ASK"]
)
def test_what_cannot_be_resolved_is_left_to_the_engine(query: str) -> None:
    """An outline is never an error: the engine is the judge of what is SPARQL."""
    seen = read_outline(query)
    assert (seen.default_graphs, seen.named_graphs) == ((), ())


def test_from_inside_a_group_is_no_dataset_clause() -> None:
    """Dataset clauses stand outside all brackets."""
    assert read_outline("SELECT * { FROM <x:a> }").default_graphs == ()


@pytest.mark.parametrize("word", ["trueSERVICE", "falseservice"])
def test_service_glued_to_a_boolean_is_refused(word: str) -> None:
    """The engine reads ``true`` and goes on, so such a word would call a server."""
    with pytest.raises(CicakgError) as caught:
        read_outline(f"SELECT * {{ ?s ?p {word} SILENT <http://example.org/> {{}} }}")
    assert caught.value.code == "query-service-refused"
