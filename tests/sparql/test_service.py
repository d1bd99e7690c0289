"""SERVICE clauses: where they are, whom they call, what they ask, and what stands in for them."""

from __future__ import annotations

import pytest
from pyoxigraph import QuerySolutions, Store

from cicakg.errors import CicakgError
from cicakg.model import Position
from cicakg.sparql.outline import may_call_service, outline
from cicakg.sparql.service import service_clauses, with_graphs, with_patterns
from cicakg.vocab import PREFIXES

BASE = "http://here.example/sparql"
NO_PREFIXES: dict[str, str] = {}


def text_of(query: str) -> str:
    """Return the text the engine would get."""
    return outline(query, PREFIXES, BASE).text


@pytest.mark.parametrize(
    ("query", "endpoint"),
    [
        ("SELECT * { SERVICE <http://e/s> { ?s ?p ?o } }", "http://e/s"),
        ("PREFIX x: <http://e/> SELECT * { service silent x:s{?s ?p ?o}}", "http://e/s"),
        ("BASE <http://e/a/> SELECT * { SERVICE <s?> { } }", "http://e/a/s?"),
        ("SELECT * { SERVICE <other> { } }", "http://here.example/other"),
        ("SELECT * { SERVICE id:cica { } }", PREFIXES["id"] + "cica"),
        ("PREFIX x: <http://no/> PREFIX x: <http://e/> SELECT * { SERVICE x:s {} }", "http://e/s"),
        ("SELECT * { SERVICE <http://e/\\u0436> {} }", "http://e/ж"),
        ("SELECT * { S\\u0045RVICE <http://e/s> {} }", "http://e/s"),
        ("SELECT * { ?s ?p 5SERVICE <http://e/s> {} }", "http://e/s"),
        ("SELECT * { SERVICE # SILENT ?x {\n <http://e/s> {} }", "http://e/s"),
    ],
)
def test_endpoint_is_resolved(query: str, endpoint: str) -> None:
    """The endpoint is resolved against BASE, the address asked and prefixes, predeclared ones too (SPARQL
    1.1, section 4.1.1).
    """
    (clause,) = service_clauses(text_of(query), PREFIXES, BASE)
    assert clause.endpoint == endpoint


def test_silent_and_place() -> None:
    """Each clause knows whether it is SILENT and where it starts, and they come in order."""
    query = "SELECT * {\n { SERVICE <x:a> {} } UNION { SERVICE SILENT <x:b> {} } }"
    first, second = service_clauses(query, NO_PREFIXES)
    assert (first.is_silent, second.is_silent) == (False, True)
    assert (first.position, second.position) == (Position(2, 4), Position(2, 31))
    assert query[second.start : second.end] == "SERVICE SILENT <x:b> {}"


def test_group_ends_at_its_own_brace() -> None:
    """Braces in strings, comments and nested groups do not end a group."""
    group = '{ { ?s ?p \'}\', """}"}""" } # }\n OPTIONAL { ?s ?q ?r } }'
    (clause,) = service_clauses(f"SELECT * {{ SERVICE <x:a> {group} ?a ?b ?c }}", NO_PREFIXES)
    assert clause.query == f"SELECT * WHERE {group}"


def test_only_needed_declarations_are_sent() -> None:
    """What the group uses is declared there, the query's own and predeclared ones; the rest stays here."""
    query = """PREFIX ex: <http://e/> PREFIX un: <http://unused/>
        SELECT * { ?x un:p ?y SERVICE <x:a> { ?s ex:p ?o ; skos:prefLabel ?l FILTER(?l<?o) } }"""
    (clause,) = service_clauses(query, PREFIXES, BASE)
    declared = {line for line in clause.query.splitlines() if line.startswith(("PREFIX", "BASE"))}
    assert declared == {"PREFIX ex: <http://e/>", f"PREFIX skos: <{PREFIXES['skos']}>"}


def test_base_is_sent_where_it_is_needed() -> None:
    """A relative IRI of the group means the same there as here."""
    (clause,) = service_clauses("BASE <http://e/a/> SELECT * { SERVICE <x:a> { <b> ?p ?o } }", NO_PREFIXES)
    assert clause.query == "BASE <http://e/a/>\nSELECT * WHERE { <b> ?p ?o }"


@pytest.mark.parametrize(
    "group",
    [
        "{ ?a ex:p ?b FILTER(?a<ex:b&&?c>ex:d) }",
        "{ :p ex:q <http://e/x> ; a [] }",
        "{ SELECT ?a WHERE { ?a ex:p/ex:q ?b } }",
        "{ VALUES ?a { ex:x :y } }",
        "{ ?a ?b '😀}'@kk , 'x'^^ex:t }",
        "{}",
    ],
)
def test_what_is_sent_is_sparql_by_itself(group: str) -> None:
    """The query for an endpoint needs no declarations beside its own: the engine reads it."""
    query = f"PREFIX ex: <http://e/> PREFIX : <http://e/y#> SELECT * {{ SERVICE <x:a> {group} }}"
    (clause,) = service_clauses(query, PREFIXES, BASE)
    assert isinstance(Store().query(clause.query), QuerySolutions)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT * { ?x ?y ?e SERVICE ?e { ?s ?p ?o } }", "line 1, column 21 calls whatever server"),
        ("SELECT * { SERVICE SILENT $e {} }", "calls whatever server"),
        (
            "SELECT * { SERVICE <x:a> { ?s ?p ?o OPTIONAL { SERVICE <x:b> {} } } }",
            "column 48 stands inside another",
        ),
        ("SELECT * { ?s ?p trueSERVICE <x:a> {} }", "cannot be read"),
        ("SELECT * { SERVICE none:a {} }", "no absolute IRI"),
        ("SELECT * { SERVICE <x:a> ?x }", "cannot be read"),
        ("SELECT * { SERVICE <x:a> { ?x ", "cannot be read"),
        ("SELECT * { SERVICE", "cannot be read"),
    ],
)
def test_what_nobody_can_carry_out_is_refused(query: str, reason: str) -> None:
    """An endpoint that is a variable, a clause inside another, and one that is not certain are refused with
    the place.
    """
    with pytest.raises(CicakgError, match=reason) as caught:
        service_clauses(query, NO_PREFIXES)
    assert caught.value.code == "query-service-refused"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <x:a> { ?s ?p ?o } ?a ?b 'SERVICE' } # SERVICE",
        "SELECT *\n{ service\tSilent <x:a>\n{ ?s ?p 'x' } }",
        "SELECT * { SERVICE ?x { SERVICE <x:b> {} } }",
        "SELECT * { ?s ?p trueSERVICE SILENT <x:a> {} }",
    ],
)
def test_graphs_stand_in_at_the_same_places(query: str) -> None:
    """The stand-in calls nobody and keeps every other character where it was."""
    stand_in = with_graphs(query)
    assert len(stand_in) == len(query)
    assert outline(stand_in, NO_PREFIXES).service is None
    assert isinstance(Store().query(stand_in), QuerySolutions)
    changed = {here for here, (a, b) in enumerate(zip(query, stand_in, strict=True)) if a != b}
    assert not changed & {here for here, one in enumerate(query) if one in "{}<>?'\n"}


def test_patterns_take_the_place_of_clauses() -> None:
    """Only the clauses change."""
    query = "SELECT * { ?a ?b ?c SERVICE <x:a> { ?s ?p ?o } SERVICE <x:b> {} FILTER(?a) }"
    text = with_patterns(query, service_clauses(query, NO_PREFIXES), ["{1}", "{2}"])
    assert text.split() == ["SELECT", "*", "{", "?a", "?b", "?c", "{1}", "{2}", "FILTER(?a)", "}"]


@pytest.mark.parametrize(
    ("query", "may"),
    [
        ("SELECT * { ?s ?p ?o }", False),
        ("SELECT ?service { ?service ?p 'SERVICE' } # service", False),
        ("SELECT * { SERVICE <x:a> {} }", True),
        ("SELECT * { S\\u0045RVICE <x:a> {} }", True),
        ("SELECT * { ?s ?p true.service<x:a>{} }", True),
        ("SELECT * { ?s ?p '" + "x" * 20_000 + "service' }", True),
        ("SELECT * { ?s ?p '" + "x" * 20_000 + "' }", False),
    ],
)
def test_may_call_service(query: str, may: bool) -> None:
    """A query is taken for one that calls where it does, and where finding out would take too long."""
    assert may_call_service(query) is may
