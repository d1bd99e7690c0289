"""One editable source, the rest generated: what is stale is a failing test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_generated_files_are_fresh(project: Path) -> None:
    """docs/rules.md, docs/queries.md, docs/ontology.md and ontology/context.jsonld say what their sources
    say.
    """
    command = [sys.executable, str(project / "tools" / "generate.py"), "--check"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
