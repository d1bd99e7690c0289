"""What a finding and a rule say, in the language a reader asks for.

Findings are made in English, and their English message is part of what they are recognised by; another
language is looked up only when they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cicakg.checks.isolation import isolated_codes, isolated_sentence, without_isolates
from cicakg.checks.rules import Rule
from cicakg.checks.templates import ENGLISH, LANGUAGES, filled, general, templates
from cicakg.languages import choose
from cicakg.model import Finding, Remedy, Wording


@dataclass(frozen=True, slots=True)
class Said:
    """What is wrong and what to do, both in ``language``, which need not be the one that was asked for."""

    message: str
    fix: str
    language: str

    def isolated(self) -> Said:
        """Return it for lines that run from left to right."""
        message, fix = (isolated_sentence(one, self.language) for one in (self.message, self.fix))
        return Said(message, fix, self.language)


def in_language(finding: Finding, language: str, rules: Mapping[str, Rule]) -> Said:
    """Return what *finding* says for a reader of *language*, one of
    :data:`~cicakg.checks.templates.LANGUAGES`; *rules* are all by code.

    A finding is in one language: where one of its sentences is not translated, both are in the language that
    :func:`cicakg.languages.choose` takes instead.
    """
    rule = rules.get(finding.code)
    said = _finding_in(finding, language, rule)
    if said is not None:
        return said
    others = {tag: one for tag in LANGUAGES if (one := _finding_in(finding, tag, rule)) is not None}
    chosen, _ = choose(dict.fromkeys(others, ""), [language])
    return others[chosen]


def title_in_language(remedy: Remedy, language: str) -> str:
    """Return what *remedy* is called for a reader of *language*."""
    if language == ENGLISH or remedy.wording is None:
        return remedy.title
    return filled(remedy.wording, language) or remedy.title


def messages_of(finding: Finding, rules: Mapping[str, Rule]) -> dict[str, str]:
    """Return the message of *finding* in every language there is, by tag, as a text for programs: without
    isolates. English comes first.
    """
    rule = rules.get(finding.code)
    found = {tag: one for tag in LANGUAGES if (one := _finding_in(finding, tag, rule)) is not None}
    others = rule.messages if rule is not None and _is_own(finding, rule) else {}
    return {
        ENGLISH: finding.message,
        **{tag: without_isolates(one.message) for tag, one in sorted(found.items()) if tag != ENGLISH},
        **{tag: others[tag] for tag in sorted(others) if tag not in found},
    }


def rule_in_language(rule: Rule, language: str) -> Said | None:
    """Return the general sentences of *rule* in *language*, with … for what is filled in; ``None`` where they
    are not translated.
    """
    key = f"{rule.code}/message"
    if key in templates(ENGLISH):
        pair = (templates(language).get(key), templates(language).get(f"{rule.code}/fix"))
        message, fix = (None if one is None else general(isolated_codes(one, language)) for one in pair)
        return None if message is None or fix is None else Said(message, fix, language)
    return _rule_in(rule, language)


def rule_for_reader(rule: Rule, language: str) -> Said:
    """Return the general sentences of *rule* for a reader of *language*."""
    said = rule_in_language(rule, language)
    if said is not None:
        return said
    others = {tag: one for tag in LANGUAGES if (one := rule_in_language(rule, tag)) is not None}
    chosen, _ = choose(dict.fromkeys(others, ""), [language])
    return others[chosen]


def _finding_in(finding: Finding, language: str, rule: Rule | None) -> Said | None:
    if language == ENGLISH:
        return Said(finding.message, finding.fix, ENGLISH)
    if rule is not None and finding.wording is None and _is_own(finding, rule):
        return _rule_in(rule, language)
    wording = finding.wording or (Wording(f"{finding.code}/message"), Wording(f"{finding.code}/fix"))
    if finding.wording is None and filled(wording[0], ENGLISH) != finding.message:
        return None
    message, fix = (filled(one, language) for one in wording)
    return None if message is None or fix is None else Said(message, fix, language)


def _is_own(finding: Finding, rule: Rule) -> bool:
    """Whether *finding* says what *rule* says, and nothing that a shape nested in the rule's says."""
    return (finding.message, finding.fix) == (rule.message, rule.fix)


def _rule_in(rule: Rule, language: str) -> Said | None:
    if language == ENGLISH:
        return Said(rule.message, rule.fix, ENGLISH)
    message, fix = rule.messages.get(language), rule.fixes.get(language)
    if not message or not fix:
        return None
    return Said(isolated_codes(message, language), isolated_codes(fix, language), language)
