"""The rules as text: a list, one rule in full, and the page of the documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from cicakg.checks.catalogue import CATALOGUE
from cicakg.checks.localisation import Said, rule_in_language
from cicakg.checks.rules import Rule
from cicakg.checks.shape_rules import read_shape_rules
from cicakg.checks.templates import LANGUAGES
from cicakg.paths import DatasetFolder


def all_rules(folder: DatasetFolder) -> dict[str, Rule]:
    """Return every rule there is by its code, sorted: those of the files and those of the shapes of
    *folder*.
    """
    rules = {**read_shape_rules(folder), **CATALOGUE}
    return {code: rules[code] for code in sorted(rules)}


def list_lines(rules: Mapping[str, Rule]) -> Iterator[str]:
    """Yield one line for each rule: its code, its severity, what it asks."""
    codes = max((len(code) for code in rules), default=0)
    for code, rule in rules.items():
        yield f"{code:<{codes}}  {rule.severity.value:<9}  {rule.what}"


def rule_lines(rule: Rule) -> Iterator[str]:
    """Yield the record of one rule."""
    yield f"{rule.code} ({rule.severity.value})"
    yield ""
    yield f"What it asks:  {rule.what}"
    yield f"Why:           {rule.why}"
    yield "What a finding says, and how to mend it:"
    for language in LANGUAGES:
        said = rule_in_language(rule, language)
        if said is not None:
            line = said.isolated()
            yield f"    {language}  {line.message}"
            yield f"        {line.fix}"
    yield "Breaks it:"
    yield from (f"    {line}" for line in rule.example.splitlines())


def markdown_page(rules: Mapping[str, Rule]) -> str:
    """Return the documentation's page of all rules."""
    return "\n".join([*_HEAD, *(line for rule in rules.values() for line in _section(rule))])


_HEAD = (
    "# The rules",
    "",
    "<!-- Made by `cicakg rules --format markdown`; do not edit. -->",
    "",
    "`cicakg check` reports what breaks a rule, by these codes. A *violation* fails the check, a *warning*",
    "asks a person to look, an *info* only tells. A finding that is known and meant to stay is listed, with",
    "its reason, in `data/exceptions.toml`. Below, … stands for what a finding names; `cicakg check --lang`",
    "says it in the language asked for.",
    "",
)


def _section(rule: Rule) -> Iterator[str]:
    yield f"## {rule.code}"
    yield ""
    yield f"*{rule.severity.value}* · {rule.what}"
    yield ""
    yield f"**Why.** {rule.why}"
    yield ""
    yield "**Breaks it:**"
    yield ""
    yield "```turtle"
    yield rule.example
    yield "```"
    yield ""
    yield "**A finding says, and what to do:**"
    yield ""
    for language in LANGUAGES:
        said = rule_in_language(rule, language)
        if said is not None:
            yield f"- {language}: {_markdown(said)}"
    yield ""


def _markdown(said: Said) -> str:
    """Return both sentences as they stand; a name in them is no markup."""
    line = said.isolated()
    message, fix = (_MARKUP.sub(r"\\\g<0>", one) for one in (line.message, line.fix))
    return f"{message} *{fix}*"


# What would be markup in a sentence (https://spec.commonmark.org/0.31.2/#backslash-escapes).
_MARKUP: Final = re.compile(r"[\\`*_<>&\[\]#]")
