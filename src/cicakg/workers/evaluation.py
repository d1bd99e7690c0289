"""One query on one store: its data set, its evaluation, and its answer written whole.

The server runs it in a worker only; the Python API in the caller's own process.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Final, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from cicakg.errors import CicakgError
from cicakg.sparql.counting import Counts, insert_counts
from cicakg.sparql.formats import Format, ResultKind, format_named, formats_of
from cicakg.sparql.outline import Outline, outline, read_outline
from cicakg.sparql.request import QueryRequest
from cicakg.sparql.syntax import syntax_error
from cicakg.vocab import PREFIXES, WRITTEN_PREFIXES
from cicakg.workers.endings import damage_error
from cicakg.workers.rows import RowCounter, RowLimit, counted, row_counter
from cicakg.workers.services import answered_outline, table_of_calls, tried_outline

_Results = QuerySolutions | QueryBoolean | QueryTriples
_WITH_PREFIXES: Final = frozenset({RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML})
_UNREADABLE: Final = ("Corruption: ", "IO error: ")  # how RocksDB says that a file is not as it wrote it
_A_LINE_EACH: Final = frozenset({RdfFormat.N_TRIPLES, RdfFormat.N_QUADS})

NOTHING_KNOWN: Final = Counts()
"""No count is known of a store."""


class ResultTooLargeError(Exception):
    """The answer passed its size; raised out of the engine's writing, and nothing of the answer is sent."""


class ResultFileError(Exception):
    """The answer could not be written to its file: no fault of the query."""


class ResultFile:
    """What the engine writes an answer to: counts bytes and rows and stops it where there are too many.

    ``rows`` is told all that is written, once the writer knows how rows look in what it writes.
    """

    def __init__(self, descriptor: int, most: int) -> None:
        self._descriptor = descriptor
        self._most = most
        self.size = 0
        self.rows: RowCounter | None = None

    def write(self, data: bytes) -> int:
        """Write all of *data*; return its length."""
        self.size += len(data)
        if self.size > self._most:
            raise ResultTooLargeError
        if self.rows is not None:
            self.rows.feed(data)
        try:
            self._write_all(data)
        except OSError as error:  # not to be taken for the engine's own
            raise ResultFileError(str(error)) from error
        return len(data)

    def _write_all(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def flush(self) -> None:
        """There is nothing to flush: every write goes to the file."""


@dataclass(frozen=True, slots=True)
class _Dataset:
    """The store to ask and the data set to ask it with; two ``None`` are the query's own."""

    store: Store
    default_graph: DefaultGraph | list[NamedNode | BlankNode | DefaultGraph] | None = None
    named_graphs: list[NamedNode | BlankNode] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the store, as it stands."""
        return self.default_graph is None and self.named_graphs is None


def evaluate(
    store: Store, request: QueryRequest, output: ResultFile, counts: Counts = NOTHING_KNOWN
) -> tuple[ResultKind, Format]:
    """Evaluate *request* on *store* and write the complete answer to *output*; return what was written.

    *counts* are those of the whole store: what is known is not counted again, and no answer changes by it.
    Raises :class:`CicakgError` where the query is refused, is not SPARQL, or its kind of result cannot be
    written in a format the caller takes.
    """
    if request.federation is not None and request.federation.answers is None:
        return _list_calls(request, output)
    sketch = _outline(request)
    with _engine_faults(sketch.text):
        results = _open(store, sketch, request, counts)
        kind = _kind(results)
        chosen = choose_format(kind, request.formats)
        _write(results, chosen, output, RowLimit(request.budget.result_rows))
    return kind, chosen


def _outline(request: QueryRequest) -> Outline:
    if request.federation is None or request.federation.answers is None:
        return read_outline(request.query, base=request.base)
    return answered_outline(request, request.federation.answers)


def _list_calls(request: QueryRequest, output: ResultFile) -> tuple[ResultKind, Format]:
    """Write which servers *request* would call. What would be wrong with it is found first, on no data."""
    sketch = tried_outline(request)
    with _engine_faults(outline(request.query, PREFIXES, request.base).text):
        choose_format(_kind(_open(Store(), sketch, request)), request.formats)
    output.write(table_of_calls(request))
    return ResultKind.SOLUTIONS, formats_of(ResultKind.SOLUTIONS)[0]


def results_of(store: Store, request: QueryRequest, counts: Counts = NOTHING_KNOWN) -> _Results:
    """Return the engine's own results of *request* on *store*, for a process that may be held up or end by
    them; *counts* and refusals are as for :func:`evaluate`.
    """
    sketch = read_outline(request.query, base=request.base)
    with _engine_faults(sketch.text):
        return _open(store, sketch, request, counts)


def _open(store: Store, sketch: Outline, request: QueryRequest, counts: Counts = NOTHING_KNOWN) -> _Results:
    dataset = _dataset(store, sketch, request)
    return dataset.store.query(
        insert_counts(sketch.text, counts, request.base) if dataset.is_whole else sketch.text,
        base_iri=_node(request.base).value if request.base is not None else None,
        prefixes=_prefixes_in(sketch.text),
        default_graph=dataset.default_graph,
        named_graphs=dataset.named_graphs,
    )


def _prefixes_in(text: str) -> dict[str, str]:
    """Return the prefixes *text* may use: the engine reads every one it is given anew for each query, which
    takes longer than answering a small one.
    """
    return {name: iri for name, iri in PREFIXES.items() if f"{name}:" in text}


@contextmanager
def _engine_faults(text: str) -> Iterator[None]:
    """Turn what the engine raises into what the caller of *text* can read."""
    try:
        yield
    except SyntaxError as error:
        raise syntax_error(text, str(error), PREFIXES) from error
    except (OSError, RuntimeError) as error:
        raise _engine_fault(error) from error


def _engine_fault(error: Exception) -> CicakgError:
    """Return what an error of the engine says to the one who asked."""
    if str(error).startswith(_UNREADABLE):
        return damage_error()
    if isinstance(error, OSError):  # it wanted to open something, which a worker cannot
        return CicakgError(
            "query-service-refused",
            "The query would call another server, which this one does not do.",
            "Leave SERVICE out.",
        )
    return CicakgError(  # such as a function it does not have
        "query-unsupported",
        f"The query engine cannot evaluate the query: {str(error).rstrip('.')}.",
        "Use what SPARQL 1.1 has built in.",
    )


def _dataset(store: Store, sketch: Outline, request: QueryRequest) -> _Dataset:
    """Choose the data set (SPARQL 1.1 Query, section 13.2; Protocol, section 2.1.4).

    The default graph of several graphs is their RDF merge. The engine would read one graph after the other
    and give a triple once per graph that holds it, so the merge is made; the memory and time of the query
    bound it.
    """
    is_protocol = bool(request.default_graphs or request.named_graphs)
    default = _nodes(request.default_graphs if is_protocol else sketch.default_graphs)
    named = _nodes(request.named_graphs if is_protocol else sketch.named_graphs)
    if len(default) > 1:
        merged = Store()
        for graph in default:
            merged.bulk_extend(_copies(store, graph, DefaultGraph()))
        for graph in named if sketch.has_graph else ():
            merged.bulk_extend(_copies(store, graph, graph))
        return _Dataset(merged, DefaultGraph(), [*named])
    return _Dataset(store, [*default], [*named]) if default or named else _Dataset(store)


def _copies(store: Store, source: NamedNode, target: NamedNode | DefaultGraph) -> Iterable[Quad]:
    found = store.quads_for_pattern(None, None, None, source)
    return (Quad(one.subject, one.predicate, one.object, target) for one in found)


def _nodes(iris: Iterable[str]) -> list[NamedNode]:
    return [_node(iri) for iri in dict.fromkeys(iris)]


def _node(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise CicakgError(
            "query-syntax",
            f"The request names {iri!r}, which is no absolute IRI.",
            "Write the whole IRI, scheme included.",
        ) from error


def _kind(results: _Results) -> ResultKind:
    if isinstance(results, QueryBoolean):
        return ResultKind.BOOLEAN
    return ResultKind.SOLUTIONS if isinstance(results, QuerySolutions) else ResultKind.GRAPH


def choose_format(kind: ResultKind, formats: Mapping[ResultKind, str]) -> Format:
    """Return the one of *formats* for *kind*; raises :class:`CicakgError` (``query-not-acceptable``)."""
    chosen = format_named(formats.get(kind, ""))
    if chosen is not None and kind in chosen.kinds:
        return chosen
    available = ", ".join(f"{one.media_type} ({one.name})" for one in formats_of(kind))
    raise CicakgError(
        "query-not-acceptable",
        f"The result is {_DESCRIPTIONS[kind]}, which cannot be written in any format the request accepts.",
        f"Accept one of: {available}.",
    )


_DESCRIPTIONS: Final = {
    ResultKind.SOLUTIONS: "a table of solutions",
    ResultKind.BOOLEAN: "true or false",
    ResultKind.GRAPH: "an RDF graph",
}


def _write(results: _Results, chosen: Format, output: ResultFile, limit: RowLimit) -> None:
    target = cast("IO[bytes]", output)
    if isinstance(results, QueryTriples):
        _write_graph(results, chosen, output, limit)
    elif isinstance(chosen.engine, QueryResultsFormat):
        if isinstance(results, QuerySolutions):
            output.rows = row_counter(chosen.engine, limit)
        results.serialize(target, format=chosen.engine)


def _write_graph(results: QueryTriples, chosen: Format, output: ResultFile, limit: RowLimit) -> None:
    """Write a graph. Where a line is a triple the engine writes by itself and lines are counted."""
    engine = cast("RdfFormat", chosen.engine)
    target = cast("IO[bytes]", output)
    if engine in _A_LINE_EACH:
        output.rows = row_counter(engine, limit)
        results.serialize(target, format=engine)
        return
    prefixes = WRITTEN_PREFIXES if engine in _WITH_PREFIXES else None
    serialize(counted(results, limit), target, format=engine, prefixes=prefixes)
