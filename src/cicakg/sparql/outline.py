"""The outline of a query: its form, its data set and what it would reach, without evaluating or parsing all
of it.

A front that trusts nobody needs three answers before a query meets the engine: does it change data, does it
call another server, and which graphs does it ask for. The engine is the judge of everything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, parse

from cicakg.errors import CicakgError
from cicakg.model import Position
from cicakg.sparql.tokens import (
    Token,
    TokenKind,
    lower_booleans,
    position_of,
    tokens,
    unescape,
    unescape_iri,
)
from cicakg.vocab import PREFIXES

QUERY_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
UPDATE_FORMS: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"}
)
# The engine reads the booleans without looking what follows, so that such a word calls a server too.
SERVICE_WORDS: Final = ("SERVICE", "TRUESERVICE", "FALSESERVICE")
_OF_INTEREST: Final = re.compile("service|from|graph", re.IGNORECASE)
_LONGEST_READ: Final = 16 * 1024  # characters a front reads to be certain; reading more would hold others up
_OPENING: Final = frozenset("{([")
_CLOSING: Final = frozenset("})]")


@dataclass(frozen=True, slots=True)
class Outline:
    """What can be said of a query from its tokens.

    ``text`` is the query with its codepoint escapes and booleans as the engine can read them; ``form`` is
    the first keyword after the prologue in capitals, empty where there is none; ``default_graphs`` and
    ``named_graphs`` are the IRIs of FROM and FROM NAMED, each once, resolved against BASE and prefixes
    (one that cannot be resolved is left out: the engine will refuse it); ``service`` is where the first
    SERVICE stands; ``has_graph`` says whether GRAPH is used.
    """

    text: str
    form: str
    form_position: Position
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    service: Position | None = None
    has_graph: bool = False


@dataclass(slots=True)
class Prologue:
    """BASE and PREFIX as read so far; a later one replaces an earlier one."""

    base: str | None
    prefixes: dict[str, str] = field(default_factory=dict)

    def set_base(self, iri: Token | None) -> None:
        """Take the IRI of a BASE declaration."""
        resolved = self.resolve(iri) if iri else None
        self.base = resolved or self.base

    def set_prefix(self, name: Token | None, iri: Token | None) -> None:
        """Take the name and the IRI of a PREFIX declaration."""
        namespace = self.resolve(iri) if iri else None
        if name is not None and namespace is not None:
            self.prefixes[name.text.removesuffix(":")] = namespace

    def resolve(self, token: Token) -> str | None:
        """Return the absolute IRI *token* stands for, ``None`` where it stands for none."""
        if token.kind is TokenKind.IRI:
            return _absolute(unescape_iri(token.text), self.base)
        prefix, _, local = token.text.partition(":")
        if token.kind is not TokenKind.NAME or prefix not in self.prefixes:
            return None
        return _absolute(self.prefixes[prefix] + local.replace("\\", ""), None)


def read_outline(query: str, prefixes: Mapping[str, str] = PREFIXES, base: str | None = None) -> Outline:
    """Return the outline of *query*, in which *prefixes* and *base* are declared beforehand.

    Raises :class:`CicakgError` where it is an update (``query-update-refused``) or would call another server
    (``query-service-refused``). Whether it is SPARQL at all is for the engine to say.
    """
    sketch = outline(query, prefixes, base)
    refuse_update(sketch)
    _refuse_service(sketch)
    return sketch


def may_call_service(query: str) -> bool:
    """Say whether *query* may hold a SERVICE clause. A long query that holds the word anywhere may."""
    folded = query.lower()  # much quicker than a pattern that ignores case
    if "service" not in folded and "\\u" not in folded:
        return False
    if len(query) > _LONGEST_READ:
        return True
    return any(one.is_word(*SERVICE_WORDS) for one in tokens(unescape(query)))


def outline(query: str, prefixes: Mapping[str, str], base: str | None = None) -> Outline:
    """Return the outline of *query* as it stands. Never raises."""
    text = lower_booleans(unescape(query))
    prologue = Prologue(base, dict(prefixes))
    stream = tokens(text)
    first = read_prologue(stream, prologue)
    form = first.text.upper() if first and first.kind is TokenKind.WORD else ""
    where = position_of(text, first.start if first else len(text))
    # Most queries name none of these even inside a literal; reading on for nothing would cost more than
    # answering.
    if _OF_INTEREST.search(text) is None:
        return Outline(text, form, where)
    words = list(stream)
    graphs = list(_dataset_clauses(words, prologue))
    service = next((one for one in words if one.is_word(*SERVICE_WORDS)), None)
    return Outline(
        text,
        form=form,
        form_position=where,
        default_graphs=tuple(dict.fromkeys(iri for is_named, iri in graphs if not is_named)),
        named_graphs=tuple(dict.fromkeys(iri for is_named, iri in graphs if is_named)),
        service=position_of(text, service.start) if service else None,
        has_graph=any(one.is_word("GRAPH") for one in words),
    )


def refuse_update(query: Outline) -> None:
    """Raise :class:`CicakgError` (``query-update-refused``) where *query* would change data."""
    if query.form in UPDATE_FORMS:
        raise CicakgError(
            "query-update-refused",
            f"{query.form} ({place_of(query.form_position)}) would change data, which are read-only here.",
            "Ask with SELECT, ASK, CONSTRUCT or DESCRIBE.",
        )


def _refuse_service(query: Outline) -> None:
    if query.service is not None:
        raise CicakgError(
            "query-service-refused",
            f"SERVICE ({place_of(query.service)}) would call another server, which this one does not do.",
            "Ask the other server yourself, and bring its values in with VALUES.",
        )


def place_of(position: Position) -> str:
    """Return *position* as a sentence names it."""
    return f"line {position.line}, column {position.column}"


def read_prologue(stream: Iterator[Token], prologue: Prologue) -> Token | None:
    """Read BASE, PREFIX and VERSION declarations; return the token after them, ``None`` at the end."""
    for word in stream:
        if word.is_word("BASE"):
            prologue.set_base(next(stream, None))
        elif word.is_word("PREFIX"):
            prologue.set_prefix(next(stream, None), next(stream, None))
        elif word.is_word("VERSION"):
            next(stream, None)
        else:
            return word
    return None


def _dataset_clauses(words: list[Token], prologue: Prologue) -> Iterator[tuple[bool, str]]:
    """Yield ``(is it FROM NAMED, the graph's IRI)`` for each dataset clause; they stand outside all
    brackets.
    """
    depth = 0
    for place, word in enumerate(words):
        if word.kind is TokenKind.MARK:
            depth += (word.text in _OPENING) - (word.text in _CLOSING)
        if depth or not word.is_word("FROM"):
            continue
        following = words[place + 1 : place + 3]
        is_named = bool(following) and following[0].is_word("NAMED")
        iri = prologue.resolve(following[is_named]) if len(following) > is_named else None
        if iri is not None:
            yield is_named, iri


def _absolute(iri: str, base: str | None) -> str | None:
    """Resolve *iri* as the engine does (RFC 3987, by its own Turtle reader); ``None`` where it is no
    absolute IRI.
    """
    try:
        if base is None:
            return NamedNode(iri).value
        (quad,) = parse(f"<{iri}> <x:p> <x:o> .", format=RdfFormat.TURTLE, base_iri=base)
    except (SyntaxError, ValueError):
        return None
    return quad.subject.value if isinstance(quad.subject, NamedNode) else None
