"""SERVICE inside a worker, which calls nobody: the calls a query would make, and what came back for them in
the place of its clauses.

What a clause yields is the multiset of solutions its endpoint gave for the clause's group asked by itself,
joined with the rest (SPARQL 1.1 Federated Query, section 4). A subselect over VALUES is exactly that; over
VALUES alone the engine would compare every row of one block with every row of the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    Store,
    Triple,
    parse_query_results,
)

from cicakg.errors import CicakgError
from cicakg.sparql.outline import Outline, outline, place_of, refuse_update
from cicakg.sparql.request import QueryRequest, ServiceAnswer
from cicakg.sparql.service import ServiceClause, service_clauses, with_graphs, with_patterns
from cicakg.vocab import PREFIXES

_Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
_COLUMNS: Final = ("endpoint", "silent", "query", "line", "column")
_DEEPEST: Final = (
    8  # triples inside triples; written into a query, many more would overflow the engine's stack
)


def tried_outline(request: QueryRequest) -> Outline:
    """Return the outline of *request* with a text that can be tried on an empty store: it calls nobody, and
    what is wrong with it is wrong at the same place of the query as it was asked.
    """
    sketch = _outline(request)
    return replace(sketch, text=with_graphs(sketch.text))


def table_of_calls(request: QueryRequest) -> bytes:
    """Return the calls that *request*, which is SPARQL, would make, as SPARQL results in JSON: one solution
    for each clause, in order.

    Raises :class:`CicakgError` (``query-service-refused``) for clauses that nobody could carry out.
    """
    sketch = _outline(request)
    clauses = service_clauses(sketch.text, PREFIXES, request.base)
    for one in clauses:
        _variables(one)  # what is sent has to be SPARQL by itself
    rows = [_call(one) for one in clauses]
    return json.dumps({"head": {"vars": _COLUMNS}, "results": {"bindings": rows}}).encode()


def answered_outline(request: QueryRequest, answers: Sequence[ServiceAnswer]) -> Outline:
    """Return the outline of *request* with what came back in the place of its SERVICE clauses.

    Raises :class:`CicakgError` (``service-failed``) where an answer cannot be read and its clause is not
    SILENT, or has more rows than it may have.
    """
    sketch = _outline(request)
    clauses = service_clauses(sketch.text, PREFIXES, request.base)
    patterns = [_pattern(*both) for both in zip(clauses, answers, strict=True)]
    return replace(sketch, text=with_patterns(sketch.text, clauses, patterns), service=None)


def _outline(request: QueryRequest) -> Outline:
    sketch = outline(request.query, PREFIXES, request.base)
    refuse_update(sketch)
    return sketch


def _call(clause: ServiceClause) -> Mapping[str, object]:
    place = clause.position
    values = (clause.endpoint, clause.is_silent, clause.query, place.line, place.column)
    return {
        name: {"type": "literal", "value": str(value)} for name, value in zip(_COLUMNS, values, strict=True)
    }


def _variables(clause: ServiceClause) -> list[str]:
    """Return the variables in scope of *clause* (SPARQL 1.1, section 18.2.1), as the engine tells them."""
    try:
        results = Store().query(clause.query)
    except SyntaxError as error:
        raise CicakgError(
            "query-service-refused",
            f"What the SERVICE clause at {place_of(clause.position)} asks cannot be sent by itself: {error}.",
            "Write IRIs and prefixed names in full, with spaces around < and >.",
        ) from error
    if not isinstance(results, QuerySolutions):
        raise TypeError("a SELECT yields solutions")
    return [variable.value for variable in results.variables]


def _pattern(clause: ServiceClause, answer: ServiceAnswer) -> str:
    names = _variables(clause)
    if answer.body is None:
        return _values(names, [f"({'UNDEF ' * len(names)})"])
    try:
        rows = list(_rows(names, answer))
    except (SyntaxError, ValueError, RecursionError) as error:
        if clause.is_silent:
            return _pattern(clause, replace(answer, body=None))
        raise _failed(clause, "gave an answer that is no SPARQL result in JSON") from error
    if len(rows) > answer.most_rows:
        raise _failed(clause, f"gave more than the {answer.most_rows} rows that are taken from it")
    return _values(names, rows)


def _values(names: Sequence[str], rows: Sequence[str]) -> str:
    variables = " ".join(f"?{name}" for name in names)
    block = "\n".join(rows)
    return f"{{ SELECT * WHERE {{ VALUES ({variables}) {{ {block} }} }} }}"


def _rows(names: Sequence[str], answer: ServiceAnswer) -> Iterator[str]:
    """Yield each solution as a row of VALUES; what is bound there beside *names* is not in scope here."""
    parsed = parse_query_results(answer.body or b"", QueryResultsFormat.JSON)
    if not isinstance(parsed, QuerySolutions):
        raise ValueError("the answer holds no solutions")
    there = {variable.value for variable in parsed.variables}
    writer = _TermWriter(answer.nodes)
    for count, solution in enumerate(parsed):
        cells = (_cell(writer, solution, name) if name in there else "UNDEF" for name in names)
        yield f"({' '.join(cells)})"
        if count >= answer.most_rows:
            return


def _cell(writer: _TermWriter, solution: QuerySolution, name: str) -> str:
    term = solution[name]
    return "UNDEF" if term is None else writer.write(term)


class _TermWriter:
    """Writes terms of one answer as SPARQL.

    Each is made anew, because the reader of results believes what a server says, and a constructor refuses
    every character that could end the term. A blank node is an IRI that stands for it (RDF 1.1 Concepts,
    section 3.5): VALUES can hold none.
    """

    def __init__(self, nodes: str) -> None:
        self._nodes = nodes
        self._known: dict[str, int] = {}

    def write(self, term: _Term, depth: int = 0) -> str:
        """Return *term*; raises :class:`ValueError` where it is none."""
        if isinstance(term, NamedNode):
            return str(NamedNode(term.value))
        if isinstance(term, BlankNode):
            return str(NamedNode(f"{self._nodes}{self._known.setdefault(term.value, len(self._known))}"))
        if isinstance(term, Literal):
            return str(_literal(term))
        if depth >= _DEEPEST:
            raise ValueError("triples are nested too deeply")
        parts = (self.write(one, depth + 1) for one in (term.subject, term.predicate, term.object))
        return f"<<( {' '.join(parts)} )>>"


def _literal(term: Literal) -> Literal:
    if term.direction is not None:
        return Literal(term.value, language=term.language, direction=term.direction)
    if term.language is not None:
        return Literal(term.value, language=term.language)
    return Literal(term.value, datatype=NamedNode(term.datatype.value))


def _failed(clause: ServiceClause, reason: str) -> CicakgError:
    return CicakgError(
        "service-failed",
        f"The endpoint <{clause.endpoint}> of the SERVICE clause at {place_of(clause.position)} {reason}.",
        "Ask it for less or later, or write SERVICE SILENT if the query makes sense without it.",
    )
