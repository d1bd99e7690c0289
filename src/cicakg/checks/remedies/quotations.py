"""Mends the tie between a claim and the quotation it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode

from cicakg.checks.remedies.context import Context
from cicakg.checks.remedies.edits import deleting, object_written, rewriting, triple_of, triples_of
from cicakg.model import Finding, Remedy
from cicakg.vocab import term

_QUOTED: Final = term("cica:quotedIn")
_SPEAKER: Final = term("cica:speaker")


def speaker(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the removal of an attribution the quotation gives already, and the speaker instead of it."""
    one = triple_of(finding, context)
    if one is None:
        return
    yield from deleting(context, one)
    for quoted in triples_of(context, finding.focus, _QUOTED):
        if isinstance(quoted.triple.object, NamedNode):
            for said in triples_of(context, quoted.triple.object.value, _SPEAKER):
                yield from rewriting(context, one.object, object_written(context, said.object))


def not_quoted(finding: Finding, context: Context) -> Iterator[Remedy]:
    """Yield the claim without the quotation its words do not stand in."""
    for one in triples_of(context, finding.focus, _QUOTED):
        yield from deleting(context, one)


REMEDIES: Final = {"quoted-attribution": speaker, "quoted-span": not_quoted}
