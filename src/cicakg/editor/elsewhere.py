"""The other places that a finding is about: the claim that says the same, the entity that has the same label.

The shapes only say that there is one; it is looked for in the texts that were checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cicakg.checks.templates import said
from cicakg.editor.scanning import Scan, Statement, Written, scan
from cicakg.model import Finding
from cicakg.turtle import SourceText
from cicakg.vocab import MODALITY, RDF_OBJECT, RDF_PREDICATE, RDF_SUBJECT, term

MOST: Final = 5
"""How many other places are named."""

_PREFERRED: Final = term("skos:prefLabel").value
_MATCHES: Final = (term("skos:exactMatch").value, term("owl:sameAs").value, term("schema:sameAs").value)


@dataclass(frozen=True, slots=True)
class Other:
    """A place in the file at *path*, from offset *start* to *end*; ``relation`` names what it has to do with
    the finding.
    """

    path: Path
    start: int
    end: int
    relation: str

    def message(self, language: str) -> str:
        """Return what is there, for a reader of *language*."""
        return said(f"editor/{self.relation}", language)


@dataclass
class Texts:
    """The texts that were checked, each read when it is needed."""

    sources: Mapping[Path, SourceText]
    _scans: dict[Path, Scan] = field(default_factory=dict)

    def scan(self, path: Path) -> Scan:
        """Return what stands in the file at *path*."""
        if path not in self._scans:
            source = self.sources.get(path)
            self._scans[path] = scan(source.text if source else "")
        return self._scans[path]

    def with_all(self, needles: tuple[str, ...]) -> Iterator[tuple[Path, Scan]]:
        """Yield the Turtle files that have all *needles* in their text."""
        for path, source in self.sources.items():
            if path.suffix == ".ttl" and all(one in source.text for one in needles):
                yield path, self.scan(path)


def elsewhere(finding: Finding, texts: Texts) -> list[Other]:
    """Return the other places *finding* is about; none for most rules."""
    statement = texts.scan(finding.file).by_subject.get(finding.focus)
    looking = _LOOKING.get(finding.code)
    if looking is None or statement is None:
        return []
    found = looking(finding, statement, texts)
    return [one for one, _ in zip(found, range(MOST), strict=False)]


def _claims(relation: str, same: tuple[str, ...], is_one_article: bool = False) -> _Looking:
    """Look for the claims whose values of the properties *same* are the same."""

    def look(finding: Finding, statement: Statement, texts: Texts) -> Iterator[Other]:
        wanted = {one: _value(statement, one) for one in same}
        needles = tuple(_needle(one) for one in wanted.values())
        for path, found in texts.with_all(needles):
            if is_one_article and path != finding.file:
                continue
            for one in found.statements:
                is_other = one.subject.iri != statement.subject.iri
                if is_other and all(_value(one, name) == value for name, value in wanted.items()):
                    yield _other(path, one.subject, relation)

    return look


def _values(relation: str, predicates: tuple[str, ...]) -> _Looking:
    """Look for the subjects that share a value of one of *predicates*."""

    def look(_: Finding, statement: Statement, texts: Texts) -> Iterator[Other]:
        wanted = {_key(one) for name in predicates for one in statement.values(name)}
        for path, found in texts.with_all(()):
            for one in found.statements:
                shared = (value for name in predicates for value in one.values(name))
                same = next((value for value in shared if _key(value) in wanted), None)
                if same is not None and one.subject.iri != statement.subject.iri:
                    yield _other(path, same, relation)

    return look


def _named(relation: str, predicate: str) -> _Looking:
    """Look for what the property *predicate* names."""

    def look(_: Finding, statement: Statement, texts: Texts) -> Iterator[Other]:
        wanted = {one.iri for one in statement.values(predicate) if one.iri}
        for iri in sorted(wanted):
            for path, found in texts.with_all((iri.rpartition("#")[2].rpartition("/")[2],)):
                named = found.by_subject.get(iri)
                if named is not None:
                    yield _other(path, named.subject, relation)

    return look


_Looking = Callable[[Finding, Statement, Texts], Iterator[Other]]
_SUBJECT, _PREDICATE, _OBJECT = RDF_SUBJECT.value, RDF_PREDICATE.value, RDF_OBJECT.value

_LOOKING: Final[Mapping[str, _Looking]] = {
    "article-twice": _values("same-text", (term("cica:digest").value,)),
    "claim-duplicate": _claims(
        "same-claim", (_SUBJECT, _PREDICATE, _OBJECT, MODALITY.value), is_one_article=True
    ),
    "conflict-accepted": _named("conflicting", term("cica:conflictsWith").value),
    "conflict-symmetric": _named("not-returned", term("cica:conflictsWith").value),
    "conflict-unflagged": _claims("about-same", (_SUBJECT, _PREDICATE)),
    "external-id-shared": _values("same-identifier", _MATCHES),
    "label-homonym": _values("same-label", (_PREFERRED,)),
    "negation-clash": _claims("affirmed", (_SUBJECT, _PREDICATE, _OBJECT)),
    "place-homonym": _values("same-label", (_PREFERRED,)),
}


def _value(statement: Statement, predicate: str) -> tuple[str, str, str] | None:
    return next((_key(one) for one in statement.values(predicate)), None)


def _key(value: Written) -> tuple[str, str, str]:
    return value.iri, "" if value.iri else value.text, value.language


def _needle(key: tuple[str, str, str] | None) -> str:
    """Return what a text must have in it that has a term with *key*, however the term is written."""
    if key is None:
        return ""
    return key[0].rpartition("#")[2].rpartition("/")[2] if key[0] else ""


def _other(path: Path, at: Written, relation: str) -> Other:
    return Other(path, at.token.offset, at.token.end, relation)
