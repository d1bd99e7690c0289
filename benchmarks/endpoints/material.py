"""The data the servers are loaded with: made articles, as the tool derives everything from them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from corpora import make_corpus
from pyoxigraph import Quad, RdfFormat, serialize

from cicakg.corpus import read_corpus
from cicakg.paths import DatasetFolder

_NO_FAULTS: Final = sys.maxsize
_ONTOLOGY: Final = 1_900  # quads that are there without any article
_PER_ARTICLE: Final = 82.5  # of an article with its share of entities and facts


@dataclass(frozen=True, slots=True)
class Material:
    """One size of data. ``named`` holds the named graphs; ``merge`` their RDF merge as N-Triples, which is
    the default graph of cicakg; ``whole`` both, as cicakg holds them in memory.
    """

    named: Path
    merge: Path
    whole: Path
    quads: int
    triples: int
    articles: int


def make_material(folder: Path, size: int) -> Material:
    """Make about *size* quads in *folder*, an even number of articles."""
    articles = max(20, round((size - _ONTOLOGY) / _PER_ARTICLE / 2) * 2)
    make_corpus(folder / "corpus", articles, _NO_FAULTS)
    quads = list(read_corpus(DatasetFolder(folder / "corpus")).quads())
    merge = dict.fromkeys(Quad(*one.triple) for one in quads)
    made = Material(
        folder / "named.nq", folder / "merge.nt", folder / "whole.nq", len(set(quads)), len(merge), articles
    )
    serialize(quads, str(made.named), format=RdfFormat.N_QUADS)
    serialize((one.triple for one in merge), str(made.merge), format=RdfFormat.N_TRIPLES)
    serialize([*quads, *merge], str(made.whole), format=RdfFormat.N_QUADS)
    return made
