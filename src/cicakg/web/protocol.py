"""Reading a SPARQL 1.1 Protocol request (https://www.w3.org/TR/sparql11-protocol/, section 2.1) once, and
strictly.

Percent-encoding is decoded exactly once, as UTF-8. Raw bytes that are UTF-8 are taken as they stand.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode
from starlette.datastructures import Headers
from starlette.types import Receive

from cicakg.errors import CicakgError
from cicakg.sparql.request import MEBIBYTE, Budget

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

_STRAY_PERCENT: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_MOST_PARAMETERS: Final = 10_000  # reading half a million of them would hold other clients up
_CHARSET: Final = re.compile(r';\s*charset\s*=\s*"?([^\s;"]+)', re.IGNORECASE)
_SECONDS: Final = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_LEAST_SECONDS: Final = 0.001
_DATASET: Final = ("default-graph-uri", "named-graph-uri")


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """What a request may take: bytes of address and of body, seconds until the body must be complete.

    The HTTP parser gives up at 64 KiB of address; the bound lies below, so that the answer is ours.
    """

    address_bytes: int = 60 * 1024
    body_bytes: int = MEBIBYTE
    body_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Parameters:
    """Decoded parameters in the order they came."""

    pairs: tuple[tuple[str, str], ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of *name*."""
        return tuple(value for key, value in self.pairs if key == name)

    def has(self, *names: str) -> bool:
        """Say whether any of *names* was given."""
        return any(key in names for key, _ in self.pairs)

    def first(self, name: str) -> str | None:
        """Return the first value of *name*, ``None`` where there is none."""
        return next(iter(self.all(name)), None)


def read_parameters(raw: bytes, where: str) -> Parameters:
    """Decode ``a=b&c=d``; *where* says in an error message what *raw* is ("address" or "body")."""
    if raw.count(b"&") >= _MOST_PARAMETERS:
        raise CicakgError(
            "bad-parameter",
            f"The request's {where} has more than {_MOST_PARAMETERS} parameters.",
            "Name fewer graphs, or name them in the query with FROM and send it as application/sparql-query.",
        )
    pieces = (piece.partition(b"=") for piece in raw.split(b"&") if piece)
    return Parameters(tuple((_decode(name, where), _decode(value, where)) for name, _, value in pieces))


def _decode(raw: bytes, where: str) -> str:
    stray = _STRAY_PERCENT.search(raw)
    if stray:
        shown = raw[stray.start() : stray.start() + 3].decode("ascii", "replace")
        raise CicakgError(
            "bad-encoding",
            f"The request's {where} holds “{shown}”, which is no percent-encoded byte.",
            "Write a percent sign itself as %25.",
        )
    return decode_utf8(_unquote(raw.replace(b"+", b" ")), where)


def _unquote(raw: bytes) -> bytes:
    """Decode *raw*, in which every percent sign is the start of an escape.

    By a codec whose escapes are the same but for their first character: to decode a body of nothing but
    escapes one by one would hold other clients up.
    """
    escaped = raw.replace(b"\\", b"\\\\").replace(b"%", b"\\x")
    return escaped.decode("unicode_escape").encode("latin-1")


def decode_utf8(raw: bytes, where: str) -> str:
    """Decode *raw* strictly; a byte that is not UTF-8 is a :class:`CicakgError` that says where it stands."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise CicakgError(
            "bad-encoding",
            f"The request's {where} is not UTF-8: byte {fault.start} is 0x{raw[fault.start]:02x}.",
            "Send it as UTF-8, percent-encoded byte by byte in an address or a form.",
        ) from fault


def read_address(query_string: bytes, limits: RequestLimits) -> Parameters:
    """Read the parameters of the address."""
    if len(query_string) > limits.address_bytes:
        raise CicakgError(
            "address-too-long",
            f"The address is longer than {limits.address_bytes} bytes.",
            "Send a long query by POST, as application/sparql-query.",
        )
    return read_parameters(query_string, "address")


async def read_post(
    address: Parameters, headers: Headers, receive: Receive, limits: RequestLimits
) -> Parameters:
    """Read a POST request of either kind into one set of parameters (sections 2.1.2 and 2.1.3).

    Dataset parameters in the address of a form are taken beside those in its body; a query there is refused.
    """
    content_type = headers.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == UPDATE:
        raise update_refused()
    if media_type not in {FORM, QUERY}:
        raise _unsupported(f"of type {media_type}" if media_type else "without a Content-Type")
    _check_encoding(content_type, headers.get("content-encoding", ""))
    if address.has("query"):
        raise CicakgError(
            "query-repeated",
            "The request is a POST and has a query in its address.",
            "Put the query in the body only; dataset parameters may stay in the address.",
        )
    body = await read_body(receive, headers, limits)
    if media_type == QUERY:
        return Parameters((*address.pairs, ("query", decode_utf8(body, "body"))))
    return Parameters((*address.pairs, *read_parameters(body, "body").pairs))


def _check_encoding(content_type: str, content_encoding: str) -> None:
    charset = _CHARSET.search(content_type)
    if charset and charset[1].lower() not in {"utf-8", "utf8", "us-ascii"}:
        raise CicakgError(
            "bad-encoding",
            f"The request's body is declared as {charset[1]}; SPARQL is sent as UTF-8.",
            "Send the body as UTF-8, with charset=utf-8 or without a charset.",
        )
    if content_encoding.strip().lower() not in {"", "identity"}:
        raise _unsupported(f"compressed ({content_encoding.strip()})")


def _unsupported(how: str) -> CicakgError:
    return CicakgError(
        "unsupported-media-type",
        f"The request's body is {how}, which this endpoint does not take: it only answers queries.",
        f"Send Content-Type: {QUERY} with the query as the body, or {FORM} with query=….",
    )


def update_refused() -> CicakgError:
    """Return the refusal of an update: the data changes by release only."""
    return CicakgError(
        "query-update-refused",
        "The request is a SPARQL update, and this endpoint only answers queries.",
        "Send a query; to change data, export it and load it into a store of your own.",
    )


async def read_body(receive: Receive, headers: Headers, limits: RequestLimits) -> bytes:
    """Receive the whole body, whatever way it is sent, within the limits of size and time."""
    declared = headers.get("content-length", "0")
    if not declared.isascii() or not declared.isdigit() or int(declared) > limits.body_bytes:
        raise _too_large(limits)
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await _receive_all(receive, limits)
    except TimeoutError as fault:
        raise CicakgError(
            "body-too-slow",
            f"The request's body was not complete after {limits.body_seconds:g} seconds.",
            "Send the whole body at once.",
        ) from fault


async def _receive_all(receive: Receive, limits: RequestLimits) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        body += message.get("body", b"")
        if len(body) > limits.body_bytes:
            raise _too_large(limits)
        if not message.get("more_body", False):
            return bytes(body)


def _too_large(limits: RequestLimits) -> CicakgError:
    return CicakgError(
        "body-too-large",
        f"The request's body is larger than {limits.body_bytes} bytes.",
        "Send a shorter query.",
    )


class ClientGone(Exception):  # noqa: N818  # no error: the caller hung up
    """The client closed its connection before it had an answer; there is nobody to answer."""


def has_dataset(parameters: Parameters) -> bool:
    """Say whether the request names a dataset of its own."""
    return parameters.has(*_DATASET)


def the_query(parameters: Parameters) -> str:
    """Return the one query of the request (section 2.1: exactly one), else raise :class:`CicakgError`."""
    queries = parameters.all("query")
    if parameters.has("update"):
        raise update_refused()
    if not queries:
        raise CicakgError(
            "query-missing",
            "The request has no query parameter.",
            "Send exactly one query=…, or the query as the body.",
        )
    if len(queries) > 1:
        raise CicakgError(
            "query-repeated", f"The request has {len(queries)} query parameters.", "Send exactly one query=…."
        )
    return queries[0]


def read_graphs(parameters: Parameters, name: str) -> tuple[str, ...]:
    """Return the graph IRIs given as *name*; one that is not an absolute IRI is a :class:`CicakgError`."""
    return tuple(_checked_iri(value, name) for value in dict.fromkeys(parameters.all(name)))


def _checked_iri(value: str, name: str) -> str:
    try:
        return NamedNode(value).value
    except ValueError as fault:
        raise CicakgError(
            "bad-parameter",
            f"{name} is “{value}”, which is not an absolute IRI: {fault}.",
            f"Give {name} a full IRI.",
        ) from fault


def lowered(budget: Budget, timeouts: Iterable[str]) -> Budget:
    """Return *budget* with the seconds of ``timeout=``, which may lower it and never raises it."""
    seconds = budget.seconds
    for value in timeouts:
        if not _SECONDS.fullmatch(value) or float(value) < _LEAST_SECONDS:
            raise CicakgError(
                "bad-parameter",
                f"timeout is “{value}”, which is not a number of seconds from {_LEAST_SECONDS:g} on.",
                f"Use a number such as 2.5; more than {budget.seconds:g} has no effect.",
            )
        seconds = min(seconds, float(value))
    return replace(budget, seconds=seconds) if seconds != budget.seconds else budget
