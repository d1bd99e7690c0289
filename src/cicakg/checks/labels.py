"""Level 1, texts in the data: their language tags, and characters nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal

from cicakg import languages
from cicakg.checks.catalogue import LABEL_HYGIENE, LABEL_TAG
from cicakg.checks.rules import suggested
from cicakg.corpus import SourceFile
from cicakg.model import Finding
from cicakg.turtle import LocatedTriple
from cicakg.vocab import term

_TITLE: Final = term("dcterms:title")
_LANGUAGE: Final = term("dcterms:language")
_STRING: Final = frozenset({term("xsd:string"), term("rdf:langString")})

# Arabic letter mark, the marks, embeddings, overrides and isolates of UAX 9, and the byte order mark.
_BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_PLAIN: Final = re.compile(r"[A-Za-z0-9](?:[ -~]*[!-~])?\Z")
_TATWEEL: Final = "\u0640"


def label_findings(file: SourceFile) -> Iterator[Finding]:
    """Yield what is wrong with the texts of *file*."""
    is_standard = all(languages.standard_tag(one) == one for one in file.document.tags)
    for number, statement in enumerate(file.document.statements):
        literal, predicate = statement.object, statement.predicate
        if not isinstance(literal, Literal) or literal.datatype not in _STRING:
            continue
        is_tag = predicate == _LANGUAGE and languages.standard_tag(literal.value) != literal.value
        if is_tag or (literal.language is not None and not is_standard):
            yield from _tag(file, file.document.triples[number], literal)
        problem = hidden_problem(literal.value, is_quoted=predicate == _TITLE)
        if problem is not None:
            one = file.document.triples[number]
            case, code = problem
            yield LABEL_HYGIENE.finding(file.path, one.object, _focus(one), case=case, code=code)


def _focus(one: LocatedTriple) -> str:
    return str(getattr(one.triple.subject, "value", ""))


def _tag(file: SourceFile, one: LocatedTriple, literal: Literal) -> Iterator[Finding]:
    tag = literal.value if one.triple.predicate == _LANGUAGE else one.language
    if not tag:
        return
    standard = languages.standard_tag(tag)
    if standard is None:
        fix = suggested(languages.likely_tags(tag)[:3])
        yield LABEL_TAG.finding(file.path, one.object, _focus(one), case="invalid", fix=fix, tag=tag)
    elif standard != tag:
        yield LABEL_TAG.finding(file.path, one.object, _focus(one), case="write", tag=tag, standard=standard)


def hidden_problem(text: str, is_quoted: bool = False) -> tuple[str, str] | None:
    """Return what is wrong with *text* that a reader cannot see, or ``None``: the case of the rule, and the
    code point in hexadecimal digits, if it is one.

    A text that *is_quoted*, an article's title, keeps the spelling it has in the article.
    """
    if _PLAIN.match(text):
        return None
    found = _BIDI.search(text) or _CONTROL.search(text)
    if found:
        return "direction" if _BIDI.match(found[0]) else "control", f"{ord(found[0]):04X}"
    if text != text.strip():
        sides = (text != text.lstrip(), text != text.rstrip())
        return "space" if all(sides) else "space-beginning" if sides[0] else "space-end", ""
    return None if is_quoted else _spelling_problem(text)


def _spelling_problem(text: str) -> tuple[str, str] | None:
    if _TATWEEL in text:
        return "tatweel", ""
    return None if unicodedata.is_normalized("NFC", text) else ("composed", "")
