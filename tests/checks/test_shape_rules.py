"""The records that the shapes carry."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

from cicakg.checks.engines.port import DataGraph, Engine
from cicakg.checks.locate import Locator
from cicakg.checks.rules import one_line
from cicakg.checks.shape_rules import read_shape_rules, shape_rules_of
from cicakg.checks.shapes import shape_findings
from cicakg.corpus import SourceFile
from cicakg.errors import CicakgError
from cicakg.model import FileKind, Severity
from cicakg.paths import DatasetFolder
from cicakg.turtle import read_turtle

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rule: <https://w3id.org/cicakg/shapes#> .
@prefix : <http://e/> .
"""
SHAPE = ''':S a sh:NodeShape ; sh:targetClass :C ; sh:severity sh:Warning ; rule:code "some-rule" ;
  sh:message "Es fehlt."@de , """It is
    missing."""@en ; rule:what "w" ; rule:why "y" ; rule:example "e" ; rule:fix "Add it." ;
  sh:property [ sh:path :p ; sh:minCount 1 ; sh:message "No p."@en ] ;
  sh:property [ sh:path :q ; sh:hasValue "x" ] .
'''
DATA = ":n a :C ;\n  :q 'y' ."


def file_of(text: str) -> SourceFile:
    """Return *text* as an article's file."""
    return SourceFile(Path("f.ttl"), FileKind.ARTICLE, NamedNode("http://g/"), read_turtle(text.encode()))


def test_a_record_is_read_in_english_and_on_one_line() -> None:
    """Severity and texts come from the shape; of several languages English is taken."""
    rules = shape_rules_of([read_turtle((PREFIXES + SHAPE).encode())])
    rule = rules.rules[NamedNode("http://e/S")]
    assert (rule.code, rule.severity, rule.message) == ("some-rule", Severity.WARNING, "It is missing.")


def test_a_nested_shape_belongs_to_the_rule_that_uses_it(engine: Engine) -> None:
    """A result of a property without a code is reported under the code and severity of its shape."""
    data = file_of("@prefix : <http://e/> .\n" + DATA)
    triples: list[Triple] = [one.triple for one in data.document.triples]
    found = shape_findings(
        DataGraph(triples),
        [read_turtle((PREFIXES + SHAPE).encode())],
        Locator([data]),
        Path("other.ttl"),
        engine,
    )
    assert {(one.code, one.severity) for one in found} == {("some-rule", Severity.WARNING)}
    assert [(one.position.line, one.position.column) for one in found] == [(2, 1), (3, 3)]
    assert found[0].message == "No p."


@pytest.mark.parametrize(("at", "line"), [("", 1), ("rule:at :q ;", 3)])
def test_a_rule_may_say_which_predicate_it_points_to(at: str, line: int, engine: Engine) -> None:
    """A result without a path points to the subject, or to the predicate that rule:at names."""
    shape = f':S a sh:NodeShape ; sh:targetClass :C ; {at} sh:in () ; rule:code "r" .'
    data = file_of("@prefix : <http://e/> . :n a :C ;\n\n  :q 'y' .")
    triples = [one.triple for one in data.document.triples]
    found = shape_findings(
        DataGraph(triples), [read_turtle((PREFIXES + shape).encode())], Locator([data]), Path("o"), engine
    )
    assert [one.position.line for one in found] == [line]


def test_a_shape_without_a_code_is_not_lost(engine: Engine) -> None:
    """Its result is a finding that says that the shape needs a code."""
    shape = ":S a sh:NodeShape ; sh:targetClass :C ; sh:in () ; sh:severity sh:Info ."
    data = file_of("@prefix : <http://e/> .\n:n a :C .")
    triples = [one.triple for one in data.document.triples]
    found = shape_findings(
        DataGraph(triples), [read_turtle((PREFIXES + shape).encode())], Locator([data]), Path("o"), engine
    )
    assert [(one.code, one.severity) for one in found] == [("shape-without-code", Severity.INFO)]


@pytest.mark.parametrize(
    "shape",
    [
        ":S a sh:NodeShape ; sh:targetClass :C ; sh:sparql [] .",
        ':S a sh:NodeShape ; sh:targetClass :C ; sh:sparql [ sh:select "SELECT $this FROM <x:y> {}" ] .',
        ":S a sh:PropertyShape ; sh:targetClass :C ; sh:minCount 1 .",
        ":S a sh:NodeShape ; sh:targetClass :C ; sh:rule [] .",
    ],
)
def test_shapes_that_cannot_be_run_are_an_error(shape: str, engine: Engine) -> None:
    """A shape that SHACL does not allow stops the check with a sentence, not with a traceback."""
    data = file_of("@prefix : <http://e/> .\n:n a :C .")
    with pytest.raises(CicakgError) as caught:
        shape_findings(
            DataGraph(one.triple for one in data.document.triples),
            [read_turtle((PREFIXES + shape).encode())],
            Locator([data]),
            Path("o"),
            engine,
        )
    assert caught.value.code in {"shapes-broken", "shape-query", "shapes-infer"}


def test_a_broken_file_of_shapes_is_an_error(tmp_path: Path) -> None:
    """The list of rules cannot be made from shapes that cannot be read."""
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes" / "a.ttl").write_text("<x> a")
    with pytest.raises(CicakgError) as caught:
        read_shape_rules(DatasetFolder(tmp_path))
    assert caught.value.code == "dataset-broken"


def test_one_line_keeps_the_words() -> None:
    """A line break with its indentation becomes one space."""
    assert one_line("a  b\n      c\r\nd") == "a  b c d"
