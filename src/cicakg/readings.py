"""How far two independent readings of an article agree, counted from the readings themselves.

``data/readings/first`` and ``data/readings/second`` hold the two readings as they were before they were
reconciled; ``pairs.toml`` pairs the claims that say the same in other terms. The counts are published in the
terms of the Data Quality Vocabulary (https://www.w3.org/TR/vocab-dqv/).
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from cicakg.corpus import read_strictly
from cicakg.errors import CicakgError
from cicakg.model import FileKind
from cicakg.paths import DatasetFolder, article_iri, slug_of
from cicakg.vocab import (
    CLAIM,
    EVIDENCE,
    GRAPH_READINGS,
    MODALITY,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
    RDF_TYPE,
    term,
)

_ATTRIBUTED_TO: Final = term("cica:attributedTo")

METRICS: Final[Mapping[str, str]] = {
    "first": "claims in the first reading",
    "second": "claims in the second reading",
    "both": "claims of the first reading that the second has too",
    "overlapping": "of the claims found by both, those whose spans overlap",
    "same-modality": "of the claims found by both, those with the same modality",
    "same-attribution": "of the claims found by both, those attributed to the same agent, or both to none",
}
"""What is counted, by the last part of its IRI."""


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """One claim of a reading: its statement, its spans as half-open offsets, its modality and attribution."""

    name: str
    statement: tuple[object, ...]
    spans: tuple[tuple[int, int], ...]
    modality: frozenset[object]
    attribution: frozenset[object]

    def overlaps(self, other: ReadClaim) -> bool:
        """Whether some span of the one shares a character with some span of the other."""
        return any(a < d and c < b for a, b in self.spans for c, d in other.spans)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The counts for one article, by the names in :data:`METRICS`."""

    slug: str
    counts: Mapping[str, int]


def read_agreements(folder: DatasetFolder) -> tuple[Agreement, ...]:
    """Compare the two readings of every article that was read twice, by slug.

    A dataset without readings has none. A reading that cannot be read, or a pair that names a claim there is
    not, is a :class:`CicakgError`.
    """
    pairs = _read_pairs(folder.readings / "pairs.toml")
    twice = sorted(
        path for path in (folder.readings / "second").glob("*.ttl") if _first(folder, path).is_file()
    )
    return tuple(_compare(_first(folder, path), path, pairs.get(slug_of(path), {})) for path in twice)


def agreement_quads(agreements: tuple[Agreement, ...]) -> Iterator[Quad]:
    """Yield the counts as ``dqv:QualityMeasurement`` nodes about each article's graph."""
    for name, meaning in METRICS.items() if agreements else ():
        metric = _node(f"metric-{name}")
        yield Quad(metric, RDF_TYPE, term("dqv:Metric"), GRAPH_READINGS)
        yield Quad(metric, term("skos:definition"), Literal(meaning, language="en"), GRAPH_READINGS)
    for one in agreements:
        for name, count in one.counts.items():
            node = _node(f"{one.slug}-{name}")
            yield Quad(node, RDF_TYPE, term("dqv:QualityMeasurement"), GRAPH_READINGS)
            yield Quad(node, term("dqv:computedOn"), NamedNode(article_iri(one.slug)), GRAPH_READINGS)
            yield Quad(node, term("dqv:isMeasurementOf"), _node(f"metric-{name}"), GRAPH_READINGS)
            yield Quad(node, term("dqv:value"), Literal(count), GRAPH_READINGS)


def _node(name: str) -> NamedNode:
    return NamedNode(f"{GRAPH_READINGS.value}#{name}")


def _first(folder: DatasetFolder, second: Path) -> Path:
    return folder.readings / "first" / second.name


def _read_pairs(path: Path) -> Mapping[str, Mapping[str, str]]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise CicakgError("data-unreadable", f"{path}: {fault}.", "Mend the file there.") from fault


def _compare(first: Path, second: Path, pairs: Mapping[str, str]) -> Agreement:
    ours, theirs = _read_claims(first), _read_claims(second)
    matched = list(_match(ours, theirs, _checked(pairs, ours, theirs, second)))
    counts = {
        "first": len(ours),
        "second": len(theirs),
        "both": len(matched),
        "overlapping": sum(one.overlaps(other) for one, other in matched),
        "same-modality": sum(one.modality == other.modality for one, other in matched),
        "same-attribution": sum(one.attribution == other.attribution for one, other in matched),
    }
    return Agreement(slug_of(second), counts)


def _checked(
    pairs: Mapping[str, str], ours: Mapping[str, ReadClaim], theirs: Mapping[str, ReadClaim], path: Path
) -> Mapping[str, str]:
    for one, other in pairs.items():
        if one not in ours or other not in theirs:
            raise CicakgError(
                "data-unreadable",
                f"pairs.toml pairs {one} with {other} for {slug_of(path)}, and there is no such claim.",
                "Name claims that stand in the two readings.",
            )
    return pairs


def _match(
    ours: Mapping[str, ReadClaim], theirs: Mapping[str, ReadClaim], pairs: Mapping[str, str]
) -> Iterator[tuple[ReadClaim, ReadClaim]]:
    """Pair each claim of the first reading with one of the second: by hand, else by its statement.

    Where the second has the statement more than once, the one whose span overlaps is meant.
    """
    by_statement: dict[tuple[object, ...], list[ReadClaim]] = defaultdict(list)
    for claim in theirs.values():
        by_statement[claim.statement].append(claim)
    for name, claim in ours.items():
        same = [theirs[pairs[name]]] if name in pairs else by_statement[claim.statement]
        if same:
            yield claim, next((one for one in same if claim.overlaps(one)), same[0])


def _read_claims(path: Path) -> dict[str, ReadClaim]:
    """The claims of the reading at *path* by their fragment, in the order of the file."""
    document = read_strictly(path, FileKind.ARTICLE).document
    values: dict[str, dict[NamedNode, list[object]]] = defaultdict(lambda: defaultdict(list))
    for triple in document.statements:
        values[_fragment(triple)][triple.predicate].append(triple.object)
    return {name: _claim(name, one) for name, one in values.items() if CLAIM in one[RDF_TYPE]}


def _fragment(triple: Triple) -> str:
    return str(triple.subject).partition("#")[2].rstrip(">")


def _claim(name: str, one: Mapping[NamedNode, list[object]]) -> ReadClaim:
    statement = tuple(part for at in (RDF_SUBJECT, RDF_PREDICATE, RDF_OBJECT) for part in one[at])
    spans = tuple(sorted(_offsets(span) for span in one[EVIDENCE] if isinstance(span, NamedNode)))
    return ReadClaim(name, statement, spans, frozenset(one[MODALITY]), frozenset(one[_ATTRIBUTED_TO]))


def _offsets(span: NamedNode) -> tuple[int, int]:
    start, _, end = span.value.rpartition("=")[2].partition(",")
    return int(start), int(end)
