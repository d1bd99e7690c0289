"""Mends a claim: what it lacks, what it says twice, what stands the wrong way round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from pyoxigraph import NamedNode

from cicakg.checks.remedies.context import Context
from cicakg.checks.remedies.edits import (
    deleting,
    object_replaced,
    object_written,
    rewriting,
    triple_deleted,
    triple_of,
    triples_of,
    value_added,
)
from cicakg.checks.remedies.names import MOST, local_name
from cicakg.checks.remedies.statements import has_overlap
from cicakg.checks.remedies.titles import titled
from cicakg.checks.remedies.writing import written_iri
from cicakg.model import Finding, Remedy
from cicakg.turtle import LocatedTriple
from cicakg.vocab import (
    ARTICLE,
    CONCEPT,
    MODALITY,
    PREFIXES,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
    STATUS,
    term,
)

_CONFLICTS: Final = term("cica:conflictsWith")
_AS_OF: Final = term("cica:asOf")
_BASIS: Final = term("cica:basis")
_ISSUED: Final = term("dcterms:issued")
_PATH: Final = re.compile(r"<([^<>]+)>")


def other_side(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the conflict on the other claim, where that is in the file, and its removal here.

    Safe where both claims have one subject and one predicate, so that they can conflict.
    """
    one = triple_of(finding, context)
    if one is None or not isinstance(one.triple.object, NamedNode):
        return
    other = one.triple.object.value
    if other in context.by_subject and other != finding.focus:
        offset = context.source.offset_of(context.by_subject[other][0].subject)
        name, value = (written_iri(context, iri, offset) for iri in (_CONFLICTS.value, finding.focus))
        edits = value_added(context, other, _CONFLICTS, name, value, [MODALITY, _BASIS, STATUS])
        shown = written_iri(context, other, offset)
        is_safe = _are_comparable(context, finding.focus, other)
        yield titled("add-to-claim", edits, is_safe, name=name, value=value, claim=shown)
    yield from deleting(context, one)


def _are_comparable(context: Context, *claims: str) -> bool:
    said = [
        [one.triple.object for one in triples_of(context, claim, predicate)]
        for predicate in (RDF_SUBJECT, RDF_PREDICATE)
        for claim in claims
    ]
    return len(said[0]) == len(said[2]) == 1 and said[0] == said[1] and said[2] == said[3]


def date_of_article(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the article's own date as the date of a changing value."""
    issued = triples_of(context, finding.focus.partition("#")[0], _ISSUED)
    blocks = context.by_subject.get(finding.focus, ())
    if len(issued) == 1 and blocks:
        name = written_iri(context, _AS_OF.value, context.source.offset_of(blocks[0].subject))
        value = object_written(context, issued[0].object)
        edits = value_added(context, finding.focus, _AS_OF, name, value, [RDF_OBJECT])
        yield titled("add-article-date", edits, name=name, value=value)


def only_one(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield for each of two values the claim without the other; of two that are the same, one is enough."""
    paths = {found[1] for one in finding.results if (found := _PATH.fullmatch(one.path)) is not None}
    for path in sorted(paths):
        values = triples_of(context, finding.focus, NamedNode(path))
        if len(values) != 2:
            continue
        for kept, gone in (values, reversed(values)):
            edits = triple_deleted(context, gone)
            yield titled("keep-only", edits, text=object_written(context, kept.object))


def right_list(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the concepts of the list that belongs here, those with the same name or the nearest first."""
    one = triple_of(finding, context)
    if one is None or not isinstance(one.triple.object, NamedNode):
        return
    scheme = f"{CONCEPT}{_list_of(one, context)}/"
    known = {local_name(iri): iri for iri in context.background.names.labels if iri.startswith(scheme)}
    near = get_close_matches(local_name(one.triple.object.value), sorted(known), n=MOST, cutoff=0.5)
    for name in near:
        offset = context.source.offset_of(one.object)
        yield from rewriting(context, one.object, written_iri(context, known[name], offset))


def _list_of(one: LocatedTriple, context: Context) -> str:
    """Return the name of the list a value is from: that of its property, or of the claim's predicate."""
    name = local_name(one.triple.predicate.value)
    if one.triple.predicate == RDF_OBJECT:
        subject = str(getattr(one.triple.subject, "value", ""))
        predicates = triples_of(context, subject, RDF_PREDICATE)
        name = local_name(str(getattr(predicates[0].triple.object, "value", ""))) if predicates else ""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def not_here(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the removal of each statement of a property that does not belong on its subject."""
    for one in context.triples:
        if one.predicate == finding.position:
            yield from deleting(context, one)


def as_plan(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the claim as a plan."""
    yield from _as(finding, context, "plan")


def as_fact(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the claim as a fact."""
    yield from _as(finding, context, "fact")


def _as(finding: Finding, context: Context, modality: str) -> Iterator[Remedy]:
    for one in triples_of(context, finding.focus, MODALITY):
        offset = context.source.offset_of(one.object)
        text = written_iri(context, f"{PREFIXES['modality']}{modality}", offset)
        yield from rewriting(context, one.object, text)


def other_way_round(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the claim with its subject and its object exchanged."""
    subjects = triples_of(context, finding.focus, RDF_SUBJECT)
    objects = triples_of(context, finding.focus, RDF_OBJECT)
    if len(subjects) == len(objects) == 1 and isinstance(objects[0].triple.object, NamedNode):
        first, second = subjects[0].object, objects[0].object
        edits = (
            *object_replaced(context, first, object_written(context, second)),
            *object_replaced(context, second, object_written(context, first)),
        )
        if len(edits) == 2 and not has_overlap(edits):
            yield titled("exchange-subject-object", edits)


def superseded(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the status of the claim that is replaced, where it is in the file and has none."""
    one = triple_of(finding, context)
    replaced = None if one is None else getattr(one.triple.object, "value", None)
    if (
        not isinstance(replaced, str)
        or replaced not in context.by_subject
        or not replaced.startswith(ARTICLE)
    ):
        return
    if triples_of(context, replaced, STATUS) or not _are_comparable(context, finding.focus, replaced):
        return
    offset = context.source.offset_of(context.by_subject[replaced][0].subject)
    name, value = (written_iri(context, iri, offset) for iri in (STATUS.value, CONCEPT + "status/superseded"))
    edits = value_added(context, replaced, STATUS, name, value, [MODALITY, _BASIS])
    claim = written_iri(context, replaced, offset)
    yield titled("add-to-claim", edits, name=name, value=value, claim=claim)


REMEDIES: Final = {
    "conflict-symmetric": other_side,
    "asof-missing": date_of_article,
    "claim-single": only_one,
    "claim-subject": only_one,
    "claim-predicate": only_one,
    "claim-object": only_one,
    "claim-modality": only_one,
    "quotation-form": only_one,
    "claim-properties": not_here,
    "article-properties": not_here,
    "quotation-properties": not_here,
    "claim-concept": right_list,
    "fact-date": as_plan,
    "plan-date": as_fact,
    "initiative-proposal": as_fact,
    "document-amends": other_way_round,
    "event-circle": other_way_round,
    "place-circle": other_way_round,
    "succession-order": other_way_round,
    "replaces-sound": superseded,
}
