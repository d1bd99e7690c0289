"""The rules as text: a list, one rule in full, and the page of the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cicakg.checks.catalogue import CATALOGUE
from cicakg.checks.rules import Rule
from cicakg.checks.shape_rules import read_shape_rules
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
    yield f"How to mend:   {rule.fix}"
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
    "its reason, in `data/exceptions.toml`.",
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
    yield f"**Fix.** {rule.fix}"
    yield ""
