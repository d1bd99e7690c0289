"""Who is counted as one client in the waiting line, and whose word on it is believed."""

from __future__ import annotations

import pytest

from cicakg.errors import CicakgError
from cicakg.web.clients import TrustedProxies, client_address, client_key, read_proxies


def _address(peer: str | None, *forwarded: str, proxies: TrustedProxies | None = None) -> str:
    headers = [(b"x-forwarded-for", value.encode("latin-1")) for value in forwarded]
    scope = {"type": "http", "client": (peer, 1) if peer is not None else None, "headers": headers}
    return client_address(scope, proxies or TrustedProxies())


def test_without_a_trusted_proxy_the_header_counts_for_nothing() -> None:
    """Anyone may send X-Forwarded-For, from this machine too."""
    assert _address("203.0.113.5", "198.51.100.1") == "203.0.113.5"
    assert _address("127.0.0.1", "198.51.100.1") == "127.0.0.1"


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        (["198.51.100.1"], "198.51.100.1"),
        (["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        (["198.51.100.1, 10.1.2.3"], "198.51.100.1"),
        (["6.6.6.6", "198.51.100.1, 10.1.2.3"], "198.51.100.1"),
        (["2001:db8::1"], "2001:db8::1"),
        (["[2001:db8::1]"], "2001:db8::1"),
        (["nonsense"], "10.0.0.1"),
        (["198.51.100.1, unknown"], "10.0.0.1"),
        ([], "10.0.0.1"),
        (["10.9.9.9"], "10.9.9.9"),
    ],
)
def test_a_trusted_proxy_says_whom_it_forwards_for(forwarded: list[str], client: str) -> None:
    """The last address that is no trusted proxy counts; what stands before it may be made up."""
    proxies = read_proxies(["10.0.0.0/8"])
    assert _address("10.0.0.1", *forwarded, proxies=proxies) == client
    assert _address("203.0.113.5", *forwarded, proxies=proxies) == "203.0.113.5"


def test_one_ipv6_customer_is_one_client() -> None:
    """A customer has a network of 2^64 addresses and does not get as many turns."""
    assert client_key("2001:db8::1") == client_key("2001:db8::ffff:1") != client_key("2001:db8:0:1::1")
    assert client_key("203.0.113.5") == "203.0.113.5"
    assert _address("::ffff:203.0.113.5") == "203.0.113.5"
    assert _address(None) == ""


def test_what_is_no_address_is_refused() -> None:
    """A wrong --trusted-proxy is a sentence at the start, not a surprise later."""
    with pytest.raises(CicakgError, match=r"10\.0\.0"):
        read_proxies(["10.0.0"])
