"""Entity tags, and the one key that names an answer: for ``If-None-Match`` and for the result cache."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from starlette.requests import Request

from cicakg.sparql.normal import normalise
from cicakg.sparql.outline import may_call_service
from cicakg.sparql.request import QueryRequest

# Answers that differ from run to run over the same snapshot; \u may spell such a name, so it counts as one.
_CHANGING: Final = re.compile(r"\b(?:now|rand|uuid|struuid)\b|\\u", re.IGNORECASE)
_PARTS: Final = ("now", "rand", "uuid", "\\u")
_LONG: Final = 16 * 1024


def answer_key(asked: QueryRequest, fingerprint: str) -> str | None:
    """Return what names the answer to *asked* on the snapshot with *fingerprint*, ``None`` for a query whose
    answer changes by itself, or with the answers of other servers, and where there is no fingerprint.

    Queries that differ in layout only have the same key. Budgets have no part in it: an answer is complete
    or there is none.
    """
    if not fingerprint or _may_change(asked.query) or may_call_service(asked.query):
        return None
    formats = [f"{kind}={name}" for kind, name in sorted(asked.formats.items())]
    graphs = ("from", *asked.default_graphs, "named", *asked.named_graphs)
    return _digest(fingerprint, normalise(asked.query), asked.base or "", *formats, *graphs)


def _may_change(query: str) -> bool:
    """Say whether the answer to *query* may be another one next time. In a long query the letters of such a
    name are enough: to look at each word would hold other clients up.
    """
    folded = query.lower()
    is_near = any(part in folded for part in _PARTS)
    return is_near and (len(query) > _LONG or _CHANGING.search(query) is not None)


def tag_of(key: str) -> str:
    """Return the entity tag of the answer with *key*.

    Weak, because the rows of an unordered result may come in another order from another process, and
    because one tag stands for all content codings of the answer (RFC 9110, section 8.8.1).
    """
    return f'W/"{key[:32]}"'


def make_etag(*parts: str) -> str:
    """Return a weak entity tag (RFC 9110, section 8.8.3) over *parts*."""
    return tag_of(_digest(*parts))


def is_known(request: Request, tag: str) -> bool:
    """Say whether ``If-None-Match`` holds *tag*, by the weak comparison (RFC 9110, section 13.1.2)."""
    given = ",".join(request.headers.getlist("if-none-match"))
    opaque = tag.removeprefix("W/")
    return any(one.strip().removeprefix("W/") == opaque for one in given.split(","))


def _digest(*parts: str) -> str:
    joined = b"".join(len(data).to_bytes(8, "big") + data for data in (part.encode() for part in parts))
    return sha256(joined).hexdigest()
