"""Answers and expected results as values: tables, booleans and graphs, read from each format.

The readers are written from the specifications, beside the engine's own: what writes an answer must not be
what says that it is right.
"""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

Term = NamedNode | BlankNode | Literal
Row = tuple[Term | None, ...]
Graph = frozenset[Triple]

_RS: Final = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_XML: Final = "{http://www.w3.org/2005/sparql-results#}"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_MARK: Final = NamedNode("x:row")
_ABBREVIATED: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class Table:
    """The solutions of a SELECT: a row has one place for each variable, ``None`` where it is not bound."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]

    def arranged(self, variables: tuple[str, ...]) -> Table:
        """The same solutions with the columns in the order of *variables*."""
        places = [self.variables.index(one) for one in variables]
        return Table(variables, tuple(tuple(row[place] for place in places) for row in self.rows))


@dataclass(frozen=True)
class Cells:
    """The solutions as CSV has them: characters, and no telling what they were."""

    variables: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def arranged(self, variables: tuple[str, ...]) -> Cells:
        """The same cells with the columns in the order of *variables*."""
        places = [self.variables.index(one) for one in variables]
        return Cells(variables, tuple(tuple(row[place] for place in places) for row in self.rows))


Answer = Table | Cells | bool | Graph


def read_json(data: bytes) -> Table | bool:
    """Read SPARQL 1.1 Query Results JSON (https://www.w3.org/TR/sparql11-results-json/)."""
    document = json.loads(data)
    if "boolean" in document:
        assert isinstance(document["boolean"], bool)
        return document["boolean"]
    variables = tuple(document["head"].get("vars", ()))
    blanks: dict[str, BlankNode] = {}
    rows = (
        tuple(_json_term(one[name], blanks) if name in one else None for name in variables)
        for one in document["results"]["bindings"]
    )
    return Table(variables, tuple(rows))


def _json_term(one: dict[str, str], blanks: dict[str, BlankNode]) -> Term:
    match one["type"]:
        case "uri":
            return NamedNode(one["value"])
        case "bnode":
            return blanks.setdefault(one["value"], BlankNode())
        case "literal" | "typed-literal":
            return _literal(one["value"], one.get("xml:lang"), one.get("datatype"))
    raise AssertionError(f"{one['type']} is no kind of term")


def _literal(value: str, language: str | None, datatype: str | None) -> Literal:
    if language:
        return Literal(value, language=language)
    return Literal(value, datatype=NamedNode(datatype)) if datatype else Literal(value)


def read_xml(data: bytes) -> Table | bool:
    """Read SPARQL Query Results XML (https://www.w3.org/TR/rdf-sparql-XMLres/)."""
    root = ET.fromstring(data)  # noqa: S314  # the suite's and our own
    assert root.tag == f"{_XML}sparql"
    said = root.find(f"{_XML}boolean")
    if said is not None:
        return {"true": True, "false": False}[(said.text or "").strip()]
    variables = tuple(one.attrib["name"] for one in root.findall(f"{_XML}head/{_XML}variable"))
    blanks: dict[str, BlankNode] = {}
    rows = []
    for result in root.findall(f"{_XML}results/{_XML}result"):
        bound = {one.attrib["name"]: _xml_term(one[0], blanks) for one in result}
        assert set(bound) <= set(variables), "a variable is bound that the head does not name"
        rows.append(tuple(bound.get(name) for name in variables))
    return Table(variables, tuple(rows))


def _xml_term(element: ET.Element, blanks: dict[str, BlankNode]) -> Term:
    text = element.text or ""
    match element.tag.removeprefix(_XML):
        case "uri":
            return NamedNode(text)
        case "bnode":
            return blanks.setdefault(text, BlankNode())
        case "literal":
            return _literal(text, element.get(_LANG), element.get("datatype"))
    raise AssertionError(f"{element.tag} is no kind of term")


def read_tsv(data: bytes) -> Table:
    """Read SPARQL 1.1 Query Results TSV (https://www.w3.org/TR/sparql11-results-csv-tsv/, section 4)."""
    head, *lines = data.decode("utf-8").removesuffix("\n").split("\n")
    names = head.rstrip("\r").split("\t") if head.strip() else []
    assert all(one.startswith("?") for one in names), f"{head!r} names no variables"
    blanks: dict[str, BlankNode] = {}
    rows = []
    for line in lines:
        cells = line.rstrip("\r").split("\t") if names else []
        assert len(cells) == len(names), f"{line!r} has not {len(names)} cells"
        rows.append(tuple(_tsv_term(one, blanks) if one else None for one in cells))
    return Table(tuple(one.removeprefix("?") for one in names), tuple(rows))


def _tsv_term(cell: str, blanks: dict[str, BlankNode]) -> Term:
    if cell.startswith("_:"):
        return blanks.setdefault(cell, BlankNode())
    # Turtle has no way to leave the point of "1." to a number; SPARQL reads it as a decimal.
    text = f"{cell}0" if _ABBREVIATED.fullmatch(cell) and cell.endswith(".") else cell
    (quad,) = parse(f"<x:s> <x:p> {text} .", format=RdfFormat.TURTLE)
    assert isinstance(quad.object, NamedNode | Literal)
    return quad.object


def read_csv(data: bytes) -> Cells:
    """Read SPARQL 1.1 Query Results CSV (https://www.w3.org/TR/sparql11-results-csv-tsv/, section 3)."""
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
    # A row of one empty cell and a row of no cells are written alike: an empty line.
    filled = tuple(tuple(row) if row else ("",) * len(head) for row in rows)
    assert all(len(row) == len(head) for row in filled)
    return Cells(tuple(head), filled)


def cells_of(table: Table) -> Cells:
    """Return *table* as CSV would have it; blank nodes keep their labels."""
    rows = tuple(tuple(_cell(term) for term in row) for row in table.rows)
    return Cells(table.variables, rows)


def _cell(term: Term | None) -> str:
    if term is None:
        return ""
    return f"_:{term.value}" if isinstance(term, BlankNode) else term.value


def read_graph(data: bytes, form: RdfFormat, base: str | None = None) -> Graph:
    """Read RDF that is one graph."""
    return frozenset(quad.triple for quad in parse(data, format=form, base_iri=base))


def read_expected(path: Path, base: str) -> Answer:
    """Return the result a test expects, by the ending of its file; *base* is the IRI of the file."""
    data = path.read_bytes()
    match path.suffix:
        case ".srx":
            return read_xml(data)
        case ".srj":
            return read_json(data)
        case ".tsv":
            return read_tsv(data)
        case ".csv":
            return read_csv(data)
    form = RdfFormat.from_extension(path.suffix[1:])
    assert form is not None, f"{path} has an ending nobody knows"
    graph = read_graph(data, form, base)
    is_result_set = any(one.object == NamedNode(f"{_RS}ResultSet") for one in graph)
    return _result_set(graph) if is_result_set else graph


def _result_set(graph: Graph) -> Table | bool:
    """Read a result set written as RDF (https://www.w3.org/2001/sw/DataAccess/tests/result-set)."""
    store = Store()
    store.extend(Quad(one.subject, one.predicate, one.object) for one in graph)
    said = next(_all(store, None, "boolean"), None)
    if isinstance(said, Literal):
        return said.value in {"true", "1"}
    variables = tuple(sorted(one.value for one in _all(store, None, "resultVariable")))
    solutions = sorted(_all(store, None, "solution"), key=lambda one: _index(store, one))
    rows = []
    for solution in solutions:
        bound = {}
        for binding in _all(store, solution, "binding"):
            (name,) = _all(store, binding, "variable")
            (bound[name.value],) = _all(store, binding, "value")
        rows.append(tuple(bound.get(name) for name in variables))
    return Table(variables, tuple(rows))


def _index(store: Store, solution: Term) -> int:
    return next((int(one.value) for one in _all(store, solution, "index")), 0)


def _all(store: Store, subject: Any, name: str) -> Iterator[Any]:  # noqa: ANN401  # whatever stands there
    return (one.object for one in store.quads_for_pattern(subject, NamedNode(_RS + name), None))
