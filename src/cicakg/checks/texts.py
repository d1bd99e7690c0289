"""The annotation against the articles' texts, where they are at hand. The texts are read and never kept."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from cicakg.checks.catalogue import (
    OWN_WORDS,
    SPAN_CLUSTER,
    SPAN_EDGES,
    TEXT_DIGEST,
    TEXT_LENGTH,
    TEXT_MISSING,
)
from cicakg.checks.vocabulary import shorten
from cicakg.corpus import SPAN_IRI, SourceFile
from cicakg.errors import CicakgError
from cicakg.model import FileKind, Finding, Position
from cicakg.turtle import LocatedTriple
from cicakg.vocab import EVIDENCE, RDF_OBJECT, RDF_PREDICATE, RDF_SUBJECT, term

MAX_RUN: Final = 5
"""How many words in a row may be the article's own: a name or a title is rarely longer."""

_IDENTIFIER: Final = term("dcterms:identifier")
_DIGEST: Final = term("cica:digest")
_LENGTH: Final = term("cica:textLength")
_OWN_WORDS: Final = frozenset({term("cica:gloss"), term("rdfs:comment"), term("cica:assessment"), RDF_OBJECT})
_ASSESSMENT: Final = term("cica:assessment")
_WORD: Final = re.compile(r"\w+")
_JOINER: Final = "\u200d"
STOPS: Final = frozenset(".,;:،؛")


@dataclass(frozen=True, slots=True)
class Reading:
    """The words behind one span: the node it is evidence for, what that node says, and the words."""

    file: Path
    position: Position
    claim: str
    statement: str
    span: str
    words: str


@dataclass(frozen=True, slots=True)
class Text:
    """An article's text as it stands in its file."""

    data: bytes
    text: str


def read_text(file: SourceFile, folder: Path) -> Text | None:
    """Return the text of the article annotated in *file* from *folder*, ``None`` where it is not there.

    Raises :class:`CicakgError` (``text-unreadable``) where it is not UTF-8.
    """
    identifier = _first(file, _IDENTIFIER)
    if identifier is None or not isinstance(identifier.triple.object, Literal):
        return None
    name = Path(identifier.triple.object.value + ".txt").name
    path = folder / name
    if not path.is_file():
        return None
    data = path.read_bytes()
    try:
        return Text(data, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise CicakgError(
            "text-unreadable",
            f"{path} is not UTF-8 at byte {error.start}.",
            "Restore the text that was annotated; its SHA-256 is in the article's cica:digest.",
        ) from None


def text_findings(file: SourceFile, text: Text | None) -> list[Finding]:
    """Return where the annotation in *file* does not fit the article's *text*.

    A text with another digest is not looked at further: it is not the one that was annotated.
    """
    if file.kind is not FileKind.ARTICLE:
        return []
    if text is None:
        return [_missing(file)]
    whole = list(_whole_text(file, text))
    return whole or [*_spans(file, text.text), *_own_words(file, text.text)]


def readings(file: SourceFile, text: str) -> Iterator[Reading]:
    """Yield the words behind each span that is evidence in *file*, in the order of the file."""
    statements = _statements(file)
    for one in file.document.triples:
        if one.triple.predicate == EVIDENCE and isinstance(one.triple.object, NamedNode):
            found = SPAN_IRI.fullmatch(one.triple.object.value)
            if found is not None:
                claim = one.triple.subject.value if isinstance(one.triple.subject, NamedNode) else ""
                yield Reading(
                    file=file.path,
                    position=one.object,
                    claim="#" + claim.partition("#")[2],
                    statement=statements.get(claim, ""),
                    span=f"{found[2]},{found[3]}",
                    words=text[int(found[2]) : int(found[3])],
                )


def _statements(file: SourceFile) -> dict[str, str]:
    """Return what each claim says, as a line of its subject, predicate and object."""
    parts: dict[str, dict[str, str]] = {}
    for one in file.document.triples:
        if one.triple.predicate in (RDF_SUBJECT, RDF_PREDICATE, RDF_OBJECT):
            claim = str(getattr(one.triple.subject, "value", ""))
            parts.setdefault(claim, {})[one.triple.predicate.value] = written(one.triple.object)
    order = [one.value for one in (RDF_SUBJECT, RDF_PREDICATE, RDF_OBJECT)]
    return {claim: " ".join(values.get(one, "?") for one in order) for claim, values in parts.items()}


def written(node: NamedNode | Literal | object) -> str:
    """Return a term as a person reads it: a prefixed name, or a literal's text with its language."""
    if isinstance(node, NamedNode):
        return shorten(node.value)
    if isinstance(node, Literal):
        return f'"{node.value}"' + (f"@{node.language}" if node.language else "")
    return str(node)


def _first(file: SourceFile, predicate: NamedNode) -> LocatedTriple | None:
    return next((one for one in file.document.triples if one.triple.predicate == predicate), None)


def _missing(file: SourceFile) -> Finding:
    identifier = _first(file, _IDENTIFIER)
    if identifier is None:
        return TEXT_MISSING.finding(file.path, Position(1, 1), case="nameless")
    name = f"{getattr(identifier.triple.object, 'value', '')}.txt"
    return TEXT_MISSING.finding(file.path, identifier.object, name=name)


def _whole_text(file: SourceFile, text: Text) -> Iterator[Finding]:
    digest, length = _first(file, _DIGEST), _first(file, _LENGTH)
    found = "sha256:" + hashlib.sha256(text.data).hexdigest()
    if digest is not None and digest.triple.object != Literal(found):
        yield TEXT_DIGEST.finding(file.path, digest.object, _about(digest), found=found)
    said = getattr(length.triple.object, "value", "") if length is not None else str(len(text.text))
    if length is not None and said != str(len(text.text)):
        yield TEXT_LENGTH.finding(
            file.path,
            length.object,
            _about(length),
            found=len(text.text),
            said=said,
        )


def _about(one: LocatedTriple) -> str:
    return one.triple.subject.value if isinstance(one.triple.subject, NamedNode) else ""


def _spans(file: SourceFile, text: str) -> Iterator[Finding]:
    for one in file.document.triples:
        if not isinstance(one.triple.object, NamedNode):
            continue
        found = SPAN_IRI.fullmatch(one.triple.object.value)
        if found is None or not 0 <= int(found[2]) < int(found[3]) <= len(text):
            continue
        start, end = int(found[2]), int(found[3])
        for offset, case in ((start, "beginning"), (end, "end")):
            if is_inside_cluster(text, offset):
                yield SPAN_CLUSTER.finding(
                    file.path, one.object, _about(one), case=case, code=f"{ord(text[offset]):04X}"
                )
        problem = edge_problem(text, start, end)
        if problem is not None and one.triple.predicate == EVIDENCE:
            case, code = problem
            yield SPAN_EDGES.finding(file.path, one.object, _about(one), case=case, code=code)


def is_inside_cluster(text: str, offset: int) -> bool:
    """Whether a cut at *offset* would part what a reader sees as one character.

    Of the rules of UAX 29 those that meet in running text: marks and joiners (GB9, GB9a), emoji sequences
    (GB11, GB12) and CR LF (GB3).
    """
    if not 0 < offset < len(text):
        return False
    before, after = text[offset - 1], text[offset]
    if before == "\r" and after == "\n":
        return True
    if before.isspace() or unicodedata.category(before) == "Cc":
        return False
    is_mark = unicodedata.category(after) in {"Mn", "Me", "Mc"} or after == _JOINER
    is_joined = before == _JOINER and unicodedata.category(after) == "So"
    return is_mark or is_joined or "\U0001f3fb" <= after <= "\U0001f3ff"


def edge_problem(text: str, start: int, end: int) -> tuple[str, str] | None:
    """Return what is wrong with the edges of the span, or ``None``: the case of the rule, and the code point
    of a stop in hexadecimal digits.
    """
    first, last = text[start], text[end - 1]
    if first.isspace() or last.isspace():
        return "space-beginning" if first.isspace() else "space-end", ""
    if first in STOPS or last in STOPS:
        side, stop = ("beginning", first) if first in STOPS else ("end", last)
        return f"stop-{side}", f"{ord(stop):04X}"
    if start > 0 and text[start - 1].isalnum() and first.isalnum():
        return "word-beginning", ""
    if end < len(text) and last.isalnum() and text[end].isalnum():
        return "word-end", ""
    return None


def _own_words(file: SourceFile, text: str) -> Iterator[Finding]:
    runs = set(_runs(_words(text)))
    assessments = {
        one.triple.subject
        for one in file.document.triples
        if one.triple.predicate == RDF_PREDICATE and one.triple.object == _ASSESSMENT
    }
    for one in file.document.triples:
        if one.triple.predicate not in _OWN_WORDS or not isinstance(one.triple.object, Literal):
            continue
        if one.triple.predicate == RDF_OBJECT and one.triple.subject not in assessments:
            continue
        shared = next((run for run in _runs(_words(one.triple.object.value)) if run in runs), None)
        if shared is not None:
            yield OWN_WORDS.finding(
                file.path,
                one.object,
                _about(one),
                count=len(shared),
                words=" ".join(shared),
            )


def _words(text: str) -> list[str]:
    return [one.casefold() for one in _WORD.findall(unicodedata.normalize("NFC", text))]


def _runs(words: list[str]) -> Iterable[tuple[str, ...]]:
    width = MAX_RUN + 1
    return (tuple(words[start : start + width]) for start in range(len(words) - width + 1))
