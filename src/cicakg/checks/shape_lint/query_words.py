"""The tokens of a query, taken one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cicakg.sparql.tokens import Token, TokenKind, tokens, unescape

MAX_DEPTH: Final = 60
"""How deep the brackets of a query may nest; pyoxigraph's parser ends the process at a few thousand."""

_OPENING: Final = frozenset("{([")
_CLOSING: Final = frozenset("})]")


class UnreadableQueryError(Exception):
    """A query says something that the lint does not know, at *offset*."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"unreadable at offset {offset}")
        self.offset = offset


@dataclass
class QueryWords:
    """The tokens of one query and how far they are read."""

    tokens: list[Token]
    end: int
    _next: int = 0
    _depth: int = 0

    @classmethod
    def of(cls, text: str) -> QueryWords:
        """Return the tokens of *text*; raises :class:`UnreadableQueryError` for one written in escapes."""
        if unescape(text) != text:
            raise UnreadableQueryError(text.index("\\"))
        return cls(list(tokens(text)), len(text))

    def is_at_end(self) -> bool:
        """Whether all tokens are taken."""
        return self._next == len(self.tokens)

    def peek(self) -> Token:
        """Return the next token without taking it."""
        if self.is_at_end():
            raise UnreadableQueryError(self.end)
        return self.tokens[self._next]

    def take(self) -> Token:
        """Return the next token."""
        token = self.peek()
        self._next += 1
        return token

    def at(self, *texts: str) -> bool:
        """Whether the next token is one of these keywords or marks."""
        return not self.is_at_end() and _is_one(self.tokens[self._next], texts)

    def skips(self, *texts: str) -> bool:
        """Whether the next token is one of these keywords or marks; it is taken then."""
        found = self.at(*texts)
        self._next += found
        return found

    def expect(self, text: str) -> Token:
        """Return the next token, which has to be this keyword or mark."""
        token = self.take()
        if not _is_one(token, (text,)):
            raise UnreadableQueryError(token.start)
        return token

    def expect_end(self) -> None:
        """Make sure that all tokens are taken."""
        if not self.is_at_end():
            raise UnreadableQueryError(self.peek().start)

    def open(self, bracket: str) -> Token:
        """Take an opening bracket; raises :class:`UnreadableQueryError` where too many are open."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UnreadableQueryError(self.peek().start)
        return self.expect(bracket)

    def close(self, bracket: str) -> None:
        """Take a closing bracket."""
        self._depth -= 1
        self.expect(bracket)


def too_deep(words: list[Token]) -> Token | None:
    """Return the first bracket that is open inside :data:`MAX_DEPTH` others, ``None`` where there is none."""
    depth = 0
    for word in words:
        if word.kind is TokenKind.MARK:
            depth += (word.text in _OPENING) - (word.text in _CLOSING)
            if depth > MAX_DEPTH:
                return word
    return None


def _is_one(token: Token, texts: tuple[str, ...]) -> bool:
    if token.kind is TokenKind.MARK:
        return token.text in texts
    return token.kind is TokenKind.WORD and token.text.upper() in texts
