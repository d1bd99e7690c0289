"""A query on its way to an engine: checked by our own engine, and made to mean there what it means here.

What leaves is SPARQL 1.1 that the built-in engine has read: no update, no SERVICE, no pragma and no function
of the other engine's own (Virtuoso reads files and opens addresses by such). The prefixes and the base that
are declared here beforehand are written into it. Its data set goes beside it, by the protocol, and not in it:
engines do not agree which of the two counts where both are there (Virtuoso 7 takes both).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, Store

from cicakg.errors import CicakgError
from cicakg.remote.holdings import MERGED_GRAPH, NO_GRAPH, Holdings
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.outline import Outline, Prologue, read_outline, read_prologue
from cicakg.sparql.request import QueryRequest
from cicakg.sparql.tokens import Token, TokenKind, tokens, unescape_iri
from cicakg.vocab import PREFIXES
from cicakg.workers.evaluation import results_of

ALL: Final = "all"
"""In the place of named graphs: all that there are."""

_SCHEME: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
_OPENING: Final = frozenset("{([")
_CLOSING: Final = frozenset("})]")


@dataclass(frozen=True, slots=True)
class Question:
    """What an engine is asked: ``text``, the ``kind`` of result it has to give, and the graphs of the
    protocol's data set. ``None`` in their place leaves the choice to the engine, :data:`ALL` names every
    graph of the dataset.
    """

    text: str
    kind: ResultKind
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | str | None = None


@dataclass(frozen=True, slots=True)
class _Edit:
    """Characters of the text, and what stands in their place."""

    start: int
    end: int
    text: str


def make_question(request: QueryRequest, holdings: Holdings | None) -> Question:
    """Return what to ask an engine for *request*; *holdings* is what ``cicakg load`` put there, ``None``
    where the data there are not ours.

    Raises the errors of :func:`cicakg.workers.evaluation.evaluate`. It may take as long, and end the process,
    with a query made for that: call it where that is no harm.
    """
    kind = _kind(request)
    sketch = read_outline(request.query, base=request.base)
    reading = _read(sketch, request.base)
    if holdings is None:
        return _of_foreign_data(request, kind, reading)
    default, named = _data_set(request, sketch, holdings)
    used, edits = _graphs_used(reading, named, holdings)
    text = reading.rewritten([*reading.dataset_clauses(), *edits])
    return Question(text, kind, default, used)


def _kind(request: QueryRequest) -> ResultKind:
    """Have the query read, and begun on no data at all: what is wrong with it is found here."""
    results = results_of(Store(), replace(request, default_graphs=(), named_graphs=()))
    for iri in (*request.default_graphs, *request.named_graphs):
        _check_iri(iri)
    if isinstance(results, QueryBoolean):
        return ResultKind.BOOLEAN
    return ResultKind.SOLUTIONS if isinstance(results, QuerySolutions) else ResultKind.GRAPH


def _check_iri(iri: str) -> None:
    try:
        NamedNode(iri)
    except ValueError as error:
        raise CicakgError(
            "query-syntax",
            f"The request names {iri!r}, which is no absolute IRI.",
            "Write the whole IRI, scheme included.",
        ) from error


def _of_foreign_data(request: QueryRequest, kind: ResultKind, reading: _Reading) -> Question:
    if not (request.default_graphs or request.named_graphs):
        return Question(reading.rewritten([]), kind)
    text = reading.rewritten(list(reading.dataset_clauses()))
    return Question(text, kind, request.default_graphs, request.named_graphs)


def _data_set(
    request: QueryRequest, sketch: Outline, holdings: Holdings
) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """Return the default graphs and the named graphs (``None``: all) the query has (SPARQL 1.1 Query,
    section 13.2; Protocol, section 2.1.4), those left out that are not of the dataset.
    """
    is_protocol = bool(request.default_graphs or request.named_graphs)
    default = request.default_graphs if is_protocol else sketch.default_graphs
    named = request.named_graphs if is_protocol else sketch.named_graphs
    if not default and not named:
        return (MERGED_GRAPH,), None
    return _default(default, holdings), tuple(one for one in dict.fromkeys(named) if one in holdings.graphs)


def _default(asked: tuple[str, ...], holdings: Holdings) -> tuple[str, ...]:
    graphs = tuple(one for one in dict.fromkeys(asked) if one in holdings.graphs)
    if len(graphs) == len(holdings.graphs):
        return (MERGED_GRAPH,)
    twice = sorted(holdings.sharing.intersection(graphs))
    if len(graphs) > 1 and len(twice) > 1:
        raise CicakgError(
            "query-unsupported",
            f"The query asks for several graphs as one, and some of them, such as {twice[0]}, hold a "
            "statement that another graph holds too: the engine would count it twice.",
            "Ask for one graph, or for all of them by naming none.",
        )
    return graphs or (NO_GRAPH,)


def _graphs_used(
    reading: _Reading, named: tuple[str, ...] | None, holdings: Holdings
) -> tuple[tuple[str, ...] | str, list[_Edit]]:
    """Return the named graphs the query can reach, as few as will do, and what has to be put in the place of
    graphs that are not of its data set: an engine may hold them (Virtuoso 7 then reads them).
    """
    names = list(reading.graph_names())
    allowed = holdings.graphs if named is None else frozenset(named)
    edits = [_Edit(one.start, one.end, f"<{NO_GRAPH}>") for one, iri in names if iri and iri not in allowed]
    if all(iri for _, iri in names):
        return tuple(sorted({iri for _, iri in names if iri in allowed})) or (NO_GRAPH,), edits
    return ALL if named is None else named or (NO_GRAPH,), edits


@dataclass(frozen=True, slots=True)
class _Reading:
    """The tokens of a query: ``text`` as a whole, ``words`` after the prologue, what it declares."""

    text: str
    all_words: tuple[Token, ...]
    words: tuple[Token, ...]
    declared: frozenset[str]
    prologue: Prologue
    base: str | None

    def dataset_clauses(self) -> Iterator[_Edit]:
        """Yield what takes FROM and FROM NAMED out."""
        depth = 0
        for place, word in enumerate(self.words):
            if word.kind is TokenKind.MARK:
                depth += (word.text in _OPENING) - (word.text in _CLOSING)
            if depth or not word.is_word("FROM"):
                continue
            following = self.words[place + 1 : place + 3]
            is_named = bool(following) and following[0].is_word("NAMED")
            if len(following) > is_named:
                yield _Edit(word.start, following[is_named].end, " ")

    def graph_names(self) -> Iterator[tuple[Token, str | None]]:
        """Yield what follows each GRAPH: the token, and its IRI where it is one."""
        for word, following in zip(self.words, self.words[1:], strict=False):
            if word.is_word("GRAPH"):
                yield following, self.prologue.resolve(following)

    def rewritten(self, edits: list[_Edit]) -> str:
        """Return the text with *edits* made, with the declarations it needs in front."""
        edits += [
            _Edit(one.start, one.end, f"<{unescape_iri(one.text)}>")
            for one in self.all_words
            if one.kind is TokenKind.IRI and "\\" in one.text
        ]
        kept: list[str] = []
        end = 0
        for one in sorted(edits, key=lambda edit: edit.start):
            if one.start >= end:
                kept += (self.text[end : one.start], one.text)
                end = one.end
        return "".join((*self._declarations(), *kept, self.text[end:]))

    def _declarations(self) -> Iterator[str]:
        if self.base is not None and self._has_relative_iri():
            yield f"BASE <{self.base}>\n"
        used = {one.text.partition(":")[0] for one in self.words if one.kind is TokenKind.NAME}
        for name in sorted(used - self.declared):
            if name in PREFIXES:
                yield f"PREFIX {name}: <{PREFIXES[name]}>\n"

    def _has_relative_iri(self) -> bool:
        return any(one.kind is TokenKind.IRI and not _SCHEME.match(one.text) for one in self.all_words)


def _read(sketch: Outline, base: str | None) -> _Reading:
    own = Prologue(base)
    stream = tokens(sketch.text)
    first = read_prologue(stream, own)
    words = (first, *stream) if first is not None else ()
    declared = frozenset(own.prefixes)
    prologue = Prologue(own.base, {**PREFIXES, **own.prefixes})
    everything = tuple(tokens(sketch.text))
    return _Reading(sketch.text, everything, words, declared, prologue, base)
