"""The engine over HTTP, by the SPARQL 1.1 Protocol: one connection for one query, dropped where the query is
given up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlencode

import httpx

from cicakg.errors import CicakgError
from cicakg.remote.addresses import EngineAddress
from cicakg.remote.answers import ACCEPTED, Head, failure, read_head
from cicakg.remote.authentication import (
    CONNECT_SECONDS,
    KEPT_SECONDS,
    USER_AGENT,
    make_auth,
    trusted_certificates,
)
from cicakg.remote.faults import incomplete_error, spoken, unreachable_error
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import MEBIBYTE, Budget
from cicakg.workers.endings import result_error

_PIECE: Final = 64 * 1024
_LONGEST_COMPLAINT: Final = 4096
_LARGEST_SMALL: Final = 16 * MEBIBYTE
_SMALL_SECONDS: Final = 30.0
_WORDINESS: Final = 8  # how much longer than the answer what the engine sends may be


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that has begun: its head, and its body in pieces, which raise :class:`CicakgError` where it
    breaks off.
    """

    head: Head
    pieces: AsyncIterator[bytes]


class Engine:
    """Asks the engine at *address*. It follows no redirection and no proxy of the environment."""

    def __init__(self, address: EngineAddress) -> None:
        self._address = address.query
        self._client = httpx.AsyncClient(
            auth=make_auth(address.credentials),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
            timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=None, keepalive_expiry=KEPT_SECONDS),
            verify=trusted_certificates(),
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Drop every connection."""
        await self._client.aclose()

    @asynccontextmanager
    async def ask(self, form: bytes, kind: ResultKind, budget: Budget) -> AsyncIterator[Given]:
        """Send the *form* of a query (:func:`encode_form`) whose result is of *kind*, and yield what comes.

        Raises :class:`CicakgError` where no answer comes. What is left is dropped with the connection.
        """
        request = self._client.build_request("POST", self._address, content=form, headers=_headers(kind))
        try:
            response = await self._client.send(request, stream=True)
        except httpx.HTTPError as error:
            raise unreachable_error(_reason(error)) from error
        try:
            if response.status_code != httpx.codes.OK:
                raise failure(
                    response.status_code, response.headers.get("content-type", ""), await _start_of(response)
                )
            yield Given(read_head(response, kind), _pieces(response, budget))
        finally:
            await response.aclose()

    async def ask_small(self, text: str, graphs: Iterable[str] = ()) -> tuple[bytes, Head]:
        """Return the whole JSON answer to the SELECT query *text* on *graphs*, and its head."""
        form = encode_form(text, graphs)
        limit = Budget(result_bytes=_LARGEST_SMALL // _WORDINESS)
        try:
            return await asyncio.wait_for(self._ask_small(form, limit), _SMALL_SECONDS)
        except TimeoutError:
            raise unreachable_error(f"it does not answer within {_SMALL_SECONDS:g} seconds") from None

    async def _ask_small(self, form: bytes, limit: Budget) -> tuple[bytes, Head]:
        async with self.ask(form, ResultKind.SOLUTIONS, limit) as given:
            if given.head.cut_at is not None:
                raise incomplete_error(f"the engine cuts results at {given.head.cut_at} rows")
            return b"".join([piece async for piece in given.pieces]), given.head


def encode_form(text: str, default_graphs: Iterable[str] = (), named_graphs: Iterable[str] = ()) -> bytes:
    """Return the body of a query by POST with URL-encoded parameters (SPARQL 1.1 Protocol, section 2.1.2):
    the one way to ask in which every byte is ASCII, so that no engine can decode it wrongly.
    """
    fields = [
        ("query", text),
        *(("default-graph-uri", one) for one in default_graphs),
        *(("named-graph-uri", one) for one in named_graphs),
    ]
    return urlencode(fields).encode("ascii")


def _headers(kind: ResultKind) -> dict[str, str]:
    return {"Accept": ACCEPTED[kind], "Content-Type": "application/x-www-form-urlencoded"}


async def _pieces(response: httpx.Response, budget: Budget) -> AsyncIterator[bytes]:
    """Yield the body. A body that is shorter than it says is noticed by the HTTP library."""
    left = budget.result_bytes * _WORDINESS
    try:
        async for piece in response.aiter_raw(_PIECE):
            left -= len(piece)
            if left < 0:
                raise result_error(budget)
            yield piece
    except httpx.HTTPError as error:
        raise incomplete_error(f"the connection broke off before its end ({_reason(error)})") from error


async def _start_of(response: httpx.Response) -> str:
    """Return the first characters of a complaint."""
    text = b""
    try:
        async for piece in response.aiter_raw(_LONGEST_COMPLAINT):
            text += piece
            if len(text) >= _LONGEST_COMPLAINT:
                break
    except httpx.HTTPError:
        pass
    return text[:_LONGEST_COMPLAINT].decode("utf-8", "replace")


def _reason(error: httpx.HTTPError) -> str:
    return spoken(str(error)) or type(error).__name__


def as_error(error: SyntaxError | ValueError) -> CicakgError:
    """Return what an answer to a question of our own says that cannot be read."""
    return incomplete_error(f"it cannot be read to its end ({spoken(str(error))})")
