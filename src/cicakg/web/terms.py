"""An RDF term as a page shows it: a text with language and direction, a link, a short name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from typing import Literal as OneOf

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cicakg.languages import choose, direction, standard_tag
from cicakg.vocab import BASE, term
from cicakg.web import queries
from cicakg.web.addresses import local_path, outer_link
from cicakg.web.asking import Asker, Term

_LABELS_AT_ONCE: Final = 500
_SHOWN: Final = 2000
_XSD: Final = term("xsd:string").value.removesuffix("string")


@dataclass(frozen=True, slots=True)
class TermView:
    """One term. ``text`` is to be shown inside ``<bdi lang dir>``; ``name`` is an IRI or prefixed name,
    left to right.
    """

    kind: OneOf["iri", "literal", "blank", "triple"]
    text: str
    lang: str = ""
    dir: str = "ltr"
    href: str | None = None
    name: str = ""
    datatype: str = ""
    iri: str = ""


@dataclass(frozen=True, slots=True)
class TextView:
    """A text in one language."""

    text: str
    lang: str
    dir: str


def view_text(text: str, tag: str) -> TextView:
    """Return *text* with its tag in standard form (the store lower-cases tags) and its direction."""
    lang = standard_tag(tag) or tag
    return TextView(text, lang, direction(lang) if lang else "auto")


@dataclass(frozen=True, slots=True)
class Names:
    """Names terms for one reader: labels by one fallback chain, links to this server, prefixed names."""

    labels: Mapping[str, Mapping[str, str]]
    wanted: Sequence[str]
    prefixes: Mapping[str, str]
    root: str
    suffix: str
    chosen: dict[frozenset[str], str] = field(default_factory=dict)

    def view(self, one: Term) -> TermView:
        """Return how *one* is shown."""
        match one:
            case NamedNode():
                return self.view_node(one)
            case Literal():
                return _view_literal(one)
            case BlankNode():
                return TermView("blank", f"_:{one.value}")
            case Triple():
                return TermView("triple", str(one))
        raise TypeError(f"{one!r} is no RDF term")

    def view_node(self, node: NamedNode) -> TermView:
        """Return how an IRI is shown: its label where it has one, else its short name."""
        label, name, link = self.label(node), self.short(node.value), self.link(node.value)
        if label is None:
            return TermView("iri", name.removeprefix(BASE), "", "ltr", link, iri=node.value)
        return TermView("iri", label.text, label.lang, label.dir, link, name, iri=node.value)

    def label(self, node: NamedNode) -> TextView | None:
        """Return the label of *node* in the language the reader reads best, ``None`` where it has none."""
        labels = self.labels.get(node.value)
        if not labels:
            return None
        tag = self._tag(frozenset(labels))
        return view_text(labels[tag], tag)

    def _tag(self, tags: frozenset[str]) -> str:
        """Choose one of *tags*; most nodes have labels in the same languages, and choosing takes time."""
        if tags not in self.chosen:
            self.chosen[tags], _ = choose({tag: tag for tag in tags}, self.wanted)
        return self.chosen[tags]

    def link(self, iri: str) -> str | None:
        """Return where a page links for *iri*; the language asked for goes along."""
        path = local_path(iri, self.root)
        if path is None:
            return outer_link(iri)
        base, mark, fragment = path.partition("#")
        return base + self.suffix + mark + fragment

    def short(self, iri: str) -> str:
        """Return *iri* as a prefixed name where a prefix fits, the longest one; else the IRI itself."""
        fits = [(len(space), name, space) for name, space in self.prefixes.items() if iri.startswith(space)]
        if not fits:
            return iri
        _, name, space = max(fits)
        local = iri.removeprefix(space)
        return f"{name}:{local}" if local and "/" not in local and "#" not in local else iri


def _view_literal(one: Literal) -> TermView:
    text = one.value if len(one.value) <= _SHOWN else one.value[:_SHOWN] + "…"
    if one.language:
        view = view_text(text, one.language)
        return TermView("literal", view.text, view.lang, view.dir)
    datatype = one.datatype.value
    if datatype == _XSD + "string":
        return TermView("literal", text, dir="auto")
    return TermView(
        "literal", text, datatype=datatype.replace(_XSD, "xsd:") if datatype.startswith(_XSD) else datatype
    )


def nodes_in(terms: Iterable[Term]) -> list[NamedNode]:
    """Return the distinct IRIs among *terms*."""
    return list(dict.fromkeys(one for one in terms if isinstance(one, NamedNode)))


async def read_labels(asker: Asker, nodes: Sequence[NamedNode]) -> dict[str, dict[str, str]]:
    """Return the labels of *nodes*, by IRI and language tag, the best kind of label for each language."""
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(nodes), _LABELS_AT_ONCE):
        for row in await asker.rows(queries.labels(nodes[start : start + _LABELS_AT_ONCE])):
            node, label = row["node"], row["label"]
            if isinstance(node, NamedNode) and isinstance(label, Literal):
                found.setdefault(node.value, {}).setdefault(label.language or "", label.value)
    return found
