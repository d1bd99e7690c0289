"""The IRIs of the dataset, resolved: each is a page or RDF, by ``Accept`` or ``?format=``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from cicakg.errors import CicakgError
from cicakg.vocab import ARTICLE, BASE, CONCEPT, GRAPH, GRAPH_ONTOLOGY, ID
from cicakg.web import queries
from cicakg.web.description import Description
from cicakg.web.negotiation import HTML
from cicakg.web.resource_pages import article_page, concept_page, entity_page, graph_page, ontology_page
from cicakg.web.visits import Parts, Visit, open_visit

ONTOLOGY: Final = BASE + "ontology"
Show = Callable[[Visit, NamedNode, Description], Awaitable[dict[str, object]]]


@dataclass(frozen=True, slots=True)
class Resource:
    """Something with an IRI: how to find out whether it is there, all that is said of it, and how a page
    shows it.
    """

    node: NamedNode
    exists: str
    content: str
    template: str
    show: Show


@dataclass(frozen=True, slots=True)
class Resources:
    """The handlers of the dataset's IRIs."""

    parts: Parts

    async def entity(self, request: Request, slug: str) -> Response:
        """An entity: its names, its facts, and every claim about it with modality and evidence."""
        node = _node(ID, slug)
        return await self._serve(
            request, Resource(node, queries.exists(node), queries.entity(node), "entity.html", entity_page)
        )

    async def article(self, request: Request, slug: str) -> Response:
        """An annotated article: its metadata, claims and quotations; these are fragments of its address
        (#c01, #q1).
        """
        node, graph = _node(ARTICLE, slug), _node(GRAPH, slug)
        content = queries.graph_content(graph)
        return await self._serve(
            request, Resource(node, queries.exists(node), content, "article.html", article_page)
        )

    async def scheme(self, request: Request, scheme: str) -> Response:
        """A closed list of concepts."""
        return await self._concept(request, _node(CONCEPT, scheme))

    async def concept(self, request: Request, scheme: str, slug: str) -> Response:
        """A concept: its names, its definition, its use."""
        return await self._concept(request, _node(CONCEPT, f"{scheme}/{slug}"))

    async def _concept(self, request: Request, node: NamedNode) -> Response:
        return await self._serve(
            request, Resource(node, queries.exists(node), queries.concept(node), "concept.html", concept_page)
        )

    async def ontology(self, request: Request) -> Response:
        """The ontology: every class and property, each a fragment of this address (#Claim)."""
        return await self._ontology(request, NamedNode(ONTOLOGY), queries.graph_exists(GRAPH_ONTOLOGY))

    async def ontology_version(self, request: Request, version: str) -> Response:
        """The ontology by the IRI of its version; only the version held is here."""
        node = _node(ONTOLOGY, f"/{version}")
        return await self._ontology(request, node, queries.is_version(node))

    async def _ontology(self, request: Request, node: NamedNode, exists: str) -> Response:
        return await self._serve(
            request, Resource(node, exists, queries.ontology(), "ontology.html", ontology_page)
        )

    async def graph(self, request: Request, name: str) -> Response:
        """A named graph: all its triples."""
        node = _node(GRAPH, name)
        content = queries.graph_content(node)
        return await self._serve(
            request, Resource(node, queries.graph_exists(node), content, "graph.html", graph_page)
        )

    async def _serve(self, request: Request, resource: Resource) -> Response:
        visit = open_visit(self.parts, request)
        offer = visit.offer()
        known = visit.unchanged(offer)
        if known is not None:
            return known
        if not await visit.asker.is_true(resource.exists):
            raise _not_found(resource.node.value)
        if offer is not HTML:
            return await visit.graph(resource.content, offer, _links(visit, resource.node))
        found = Description(await visit.asker.triples(resource.content))
        values = await resource.show(visit, resource.node, found)
        return visit.page(
            resource.template,
            _links(visit, resource.node),
            iri=resource.node.value,
            alternates=visit.alternates(),
            **values,
        )


def _node(space: str, name: str) -> NamedNode:
    try:
        return NamedNode(space + name)
    except ValueError as fault:
        raise _not_found(space + name) from fault


def _not_found(iri: str) -> CicakgError:
    return CicakgError(
        "not-found",
        f"The graph says nothing of <{iri}>.",
        "Check the spelling, or look for it from the home page; names are never reused.",
    )


def _links(visit: Visit, node: NamedNode) -> dict[str, str]:
    links = [f'<{one.href}>; rel="alternate"; type="{one.media_type}"' for one in visit.alternates()]
    return {"Link": ", ".join([*links, f'<{node.value}>; rel="canonical"'])}
