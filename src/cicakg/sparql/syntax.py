"""The engine's complaint about a query, turned into something a person can read.

The engine names the furthest place it reached and every character that could have stood there, which is
mostly noise. What people get wrong can be seen from the tokens: a prefix not declared, a string or bracket
not closed, a word that is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from cicakg.errors import CicakgError
from cicakg.sparql.keywords import KEYWORDS
from cicakg.sparql.outline import UPDATE_FORMS
from cicakg.sparql.tokens import (
    Token,
    TokenKind,
    first_unclosed_string,
    position_of,
    tokens,
    unescape_iri,
)

_COMPLAINT: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_CLASS: Final = re.compile(r"\[(?:'\\?.[^']*'|[^\]'])*\]")
_EXPECTED: Final = re.compile(r'"((?:[^"\\]|\\.)+)"')
_NO_RULES: Final = frozenset({"Prefix not found", "IRI parsing failed"})
_PAIRS: Final = {"}": "{", ")": "(", "]": "["}
_WIDTH: Final = 100  # characters of a line that are shown
_MOST_EXPECTED: Final = 8
_MEND: Final = "Mend the query there and ask again."


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a query: what is wrong, the offset of the character it is wrong at, and what to do."""

    offset: int
    reason: str
    fix: str = _MEND


def syntax_error(text: str, complaint: str, prefixes: Mapping[str, str]) -> CicakgError:
    """Return the error for *text*, which the engine refused with *complaint*; *prefixes* are declared
    beforehand.

    Its detail says line and column (from 1, in code points) and the reason, then shows the line with a
    caret beneath.
    """
    fault = find_fault(text, complaint, prefixes)
    place = position_of(text, fault.offset)
    said = f"The query is not SPARQL: line {place.line}, column {place.column}: {fault.reason}."
    return CicakgError("query-syntax", f"{said}\n{_excerpt(text, fault.offset)}", fault.fix)


def find_fault(text: str, complaint: str, prefixes: Mapping[str, str]) -> Fault:
    """Return what is wrong with *text*, which the engine refused with *complaint* (its line and column, and
    what it expected); *prefixes* are declared beforehand.
    """
    found = _COMPLAINT.match(complaint)
    if found is None:
        return Fault(0, complaint.splitlines()[0].rstrip(".") if complaint else "it cannot be read")
    offset = _offset(text, int(found[1]), int(found[2]))
    words = list(tokens(text))
    candidates = (
        _undeclared_prefix(words, prefixes) if "Prefix not found" in complaint else None,
        _bad_iri(words) if "IRI parsing failed" in complaint else None,
        _broken_rule(words, offset, found[3]),
        _unclosed_string(text),
        _unknown_word(words, offset),
        _unfinished(words, len(text.rstrip())) if offset >= len(text.rstrip()) else None,
    )
    return next((one for one in candidates if one), None) or _unexpected(text, words, offset, found[3])


def _undeclared_prefix(words: list[Token], prefixes: Mapping[str, str]) -> Fault | None:
    declared = set(prefixes)
    for place, word in enumerate(words):
        if word.kind is not TokenKind.NAME:
            continue
        prefix = word.text.partition(":")[0]
        if place and words[place - 1].is_word("PREFIX"):
            declared.add(prefix)
        elif prefix not in declared:
            reason = f"the prefix “{prefix}:” is not declared"
            return Fault(
                word.start, reason, f"Open the query with PREFIX {prefix}: <…>, or write the whole IRI."
            )
    return None


def _broken_rule(words: list[Token], offset: int, expected: str) -> Fault | None:
    """Return the rule beyond the grammar that is broken, in the engine's words: the one item that is a
    sentence.
    """
    items = (one.strip() for one in _EXPECTED.sub("", _CLASS.sub("", expected)).split(", "))
    rule = next((one for one in items if " " in one and one not in _NO_RULES), None)
    return Fault(_start_before(words, offset), rule) if rule else None


def _bad_iri(words: list[Token]) -> Fault | None:
    """Return the first IRI that is none; one without a scheme needs a BASE."""
    if any(word.is_word("BASE") for word in words):
        return None
    for word in words:
        if word.kind is TokenKind.IRI and not _is_iri(unescape_iri(word.text)):
            return Fault(
                word.start, f"{word.text} is no absolute IRI", "Write the whole IRI, scheme included."
            )
    return None


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _unclosed_string(text: str) -> Fault | None:
    start = first_unclosed_string(text)
    if start is None:
        return None
    return Fault(
        start, "the string that starts here is not closed", "Close it with the same quotation marks."
    )


def _unknown_word(words: list[Token], offset: int) -> Fault | None:
    known = KEYWORDS | UPDATE_FORMS
    for word in words:
        if word.start < offset and word.kind is TokenKind.WORD and word.text.upper() not in known:
            reason = f"“{word.text}” is no keyword of SPARQL"
            fix = (
                f"Write ?{word.text} for a variable, a prefix and colon before a name, quotes around a text."
            )
            return Fault(word.start, reason, fix)
    return None


def _unfinished(words: list[Token], end: int) -> Fault:
    """Return why a query that could be read to its end is none."""
    opened: list[Token] = []
    for word in words:
        if word.kind is TokenKind.MARK and word.text in _PAIRS.values():
            opened.append(word)
        elif word.text in _PAIRS and (not opened or opened.pop().text != _PAIRS[word.text]):
            return Fault(word.start, f"the “{word.text}” here closes no “{_PAIRS[word.text]}”")
    if opened:
        return Fault(opened[-1].start, f"the “{opened[-1].text}” here is not closed before the query ends")
    if not words:
        return Fault(0, "there is no query in it", "Write a SELECT, ASK, CONSTRUCT or DESCRIBE query.")
    if words[-1].kind is TokenKind.WORD:
        return Fault(end, "the query ends before it is complete")
    return Fault(end, "it reads to its end here, but before that a term is missing or one is too many")


def _unexpected(text: str, words: list[Token], offset: int, expected: str) -> Fault:
    word = _at(words, offset)
    if word is None:
        return Fault(len(text.rstrip()), "the query ends before it is complete")
    options = list(dict.fromkeys(_options(expected)))
    reason = f"“{word.text}” is not expected here"
    if 0 < len(options) <= _MOST_EXPECTED:
        reason += f", but {' or '.join(options)}"
    return Fault(word.start, reason)


def _options(expected: str) -> Iterator[str]:
    """Yield the marks and words the engine would have taken; its classes of characters say nothing to a
    person.
    """
    for one in _EXPECTED.finditer(expected):
        mark = one[1].replace('\\"', '"').replace("\\\\", "\\")
        if mark.isascii() and "\\u" not in mark.lower():
            yield f"“{mark}”"


def _at(words: list[Token], offset: int) -> Token | None:
    """Return the token the engine stumbled over: a word it had read to the end, or else the next token."""
    for word in words:
        is_read = word.end == offset and word.kind in {TokenKind.WORD, TokenKind.NAME, TokenKind.NUMBER}
        if is_read or word.end > offset:
            return word
    return None


def _start_before(words: list[Token], offset: int) -> int:
    starts = [word.start for word in words if word.start < offset]
    return starts[-1] if starts else 0


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")
    return min(sum(len(one) + 1 for one in lines[: line - 1]) + column - 1, len(text))


def _excerpt(text: str, offset: int) -> str:
    """Return the line around *offset*, not more than fits a screen, and a caret beneath the place."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line = text[start : end if end >= 0 else len(text)].rstrip("\r")
    column = offset - start
    first = max(0, column - _WIDTH * 2 // 3)
    shown = line[first : first + _WIDTH]
    before = shown[: column - first]
    blank = "".join("\t" if one == "\t" else " " for one in before)
    return f"  {shown}\n  {blank}^"
