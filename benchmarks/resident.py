"""A check that stays in memory, as an editor has it, for benchmarks/checking.py.

    python benchmarks/resident.py ROOT ARTICLE ENTITIES ENGINE ROUNDS

Checks the corpus in ROOT; then, in each of ROUNDS, puts a fault into a claim of ARTICLE and checks, takes it
out and checks, changes a label in ENTITIES and checks. Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import get_args

from cicakg.checks.engines import EngineName, engine_named
from cicakg.checks.memory import Memory
from cicakg.checks.report import Report, check
from cicakg.paths import DatasetFolder

RIGHT, WRONG = "<#char=38,80>", "<#char=80,38>"
"""What a claim is changed from and to: a span that ends before it starts."""


class Resident:
    """A dataset that is checked again and again; says how long each check took."""

    def __init__(self, root: Path, engine: EngineName) -> None:
        self.folder = DatasetFolder(root)
        self.memory = Memory(engine=engine_named(engine))

    def checked(self) -> tuple[dict[str, float], Report]:
        """Check once; return the seconds it took, and what it found."""
        cpu, wall = time.process_time(), time.monotonic()
        report = check(self.folder, memory=self.memory)
        return {"cpu": time.process_time() - cpu, "wall": time.monotonic() - wall}, report

    def after(self, path: Path, old: str, new: str, difference: int) -> dict[str, float]:
        """Replace *old* by *new* in the file at *path* and check: *difference* more findings are there."""
        before = len(self.checked()[1].findings)
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise ValueError(f"{old!r} is not in {path}")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        cost, report = self.checked()
        if len(report.findings) != before + difference:
            raise ValueError(f"{len(report.findings)} findings after a change, not {before + difference}")
        return cost


def main() -> None:
    """Check, and print what that cost."""
    root, article, entities = map(Path, sys.argv[1:4])
    engine = next(one for one in get_args(EngineName) if one == sys.argv[4])
    resident = Resident(root, engine)
    first, report = resident.checked()
    claims: list[dict[str, float]] = []
    labels: list[dict[str, float]] = []
    for number in range(int(sys.argv[5])):
        claims.append(resident.after(article, RIGHT, WRONG, 1))
        claims.append(resident.after(article, WRONG, RIGHT, -1))
        labels.append(resident.after(entities, '"@en', f' {number}"@en', 0))
    findings = [
        {
            "code": one.code,
            "file": str(one.file),
            "line": one.position.line,
            "column": one.position.column,
            "focus": one.focus,
        }
        for one in report.findings
    ]
    print(json.dumps({"first": first, "claims": claims, "labels": labels, "findings": findings}))


if __name__ == "__main__":
    main()
