"""Mends what nobody sees in a literal: direction and control characters, outer white space, loose marks.

It works on the literal as written, so that escapes and quotation marks stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cicakg.checks.labels import hidden_problem
from cicakg.turtle.escapes import unescape

_UNIT: Final = re.compile(r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\.|.", re.DOTALL)
_LONGEST: Final = 1_000_000
_TATWEEL: Final = "\u0640"
_OVERRIDES: Final = frozenset("\u202d\u202e")


Unit = tuple[str, str]
"""A character of a literal: as written, perhaps an escape, and as meant."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The inside of a literal, as written, without what is hidden; ``is_safe`` where no letter changed."""

    text: str
    is_safe: bool


def cleaned(inside: str, is_quoted: bool) -> Cleaned | None:
    """Return *inside*, what stands between the quotation marks of a literal, without what is hidden in it.

    ``None`` where nothing visible would be left, or something hidden would. A text that *is_quoted* keeps
    its tatweel and its letters as they are composed.
    """
    if len(inside) > _LONGEST:
        return None
    units = [(found[0], unescape(found[0])) for found in _UNIT.finditer(inside)]
    kept, is_safe = _without_invisible(units)
    kept = _trimmed(kept)
    if not is_quoted:
        without = [one for one in kept if one[1] != _TATWEEL]
        is_safe = is_safe and len(without) == len(kept)
        kept = _composed(_trimmed(without))
    value = "".join(one[1] for one in kept)
    if not value or hidden_problem(value, is_quoted) is not None:
        return None
    return Cleaned("".join(one[0] for one in kept), is_safe)


def _without_invisible(units: list[Unit]) -> tuple[list[Unit], bool]:
    """Return the units without direction and control characters; not safe where one parts two words, or
    turns what follows it around.
    """
    kept: list[Unit] = []
    is_safe = True
    for one, following in zip(units, [*units[1:], ("", "")], strict=False):
        if hidden_problem(f"a{one[1]}a", is_quoted=True) is None:
            kept.append(one)
            continue
        is_line_end = one[1] == "\r" and following[1] == "\n"
        is_break = one[1].isspace() and not is_line_end
        kept.extend([(" ", " ")] * is_break)
        is_safe = is_safe and not is_break and one[1] not in _OVERRIDES
    return kept, is_safe


def _trimmed(units: list[Unit]) -> list[Unit]:
    start, end = 0, len(units)
    while start < end and units[start][1].isspace():
        start += 1
    while start < end and units[end - 1][1].isspace():
        end -= 1
    return units[start:end]


def _composed(units: list[Unit]) -> list[Unit]:
    """Return the units in NFC; what is composed already stays as it is written."""
    return [one for part in _clusters(units) for one in _composed_part(part)]


def _clusters(units: list[Unit]) -> Iterator[list[Unit]]:
    """Yield runs of units that compose with nothing outside: a letter with all that can join it."""
    run: list[Unit] = []
    for one in units:
        if run and not unicodedata.combining(one[1]) and not _composes(run[-1][1], one[1]):
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _composes(first: str, second: str) -> bool:
    alone = unicodedata.normalize("NFC", first) + second
    return unicodedata.normalize("NFC", first + second) != alone


def _composed_part(part: list[Unit]) -> list[Unit]:
    value = "".join(one[1] for one in part)
    composed = unicodedata.normalize("NFC", value)
    return part if composed == value else [(one, one) for one in composed]
