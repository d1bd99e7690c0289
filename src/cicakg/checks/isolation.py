"""Sentences whose parts run in two directions: names and codes among Arabic letters.

By the Unicode Bidirectional Algorithm (https://www.unicode.org/reports/tr9/) a code at the edge of a sentence
drags the signs beside it to its own side; between U+2068 and U+2069 it does not.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from cicakg.languages import direction
from cicakg.terminal import FIRST_STRONG_ISOLATE, POP_DIRECTIONAL_ISOLATE, safe

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_ISOLATES: Final = re.compile(f"[{FIRST_STRONG_ISOLATE}{POP_DIRECTIONAL_ISOLATE}]")

# A run of ASCII, with the sign that stands for what is left out in an example: "@prefix cica: <…> ."
_RUN: Final = re.compile(r"[!-~…](?:[ -~…]*[!-~…])?")
_PLACEHOLDER: Final = re.compile(r"\{\w+\}")
# What makes a run a code: letters and numbers, signs that are mirrored or moved among Arabic letters, and
# whatever is quoted.
_CODE: Final = re.compile(r"[A-Za-z0-9<>\[\](){}@#%^\\]|'[^'{}]+'")
_BEFORE: Final = (
    ".,:;!… "  # what ends a part of a sentence, and is no part of the code behind it: ?this is one
)
_BEHIND: Final = f"{_BEFORE}?"


def isolated_value(value: str, language: str) -> str:
    """Return *value* for a sentence of *language*, isolated where its direction may differ; without signs of
    direction of its own.

    Among right-to-left letters :func:`isolated_codes` isolates the place of the value instead.
    """
    text = safe(value)
    if text.isascii() or _is_right_to_left(language):
        return text
    is_other = any(unicodedata.bidirectional(one) in _RIGHT_TO_LEFT for one in text)
    return _isolate(text) if is_other else text


@lru_cache(maxsize=4096)  # a rule says the same of many nodes
def isolated_codes(template: str, language: str) -> str:
    """Return *template* with each code, and each name in braces, isolated, if *language* runs from right to
    left; else as it is.
    """
    plain = without_isolates(template)
    return _RUN.sub(_isolated_run, plain) if _is_right_to_left(language) else plain


def isolated_sentence(text: str, language: str) -> str:
    """Return *text*, which is in *language*, for a line that runs from left to right."""
    return _isolate(text) if _is_right_to_left(language) else text


def cut(text: str, length: int) -> str:
    """Return the first *length* characters of *text*, with … where it is longer, every isolate closed."""
    if len(text) <= length:
        return text
    part = text[:length]
    still_open = part.count(FIRST_STRONG_ISOLATE) - part.count(POP_DIRECTIONAL_ISOLATE)
    return f"{part}…{POP_DIRECTIONAL_ISOLATE * still_open}"


def without_isolates(text: str) -> str:
    """Return *text* without the signs of isolation."""
    return _ISOLATES.sub("", text)


@cache
def _is_right_to_left(language: str) -> bool:
    return direction(language) == "rtl"


def _isolated_run(found: re.Match[str]) -> str:
    run = found[0]
    code = _core(run)
    if not _CODE.search(_PLACEHOLDER.sub("", code).replace("()", "")):
        return _PLACEHOLDER.sub(_isolated_match, run)
    before, _, after = run.partition(code)
    return before + _isolate(_PLACEHOLDER.sub(_isolated_match, code)) + after


def _core(run: str) -> str:
    """Return *run* without the signs around it that belong to the sentence."""
    code = _bare(run)
    if code.startswith("(") and (")" not in code or code.endswith(")")):
        code = code[1:]
    if code.count(")") > code.count("("):
        code = code.removesuffix(")")
    return _bare(code)


def _bare(code: str) -> str:
    return code.lstrip(_BEFORE).rstrip(_BEHIND)


def _isolated_match(found: re.Match[str]) -> str:
    return _isolate(found[0])


def _isolate(text: str) -> str:
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_DIRECTIONAL_ISOLATE}"
