"""Addresses for programs: is the server alive, is it ready, what does it offer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from cicakg.errors import CicakgError
from cicakg.web.asking import Asker
from cicakg.web.keeping import KeepingPool, ResultCache
from cicakg.web.metrics import CONTENT_TYPE
from cicakg.web.tags import is_known, make_etag
from cicakg.web.visits import Parts

_READY_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Status:
    """The handlers. ``document`` gives the OpenAPI document."""

    parts: Parts
    document: Callable[[], dict[str, Any]]

    async def health(self) -> Response:
        """The server process is alive; no worker is asked, so this is quick whatever they do."""
        return _json(
            {
                "status": "ok",
                "fingerprint": self.parts.pool.info.fingerprint,
                "version": self.parts.site.version,
            }
        )

    async def ready(self, request: Request) -> Response:
        """A worker answers, and the data are not known to be damaged; else 503."""
        if (damage := self.parts.upkeep.soundness.damage) is not None:
            raise CicakgError("snapshot-damaged", damage, "Ask another server, or this one later.")
        budget = self.parts.site.budget
        # A kept answer would say nothing of the workers.
        uncached = KeepingPool(self.parts.pool.source, ResultCache(0))
        brief = replace(budget, seconds=min(_READY_SECONDS, budget.seconds))
        try:
            await Asker(uncached, brief, request.receive, "(ready)").is_true("ASK {}")
        except CicakgError as error:
            raise CicakgError(
                "server-busy", f"No query worker answers: {error.detail}", "Try again later."
            ) from error
        return _json({"status": "ready", "quads": self.parts.pool.info.quad_count})

    async def metrics(self) -> Response:
        """The server's figures in the Prometheus text format; asks no worker."""
        pool, upkeep = self.parts.pool, self.parts.upkeep
        text = upkeep.metrics.text(pool.info, pool.load(), upkeep.cache, upkeep.dropped)
        return Response(text, headers={"Cache-Control": "no-store", "Content-Type": CONTENT_TYPE})

    async def context(self, request: Request) -> Response:
        """The JSON-LD context of the dataset; its keys are words."""
        return _cached(request, {"@context": dict(self.parts.site.context)}, "application/ld+json")

    async def guideline(self, request: Request) -> Response:
        """How articles are annotated, in Markdown: what every annotation set conforms to."""
        text = self.parts.site.guideline
        if text is None:
            raise CicakgError("not-found", "This dataset came without its guideline.", "Ask its editors.")
        tag = make_etag(text)
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if is_known(request, tag):
            return Response(status_code=304, headers=headers)
        return Response(text, headers=headers, media_type="text/plain; charset=utf-8")

    async def openapi(self, request: Request) -> Response:
        """This interface as an OpenAPI 3.1 document."""
        return _cached(request, self.document(), "application/json")


def _json(value: dict[str, object]) -> Response:
    return Response(
        json.dumps(value) + "\n", headers={"Cache-Control": "no-store"}, media_type="application/json"
    )


def _cached(request: Request, value: dict[str, Any], media_type: str) -> Response:
    body = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    tag = make_etag(body)
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if is_known(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)
