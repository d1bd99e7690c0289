"""The names there are, and which of them are nearest to one that is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from cicakg.checks.pairs import PairIndex
from cicakg.corpus import SourceFile
from cicakg.folding import key, sound
from cicakg.vocab import RDF_TYPE, term

MOST: Final = 3
"""How many names are offered for one."""

LIKENESS: Final = 0.72
"""From which of difflib's ratios on two spellings are alike."""

_LABELS: Final = frozenset(
    term(one) for one in ("skos:prefLabel", "skos:altLabel", "skos:hiddenLabel", "rdfs:label")
)
_REPLACED: Final = term("dcterms:isReplacedBy")
_CLAIM_PROPERTY: Final = term("cica:ClaimProperty").value
_RANGE: Final = term("schema:rangeIncludes")
_CANDIDATES: Final = 40
_ROUGH: Final = ("~", "=")


@dataclass(frozen=True, slots=True)
class Named:
    """One name something has: its IRI, the text (a label, or the local name), how it is compared."""

    iri: str
    text: str
    is_label: bool


@dataclass(frozen=True)
class Names:
    """What is described, by its labels in every language and its local name.

    ``kinds`` gives the classes of each IRI, ``replaced`` what stands instead of one that is deprecated,
    ``ranges`` the values a property takes.
    """

    labels: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, frozenset[str]]
    replaced: Mapping[str, tuple[str, ...]]
    ranges: Mapping[str, tuple[str, ...]]

    @cached_property
    def claim_properties(self) -> frozenset[str]:
        """The predicates a claim may have."""
        return frozenset(iri for iri, kinds in self.kinds.items() if _CLAIM_PROPERTY in kinds)

    @cached_property
    def _by_spelling(self) -> Mapping[str, tuple[Named, ...]]:
        """The names by each of their :func:`spellings`."""
        found: defaultdict[str, list[Named]] = defaultdict(list)
        speller = Speller()
        for iri, labels in self.labels.items():
            names = [Named(iri, local_name(iri), is_label=False)]
            names += [Named(iri, label, is_label=True) for label in labels]
            for one in names:
                for spelling in speller.spellings(one.text):
                    found[spelling].append(one)
        return {spelling: tuple(names) for spelling, names in found.items()}

    @cached_property
    def _spellings(self) -> PairIndex:
        return PairIndex(self._by_spelling)

    def nearest(self, name: str, allowed: Collection[str] | None = None) -> tuple[Named, ...]:
        """Return the names most like *name*, best first, each of another thing, at most :data:`MOST`.

        With *allowed*, only of things with those IRIs.
        """
        best: dict[str, tuple[float, Named]] = {}
        for score, one in self._scored(name):
            if allowed is not None and one.iri not in allowed:
                continue
            if one.iri not in best or score > best[one.iri][0]:
                best[one.iri] = (score, one)
        ranked = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].iri))
        return tuple(one for _, one in ranked[:MOST])

    def same(self, name: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Return the IRIs of *allowed* whose local name is *name* but for case, hyphens and accents."""
        return tuple(sorted(one for one in self._by_squeezed.get(_squeezed(name), ()) if one in allowed))

    @cached_property
    def _by_squeezed(self) -> Mapping[str, list[str]]:
        """The IRIs by their local names without case, hyphens and accents."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for iri in self.labels:
            found[_squeezed(local_name(iri))].append(iri)
        return dict(found)

    def _scored(self, name: str) -> Iterator[tuple[float, Named]]:
        for spelling in spellings(name):
            for near in self._spellings.nearest(spelling, _CANDIDATES):
                score = SequenceMatcher(None, spelling, near).ratio()
                if score >= LIKENESS:
                    rough = 0.05 * (spelling[:1] in _ROUGH)
                    for one in self._by_spelling[near]:
                        yield score - rough - 0.02 * one.is_label, one


def nearest_names(name: str, known: Iterable[str]) -> list[str]:
    """Return the names of *known* spelt most like *name*, best first, at most :data:`MOST`."""
    return get_close_matches(name, list(known), n=MOST, cutoff=0.7)


def spellings(name: str) -> tuple[str, ...]:
    """Return what *name* is compared by: as folded; after ``~`` as it sounds, and after ``=`` with its words
    in the order of the alphabet.
    """
    return Speller().spellings(name)


class Speller:
    """Makes the :func:`spellings` of many names; each word is folded once, for it stands in many of them."""

    def __init__(self) -> None:
        self._folded: dict[str, str] = {}
        self._sounds: dict[str, str] = {}

    def spellings(self, name: str) -> tuple[str, ...]:
        """Return what :func:`spellings` does."""
        # A space stays a space, so a text is folded by its words. A folded one has no other kind of space.
        words = " ".join(map(self._folded_word, name.split(" "))).split()
        folded, sounding = " ".join(words), "~" + " ".join(map(self._sound, words))
        return folded, sounding, *(["=" + " ".join(sorted(words))] if len(words) > 1 else [])

    def _folded_word(self, word: str) -> str:
        if word not in self._folded:
            self._folded[word] = key(word)
        return self._folded[word]

    def _sound(self, word: str) -> str:
        if word not in self._sounds:
            self._sounds[word] = sound(word)
        return self._sounds[word]


def _squeezed(name: str) -> str:
    return key(name).replace(" ", "")


def local_name(iri: str) -> str:
    """Return the last part of *iri*."""
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]


def names_of(files: Iterable[SourceFile]) -> Names:
    """Collect the names of what *files*, the ontology and the entities, describe."""
    labels: defaultdict[str, list[str]] = defaultdict(list)
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    replaced: defaultdict[str, list[str]] = defaultdict(list)
    ranges: defaultdict[str, list[str]] = defaultdict(list)
    for triple in (one for file in files for one in file.document.statements):
        if not isinstance(triple.subject, NamedNode):
            continue
        iri, value = triple.subject.value, triple.object
        known = labels[iri]
        if isinstance(value, Literal):
            if triple.predicate in _LABELS:
                known.append(value.value)
        elif isinstance(value, NamedNode):
            if triple.predicate == RDF_TYPE:
                kinds[iri].add(value.value)
            elif triple.predicate == _REPLACED:
                replaced[iri].append(value.value)
            elif triple.predicate == _RANGE:
                ranges[iri].append(value.value)
    return Names(
        labels={iri: tuple(dict.fromkeys(one)) for iri, one in labels.items()},
        kinds={iri: frozenset(one) for iri, one in kinds.items()},
        replaced={iri: tuple(one) for iri, one in replaced.items()},
        ranges={iri: tuple(one) for iri, one in ranges.items()},
    )
