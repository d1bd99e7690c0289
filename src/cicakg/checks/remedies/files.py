"""Mends the build of a file: its base, its prefixes, its graph, where its subjects stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from pyoxigraph import Literal, NamedNode

from cicakg.checks.remedies.context import Context
from cicakg.checks.remedies.edits import object_replaced, rewriting, token_at, token_replaced, triples_of
from cicakg.checks.remedies.outline import Directive
from cicakg.checks.remedies.statements import line_break, replacement
from cicakg.checks.remedies.titles import titled
from cicakg.checks.remedies.writing import written_iri
from cicakg.corpus import graph_of
from cicakg.model import Finding, Remedy
from cicakg.paths import article_iri, slug_of
from cicakg.turtle.escapes import unescape
from cicakg.vocab import (
    ARTICLE,
    CONCEPT,
    GRAPH,
    OA_END,
    OA_HAS_SOURCE,
    OA_START,
    PREFIXES,
    RDF_TYPE,
    SPAN,
    term,
)

_ANNOTATION_SET: Final = term("cica:AnnotationSet")
_SUBJECT: Final = term("dcterms:subject")
_SLIP: Final = 0.8
"""From which of difflib's ratios on a namespace is a slip of the pen."""


def prefix_iri(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the IRI the prefix has everywhere; safe where the other is a slip, and no namespace of ours."""
    wrong = [one for one in context.outline.directives if _is_wrong(one)]
    here = [
        one for one in wrong if _line(context, one.start) <= finding.position.line <= _line(context, one.end)
    ]
    for one in (here or wrong)[:1]:
        expected, found = PREFIXES[one.prefix or ""], unescape(one.iri.text[1:-1])
        likeness = SequenceMatcher(None, found, expected).ratio()
        is_other = found in PREFIXES.values() or found.startswith(CONCEPT)
        edit = token_replaced(context, one.iri, f"<{expected}>")
        is_safe = likeness >= _SLIP and not is_other
        yield titled("write", (edit,), is_safe, text=f"<{expected}>")


def _is_wrong(one: Directive) -> bool:
    iri = unescape(one.iri.text[1:-1])
    return one.prefix is not None and iri != PREFIXES.get(one.prefix, iri)


def _line(context: Context, offset: int) -> int:
    return context.source.position_at(offset).line


def file_base(_: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the base that the file's name says; safe where the graph the file describes says the same."""
    expected = article_iri(slug_of(context.place))
    bases = [one for one in context.outline.directives if one.prefix is None]
    is_described = (
        graph_of(context.place, context.kind).value in context.by_subject if context.kind else False
    )
    if bases:
        edit = token_replaced(context, bases[-1].iri, f"<{expected}>")
        yield titled("write", (edit,), is_described and len(bases) == 1, text=f"<{expected}>")
    elif context.document is not None:
        yield base_added(context, is_safe=is_described)


def base_added(context: Context, is_safe: bool = False) -> Remedy:
    """Return the remedy that declares the base of an article's file on its first line."""
    expected = article_iri(slug_of(context.place))
    text = f"@base <{expected}>"
    edit = replacement(context.source, 0, 0, f"{text} .{line_break(context.source.text)}")
    return titled("add", (edit,), is_safe, text=text)


def file_graph(_: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the IRI of the graph, or of its article, that the file's name says.

    Safe where the file describes one graph, and its base is right, so that there is no other to be meant.
    """
    article = article_iri(slug_of(context.place))
    graph = GRAPH + slug_of(context.place)
    sets = [
        one
        for one in context.triples
        if one.triple.predicate == RDF_TYPE and one.triple.object == _ANNOTATION_SET
    ]
    if len(sets) != 1:
        return
    is_based = context.document is not None and context.document.base == article
    subject = str(getattr(sets[0].triple.subject, "value", ""))
    token = token_at(context, sets[0].subject)
    about = triples_of(context, subject, _SUBJECT)
    if subject != graph and token is not None:
        text = written_iri(context, graph, token.offset)
        is_about = any(one.triple.object == NamedNode(article) for one in about)
        yield titled("write", (token_replaced(context, token, text),), is_based and is_about, text=text)
    elif len(about) == 1:
        text = written_iri(context, article, context.source.offset_of(about[0].object))
        yield from rewriting(context, about[0].object, text, is_safe=is_based)


def subject_column(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the subject at the beginning of its line, or of a line of its own."""
    text = context.source.text
    at = start = context.source.offset_of(finding.position)
    while start and text[start - 1] in " \t":
        start -= 1
    is_first = not start or text[start - 1] in "\r\n"
    edit = replacement(context.source, start, at, "" if is_first else line_break(text))
    yield titled("move-to-line-beginning" if is_first else "begin-line", (edit,), True)


def subject_place(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the same part of this article for one of another article, where there is none yet."""
    token = token_at(context, finding.position)
    article = article_iri(slug_of(context.place))
    found = re.fullmatch(re.escape(ARTICLE) + r"[^#]+(#[cq][0-9]+)", finding.focus)
    if token is not None and found is not None and article + found[1] not in context.by_subject:
        text = written_iri(context, article + found[1], token.offset)
        yield titled("write", (token_replaced(context, token, text),), text=text)


def subject_once(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the next free number for a claim or quotation that is described a second time."""
    token = token_at(context, finding.position)
    found = re.fullmatch(r"(.*#)([cq])([0-9]+)", finding.focus)
    if token is None or found is None:
        return
    text = written_iri(context, free_number(context, found[1], found[2]), token.offset)
    yield titled("number", (token_replaced(context, token, text),), iri=text)


def free_number(context: Context, start: str, letter: str) -> str:
    """Return the IRI with the number behind the highest that is used in the file: two digits for claims."""
    pattern = re.compile(rf"{re.escape(start + letter)}([0-9]+)")
    used = [int(found[1]) for iri in context.by_subject if (found := pattern.fullmatch(iri)) is not None]
    number = max(used, default=0) + 1
    return f"{start}{letter}{number:02}" if letter == "c" else f"{start}{letter}{number}"


def span_of_node(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the span that a node with nothing but its two offsets stands for."""
    one = context.by_object.get(finding.position)
    if one is None:
        return
    node = one.triple.object
    said = [each.triple for each in context.triples if each.triple.subject == node]
    bounds = {each.predicate: each.object for each in said}
    start, end = bounds.get(OA_START), bounds.get(OA_END)
    article = NamedNode(article_iri(slug_of(context.place)))
    is_bare = {*bounds} <= {OA_START, OA_END, OA_HAS_SOURCE, RDF_TYPE} and len(bounds) == len(said)
    is_here = bounds.get(OA_HAS_SOURCE, article) == article and bounds.get(RDF_TYPE, SPAN) == SPAN
    if not (is_bare and is_here and isinstance(start, Literal) and isinstance(end, Literal)):
        return
    if start.value.isdecimal() and end.value.isdecimal() and int(start.value) < int(end.value):
        iri = f"{article.value}#char={int(start.value)},{int(end.value)}"
        text = written_iri(context, iri, context.source.offset_of(one.object))
        edits = object_replaced(context, one.object, text)
        yield titled("write", edits, text=text)


REMEDIES: Final = {
    "prefix-iri": prefix_iri,
    "file-base": file_base,
    "file-graph": file_graph,
    "subject-column": subject_column,
    "subject-place": subject_place,
    "subject-once": subject_once,
    "blank-node": span_of_node,
}
