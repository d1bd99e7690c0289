"""Which IP addresses are on the public internet, so that a name cannot lead a call back inside.

Sources: the IANA special-purpose registries (https://www.iana.org/assignments/iana-ipv4-special-registry/,
https://www.iana.org/assignments/iana-ipv6-special-registry/). ``ipaddress`` knows them too, but another
release of Python another state of them; an address has to pass both.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

_INSIDE_4: Final = tuple(
    IPv4Network(one)
    for one in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by a provider's customers; metadata of one cloud
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # another cloud's host, though the range is public
        "169.254.0.0/16",  # link-local; metadata of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; metadata of one cloud
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_UNICAST_6: Final = IPv6Network("2000::/3")
_INSIDE_6: Final = tuple(
    IPv6Network(one)
    for one in (
        "2001::/23",  # protocol assignments, Teredo
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")  # NAT64 (RFC 6052): the last 32 bits are an IPv4 address
_ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})  # RFC 5214, section 6.1: so are they after these 32


def is_public(text: str) -> bool:
    """Say whether the address *text* is of the public internet, and any IPv4 address inside it too. What is
    no address, or has a zone, is not.
    """
    if "%" in text:
        return False
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return _is_public_4(address) if isinstance(address, IPv4Address) else _is_public_6(address)


def _is_public_4(address: IPv4Address) -> bool:
    is_known_inside = any(address in network for network in _INSIDE_4)
    return address.is_global and not address.is_multicast and not is_known_inside


def _is_public_6(address: IPv6Address) -> bool:
    if address.ipv4_mapped is not None:
        return _is_public_4(address.ipv4_mapped)
    if address in _TRANSLATED:
        return _is_public_4(_last_bits(address))
    if address.sixtofour is not None:
        return _is_public_4(address.sixtofour)
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP and not _is_public_4(_last_bits(address)):
        return False
    is_known_inside = any(address in network for network in _INSIDE_6)
    return address in _UNICAST_6 and address.is_global and not is_known_inside


def _last_bits(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFFFFFF)
