"""Rows counted in what the engine writes: exact for every format, however the answer is cut into pieces."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, RdfFormat, Store

from cicakg.sparql.formats import FORMATS, ResultKind
from cicakg.sparql.request import Budget, QueryRequest
from cicakg.workers.evaluation import ResultFile, evaluate
from cicakg.workers.rows import RowLimit, TooManyRowsError, row_counter

# All that could be taken for the end or the beginning of a row.
NASTY: Final = '"{}[],:\\<result>/&\r\n\t аұм'
ROWS: Final = (
    QueryResultsFormat.JSON,
    QueryResultsFormat.XML,
    QueryResultsFormat.CSV,
    QueryResultsFormat.TSV,
)


def _written(values: list[str], empty: int, engine: QueryResultsFormat) -> bytes:
    """Write one solution for each of *values*, and *empty* more that bind nothing."""
    store = Store()
    node = NamedNode("urn:p")
    store.extend(Quad(node, node, Literal(f"{number}{text}")) for number, text in enumerate(values))
    unbound = " ".join("{ BIND(1 AS ?y) } UNION" for _ in range(empty))
    found = store.query(f"SELECT ?x {{ {unbound} {{ ?s ?p ?x }} }}")
    assert isinstance(found, QuerySolutions)
    return found.serialize(format=engine) or b""


def _count(data: bytes, engine: QueryResultsFormat, piece: int) -> int:
    seen: list[int] = []

    class Seen(RowLimit):
        def add(self, count: int) -> None:
            seen.append(count)

    counter = row_counter(engine, Seen(0))
    for start in range(0, len(data), piece):
        counter.feed(data[start : start + piece])
    return sum(seen)


@pytest.mark.parametrize("engine", ROWS)
@given(
    values=st.lists(st.text(st.sampled_from(NASTY)), max_size=4),
    empty=st.integers(0, 2),
    piece=st.integers(1, 60),
)
def test_every_format_is_counted_exactly(
    engine: QueryResultsFormat, values: list[str], empty: int, piece: int
) -> None:
    """Marks inside values, solutions that bind nothing and cuts at any byte change no count."""
    assert _count(_written(values, empty, engine), engine, piece) == len(values) + empty


@pytest.fixture
def output() -> Callable[[], ResultFile]:
    """Make a place for an answer that nobody reads."""

    class Nowhere(ResultFile):
        def _write_all(self, data: bytes) -> None:
            pass

    return lambda: Nowhere(-1, 1 << 20)


@pytest.mark.parametrize("name", [one.name for one in FORMATS])
def test_as_many_as_allowed_and_not_one_more(name: str, output: Callable[[], ResultFile]) -> None:
    """In each format an answer of ten rows passes a budget of ten, and one of nine stops it."""
    store = Store()
    store.extend(Quad(NamedNode(f"urn:{one}"), NamedNode("urn:p"), Literal("a\n,{")) for one in range(10))
    kinds = next(one.kinds for one in FORMATS if one.name == name)
    form = "CONSTRUCT WHERE" if ResultKind.GRAPH in kinds else "SELECT *"
    for most in (10, 9):
        request = QueryRequest(
            f"{form} {{ ?s ?p ?o }}", dict.fromkeys(ResultKind, name), budget=Budget(result_rows=most)
        )
        if most == 10:
            evaluate(store, request, output())
        else:
            with pytest.raises(TooManyRowsError):
                evaluate(store, request, output())


def test_ask_has_no_rows(output: Callable[[], ResultFile]) -> None:
    """A boolean is no row: a budget of none leaves it alone."""
    request = QueryRequest("ASK {}", dict.fromkeys(ResultKind, "json"), budget=Budget(result_rows=0))
    assert evaluate(Store(), request, output())[0] is ResultKind.BOOLEAN


def test_lines_of_triples() -> None:
    """N-Triples have no head: each line is a triple."""
    limit = RowLimit(2)
    counter = row_counter(RdfFormat.N_TRIPLES, limit)
    counter.feed(b"<urn:a> <urn:b> <urn:c> .\n<urn:a> ")
    counter.feed(b'<urn:b> "\\n" .\n')
    with pytest.raises(TooManyRowsError):
        counter.feed(io.BytesIO(b"<urn:a> <urn:b> <urn:d> .\n").read())
