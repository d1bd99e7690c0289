"""Mends labels and other texts: their language tags, and what is hidden in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal

from cicakg import languages
from cicakg.checks.remedies.context import Context
from cicakg.checks.remedies.edits import (
    deleting,
    object_at,
    object_written,
    rewriting,
    token_at,
    triple_deleted,
    triple_of,
    triples_of,
    value_added,
)
from cicakg.checks.remedies.hygiene import cleaned
from cicakg.checks.remedies.literals import literal_of
from cicakg.checks.remedies.statements import has_overlap, replacement
from cicakg.checks.remedies.titles import titled
from cicakg.checks.remedies.writing import written_iri
from cicakg.model import Finding, Remedy
from cicakg.turtle import LocatedTriple
from cicakg.turtle.tokens import TokenKind
from cicakg.vocab import RDF_TYPE, term

_PREFERRED: Final = term("skos:prefLabel")
_ALTERNATIVE: Final = term("skos:altLabel")
_TITLE: Final = term("dcterms:title")
_LANGUAGE: Final = term("dcterms:language")

# The languages of the labels, by the script their letters are in; the letters only Kazakh has.
_SCRIPTS: Final = (
    (re.compile("[\u0620-\u064a\u066e-\u06d5]"), ("ar",)),
    (re.compile("[әғқңөұүһіӘҒҚҢӨҰҮҺІ]"), ("kk",)),
    (re.compile("[\u0400-\u052f]"), ("kk", "ru")),
    (re.compile("[A-Za-z]"), ("en", "ms")),
)
_NOT_LATIN: Final = frozenset({"ar", "kk", "ru"})


def standard_tag(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the standard form of a tag; safe where it is the same language, script and all.

    For a tag of no language: those of the languages in use that are written in the literal's letters.
    """
    one, literal = triple_of(finding, context), literal_of(finding, context)
    if one is None or literal is None:
        return
    is_code = one.triple.predicate == _LANGUAGE
    tag = literal.value if is_code else one.language
    standard = languages.standard_tag(tag)
    if standard is not None:
        yield from _tagged(context, one, standard, is_safe=_is_same_language(tag, standard))
    elif not is_code:
        for likely in sorted(tags_for(literal.value), key=lambda each: each[0] != tag[:1].lower()):
            yield from _tagged(context, one, likely)


def _is_same_language(tag: str, standard: str) -> bool:
    return languages.code(tag) == languages.code(standard) is not None and (
        languages.script(tag) == languages.script(standard)
    )


def tags_for(text: str) -> tuple[str, ...]:
    """Return the tags of the languages in use that are written in the letters of *text*."""
    return next((tags for letters, tags in _SCRIPTS if letters.search(text)), ())


def _tagged(context: Context, one: LocatedTriple, tag: str, is_safe: bool = False) -> Iterator[Remedy]:
    """Yield the remedy that gives the literal the tag *tag*, instead of the one it has, if any."""
    token, written = token_at(context, one.object), object_at(context, one.object)
    if token is None or written is None or token.kind is not TokenKind.STRING:
        return
    if one.triple.predicate == _LANGUAGE:
        yield from rewriting(context, one.object, f'"{tag}"', is_safe)
        return
    edit = replacement(context.source, token.end, written.end, f"@{tag}")
    yield titled("write" if written.end > token.end else "add", (edit,), is_safe, text=f"@{tag}")


def hidden_characters(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the text without what is hidden in it; safe where nobody sees a difference."""
    one, token = triple_of(finding, context), token_at(context, finding.position)
    if one is None or token is None or token.kind is not TokenKind.STRING:
        return
    width = 3 if token.text[:3] in ('"""', "'''") and len(token.text) >= 6 else 1
    inside = token.text[width:-width]
    mended = cleaned(inside, is_quoted=one.triple.predicate == _TITLE)
    if mended is not None and mended.text != inside:
        start, end, text = _smallest(inside, mended.text)
        at = token.offset + width
        edit = replacement(context.source, at + start, at + end, text)
        key = "remove-invisible" if mended.is_safe else "remove-character"
        yield titled(key, (edit,), mended.is_safe)


def _smallest(old: str, new: str) -> tuple[int, int, str]:
    """Return the smallest range of *old* that must change, and what stands there in *new*."""
    start = _common(old, new)
    tail = _common(old[start:][::-1], new[start:][::-1])
    return start, len(old) - tail, new[start : len(new) - tail]


def _common(one: str, other: str) -> int:
    """Return how many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (first, second) in pairs if first != second), min(len(one), len(other)))


def repeated(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the removal of an alternative label that is the preferred one once more."""
    one = triple_of(finding, context)
    if one is not None and one.triple.predicate == _ALTERNATIVE:
        yield from deleting(context, one, is_safe=True)


def language_of_label(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the tags that a label without one can have, by its letters."""
    one, literal = triple_of(finding, context), literal_of(finding, context)
    if one is not None and literal is not None and not literal.language:
        for tag in tags_for(literal.value):
            yield from _tagged(context, one, tag)


def script_of_label(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the tags that fit the letters of a label: as a transliteration, and of other languages."""
    one, literal = triple_of(finding, context), literal_of(finding, context)
    if one is None or literal is None:
        return
    tags = tags_for(literal.value)
    if tags == ("en", "ms") and one.language in _NOT_LATIN:
        yield from _tagged(context, one, f"{one.language}-Latn")
    for tag in tags:
        yield from _tagged(context, one, tag)


def second_preferred(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield for each preferred label of a language with several: it becomes an alternative label."""
    preferred = triples_of(context, finding.focus, _PREFERRED)
    tags = [one.language.lower() for one in preferred]
    for one in reversed(preferred):
        if tags.count(one.language.lower()) < 2:
            continue
        label = object_written(context, one.object)
        name = written_iri(context, _ALTERNATIVE.value, context.source.offset_of(one.object))
        gone = triple_deleted(context, one)
        added = value_added(context, finding.focus, _ALTERNATIVE, name, label, [_PREFERRED])
        if gone and added and not has_overlap((*gone, *added)):
            yield titled("make-alternative", (*gone, *added), label=label)


def english_comment(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the tag of a comment that is to be in English, where its letters can be."""
    for one in triples_of(context, finding.focus, term("rdfs:comment")):
        literal = one.triple.object
        if isinstance(literal, Literal) and not literal.language and "en" in tags_for(literal.value):
            yield from _tagged(context, one, "en")


def title_language(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the title with the language of its article; safe where the file's name says the same."""
    titles = triples_of(context, finding.focus, _TITLE)
    said = [one.triple.object for one in triples_of(context, finding.focus, _LANGUAGE)]
    codes = [one.value for one in said if isinstance(one, Literal)]
    if len(titles) == len(codes) == 1 and not titles[0].language:
        is_named = context.place.stem[5:].partition("-")[0] == codes[0].partition("-")[0]
        yield from _tagged(context, titles[0], codes[0], is_safe=is_named)


def full_stop(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the label without the full stop at its end."""
    one, token = triple_of(finding, context), token_at(context, finding.position)
    if one is not None and token is not None and re.fullmatch(r"""("{1,3}|'{1,3}).*[^.]\.\1""", token.text):
        width = 3 if token.text[:3] in ('"""', "'''") and len(token.text) >= 6 else 1
        at = token.end - width - 1
        yield titled("remove-full-stop", (replacement(context.source, at, at + 1, ""),))


def most_specific(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the removal of a class: safe where another class of the same thing says as much and more."""
    classes = triples_of(context, finding.focus, RDF_TYPE)
    above = context.background.vocabulary.superclasses
    names = [str(getattr(one.triple.object, "value", "")) for one in classes]
    said = [
        one
        for one, name in zip(classes, names, strict=True)
        if any(name != each and name in above.get(each, ()) for each in names)
    ]
    for one in said or classes:
        yield from deleting(context, one, is_safe=bool(said))


REMEDIES: Final = {
    "label-tag": standard_tag,
    "label-hygiene": hidden_characters,
    "label-repeated": repeated,
    "label-language": language_of_label,
    "label-script": script_of_label,
    "label-per-language": second_preferred,
    "comment-english": english_comment,
    "article-title": title_language,
    "topic-phrase": full_stop,
    "entity-class": most_specific,
}
