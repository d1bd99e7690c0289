"""The property paths of a query (https://www.w3.org/TR/sparql11-query/#rPath)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cicakg.checks.shape_lint.patterns import Path
from cicakg.checks.shape_lint.query_words import QueryWords, UnreadableQueryError
from cicakg.sparql.tokens import TokenKind


@dataclass
class PathReader:
    """Reads the verb of a triple pattern."""

    words: QueryWords

    def verb(self) -> Path:
        """Take a variable or a path."""
        if self.words.peek().kind is TokenKind.VARIABLE:
            self.words.take()
            return Path()
        return self._alternative()

    def _alternative(self) -> Path:
        found = self._sequence()
        while self.words.skips("|"):
            found = found.or_else(self._sequence())
        return found

    def _sequence(self) -> Path:
        found = self._step()
        while self.words.skips("/"):
            found = found.followed_by(self._step())
        return found

    def _step(self) -> Path:
        is_inverse = self.words.skips("^")
        path = self._primary()
        if self.words.skips("?", "*"):
            path = path.repeated(may_be_empty=True)
        elif self.words.skips("+"):
            path = path.repeated(may_be_empty=False)
        return path.inverse() if is_inverse else path

    def _primary(self) -> Path:
        if self.words.at("("):
            self.words.open("(")
            path = self._alternative()
            self.words.close(")")
            return path
        if self.words.skips("!"):
            path = self._primary() if self.words.at("(") else self._step()
            return replace(path, verbs=None, is_step=False)  # any predicate but these
        token = self.words.take()
        is_a = token.kind is TokenKind.WORD and token.text == "a"
        if not is_a and token.kind not in {TokenKind.IRI, TokenKind.NAME}:
            raise UnreadableQueryError(token.start)
        return Path(verbs=frozenset({token.text}))
