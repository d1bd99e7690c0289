"""The sentences of findings and reports in each language, before anything is filled in.

They are data: words/<language>.toml, read when a language is first asked for.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from cicakg.checks.isolation import isolated_codes, isolated_value
from cicakg.errors import CicakgError
from cicakg.languages import choose, closest
from cicakg.model import Wording
from cicakg.turtle.faults import SENTENCES

ENGLISH: Final = "en"

LANGUAGES: Final[Mapping[str, str]] = {
    "en": "English",
    "ar": "Arabic",
    "kk": "Kazakh",
    "ms": "Malay",
    "ru": "Russian",
}
"""The languages a report can be in, with their English names."""


def matching_language(tag: str) -> str:
    """Return which of :data:`LANGUAGES` a reader of *tag* (BCP 47) reads.

    Raises :class:`CicakgError` (``language-unknown``) where it is none of them.
    """
    found = closest(tag, LANGUAGES)
    if found is not None:
        return found
    names = ", ".join(f"{one} ({name})" for one, name in LANGUAGES.items())
    raise CicakgError(
        "language-unknown", f"There are no messages in the language {tag!r}.", f"Choose one of {names}."
    )


@cache  # package data, the same as long as the process lives
def templates(language: str) -> Mapping[str, str]:
    """Return the templates of *language*, one of :data:`LANGUAGES`, by key: ``table/name``."""
    text = (files("cicakg.checks") / "words" / f"{language}.toml").read_text(encoding="utf-8")
    found = {
        f"{table}/{name}": template
        for table, entries in tomllib.loads(text).items()
        for name, template in entries.items()
    }
    return {**found, **_turtle_faults()} if language == ENGLISH else found


def _turtle_faults() -> dict[str, str]:
    """Return the English sentences that the reader of Turtle has itself."""
    sentences = SENTENCES.items()
    messages = {f"turtle-syntax/message-{case}": message for case, (message, _) in sentences}
    return {**messages, **{f"turtle-syntax/fix-{case}": fix for case, (_, fix) in sentences}}


def languages_of(key: str) -> dict[str, str]:
    """Return the template *key* in each language that has it."""
    found = ((language, templates(language).get(key)) for language in LANGUAGES)
    return {language: template for language, template in found if template is not None}


def filled(wording: Wording, language: str) -> str | None:
    """Return *wording* in *language*, ``None`` where that language has no such sentence.

    What is filled in, and every code, is isolated where its direction differs from that of the language.
    """
    template = templates(language).get(wording.key)
    if template is None:
        return None
    if language == ENGLISH:
        return template.format(**dict(wording.values))
    values = {name: isolated_value(value, language) for name, value in wording.values}
    return isolated_codes(template, language).format(**values)


def said(key: str, language: str, **values: object) -> str:
    """Return the template *key* of a report's frame, filled with *values*, for a reader of *language*."""
    shown = {name: isolated_value(str(value), language) for name, value in values.items()}
    return composed(key, language, **shown)


def fact_name(name: str, language: str) -> str:
    """Return what the fact called *name* is called in *language*; *name* itself where it has no words."""
    return templates(language).get(f"facts/{name}") or templates(ENGLISH).get(f"facts/{name}") or name


def composed(key: str, language: str, **parts: str) -> str:
    """Return the template *key* of a report's frame, made of *parts* that are in *language* already.

    Raises :class:`KeyError` where there is no such template.
    """
    if key not in templates(ENGLISH):
        raise KeyError(key)
    template = templates(language).get(key) or choose(languages_of(key), [language])[1]
    return isolated_codes(template, language).format(**parts)


def general(template: str) -> str:
    """Return *template* as it stands in the documentation: with … for what is filled in."""
    return template.format_map(defaultdict(lambda: "…"))
