"""Turns terms as written into terms as meant: escapes of strings, IRIs and local names."""

from __future__ import annotations

import re
from typing import Final

_STRING_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LOCAL_ESCAPE: Final = re.compile(r"\\(.)")
_CHARACTERS: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def _character(found: re.Match[str]) -> str:
    short, long, single = found.groups()
    if single is None:
        return chr(int(short or long, 16))
    return _CHARACTERS.get(single, single)


def unescape(text: str) -> str:
    """Resolve ECHAR [159s] and UCHAR [26] escapes, in a string or an IRI."""
    return _STRING_ESCAPE.sub(_character, text) if "\\" in text else text


def string_value(token: str) -> str:
    """Return the value of a string token, its quotation marks taken off."""
    width = 3 if token[:3] in ('"""', "'''") and len(token) >= 6 else 1
    return unescape(token[width:-width])


def local_name(text: str) -> str:
    """Resolve PN_LOCAL_ESC [172s] escapes; percent signs stay as they stand (Turtle, section 2.4)."""
    return _LOCAL_ESCAPE.sub(r"\1", text) if "\\" in text else text
