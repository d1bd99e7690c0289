"""Who asks an engine: the password is told only when the engine asks for it, by the way it asks for."""

from __future__ import annotations

import ssl
from collections.abc import Generator
from importlib.metadata import version
from typing import Final

import httpx

from cicakg.remote.addresses import Credentials

CONNECT_SECONDS: Final = 5.0
# Shorter than engines keep a connection (Virtuoso 10 s), so that none is used as it is being closed.
KEPT_SECONDS: Final = 4.0

USER_AGENT: Final = f"cicakg/{version('cicakg')}"


class ChallengedAuth(httpx.Auth):
    """Answers a challenge for Digest or Basic authentication (RFC 7616, RFC 7617), whichever comes first."""

    def __init__(self, credentials: Credentials) -> None:
        self._digest = httpx.DigestAuth(credentials.user, credentials.password)
        self._basic = httpx.BasicAuth(credentials.user, credentials.password)
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Ask without a password first, and as before once the engine has asked for one."""
        if self._chosen is None:
            response = yield request
            self._chosen = self._answer_to(response)
        if self._chosen is not None:
            yield from self._chosen.auth_flow(request)

    def _answer_to(self, response: httpx.Response) -> httpx.Auth | None:
        if response.status_code != httpx.codes.UNAUTHORIZED:
            return None
        schemes = [one.split(" ")[0].lower() for one in response.headers.get_list("www-authenticate")]
        if "digest" in schemes:
            return self._digest
        return self._basic if "basic" in schemes else None


def make_auth(credentials: Credentials | None) -> httpx.Auth | None:
    """Return how to answer an engine's challenge, ``None`` without credentials."""
    return ChallengedAuth(credentials) if credentials is not None else None


def trusted_certificates() -> ssl.SSLContext:
    """Return the certificates the system trusts (``SSL_CERT_FILE`` names others)."""
    return ssl.create_default_context()
