"""Who asks: the address the fair waiting line goes by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final, TypeAlias

from starlette.datastructures import Headers
from starlette.types import Scope

from cicakg.errors import CicakgError

_Address: TypeAlias = IPv4Address | IPv6Address
_Network: TypeAlias = IPv4Network | IPv6Network
_LONGEST_ADDRESS: Final = 200  # characters, any zone included
_ONE_CUSTOMER: Final = 64  # bits of an IPv6 address: the rest one customer may choose at will (RFC 6177)


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The proxies whose ``X-Forwarded-For`` is believed; anyone else may forge it. Without one, nobody's
    is.
    """

    networks: tuple[_Network, ...] = ()

    def trusts(self, address: _Address) -> bool:
        """Say whether *address* is such a proxy."""
        return any(address in network for network in self.networks if network.version == address.version)


def read_proxies(values: Sequence[str]) -> TrustedProxies:
    """Read addresses and networks; one that is neither is a :class:`CicakgError`."""
    return TrustedProxies(tuple(_network(value) for value in values))


def _network(value: str) -> _Network:
    try:
        return ip_network(value, strict=False)
    except ValueError as fault:
        raise CicakgError(
            "bad-proxy",
            f"“{value}” is no address of a proxy and no network: {fault}.",
            "Write an IP address or a network such as 10.0.0.0/8.",
        ) from fault


def client_address(scope: Scope, proxies: TrustedProxies) -> str:
    """Return the address of who sent the request, empty where there is none (a UNIX socket).

    A trusted proxy is asked whom it forwards for: the last address in its list that is no trusted proxy
    itself. What stands before that one its sender may have made up.
    """
    peer = _read(str((scope.get("client") or ("",))[0]))
    if peer is None:
        return ""
    if not proxies.networks or not proxies.trusts(peer):
        return str(peer)
    listed = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    for text in reversed(listed):
        address = _read(text.strip())
        if address is None:
            break
        peer = address
        if not proxies.trusts(address):
            break
    return str(peer)


def client_key(address: str) -> str:
    """Return whom the waiting line counts *address* as: an IPv6 network of one customer is one client."""
    found = _read(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, _ONE_CUSTOMER), strict=False).network_address)
    return address


def _read(text: str) -> _Address | None:
    return _remembered(text) if len(text) <= _LONGEST_ADDRESS else None


@lru_cache(1024)  # a client asks more than once, and its address is read more than once for each request
def _remembered(text: str) -> _Address | None:
    try:
        address = ip_address(text.partition("%")[0].removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
