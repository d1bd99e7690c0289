"""Choosing a language: a link that sets the one cookie of the pages, and leads back to where it stood."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cicakg.errors import CicakgError
from cicakg.web.readers import COOKIE, with_language
from cicakg.web.wording import LANGUAGES

_YEAR: Final = 365 * 24 * 3600
# An address on this server: "//" and "/\" lead to another host (https://url.spec.whatwg.org/, relative slash
# state).
_LOCAL: Final = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f-\x9f]*")


async def switch_language(request: Request, tag: str, to: str = "") -> Response:
    """Keep a language of the pages in a cookie, and lead to the address ``to`` in that language.

    The address names the language, too, so that it also stays where cookies are refused.
    """
    root = str(request.scope.get("root_path", ""))
    if tag not in LANGUAGES:
        raise CicakgError(
            "not-found",
            f"The pages do not come in the language “{tag}”.",
            f"They come in {', '.join(LANGUAGES)}.",
        )
    answer = RedirectResponse(_target(to or f"{root}/", tag), 303)
    answer.headers["Cache-Control"] = "no-store"
    is_secure = request.url.scheme == "https"
    answer.set_cookie(
        COOKIE, tag, max_age=_YEAR, path=f"{root}/", secure=is_secure, httponly=True, samesite="lax"
    )
    return answer


def _target(to: str, tag: str) -> str:
    address = to.partition("#")[0]
    if not _LOCAL.fullmatch(address):
        raise CicakgError(
            "bad-parameter",
            f"to is “{to}”, which is no address on this server.",
            "Give the path of a page, such as /entities.",
        )
    path, _, query = address.partition("?")
    return with_language(path, query, tag)
