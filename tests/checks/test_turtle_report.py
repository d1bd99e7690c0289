"""A report as a SHACL validation report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyshacl
import rdflib
from made_reports import FINDING, report_of, report_on
from rdflib import RDF, SH
from toy_repository import Toy

from cicakg.checks.renderers import View
from cicakg.checks.renderers.turtle_report import turtle_text
from cicakg.checks.report import Report
from cicakg.corpus import read_corpus, span_quads
from cicakg.model import Severity, ShaclResult
from cicakg.paths import DatasetFolder

HERE = View(Path("/nowhere"))
PARTS = (SH.focusNode, SH.resultPath, SH.value, SH.sourceConstraintComponent, SH.resultSeverity)


def graph_of(report: Report, view: View = HERE) -> rdflib.Graph:
    """Return the report as a graph."""
    return rdflib.Graph().parse(data=turtle_text(report, view), format="turtle")


def results_of(graph: rdflib.Graph) -> list[tuple[str, ...]]:
    """Return the results a report in *graph* names, sorted, each by its terms."""
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    return sorted(
        tuple(str(graph.value(node, part)) for part in PARTS) for node in graph.objects(report, SH.result)
    )


def test_the_results_are_those_of_plain_pyshacl(toy: Toy) -> None:
    """Focus node, path, value, component and severity are what pySHACL reports on the merged files."""
    toy.replace("ms", "dcterms:title", "dcterms:publisher")
    data, shapes = rdflib.Graph(), rdflib.Graph()
    for file in read_corpus(DatasetFolder(toy.root)).files:
        data.parse(file.path)
        data.parse(data="".join(f"{one.triple} .\n" for one in span_quads(file)), format="nt")
    for path in sorted(toy.root.glob("shapes/*.ttl")):
        if not path.name.startswith("corpus"):
            shapes.parse(path)
    _, expected, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True, inference="none")
    assert isinstance(expected, rdflib.Graph)
    assert len(results_of(expected)) == 2
    assert results_of(graph_of(toy.check(), View(toy.root))) == results_of(expected)


def test_a_report_without_findings_conforms(toy: Toy) -> None:
    """sh:conforms is true exactly where there are no results."""
    assert graph_of(toy.check()).value(predicate=SH.conforms, object=rdflib.Literal(True)) is not None
    (conforms,) = graph_of(report_on(replace(FINDING, severity=Severity.INFO))).objects(None, SH.conforms)
    assert conforms.toPython() is False  # type: ignore[attr-defined]


def test_a_finding_of_no_shape_is_a_result_of_its_rule() -> None:
    """A finding of a file has its focus, severity, message, place and the IRI of its rule."""
    graph = graph_of(report_of('It is "wrong"\\ here.'))
    (node,) = graph.subjects(RDF.type, SH.ValidationResult)
    assert graph.value(node, SH.focusNode) == rdflib.URIRef("http://e/x")
    assert graph.value(node, SH.sourceShape) == rdflib.URIRef("https://w3id.org/cicakg/shapes#SomeRule")
    assert graph.value(node, SH.resultSeverity) == SH.Violation
    assert graph.value(node, SH.resultMessage) == rdflib.Literal('It is "wrong"\\ here.', lang="en")
    assert graph.value(node, rdflib.RDFS.comment) == rdflib.Literal("a.ttl:1:8")


def test_a_file_that_cannot_be_read_is_a_focus_node() -> None:
    """Without a focus the file is the focus node: every result has exactly one."""
    finding = replace(FINDING, focus="", file=Path("/nowhere/data/a b.ttl"))
    graph = graph_of(report_on(finding))
    assert list(graph.objects(None, SH.focusNode)) == [
        rdflib.URIRef("https://w3id.org/cicakg/data/a%20b.ttl")
    ]


def test_blank_nodes_of_the_data_stay_apart() -> None:
    """A blank focus node is one node in all its results and none of the report's own."""
    results = tuple(
        ShaclResult("_:b0", "<http://e/p>", value, "<http://www.w3.org/ns/shacl#InConstraintComponent>", "")
        for value in ('"1"', "_:b1")
    )
    graph = graph_of(report_on(replace(FINDING, results=results)))
    nodes = set(graph.subjects(RDF.type, None))
    focuses = set(graph.objects(None, SH.focusNode))
    assert (len(nodes), len(focuses)) == (3, 1)
    assert not nodes & focuses
    assert not nodes & set(graph.objects(None, SH.value))


def test_the_order_is_not_that_of_the_findings() -> None:
    """The same findings give the same bytes in whatever order they were found."""
    other = replace(FINDING, code="other-rule", focus="http://e/a")
    assert turtle_text(report_on(FINDING, other), HERE) == turtle_text(report_on(other, FINDING), HERE)


def test_a_path_of_several_steps_is_written_out(toy: Toy) -> None:
    """A complex sh:resultPath comes back as the path of the shape."""
    toy.write(
        "shapes/corpus-steps.ttl",
        "@prefix cica: <https://w3id.org/cicakg/ontology#> .\n"
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
        "@prefix rule: <https://w3id.org/cicakg/shapes#> .\n"
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "rule:Steps a sh:NodeShape ; sh:targetClass cica:AnnotationSet ; sh:property [\n"
        "  sh:path ( [ sh:inversePath rdf:type ] [ sh:alternativePath ( rdf:type cica:place ) ] ) ;\n"
        '  sh:minCount 1 ] ; sh:message "No."@en ; sh:severity sh:Violation ; rule:code "steps" ;\n'
        '  rule:what "w"@en ; rule:why "y"@en ; rule:example "e"@en ; rule:fix "f"@en .\n',
    )
    graph = graph_of(toy.check(), View(toy.root))
    path = next(graph.objects(None, SH.resultPath))
    first, second = graph.items(path)
    assert graph.value(first, SH.inversePath) == RDF.type
    alternatives = graph.value(second, SH.alternativePath)
    assert alternatives is not None
    assert next(iter(graph.items(alternatives))) == RDF.type
