"""Where an engine is and who asks it: its addresses, and credentials that never stand in a command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cicakg.errors import CicakgError

CREDENTIALS: Final = "CICAKG_ENGINE_AUTH"
"""The environment variable with the engine's user and password, ``USER:PASSWORD``."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user of the engine. The password is in no text made of this value."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """The address of an engine's SPARQL query endpoint, and as whom to ask it."""

    query: str
    credentials: Credentials | None = None

    def __post_init__(self) -> None:
        check_address(self.query)


def check_address(address: str) -> None:
    """Raise :class:`CicakgError` (``bad-engine-address``) where *address* is no HTTP address, or holds a
    password.
    """
    try:
        parts = urlsplit(address)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one or not address.isprintable() or " " in address:
        raise CicakgError(
            "bad-engine-address",
            f"“{address}” is not the address of a SPARQL endpoint.",
            "Give it whole, such as http://127.0.0.1:7878/query (Oxigraph) or "
            "http://127.0.0.1:8890/sparql (Virtuoso).",
        )
    if parts.username is not None or parts.fragment:
        raise CicakgError(
            "bad-engine-address",
            "The engine's address holds a user or a fragment, which it may not.",
            f"Give user and password in the environment variable {CREDENTIALS}, or in a file.",
        )


def read_credentials(environment: Mapping[str, str], file: Path | None) -> Credentials | None:
    """Return the credentials in *file* (one line ``USER:PASSWORD``), else in *environment*, else ``None``.

    Raises :class:`CicakgError` where there are some that cannot be read.
    """
    if file is None:
        text, where = environment.get(CREDENTIALS, ""), f"The environment variable {CREDENTIALS}"
        return _parsed(text, where) if text else None
    try:
        return _parsed(file.read_text(encoding="utf-8").rstrip("\r\n"), str(file))
    except (OSError, UnicodeDecodeError) as fault:
        raise CicakgError(
            "bad-credentials", f"{file} cannot be read.", "Name a text file of your own with USER:PASSWORD."
        ) from fault


def _parsed(text: str, where: str) -> Credentials:
    user, mark, password = text.partition(":")
    if not (user and mark) or not text.isprintable():
        raise CicakgError(
            "bad-credentials", f"{where} does not hold USER:PASSWORD.", "Write both, with a colon between."
        )
    return Credentials(user, password)
