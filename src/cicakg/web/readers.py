"""Who reads a page: the languages they want, and the links that change them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import Request

from cicakg.errors import CicakgError
from cicakg.languages import choose, direction, standard_tag
from cicakg.web.negotiation import read_languages

# The languages labels come in, each by its own name.
LANGUAGES: Final = {"en": "English", "ar": "العربية", "kk": "Қазақша", "ms": "Bahasa Melayu", "ru": "Русский"}


@dataclass(frozen=True, slots=True)
class Switch:
    """A link that shows the same page with labels in another language."""

    tag: str
    name: str
    dir: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader. ``wanted`` is the one fallback chain of the response; ``lang`` is the language of most
    labels they get.

    ``suffix`` is what links carry along so that a language once chosen stays: ``?lang=ar`` or nothing.
    """

    wanted: tuple[str, ...]
    lang: str
    suffix: str
    switches: tuple[Switch, ...]


def read_reader(request: Request) -> Reader:
    """Read ``?lang=``, then ``Accept-Language``, then English; an unknown ``?lang=`` is a
    :class:`CicakgError`.
    """
    asked = _asked_language(request.query_params.get("lang", ""))
    accepted = read_languages(",".join(request.headers.getlist("accept-language")))
    wanted = tuple(dict.fromkeys((*((asked,) if asked else ()), *accepted, "en")))
    lang, _ = choose(LANGUAGES, wanted)
    suffix = f"?lang={quote(asked)}" if asked else ""
    return Reader(wanted, lang, suffix, tuple(_switches(request, lang)))


def _asked_language(value: str) -> str | None:
    tag = standard_tag(value)
    if value and tag is None:
        raise CicakgError(
            "bad-parameter",
            f"lang is “{value}”, which is no language tag.",
            f"Use a BCP 47 tag such as {', '.join(LANGUAGES)}, or leave it out.",
        )
    return tag


def _switches(request: Request, current: str) -> list[Switch]:
    raw = request.scope["query_string"].decode("latin-1")
    kept = [(name, value) for name, value in parse_qsl(raw, keep_blank_values=True) if name != "lang"]
    path = quote(request.scope["path"])
    return [
        Switch(tag, name, direction(tag), f"{path}?{urlencode([*kept, ('lang', tag)])}", tag == current)
        for tag, name in LANGUAGES.items()
    ]
