"""Language tags (BCP 47): their standard form, their direction, and which of several labels a reader gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

# langcodes is imported where it is asked: its tables take longer to load than a small dataset to check.

MAX_DISTANCE: Final = 10
"""How far (in CLDR's measure) a label's language may lie from the one asked for.

Indonesian lies farther from Malay.
"""

# Tags that are their own standard form, and the script of each, as the tests ask langcodes.
_PLAIN: Final = {
    "ar": "Arab",
    "ar-Latn": "Latn",
    "en": "Latn",
    "kk": "Cyrl",
    "kk-Latn": "Latn",
    "ms": "Latn",
    "ru": "Cyrl",
}

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
    """Return the standard form of *tag* (``kk-Cyrl`` is ``kk``), or ``None`` where it is not valid.

    No standard form has an extended language subtag: its preferred value stands instead (RFC 5646, section
    4.5). Where one is left, as in ``ar-JOR``, it is none that is registered.
    """
    if tag in _PLAIN:
        return tag
    from langcodes import Language, standardize_tag, tag_is_valid  # noqa: PLC0415
    from langcodes.tag_parser import LanguageTagError  # noqa: PLC0415

    try:
        standard = standardize_tag(tag) if tag and tag_is_valid(tag) else ""
        is_valid = standard and tag_is_valid(standard) and not Language.get(standard).extlangs
    except LanguageTagError:
        return None
    return standard if is_valid else None


def likely_tags(tag: str) -> tuple[str, ...]:
    """Return the standard tags that *tag*, which is not valid, may be meant for, the most exact first.

    These are its language, with and without the region that it names by three letters or digits (ISO 3166-1).
    """
    from langcodes.data_dicts import NORMALIZED_MACROLANGUAGES, TERRITORY_REPLACEMENTS  # noqa: PLC0415

    first, *others = tag.lower().replace("_", "-").split("-")
    language = NORMALIZED_MACROLANGUAGES.get(first, first)
    regions = [TERRITORY_REPLACEMENTS[one] for one in others if one in TERRITORY_REPLACEMENTS]
    likely = (*(f"{language}-{one}" for one in regions), language)
    return tuple(one for one in likely if standard_tag(one) == one)


def script(tag: str) -> str | None:
    """Return the script *tag* names or implies (``kk``: ``Cyrl``, ISO 15924), ``None`` if it is not valid."""
    if tag in _PLAIN:
        return _PLAIN[tag]
    from langcodes import Language  # noqa: PLC0415
    from langcodes.tag_parser import LanguageTagError  # noqa: PLC0415

    try:
        return Language.get(tag).maximize().script
    except LanguageTagError:
        return None


def code(tag: str) -> str | None:
    """Return the three-letter code of the language of *tag* (ISO 639-2/T), ``None`` where it has none.

    ``kaz`` and ``kk`` have one code; ``zsm``, Malay of Malaysia, has another than ``ms``.
    """
    from langcodes import Language  # noqa: PLC0415
    from langcodes.tag_parser import LanguageTagError  # noqa: PLC0415

    try:
        return Language.get(tag, normalize=False).to_alpha3()
    except (LanguageTagError, LookupError):
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
