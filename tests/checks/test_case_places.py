"""Every rule of the shapes, on the smallest data that breaks it: found by the checker, at its line.

``tests/cases/<code>/`` holds ``fail.ttl`` and ``pass.ttl``, with a second article in ``fail-2.ttl`` and
``pass-2.ttl`` where a rule needs two. A bad line ends in ``# error: <code>``. The cases speak of what is
described in ``background.ttl`` and used in ``companion.ttl``; ``header.ttl`` describes the article of a case
that does not itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import NamedNode, Triple

from cicakg.checks.engines.port import DataGraph, Engine
from cicakg.checks.locate import Locator
from cicakg.checks.shapes import shape_findings
from cicakg.corpus import SourceFile, span_quads
from cicakg.model import FileKind, Finding
from cicakg.turtle import TurtleDocument, read_turtle
from cicakg.vocab import term

PROJECT: Final = Path(__file__).resolve().parents[2]
CASES: Final = PROJECT / "tests" / "cases"
BASE: Final = "https://w3id.org/cicakg/article/2020-en-case"
CODES: Final = sorted(path.name for path in CASES.iterdir() if path.is_dir())
EXPECTED: Final = re.compile(r"# error: ([a-z0-9-]+)\s*$")

# What the rules do not look at in the ontology: left out, so that two hundred runs stay quick.
WORDS: Final = {term(one) for one in ("rdfs:label", "rdfs:isDefinedBy", "skos:definition", "skos:example")}


def source(path: Path) -> SourceFile:
    """Read one file of a case as an article's."""
    return SourceFile(path, FileKind.ARTICLE, NamedNode(BASE), read_turtle(path.read_bytes(), BASE))


def triples(files: Iterable[SourceFile]) -> list[Triple]:
    """Return the triples of *files*, with those derived for their spans."""
    written = [one.triple for file in files for one in file.document.triples]
    return written + [quad.triple for file in files for quad in span_quads(file)]


@cache
def background() -> tuple[Triple, ...]:
    """The ontology, and what the cases speak of."""
    paths = [*sorted((PROJECT / "ontology").glob("*.ttl")), CASES / "background.ttl", CASES / "companion.ttl"]
    found = triples([source(path) for path in paths])
    return tuple(one for one in found if one.predicate not in WORDS)


@cache
def shapes() -> tuple[TurtleDocument, ...]:
    """All shapes: those of one article and those of the whole."""
    return tuple(read_turtle(path.read_bytes()) for path in sorted((PROJECT / "shapes").glob("*.ttl")))


def findings_in(code: str, name: str, engine: Engine) -> tuple[list[Finding], Locator]:
    """Return the findings in the case *name* of the rule *code*, and what knows where its terms stand."""
    files = [source(path) for path in sorted((CASES / code).glob(f"{name}*.ttl"))]
    if not any(
        re.search("^<> a cica:Article", file.document.source.text, re.MULTILINE) for file in files[:1]
    ):
        files.append(source(CASES / "header.ttl"))
    locator = Locator(files)
    found = shape_findings(
        DataGraph([*background(), *triples(files)]), shapes(), locator, CASES / "nowhere.ttl", engine
    )
    return found, locator


def marks_in(code: str, name: str) -> set[tuple[str, str, int]]:
    """Return code, file and line of each line that is marked as bad."""
    return {
        (marked[1], path.name, number)
        for path in (CASES / code).glob(f"{name}*.ttl")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (marked := EXPECTED.search(line))
    }


def mark_of(finding: Finding, marks: set[tuple[str, str, int]], locator: Locator) -> tuple[str, str, int]:
    """Return the mark that *finding* answers: on its line, or on the first line of the block it stands in.

    A finding that has no one value (there is none, or there are two) points to the predicate in the block.
    """
    here = (finding.code, finding.file.name, finding.position.line)
    if here in marks:
        return here
    block = locator.place(NamedNode(finding.focus))
    assert block is not None
    return finding.code, block.file.name, block.position.line


@pytest.mark.parametrize("code", CODES)
def test_what_breaks_a_rule_is_found_where_it_is_marked(code: str, engine: Engine) -> None:
    """The case that breaks a rule gives exactly the findings that its lines are marked with."""
    found, locator = findings_in(code, "fail", engine)
    marks = marks_in(code, "fail")
    assert marks
    assert {mark_of(one, marks, locator) for one in found} == marks
    assert len(found) == len(marks)
