"""The queries of shapes: whether they can be read, reach out, and say what SHACL asks of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, Store

from cicakg.checks.shape_catalogue import SHAPE_QUERY_FORM, SHAPE_QUERY_REACH, SHAPE_QUERY_SYNTAX
from cicakg.checks.shape_lint.expressions import query_pattern_findings
from cicakg.checks.shape_lint.patterns import Bind, Minus, Select, Values, all_elements
from cicakg.checks.shape_lint.prefixes import prefixes_of
from cicakg.checks.shape_lint.query_parser import parse_select
from cicakg.checks.shape_lint.query_words import MAX_DEPTH, UnreadableQueryError, too_deep
from cicakg.checks.shape_lint.reach import THIS
from cicakg.checks.shape_lint.shape_files import SH, Said, ShapeFiles
from cicakg.model import Finding
from cicakg.sparql.syntax import find_fault
from cicakg.sparql.tokens import Token, TokenKind, position_of, tokens, unescape

MOST_WORDS: Final = 2_000
"""How many words and marks a query may have. pyoxigraph's parser ends the process at about 10,000."""

_PLACE: Final = re.compile(r"error at (\d+):(\d+)")
# Nothing is evaluated behind a filter that is false: VALUES alone can make a query without end.
_BEFORE: Final = "SELECT*{FILTER(false){"
_AFTER: Final = "}}"


@dataclass(frozen=True)
class WrittenQuery:
    """The query of a shape: the triple with its text, its tokens, the prefixes declared for it.

    ``is_target`` says that it selects focus nodes; otherwise ``$this`` has its value beforehand.
    """

    said: Said
    words: list[Token]
    prefixes: dict[str, str]
    is_target: bool


def query_findings(files: ShapeFiles) -> Iterator[Finding]:
    """Yield what is wrong with the queries of the shapes."""
    targets = {one.value for one in files.triples if one.predicate == SH + "target"}
    for one in files.triples:
        if one.predicate == SH + "select":
            yield from select_findings(files, one, one.subject in targets)


def select_findings(files: ShapeFiles, one: Said, is_target: bool) -> Iterator[Finding]:
    """Yield what is wrong with the query that is the object of *one*."""
    if not isinstance(one.value, Literal):
        yield one.at_object(SHAPE_QUERY_SYNTAX, "select")
        return
    words = list(tokens(one.text))
    found = list(_unaskable(one, words))
    yield from found
    if found:
        return
    query = WrittenQuery(one, words, prefixes_of(files, one.subject), is_target)
    faults = list(_unreadable(query))
    yield from faults
    yield from query_pattern_findings(one, words)
    if not faults:
        yield from _malformed(query)


def _unaskable(one: Said, words: list[Token]) -> Iterator[Finding]:
    """Yield why the query may not even be shown to an engine."""
    hidden = _first_escape(one.text)
    if hidden is not None:
        yield one.within(SHAPE_QUERY_SYNTAX, hidden, "escape")
    if len(words) > MOST_WORDS:
        yield one.within(SHAPE_QUERY_SYNTAX, words[MOST_WORDS].start, "size", most=MOST_WORDS)
        return
    deep = too_deep(words)
    if deep is not None:
        yield one.within(SHAPE_QUERY_SYNTAX, deep.start, "depth", most=MAX_DEPTH)
    for word in words:
        if word.is_word("FROM", "SERVICE", "GRAPH"):
            yield one.within(SHAPE_QUERY_REACH, word.start, word=word.text.upper())


def _first_escape(text: str) -> int | None:
    r"""Return where a codepoint escape (``\uXXXX``) stands outside strings and IRIs, if one does."""
    plain = unescape(text)
    if plain == text:
        return None
    return next(place for place, (one, other) in enumerate(zip(text, plain, strict=False)) if one != other)


def _unreadable(query: WrittenQuery) -> Iterator[Finding]:
    start = _first_word(query.words)
    if start is not None and not start.is_word("SELECT"):
        yield query.said.within(SHAPE_QUERY_SYNTAX, start.start, "select")
        return
    text = query.said.text
    complaint = _complaint(text, query.prefixes, start.start if start else len(text))
    if complaint is not None:
        fault = find_fault(text, complaint, query.prefixes)
        yield query.said.within(SHAPE_QUERY_SYNTAX, fault.offset, reason=fault.reason)


def _first_word(words: list[Token]) -> Token | None:
    """Return the token after the prologue."""
    rest = iter(words)
    for word in rest:
        if word.is_word("PREFIX"):
            next(rest, None)
            next(rest, None)
        elif word.is_word("BASE"):
            next(rest, None)
        else:
            return word
    return None


def _complaint(text: str, prefixes: dict[str, str], start: int) -> str | None:
    """Return pyoxigraph's complaint about *text*, which begins at *start* after its prologue.

    Its line and column are those of *text*.
    """
    prologue = "".join(f"PREFIX {name}: <{iri}> " for name, iri in sorted(prefixes.items()))
    is_balanced = _is_balanced(text)
    before, after = (_BEFORE, _AFTER) if is_balanced else ("", "")
    asked = prologue + text[:start] + before + text[start:] + after
    try:
        Store().query(asked)
    except SyntaxError as error:
        return _moved(str(error.msg), asked, text, len(prologue), start, len(before))
    return None


def _is_balanced(text: str) -> bool:
    """Whether no bracket of *text* closes one that is not open, and all are closed.

    Where that is not so the text is no query, and no engine evaluates it.
    """
    depth = 0
    for word in tokens(text):
        if word.kind is TokenKind.MARK:
            depth += (word.text == "{") - (word.text == "}")
            if depth < 0:
                return False
    return depth == 0


def _moved(complaint: str, asked: str, text: str, prologue: int, start: int, inserted: int) -> str:
    """Return *complaint* with the place in *text* instead of the place in what was *asked*."""
    found = _PLACE.search(complaint)
    if found is None:
        return complaint
    lines = asked.split("\n")
    offset = sum(len(one) + 1 for one in lines[: int(found[1]) - 1]) + int(found[2]) - 1 - prologue
    if offset > start:
        offset = max(start, offset - inserted)
    place = position_of(text, max(0, min(offset, len(text))))
    return _PLACE.sub(f"error at {place.line}:{place.column}", complaint, count=1)


def _malformed(query: WrittenQuery) -> Iterator[Finding]:
    try:
        select = parse_select(query.said.text)
    except UnreadableQueryError:
        return  # told where it matters: such a query is not local
    if select.projected is not None and THIS not in select.projected:
        yield query.said.within(SHAPE_QUERY_FORM, select.offset)
    if not query.is_target:
        yield from _against_binding(query.said, select)


def _against_binding(said: Said, select: Select) -> Iterator[Finding]:
    """Yield what may not stand where a variable is bound beforehand
    (https://www.w3.org/TR/shacl/#pre-binding).
    """
    for name in select.computed_names & {THIS}:
        yield said.within(SHAPE_QUERY_FORM, select.offset, "assigned", variable=name)
    if select.values is not None:
        yield said.within(SHAPE_QUERY_FORM, select.values.offset, "values")
    for element in all_elements(select.group):
        match element:
            case Minus(_, offset):
                yield said.within(SHAPE_QUERY_FORM, offset, "minus")
            case Values():
                yield said.within(SHAPE_QUERY_FORM, element.offset, "values")
            case Select() if element.projected is not None and THIS not in element.projected:
                yield said.within(SHAPE_QUERY_FORM, element.offset, "nested")
            case Bind(expression, name) if name == THIS and expression.tokens:
                offset = expression.tokens[0].start
                yield said.within(SHAPE_QUERY_FORM, offset, "assigned", variable=name)
