"""Connections to one endpoint: its name is resolved here, every address is looked at, and those are the
addresses that are connected to, so that a name cannot change in between.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import Executor
from typing import Any, Final, TypeAlias

import httpcore

from cicakg.federation.addresses import is_public
from cicakg.federation.allowed import Endpoint

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a name and a port; raises :class:`OSError` where it has none."""

_PATIENCE: Final = 3.0  # seconds for an address that is not the last one there is
_SocketOption: TypeAlias = Any  # httpcore's own is not public


class InsideError(Exception):
    """A name leads to an address that is not of the public internet."""


def system_resolver(executor: Executor) -> Resolve:
    """Return a resolver that asks the system in *executor*: one name service that does not answer must hold
    up nothing else.
    """

    async def resolve(host: str, port: int) -> Sequence[str]:
        return await asyncio.get_running_loop().run_in_executor(executor, _ask_system, host, port)

    return resolve


def _ask_system(host: str, port: int) -> list[str]:
    return [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to one endpoint and nowhere else.

    An endpoint whose host is an IP address was allowed as that address, on purpose: it is not looked at
    further.
    """

    def __init__(self, endpoint: Endpoint, resolve: Resolve) -> None:
        self._endpoint = endpoint
        self._resolve = resolve
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers."""
        if (host.strip("[]"), port) != (self._endpoint.host, self._endpoint.port):
            raise InsideError
        addresses = await self._addresses()
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses:
            patience = timeout if address == addresses[-1] else _PATIENCE
            try:
                return await self._plain.connect_tcp(address, port, patience, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError("the name has no address")

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[_SocketOption] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """No endpoint is a file."""
        raise InsideError

    async def sleep(self, seconds: float) -> None:
        """Wait between attempts."""
        await self._plain.sleep(seconds)

    async def _addresses(self) -> Sequence[str]:
        """Return the addresses of the endpoint; one that is inside makes all of them suspect."""
        endpoint = self._endpoint
        if endpoint.is_address:
            return [endpoint.host]
        try:
            found = list(dict.fromkeys(await self._resolve(endpoint.host, endpoint.port)))
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("the name cannot be resolved") from error
        if not all(is_public(one) for one in found):
            raise InsideError
        return found
