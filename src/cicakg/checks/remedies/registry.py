"""Which function mends which rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from cicakg.checks.remedies import (
    articles,
    claims,
    dates,
    exceptions,
    files,
    identifiers,
    labels,
    literals,
    quotations,
    spans,
    syntax,
    terms,
)
from cicakg.checks.remedies.context import Context, Contexts
from cicakg.checks.report import Report
from cicakg.errors import CicakgError
from cicakg.model import Finding, Remedy

Mending = Callable[[Finding, Context], Iterator[Remedy]]

REMEDIES: Final[Mapping[str, Mending]] = {
    **articles.REMEDIES,
    **claims.REMEDIES,
    **dates.REMEDIES,
    **exceptions.REMEDIES,
    **files.REMEDIES,
    **identifiers.REMEDIES,
    **labels.REMEDIES,
    **literals.REMEDIES,
    **quotations.REMEDIES,
    **spans.REMEDIES,
    **syntax.REMEDIES,
    **terms.REMEDIES,
}
"""The function for each rule's code that has one; a rule is not here where the text decides nothing."""


def remedies(finding: Finding, context: Context) -> tuple[Remedy, ...]:
    """Return what mends *finding* in the file of *context*, best first; none where nothing is determined.

    *context* must be of the text the finding was made of. The edits of each remedy are in their order and do
    not overlap; none of them is without effect.
    """
    mending = REMEDIES.get(finding.code)
    if mending is None:
        return ()
    found: dict[tuple[object, ...], Remedy] = {}
    for one in mending(finding, context):
        edits = tuple(sorted(one.edits))
        if edits:
            found.setdefault(edits, replace(one, edits=edits))
    return tuple(found.values())


@dataclass(frozen=True)
class FoundRemedies(Mapping[Finding, tuple[Remedy, ...]]):
    """The remedies of *findings*, each looked for when it is asked for; a file that is gone has none."""

    findings: tuple[Finding, ...]
    contexts: Contexts

    def __getitem__(self, finding: Finding) -> tuple[Remedy, ...]:
        """Return the remedies of *finding*; raises :class:`KeyError` where no function mends its rule."""
        if finding.code not in REMEDIES:
            raise KeyError(finding)
        try:
            return remedies(finding, self.contexts.of(finding.file))
        except CicakgError:
            return ()

    def __iter__(self) -> Iterator[Finding]:
        """Yield the findings whose rules can be mended."""
        return (one for one in self.findings if one.code in REMEDIES)

    def __len__(self) -> int:
        """Return how many findings there are whose rules can be mended."""
        return sum(1 for _ in self)


def with_remedies(report: Report, contexts: Contexts) -> Report:
    """Return *report* with the remedies of its findings."""
    return replace(report, remedies=FoundRemedies(report.findings, contexts))
