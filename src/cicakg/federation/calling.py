"""One call to another SPARQL endpoint: a query by POST (SPARQL 1.1 Protocol, section 2.1.2), and a complete
answer or a failure.

Beside the query goes nothing of ours or of the caller's: no cookies, no credentials, no address, no proxy of
the environment. No redirect is followed and nothing is decompressed.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final
from urllib.parse import urlencode

import httpcore
import httpx

from cicakg.errors import CicakgError
from cicakg.federation.allowed import AllowList, Endpoint
from cicakg.federation.network import CheckedNetwork, InsideError, Resolve, system_resolver
from cicakg.federation.places import CallPlaces, full_error
from cicakg.sparql.request import MEBIBYTE
from cicakg.workers.endings import stopping_error

_LOG: Final = logging.getLogger("cicakg.federation")
_RESULTS: Final = frozenset({"application/sparql-results+json", "application/json"})
_LINE_PER_PLACE: Final = 8
_FAILURES: Final = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ConnectionNotAvailable)


@dataclass(frozen=True, slots=True)
class CallLimits:
    """What SERVICE may take: ``calls`` of one query to different endpoints or with different groups, ``rows``
    and ``result_bytes`` of one query over all of them, ``held_bytes`` of all queries until each is answered,
    calls ``at_once`` of the whole server, and the part of a query's time in which they must be answered.
    """

    calls: int = 8
    rows: int = 50_000
    result_bytes: int = 16 * MEBIBYTE
    held_bytes: int = 128 * MEBIBYTE
    at_once: int = 8
    share_of_time: float = 0.75


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked where."""

    endpoint: Endpoint
    query: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What an endpoint said: SPARQL results in JSON, as far as it says so itself. It may have up to
    ``most_rows`` solutions; with more it would be too large, or cut short by the endpoint.
    """

    body: bytes
    most_rows: int


class CallError(Exception):
    """A call failed. ``code`` is ``service-failed`` or ``service-timeout``, ``reason`` completes a sentence
    that begins with the endpoint; ``is_ours`` says that a limit of this server was met, which SILENT does
    not hush up.
    """

    def __init__(self, code: str, reason: str, is_ours: bool = False) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.is_ours = is_ours


class HeldBytes:
    """The bytes of other servers' answers that this one holds."""

    def __init__(self, most: int) -> None:
        self.left = most


class ByteAllowance:
    """The bytes of answers that one query may hold, out of those of all."""

    def __init__(self, most: int, held: HeldBytes) -> None:
        self._most = most
        self._held = held
        self._taken = 0

    def take(self, count: int) -> None:
        """Count *count* bytes; raises :class:`CallError` where these are too many for the query, and
        :class:`CicakgError` (``server-busy``) where all queries together hold too many.
        """
        if self._taken + count > self._most:
            reason = f"and others of the query gave more than the {self._most} bytes that are taken"
            raise CallError("service-failed", reason, is_ours=True)
        if count > self._held.left:
            raise full_error()
        self._taken += count
        self._held.left -= count

    def give_back(self) -> None:
        """The query is answered and holds nothing any more."""
        self._held.left += self._taken
        self._taken = 0


class Caller:
    """Calls the endpoints that *allowed* has. One event loop owns it; close it at the end.

    ``outcomes`` counts the calls by how they ended: ``answered``, or the code of the failure.
    """

    def __init__(
        self,
        allowed: AllowList,
        limits: CallLimits | None = None,
        resolve: Resolve | None = None,
        security: ssl.SSLContext | None = None,
        outcomes: Counter[str] | None = None,
    ) -> None:
        self.allowed = allowed
        self.limits = limits or CallLimits()
        self.outcomes: Counter[str] = Counter() if outcomes is None else outcomes
        self._executor = ThreadPoolExecutor(self.limits.at_once + 1, "cicakg-resolve")
        self._resolve = resolve or system_resolver(self._executor)
        self._security = security or httpx.create_ssl_context()
        self._places = CallPlaces(self.limits.at_once, self.limits.at_once * _LINE_PER_PLACE)
        self._held = HeldBytes(self.limits.held_bytes)
        self._running: set[asyncio.Task[Reply]] = set()
        self._is_closed = False

    def close(self) -> None:
        """End every call with ``server-stopping`` and make no more."""
        self._is_closed = True
        for task in self._running:
            task.cancel()
        self._executor.shutdown(wait=False, cancel_futures=True)

    @contextmanager
    def allowance(self) -> Iterator[ByteAllowance]:
        """Give what one query may hold, until it is answered."""
        one = ByteAllowance(self.limits.result_bytes, self._held)
        try:
            yield one
        finally:
            one.give_back()

    async def call(self, call: Call, client: str, bytes_left: ByteAllowance, deadline: float) -> Reply:
        """Ask on behalf of *client* until *deadline* (of the loop's clock), in a task of its own.

        Raises :class:`CallError`, and :class:`CicakgError` where too many calls are being made already
        (``server-busy``) or the server stops.
        """
        if self._is_closed:
            raise stopping_error()
        task = asyncio.ensure_future(self._call(call, client, bytes_left, deadline))
        self._running.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if self._is_closed and task.cancelled():
                raise stopping_error() from None
            raise
        finally:
            task.cancel()
            self._running.discard(task)

    async def _call(self, call: Call, client: str, bytes_left: ByteAllowance, deadline: float) -> Reply:
        started = time.perf_counter()
        outcome = "given-up"
        try:
            async with asyncio.timeout_at(deadline), self._places.place(client):
                reply = await self._exchange(call, bytes_left)
            outcome = "answered"
        except (CallError, CicakgError) as error:
            outcome = error.code
            raise
        except TimeoutError:
            outcome = "service-timeout"
            raise CallError(outcome, "did not answer in the time the query has for it") from None
        finally:
            self.outcomes[outcome] += 1
            seconds = time.perf_counter() - started
            _LOG.info("called %s: %s after %.0f ms", call.endpoint.authority, outcome, seconds * 1000)
        return reply

    async def _exchange(self, call: Call, bytes_left: ByteAllowance) -> Reply:
        network = CheckedNetwork(call.endpoint, self._resolve)
        try:
            async with httpcore.AsyncConnectionPool(
                ssl_context=self._security, max_connections=1, network_backend=network
            ) as connections:
                return await self._ask(connections, call, bytes_left)
        except InsideError:
            _LOG.warning("%s has an address inside a network and is not called", call.endpoint.authority)
            raise CallError("service-failed", "has an address that is not of the public internet") from None
        except httpcore.TimeoutException as error:
            raise CallError("service-timeout", "cannot be reached in time") from error
        except _FAILURES as error:
            raise CallError("service-failed", _spoken(error)) from error

    async def _ask(
        self, connections: httpcore.AsyncConnectionPool, call: Call, bytes_left: ByteAllowance
    ) -> Reply:
        endpoint = call.endpoint
        url = httpcore.URL(
            scheme=endpoint.scheme.encode(),
            host=endpoint.host.encode(),
            port=endpoint.port,
            target=endpoint.target.encode(),
        )
        form = urlencode({"query": call.query}).encode()
        async with connections.stream("POST", url, headers=_headers(endpoint), content=form) as response:
            _check(response.status, response.headers)
            body = bytearray()
            async for piece in response.aiter_stream():
                bytes_left.take(len(piece))
                body += piece
            return Reply(bytes(body), _most_rows(response.headers, self.limits.rows))


def _headers(endpoint: Endpoint) -> list[tuple[str, str]]:
    return [
        ("Host", endpoint.authority),
        ("Accept", "application/sparql-results+json"),
        ("Accept-Encoding", "identity"),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("User-Agent", f"cicakg/{version('cicakg')}"),
        ("Connection", "close"),
    ]


def _check(status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Raise :class:`CallError` where an answer is not the complete result that was asked for."""
    if 300 <= status < 400:
        raise CallError("service-failed", f"redirects (status {status}), and redirects are not followed")
    if status != 200:
        raise CallError("service-failed", f"answered with status {status}")
    kind = _header(headers, b"content-type").partition(";")[0].strip().lower()
    if kind not in _RESULTS:
        said = kind if kind.isascii() and kind.isprintable() and 0 < len(kind) < 80 else "no type"
        raise CallError("service-failed", f"answered with {said} and not with SPARQL results in JSON")
    if _header(headers, b"content-encoding").strip().lower() not in {"", "identity"}:
        raise CallError("service-failed", "compressed its answer, which was not asked for")
    if _header(headers, b"x-sql-state"):  # Virtuoso: the time was over, and this is what there was by then
        raise CallError("service-failed", "says that its answer is not complete")


def _most_rows(headers: Iterable[tuple[bytes, bytes]], most: int) -> int:
    """Return how many rows are believed to be all: Virtuoso cuts an answer at the number it names."""
    cut = _header(headers, b"x-sparql-maxrows").strip()
    return min(most, max(0, int(cut) - 1)) if cut.isascii() and cut.isdigit() and len(cut) < 10 else most


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in headers if key.lower() == name), "")


def _spoken(error: Exception) -> str:
    if isinstance(error, httpcore.ConnectError):
        is_security = "SSL" in type(error.__cause__).__name__ or "certificate" in str(error).lower()
        return "has no certificate that can be trusted" if is_security else "cannot be reached"
    return "broke its answer off"
