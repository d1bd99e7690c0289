"""The Python API: the dataset as rdflib's ``Dataset``, and query results that go straight into pandas.

>>> import cicakg, pandas
>>> rows = cicakg.query("SELECT ?holder WHERE { ?term a cica:Chairmanship ; cica:holder ?holder }")
>>> frame = pandas.DataFrame(rows)
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import rdflib
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Triple,
)

from cicakg.errors import CicakgError
from cicakg.paths import find_dataset
from cicakg.sparql.request import QueryRequest
from cicakg.store import Snapshot, dataset_quads, open_snapshot
from cicakg.vocab import PREFIXES
from cicakg.workers.evaluation import results_of

if TYPE_CHECKING:
    import pandas as pd

Value: TypeAlias = str | int | float | bool | Decimal | datetime.date | None
Root: TypeAlias = str | PathLike[str] | None

_XSD: Final = PREFIXES["xsd"]


class Rows(list[dict[str, Value]]):
    """The solutions of a SELECT: one dict a row, variable name → Python value (``None`` where unbound).

    ``columns`` keeps the variables in the order of the query, also when there are no rows.
    ``pandas.DataFrame(rows, columns=rows.columns)`` is a table that keeps its columns when empty;
    :meth:`to_dataframe` does just that. ``terms`` holds the same rows as RDF terms (pyoxigraph's), with
    languages and datatypes.
    """

    def __init__(self, columns: list[str], terms: list[dict[str, object]]) -> None:
        super().__init__({name: to_python(term) for name, term in row.items()} for row in terms)
        self.columns = columns
        self.terms = terms

    def to_dataframe(self) -> pd.DataFrame:
        """Return the rows as a ``pandas.DataFrame``; pandas must be installed."""
        import pandas  # noqa: PLC0415  # the caller's, not a dependency of ours

        return pandas.DataFrame(list(self), columns=self.columns)


class KnowledgeGraph:
    """An opened dataset: open it once, ask it often. Queries run in this process and without a time limit."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the dataset, in hexadecimal: equal for equal data."""
        return self._snapshot.fingerprint

    def __len__(self) -> int:
        """Return the number of quads."""
        return self._snapshot.quad_count

    def query(self, text: str) -> Rows:
        """Return the solutions of the SELECT *text*. The usual prefixes need not be declared.

        Raises :class:`cicakg.errors.CicakgError` where the text is not a SELECT query, or asks for SERVICE
        or an update.
        """
        answer = self._ask(text)
        if not isinstance(answer, QuerySolutions):
            raise _wrong_form(
                "SELECT", "cicakg.ask() takes ASK, cicakg.construct() takes CONSTRUCT and DESCRIBE."
            )
        names = [variable.value for variable in answer.variables]
        return Rows(names, [{name: solution[name] for name in names} for solution in answer])

    def ask(self, text: str) -> bool:
        """Return the answer of the ASK *text*; errors as for :meth:`query`."""
        answer = self._ask(text)
        if not isinstance(answer, QueryBoolean):
            raise _wrong_form(
                "ASK", "cicakg.query() takes SELECT, cicakg.construct() takes CONSTRUCT and DESCRIBE."
            )
        return bool(answer)

    def construct(self, text: str) -> rdflib.Graph:
        """Return the graph that the CONSTRUCT or DESCRIBE *text* makes; errors as for :meth:`query`."""
        answer = self._ask(text)
        if not isinstance(answer, QueryTriples):
            raise _wrong_form("CONSTRUCT or DESCRIBE", "cicakg.query() takes SELECT, cicakg.ask() takes ASK.")
        graph = rdflib.Graph()
        _bind_prefixes(graph.bind)
        for triple in answer:
            graph.add(_rdflib_triple(triple))
        return graph

    def _ask(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        return results_of(self._snapshot.store, QueryRequest(text, formats={}), self._snapshot.counts)


def open_graph(root: Root = None) -> KnowledgeGraph:
    """Open the dataset at *root* (default: the one you stand in, else the one installed with the package)."""
    return KnowledgeGraph(open_snapshot(find_dataset(_path(root))))


def load(root: Root = None) -> rdflib.Dataset:
    """Return the whole dataset as an rdflib ``Dataset``: each article, the entities, the ontology and the
    facts in a graph of its own.

    ``default_union`` is on, so that a plain query or pattern sees every graph. Errors:
    :class:`cicakg.errors.CicakgError` where *root* holds no dataset or a file in it cannot be read.
    """
    dataset = rdflib.Dataset(default_union=True)
    _bind_prefixes(dataset.bind)
    graphs: dict[str, rdflib.Graph] = {}
    for quad in dataset_quads(find_dataset(_path(root))):
        name = _graph_name(quad)
        if name not in graphs:
            graphs[name] = dataset.graph(rdflib.URIRef(name))
        graphs[name].add(_rdflib_triple(quad.triple))
    return dataset


def query(text: str, root: Root = None) -> Rows:
    """Return the solutions of the SELECT *text* over the dataset; it is opened anew each time (see
    :func:`open_graph`).
    """
    return open_graph(root).query(text)


def ask(text: str, root: Root = None) -> bool:
    """Return the answer of the ASK *text* over the dataset."""
    return open_graph(root).ask(text)


def construct(text: str, root: Root = None) -> rdflib.Graph:
    """Return the graph that the CONSTRUCT or DESCRIBE *text* makes from the dataset."""
    return open_graph(root).construct(text)


def _path(root: Root) -> Path | None:
    return None if root is None else Path(root)


def _wrong_form(wanted: str, fix: str) -> CicakgError:
    return CicakgError("query-form", f"This is not a {wanted} query.", fix)


def _bind_prefixes(bind: Callable[[str, rdflib.Namespace], None]) -> None:
    for prefix, namespace in PREFIXES.items():
        bind(prefix, rdflib.Namespace(namespace))


def _graph_name(quad: Quad) -> str:
    if not isinstance(quad.graph_name, NamedNode):
        raise TypeError("every quad of the dataset stands in a named graph")
    return quad.graph_name.value


def _rdflib_triple(triple: Triple) -> tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]:
    return (_rdflib_term(triple.subject), _rdflib_term(triple.predicate), _rdflib_term(triple.object))


def _rdflib_term(term: object) -> rdflib.term.Node:
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        # rdflib would rewrite "01" or "1.50" to its canonical form; the text stays as it was annotated.
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
    raise TypeError(f"rdflib has no term for {term}")


def to_python(term: object) -> Value:
    """Return the Python value of an RDF *term*: IRIs and texts as ``str``, numbers, booleans and dates as
    their own types.

    A literal whose text does not fit its datatype, and any datatype not listed in XSD's numbers, booleans
    and dates, comes back as its text.
    """
    if term is None:
        return None
    if not isinstance(term, Literal):
        return term.value if isinstance(term, NamedNode | BlankNode) else str(term)
    convert = _CONVERSIONS.get(term.datatype.value.removeprefix(_XSD), str)
    try:
        return convert(term.value)
    except (ValueError, ArithmeticError):
        return term.value


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]


def _each(names: Iterable[str], convert: Callable[[str], Value]) -> Mapping[str, Callable[[str], Value]]:
    return dict.fromkeys(names, convert)


_INTEGERS: Final = [
    "integer",
    "int",
    "long",
    "short",
    "byte",
    "nonNegativeInteger",
    "positiveInteger",
    "nonPositiveInteger",
    "negativeInteger",
    "unsignedInt",
    "unsignedLong",
    "unsignedShort",
    "unsignedByte",
]

_CONVERSIONS: Final[Mapping[str, Callable[[str], Value]]] = {
    **_each(_INTEGERS, int),
    **_each(("double", "float"), float),
    "decimal": Decimal,
    "boolean": _boolean,
    "date": datetime.date.fromisoformat,
    "dateTime": datetime.datetime.fromisoformat,
}
