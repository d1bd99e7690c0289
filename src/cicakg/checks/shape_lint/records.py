"""The record of a rule in its shape: its code, its words and its cases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from cicakg.checks.catalogue import CATALOGUE
from cicakg.checks.shape_catalogue import SHAPE_CASE, SHAPE_CODE, SHAPE_RECORD
from cicakg.checks.shape_lint.references import has_target
from cicakg.checks.shape_lint.shape_files import RULE, SH, Node, Said, ShapeFiles, sh
from cicakg.model import Finding

_KEBAB: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CODE: Final = RULE + "code"
_WORDS: Final = {
    SH + "message": "sh:message",
    RULE + "what": "rule:what",
    RULE + "why": "rule:why",
    RULE + "example": "rule:example",
    RULE + "fix": "rule:fix",
}
_SEVERITIES: Final = sh("Violation", "Warning", "Info")
_CASES: Final = ("fail.ttl", "pass.ttl")


def record_findings(files: ShapeFiles) -> Iterator[Finding]:
    """Yield what is wrong with the records of the rules."""
    known: dict[str, Node] = {}
    for shape in files.shapes:
        codes = tuple(files.of(shape, _CODE))
        if codes:
            yield from _of_codes(codes, known)
            yield from _of_words(files, shape)
            yield from _of_severity(files, shape)
        elif has_target(files, shape):
            yield files.by_subject[shape][0].at_subject(SHAPE_CODE)
    yield from _of_cases(files)


def _of_codes(codes: tuple[Said, ...], known: dict[str, Node]) -> Iterator[Finding]:
    first, *others = codes
    yield from (one.at_object(SHAPE_CODE, "second", code=one.text) for one in others)
    case = _fault_of(first, known)
    if case:
        name = "rule:" + _name_of(first.text)
        yield first.at_object(SHAPE_CODE, case, code=first.text, name=name)
    known.setdefault(first.text, first.subject)


def _fault_of(one: Said, known: dict[str, Node]) -> str:
    """Return the case of the rule about codes that *one* is; empty where it is a good code."""
    if not _KEBAB.fullmatch(one.text):
        return "form"
    if one.text in CATALOGUE:
        return "check"
    if one.text in known:
        return "twice"
    return "" if one.subject == NamedNode(RULE + _name_of(one.text)) else "name"


def _name_of(code: str) -> str:
    return "".join(part.capitalize() for part in code.split("-"))


def _of_words(files: ShapeFiles, shape: Node) -> Iterator[Finding]:
    for predicate, name in _WORDS.items():
        english = [one for one in files.of(shape, predicate) if _is_english(one)]
        if not english:
            yield files.by_subject[shape][0].at_subject(SHAPE_RECORD, property=name)
            continue
        if not english[0].text.strip():
            yield english[0].at_object(SHAPE_RECORD, "empty", property=name)
        yield from (one.at_object(SHAPE_RECORD, "second", property=name) for one in english[1:])


def _is_english(one: Said) -> bool:
    return isinstance(one.value, Literal) and one.value.language == "en"


def _of_severity(files: ShapeFiles, shape: Node) -> Iterator[Finding]:
    found = tuple(files.of(shape, SH + "severity"))
    if not found:
        yield files.by_subject[shape][0].at_subject(SHAPE_RECORD, "severity")
    yield from (one.at_object(SHAPE_RECORD, "severity-second") for one in found[1:])
    for one in found:
        if one.text not in _SEVERITIES:
            yield one.at_object(SHAPE_RECORD, "severity-unknown", severity=one.value)


def _of_cases(files: ShapeFiles) -> Iterator[Finding]:
    """Yield the rules without cases, where the dataset's folder has tests/cases."""
    for one in files.triples:
        folder = one.path.parent.parent / "tests" / "cases"
        if one.predicate != _CODE or not _KEBAB.fullmatch(one.text) or not folder.is_dir():
            continue
        for name in _CASES:
            if not (folder / one.text / name).is_file():
                file = f"tests/cases/{one.text}/{name}"
                yield one.at_object(SHAPE_CASE, code=one.text, file=file)
