"""What a finding is recognised by when the lines around it have moved."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from cicakg.model import Finding

# A message may say where something else stands ("the first is at line 12"): that moves, too.
_LINE: Final = re.compile(r"\bline \d+")


def fingerprints(findings: Iterable[Finding], root: Path) -> list[str]:
    """Return a fingerprint for each of *findings*, in their order: 32 hexadecimal digits.

    It is made from the code, the file as seen from the folder *root*, the focus, the message and the values
    at fault, and where all those are the same, from the number among its likes. Line and column have no part
    in it.
    """
    seen: Counter[str] = Counter()
    prints = []
    for one in findings:
        likeness = _likeness(one, root)
        seen[likeness] += 1
        digest = hashlib.sha256(f"{likeness}\0{seen[likeness]}".encode(errors="surrogateescape"))
        prints.append(digest.hexdigest()[:32])
    return prints


def _likeness(finding: Finding, root: Path) -> str:
    resolved = finding.file.resolve()
    file = resolved.relative_to(root.resolve()) if resolved.is_relative_to(root.resolve()) else resolved
    # A blank node's label holds the digest of its file: it is another one after every change.
    values = sorted({one.value for one in finding.results if not one.value.startswith("_:")})
    message = _LINE.sub("line", finding.message)
    return "\0".join((finding.code, file.as_posix(), finding.focus, message, *values))
