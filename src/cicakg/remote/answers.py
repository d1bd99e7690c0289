"""What an engine's response says of itself before its body is read: an answer, part of one, or a failure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import httpx

from cicakg.errors import CicakgError
from cicakg.remote.faults import (
    engine_error,
    incomplete_error,
    own_time_limit_error,
    refused_error,
    spoken,
    unreachable_error,
)
from cicakg.sparql.formats import ResultKind

_JSON: Final = ("application/sparql-results+json", "application/json")
_TRIPLES: Final = ("application/n-triples", "text/ntriples")
ACCEPTED: Final = {
    ResultKind.SOLUTIONS: _JSON[0],
    ResultKind.BOOLEAN: _JSON[0],
    ResultKind.GRAPH: _TRIPLES[0],
}
_TYPES: Final = {ResultKind.SOLUTIONS: _JSON, ResultKind.BOOLEAN: _JSON, ResultKind.GRAPH: _TRIPLES}

_VIRTUOSO_STATE: Final = re.compile(r"Virtuoso (\w{5}) Error")
_TIMED_OUT: Final = "S1T00"  # ISO 9075's form of a state; Virtuoso's for its MaxQueryExecutionTime


@dataclass(frozen=True, slots=True)
class Head:
    """What the headers of an answer tell: the ``server``'s name for itself, and ``cut_at``, the number of
    rows it says it cuts results at.
    """

    server: str
    cut_at: int | None = None


def read_head(response: httpx.Response, kind: ResultKind) -> Head:
    """Return what the headers of the 200 in *response*, an answer of *kind*, tell.

    Raises :class:`CicakgError` where they say that it is not all of the answer, or no answer.
    """
    headers = response.headers
    if "x-sql-state" in headers:  # Virtuoso: S1TAT, "Returning incomplete results"
        said = spoken(headers.get("x-sql-message", "")) or headers["x-sql-state"]
        raise incomplete_error(f"the engine says “{said}”")
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _TYPES[kind]:
        raise engine_error(f"asked for {ACCEPTED[kind]} it sent “{spoken(media_type) or 'no content type'}”")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise engine_error("it sent a coding it was not asked for")
    if kind is ResultKind.GRAPH and not _has_visible_end(response):
        # A line of N-Triples looks like the last one wherever the connection breaks off.
        raise incomplete_error("neither a length nor chunks say where the graph ends")
    return Head(headers.get("server", ""), _number(headers.get("x-sparql-maxrows", "")))


def _has_visible_end(response: httpx.Response) -> bool:
    """Whether the end of the body can be told from a broken connection (RFC 9112, section 6.3)."""
    codings = response.headers.get("transfer-encoding", "").lower()
    return "content-length" in response.headers or codings.endswith("chunked")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def failure(status: int, media_type: str, body: str) -> CicakgError:
    """Return what a response that is no 200 says to the one who asked; the query was SPARQL."""
    text = "" if "html" in media_type else spoken(body)
    reason = f"it says “{text}” (status {status})" if text else f"it gave status {status}"
    state = _VIRTUOSO_STATE.match(body)
    if (state is not None and state[1] == _TIMED_OUT) or status in {408, 504}:
        return own_time_limit_error()
    if status in {429, 503}:
        return unreachable_error(f"it is busy; {reason}")
    if status in {401, 403, 407}:
        return engine_error(f"it wants to know who asks, or refuses that user; {reason}")
    if 300 <= status < 400:
        return engine_error(f"it sends the query to another address; {reason}")
    if status in {400, 413, 414, 422, 501}:
        return refused_error(reason)
    return engine_error(reason)
