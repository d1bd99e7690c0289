"""Targets that cannot match anything: no engine says so, and the data conform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode

from cicakg.checks.rules import suggestion
from cicakg.checks.shape_catalogue import SHAPE_TARGET
from cicakg.checks.shape_lint.shape_files import SH, Said, ShapeFiles, readable
from cicakg.checks.vocabulary import (
    STANDARD_CLASSES,
    STANDARD_PROPERTIES,
    Vocabulary,
    iris_of,
    shorten,
)
from cicakg.model import Finding
from cicakg.vocab import BASE

SHUNNED: Final = iris_of("oa:exact", "oa:prefix", "oa:suffix")
"""Terms of the Web Annotation vocabulary that no file may use, and that a rule therefore looks for."""

_ELSEWHERE: Final = (BASE + "article/", BASE + "graph/")


def target_findings(files: ShapeFiles, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield the targets that match nothing whatever is annotated."""
    for one in files.triples:
        name = one.predicate.removeprefix(SH)
        if name == "targetClass" and not _is_known_class(one, vocabulary):
            yield _nothing(one, "class", vocabulary.classes | STANDARD_CLASSES)
        elif name in {"targetSubjectsOf", "targetObjectsOf"} and not is_known_property(one.text, vocabulary):
            yield _nothing(one, "property", vocabulary.properties | STANDARD_PROPERTIES)
        elif name == "targetNode" and not _is_described(one, vocabulary):
            yield _nothing(one, "node", vocabulary.described)
        elif name == "target" and not any(files.of(one.value, SH + "select")):
            yield one.at_object(SHAPE_TARGET, "query")


def _nothing(one: Said, case: str, known: Iterable[str]) -> Finding:
    near = suggestion(str(readable(one.value)), sorted(map(shorten, known)))
    return one.at_object(SHAPE_TARGET, case, near, target=one.value)


def _is_known_class(one: Said, vocabulary: Vocabulary) -> bool:
    return not vocabulary.is_whole or vocabulary.is_known_class(one.text)


def is_known_property(iri: str, vocabulary: Vocabulary) -> bool:
    """Whether *iri* is a property that there can be in the data, or that must not be there."""
    return not vocabulary.is_whole or vocabulary.is_known_property(iri) or iri in SHUNNED


def _is_described(one: Said, vocabulary: Vocabulary) -> bool:
    is_name = isinstance(one.value, NamedNode)
    is_unseen = not vocabulary.is_whole or one.text.startswith(_ELSEWHERE)
    return not is_name or is_unseen or one.text in vocabulary.described
