"""Claims as pages show them: never without their modality, their article and the characters they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from cicakg.vocab import CONCEPT, term
from cicakg.web.dates import ArticleDate, view_article_date
from cicakg.web.description import Description
from cicakg.web.terms import Names, TermView

_MODALITY: Final = CONCEPT + "modality/"
_STATUS: Final = CONCEPT + "status/"
_NUMBER: Final = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class SpanView:
    """A span of an article: code points from ``start`` up to, not including, ``end``."""

    start: int
    end: int
    anchor: str
    href: str | None


@dataclass(frozen=True, slots=True)
class BadgeView:
    """How far a claim goes: ``name`` is the concept's slug (fact, plan …), which the style sheet colours;
    ``term`` is ``None`` where the data does not say it.
    """

    name: str
    term: TermView | None


@dataclass(frozen=True, slots=True)
class ArticleView:
    """What a claim's line says of the article it stands in."""

    term: TermView
    date: ArticleDate
    publisher: TermView | None


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One claim."""

    anchor: str
    term: TermView
    subject: TermView
    predicate: TermView
    object: TermView
    modality: BadgeView
    is_negated: bool
    status: BadgeView | None
    basis: TermView | None
    comparator: TermView | None
    as_of: TermView | None
    attributed: tuple[TermView, ...]
    quotations: tuple[TermView, ...]
    conflicts: tuple[TermView, ...]
    evidence: tuple[SpanView, ...]
    comments: tuple[TermView, ...]
    article: ArticleView


@dataclass(frozen=True, slots=True)
class QuotationView:
    """One quotation: who speaks, how, and where."""

    anchor: str
    speakers: tuple[TermView, ...]
    forms: tuple[TermView, ...]
    channels: tuple[TermView, ...]
    glosses: tuple[TermView, ...]
    evidence: tuple[SpanView, ...]


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """The claims of one property."""

    predicate: TermView
    claims: tuple[ClaimView, ...]


@dataclass(frozen=True, slots=True)
class ClaimReader:
    """Makes views of the claims in a description, for one reader."""

    found: Description
    names: Names

    def claims(self) -> list[ClaimView]:
        """Return all claims: article by article, in text order."""
        return [self.claim(node) for node in sorted(self.found.instances("cica:Claim"), key=self._place)]

    def claim(self, node: NamedNode) -> ClaimView:
        """Return the view of one claim."""
        return ClaimView(
            anchor=node.value.partition("#")[2],
            term=self.names.view(node),
            subject=self._one(node, "rdf:subject"),
            predicate=self._one(node, "rdf:predicate"),
            object=self._one(node, "rdf:object"),
            modality=self._badge(self.found.node(node, "cica:modality"), _MODALITY) or _UNSTATED,
            is_negated=self.found.text(node, "cica:negated") in {"true", "1"},
            status=self._badge(self.found.node(node, "cica:status"), _STATUS),
            basis=self._optional(node, "cica:basis"),
            comparator=self._optional(node, "cica:comparator"),
            as_of=self._optional(node, "cica:asOf"),
            attributed=self._all(node, "cica:attributedTo"),
            quotations=self._all(node, "cica:quotedIn"),
            conflicts=self._all(node, "cica:conflictsWith"),
            evidence=self.spans(node, "cica:evidence"),
            comments=self._all(node, "rdfs:comment"),
            article=self.article(NamedNode(node.value.partition("#")[0])),
        )

    def article(self, node: NamedNode) -> ArticleView:
        """Return the short view of an article; its date is the one it gives, else its bounds."""
        publisher = self.found.node(node, "dcterms:publisher")
        return ArticleView(
            self.names.view(node), self.date(node), self.names.view(publisher) if publisher else None
        )

    def date(self, article: NamedNode) -> ArticleDate:
        """Return the date of *article* as it is known."""
        curies = ("dcterms:issued", "cica:earliest", "cica:latest")
        issued, earliest, latest = (self.found.text(article, curie) for curie in curies)
        return view_article_date(issued, earliest, latest, self.names.wording.locale)

    def quotations(self) -> list[QuotationView]:
        """Return the quotations in text order."""
        return [
            self._quotation(node) for node in sorted(self.found.instances("cica:Quotation"), key=self._place)
        ]

    def _quotation(self, node: NamedNode) -> QuotationView:
        return QuotationView(
            node.value.partition("#")[2],
            self._all(node, "cica:speaker"),
            self._all(node, "cica:quotationForm"),
            self._all(node, "cica:channel"),
            self._all(node, "cica:gloss"),
            self.spans(node, "cica:evidence"),
        )

    def spans(self, node: NamedNode, curie: str) -> tuple[SpanView, ...]:
        """Return the spans a property of *node* names, in text order."""
        views = [self._span(span) for span in self.found.nodes(node, curie)]
        return tuple(sorted(views, key=lambda one: (one.start, one.end)))

    def _span(self, span: NamedNode) -> SpanView:
        start, end = self.found.number(span, "oa:start"), self.found.number(span, "oa:end")
        return SpanView(start, end, span.value.partition("#")[2], self.names.link(span.value))

    def _place(self, node: NamedNode) -> tuple[str, int, int, str]:
        """Where a claim stands: article, first character of its evidence, its own number."""
        article, _, name = node.value.partition("#")
        starts = [self.found.number(span, "oa:start") for span in self.found.nodes(node, "cica:evidence")]
        number = _NUMBER.search(name)
        return article, min(starts, default=0), int(number[0]) if number else 0, name

    def _badge(self, node: NamedNode | None, space: str) -> BadgeView | None:
        if node is None:
            return None
        return BadgeView(node.value.removeprefix(space), self.names.view(node))

    def _one(self, node: NamedNode, curie: str) -> TermView:
        return next(iter(self._all(node, curie)), _NOTHING)

    def _optional(self, node: NamedNode, curie: str) -> TermView | None:
        return next(iter(self._all(node, curie)), None)

    def _all(self, node: NamedNode, curie: str) -> tuple[TermView, ...]:
        return tuple(self.names.view(one) for one in self.found.objects(node, curie))


_NOTHING: Final = TermView("literal", "—")
# The shapes forbid a claim without modality; should one ever come, it must not look like a fact.
_UNSTATED: Final = BadgeView("unstated", None)


def group_by_property(claims: Iterable[ClaimView]) -> list[ClaimGroup]:
    """Group *claims* by property, in the order of the properties' names; inside a group the order stays."""
    groups: dict[str, list[ClaimView]] = {}
    for claim in claims:
        groups.setdefault(claim.predicate.iri, []).append(claim)
    return [
        ClaimGroup(members[0].predicate, tuple(members))
        for members in sorted(groups.values(), key=lambda one: one[0].predicate.text)
    ]


def names_of(found: Description, node: NamedNode, names: Names) -> dict[str, list[TermView]]:
    """Return the names of *node*, preferred before other ones, by kind and sorted by language."""
    kinds = {"preferred": ("skos:prefLabel", "rdfs:label", "dcterms:title"), "other": ("skos:altLabel",)}
    return {
        kind: _by_language([one for c in curies for one in found.literals(node, c)], names)
        for kind, curies in kinds.items()
    }


def _by_language(literals: Sequence[Literal], names: Names) -> list[TermView]:
    return [names.view(one) for one in sorted(literals, key=lambda one: (one.language or "", one.value))]


NAME_PROPERTIES: Final = frozenset(
    term(curie).value for curie in ("skos:prefLabel", "skos:altLabel", "rdfs:label", "dcterms:title")
)
