"""The last line of a report, and the parts a report of news has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from cicakg.checks.isolation import isolated_sentence
from cicakg.checks.localisation import rule_for_reader
from cicakg.checks.report import Report, Since
from cicakg.checks.rules import Rule, one_line
from cicakg.checks.templates import ENGLISH, composed, said
from cicakg.model import Finding, Severity
from cicakg.terminal import safe

_PLURALS: Final = {
    Severity.VIOLATION: ("violation-one", "violations"),
    Severity.WARNING: ("warning-one", "warnings"),
    Severity.INFO: ("info-one", "infos"),
}

_FEW: Final = 10


def summary(report: Report, language: str = ENGLISH) -> str:
    """Return the last line of a report in *language*: how many findings of which severity, in how many files.

    The other languages name what is counted before its number, which fits every number.
    """
    word = partial(_word, language)
    new = "" if report.since is None else "new-"
    counts = [
        word(new + _PLURALS[severity][count != 1], count=count)
        for severity in Severity
        if (count := report.count(severity))
    ]
    parts = {
        "files": word("files-one" if report.file_count == 1 else "files", count=report.file_count),
        "counts": word("separator").join(counts) or word(f"{new}none"),
    }
    if report.accepted_count:
        accepted = word("accepted", count=report.accepted_count)
        told = composed("report/summary-accepted", language, **parts, accepted=accepted)
    else:
        told = composed("report/summary", language, **parts)
    sentences = [told, *([_old(report.since, word)] if report.since is not None else [])]
    return isolated_sentence(" ".join(sentences), language)


def _word(language: str, name: str, **values: object) -> str:
    return said(f"report/{name}", language, **values)


def rule_counts(report: Report, language: str = ENGLISH) -> list[tuple[str, int, str]]:
    """Return code, number of findings and meaning of each rule broken, the most often broken first.

    Nothing where there are few findings: a reader has those at a glance.
    """
    if len(report.findings) <= _FEW:
        return []
    counts = Counter(one.code for one in report.findings)
    return [
        (code, count, _meaning(report.rules[code], language) if code in report.rules else "")
        for code, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]


def _meaning(rule: Rule, language: str) -> str:
    """Return what *rule* asks, which is English; in another language what is wrong where it is broken."""
    if language == ENGLISH:
        return one_line(rule.what)
    return rule_for_reader(rule, language).isolated().message


def _old(since: Since, word: Callable[..., str]) -> str:
    name = {0: "old-none", 1: "old-one"}.get(since.old_count, "old")
    return word(name, count=since.old_count, revision=safe(since.revision))


def headed(report: Report, language: str = ENGLISH) -> Iterator[tuple[str, Sequence[Finding]]]:
    """Yield the findings of *report* in parts, each under its heading in *language*; one part without one, if
    all count.
    """
    since = report.since
    if since is None:
        yield "", report.findings
        return
    changed = _word(language, "heading-changed", revision=safe(since.revision))
    elsewhere = _word(language, "heading-elsewhere")
    parts = (
        (changed, report.findings[: since.changed_count]),
        (elsewhere, report.findings[since.changed_count :]),
    )
    yield from ((isolated_sentence(heading, language), found) for heading, found in parts if found)
