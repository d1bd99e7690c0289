"""The words of the pages, in each language of the interface; numbers and names of languages as readers write
them.

The words are data: words/<language>.toml, read when the server starts. What is filled in is isolated for
direction: as ``<bdi>`` in a page, between U+2068 and U+2069 in an attribute or a title.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Final, TypeAlias

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from cicakg.languages import direction

LANGUAGES: Final[Mapping[str, str]] = {
    "en": "English",
    "ar": "العربية",
    "kk": "Қазақша",
    "ms": "Bahasa Melayu",
    "ru": "Русский",
}
"""The languages of the interface, each by its own name."""

# English as it is written in most of the world: 5 October 2023.
_LOCALES: Final = {"en": "en_001"}

Words: TypeAlias = Mapping[str, str | Mapping[str, str]]
Value: TypeAlias = str | int | float | Decimal


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language. An entry of *words* is a sentence, or one sentence for each plural form of
    the language (CLDR: zero, one, two, few, many, other), by ``count``.

    A key is ``table/name``; one that is not there is a :class:`KeyError`.
    """

    tag: str
    locale: Locale
    words: Words

    @property
    def dir(self) -> str:
        """The direction the language is written in."""
        return direction(self.tag)

    def say(self, key: str, **values: Value) -> Markup:
        """Return the words *key* for a page: numbers as the reader writes them, any other text isolated;
        markup stays as it is.
        """
        filled = {name: self._shown(value) for name, value in values.items()}
        return escape(self._chosen(key, values)).format(**filled)

    def plain(self, key: str, **values: Value) -> str:
        """Return the words *key* for an attribute or the title of a page."""
        filled = {
            name: isolated(value) if isinstance(value, str) else self.number(value)
            for name, value in values.items()
        }
        return self._chosen(key, values).format(**filled)

    def has(self, key: str) -> bool:
        """Say whether there are words *key*."""
        return key in self.words

    def term(self, curie: str) -> str | None:
        """Return what the class or property *curie* of another vocabulary is called, ``None`` where it has no
        words here.
        """
        found = self.words.get(f"term/{curie}")
        return found if isinstance(found, str) else None

    def number(self, value: float | Decimal) -> str:
        """Return *value* as the reader writes numbers, with all its digits."""
        return str(format_decimal(value, locale=self.locale, decimal_quantization=False))

    def language(self, tag: str) -> str:
        """Return the name of the language *tag* (BCP 47); the tag itself where it has no name."""
        own = self.words.get(f"language/{tag}")
        return own if isinstance(own, str) else _language_name(tag, str(self.locale))

    def _chosen(self, key: str, values: Mapping[str, Value]) -> str:
        found = self.words[key]
        if isinstance(found, str):
            return found
        count = values["count"]
        if isinstance(count, str):
            raise TypeError(f"the count of {key} is a text")
        return found[self.locale.plural_form(count)]

    def _shown(self, value: Value) -> Markup:
        if isinstance(value, Markup):
            return value
        if isinstance(value, str):
            return Markup("<bdi>{}</bdi>").format(value)
        return escape(self.number(value))


def isolated(text: str) -> str:
    """Return *text* between U+2068 and U+2069, so that its direction is its own."""
    return f"\u2068{text}\u2069"


@lru_cache(maxsize=512)  # a page names the same few languages many times
def _language_name(tag: str, locale: str) -> str:
    try:
        return Locale.parse(tag, sep="-").get_display_name(locale) or tag
    except (ValueError, UnknownLocaleError):
        return tag


def make_wording(tag: str, tables: Mapping[str, Mapping[str, str | Mapping[str, str]]]) -> Wording:
    """Return the wording of the language *tag* from the tables of its file."""
    words = {f"{table}/{name}": entry for table, entries in tables.items() for name, entry in entries.items()}
    return Wording(tag, Locale.parse(_LOCALES.get(tag, tag)), words)


def read_wordings() -> dict[str, Wording]:
    """Read the words of every language, by tag."""
    folder = files("cicakg.web") / "words"
    texts = {tag: (folder / f"{tag}.toml").read_text(encoding="utf-8") for tag in LANGUAGES}
    return {tag: make_wording(tag, tomllib.loads(text)) for tag, text in texts.items()}
