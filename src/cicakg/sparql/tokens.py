"""The words of a SPARQL text: IRIs, strings, comments, names, variables, keywords, each with its place.

The productions are those of the SPARQL 1.1 grammar (https://www.w3.org/TR/sparql11-query/#sparqlGrammar),
section 19.8, with the longest match of section 19.8 note 5. A text that breaks off inside a string ends
there: what follows is not readable, and the engine will say that the query is not SPARQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from cicakg.model import Position

_PN_CHARS_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PN_CHARS_U: Final = _PN_CHARS_BASE + "_"
_PN_CHARS: Final = _PN_CHARS_U + r"\-0-9\u00b7\u0300-\u036f\u203f-\u2040"
_PN_PREFIX: Final = rf"[{_PN_CHARS_BASE}](?:[{_PN_CHARS}]|\.++(?=[{_PN_CHARS}]))*+"
_PLX: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_PN_LOCAL: Final = rf"(?:[{_PN_CHARS_U}:0-9]|{_PLX})(?:(?:[{_PN_CHARS}:]|{_PLX}|\.+(?=[{_PN_CHARS}:%\\]))*)"
_VARNAME: Final = rf"[{_PN_CHARS_U}0-9][{_PN_CHARS_U}0-9\u00b7\u0300-\u036f\u203f-\u2040]*"
_STRING: Final = (
    r'"""(?:"{0,2}(?:[^"\\]|\\.))*"""'
    r"|'''(?:'{0,2}(?:[^'\\]|\\.))*'''"
    r'|"(?:[^"\\\n\r]|\\[^\n\r])*"'
    r"|'(?:[^'\\\n\r]|\\[^\n\r])*'"
)


class TokenKind(StrEnum):
    """What a token is."""

    SPACE = "space"
    COMMENT = "comment"
    IRI = "iri"
    STRING = "string"
    VARIABLE = "variable"
    BLANK = "blank"
    LANGUAGE = "language"
    NAME = "name"
    NUMBER = "number"
    WORD = "word"
    MARK = "mark"


_PART: Final = re.compile(r"\.|[^.]+")
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_BOOLEAN: Final = re.compile(r"\b(?:true|false)\b", re.IGNORECASE)
_UNREADABLE: Final = frozenset({'"', "'"})
_LAYOUT: Final = frozenset({TokenKind.SPACE, TokenKind.COMMENT})


@cache
def _token() -> re.Pattern[str]:
    """Return the pattern of a token, made when it is first needed: that takes longer than most commands."""
    return re.compile(
        "|".join(
            f"(?P<{kind}>{pattern})"
            for kind, pattern in (
                (TokenKind.SPACE, r"[\x20\t\r\n]+"),
                (TokenKind.COMMENT, r"#[^\r\n]*"),
                (TokenKind.IRI, r"<[^<>\"{}|^`\\\x00-\x20]*(?:\\[uU][0-9A-Fa-f]+[^<>\"{}|^`\\\x00-\x20]*)*>"),
                (TokenKind.STRING, _STRING),
                (TokenKind.VARIABLE, rf"[?$]{_VARNAME}"),
                (TokenKind.BLANK, rf"_:[{_PN_CHARS_U}0-9](?:[{_PN_CHARS}.]*[{_PN_CHARS}])?"),
                (TokenKind.LANGUAGE, r"@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*"),
                (TokenKind.NUMBER, r"[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?"),
                # A name where a colon follows, else words with dots between them: read together, or a long
                # row of them would be read once for every word.
                (TokenKind.NAME, rf"(?:{_PN_PREFIX})?+:(?:{_PN_LOCAL})?"),
                (TokenKind.WORD, _PN_PREFIX),
                (TokenKind.MARK, r"."),
            )
        ),
        re.DOTALL,
    )


@dataclass(frozen=True, slots=True)
class Token:
    """One token: what it is, its characters as they stand, and where it starts (in code points from 0)."""

    kind: TokenKind
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the token ends, exclusive."""
        return self.start + len(self.text)

    def is_word(self, *words: str) -> bool:
        """Whether the token is one of the keywords *words* (given in capitals; SPARQL ignores their case)."""
        return self.kind is TokenKind.WORD and self.text.upper() in words


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of *text* without spaces and comments, up to the end or to a string that is not
    closed.
    """
    for match in _token().finditer(text):
        kind = TokenKind(str(match.lastgroup))
        if kind is TokenKind.MARK and match[0] in _UNREADABLE:
            return
        if kind is TokenKind.WORD:
            yield from _words(match)
        elif kind not in _LAYOUT:
            yield Token(kind, match[0], match.start())


def _words(match: re.Match[str]) -> Iterator[Token]:
    for part in _PART.finditer(match[0]):
        kind = TokenKind.MARK if part[0] == "." else TokenKind.WORD
        yield Token(kind, part[0], match.start() + part.start())


def first_unclosed_string(text: str) -> int | None:
    """Return where the first string starts that is not closed, ``None`` where all are."""
    for match in _token().finditer(text):
        if match.lastgroup == TokenKind.MARK and match[0] in _UNREADABLE:
            # An unclosed long string looks like an empty short one and another quotation mark.
            is_long = text[max(0, match.start() - 2) : match.start()] == match[0] * 2
            return match.start() - 2 * is_long
    return None


def unescape(text: str) -> str:
    r"""Return *text* with the codepoint escapes ``\uXXXX`` and ``\UXXXXXXXX`` outside strings and IRIs
    replaced (section 19.2).

    The engine reads those inside strings and IRIs itself, and there an escape never ends the string or IRI.
    """
    if "\\u" not in text and "\\U" not in text:
        return text
    kept: list[str] = []
    end = 0
    for place in _verbatim(text):
        kept += (_ESCAPE.sub(_character, text[end : place.start()]), place[0])
        end = place.end()
    return "".join((*kept, _ESCAPE.sub(_character, text[end:])))


def lower_booleans(text: str) -> str:
    """Return *text* with ``TRUE`` and ``False`` in lower case: keywords have no case (section 19.8, note 1),
    and the engine knows these two in one only. Every place stays what it was.
    """
    if all(found[0].islower() for found in _BOOLEAN.finditer(text)):
        return text
    kept: list[str] = []
    end = 0
    for word in tokens(text):
        if word.is_word("TRUE", "FALSE"):
            kept += (text[end : word.start], word.text.lower())
            end = word.end
    return "".join((*kept, text[end:]))


def _verbatim(text: str) -> Iterator[re.Match[str]]:
    whole = {TokenKind.COMMENT, TokenKind.IRI, TokenKind.STRING}
    return (match for match in _token().finditer(text) if match.lastgroup in whole)


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    is_scalar = code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if is_scalar else escape[0]


def unescape_iri(text: str) -> str:
    """Return the characters of an IRI token, without its brackets."""
    return _ESCAPE.sub(_character, text[1:-1])


def position_of(text: str, offset: int) -> Position:
    """Return line and column, from 1, of the code point at *offset*."""
    before = text[:offset]
    return Position(before.count("\n") + 1, offset - before.rfind("\n"))
