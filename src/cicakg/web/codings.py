"""Content codings: which one a caller gets, by ``Accept-Encoding`` (RFC 9110, section 12.5.3)."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Protocol

from cicakg.web.negotiation import read_list

IDENTITY: Final = "identity"
_GZIP_LEVEL: Final = 5
_GZIP_WINDOW: Final = 31  # zlib's number for the largest window in the gzip format
_BROTLI_QUALITY: Final = 4  # what is made once per answer is not worth more time
_ALIASES: Final = {"x-gzip": "gzip"}  # RFC 9110, section 8.4.1.3


class Compressor(Protocol):
    """Compresses what comes in pieces."""

    def compress(self, data: bytes, /) -> bytes:
        """Take the next piece; return what is ready."""

    def flush(self) -> bytes:
        """Return the rest."""


@dataclass(frozen=True, slots=True)
class Coding:
    """A content coding this server can write."""

    name: str
    make: Callable[[], Compressor]

    def encode(self, body: bytes) -> bytes:
        """Return *body* compressed."""
        compressor = self.make()
        return compressor.compress(body) + compressor.flush()


def find_codings() -> tuple[Coding, ...]:
    """Return the codings of this installation, best first: brotli only where its library is there."""
    gzip = Coding("gzip", _make_gzip)
    try:
        brotli = import_module("brotli")
    except ImportError:
        return (gzip,)
    return (Coding("br", lambda: _Brotli(brotli)), gzip)


def choose_coding(header: str | None, codings: Sequence[Coding]) -> Coding | str | None:
    """Return the coding for *header*, :data:`IDENTITY` for none, ``None`` where nothing is acceptable.

    The highest quality wins; at equal quality the smaller answer does. No coding at all is acceptable unless
    it is excluded, and without a wish stands behind every coding that was named.
    """
    if header is None:
        return IDENTITY
    asked = {_ALIASES.get(one.value, one.value): one.quality for one in read_list(header)}
    rest = asked.get("*")
    plain = asked.get(IDENTITY, 0.0 if rest == 0 else None)
    best: Coding | str | None = None if plain == 0 else IDENTITY
    best_quality = plain or 0.0
    for coding in reversed(codings):
        quality = asked.get(coding.name, rest or 0.0)
        if quality > 0 and quality >= best_quality:
            best, best_quality = coding, quality
    return best


def _make_gzip() -> Compressor:
    return zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)


class _Brotli:
    def __init__(self, library: Any) -> None:  # noqa: ANN401  # a module that may not be there has no type
        self._compressor = library.Compressor(quality=_BROTLI_QUALITY)

    def compress(self, data: bytes, /) -> bytes:
        ready: bytes = self._compressor.process(data)
        return ready

    def flush(self) -> bytes:
        rest: bytes = self._compressor.finish()
        return rest
