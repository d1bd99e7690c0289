"""The rules that stand in the shapes: each shape with a ``rule:code`` carries its own record.

See shapes/rules.ttl for the words such a record is written in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cicakg.checks.rules import Rule, one_line
from cicakg.errors import CicakgError
from cicakg.model import Severity
from cicakg.paths import DatasetFolder
from cicakg.turtle import TurtleDocument, TurtleFault, read_turtle
from cicakg.vocab import BASE, PREFIXES

_RULE: Final = BASE + "shapes#"
_SH: Final = PREFIXES["sh"]
_CODE: Final = NamedNode(_RULE + "code")
_AT: Final = NamedNode(_RULE + "at")
_SEVERITIES: Final = {
    NamedNode(_SH + "Violation"): Severity.VIOLATION,
    NamedNode(_SH + "Warning"): Severity.WARNING,
    NamedNode(_SH + "Info"): Severity.INFO,
}

ShapeNode = NamedNode | BlankNode | Triple


@dataclass(frozen=True)
class ShapeRules:
    """The rules of a set of shapes, by the shape that carries them.

    ``parents`` leads from a nested shape to the ones that use it, ``at`` from a rule's shape to the
    predicate its findings point to.
    """

    rules: Mapping[ShapeNode, Rule]
    parents: Mapping[object, tuple[ShapeNode, ...]]
    at: Mapping[ShapeNode, NamedNode]

    def home(self, shape: object) -> ShapeNode | None:
        """Return the shape whose rule *shape* belongs to: itself, or the nearest shape that uses it."""
        waiting = [shape]
        seen: set[object] = set()
        for node in waiting:
            if isinstance(node, NamedNode | BlankNode) and node in self.rules:
                return node
            if node not in seen:
                seen.add(node)
                waiting.extend(self.parents.get(node, ()))
        return None


def shape_rules_of(documents: Iterable[TurtleDocument]) -> ShapeRules:
    """Collect the rules that the shapes in *documents* carry."""
    values: defaultdict[ShapeNode, dict[str, list[object]]] = defaultdict(dict)
    parents: defaultdict[object, tuple[ShapeNode, ...]] = defaultdict(tuple)
    for one in (triple for document in documents for triple in document.statements):
        values[one.subject].setdefault(one.predicate.value, []).append(one.object)
        if not isinstance(one.object, Literal):
            parents[one.object] += (one.subject,)
    coded = {node: record for node, record in values.items() if _CODE.value in record}
    return ShapeRules(
        rules={node: _rule(record) for node, record in coded.items()},
        parents=dict(parents),
        at={
            node: predicate
            for node, record in coded.items()
            for predicate in record.get(_AT.value, [])
            if isinstance(predicate, NamedNode)
        },
    )


def codes_in(document: TurtleDocument) -> Iterator[str]:
    """Yield the codes of the rules that the shapes in *document* carry."""
    for one in document.statements:
        if one.predicate == _CODE and isinstance(one.object, Literal):
            yield one.object.value


def _rule(record: Mapping[str, list[object]]) -> Rule:
    severities = [
        _SEVERITIES.get(one, Severity.VIOLATION)
        for one in record.get(_SH + "severity", [])
        if isinstance(one, NamedNode)
    ]
    return Rule(
        code=_text(record, _CODE.value),
        severity=severities[0] if severities else Severity.VIOLATION,
        message=one_line(_text(record, _SH + "message")),
        what=one_line(_text(record, _RULE + "what")),
        why=one_line(_text(record, _RULE + "why")),
        example=_text(record, _RULE + "example").strip("\n"),
        fix=one_line(_text(record, _RULE + "fix")),
        messages=_translations(record, _SH + "message"),
        fixes=_translations(record, _RULE + "fix"),
    )


def _text(record: Mapping[str, list[object]], predicate: str) -> str:
    """Return the English text of *predicate*, or the first in any language; empty where there is none."""
    found = [one for one in record.get(predicate, []) if isinstance(one, Literal)]
    english = [one for one in found if one.language in (None, "en")]
    return (english or found)[0].value if found else ""


def _translations(record: Mapping[str, list[object]], predicate: str) -> dict[str, str]:
    """Return the texts of *predicate* in other languages than English, by tag."""
    found = (one for one in record.get(predicate, []) if isinstance(one, Literal))
    return {one.language: one_line(one.value) for one in found if one.language not in (None, "en")}


def read_shape_rules(folder: DatasetFolder) -> dict[str, Rule]:
    """Return the rules of the shapes of *folder* by code.

    Raises :class:`CicakgError` (``dataset-broken``) where a file of shapes cannot be read.
    """
    documents = []
    for path in sorted(folder.shapes.glob("*.ttl")):
        try:
            documents.append(read_turtle(path.read_bytes()))
        except TurtleFault as fault:
            place = f"{path}:{fault.position.line}:{fault.position.column}"
            raise CicakgError("dataset-broken", f"{place}: {fault.message}", fault.fix) from None
    rules = shape_rules_of(documents).rules.values()
    return {one.code: one for one in sorted(rules, key=lambda rule: rule.code)}
