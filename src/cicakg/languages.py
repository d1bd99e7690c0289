"""Language tags (BCP 47): their standard form, their direction, and which of several labels a reader gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

# langcodes is imported where it is asked: its tables take longer to load than a small dataset to check.

MAX_DISTANCE: Final = 10
"""How far (in CLDR's measure) a label's language may lie from the one asked for.

Indonesian lies farther from Malay.
"""

# Tags that are their own standard form, as the tests ask langcodes.
_PLAIN: Final = frozenset({"ar", "ar-Latn", "en", "kk", "kk-Latn", "ms", "ru"})

NO_LANGUAGE: Final = "und"

# Right-to-left scripts in use, by ISO 15924 code.
_RIGHT_TO_LEFT: Final = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})

# Where the asked language has no label: what readers of it most likely read as well.
_CHAINS: Final[Mapping[str, tuple[str, ...]]] = {
    "kk": ("ru", "en"),
    "ms": ("en",),
    "ar": ("en",),
    "ru": ("en",),
}


def standard_tag(tag: str) -> str | None:
    """Return the standard form of *tag* (``kk-Cyrl`` is ``kk``), or ``None`` where it is not valid."""
    if tag in _PLAIN:
        return tag
    from langcodes import standardize_tag, tag_is_valid  # noqa: PLC0415
    from langcodes.tag_parser import LanguageTagError  # noqa: PLC0415

    try:
        return standardize_tag(tag) if tag and tag_is_valid(tag) else None
    except LanguageTagError:
        return None


def script(tag: str) -> str | None:
    """Return the script *tag* names or implies (``kk``: ``Cyrl``, ISO 15924), ``None`` if it is not valid."""
    from langcodes import Language  # noqa: PLC0415
    from langcodes.tag_parser import LanguageTagError  # noqa: PLC0415

    try:
        return Language.get(tag).maximize().script
    except LanguageTagError:
        return None


def direction(tag: str) -> Literal["ltr", "rtl"]:
    """Return the direction of the script *tag* names or implies.

    A tag that is not valid reads left to right.
    """
    return "rtl" if script(tag) in _RIGHT_TO_LEFT else "ltr"


def choose(labels: Mapping[str, str], wanted: Sequence[str]) -> tuple[str, str]:
    """Choose one of *labels* (text by language tag, any case) for a reader who wants *wanted*, best first.

    The one fallback chain of the project: the tag itself; the closest label in the same language and
    script; the languages readers of the wanted ones most likely read as well (Kazakh: Russian, then
    English; Malay, Arabic: English); any label, by the order of tags. Returns the tag as in *labels* and
    the text; raises :class:`ValueError` where there is no label at all.
    """
    if not labels:
        raise ValueError("there is no label to choose from")
    tags = {tag.lower(): tag for tag in sorted(labels, reverse=True)}
    for tag in wanted:
        found = tags.get(tag.lower()) or closest(tag, tags.values())
        if found is not None:
            return found, labels[found]
    found = next((tags[one] for one in _chain(wanted) if one in tags), min(labels))
    return found, labels[found]


def closest(tag: str, available: Iterable[str]) -> str | None:
    """Return the tag of *available* that a reader of *tag* reads as the same language, or ``None``."""
    known = [one for one in available if one]
    if tag in known or standard_tag(tag) is None:
        return tag if tag in known else None
    from langcodes import closest_match  # noqa: PLC0415

    found, _ = closest_match(tag, known, max_distance=MAX_DISTANCE)
    return None if found == NO_LANGUAGE else found


def _chain(wanted: Sequence[str]) -> Iterable[str]:
    for tag in wanted:
        language = tag.lower().partition("-")[0]
        yield language
        yield from _CHAINS.get(language, ())
    yield "en"
