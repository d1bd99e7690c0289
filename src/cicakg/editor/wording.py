"""Entities, concepts, terms and rules in words, for hovers and for what is offered."""

from __future__ import annotations

from typing import Final

from cicakg.checks.isolation import isolated_sentence
from cicakg.checks.templates import said
from cicakg.editor.messages import Mark, RuleText
from cicakg.editor.names import Described, Known
from cicakg.editor.scanning import Statement, Written
from cicakg.editor.wire import escaped
from cicakg.terminal import isolated, safe
from cicakg.turtle.tokens import TokenKind
from cicakg.vocab import MODALITY, RDF_OBJECT, RDF_PREDICATE, RDF_SUBJECT

_ORDER: Final = ("en", "ar", "kk", "ms", "ru")
_STATEMENT: Final = (RDF_SUBJECT.value, RDF_PREDICATE.value, RDF_OBJECT.value)


def described_in_words(one: Described, known: Known, is_markdown: bool, language: str) -> str:
    """Return what *one* is: its name and class, its definition, its labels in all languages."""
    plain = _marked if is_markdown else _plain
    head = plain(one.curie, "**")
    kind = known.kind(one)
    lines = [f"{head} ({plain(kind, '')})" if kind else head]
    if one.definition:
        lines.append(plain(one.definition, "_"))
    if one.is_deprecated:
        lines.append(plain(isolated_sentence(said("editor/deprecated", language), language), "**"))
    labels = sorted(one.labels, key=lambda label: (_rank(label.tag), not label.is_preferred))
    items = [f"{label.tag}: {plain(isolated(label.text), '')}" for label in labels]
    block = "\n".join(f"- {item}" for item in items)
    return ("\n\n" if is_markdown else "\n").join([*lines, *([block] if block else [])])


def rule_in_words(mark: Mark, rule: RuleText | None, is_markdown: bool, language: str) -> str:
    """Return what a finding says, which is in *language*, and what its rule asks and why."""
    plain = _marked if is_markdown else _plain
    words = (said(f"report/{mark.severity.value}", language), mark.message, mark.fix)
    severity, message, fix = (plain(isolated_sentence(one, language), "") for one in words)
    lines = [f"{plain(mark.code, '**')} ({severity}): {message}", fix]
    if rule is not None:
        lines.append(plain(f"{rule.what} {rule.why}", "_"))
    return ("\n\n" if is_markdown else "\n").join(line for line in lines if line)


def claim_in_words(statement: Statement, known: Known, language: str) -> str:
    """Return what a claim says, by the labels of its terms; a question mark for what it lacks."""
    parts = [next(iter(statement.values(one)), None) for one in _STATEMENT]
    words = " — ".join("?" if one is None else term_in_words(one, known, language) for one in parts)
    modality = statement.iri(MODALITY.value).rpartition("/")[2]
    return f"{words} ({modality})" if modality else words


def term_in_words(one: Written, known: Known, language: str) -> str:
    """Return the label of what *one* names, or what is written."""
    described = known.by_iri.get(one.iri) if one.iri else None
    if described is not None:
        return isolated(described.label(language))
    if one.token.kind is TokenKind.STRING:
        return isolated(f"“{one.text}”")
    return safe(one.token.text)


def _rank(tag: str) -> tuple[int, str]:
    return (_ORDER.index(tag) if tag in _ORDER else len(_ORDER), tag)


def _marked(text: str, mark: str) -> str:
    return f"{mark}{escaped(text)}{mark}"


def _plain(text: str, mark: str) -> str:  # noqa: ARG001 - the same form as _marked
    return " ".join(text.split())
