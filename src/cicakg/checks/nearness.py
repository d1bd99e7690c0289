"""Which known terms are spelt most like one that is not known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache
from typing import Final

from cicakg.checks.pairs import PairIndex

MOST: Final = 3
"""How many terms are offered for one."""

LIKENESS: Final = 0.7
"""From which of difflib's ratios on two names are alike."""

MARGIN: Final = 0.1
"""How much less like the name than the best a term may be to be offered beside it."""

_SAME_NAMESPACE: Final = 0.05
_CANDIDATES: Final = 200
"""How many names are compared letter by letter: those that have most pairs of letters in common."""


def nearest_terms(iri: str, known: Iterable[str]) -> list[str]:
    """Return the IRIs of *known* whose local names are most like that of *iri*, the best first.

    What all terms of a vocabulary have in common, their namespace, counts little. Where one is much nearer
    than the rest, it is the only one.
    """
    namespace, name = split(iri)
    names = _local_names(frozenset(known))
    scores = {
        one: SequenceMatcher(None, near, name).ratio() + _SAME_NAMESPACE * (split(one)[0] == namespace)
        for near in get_close_matches(name, names.candidates(name), n=2 * MOST, cutoff=LIKENESS)
        for one in names.iris[near]
    }
    ranked = sorted(scores, key=lambda one: (-scores[one], one))[:MOST]
    return [one for one in ranked if scores[one] > scores[ranked[0]] - MARGIN]


class _LocalNames:
    """The local names of some IRIs."""

    def __init__(self, iris: Iterable[str]) -> None:
        self.iris: defaultdict[str, list[str]] = defaultdict(list)
        for one in sorted(iris):
            self.iris[split(one)[1]].append(one)
        self._index = PairIndex(self.iris) if len(self.iris) > _CANDIDATES else None

    def candidates(self, name: str) -> Collection[str]:
        """Return the names that may be nearest to *name*; where there are few, all."""
        return self.iris if self._index is None else self._index.nearest(name, _CANDIDATES)


@lru_cache(maxsize=4)
def _local_names(iris: frozenset[str]) -> _LocalNames:
    return _LocalNames(iris)


def split(iri: str) -> tuple[str, str]:
    """Return the namespace of *iri*, and its local name: what follows the last ``#`` or ``/``."""
    end = max(iri.rfind("#"), iri.rfind("/", 0, len(iri) - 1)) + 1
    return iri[:end], iri[end:]
