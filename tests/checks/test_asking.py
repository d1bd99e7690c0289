"""Queries in shapes: the node written in the place of ``$this`` is the node bound to it."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Variable
from rich_shapes import triples_in

from cicakg.checks.engines.asking import ShapeQuery, solutions_of
from cicakg.errors import CicakgError

THIS: Final = Variable("this")
A, B, STRANGE = (NamedNode("http://e/" + one) for one in ("a", "b", "a/../(c);d,e'f~#ж"))

DATA: Final = """
ex:a ex:p ex:b, <http://e/a/../(c);d,e'f~#ж>, "?this", 1 ; ex:q 1, "x"@en ; ex:a ex:b .
ex:b ex:p ex:a, ex:b ; ex:q 2 . ex:c ex:p ex:a ; ex:q ex:b . <http://e/a/../(c);d,e'f~#ж> ex:p ex:a .
"""

HEADS: Final = (
    "SELECT $this WHERE",
    "SELECT ?this",
    "SELECT DISTINCT $this ?x",
    "SELECT REDUCED ?x ?this",
    "SELECT ?x$this?y",
    "PREFIX e: <http://e/> SELECT $this ?x",
    "BASE <http://other/> SELECT $this ?y",
    "SELECT ?this # who? ?this { $this\n",
    "SELECT ?thisOne ?this",
    "SELECT (1 AS ?one) $this",
    "SELECT (COUNT(?x) AS ?count) $this",
    "SELECT (STR($this) AS ?name) ?this",
)
BODIES: Final = (
    "$this <http://e/p> ?x",
    "?x <http://e/p> ?this",
    "?x $this ?y",
    "?x <http://e/p> ?y , $this ; <http://e/q> ?z",
    "$this <http://e/p>+ ?x",
    "$this (<http://e/p>|^<http://e/q>)* ?x",
    "?x ^<http://e/p>/<http://e/q>? $this",
    "OPTIONAL { $this <http://e/q> ?x }",
    "?x <http://e/p> ?y OPTIONAL { ?y <http://e/q> ?this }",
    "{ $this <http://e/p> ?x } UNION { ?x <http://e/p> $this }",
    "{ ?x <http://e/p> ?y } UNION { }",
    "?x <http://e/p> ?y FILTER(?x = $this || ?y=$this)",
    "?x <http://e/p> ?y FILTER(?x!=?this)",
    "?x <http://e/p> ?y FILTER(?x<$this)",
    "?x <http://e/p> ?y FILTER EXISTS { ?y <http://e/q> ?z . $this <http://e/p> ?y }",
    "?x <http://e/p> ?y FILTER NOT EXISTS { ?this <http://e/p> ?x FILTER(?x != $this) }",
    "?x <http://e/p> ?y FILTER($this IN (?x, ?y))",
    "?x <http://e/p> ?y FILTER(IF(isIRI($this), ?x = $this, false))",
    "?x <http://e/p> '?this', \"$this\" , '''?this''' FILTER(STR(?x) != '<?this>')",
    "?x <http://e/p> ?thisOne . ?x <http://e/p> ?this_ , ?this2 . $this <http://e/q> ?y",
    "?x <http://e/p> ?y # ?this }\n FILTER(?x = $this)",
    "[] <http://e/p> $this , ?x",
    "[ <http://e/p> $this ; <http://e/q> ?x ]",
    "?x <http://e/p> ?y BIND(?this AS ?other) FILTER(?other = ?x)",
    "?x <http://e/p> ?y FILTER(BOUND($this))",
    "?x <http://e/p> ?y FILTER(COALESCE($this, ?x) = ?y)",
    "{ SELECT $this ?x { $this <http://e/p> ?x } }",
    "{ SELECT $this (COUNT(?z) AS ?x) { $this <http://e/p> ?z } GROUP BY $this }",
    "?x <http://e/p> ?y FILTER(STR(?x)<STR($this)&&STR(?this)>'a')",
    "?x <http://e/?this> ?y",
    "?x <http://e/?this>|<http://e/p> $this",
    "VALUES ?x { <http://e/a> <http://e/b> } ?x <http://e/p> $this",
)
TAILS: Final = ("", "ORDER BY ?x", "ORDER BY $this DESC(?x)", "LIMIT 100", "GROUP BY $this", "# ?this")
FOCUSES: Final = (A, B, STRANGE, NamedNode("http://e/absent"), Literal("x", language="en"), Literal(1))


def store() -> Store:
    """Return a store with the data."""
    found = Store()
    found.extend(Quad(one.subject, one.predicate, one.object) for one in triples_in(DATA))
    return found


def rows(solutions: QuerySolutions) -> list[str]:
    """Return each row as what it gives its variables, by their names."""
    names = sorted(one.value for one in solutions.variables)
    return sorted(str([(name, str(row[name])) for name in names]) for row in solutions)


def bound(given_store: Store, text: str, focus: NamedNode | Literal) -> list[str]:
    """Return the rows by pyoxigraph's own binding."""
    found = given_store.query(text, substitutions={THIS: focus})
    assert isinstance(found, QuerySolutions)
    return rows(found)


@settings(max_examples=400, deadline=None)
@given(
    head=st.sampled_from(HEADS),
    bodies=st.lists(st.sampled_from(BODIES), min_size=1, max_size=2),
    tail=st.sampled_from(TAILS),
    focus=st.sampled_from(FOCUSES),
)
def test_writing_the_node_is_binding_it(
    head: str, bodies: list[str], tail: str, focus: NamedNode | Literal
) -> None:
    """Wherever ``$this`` stands, the rows are those of a binding beforehand (SHACL, section 5.3.1)."""
    given_store = store()
    text = f"{head} {{ {' . '.join(f'{{ {one} }}' for one in bodies)} }} {tail}"
    try:
        expected = bound(given_store, text, focus)
    except (SyntaxError, RuntimeError):
        with pytest.raises(CicakgError):
            ShapeQuery(text).solutions(given_store, focus)
        return
    assert rows(ShapeQuery(text).solutions(given_store, focus)) == expected


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("focus", [A, STRANGE])
def test_each_form_is_asked(body: str, focus: NamedNode) -> None:
    """No form of a query is an error, else the comparison above would compare nothing."""
    text = f"SELECT $this ?x {{ {body} }}"
    assert rows(ShapeQuery(text).solutions(store(), focus)) == bound(store(), text, focus)


@pytest.mark.parametrize("body", BODIES[:23])
def test_most_forms_are_written_out(body: str) -> None:
    """The engine plans for one node: the forms that shapes are written in are not left to a binding.

    The last of the forms cannot take an IRI everywhere.
    """
    assert ShapeQuery(f"SELECT $this ?x {{ {body} }}").solutions(Store(), A).variables
    assert _is_written_out(f"SELECT $this ?x {{ {body} }}")


@pytest.mark.parametrize("body", BODIES[23:25] + BODIES[27:])
def test_some_forms_are_bound(body: str) -> None:
    """Where an IRI may not stand instead of the variable, the variable is bound."""
    assert not _is_written_out(f"SELECT $this ?x {{ {body} }}")


def _is_written_out(text: str) -> bool:
    """Whether the node is written: only then is one accepted of a query that does not select it."""
    try:
        ShapeQuery(text.replace("SELECT $this ?x", "SELECT ?x", 1)).solutions(Store(), A)
    except CicakgError:
        return False
    return True


@pytest.mark.parametrize("word", ["FROM", "from", "FROM NAMED", "SERVICE", "Service SILENT"])
def test_queries_that_reach_out_are_refused(word: str) -> None:
    """FROM and SERVICE would read something beside the data, so such a query is never asked."""
    clause = f"{word} <http://other/>"
    is_service = word.upper().startswith("SERVICE")
    text = f"SELECT $this {{ {clause} {{}} }}" if is_service else f"SELECT $this {clause} {{}}"
    with pytest.raises(CicakgError) as caught:
        ShapeQuery(text)
    assert caught.value.code == "shape-query"


@pytest.mark.parametrize(
    "text", ["SELECT $this {", "ASK { $this ?a ?b }", "CONSTRUCT WHERE { $this ?a ?b }", "what?", ""]
)
def test_what_is_no_select_query_is_an_error_that_says_so(text: str) -> None:
    """A query that cannot be asked gives a sentence, with and without a node."""
    for focus in (None, A, Literal("x")):
        with pytest.raises(CicakgError) as caught:
            ShapeQuery(text).solutions(Store(), focus)
        assert caught.value.code == "shape-query"


def test_without_a_node_the_query_is_asked_as_it_is() -> None:
    """A target's query finds its nodes itself."""
    found = ShapeQuery("SELECT ?this { ?this <http://e/q> 2 }").solutions(store())
    assert [row["this"] for row in found] == [B]


def test_other_variables_are_bound_as_they_are() -> None:
    """pySHACL binds more than ``$this`` where a shape has parameters; all of them count."""
    text = "SELECT ?this ?x { ?this <http://e/p> ?x }"
    found = solutions_of(store(), text, {"this": A, "x": B})
    assert rows(found) == rows(
        solutions_of(
            store(),
            "SELECT ?this ?x { BIND(<http://e/a> AS ?this) BIND(<http://e/b> AS ?x) ?this <http://e/p> ?x }",
            {},
        )
    )


def test_a_blank_node_is_the_one_in_the_data() -> None:
    """A blank node written in a query would be a variable, so it is bound."""
    given_store = store()
    given_store.add(Quad(BlankNode("b7"), NamedNode("http://e/p"), Literal("mine")))
    found = ShapeQuery("SELECT $this ?x { $this <http://e/p> ?x }").solutions(given_store, BlankNode("b7"))
    assert [row["x"] for row in found] == [Literal("mine")]
