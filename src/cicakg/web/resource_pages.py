"""What the page of each kind of resource shows, read from the same triples its RDF holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from cicakg.languages import choose
from cicakg.vocab import CICA, EXCLUDED_PASSAGE, term
from cicakg.web import queries
from cicakg.web.asking import Term
from cicakg.web.claims import (
    NAME_PROPERTIES,
    BadgeView,
    ClaimReader,
    ClaimView,
    SpanView,
    group_by_property,
    names_of,
)
from cicakg.web.description import Description
from cicakg.web.terms import Names, TermView
from cicakg.web.visits import Visit

ROWS_SHOWN: Final = 300
# What is the same of every term of the ontology.
_SAID_BY_THE_PAGE: Final = frozenset({term("rdfs:isDefinedBy").value})
_RDF_TYPE: Final = "rdf:type"
# What an entity file may say beside names; everything else about an entity is derived from claims.
_LINKS: Final = ("skos:exactMatch", "skos:closeMatch", "owl:sameAs", "rdfs:seeAlso")
# The sections of the ontology's page, each by the name of its words and its anchor.
_KINDS: Final = (
    ("classes", "owl:Class"),
    ("links", "owl:ObjectProperty"),
    ("values", "owl:DatatypeProperty"),
    ("notes", "owl:AnnotationProperty"),
)


@dataclass(frozen=True, slots=True)
class PropertyView:
    """A property with its values."""

    predicate: TermView
    values: tuple[TermView, ...]


@dataclass(frozen=True, slots=True)
class SpanUse:
    """A span of an article and the claims and quotations that rest on it."""

    span: SpanView
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OntologyTerm:
    """One class or property as the ontology page shows it."""

    anchor: str
    term: TermView
    names: tuple[TermView, ...]
    rows: tuple[PropertyView, ...]


async def entity_page(visit: Visit, node: NamedNode, found: Description) -> dict[str, object]:
    """Return what an entity's page shows: names, facts from it and to it, claims grouped by property."""
    names = await visit.names(found.terms())
    claims = ClaimReader(found, names).claims()
    return {
        "title": names.view(node),
        "classes": [names.view(one) for one in found.objects(node, _RDF_TYPE)],
        "names": names_of(found, node, names),
        "links": [names.view(one) for curie in _LINKS for one in found.objects(node, curie)],
        "facts": describe(found, node, names, frozenset(term(curie).value for curie in _LINKS)),
        "incoming": _incoming(found, node, names),
        "as_subject": group_by_property(one for one in claims if one.subject.iri == node.value),
        "as_object": group_by_property(
            one for one in claims if one.object.iri == node.value and one.subject.iri != node.value
        ),
        "claims": claims,
    }


def describe(
    found: Description, node: NamedNode, names: Names, hidden: frozenset[str] = frozenset()
) -> list[PropertyView]:
    """Return the properties of *node* but those the page shows elsewhere, each with its values."""
    hidden = hidden | NAME_PROPERTIES | {term(_RDF_TYPE).value, EXCLUDED_PASSAGE.value}
    return [
        PropertyView(names.view(one), tuple(names.value(one, value) for value in found.values(node, one)))
        for one in found.properties(node)
        if one.value not in hidden
    ]


def _views(terms: Sequence[Term], names: Names) -> tuple[TermView, ...]:
    return tuple(names.view(one) for one in terms)


def _incoming(found: Description, node: NamedNode, names: Names) -> list[PropertyView]:
    """Return the facts *node* is the object of, by property; claims and their parts are shown as claims."""
    subjects: dict[NamedNode, list[Term]] = {}
    claims = set(found.instances("cica:Claim"))
    for one in found.triples:
        if one.object == node and one.subject != node and one.subject not in claims:
            subjects.setdefault(one.predicate, []).append(one.subject)
    ordered = sorted(subjects.items(), key=lambda pair: pair[0].value)
    return [
        PropertyView(names.view(predicate), _views(sorted(ones, key=str), names))
        for predicate, ones in ordered
    ]


async def article_page(visit: Visit, node: NamedNode, found: Description) -> dict[str, object]:
    """Return what an article's page shows: metadata, claims and quotations in text order, and every span."""
    names = await visit.names(found.terms())
    reader = ClaimReader(found, names)
    claims, quotations = reader.claims(), reader.quotations()
    used = {one.anchor: one.evidence for one in claims} | {one.anchor: one.evidence for one in quotations}
    return {
        "title": names.view(node),
        "article": reader.article(node),
        "metadata": describe(found, node, names),
        "annotations": [describe(found, one, names) for one in found.instances("cica:AnnotationSet")],
        "claims": claims,
        "quotations": quotations,
        "spans": _span_uses(used),
        "excluded": reader.spans(node, "cica:excludedPassage"),
        "counts": _count_modalities(claims),
    }


def _span_uses(used: dict[str, tuple[SpanView, ...]]) -> list[SpanUse]:
    users: dict[SpanView, list[str]] = {}
    for anchor, spans in used.items():
        for span in spans:
            users.setdefault(span, []).append(anchor)
    ordered = sorted(users.items(), key=lambda pair: (pair[0].start, pair[0].end))
    return [SpanUse(span, tuple(anchors)) for span, anchors in ordered]


def _count_modalities(claims: Sequence[ClaimView]) -> list[tuple[BadgeView, int]]:
    counts: dict[str, list[ClaimView]] = {}
    for one in claims:
        counts.setdefault(one.modality.name, []).append(one)
    ordered = sorted(counts.values(), key=lambda members: -len(members))
    return [(members[0].modality, len(members)) for members in ordered]


async def concept_page(visit: Visit, node: NamedNode, found: Description) -> dict[str, object]:
    """Return what a concept's or scheme's page shows: names, description, members, and how often claims use
    it.
    """
    uses = await visit.asker.rows(queries.concept_uses(node))
    names = await visit.names([*found.terms(), *(row["property"] for row in uses)])
    members = [
        one.subject for one in found.triples if one.predicate == term("skos:inScheme") and one.object == node
    ]
    return {
        "title": names.view(node),
        "classes": [names.view(one) for one in found.objects(node, _RDF_TYPE)],
        "names": names_of(found, node, names),
        "facts": describe(found, node, names),
        "members": [(names.view(one), _definition(found, one, names)) for one in sorted(members, key=str)],
        "uses": [(names.view(row["property"]), names.view(row["claims"])) for row in uses],
    }


def _definition(found: Description, node: Term, names: Names) -> TermView | None:
    """Return the definition of *node* in the language the reader reads best."""
    texts = [*found.literals(node, "skos:definition"), *found.literals(node, "rdfs:comment")]
    return _best(texts, names)


def _best(texts: Sequence[Literal], names: Names) -> TermView | None:
    if not texts:
        return None
    by_tag = {one.language or "": one for one in reversed(texts)}
    tag, _ = choose({tag: one.value for tag, one in by_tag.items()}, names.reader.wanted)
    return names.view(by_tag[tag])


async def ontology_page(visit: Visit, node: NamedNode, found: Description) -> dict[str, object]:
    """Return what the ontology's page shows: our classes and properties with all that is said of each, and
    the schemes.
    """
    names = await visit.names(found.terms())
    return {
        "title": names.view(node),
        "facts": [row for one in found.instances("owl:Ontology") for row in describe(found, one, names)],
        "sections": [(name, _own_terms(found, curie, names)) for name, curie in _KINDS],
        "schemes": [
            (names.view(one), _definition(found, one, names)) for one in found.instances("skos:ConceptScheme")
        ],
    }


def _own_terms(found: Description, curie: str, names: Names) -> list[OntologyTerm]:
    own = [one for one in found.instances(curie) if one.value.startswith(CICA)]
    return [
        OntologyTerm(
            one.value.removeprefix(CICA),
            names.view(one),
            tuple(names_of(found, one, names)["preferred"]),
            tuple(describe(found, one, names, _SAID_BY_THE_PAGE)),
        )
        for one in own
    ]


async def graph_page(visit: Visit, node: NamedNode, found: Description) -> dict[str, object]:
    """Return what a named graph's page shows: what is said of the graph itself, and its first triples."""
    ordered = sorted(found.triples, key=str)
    shown = ordered[:ROWS_SHOWN]
    names = await visit.names(
        [node, *(part for one in shown for part in (one.subject, one.predicate, one.object))]
    )
    return {
        "title": names.view(node),
        "facts": describe(found, node, names),
        "count": len(ordered),
        "rows": list(_anchored(node, shown, names)),
    }


def _anchored(
    node: NamedNode, triples: Sequence[Triple], names: Names
) -> Iterator[tuple[str, tuple[TermView, ...]]]:
    """Yield each triple; the first one of a subject that is a fragment of *node* with its fragment."""
    seen = {""}
    for one in triples:
        iri = one.subject.value if isinstance(one.subject, NamedNode) else ""
        anchor = iri.removeprefix(node.value + "#") if iri.startswith(node.value + "#") else ""
        yield "" if anchor in seen else anchor, _views((one.subject, one.predicate, one.object), names)
        seen.add(anchor)
