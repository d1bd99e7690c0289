"""The mixed load in short: every kind of client while processes are killed, and every answer is right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.xdist_group("server")
def test_every_answer_is_right_or_explained(project: Path) -> None:
    """A third of a minute: workers and the process with the data are killed, the data are read again."""
    command = [sys.executable, str(project / "benchmarks" / "mixed_load.py"), "0.3"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every answer was right" in done.stdout
    for mishap in ("worker killed", "zygote killed", "reload"):
        assert mishap in done.stdout, done.stdout
