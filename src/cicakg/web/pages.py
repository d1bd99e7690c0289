"""The pages that are no resource of the dataset: home, example queries, entities, graphs, documentation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request
from starlette.responses import Response

from cicakg.errors import CicakgError
from cicakg.examples import Example
from cicakg.languages import choose
from cicakg.web import queries
from cicakg.web.asking import Row, Term
from cicakg.web.dates import ArticleDate, view_article_date
from cicakg.web.negotiation import HTML
from cicakg.web.problems import PROBLEMS
from cicakg.web.terms import Names, TermView, TextView, view_text
from cicakg.web.visits import Parts, Visit, open_visit

_EXAMPLES_AT_HOME: Final = 6


@dataclass(frozen=True, slots=True)
class ExampleView:
    """An example query: its question in the reader's language and in all others, and where it stands."""

    question: TextView
    questions: tuple[TextView, ...]
    keywords: tuple[str, ...]
    href: str
    run: str
    text: str
    name: str


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article in a list."""

    term: TermView
    date: ArticleDate
    language: str
    publisher: TermView | None
    claims: TermView | None


@dataclass(frozen=True, slots=True)
class Pages:
    """The handlers. ``document`` gives the OpenAPI document that ``/docs`` shows."""

    parts: Parts
    document: Callable[[], dict[str, object]]

    async def home(self, request: Request) -> Response:
        """What this is, figures, questions to click, the articles."""
        visit = open_visit(self.parts, request)
        known = visit.unchanged()
        if known is not None:
            return known
        figures = await visit.asker.rows(queries.figures())
        rows = await visit.asker.rows(queries.articles())
        names = await visit.names(cell for row in rows for cell in row.values())
        return visit.page(
            "home.html",
            figures={name: int(cell.value) for name, cell in figures[0].items() if isinstance(cell, Literal)},
            quads=self.parts.pool.info.quad_count,
            articles=[_article_line(row, names) for row in rows],
            examples=[view_example(one, visit) for one in self.parts.site.examples[:_EXAMPLES_AT_HOME]],
        )

    async def examples(self, request: Request) -> Response:
        """All example queries: competency questions in words, each with the SPARQL that answers it."""
        visit = open_visit(self.parts, request)
        shown = [view_example(one, visit) for one in self.parts.site.examples]
        return visit.unchanged() or visit.page("examples.html", examples=shown)

    async def example(self, request: Request, name: str) -> Response:
        """One example query, as a page or as RDF; its address is its IRI."""
        visit = open_visit(self.parts, request)
        found = next((one for one in self.parts.site.examples if _name(one) == name), None)
        if found is None:
            raise CicakgError(
                "not-found", f"There is no example query called “{name}”.", "All of them stand at /queries."
            )
        offer = visit.offer()
        known = visit.unchanged(offer)
        if known is not None:
            return known
        if offer is not HTML:
            return await visit.graph(queries.example(NamedNode(found.iri)), offer, {})
        return visit.page(
            "example.html",
            example=view_example(found, visit),
            iri=found.iri,
            alternates=visit.alternates(),
        )

    async def entities(self, request: Request) -> Response:
        """Every entity by its name, grouped by class."""
        visit = open_visit(self.parts, request)
        known = visit.unchanged()
        if known is not None:
            return known
        rows = await visit.asker.rows(queries.entities())
        names = await visit.names(cell for row in rows for cell in row.values())
        return visit.page("entities.html", groups=_by_class(rows, names))

    async def graphs(self, request: Request) -> Response:
        """The named graphs with their sizes."""
        visit = open_visit(self.parts, request)
        known = visit.unchanged()
        if known is not None:
            return known
        rows = await visit.asker.rows(queries.graphs())
        names = await visit.names(row["graph"] for row in rows)
        shown = [(names.view(row["graph"]), names.view(row["triples"])) for row in rows]
        return visit.page("graphs.html", graphs=shown)

    async def docs(self, request: Request) -> Response:
        """This documentation, made from the OpenAPI document, and the list of faults with what they mean."""
        visit = open_visit(self.parts, request)
        return visit.unchanged() or visit.page(
            "docs.html", document=self.document(), problems=PROBLEMS, budget=self.parts.site.budget
        )


def _name(example: Example) -> str:
    return f"{example.number}-{example.slug}"


def view_example(example: Example, visit: Visit) -> ExampleView:
    """Return how *example* is shown to the reader of *visit*."""
    tag, text = choose(example.questions, visit.reader.wanted)
    name = _name(example)
    suffix = visit.reader.suffix
    return ExampleView(
        view_text(text, tag),
        tuple(view_text(question, lang) for lang, question in sorted(example.questions.items())),
        example.keywords,
        f"{visit.root}/query/{name}{suffix}",
        f"{visit.root}/query{suffix or '?'}{'&' if suffix else ''}query={quote(example.text, safe='')}",
        example.text,
        name,
    )


def _article_line(row: Row, names: Names) -> ArticleLine:
    publisher, claims, language = row.get("publisher"), row.get("claims"), _text(row.get("language"))
    issued, earliest, latest = (_text(row.get(name)) for name in ("issued", "earliest", "latest"))
    return ArticleLine(
        names.view(row["article"]),
        view_article_date(issued, earliest, latest, names.wording.locale),
        names.wording.language(language) if language else "",
        names.view(publisher) if publisher is not None else None,
        names.view(claims) if claims is not None else None,
    )


def _text(cell: Term | None) -> str:
    return cell.value if isinstance(cell, Literal) else ""


def _by_class(rows: Sequence[Row], names: Names) -> list[tuple[TermView, list[TermView]]]:
    groups: dict[Term, list[TermView]] = {}
    for row in rows:
        groups.setdefault(row["class"], []).append(names.view(row["entity"]))
    shown = [
        (names.view(one), sorted(members, key=lambda m: m.text.casefold())) for one, members in groups.items()
    ]
    return sorted(shown, key=lambda pair: pair[0].text)
