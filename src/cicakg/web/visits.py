"""One request for a page or a resource: who asks, in which format, and how the answer is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from cicakg.errors import CicakgError
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import QueryRequest
from cicakg.web.addresses import asked_origin
from cicakg.web.answers import AnswerResponse
from cicakg.web.asking import Asker, Term, run_while_connected
from cicakg.web.keeping import KeepingPool
from cicakg.web.negotiation import GRAPH_OFFERS, HTML, Offer, choose_offer, named_formats
from cicakg.web.readers import Reader, read_reader
from cicakg.web.records import record_of
from cicakg.web.rendering import Renderer
from cicakg.web.site import Site
from cicakg.web.tags import is_known, make_etag
from cicakg.web.terms import Names, nodes_in, read_labels
from cicakg.web.upkeep import Upkeep
from cicakg.web.wording import Wording

_VARY = "Accept, Accept-Language, Accept-Encoding, Cookie"


@dataclass(frozen=True, slots=True)
class Parts:
    """What every handler works with."""

    pool: KeepingPool
    site: Site
    renderer: Renderer
    upkeep: Upkeep


@dataclass(frozen=True, slots=True)
class Alternate:
    """One format a resource can be had in, and the link to it."""

    name: str
    media_type: str
    href: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One request."""

    parts: Parts
    request: Request
    reader: Reader
    origin: str

    @property
    def root(self) -> str:
        """The path the application is mounted at."""
        return str(self.request.scope.get("root_path", ""))

    @property
    def path(self) -> str:
        """The path asked for, as it may stand in a link."""
        return quote(self.request.scope["path"])

    @property
    def wording(self) -> Wording:
        """The words of the reader's language."""
        return self.parts.renderer.wordings[self.reader.lang]

    @property
    def client(self) -> str:
        """Who asks, as the waiting line counts clients."""
        return record_of(self.request.scope).client

    @property
    def asker(self) -> Asker:
        """Asks the workers on behalf of this request."""
        return Asker(self.parts.pool, self.parts.site.budget, self.request.receive, self.client)

    def offer(self) -> Offer:
        """Return what the caller gets, a page or an RDF format: ``?format=`` before ``Accept``."""
        names = [name for name in self.request.query_params.getlist("format") if name]
        accept = self.request.headers.get("accept")
        chosen = _offer_named(names) if names else choose_offer(accept, (HTML, *GRAPH_OFFERS))
        if chosen is None:
            can = ", ".join(one.media_type for one in (HTML, *GRAPH_OFFERS))
            raise CicakgError(
                "not-acceptable",
                f"{self.path} cannot be had as “{names[0] if names else accept}”.",
                f"It can be had as {can}.",
            )
        return chosen

    async def names(self, terms: Iterable[Term]) -> Names:
        """Return names for *terms*, with labels by this reader's fallback chain."""
        labels = await read_labels(self.asker, nodes_in(terms))
        return Names(
            labels,
            self.reader,
            self.wording,
            self.parts.site.prefixes,
            self.root,
            self.path + self.reader.suffix,
        )

    def etag(self, offer: Offer = HTML) -> str:
        """Return the entity tag of the answer: snapshot, templates, address, language, format."""
        query = self.request.scope["query_string"].decode("latin-1")
        wanted = ",".join((self.reader.suffix, *self.reader.wanted)) if offer is HTML else ""
        made_by = (self.parts.pool.info.fingerprint, self.parts.renderer.digest, self.parts.site.version)
        return make_etag(*made_by, self.origin, self.path, query, wanted, offer.name)

    def unchanged(self, offer: Offer = HTML) -> Response | None:
        """Return a 304 where the caller holds the answer already; nobody can say that of data without a
        fingerprint.
        """
        if not self.parts.pool.info.fingerprint:
            return None
        tag = self.etag(offer)
        return Response(status_code=304, headers=self._headers(tag)) if is_known(self.request, tag) else None

    def page(self, template: str, headers: Mapping[str, str] | None = None, **values: object) -> Response:
        """Return an HTML page that a cache may keep and has to ask about."""
        sent = {**self._headers(self.etag()), **self._language(), **(headers or {})}
        return Response(self._html(template, values), headers=sent, media_type="text/html; charset=utf-8")

    def passing_page(self, template: str, status: int = 200, **values: object) -> Response:
        """Return an HTML page that no cache keeps: it holds what was measured, or an error."""
        sent = {"Vary": _VARY, "Cache-Control": "no-store", **self._language()}
        return Response(self._html(template, values), status, sent, "text/html; charset=utf-8")

    async def graph(self, query: str, offer: Offer, headers: Mapping[str, str]) -> Response:
        """Return the graph of a CONSTRUCT *query* in the format *offer*."""
        formats = {ResultKind.GRAPH: offer.name}
        asked = QueryRequest(query, formats, budget=self.parts.site.budget, client=self.client)
        answer = await run_while_connected(self.parts.pool, asked, self.request.receive)
        sent = {**self._headers(self.etag(offer)), **headers}
        return AnswerResponse(answer, sent, self.parts.upkeep.cache)

    def alternates(self) -> list[Alternate]:
        """Return the formats this address can be had in."""
        return [
            Alternate(one.name, one.media_type, f"{self.path}?format={one.name}")
            for one in (HTML, *GRAPH_OFFERS)
        ]

    def _html(self, template: str, values: Mapping[str, object]) -> str:
        here = self.request.scope["path"].removeprefix(self.root)
        frame = {"reader": self.reader, "root": self.root, "here": here, "origin": self.origin}
        return self.parts.renderer.page(template, self.reader.lang, **frame, **values)

    def _headers(self, tag: str) -> dict[str, str]:
        if not self.parts.pool.info.fingerprint:
            return {"Vary": _VARY, "Cache-Control": "no-store"}
        return {"ETag": tag, "Vary": _VARY, "Cache-Control": "no-cache"}

    def _language(self) -> dict[str, str]:
        return {"Content-Language": self.reader.lang}


def _offer_named(names: list[str]) -> Offer | None:
    if names[0] == HTML.name:
        return HTML
    wanted = named_formats(names).get(ResultKind.GRAPH)
    return next((one for one in GRAPH_OFFERS if one.name == wanted), None)


def open_visit(parts: Parts, request: Request) -> Visit:
    """Read what every page needs of *request*."""
    return Visit(parts, request, read_reader(request), asked_origin(request, parts.site.public_url))
