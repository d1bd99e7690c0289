"""What can be seen of a file's layout without knowing where each term stands.

Most files are laid out as they should be: prefixes first, then each block of statements with its subject at
the beginning of a line. Where that is plain to see, a block can be read without the rest of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

_FIRST_WORD: Final = re.compile(r"^[^\s#]\S*", re.MULTILINE)
_DIRECTIVE: Final = re.compile(r"@|(?:prefix|base)\Z", re.IGNORECASE)
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_MORE_THAN_A_NAME: Final = re.compile(r"[\\%,;.\[\]()<>\"']")


@dataclass(frozen=True, slots=True)
class Block:
    """Statements about one subject: its IRI, and the offsets where it begins and where the next begins."""

    subject: str
    start: int
    end: int


def blocks_at_line_starts(
    text: str, prefixes: Mapping[str, str], base: str | None, statements: Iterable[Triple]
) -> tuple[Block, ...] | None:
    """Return the blocks of *text*, which reads as *statements*.

    ``None`` where it is not plain to see that each begins a line, that no line begins with anything else but
    a comment, and that all directives come first.
    """
    if '"""' in text or "'''" in text or "\r" in text:
        return None
    words = list(_FIRST_WORD.finditer(text))
    heads = [one for one in words if not _DIRECTIVE.match(one[0])]
    if heads != words[len(words) - len(heads) :]:
        return None
    written = [_iri(one[0], prefixes, base) for one in heads]
    subjects = list(_subjects(statements))
    if written != subjects:
        return None
    starts = [one.start() for one in heads]
    return tuple(map(Block, subjects, starts, [*starts[1:], len(text)]))


def _subjects(statements: Iterable[Triple]) -> Iterator[str]:
    """Yield the subjects, those of statements in a row once."""
    last = None
    for one in statements:
        if one.subject != last and isinstance(one.subject, NamedNode):
            last = one.subject
            yield last.value


def _iri(word: str, prefixes: Mapping[str, str], base: str | None) -> str | None:
    """Return the IRI that *word* stands for; ``None`` for what needs more than a look."""
    if word.startswith("<") and word.endswith(">") and "\\" not in word:
        reference = word[1:-1]
        if _ABSOLUTE.match(reference):
            return reference
        is_simple = base is not None and "#" not in base and (not reference or reference.startswith("#"))
        return f"{base}{reference}" if is_simple else None
    prefix, colon, local = word.partition(":")
    is_name = bool(colon) and prefix in prefixes and not _MORE_THAN_A_NAME.search(local)
    return prefixes[prefix] + local if is_name else None
