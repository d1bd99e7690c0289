"""What a person is about to write: the word at the cursor, and what may stand there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cicakg.editor.scanning import Expected, Scan, readable_tokens, scan
from cicakg.turtle.tokens import Token, TokenKind

_WORD: Final = re.compile(r"[^\s;,\[\]()<>\"#]+\Z")
_WORDS_BEFORE: Final = re.compile(r"(?:^|(?<=[\s;,\[(]))(?:[^\W\d_][\w'’\-]*[ \t]+)+\Z")
_PLAIN_WORD: Final = re.compile(r"(\S+)\s+")
_LINE_BREAK: Final = re.compile(r"[\r\n]")
_KEYWORDS: Final = frozenset({"a", "true", "false", "prefix", "base"})
_EMPTY: Final = ('""', "''")


class Wanted(StrEnum):
    """What kind of thing fits at the cursor."""

    SUBJECT = "subject"
    PREDICATE = "predicate"
    OBJECT = "object"
    LANGUAGE = "language"
    DATATYPE = "datatype"
    DIRECTIVE = "directive"


@dataclass(frozen=True)
class Cursor:
    """The place of the cursor: the word before it (from *start* to *end*), and what was said before that."""

    wanted: Wanted
    word: str
    start: int
    end: int
    before: Scan

    @property
    def prefix(self) -> str | None:
        """What stands before the colon of the word, ``None`` where it has no colon."""
        prefix, colon, _ = self.word.partition(":")
        return prefix if colon else None

    @property
    def sought(self) -> str:
        """What the person looks for: the word, without its prefix."""
        return self.word.partition(":")[2] if ":" in self.word else self.word


def cursor_at(text: str, offset: int) -> Cursor | None:
    """Return what is being written at *offset*; ``None`` in a literal, an IRI in full, or a comment."""
    line_start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    found = _WORD.search(text, line_start, offset)
    word = found[0] if found else ""
    start = offset - len(word)
    if word.startswith("^^"):
        return _made(text, Wanted.DATATYPE, word[2:], start + 2)
    if word.startswith("@"):
        return _after_at(text, word, start)
    if "'" in word[:1] or "@" in word:
        return None
    if ":" not in word:
        start = _with_words_before(text, line_start, start)
    return _made(text, None, text[start:offset], start)


def _made(text: str, wanted: Wanted | None, word: str, start: int) -> Cursor | None:
    before = text[:start]
    read = list(readable_tokens(before))
    if _is_hidden(before, read):
        return None
    scanned = scan(before)
    wanted = wanted or _wanted(scanned.expected)
    return None if wanted is None else Cursor(wanted, word, start, start + len(word), scanned)


def _wanted(expected: Expected) -> Wanted | None:
    known = {
        Expected.SUBJECT: Wanted.SUBJECT,
        Expected.PREDICATE: Wanted.PREDICATE,
        Expected.OBJECT: Wanted.OBJECT,
        Expected.DATATYPE: Wanted.DATATYPE,
    }
    return known.get(expected)


def _after_at(text: str, word: str, start: int) -> Cursor | None:
    before = text[:start]
    read = list(readable_tokens(before))
    if read and read[-1].kind is TokenKind.STRING and read[-1].end == start:
        return Cursor(Wanted.LANGUAGE, word[1:], start + 1, start + len(word), scan(before))
    if _is_hidden(before, read) or scan(before).expected is not Expected.SUBJECT:
        return None
    return Cursor(Wanted.DIRECTIVE, word, start, start + len(word), scan(before))


def _with_words_before(text: str, line_start: int, start: int) -> int:
    """Return where the plain words before *start* on its line begin: a name can have several."""
    found = _WORDS_BEFORE.search(text[line_start:start])
    if found is None:
        return start
    begun = found.start()
    for one in _PLAIN_WORD.finditer(found[0]):
        if one[1].lower() in _KEYWORDS:
            begun = found.start() + one.end()
    return line_start + begun


def _is_hidden(before: str, read: list[Token]) -> bool:
    """Whether the end of *before* lies in a comment, an open literal or an open IRI."""
    if any(one.text in _EMPTY and before[one.end : one.end + 1] == one.text[0] for one in read):
        return True  # a long literal that is not closed reads as an empty one with a quotation mark behind it
    rest = before[read[-1].end :] if read else before
    return any(one in _LINE_BREAK.split(rest)[-1] for one in "#\"'<")
