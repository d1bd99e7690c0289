"""The cases of tests/cases, and two ways to run the shapes on one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import rdflib
from pyoxigraph import Literal, NamedNode, Triple
from pyshacl import validate
from rdflib import SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

from cicakg.checks.graphs import quiet_rdflib, rdflib_graph, to_rdflib
from cicakg.turtle import LocatedTriple, read_turtle
from cicakg.vocab import PREFIXES, term

PROJECT: Final = Path(__file__).resolve().parent.parent
SHAPES: Final = PROJECT / "shapes"
CASES: Final = PROJECT / "tests" / "cases"
CASE_BASE: Final = "https://w3id.org/cicakg/article/2020-en-case"
RULE: Final = rdflib.Namespace("https://w3id.org/cicakg/shapes#")

_SPAN: Final = re.compile(r"^(.*)#char=([0-9]+),([0-9]+)$")
_DESCRIBES_ITS_ARTICLE: Final = re.compile(r"^<> a cica:Article", re.MULTILINE)
# What the ontology says in words is left out of the cases' background: no rule reads it, and it costs time.
_WORDS: Final = {
    term(name)
    for name in ("rdfs:label", "skos:prefLabel", "skos:definition", "skos:example", "rdfs:isDefinedBy")
}


@dataclass(frozen=True, order=True)
class Fired:
    """A rule that fired, and where: its code, the name of the file and the line."""

    code: str
    file: str
    line: int


@dataclass(frozen=True)
class Case:
    """The files of one side of a case, failing or passing."""

    code: str
    files: tuple[Path, ...]

    def marked(self) -> list[Fired]:
        """Return what the case's own marks (``# error: CODE``) announce."""
        return sorted(
            Fired(found[1], path.name, number)
            for path in self.files
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if (found := re.search(r"# error: ([a-z-]+)$", line))
        )


def case(code: str, side: str) -> Case:
    """Return one side, ``fail`` or ``pass``, of the case of the rule *code*."""
    names = (f"{side}.ttl", f"{side}-2.ttl")
    return Case(code, tuple(path for name in names if (path := CASES / code / name).is_file()))


class PreparedGraph(rdflib.Graph):
    """An rdflib graph that parses each query text once; the evaluation is rdflib's own."""

    def query(
        self,
        query_object: str | Query,
        processor: Any = "sparql",  # noqa: ANN401, ARG002
        result: Any = "sparql",  # noqa: ANN401, ARG002
        initNs: Any = None,  # noqa: ANN401, N803, ARG002
        initBindings: Any = None,  # noqa: ANN401, N803
        use_store_provided: bool = True,
        **options: Any,  # noqa: ANN401
    ) -> Result:
        """Answer the query with rdflib's engine."""
        prepared = _prepared(str(query_object))
        return super().query(
            prepared, initBindings=initBindings, use_store_provided=use_store_provided, **options
        )


@cache
def _prepared(text: str) -> Query:
    return prepareQuery(text)


@cache
def background() -> tuple[LocatedTriple, ...]:
    """Return what every case stands on: the ontology, the toy things, and an article that speaks of them."""
    paths = [*sorted((PROJECT / "ontology").glob("*.ttl")), CASES / "background.ttl", CASES / "companion.ttl"]
    entities = (CASES / "background.ttl").name
    return tuple(
        one
        for path in paths
        for one in read_turtle(path.read_bytes()).triples
        if path.name == entities or one.triple.predicate not in _WORDS
    )


@cache
def shapes_graph() -> rdflib.Graph:
    """Return all shapes as rdflib reads them."""
    graph = rdflib.Graph()
    for path in sorted(SHAPES.glob("*.ttl")):
        graph.parse(path)
    return graph


def derived(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield what the tool derives from a span's IRI (docs/annotating.md, "Spans")."""
    for one in triples:
        named = isinstance(one.object, NamedNode) and one.predicate.value.startswith(PREFIXES["cica"])
        if named and (found := _SPAN.match(str(getattr(one.object, "value", "")))):
            span = NamedNode(found[0])
            yield Triple(span, term("rdf:type"), term("cica:Span"))
            yield Triple(span, term("oa:hasSource"), NamedNode(found[1]))
            yield Triple(span, term("oa:start"), Literal(int(found[2])))
            yield Triple(span, term("oa:end"), Literal(int(found[3])))


def _by_rdflib(triples: Iterable[Triple]) -> rdflib.Graph:
    graph = PreparedGraph()
    for one in triples:
        graph.add((to_rdflib(one.subject), to_rdflib(one.predicate), to_rdflib(one.object)))
    return graph


ENGINES: Final[dict[str, Callable[[Iterable[Triple]], rdflib.Graph]]] = {
    "rdflib": _by_rdflib,
    "pyoxigraph": rdflib_graph,
}


def run_case(one: Case, engine: str) -> list[Fired]:
    """Return what all shapes together report on *one*, over the toy background, with *engine* for SPARQL."""
    located = [(path.name, here) for path in one.files for here in read_turtle(path.read_bytes()).triples]
    triples = [here.triple for here in background()] + [here.triple for _, here in located]
    if not _DESCRIBES_ITS_ARTICLE.search(one.files[0].read_text(encoding="utf-8")):
        header = read_turtle((CASES / "header.ttl").read_bytes(), CASE_BASE)
        triples += [here.triple for here in header.triples]
    triples += list(derived(triples))
    with quiet_rdflib():
        data = ENGINES[engine](triples)
        _, report, _ = validate(data, shacl_graph=shapes_graph(), advanced=True, inplace=True)
    assert isinstance(report, rdflib.Graph), report
    results = report.objects(None, SH.result)
    return sorted(_fired(report, result, located) for result in results)


def _fired(report: rdflib.Graph, result: rdflib.term.Node, located: list[tuple[str, LocatedTriple]]) -> Fired:
    shape = report.value(result, SH.sourceShape)
    parts = (report.value(result, part) for part in (SH.focusNode, SH.resultPath, SH.value))
    focus, path, value = ("" if part is None else str(part) for part in parts)
    code = str(shapes_graph().value(shape, RULE.code))
    for name, here in located:
        spoken = tuple(
            str(getattr(part, "value", part))
            for part in (here.triple.subject, here.triple.predicate, here.triple.object)
        )
        if spoken == (focus, path, value):
            return Fired(code, name, here.object.line)
    for name, here in located:
        if str(getattr(here.triple.subject, "value", "")) == focus:
            return Fired(code, name, here.subject.line)
    return Fired(code, f"not in the case: {focus}", 0)


def rules() -> dict[str, rdflib.term.Node]:
    """Return the shape of each rule code."""
    return {str(code): shape for shape, code in shapes_graph().subject_objects(RULE.code)}


def queries() -> dict[str, str]:
    """Return the text of every query in the shapes with its prefixes, by the rule's code and its use."""
    graph = shapes_graph()
    declared = "".join(
        f"PREFIX {graph.value(one, SH.prefix)}: <{graph.value(one, SH.namespace)}>\n"
        for one in sorted(graph.objects(RULE.Prefixes, SH.declare), key=str)
    )
    found = {}
    for code, shape in rules().items():
        for use in (SH.target, SH.sparql):
            for node in graph.objects(shape, use):
                found[f"{code} {str(use).rsplit('#')[-1]}"] = f"{declared}{graph.value(node, SH.select)}"
    return found


def shacl_terms() -> set[str]:
    """Return the IRIs of SHACL's namespace that rdflib's own copy of the vocabulary knows."""
    known: set[str] = set()
    for one in shapes_graph().all_nodes() | set(shapes_graph().predicates()):
        if str(one).startswith(str(SH)):
            with suppress(AttributeError):
                known.add(str(SH[str(one).removeprefix(str(SH))]))
    return known
