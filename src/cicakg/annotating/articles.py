"""An annotated article as the annotator's tools see it: its claims with their spans, and what is excluded."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from cicakg.corpus import SPAN_IRI, SourceFile, read_strictly
from cicakg.errors import CicakgError
from cicakg.model import FileKind
from cicakg.paths import DatasetFolder, article_iri, slug_of
from cicakg.vocab import (
    CLAIM,
    CONCEPT,
    EVIDENCE,
    EXCLUDED_PASSAGE,
    MODALITY,
    PREFIXES,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
    RDF_TYPE,
    term,
)

Span: TypeAlias = tuple[int, int]
"""First code point and the one behind the last."""

_STATEMENT: Final = (RDF_SUBJECT, RDF_PREDICATE, RDF_OBJECT)
_Values: TypeAlias = defaultdict[NamedNode, list[NamedNode | Literal]]


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: its number (``#c01``), its modality's name, what it says on one line, its evidence, and
    the IRIs it names in any place.
    """

    name: str
    modality: str
    statement: str
    evidence: tuple[Span, ...]
    terms: frozenset[str]

    def touches(self, start: int, end: int) -> bool:
        """Whether some of the claim's evidence lies between *start* and *end*."""
        return any(first < end and start < last for first, last in self.evidence)


@dataclass(frozen=True)
class AnnotatedArticle:
    """The annotation of one article. What its file lacks is an empty string."""

    path: Path
    slug: str
    language: str
    title: str
    identifier: str
    digest: str
    length: str
    claims: tuple[Claim, ...]
    excluded: tuple[Span, ...]

    def claims_at(self, start: int, end: int) -> tuple[Claim, ...]:
        """Return the claims that have evidence between *start* and *end*."""
        return tuple(one for one in self.claims if one.touches(start, end))

    def excluded_at(self, start: int, end: int) -> tuple[Span, ...]:
        """Return the excluded passages that *start* to *end* lies in, even in part."""
        return tuple(one for one in self.excluded if one[0] < end and start < one[1])


def article_paths(folder: DatasetFolder) -> list[Path]:
    """Return the files of the dataset's articles, sorted by name."""
    found = (path for path in folder.articles.rglob("*.ttl") if not path.name.startswith("."))
    return sorted(found, key=lambda path: path.name)


def find_article(folder: DatasetFolder, name: str) -> AnnotatedArticle:
    """Read the article called *name*: its slug, the path of its file, or a part of the slug only it has.

    Raises :class:`CicakgError` (``article-unknown``, ``dataset-broken``).
    """
    given = Path(name)
    if given.suffix == ".ttl" and given.is_file():
        return read_article(given)
    paths = article_paths(folder)
    wanted = slug_of(given)
    found = [one for one in paths if slug_of(one) == wanted] or [one for one in paths if wanted in one.name]
    if len(found) == 1:
        return read_article(found[0])
    raise _unknown(name, [slug_of(one) for one in found], [slug_of(one) for one in paths])


def _unknown(name: str, found: Sequence[str], slugs: Sequence[str]) -> CicakgError:
    if found:
        detail = f"{name} can be any of {', '.join(found)}."
        return CicakgError("article-unknown", detail, "Write more of the name.")
    near = difflib.get_close_matches(name, slugs, n=3, cutoff=0.4) or slugs
    listed = ", ".join(near) if near else "none yet: cicakg new begins one"
    return CicakgError("article-unknown", f"There is no article {name}.", f"The articles are: {listed}.")


def read_article(path: Path) -> AnnotatedArticle:
    """Read the annotation in the file at *path*; a fault in it is a :class:`CicakgError`."""
    return article_of(read_strictly(path, FileKind.ARTICLE))


def article_of(file: SourceFile) -> AnnotatedArticle:
    """Return the annotation that *file* holds."""
    nodes = _nodes(file)
    slug = slug_of(file.path)
    about = nodes[article_iri(slug)]
    return AnnotatedArticle(
        path=file.path,
        slug=slug,
        language=_text(about, "dcterms:language"),
        title=_text(about, "dcterms:title"),
        identifier=_text(about, "dcterms:identifier"),
        digest=_text(about, "cica:digest"),
        length=_text(about, "cica:textLength"),
        claims=tuple(_claim(iri, one) for iri, one in list(nodes.items()) if CLAIM in one[RDF_TYPE]),
        excluded=_spans(about[EXCLUDED_PASSAGE]),
    )


def _nodes(file: SourceFile) -> defaultdict[str, _Values]:
    nodes: defaultdict[str, _Values] = defaultdict(lambda: defaultdict(list))
    for one in file.document.statements:
        subject, value = one.subject, one.object
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
            nodes[subject.value][one.predicate].append(value)
    return nodes


def _claim(iri: str, values: _Values) -> Claim:
    modality = next((one.value for one in values[MODALITY]), "")
    return Claim(
        name="#" + iri.partition("#")[2],
        modality=modality.rpartition("/")[2],
        statement=" ".join(_written(values[one]) for one in _STATEMENT),
        evidence=_spans(values[EVIDENCE]),
        terms=frozenset(one.value for held in values.values() for one in held if isinstance(one, NamedNode)),
    )


def _written(values: Sequence[NamedNode | Literal]) -> str:
    if not values:
        return "?"
    value = values[0]
    if isinstance(value, NamedNode):
        return prefixed(value.value)
    return f'"{value.value}"' + (f"@{value.language}" if value.language else "")


def prefixed(iri: str) -> str:
    """Return *iri* as an annotator writes it: ``id:cica``, ``role:chair``, else ``<…>``."""
    scheme, _, concept = iri.removeprefix(CONCEPT).partition("/")
    if iri.startswith(CONCEPT) and concept:
        return f"{scheme}:{concept}"
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local not in (iri, "") and not set(local) & set("/#?"):
            return f"{prefix}:{local}"
    return f"<{iri}>"


def _spans(values: Iterable[NamedNode | Literal]) -> tuple[Span, ...]:
    found = (SPAN_IRI.fullmatch(one.value) for one in values)
    return tuple(sorted((int(one[2]), int(one[3])) for one in found if one))


def _text(values: _Values, name: str) -> str:
    return next((one.value for one in values[term(name)]), "")
