"""A report as a SHACL validation report in Turtle (https://www.w3.org/TR/shacl/#validation-report).

A finding of no shape (a file that cannot be read, an unknown term) is a result, too: its source is the IRI
of its rule, its focus node what the finding is about, or else the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from cicakg.checks.localisation import messages_of
from cicakg.checks.renderers.places import file_address, shown_path
from cicakg.checks.renderers.view import View
from cicakg.checks.report import Report
from cicakg.checks.rules import Rule
from cicakg.model import Finding, Severity, ShaclResult
from cicakg.vocab import BASE, PREFIXES

_SHAPES: Final = f"{BASE}shapes#"
_SEVERITIES: Final = {
    Severity.VIOLATION: "sh:Violation",
    Severity.WARNING: "sh:Warning",
    Severity.INFO: "sh:Info",
}
_NO_SHAPE: Final = f"<{_SHAPES}Check>"
"""The constraint component of what is checked without a shape."""

# The names in our own namespaces are simple enough to be abbreviated by this.
_SHORT: Final = {f"<{PREFIXES['sh']}": "sh:", f"<{_SHAPES}": "rule:"}
_SIMPLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*>")


def turtle_text(report: Report, view: View) -> str:
    """Return *report* as Turtle, sorted. Its nodes are written as ``[ … ]``: no label of theirs can clash
    with that of a blank node of the data.
    """
    results = sorted(text for finding in report.findings for text in _results(report, finding, view))
    opening = f"[] a sh:ValidationReport ;\n    sh:conforms {'false' if results else 'true'}"
    body = "".join(f" ;\n    sh:result [\n{one}\n    ]" for one in results)
    return f"{_head()}\n{opening}{body} .\n"


def _head() -> str:
    prefixes = {"rdfs": PREFIXES["rdfs"], "rule": _SHAPES, "sh": PREFIXES["sh"]}
    return "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes.items())


def _results(report: Report, finding: Finding, view: View) -> Iterator[str]:
    rule = report.rules.get(finding.code)
    messages = messages_of(finding, report.rules)
    for result in finding.results or (_own_result(finding, rule, view),):
        statements = _statements(finding, result, messages, view)
        yield "\n".join(f"        {name} {value} ;" for name, value in statements)


def _own_result(finding: Finding, rule: Rule | None, view: View) -> ShaclResult:
    return ShaclResult(
        focus=_iri(finding.focus or _file_iri(finding, view)),
        path="",
        value="",
        component=_NO_SHAPE,
        shape="" if rule is None else _iri(rule.iri),
    )


def _statements(
    finding: Finding, result: ShaclResult, messages: Mapping[str, str], view: View
) -> Iterator[tuple[str, str]]:
    place = f"{shown_path(finding.file, view.here)}:{finding.position.line}:{finding.position.column}"
    yield "a", "sh:ValidationResult"
    yield "sh:focusNode", result.focus
    terms = {
        "sh:resultPath": result.path,
        "sh:value": result.value,
        "sh:sourceConstraintComponent": _shortened(result.component),
        "sh:sourceShape": _shortened(result.shape),
    }
    yield from ((name, value) for name, value in terms.items() if value)
    yield "sh:resultSeverity", _SEVERITIES[finding.severity]
    said = " , ".join(str(Literal(text, language=tag)) for tag, text in messages.items())
    yield "sh:resultMessage", said
    yield "rule:code", str(Literal(finding.code))
    yield "rdfs:comment", str(Literal(place))


def _file_iri(finding: Finding, view: View) -> str:
    """Return an IRI for a file that could not be read as far as an IRI; the same on every machine."""
    address = file_address(finding.file, view.here)
    return address if address.startswith("file:") else BASE + address


def _iri(text: str) -> str:
    return str(NamedNode(text))


def _shortened(term: str) -> str:
    for opening, prefix in _SHORT.items():
        if term.startswith(opening) and _SIMPLE.fullmatch(term, len(opening)):
            return prefix + term[len(opening) : -1]
    return term
