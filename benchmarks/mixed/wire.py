"""A small HTTP/1.1 client that notices every answer that is cut short."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

PATIENCE: Final = 60.0
"""Seconds a client waits for the next piece of an answer."""


class CutShortError(Exception):
    """An answer began and did not come to its end, or none came at all."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Asking:
    """One request."""

    target: str
    method: str = "GET"
    headers: Mapping[str, str] | None = None
    body: bytes = b""

    def bytes_for(self, host: str, client: str) -> bytes:
        """Return it as sent to *host* on behalf of *client*."""
        lines = [f"{self.method} {self.target} HTTP/1.1", f"Host: {host}", f"X-Forwarded-For: {client}"]
        lines += [f"{name}: {value}" for name, value in (self.headers or {}).items()]
        if self.body:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "\r\n"]).encode() + self.body


class Link:
    """A connection of one client, opened again when it was closed between two answers."""

    def __init__(self, host: str, port: int, client: str) -> None:
        self._host = host
        self._port = port
        self.client = client
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, asking: Asking, pause: float = 0.0) -> Reply:
        """Send a request and return its whole answer, read with a pause of *pause* seconds between pieces.
        Raises :class:`CutShortError`.
        """
        was_open = self._streams is not None
        try:
            return await self._ask(asking, pause)
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            await self.close()
            # A kept connection may be closed at the moment it is used again (RFC 9112, section 9.3.1).
            if was_open and getattr(error, "partial", b"") == b"":
                return await self._ask_anew(asking, pause)
            raise CutShortError(repr(error)) from error

    async def _ask_anew(self, asking: Asking, pause: float) -> Reply:
        try:
            return await self._ask(asking, pause)
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            await self.close()
            raise CutShortError(repr(error)) from error

    async def send(self, data: bytes) -> None:
        """Send bytes as they are and wait for nothing."""
        _, writer = await self._open()
        writer.write(data)
        with suppress(ConnectionError):
            await writer.drain()

    async def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            writer = self._streams[1]
            self._streams = None
            writer.transport.abort()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        return self._streams

    async def _ask(self, asking: Asking, pause: float) -> Reply:
        reader, writer = await self._open()
        writer.write(asking.bytes_for(f"{self._host}:{self._port}", self.client))
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        status, headers = _read_head(head)
        body = b"" if asking.method == "HEAD" or status in {204, 304} else await _body(reader, headers, pause)
        if headers.get("connection", "").lower() == "close":
            await self.close()
        return Reply(status, headers, body)


def _read_head(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    fields = (line.partition(":") for line in lines)
    return int(first.split(" ")[1]), {name.lower(): value.strip() for name, _, value in fields}


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str], pause: float) -> bytes:
    body = bytearray()
    length = int(headers["content-length"])  # every answer of the server says it
    while len(body) < length:
        wanted = min(64 * 1024, length - len(body))
        body += await asyncio.wait_for(reader.readexactly(wanted), PATIENCE)
        await asyncio.sleep(pause)
    return bytes(body)
