"""Who reads a page: the language of its interface, the languages they want labels in, and the links that
change them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import Request

from cicakg.errors import CicakgError
from cicakg.languages import choose, direction, standard_tag
from cicakg.web.negotiation import read_languages
from cicakg.web.wording import LANGUAGES

COOKIE: Final = "lang"
"""The cookie that holds the language a reader has chosen, one of :data:`LANGUAGES`, and nothing else."""


@dataclass(frozen=True, slots=True)
class Switch:
    """A link that shows the same page in another language, and keeps that language."""

    tag: str
    name: str
    dir: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader. ``wanted`` is the one fallback chain of the response; ``lang`` is the language of the
    interface, the best of :data:`LANGUAGES` by that chain.

    ``suffix`` is what links carry along so that a language once asked for stays: ``?lang=ar``, or nothing
    where a cookie says it. ``own`` are the languages whose texts need no tag.
    """

    wanted: tuple[str, ...]
    lang: str
    suffix: str
    switches: tuple[Switch, ...]
    own: frozenset[str]

    @property
    def dir(self) -> str:
        """The direction of the interface."""
        return direction(self.lang)

    def needs_tag(self, tag: str) -> bool:
        """Say whether a text in the language *tag* is marked with it: the reader asked for another one, or
        for another script.
        """
        if not tag or tag in self.own:
            return False
        language, *others = tag.split("-")
        return language not in self.own or any(len(one) == 4 for one in others)


def read_reader(request: Request) -> Reader:
    """Read ``?lang=``, then the cookie, then ``Accept-Language``, then English; an unknown ``?lang=`` is a
    :class:`CicakgError`.
    """
    return _reader(request, _asked_language(request.query_params.get("lang", "")))


def read_reader_of_fault(request: Request) -> Reader:
    """Read the same for a page that tells of a fault, which an unknown ``?lang=`` may be itself."""
    return _reader(request, standard_tag(request.query_params.get("lang", "")))


def _reader(request: Request, asked: str | None) -> Reader:
    kept = request.cookies.get(COOKIE)
    kept = kept if kept in LANGUAGES else None
    accepted = read_languages(",".join(request.headers.getlist("accept-language")))
    wanted = tuple(dict.fromkeys(tag for tag in (asked, kept, *accepted) if tag)) or ("en",)
    lang, _ = choose(LANGUAGES, wanted)
    suffix = f"?lang={quote(asked)}" if asked and asked != kept else ""
    own = frozenset({lang, wanted[0], wanted[0].partition("-")[0]})
    return Reader(wanted, lang, suffix, tuple(_switches(request, lang)), own)


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
    root = str(request.scope.get("root_path", ""))
    query = request.scope["query_string"].decode("latin-1")
    here = quote(with_language(quote(request.scope["path"]), query), safe="/")
    return [
        Switch(tag, name, direction(tag), f"{root}/language/{tag}?to={here}", tag == current)
        for tag, name in LANGUAGES.items()
    ]


def with_language(path: str, query: str, tag: str | None = None) -> str:
    """Return the address *path* with the parameters *query*, asking for the language *tag* or for none; both
    are given and returned as they stand in a link.
    """
    pairs = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "lang"]
    asked = urlencode([*pairs, *([("lang", tag)] if tag else [])])
    return path + ("?" + asked if asked else "")
