"""What one fault brings about beside its own finding: findings that would go when it is mended.

They are left out, so that one fault is one finding. Which those are is data: :data:`CONSEQUENCES`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from cicakg.checks.vocabulary import shorten
from cicakg.corpus import SourceFile
from cicakg.model import Finding


class Scope(StrEnum):
    """How far a cause reaches: its effects are those findings that are about …"""

    FILE = "the same file"
    PREFIX = "an IRI in the namespace that the file declares wrongly"
    NODE = "the same node"
    PLACE = "the same place"
    NAMING = "a node that names the cause's node as a value"
    MENTIONED = "a node that the cause's sentences mention"
    INSIDE = "a part of the article that is the cause's node"


@dataclass(frozen=True, slots=True)
class Consequence:
    """A finding of one of the *causes* makes those of the *effects* void, within the *scope*."""

    causes: frozenset[str]
    effects: frozenset[str]
    scope: Scope


def _from(causes: str, scope: Scope, effects: str) -> Consequence:
    return Consequence(frozenset(causes.split()), frozenset(effects.split()), scope)


_OF_CLASSES: Final = (
    "agent-kind appointment-holder attribution-agent change-event-type channel-agent claim-domain"
    " claim-range group-holder membership-holder organ-belongs publisher-outlet quotation-speaker"
    " state-capital tenure-kind tenure-office tenure-role"
)
_OF_SPANS: Final = "quoted-span span-bounds span-excluded span-length span-missing span-overlap"

CONSEQUENCES: Final = (
    # the file
    _from("file-name", Scope.FILE, "file-base file-graph subject-place"),
    _from("file-base", Scope.FILE, "file-graph subject-place"),
    _from("prefix-iri", Scope.FILE, "file-graph"),
    _from("prefix-iri", Scope.PREFIX, "subject-place unknown-entity unknown-term"),
    _from("unknown-term", Scope.NODE, "file-graph"),
    _from("subject-place", Scope.PLACE, "unknown-entity unknown-term"),
    _from("entity-fact", Scope.PLACE, "unknown-term"),
    # what something is, and what is said of it therefore
    _from("unknown-entity", Scope.MENTIONED, "concept-described entity-described entity-unused"),
    _from("entity-class entity-kind unknown-term", Scope.NAMING, _OF_CLASSES),
    # the article and its annotation set
    _from(
        "article-iri",
        Scope.NODE,
        "article-date article-digest article-identifier article-language article-length article-name"
        " article-title",
    ),
    _from("article-language", Scope.NODE, "article-name"),
    _from("article-bounds article-date literal-form unknown-term", Scope.INSIDE, "fact-date plan-date"),
    _from("article-length literal-canonical literal-form unknown-term", Scope.INSIDE, "span-bounds"),
    _from("set-name", Scope.NODE, "article-set set-created set-creator set-guideline set-licence"),
    # single claims
    _from("claim-predicate claim-term", Scope.NODE, "asof-missing claim-concept claim-domain claim-range"),
    _from("claim-subject", Scope.NODE, "claim-domain"),
    _from("claim-object claim-self", Scope.NODE, "claim-range"),
    _from("claim-concept", Scope.NODE, "change-event-type claim-modality claim-range tenure-role"),
    _from("claim-modality", Scope.NODE, "attribution-missing fact-date initiative-proposal plan-date"),
    _from("date-form", Scope.NODE, "claim-range fact-date plan-date"),
    _from("count-value share-value", Scope.NODE, "claim-range comparator-number"),
    _from(
        "appointment-holder membership-holder organ-belongs state-capital tenure-office",
        Scope.NODE,
        "claim-range",
    ),
    _from("initiative-proposal", Scope.NODE, "attribution-missing"),
    # quotations and spans
    _from("quotation-iri", Scope.NAMING, "claim-quotation"),
    _from("quotation-speaker", Scope.NAMING, "quoted-attribution"),
    _from("quotation-evidence", Scope.NAMING, "quoted-span"),
    _from("claim-quotation", Scope.NODE, "quoted-attribution quoted-span"),
    _from("attribution-agent", Scope.NODE, "quoted-attribution"),
    _from("span-form span-order", Scope.PLACE, _OF_SPANS),
    _from("span-bounds", Scope.PLACE, "quoted-span span-excluded span-length span-overlap"),
    # labels
    _from("label-language", Scope.NODE, "entity-label"),
    _from("state-name", Scope.NODE, "label-repeated"),
)
"""Which findings make which others void, and how far. A finding that is void itself still does."""

OF_THE_FILE: Final = frozenset({"file-base", "file-graph", "prefix-iri", "turtle-syntax"})
"""The rules about all that a file says: where one is broken, no later level says anything of the file."""

OF_A_NAME: Final = frozenset({"unknown-entity", "unknown-term"})
"""The rules about an IRI, told once in a file: they concern each node there that has it."""

OF_THE_CORPUS: Final = frozenset({"file-base", "prefix-iri", "turtle-syntax"})
"""Those after which other files cannot be told what they have in common with the file."""


def without_consequences(findings: Collection[Finding], files: Mapping[Path, SourceFile]) -> list[Finding]:
    """Return *findings* without those that follow from another of them; *files* are what they are about.

    What is accepted must not be among them any more: nobody is going to mend it.
    """
    void: set[Finding] = set()
    for one in CONSEQUENCES:
        causes = {
            key for finding in findings if finding.code in one.causes for key in _reach(finding, one.scope)
        }
        if causes:
            effects = [finding for finding in findings if finding.code in one.effects]
            keys = _named(effects, files) if one.scope is Scope.NAMING else {}
            void.update(each for each in effects if causes.intersection(_keys(each, one.scope, keys)))
    return [one for one in findings if one not in void]


def may_follow(cause: str, effect: str) -> bool:
    """Whether a finding of the rule *effect* may be void for one of the rule *cause*."""
    return any(cause in one.causes and effect in one.effects for one in CONSEQUENCES)


def _reach(cause: Finding, scope: Scope) -> Iterator[Hashable]:
    """Yield what *cause* makes void by: one of its effects has one of these among its keys."""
    if scope is Scope.PREFIX:
        yield cause.file, iri_of(cause)
    elif scope is Scope.MENTIONED:
        yield from (value for _, value in _values(cause))
    elif scope in (Scope.NODE, Scope.NAMING, Scope.INSIDE):
        yield from filter(None, [cause.focus])
    else:
        yield cause.file if scope is Scope.FILE else (cause.file, cause.position)


def _keys(effect: Finding, scope: Scope, named: Mapping[str, Collection[str]]) -> Iterator[Hashable]:
    if scope is Scope.PREFIX:
        iri = iri_of(effect) or effect.focus
        yield from ((effect.file, iri[:end]) for end in range(1, len(iri) + 1))
    elif scope is Scope.MENTIONED:
        yield shorten(effect.focus)
    elif scope is Scope.NAMING:
        yield from named.get(effect.focus, ())
    elif scope is Scope.INSIDE:
        yield effect.focus.partition("#")[0]
    else:
        yield from _reach(effect, scope)


def iri_of(finding: Finding) -> str:
    """Return the IRI that *finding* was filled with, an unknown name or a wrong namespace; empty if none."""
    return dict(_values(finding)).get("iri", "")


def _values(finding: Finding) -> Iterator[tuple[str, str]]:
    for one in finding.wording or ():
        yield from one.values


def _named(findings: Iterable[Finding], files: Mapping[Path, SourceFile]) -> Mapping[str, Collection[str]]:
    """Return for the node of each of *findings* the IRIs that its statements name."""
    wanted = {one.focus for one in findings}
    named: defaultdict[str, set[str]] = defaultdict(set)
    for path in {one.file for one in findings}:
        for one in files[path].document.statements if path in files else ():
            if isinstance(one.object, NamedNode) and getattr(one.subject, "value", None) in wanted:
                named[str(getattr(one.subject, "value", ""))].add(one.object.value)
    return named
