"""What a rule is, and how a finding is made from it.

The rules themselves stand in the catalogue and in the shapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from cicakg.checks.templates import ENGLISH, filled, templates
from cicakg.errors import CicakgError
from cicakg.model import Finding, Position, Severity, Wording
from cicakg.vocab import BASE


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the annotations.

    ``code`` is its name, in kebab case, never renamed; ``message`` is what a finding says, with the names
    of what is filled in between braces; ``what`` it asks, ``why`` it matters, an ``example`` that breaks
    it, how to ``fix`` it. All that is English; ``messages`` and ``fixes`` are those of a shape in other
    languages, by tag. The catalogue's are in words/, where a sentence may differ from case to case.
    """

    code: str
    severity: Severity
    message: str
    what: str
    why: str
    example: str
    fix: str
    messages: Mapping[str, str] = field(default_factory=dict, compare=False)
    fixes: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        """The rule's name for programs: the code in PascalCase, which is how its shape is called."""
        return "".join(part.capitalize() for part in self.code.split("-"))

    @property
    def iri(self) -> str:
        """The IRI of the rule: that of its shape, or one beside the shapes' where it is none."""
        return f"{BASE}shapes#{self.name}"

    def finding(
        self,
        file: Path,
        position: Position,
        focus: str = "",
        /,
        *,
        case: str = "",
        fix: Wording | None = None,
        **values: object,
    ) -> Finding:
        """Return a finding of this rule, its sentences filled with *values*.

        In a *case* they are those of words/en.toml for that case, as far as there are any: raises
        :class:`KeyError` where there are none. *fix* is said instead of the rule's own.
        """
        return self.case_finding(file, position, focus, case, values, fix)

    def case_finding(
        self,
        file: Path,
        position: Position,
        focus: str,
        case: str,
        values: Mapping[str, object],
        fix: Wording | None = None,
    ) -> Finding:
        """Return a finding as :meth:`finding` does, with the *values* of a case known only when it is run."""
        filling = tuple((name, str(value)) for name, value in values.items())
        message = Wording(self._key("message", case), filling)
        mending = fix or Wording(self._key("fix", case), filling)
        own = {f"{self.code}/message-{case}", f"{self.code}/fix-{case}"}
        if case and own.isdisjoint({message.key, mending.key}):
            raise KeyError(f"{self.code}: {case}")
        return Finding(
            code=self.code,
            severity=self.severity,
            file=file,
            position=position,
            message=one_line(filled(message, ENGLISH) or self.message.format(**values)),
            fix=one_line(filled(mending, ENGLISH) or self.fix),
            focus=focus,
            wording=(message, mending),
        )

    def _key(self, part: str, case: str) -> str:
        own = f"{self.code}/{part}-{case}"
        return own if case and own in templates(ENGLISH) else f"{self.code}/{part}"


def described_rule(code: str, severity: Severity, what: str, why: str, example: str) -> Rule:
    """Return the rule *code* of the catalogue: its message and its fix are in words/en.toml."""
    english = templates(ENGLISH)
    message, fix = english[f"{code}/message"], english[f"{code}/fix"]
    return Rule(code, severity, message, what, why, example, fix)


def one_line(text: str) -> str:
    """Return *text* on one line: each line break, with the white space around it, becomes a space."""
    return " ".join(line.strip() for line in text.splitlines())


def rule_named(code: str, rules: Mapping[str, Rule]) -> Rule:
    """Return the rule called *code*; raises :class:`CicakgError` (``unknown-rule``) if there is none."""
    if code in rules:
        return rules[code]
    near = suggestion(code, rules)
    raise CicakgError(
        "unknown-rule",
        f"There is no rule called {code!r}.",
        (near and filled(near, ENGLISH)) or "Run 'cicakg rules' to see all of them.",
    )


def suggestion(name: str, known: Iterable[str]) -> Wording | None:
    """Return "Did you mean …?" with the names nearest to *name*, ``None`` where none is near."""
    return suggested(nearest(name, known))


def suggested(near: Sequence[str]) -> Wording | None:
    """Return "Did you mean …?" with the names *near*, three at most, ``None`` where there are none."""
    keys = ("suggestion/one", "suggestion/two", "suggestion/three")
    ordinals = ("first", "second", "third")
    return Wording(keys[len(near) - 1], tuple(zip(ordinals, near, strict=False))) if near else None


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return the names nearest to *name*, three at most, the best first."""
    return get_close_matches(name, list(known), n=3, cutoff=0.7)
