"""Level 1, texts in the data: their language tags, and characters nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal

from cicakg import languages
from cicakg.checks.catalogue import LABEL_HYGIENE, LABEL_TAG
from cicakg.corpus import SourceFile
from cicakg.model import Finding
from cicakg.turtle import LocatedTriple
from cicakg.vocab import PREFIXES, term

_TITLE: Final = term("dcterms:title")
_LANGUAGE: Final = term("dcterms:language")
_STRING: Final = frozenset({PREFIXES["xsd"] + "string", PREFIXES["rdf"] + "langString"})

# Arabic letter mark, the marks, embeddings, overrides and isolates of UAX 9, and the byte order mark.
_BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_TATWEEL: Final = "\u0640"


def label_findings(file: SourceFile) -> Iterator[Finding]:
    """Yield what is wrong with the texts of *file*."""
    for one in file.document.triples:
        literal = one.triple.object
        if not isinstance(literal, Literal) or literal.datatype.value not in _STRING:
            continue
        yield from _tag(file, one, literal)
        is_quoted = one.triple.predicate == _TITLE
        problem = hidden_problem(literal.value, is_quoted)
        if problem is not None:
            yield LABEL_HYGIENE.finding(file.path, one.object, _focus(one), problem=problem)


def _focus(one: LocatedTriple) -> str:
    return str(getattr(one.triple.subject, "value", ""))


def _tag(file: SourceFile, one: LocatedTriple, literal: Literal) -> Iterator[Finding]:
    tag = literal.value if one.triple.predicate == _LANGUAGE else one.language
    if not tag:
        return
    standard = languages.standard_tag(tag)
    if standard is None:
        fix = "Write the tag of a language that exists, such as kk, ar, ms or kk-Latn."
        yield LABEL_TAG.finding(file.path, one.object, _focus(one), fix=fix, tag=tag, problem="not valid")
    elif standard != tag:
        problem = f"not in its standard form, {standard}"
        yield LABEL_TAG.finding(
            file.path, one.object, _focus(one), fix=f"Write {standard}.", tag=tag, problem=problem
        )


def hidden_problem(text: str, is_quoted: bool = False) -> str | None:
    """Return what is wrong with *text* that a reader cannot see, or ``None``.

    A text that *is_quoted*, an article's title, keeps the spelling it has in the article.
    """
    found = _BIDI.search(text) or _CONTROL.search(text)
    if found:
        kind = "direction" if _BIDI.match(found[0]) else "control"
        return f"the invisible {kind} character U+{ord(found[0]):04X}"
    if text != text.strip():
        return "white space at its beginning or end"
    if is_quoted:
        return None
    if _TATWEEL in text:
        return "a tatweel (U+0640), which only stretches the line"
    if not unicodedata.is_normalized("NFC", text):
        return "characters that are not in Unicode's composed form (NFC)"
    return None
