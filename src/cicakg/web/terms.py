"""An RDF term as a page shows it: a text with language and direction, a link, a short name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from typing import Literal as OneOf

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cicakg.languages import choose, direction, standard_tag
from cicakg.vocab import BASE, term
from cicakg.web import queries
from cicakg.web.addresses import local_path, outer_link
from cicakg.web.asking import Asker, Term
from cicakg.web.dates import view_date
from cicakg.web.readers import Reader
from cicakg.web.wording import Wording

_LABELS_AT_ONCE: Final = 500
_SHOWN: Final = 2000
_XSD: Final = term("xsd:string").value.removesuffix("string")
_LANGUAGE: Final = term("dcterms:language")
_DATES: Final = frozenset({"xsd:date", "xsd:gYearMonth", "xsd:gYear"})
_TRUTH: Final = {"true": "frame/true", "1": "frame/true", "false": "frame/false", "0": "frame/false"}
# Longer ones are shown as they are written.
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?")


@dataclass(frozen=True, slots=True)
class TermView:
    """One term. ``text`` is to be shown inside ``<bdi lang dir>``; ``name`` is an IRI or prefixed name,
    left to right; ``datetime`` is a date as it is written in the data; ``written`` is a literal as it is
    written there, where the page shows it otherwise.
    """

    kind: OneOf["iri", "literal", "blank", "triple"]
    text: str
    lang: str = ""
    dir: str = "ltr"
    href: str | None = None
    name: str = ""
    datatype: str = ""
    iri: str = ""
    datetime: str = ""
    written: str = ""


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
    """Names terms for one reader: labels by one fallback chain, links to this server, prefixed names.

    Terms of other vocabularies have their words from *wording*. *page* is the address of the page, with the
    language that links carry along.
    """

    labels: Mapping[str, Mapping[str, str]]
    reader: Reader
    wording: Wording
    prefixes: Mapping[str, str]
    root: str
    page: str
    chosen: dict[frozenset[str], str] = field(default_factory=dict)
    seen: dict[NamedNode, TermView] = field(default_factory=dict)

    def view(self, one: Term) -> TermView:
        """Return how *one* is shown."""
        match one:
            case NamedNode():
                return self.view_node(one)
            case Literal():
                return view_literal(one, self.wording)
            case BlankNode():
                return TermView("blank", f"_:{one.value}")
            case Triple():
                return TermView("triple", str(one))
        raise TypeError(f"{one!r} is no RDF term")

    def view_node(self, node: NamedNode) -> TermView:
        """Return how an IRI is shown: its label where it has one, else its short name."""
        if node not in self.seen:
            self.seen[node] = self._view_node(node)
        return self.seen[node]

    def _view_node(self, node: NamedNode) -> TermView:
        name, link = self.short(node.value), self.link(node.value)
        label = self.label(node) or self._word(name)
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

    def _word(self, name: str) -> TextView | None:
        """Return what a term of another vocabulary is called in the language of the interface."""
        word = self.wording.term(name)
        return None if word is None else TextView(word, "", self.wording.dir)

    def value(self, predicate: NamedNode, one: Term) -> TermView:
        """Return how *one* is shown as a value of *predicate*: a language tag by the language's name."""
        if predicate == _LANGUAGE and isinstance(one, Literal):
            name = self.wording.language(one.value)
            return TermView("literal", name, "", self.wording.dir, written=one.value)
        return self.view(one)

    def _tag(self, tags: frozenset[str]) -> str:
        """Choose one of *tags*; most nodes have labels in the same languages, and choosing takes time."""
        if tags not in self.chosen:
            self.chosen[tags], _ = choose({tag: tag for tag in tags}, self.reader.wanted)
        return self.chosen[tags]

    def link(self, iri: str) -> str | None:
        """Return where a page links for *iri*; the language asked for goes along."""
        path = local_path(iri, self.root)
        if path is None:
            return outer_link(iri)
        base, mark, fragment = path.partition("#")
        address = base + self.reader.suffix
        return mark + fragment if mark and address == self.page else address + mark + fragment

    def short(self, iri: str) -> str:
        """Return *iri* as a prefixed name where a prefix fits, the longest one; else the IRI itself."""
        fits = [(len(space), name, space) for name, space in self.prefixes.items() if iri.startswith(space)]
        if not fits:
            return iri
        _, name, space = max(fits)
        local = iri.removeprefix(space)
        return f"{name}:{local}" if local and "/" not in local and "#" not in local else iri


def view_literal(one: Literal, wording: Wording) -> TermView:
    """Return how a literal is shown: dates, numbers and truth values in the words of *wording*."""
    text = one.value if len(one.value) <= _SHOWN else one.value[:_SHOWN] + "…"
    if one.language:
        view = view_text(text, one.language)
        return TermView("literal", view.text, view.lang, view.dir)
    datatype = one.datatype.value
    name = datatype.replace(_XSD, "xsd:") if datatype.startswith(_XSD) else datatype
    if name == "xsd:string":
        return TermView("literal", text, dir="auto")
    if name in _DATES:
        return _view_date(text, name, wording)
    worded = _worded(one.value, name, wording)
    if worded is None:
        return TermView("literal", text, datatype=name)
    return TermView("literal", worded, dir="auto", datatype=name, written=text)


def _view_date(text: str, datatype: str, wording: Wording) -> TermView:
    date = view_date(text, wording.locale)
    if date is None:
        return TermView("literal", text, datatype=datatype)
    return TermView("literal", date.text, "", wording.dir, datatype=datatype, datetime=text, written=text)


def _worded(text: str, datatype: str, wording: Wording) -> str | None:
    """Return a truth value or a number as the reader writes it, ``None`` for anything else."""
    if datatype == "xsd:boolean" and text in _TRUTH:
        return wording.plain(_TRUTH[text])
    if datatype in {"xsd:integer", "xsd:decimal"} and _NUMBER.fullmatch(text):
        return wording.number(Decimal(text))
    return None


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
