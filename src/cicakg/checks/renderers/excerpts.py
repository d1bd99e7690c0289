"""The line a finding is about, with the token at fault underlined."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from cicakg.checks.isolation import isolated_sentence
from cicakg.checks.templates import ENGLISH, said
from cicakg.terminal import POP_DIRECTIONAL_ISOLATE, excerpt, safe, width
from cicakg.turtle.faults import UnreadableTokenError
from cicakg.turtle.tokens import tokens

_LEFT_TO_RIGHT_ISOLATE: Final = "\u2066"
_LONG_QUOTES: Final = ('"""', "'''")

_RIGHT: Final = frozenset({"R", "AL", "AN"})
_STRONG: Final = frozenset({"L", "R", "AL"})


def marked_line(line: str, column: int, limit: int, language: str = ENGLISH) -> Iterator[str]:
    """Yield *line*, cut to *limit* columns of a terminal, and below it a mark under the token at *column*.

    The line is isolated left to right, as Turtle is read: so the mark is right on a terminal that reorders
    Arabic (UAX #9) and on one that does not. Within a run of Arabic no mark can be right on both: there the
    character is named instead, in *language*.
    """
    part, before = excerpt(line, column, limit)
    yield f"{_LEFT_TO_RIGHT_ISOLATE}{part}{POP_DIRECTIONAL_ISOLATE}"
    if is_reordered(line, column):
        named = said("report/character-named", language, column=column, name=_named(line[column - 1]))
        yield isolated_sentence(named, language)
    else:
        token = safe(line[column - 1 : column - 1 + token_length(line, column)])
        yield " " * before + "^" * max(1, min(width(token), width(part) - before))


def token_length(line: str, column: int) -> int:
    """Return how many code points of *line* the token takes that begins at *column*, 1 where none does."""
    rest = line[column - 1 :]
    if rest.startswith(_LONG_QUOTES) and rest[:3] not in rest[3:]:
        return len(rest)
    if not rest or rest[0].isspace():
        return 1
    try:
        first = next(tokens(rest), None)
    except UnreadableTokenError:
        return 1
    return len(first.text) if first is not None and first.offset == 0 else 1


def is_reordered(line: str, column: int) -> bool:
    """Whether the character at *column* stands in a run that is shown from right to left.

    That is UAX #9 in a left-to-right line, without embeddings: a number or a mark between right-to-left
    letters goes with them.
    """
    if not 1 <= column <= len(line):
        return False
    own = unicodedata.bidirectional(line[column - 1])
    if own in _STRONG:
        return own in _RIGHT
    before = _strong(reversed(line[: column - 1]))
    if own in {"EN", "AN"}:
        return own == "AN" or before in _RIGHT
    return before in _RIGHT and _strong(iter(line[column:])) in _RIGHT


def _strong(characters: Iterator[str]) -> str:
    kinds = (unicodedata.bidirectional(one) for one in characters)
    return next((kind for kind in kinds if kind in _STRONG), "L")


def _named(character: str) -> str:
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X} {name}".rstrip()
