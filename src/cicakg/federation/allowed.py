"""The endpoints an operator allows, by the beginning of their addresses, compared part by part.

What is compared is what is called: an address is taken apart once, strictly, and a call is made to its
parts. What could be read in two ways is allowed to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Final
from urllib.parse import quote

import httpx

from cicakg.errors import CicakgError

_ADDRESS: Final = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?", re.IGNORECASE)
_AUTHORITY: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@%\\]+)(?::([0-9]{1,5}))?")
_NAME: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_][a-z0-9_-]{0,62})*")
# What a browser and getaddrinfo(3) would read as an IPv4 address: 127.1, 0x7f.1, 2130706433.
_NUMBER: Final = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")
_OCTET: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_PLAIN: Final = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/]")
_PORTS: Final = {"http": 80, "https": 443}
_KEPT: Final = "/-._~!$&'()*+,;=:@%?"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address in its parts: ``host`` in lower case and as the name service takes it, an IP address in its
    shortest form without brackets; ``query`` is ``None`` where there is no question mark.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str | None = None

    @property
    def is_address(self) -> bool:
        """Whether the host is an IP address and no name."""
        return ":" in self.host or _NUMBER.fullmatch(self.host.rpartition(".")[2]) is not None

    @property
    def authority(self) -> str:
        """Host and port, as a URL has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def target(self) -> str:
        """Path and query, as a request line has them."""
        return self.path if self.query is None else f"{self.path}?{self.query}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    def covers(self, other: Endpoint) -> bool:
        """Say whether *other* is this address or lies below it, on the border of a path segment. Its query
        has to be this one's: a parameter may be an order.
        """
        if (self.scheme, self.host, self.port) != (other.scheme, other.host, other.port):
            return False
        if self.query != other.query:
            return False
        below = self.path if self.path.endswith("/") else f"{self.path}/"
        return other.path == self.path or (self.query is None and other.path.startswith(below))


@dataclass(frozen=True, slots=True)
class AllowList:
    """What ``--allow-service`` named. Empty, it allows nothing."""

    prefixes: tuple[Endpoint, ...] = ()

    def find(self, iri: str) -> Endpoint | None:
        """Return the endpoint *iri* names, where it is allowed."""
        try:
            endpoint = read_endpoint(iri)
        except ValueError:
            return None
        return endpoint if any(one.covers(endpoint) for one in self.prefixes) else None


def read_allowed(values: Sequence[str]) -> AllowList:
    """Read the prefixes an operator gave; one that is none is a :class:`CicakgError`."""
    return AllowList(tuple(_read_prefix(value) for value in values))


def _read_prefix(value: str) -> Endpoint:
    try:
        return read_endpoint(value)
    except ValueError as fault:
        raise CicakgError(
            "bad-service-prefix",
            f"“{value}” cannot be allowed as the beginning of SERVICE addresses: {fault}.",
            "Give scheme, host and as much of the path as is meant, such as https://data.example.org/sparql.",
        ) from fault


def read_endpoint(iri: str) -> Endpoint:
    """Take *iri* apart; raises :class:`ValueError` with the reason where that is not safe.

    Non-ASCII characters become what goes over the wire (RFC 3987, section 3.1).
    """
    found = _ADDRESS.fullmatch(iri)
    if found is None or not iri.isprintable() or any(one in iri for one in ' \\"<>^`{|}'):
        raise ValueError("it is no http or https address without a fragment")
    scheme = found[1].lower()
    host, port = _authority(found[2])
    return Endpoint(scheme, host, port or _PORTS[scheme], _path(found[3]), _query(found[4]))


def _authority(text: str) -> tuple[str, int | None]:
    found = _AUTHORITY.fullmatch(text)
    if found is None:
        raise ValueError("its host is none, or has a user name")
    port = int(found[2]) if found[2] else None
    if port is not None and not 0 < port < 65536:
        raise ValueError("its port is none")
    return _host(found[1]), port


def _host(text: str) -> str:
    if text.startswith("["):
        return str(IPv6Address(text[1:-1]))
    if text.isascii() and _NUMBER.fullmatch(text.rpartition(".")[2].lower()):
        return str(IPv4Address(text))  # a ValueError for all that is not written as four decimal numbers
    try:
        name = httpx.URL(f"http://{text}/").raw_host.decode("ascii")  # IDNA 2008
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ValueError("its host is no name") from error
    if len(name) > 253 or not _NAME.fullmatch(name) or _NUMBER.fullmatch(name.rpartition(".")[2]):
        raise ValueError("its host is no name")
    return name


def _path(text: str) -> str:
    for octet in _OCTET.findall(text):
        character = chr(int(octet, 16))
        if character in "\\%?#" or ord(character) < 0x20 or _PLAIN.match(character):
            raise ValueError(f"it hides a character of its path as %{octet}")
    path = _encoded(text) or "/"
    for segment in path.split("/"):
        if segment.partition(";")[0] in {".", ".."}:
            raise ValueError("its path has dots that lead elsewhere")
    return path


def _query(text: str | None) -> str | None:
    return None if text is None else _encoded(text)


def _encoded(text: str) -> str:
    """Return *text* with every character percent-encoded that has to be."""
    if len(_OCTET.findall(text)) != text.count("%"):
        raise ValueError("it has a stray percent sign")
    return _OCTET.sub(lambda found: found[0].upper(), quote(text, safe=_KEPT))
