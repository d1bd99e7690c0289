"""The tokens of Turtle 1.1 (https://www.w3.org/TR/turtle/#sec-grammar-grammar), each with its offset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple

from cicakg.turtle.faults import UnreadableTokenError


class TokenKind(StrEnum):
    """What a token is; the values are the group names of the pattern below."""

    IRI = "iri"
    STRING = "string"
    NAME = "name"
    BLANK = "blank"
    AT = "at"
    DOUBLE = "double"
    DECIMAL = "decimal"
    INTEGER = "integer"
    WORD = "word"
    MARK = "mark"


class Token(NamedTuple):
    """One token as written, and the offset of its first code point."""

    kind: TokenKind
    text: str
    offset: int

    @property
    def end(self) -> int:
        """The offset just behind the token."""
        return self.offset + len(self.text)


# Character classes of the grammar: PN_CHARS_BASE [163s], PN_CHARS_U [164s], PN_CHARS [166s], PLX [169s].
_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHAR: Final = _BASE + r"_\-0-9" + "\u00b7\u0300-\u036f\u203f-\u2040"
_ESCAPED: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"

_PREFIX: Final = rf"(?:[{_BASE}](?:\.*[{_CHAR}])*)?:"
_LOCAL: Final = rf"(?:(?:[{_BASE}_:0-9]|{_ESCAPED})(?:\.*(?:[{_CHAR}:]|{_ESCAPED}))*)?"
_LONG_STRING: Final = (
    r'"""(?:"{0,2}(?:[^"\\]++|\\.))*+"""'
    r"|'''(?:'{0,2}(?:[^'\\]++|\\.))*+'''"
)
STRING: Final = (
    _LONG_STRING + r'|"(?:[^"\\\n\r]++|\\.)*+"'
    r"|'(?:[^'\\\n\r]++|\\.)*+'"
)
"""A pattern for the strings of Turtle, in any of their quotation marks; for re.DOTALL."""
# What may hide a quotation mark, then a string that is closed, then the marks that open one that is not.
_QUOTED: Final = rf"<[^<>\s]*+>|#[^\r\n]*+|(?:{_LONG_STRING})|(?P<long>\"\"\"|''')|{STRING}|(?P<short>[\"'])"

_KINDS: Final = {one.value: one for one in TokenKind}


@cache
def _token() -> re.Pattern[str]:
    """Return the pattern of a token, made when it is first needed: most files are not taken apart."""
    return re.compile(
        r"(?P<skip>(?:[ \t\r\n]++|#[^\r\n]*+)+)"
        r"|(?P<iri><[^<>\"{}|^`\x00-\x20]*+>)"
        rf"|(?P<string>{STRING})"
        rf"|(?P<name>{_PREFIX}{_LOCAL})"
        rf"|(?P<blank>_:[{_BASE}_0-9](?:\.*[{_CHAR}])*)"
        r"|(?P<at>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
        r"|(?P<double>[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+)"
        r"|(?P<decimal>[+-]?[0-9]*\.[0-9]+)"
        r"|(?P<integer>[+-]?[0-9]+)"
        r"|(?P<word>[A-Za-z]+)"
        r"|(?P<mark>\^\^|[.;,\[\]()])",
        re.DOTALL,
    )


def unclosed_string(text: str) -> int | None:
    """Return where the first string in *text* begins that is not closed, ``None`` where all are."""
    found = (one for one in re.finditer(_QUOTED, text, re.DOTALL) if one["long"] or one["short"])
    return next((one.start() for one in found), None)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of *text* in order, comments and white space left out.

    Raises :class:`UnreadableTokenError` where the text goes on with something that is no token of Turtle 1.1.
    """
    offset, pattern = 0, _token()
    while offset < len(text):
        found = pattern.match(text, offset)
        if found is None:
            raise UnreadableTokenError(offset)
        kind = found.lastgroup
        if kind is not None and kind != "skip":
            yield Token(_KINDS[kind], found.group(), offset)
        offset = found.end()
