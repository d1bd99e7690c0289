"""How an IRI is written in a file that has its own prefixes, and where a further one is declared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from cicakg.annotating.articles import prefixed
from cicakg.editor.names import Described
from cicakg.editor.scanning import Scan
from cicakg.vocab import CONCEPT, PREFIXES, term

_SIMPLE: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_\-]*[A-Za-z0-9_])?")
_SCHEME: Final = term("skos:ConceptScheme").value
_LINE_END: Final = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")


@dataclass(frozen=True)
class Spelling:
    """An IRI as written, and the declaration it needs that is not there yet: its prefix and namespace."""

    text: str
    missing: tuple[str, str] | None = None


@dataclass(frozen=True)
class Declaration:
    """The line that declares a prefix, and the offset it goes to."""

    offset: int
    text: str


def known_prefixes(described: Iterable[Described]) -> dict[str, str]:
    """Return the project's prefixes and one for each concept scheme among *described*, with namespaces."""
    schemes = {
        one.iri.removeprefix(CONCEPT): f"{one.iri}/"
        for one in described
        if _SCHEME in one.types and one.iri.startswith(CONCEPT)
    }
    return {**schemes, **PREFIXES}


def spell(iri: str, declared: Mapping[str, str]) -> Spelling:
    """Return how *iri* is written where *declared* are the file's namespaces by prefix."""
    for prefix, namespace in sorted(declared.items(), key=lambda pair: -len(pair[1])):
        local = iri.removeprefix(namespace)
        if namespace and local != iri and _SIMPLE.fullmatch(local):
            return Spelling(f"{prefix}:{local}")
    usual = prefixed(iri)
    prefix, _, local = usual.partition(":")
    if usual.startswith("<") or prefix in declared or not _SIMPLE.fullmatch(local):
        return Spelling(f"<{iri}>")
    return Spelling(usual, (prefix, iri.removesuffix(local)))


def declaration(prefix: str, namespace: str, text: str, found: Scan) -> Declaration:
    """Return the line that declares *prefix* in *text*, in the order of its declarations."""
    line_break = "\r\n" if "\r\n" in text else "\n"
    line = f"@prefix {prefix}: <{namespace}> .{line_break}"
    later = next((one for one in found.declared if one.prefix > prefix), None)
    if later is not None:
        return Declaration(later.offset, line)
    if not found.declared:
        start = 1 if text.startswith("\ufeff") else 0
        return Declaration(start, line)
    last = found.declared[-1].offset
    end = _LINE_END.match(text, last)
    offset = end.end() if end else last
    return Declaration(offset, line if text[offset - 1 : offset] in "\r\n" else line_break + line.rstrip())
