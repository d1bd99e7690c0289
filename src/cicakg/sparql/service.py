"""The SERVICE clauses of a query: where they stand, whom they call, and what they ask.

Source: SPARQL 1.1 Federated Query (https://www.w3.org/TR/sparql11-federated-query/), section 2 and grammar
rule [59] ``ServiceGraphPattern ::= 'SERVICE' 'SILENT'? VarOrIri GroupGraphPattern``.

The engine never gets to see the word: a query is tried with each clause as a GRAPH clause, which has the same
grammar and the same variables in scope, and evaluated with the answers in the place of the clauses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from cicakg.errors import CicakgError
from cicakg.model import Position
from cicakg.sparql.outline import SERVICE_WORDS, Prologue, place_of, read_prologue
from cicakg.sparql.tokens import Token, TokenKind, position_of, tokens, unescape_iri

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_STOOD_IN: Final = "GRAPH"


@dataclass(frozen=True, slots=True)
class ServiceClause:
    """One clause, in the text of the query's outline from ``start`` to ``end`` (exclusive).

    ``endpoint`` is the absolute IRI it calls; ``query`` is what is asked there: all of the clause's group,
    with the declarations it needs; ``position`` is where the clause starts, for a person.
    """

    start: int
    end: int
    endpoint: str
    is_silent: bool
    query: str
    position: Position


def service_clauses(
    text: str, prefixes: Mapping[str, str], base: str | None = None
) -> tuple[ServiceClause, ...]:
    """Return the SERVICE clauses of *text*, the text of an outline that is SPARQL, in order.

    *prefixes* and *base* are declared beforehand. Raises :class:`CicakgError` (``query-service-refused``) for
    one whose endpoint is a variable, one inside another, and one that cannot be told for certain.
    """
    prologue = Prologue(base, dict(prefixes))
    stream = tokens(text)
    first = read_prologue(stream, prologue)
    words = [*([first] if first else ()), *stream]
    clauses = tuple(_clauses(text, words, prologue))
    for before, after in pairwise(clauses):
        if after.start < before.end:
            raise _refusal(after.position, "stands inside another SERVICE clause")
    return clauses


def with_graphs(text: str) -> str:
    """Return *text* with every SERVICE clause as a GRAPH clause: nothing in it calls anybody, and every
    character has the place it had.
    """
    return _replaced(text, _stand_ins(list(tokens(text))))


def with_patterns(text: str, clauses: Sequence[ServiceClause], patterns: Sequence[str]) -> str:
    """Return *text* with a group graph pattern in the place of each clause."""
    spans = zip(clauses, patterns, strict=True)
    return _replaced(text, ((one.start, one.end, f" {pattern} ") for one, pattern in spans))


def _clauses(text: str, words: list[Token], prologue: Prologue) -> Iterator[ServiceClause]:
    for place, word in enumerate(words):
        if not word.is_word(*SERVICE_WORDS):
            continue
        position = position_of(text, word.start)
        is_silent = place + 1 < len(words) and words[place + 1].is_word("SILENT")
        after = words[place + 1 + is_silent :]
        if not after or not word.is_word("SERVICE"):
            raise _refusal(position, "cannot be read")
        group = _group(after[1:])
        endpoint = _endpoint(after[0], prologue, position)
        if group is None:
            raise _refusal(position, "cannot be read")
        asked = _query(text[group[0].start : group[-1].end], group, prologue)
        yield ServiceClause(word.start, group[-1].end, endpoint, is_silent, asked, position)


def _endpoint(word: Token, prologue: Prologue, position: Position) -> str:
    if word.kind is TokenKind.VARIABLE:
        raise _refusal(position, f"calls whatever server {word.text} is bound to")
    iri = prologue.resolve(word)
    if iri is None:
        raise _refusal(position, f"names {word.text}, which is no absolute IRI")
    return iri


def _group(words: Sequence[Token]) -> Sequence[Token] | None:
    """Return the tokens of the group that *words* begin with, braces included."""
    depth = 0
    for place, word in enumerate(words):
        if word.kind is TokenKind.MARK:
            depth += (word.text == "{") - (word.text == "}")
        if depth == 0:
            return words[: place + 1] if place else None
    return None


def _query(group: str, words: Sequence[Token], prologue: Prologue) -> str:
    """Return a query for the solutions of *group* by itself.

    Sent are those declarations that *group* may use. One too many does no harm, and what looks like an IRI
    (``?a<ex:b&&?c>ex:d``) may be a comparison, so it is not left to tokens which prefixes occur.
    """
    lines = [
        f"PREFIX {name}: <{iri}>"
        for name, iri in prologue.prefixes.items()
        if re.search(rf"(?<![\w.\-]){re.escape(name)}:", group)
    ]
    if prologue.base is not None and any(_is_relative(one) for one in words):
        lines.insert(0, f"BASE <{prologue.base}>")
    return "\n".join([*lines, f"SELECT * WHERE {group}"])


def _is_relative(word: Token) -> bool:
    return word.kind is TokenKind.IRI and _SCHEME.match(unescape_iri(word.text)) is None


def _stand_ins(words: list[Token]) -> Iterator[tuple[int, int, str]]:
    for place, word in enumerate(words):
        if not word.is_word(*SERVICE_WORDS):
            continue
        kept = word.text[: -len("SERVICE")]
        yield word.start, word.end, kept + _STOOD_IN.ljust(len("SERVICE"))
        following = words[place + 1] if place + 1 < len(words) else None
        if following is not None and following.is_word("SILENT"):
            yield following.start, following.end, " " * len(following.text)


def _replaced(text: str, spans: Iterator[tuple[int, int, str]]) -> str:
    kept: list[str] = []
    done = 0
    for start, end, instead in spans:
        kept += (text[done:start], instead)
        done = end
    return "".join((*kept, text[done:]))


def _refusal(position: Position, reason: str) -> CicakgError:
    return CicakgError(
        "query-service-refused",
        f"The SERVICE clause at {place_of(position)} {reason}, which this server does not do.",
        "Name one endpoint by its IRI in each SERVICE clause, and put no SERVICE inside another.",
    )
