"""What a rule is, and how a finding is made from it.

The rules themselves stand in the catalogue and in the shapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from cicakg.errors import CicakgError
from cicakg.model import Finding, Position, Severity
from cicakg.vocab import BASE


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the annotations.

    ``code`` is its name, in kebab case, never renamed; ``message`` is what a finding says, with the names
    of what is filled in between braces; ``what`` it asks, ``why`` it matters, an ``example`` that breaks
    it, how to ``fix`` it.
    """

    code: str
    severity: Severity
    message: str
    what: str
    why: str
    example: str
    fix: str

    @property
    def name(self) -> str:
        """The rule's name for programs: the code in PascalCase, which is how its shape is called."""
        return "".join(part.capitalize() for part in self.code.split("-"))

    @property
    def iri(self) -> str:
        """The IRI of the rule: that of its shape, or one beside the shapes' where it is none."""
        return f"{BASE}shapes#{self.name}"

    def finding(
        self, file: Path, position: Position, focus: str = "", fix: str | None = None, **values: object
    ) -> Finding:
        """Return a finding of this rule, its message filled with *values*."""
        return Finding(
            code=self.code,
            severity=self.severity,
            file=file,
            position=position,
            message=one_line(self.message.format(**values)),
            fix=one_line(self.fix if fix is None else fix),
            focus=focus,
        )


def one_line(text: str) -> str:
    """Return *text* on one line: each line break, with the white space around it, becomes a space."""
    return " ".join(line.strip() for line in text.splitlines())


def rule_named(code: str, rules: Mapping[str, Rule]) -> Rule:
    """Return the rule called *code*; raises :class:`CicakgError` (``unknown-rule``) if there is none."""
    if code in rules:
        return rules[code]
    raise CicakgError(
        "unknown-rule",
        f"There is no rule called {code!r}.",
        suggestion(code, rules, "Run 'cicakg rules' to see all of them."),
    )


def suggestion(name: str, known: Iterable[str], otherwise: str) -> str:
    """Return "Did you mean …?" with the names nearest to *name*, or *otherwise* where none is near."""
    near = get_close_matches(name, list(known), n=3, cutoff=0.7)
    return f"Did you mean {' or '.join(near)}?" if near else otherwise
