"""Addresses: where an IRI of ours stands on this server, and at which address the server was asked."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from starlette.requests import Request

from cicakg.errors import CicakgError
from cicakg.vocab import BASE

_HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
# What may stand unescaped in a path and a fragment (RFC 3986, section 3.3) and is no danger in an attribute.
_SAFE: Final = "/#?:@!$&'()*+,;=-._~%"


def asked_origin(request: Request, public_url: str | None) -> str:
    """Return scheme, host and mount path of the server as the caller knows it, without a trailing slash.

    Headers a proxy may set, or anyone may forge (``X-Forwarded-…``), count for nothing; an operator with a
    proxy says *public_url*.
    """
    if public_url is not None:
        return public_url.rstrip("/")
    host = request.headers.get("host") or ""
    if not host:
        server = request.scope.get("server") or ("localhost", None)
        host = f"{server[0]}:{server[1]}" if server[1] else str(server[0])
    if not _HOST.fullmatch(host):
        raise CicakgError(
            "bad-request",
            f"“{host}” is not the name of a host.",
            "Send a Host header such as example.org:8000.",
        )
    return f"{request.scope['scheme']}://{host}{request.scope.get('root_path', '')}"


def asked_address(request: Request, public_url: str | None) -> str:
    """Return the address the caller asked, without its parameters."""
    path = str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))
    return asked_origin(request, public_url) + quote(path, safe=_SAFE)


def local_path(iri: str, root: str = "") -> str | None:
    """Return where *iri* stands on this server, ``None`` where it is not ours; *root* is the mount path."""
    if not iri.startswith(BASE):
        return None
    return f"{root}/{quote(iri.removeprefix(BASE), safe=_SAFE)}"


def outer_link(iri: str) -> str | None:
    """Return *iri* as a link target where it is a web address; anything else (``javascript:``, ``urn:``) is
    not linked.
    """
    return quote(iri, safe=_SAFE) if iri.startswith(("https://", "http://")) else None
