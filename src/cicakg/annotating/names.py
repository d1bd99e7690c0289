"""The dataset's names: what every entity, concept and term is called, how often claims use it, and which
of them a person means.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from cicakg.annotating.articles import article_of, prefixed
from cicakg.corpus import SourceFile, read_strictly, source_paths
from cicakg.errors import CicakgError
from cicakg.folding import key, sound
from cicakg.languages import choose
from cicakg.model import FileKind
from cicakg.paths import DatasetFolder
from cicakg.vocab import RDF_TYPE, term

FUZZY: Final = 0.75
"""From which of difflib's ratios on two spellings are alike."""

FUZZY_SOUND: Final = 0.85
"""The same for two sounds, which are rough already."""

SHORTEST_PART: Final = 3
"""How long a name must be to be looked for inside words; shorter ones are everywhere."""

_PREFERRED: Final = term("skos:prefLabel")
_LABELS: Final = (_PREFERRED, term("rdfs:label"), term("skos:altLabel"))


@dataclass(frozen=True)
class Label:
    """What something is called: the text, its tag as written, and both keys it is found by."""

    text: str
    tag: str
    is_preferred: bool

    @cached_property
    def key(self) -> str:
        """The text as folded."""
        return key(self.text)

    @cached_property
    def sound(self) -> str:
        """The text as it sounds, in Latin letters."""
        return sound(self.text)


@dataclass(frozen=True)
class Entry:
    """An entity, a concept or a term of the ontology, with its labels and the number of claims that use
    it.
    """

    iri: str
    kind: str
    is_entity: bool
    labels: tuple[Label, ...]
    uses: int

    @property
    def curie(self) -> str:
        """The name to paste into an article's file."""
        return prefixed(self.iri)

    def preferred(self, wanted: Sequence[str]) -> Label:
        """Return the preferred label for a reader of the languages *wanted*."""
        preferred = {one.tag: one for one in self.labels if one.is_preferred}
        labels = preferred or {one.tag: one for one in reversed(self.labels)}
        tag, _ = choose({tag: one.text for tag, one in labels.items()}, wanted)
        return labels[tag]


@dataclass(frozen=True, slots=True)
class Names:
    """All entries, sorted by IRI, and the files left out of the counts because they cannot be read."""

    entries: tuple[Entry, ...]
    unread: tuple[str, ...]


class Rank(IntEnum):
    """How a label is like the name sought, best first. A surname stands at the end of a name's label, so the
    end counts as much as the beginning.
    """

    EXACT = 0
    EDGE = 1
    WORD = 2
    WITHIN = 3
    FUZZY = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that fits, by which label, how well, and whether only by its sound."""

    entry: Entry
    label: Label
    rank: Rank
    is_by_sound: bool

    @property
    def order(self) -> tuple[int, bool, int, int, str]:
        """Best first: rank, spelling before sound, shortest label, most used."""
        return self.rank, self.is_by_sound, len(self.label.key), -self.entry.uses, self.entry.iri


def read_names(folder: DatasetFolder) -> Names:
    """Read what everything in *folder* is called.

    An article that is not Turtle at the moment only loses its counts; any other file that is not is a
    :class:`CicakgError`.
    """
    named: list[SourceFile] = []
    uses: Counter[str] = Counter()
    unread: list[str] = []
    for path, kind in source_paths(folder):
        if kind is not FileKind.ARTICLE:
            named.append(read_strictly(path, kind))
            continue
        try:
            article = article_of(read_strictly(path, kind))
        except CicakgError as fault:
            unread.append(fault.detail)
        else:
            uses.update(iri for claim in article.claims for iri in claim.terms)
    return Names(tuple(_entries(named, uses)), tuple(unread))


def _entries(files: Iterable[SourceFile], uses: Counter[str]) -> Iterator[Entry]:
    kinds: dict[str, str] = {}
    entities: set[str] = set()
    labels: dict[str, list[Label]] = {}
    for file in files:
        for one in file.document.triples:
            subject, value = one.triple.subject, one.triple.object
            if not isinstance(subject, NamedNode):
                continue
            if one.triple.predicate == RDF_TYPE and isinstance(value, NamedNode):
                kinds.setdefault(subject.value, prefixed(value.value))
            if one.triple.predicate in _LABELS and isinstance(value, Literal):
                label = Label(value.value, one.language, one.triple.predicate == _PREFERRED)
                labels.setdefault(subject.value, []).append(label)
                entities.update([subject.value] if file.kind is FileKind.ENTITIES else [])
    for iri, found in sorted(labels.items()):
        yield Entry(iri, kinds.get(iri, ""), iri in entities, tuple(found), uses[iri])


def find_names(names: Names, sought: str) -> list[Hit]:
    """Return the entries called like *sought*, the best first; one hit an entry.

    The likeness is that of :func:`cicakg.folding.key`, then of ``sound``; besides its labels an
    entry is found by the local name of its IRI, where no label fits.
    """
    wanted, heard = key(sought), sound(sought)
    hits = (_best(one, wanted, heard) for one in names.entries) if wanted else ()
    return sorted((one for one in hits if one is not None), key=lambda hit: hit.order)


def _best(entry: Entry, wanted: str, heard: str) -> Hit | None:
    found = [hit for label in entry.labels for hit in _hits(entry, label, wanted, heard)]
    if not found:
        local = Label(entry.curie.partition(":")[2], "", is_preferred=False)
        found = list(_hits(entry, local, wanted, heard))
    return min(found, key=lambda hit: hit.order, default=None)


def _hits(entry: Entry, label: Label, wanted: str, heard: str) -> Iterator[Hit]:
    rank = _rank(label.key, wanted, FUZZY)
    if rank is not None:
        yield Hit(entry, label, rank, is_by_sound=False)
    by_sound = _rank(label.sound, heard, FUZZY_SOUND) if label.sound and heard else None
    if by_sound is not None and (rank is None or by_sound < rank):
        yield Hit(entry, label, by_sound, is_by_sound=True)


def _rank(label: str, wanted: str, fuzzy: float) -> Rank | None:
    if label == wanted:
        return Rank.EXACT
    if label.startswith(wanted) or label.endswith(f" {wanted}"):
        return Rank.EDGE
    if f" {wanted}" in label or _has_words(label.split(), wanted.split()):
        return Rank.WORD
    if len(wanted) < SHORTEST_PART:
        return None
    if wanted in label:
        return Rank.WITHIN
    return Rank.FUZZY if _is_alike(label, wanted, fuzzy) else None


def _has_words(label: list[str], wanted: list[str]) -> bool:
    """Whether each word of *wanted* begins a word of *label*, in any order."""
    return len(wanted) > 1 and all(any(one.startswith(part) for one in label) for part in wanted)


def _is_alike(label: str, wanted: str, least: float) -> bool:
    matcher = difflib.SequenceMatcher(a=label, b=wanted, autojunk=False)
    return all(one() >= least for one in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio))
